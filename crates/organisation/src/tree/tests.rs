use super::*;
use crate::unit::UnitKind;
use proptest::prelude::*;

fn unit(id: &str, name: &str, parent: Option<&str>, position: i64) -> Unit {
    Unit {
        id: id.into(),
        code: format!("c-{id}"),
        name: name.into(),
        parent: parent.map(UnitId::from),
        kind: UnitKind::Department,
        groups: vec![],
        position,
        left_on: None,
    }
}

fn district() -> Vec<Unit> {
    vec![
        unit("b1", "第一村", Some("b"), 0),
        unit("b", "城关镇", Some("top"), 2),
        unit("a", "区财政局", Some("top"), 1),
        unit("a2", "人事科", Some("a"), 2),
        unit("a1", "办公室", Some("a"), 1),
        unit("top", "某某区", None, 0),
    ]
}

fn ids(list: &[UnitId]) -> Vec<&str> {
    list.iter().map(UnitId::as_str).collect()
}

#[test]
fn groups_come_from_the_nearest_unit_that_has_one() {
    use crate::unit::GroupKind::{Area, System, UnitType};
    let group = |kind, name: &str| Group { kind, name: name.into() };
    let mut units = district();
    for (id, groups) in [
        ("top", vec![group(UnitType, "区级")]),
        ("b", vec![group(Area, "西片"), group(System, "镇街系统")]),
        ("b1", vec![group(Area, "山区片")]),
    ] {
        units.iter_mut().find(|unit| unit.id.as_str() == id).unwrap().groups = groups;
    }
    let tree = UnitTree::build(units).unwrap();
    assert_eq!(
        tree.groups_of(&"b1".into()),
        [group(System, "镇街系统"), group(Area, "山区片"), group(UnitType, "区级")]
    );
    assert_eq!(tree.groups_of(&"a1".into()), [group(UnitType, "区级")]);
    assert!(tree.groups_of(&"no".into()).is_empty());
}

#[test]
fn walks() {
    let tree = UnitTree::build(district()).unwrap();
    assert_eq!(ids(&tree.subtree(&"top".into())), ["top", "a", "a1", "a2", "b", "b1"]);
    assert_eq!(ids(&tree.subtree(&"a".into())), ["a", "a1", "a2"]);
    assert!(tree.subtree(&"no".into()).is_empty());
    assert_eq!(ids(tree.children(&"top".into())), ["a", "b"]);
    assert_eq!(tree.path_names(&"a1".into()), ["区财政局", "办公室"]);
    assert_eq!(tree.path_names(&"top".into()), ["某某区"]);
    let above: Vec<_> = tree.ancestors(&"a1".into()).iter().map(|u| u.id.as_str()).collect();
    assert_eq!(above, ["a", "top"]);
    assert!(tree.is_within(&"a1".into(), &"a".into()));
    assert!(!tree.is_within(&"a".into(), &"a1".into()));
}

#[test]
fn scopes() {
    let tree = UnitTree::build(district()).unwrap();
    let scope = Scope::of(["a", "b1"]);
    for (id, held) in [("top", false), ("a", true), ("a2", true), ("b", false), ("b1", true), ("no", false)] {
        assert_eq!(tree.contains(&scope, &id.into()), held, "{id}");
    }
    assert_eq!(ids(&tree.units_of(&scope)), ["a", "a1", "a2", "b1"]);
    assert!(!tree.contains(&Scope::default(), &"a".into()));
}

#[test]
fn an_empty_tree_is_one() {
    let tree = UnitTree::build([]).unwrap();
    assert!(tree.is_empty() && tree.top().is_none());
}

#[test]
fn what_is_no_tree_is_named() {
    let mut own = district();
    own.iter_mut().find(|u| u.id.as_str() == "a").unwrap().parent = Some("a1".into());
    let error = UnitTree::build(own).unwrap_err();
    assert!(matches!(&error, TreeError::OwnAncestor(name, _) if name == "区财政局"), "{error}");
    assert!(error.to_string().contains("办公室"), "{error}");

    let mut itself = district();
    itself[2].parent = Some("a".into());
    assert!(matches!(UnitTree::build(itself), Err(TreeError::OwnAncestor(name, _)) if name == "区财政局"));

    let mut unknown = district();
    unknown[0].parent = Some("nowhere".into());
    let error = UnitTree::build(unknown).unwrap_err().to_string();
    assert!(error.contains("第一村") && error.contains("nowhere"), "{error}");

    let mut code = district();
    code[0].code = "c-a".into();
    let error = UnitTree::build(code).unwrap_err().to_string();
    assert!(error.contains("第一村") && error.contains("区财政局") && error.contains("c-a"), "{error}");

    let mut tops = district();
    tops[1].parent = None;
    assert_eq!(UnitTree::build(tops).unwrap_err(), TreeError::SeveralTops(vec!["某某区".into(), "城关镇".into()]));

    let mut twice = district();
    twice.push(Unit { code: "other".into(), ..unit("a", "又一个", Some("top"), 9) });
    assert_eq!(UnitTree::build(twice).unwrap_err(), TreeError::DuplicateId("a".into()));
}

#[test]
fn depth_is_bounded() {
    let chain = |n: usize| {
        (0..n)
            .map(|i| unit(&i.to_string(), &format!("第{i}级"), i.checked_sub(1).map(|p| p.to_string()).as_deref(), 0))
            .collect::<Vec<_>>()
    };
    assert!(UnitTree::build(chain(MAX_DEPTH)).is_ok());
    assert!(matches!(UnitTree::build(chain(MAX_DEPTH + 1)), Err(TreeError::TooDeep(_))));
}

proptest! {
    /// A random forest hung under one top: each subtree holds exactly the units that have it as an ancestor.
    #[test]
    fn subtree_is_the_inverse_of_ancestors(parents in prop::collection::vec(0_usize..6, 1..40)) {
        let mut units = vec![unit("0", "顶", None, 0)];
        for (i, parent) in parents.iter().enumerate() {
            // attach to one of the last few units, kept shallow
            let parent = if i < 6 { 0 } else { (*parent).min(i) };
            units.push(unit(&(i + 1).to_string(), "单位", Some(&parent.to_string()), 0));
        }
        let tree = UnitTree::build(units.clone()).unwrap();
        prop_assert_eq!(tree.iter().count(), units.len());
        for a in &units {
            let below = tree.subtree(&a.id);
            for b in &units {
                prop_assert_eq!(below.contains(&b.id), tree.is_within(&b.id, &a.id));
            }
        }
    }
}
