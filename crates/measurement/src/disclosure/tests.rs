use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

const RANKS: [&str; 4] = ["bureau", "clerk", "section", "village"];

fn node(id: &str, parent: Option<&str>, taken: &[(&str, u64)]) -> LatticeNode {
    LatticeNode {
        id: id.to_owned(),
        parent: parent.map(str::to_owned),
        taken: taken.iter().map(|(rank, n)| ((*rank).to_owned(), *n)).collect(),
    }
}

/// The visible cells as text: unit/rank, `*` for all.
fn hidden(nodes: &[LatticeNode]) -> Vec<String> {
    let shown = Lattice::new(nodes.to_vec()).unwrap().decide();
    let mut ranks: Vec<&String> = nodes.iter().flat_map(|node| node.taken.keys()).collect();
    ranks.sort();
    ranks.dedup();
    let mut found = Vec::new();
    for node in nodes {
        for rank in std::iter::once(None).chain(ranks.iter().map(|rank| Some(rank.as_str()))) {
            if !shown.is_shown(Some(&node.id), rank) {
                found.push(format!("{}/{}", node.id, rank.unwrap_or("*")));
            }
        }
    }
    found
}

#[test]
fn cases() {
    let top = |taken| node("d", None, taken);
    let below = |id, taken| node(id, Some("d"), taken);
    let cases: Vec<(&str, Vec<LatticeNode>, Vec<&str>)> = vec![
        ("nothing small, nothing hidden", vec![top(&[]), below("a", &[("x", 5)]), below("b", &[("x", 9)])], vec![]),
        ("empty cells are no secret", vec![top(&[]), below("a", &[("x", 9), ("y", 0)]), below("b", &[])], vec![]),
        (
            "a small unit takes the smallest other with it",
            vec![top(&[]), below("a", &[("x", 4)]), below("b", &[("x", 9)]), below("c", &[("x", 7)])],
            vec!["a/*", "a/x", "c/*", "c/x"],
        ),
        (
            "two small ones of five together cover each other",
            vec![top(&[]), below("a", &[("x", 2)]), below("b", &[("x", 3)]), below("c", &[("x", 7)])],
            vec!["a/*", "a/x", "b/*", "b/x"],
        ),
        (
            "two small ones of four together need a third",
            vec![top(&[]), below("a", &[("x", 2)]), below("b", &[("x", 2)]), below("c", &[("x", 7)])],
            vec!["a/*", "a/x", "b/*", "b/x", "c/*", "c/x"],
        ),
        (
            "persons directly in the unit are cover enough, and are not shown anyway",
            vec![top(&[("x", 6)]), below("a", &[("x", 4)]), below("b", &[("x", 9)])],
            vec!["a/*", "a/x"],
        ),
        (
            "few persons directly in the unit are a secret too",
            vec![top(&[("x", 3)]), below("a", &[("x", 20)]), below("b", &[("x", 9)])],
            vec!["b/*", "b/x"],
        ),
        (
            "a rank of three is covered by another rank, and both in another unit",
            vec![
                top(&[]),
                below("a", &[("x", 3), ("y", 20), ("z", 30)]),
                below("b", &[("x", 20), ("y", 21), ("z", 30)]),
                below("c", &[("x", 25), ("y", 26), ("z", 30)]),
            ],
            vec!["a/x", "a/y", "b/x", "b/y"],
        ),
        ("ties go by id", vec![top(&[]), below("a", &[("x", 4)]), below("c", &[("x", 7)]), below("b", &[("x", 7)])], {
            vec!["a/*", "a/x", "b/*", "b/x"]
        }),
        ("fewer than five in all", vec![node("d", None, &[("x", 3)])], vec!["d/*", "d/x"]),
    ];
    for (name, nodes, mut expected) in cases {
        let mut found = hidden(&nodes);
        found.sort();
        expected.sort_unstable();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn the_whole_and_the_unknown() {
    let lattice =
        Lattice::new(vec![node("a", None, &[("x", 6), ("y", 8)]), node("b", None, &[("x", 4), ("y", 9)])]).unwrap();
    assert_eq!((lattice.persons(None, None), lattice.persons(None, Some("x"))), (27, 10));
    assert_eq!((lattice.persons(Some("b"), Some("y")), lattice.persons(Some("?"), None)), (9, 0));
    let shown = lattice.decide();
    assert!(shown.is_shown(None, None) && shown.is_shown(None, Some("x")));
    assert!(!shown.is_shown(Some("b"), Some("x")), "primary");
    assert!(!shown.is_shown(Some("?"), None) && !shown.is_shown(Some("a"), Some("?")), "unknown cells stay hidden");
    let empty = Lattice::new(Vec::new()).unwrap().decide();
    assert!(!empty.is_shown(None, None));
    assert_eq!(empty.hidden_cells(), 0);
}

#[test]
fn refuses_what_is_no_tree() {
    let cases = [
        (vec![node("a", None, &[]), node("a", None, &[])], LatticeError::DuplicateUnit("a".into())),
        (vec![node("", None, &[])], LatticeError::DuplicateUnit(String::new())),
        (vec![node("a", Some("b"), &[])], LatticeError::UnknownParent { unit: "a".into(), parent: "b".into() }),
        (vec![node("a", Some("b"), &[]), node("b", Some("a"), &[])], LatticeError::Cycle("a".into())),
        (vec![node("a", Some("a"), &[])], LatticeError::Cycle("a".into())),
    ];
    for (nodes, expected) in cases {
        assert_eq!(Lattice::new(nodes).unwrap_err(), expected);
    }
}

type Cell = (String, String);

/// A reader of the published table. Cells are named by (unit, rank), the persons directly in a unit by (unit + "!").
/// It knows the sums from the tree alone and every count that is shown, and is told which counts are 0.
struct Attacker {
    counts: BTreeMap<Cell, u64>,
    known: BTreeMap<Cell, bool>,
    sums: Vec<(Cell, Vec<Cell>)>,
}

impl Attacker {
    fn new(nodes: &[LatticeNode], lattice: &Lattice, shown: &Shown) -> Self {
        let mut this = Self { counts: BTreeMap::new(), known: BTreeMap::new(), sums: Vec::new() };
        let ranks: Vec<&str> = std::iter::once("*").chain(RANKS).collect();
        for node in nodes {
            let children: Vec<&LatticeNode> =
                nodes.iter().filter(|child| child.parent.as_deref() == Some(node.id.as_str())).collect();
            let own = format!("{}!", node.id);
            for rank in &ranks {
                let filter = (*rank != "*").then_some(*rank);
                let count = lattice.persons(Some(&node.id), filter);
                let cell = (node.id.clone(), (*rank).to_owned());
                let direct: u64 = node.taken.iter().filter(|(r, _)| *rank == "*" || r == rank).map(|(_, n)| n).sum();
                this.counts.insert(cell.clone(), count);
                this.known.insert(cell.clone(), count == 0 || shown.is_shown(Some(&node.id), filter));
                if !children.is_empty() {
                    let own_cell = (own.clone(), (*rank).to_owned());
                    this.counts.insert(own_cell.clone(), direct);
                    this.known.insert(own_cell.clone(), direct == 0);
                    let mut members: Vec<Cell> =
                        children.iter().map(|child| (child.id.clone(), (*rank).to_owned())).collect();
                    members.push(own_cell);
                    this.sums.push((cell, members));
                }
            }
            for unit in [node.id.clone(), own] {
                let members: Vec<Cell> = RANKS.iter().map(|r| (unit.clone(), (*r).to_owned())).collect();
                if this.counts.contains_key(&members[0]) {
                    this.sums.push(((unit, "*".to_owned()), members));
                }
            }
        }
        this
    }

    /// Repeated subtraction: whatever is alone in a sum becomes known.
    fn subtract(&mut self) {
        loop {
            let mut news = Vec::new();
            for (total, members) in &self.sums {
                let mut open = members.iter().chain([total]).filter(|cell| !self.known[*cell]);
                if let (Some(cell), None) = (open.next(), open.next()) {
                    news.push(cell.clone());
                }
            }
            if news.is_empty() {
                return;
            }
            for cell in news {
                self.known.insert(cell, true);
            }
        }
    }

    /// Full elimination (Gauss–Jordan, dense): a cell is known if its unit vector is in the span of the sums.
    fn eliminate(&mut self) {
        let open: Vec<Cell> = self.known.iter().filter(|(_, known)| !**known).map(|(c, _)| c.clone()).collect();
        let at = |cell: &Cell| open.iter().position(|other| other == cell);
        let mut matrix: Vec<Vec<f64>> = Vec::new();
        for (total, members) in &self.sums {
            let mut row = vec![0.0; open.len()];
            members.iter().filter_map(at).for_each(|column| row[column] = 1.0);
            at(total).into_iter().for_each(|column| row[column] = -1.0);
            matrix.push(row);
        }
        let mut top = 0;
        for column in 0..open.len() {
            let best = (top..matrix.len()).max_by(|a, b| matrix[*a][column].abs().total_cmp(&matrix[*b][column].abs()));
            let Some(best) = best.filter(|best| matrix[*best][column].abs() > 1e-9) else { continue };
            matrix.swap(top, best);
            let lead = matrix[top][column];
            matrix[top].iter_mut().for_each(|value| *value /= lead);
            let pivot = matrix[top].clone();
            for (_, row) in matrix.iter_mut().enumerate().filter(|(at, row)| *at != top && row[column] != 0.0) {
                let factor = row[column];
                row.iter_mut().zip(&pivot).for_each(|(value, lead)| *value -= factor * lead);
            }
            top += 1;
        }
        for row in &matrix {
            let filled: Vec<usize> = (0..open.len()).filter(|column| row[*column].abs() > 1e-9).collect();
            if let [one] = filled.as_slice() {
                self.known.insert(open[*one].clone(), true);
            }
        }
    }

    /// Cells of 1 to 4 persons that have become known, and hidden cells of units whatever their size.
    fn broken(&self, shown: &Shown) -> Vec<String> {
        let secret = |(unit, rank): &Cell, count: u64| {
            let filter = (rank != "*").then_some(rank.as_str());
            (1..MIN_CELL_PERSONS).contains(&count) || (!unit.ends_with('!') && !shown.is_shown(Some(unit), filter))
        };
        let found =
            self.counts.iter().filter(|(cell, count)| **count > 0 && self.known[*cell] && secret(cell, **count));
        found.map(|(cell, count)| format!("{}/{} = {count}", cell.0, cell.1)).collect()
    }
}

/// A tree of up to 14 units: unit i hangs under one before it; small numbers are frequent.
fn trees() -> impl Strategy<Value = Vec<LatticeNode>> {
    let persons = || prop_oneof![3 => Just(0_u64), 4 => 1_u64..5, 3 => 5_u64..12, 2 => 20_u64..60];
    prop::collection::vec((any::<prop::sample::Index>(), prop::collection::vec(persons(), RANKS.len())), 1..14)
        .prop_map(|units| {
            let parent = |at: usize, index: prop::sample::Index| (at > 0).then(|| format!("u{:02}", index.index(at)));
            let tree = units.into_iter().enumerate().map(|(at, (index, persons))| LatticeNode {
                id: format!("u{at:02}"),
                parent: parent(at, index),
                taken: RANKS.iter().map(|rank| (*rank).to_owned()).zip(persons).collect(),
            });
            tree.collect()
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_hidden_follows_from_what_is_shown(nodes in trees()) {
        let lattice = Lattice::new(nodes.clone()).unwrap();
        let shown = lattice.decide();
        let mut attacker = Attacker::new(&nodes, &lattice, &shown);
        attacker.subtract();
        prop_assert_eq!(attacker.broken(&shown), Vec::<String>::new(), "by subtraction");
        attacker.eliminate();
        prop_assert_eq!(attacker.broken(&shown), Vec::<String>::new(), "by solving all sums");
    }

    #[test]
    fn small_groups_are_hidden_and_the_order_of_units_does_not_matter(nodes in trees(), by in any::<usize>()) {
        let lattice = Lattice::new(nodes.clone()).unwrap();
        let shown = lattice.decide();
        for node in &nodes {
            for rank in std::iter::once(None).chain(RANKS.map(Some)) {
                let persons = lattice.persons(Some(&node.id), rank);
                if (1..MIN_CELL_PERSONS).contains(&persons) {
                    prop_assert!(!shown.is_shown(Some(&node.id), rank));
                } else if persons == 0 {
                    prop_assert!(shown.is_shown(Some(&node.id), rank));
                }
            }
        }
        let mut turned = nodes;
        let by = by % turned.len();
        turned.rotate_left(by);
        prop_assert_eq!(Lattice::new(turned).unwrap().decide(), shown);
    }
}

/// Two rings of hidden cells with one hidden cell between them: every sum has two unknowns or more, yet adding up the
/// sums of the first ring gives the cell between away, unless one more is hidden.
#[test]
fn sums_of_sums_give_nothing_away() {
    let unit = |id, taken: [u64; 4]| node(id, Some("d"), &[0, 1, 2, 3].map(|at| (RANKS[at], taken[at])));
    let nodes = vec![
        node("d", None, &[]),
        unit("a", [3, 3, 4, 50]),
        unit("b", [3, 3, 50, 50]),
        unit("c", [50, 50, 3, 3]),
        unit("e", [50, 50, 3, 3]),
    ];
    let lattice = Lattice::new(nodes.clone()).unwrap();
    let shown = lattice.decide();
    let mut attacker = Attacker::new(&nodes, &lattice, &shown);
    attacker.eliminate();
    assert_eq!(attacker.broken(&shown), Vec::<String>::new());
    assert!(shown.hidden_cells() > 9, "the nine small cells alone are not enough");
}

/// The attacker of these tests does find what a naive rule gives away.
#[test]
fn the_attacker_is_no_straw_man() {
    let nodes =
        [node("u0", None, &[]), node("u1", Some("u0"), &[("clerk", 4)]), node("u2", Some("u0"), &[("clerk", 9)])];
    let lattice = Lattice::new(nodes.to_vec()).unwrap();
    let shown = lattice.decide();
    let mut attacker = Attacker::new(&nodes, &lattice, &shown);
    attacker.known.insert(("u2".into(), "*".into()), true);
    attacker.subtract();
    assert!(attacker.broken(&shown).contains(&"u1/clerk = 4".to_owned()));
}

/// A district of 601 units in three layers and seven ranks.
#[test]
fn a_district_of_600_units_keeps_most_of_its_figures() {
    let mut stream = shuffle::Stream::from_seed([3; 32]);
    let mut nodes = vec![node("d", None, &[])];
    let ranks = ["r1", "r2", "r3", "r4", "r5", "r6", "r7"];
    for at in 0..600_u64 {
        let parent = if at < 60 { "d".to_owned() } else { format!("s{:03}", (at - 60) % 20) };
        let id = if at < 60 { format!("s{at:03}") } else { format!("v{at:03}") };
        let taken = ranks.map(|rank| {
            let few = stream.below(3) == 0;
            (rank, if few { stream.below(5) } else { 4 + stream.below(40) })
        });
        nodes.push(node(&id, Some(&parent), &taken));
    }
    let lattice = Lattice::new(nodes).unwrap();
    let shown = lattice.decide();
    assert!(shown.is_shown(None, None));
    let cells = lattice.rows.len() * lattice.width();
    let share = f64::from(u32::try_from(shown.hidden_cells()).unwrap()) / f64::from(u32::try_from(cells).unwrap());
    assert!(share > 0.1 && share < 0.5, "{share}");
}
