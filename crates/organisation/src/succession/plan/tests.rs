use super::*;
use jiff::civil::date;

const TODAY: Date = date(2026, 11, 25);

/// Each line a unit with its parent and how many people it has.
fn district() -> (UnitTree, BTreeMap<UnitId, u64>) {
    let lines = [
        ("top", "明德区", None, 2),
        ("cai", "区财政局", Some("top"), 10),
        ("cai-ban", "办公室", Some("cai"), 3),
        ("cai-yu", "预算科", Some("cai"), 4),
        ("shui", "区税务局", Some("top"), 7),
        ("shui-ban", "办公室", Some("shui"), 2),
        ("shui-zheng", "征收科", Some("shui"), 0),
        ("old", "区粮食局", Some("top"), 0),
        ("shen", "区审计局", Some("top"), 5),
    ];
    let units = lines.iter().zip(1..).map(|((id, name, parent, _), position)| Unit {
        id: (*id).into(),
        code: format!("C-{id}"),
        name: (*name).to_owned(),
        parent: parent.map(UnitId::from),
        kind: UnitKind::guess(name, usize::from(parent.is_some())),
        groups: Group::with(&[], GroupKind::System, parent.filter(|p| *p == "top").map(|_| "经济系统")),
        position,
        left_on: (*id == "old").then_some(date(2025, 1, 1)),
    });
    let tree = UnitTree::build(units.collect::<Vec<_>>()).unwrap();
    let people = lines.iter().map(|(id, .., people)| (UnitId::from(*id), *people)).collect();
    (tree, people)
}

fn ground<'a>(tree: &'a UnitTree, people: &'a BTreeMap<UnitId, u64>) -> Ground<'a> {
    Ground { tree, people, since: TODAY, today: TODAY }
}

fn ids(list: &[&str]) -> Vec<UnitId> {
    list.iter().copied().map(UnitId::from).collect()
}

fn counter() -> impl FnMut() -> String {
    let mut n = 0;
    move || {
        n += 1;
        format!("new{n}")
    }
}

fn after(tree: &UnitTree, plan: &SuccessionPlan) -> UnitTree {
    let mut units: Vec<Unit> = tree.iter().cloned().collect();
    plan.apply(&mut units);
    UnitTree::build(units).unwrap()
}

fn moves(plan: &SuccessionPlan) -> Vec<(&str, &str, u64)> {
    plan.people.iter().map(|m| (m.from.as_str(), m.to.as_str(), m.count)).collect()
}

fn named(name: &str) -> NewUnit {
    NewUnit { name: name.into(), ..NewUnit::default() }
}

#[test]
fn renaming_keeps_the_unit() {
    let (tree, people) = district();
    let plan = rename(&ground(&tree, &people), &"cai".into(), " 区财政金融局 ").unwrap();
    assert_eq!(plan.people_moved(), 0);
    let now = after(&tree, &plan);
    assert_eq!(now.get(&"cai".into()).unwrap().name, "区财政金融局");
    assert_eq!((plan.records[0].from.as_str(), plan.records[0].to.as_str()), ("cai", "cai"));
    assert_eq!(plan.touched(), [UnitId::from("cai")].into());
    for (unit, name, part) in [
        ("cai", "区财政局", "一样"),
        ("cai", "", "1 到 60"),
        ("cai", "区 审计局", "已有“区审计局”"),
        ("cai", "甲/乙", "分隔上下级"),
        ("old", "区粮食和物资局", "已于 2025-01-01 撤销"),
        ("nowhere", "甲局", "没有这个单位"),
    ] {
        let problem = rename(&ground(&tree, &people), &unit.into(), name).unwrap_err();
        assert!(problem.reason.contains(part), "{name}: {problem}");
    }
    let ahead = Ground { since: date(2027, 1, 1), ..ground(&tree, &people) };
    assert_eq!(rename(&ahead, &"cai".into(), "甲局").unwrap_err().field, "since");
}

#[test]
fn a_merger_takes_people_and_units_along() {
    let (tree, people) = district();
    let plan = merge(&ground(&tree, &people), &ids(&["shui"]), &Heir::Unit("cai".into()), &mut counter()).unwrap();
    assert_eq!(moves(&plan), [("shui-ban", "cai-ban", 2), ("shui", "cai", 7)]);
    assert_eq!(plan.units_left, ids(&["shui-ban", "shui"]), "the offices of the same name become one");
    let now = after(&tree, &plan);
    assert_eq!(now.path_names(&"shui-zheng".into()), ["区财政局", "征收科"]);
    assert_eq!(now.get(&"shui".into()).unwrap().left_on, Some(TODAY));
    let touched = ids(&["cai", "cai-ban", "shui", "shui-ban", "shui-zheng"]);
    assert_eq!(plan.touched(), touched.into_iter().collect());
}

#[test]
fn two_units_become_a_new_one() {
    let (tree, people) = district();
    let wanted = NewUnit { code: Some("CZ".into()), ..named("区财政局") };
    let plan = merge(&ground(&tree, &people), &ids(&["cai", "shui"]), &Heir::New(wanted), &mut counter()).unwrap();
    let new = &plan.units_new[0];
    assert_eq!((new.name.as_str(), new.code.as_str()), ("区财政局", "CZ"), "the name of one that goes is free");
    assert_eq!(new.parent, Some("top".into()));
    assert_eq!(Group::name_of(&new.groups, GroupKind::System), Some("经济系统"), "what both have");
    assert_eq!(moves(&plan), [("cai", "new1", 10), ("shui-ban", "cai-ban", 2), ("shui", "new1", 7)]);
    let now = after(&tree, &plan);
    let below: Vec<&str> = now.children(&"new1".into()).iter().map(UnitId::as_str).collect();
    assert_eq!(below, ["cai-ban", "cai-yu", "shui-zheng"]);
    assert_eq!(plan.people_moved(), 19);
}

#[test]
fn mergers_that_cannot_be() {
    let (tree, people) = district();
    let unit = |id: &str| Heir::Unit(id.into());
    let below_itself = NewUnit { parent: Some("cai-yu".into()), ..named("甲局") };
    let taken_code = NewUnit { code: Some("C-shen".into()), ..named("甲局") };
    for (units, into, part) in [
        (&["cai"][..], unit("cai"), "不能并入它自己"),
        (&["cai"], unit("cai-ban"), "在它自己下面"),
        (&["top"], unit("cai"), "最上级"),
        (&["cai", "cai-ban"], unit("shui"), "会随它一起过去"),
        (&["old"], unit("cai"), "撤销"),
        (&["cai"], unit("old"), "撤销"),
        (&[], unit("cai"), "请选"),
        (&["cai"], Heir::New(named("甲局")), "至少要选两个"),
        (&["cai", "shui"], Heir::New(named("区审计局")), "已有“区审计局”"),
        (&["cai", "shui"], Heir::New(taken_code), "C-shen"),
        (&["cai", "shui"], Heir::New(below_itself), "在要撤销的单位里面"),
    ] {
        let problem = merge(&ground(&tree, &people), &ids(units), &into, &mut counter()).unwrap_err();
        assert!(problem.reason.contains(part), "{units:?}: {problem}");
    }
}

fn person_ids(names: &[&str]) -> Vec<PersonId> {
    names.iter().copied().map(PersonId::from).collect()
}

fn part(name: &str, people: &[&str], units: &[&str]) -> Part {
    Part { unit: named(name), people: person_ids(people), units: ids(units) }
}

#[test]
fn parts_come_out_and_the_rest_goes_on() {
    let (tree, people) = district();
    let members: BTreeSet<PersonId> = person_ids(&["p1", "p2", "p3"]).into_iter().collect();
    let parts = [part("区国资局", &["p1", "p1"], &["cai-yu"])];
    let plan = split(&ground(&tree, &people), &"cai".into(), &members, &parts, true, &mut counter()).unwrap();
    assert_eq!(moves(&plan), [("cai", "new1", 1)]);
    assert!(plan.units_left.is_empty());
    let now = after(&tree, &plan);
    assert_eq!(now.path_names(&"cai-yu".into()), ["区国资局", "预算科"]);
    let new = now.get(&"new1".into()).unwrap();
    assert_eq!((new.kind, Group::name_of(&new.groups, GroupKind::System)), (UnitKind::Department, Some("经济系统")));
    let ends: Vec<&str> = plan.records.iter().map(|record| record.to.as_str()).collect();
    assert_eq!(ends, ["cai", "new1"]);
}

#[test]
fn a_unit_that_ends_leaves_nobody_over() {
    let (tree, people) = district();
    let members: BTreeSet<PersonId> = person_ids(&["p1", "p2"]).into_iter().collect();
    let parts = [part("区财政局", &["p1"], &["cai-ban"]), part("区国资局", &["p2"], &["cai-yu"])];
    let plan = split(&ground(&tree, &people), &"cai".into(), &members, &parts, false, &mut counter()).unwrap();
    assert_eq!(plan.units_left, ids(&["cai"]));
    assert_eq!(after(&tree, &plan).children(&"top".into()).len(), 6);
    let cases: [(&[Part], bool, &str); 9] = [
        (&[part("甲局", &["p1"], &["cai-ban"]), part("乙局", &[], &["cai-yu"])], false, "1 人、0 个下级单位"),
        (&[part("甲局", &["p1"], &[]), part("乙局", &["p2"], &[])], false, "0 人、2 个下级单位"),
        (&[part("甲局", &["p1"], &[]), part("乙局", &["p1"], &[])], true, "同时分到"),
        (&[part("甲局", &["p9"], &[])], true, "不在“区财政局”本级"),
        (&[part("甲局", &[], &["shui-ban"])], true, "不在“区财政局”下面"),
        (&[part("甲局", &[], &["cai-yu"]), part("乙局", &[], &["cai-yu"])], true, "同时分到"),
        (&[part("甲局", &["p1"], &[])], false, "至少要拆成两个"),
        (&[], true, "1 到 20"),
        (&[part("甲局", &[], &[]), part("甲 局", &[], &[])], true, "已有“甲局”"),
    ];
    for (parts, keep, message) in cases {
        let problem = split(&ground(&tree, &people), &"cai".into(), &members, parts, keep, &mut counter()).unwrap_err();
        assert!(problem.reason.contains(message), "{message}: {problem:?}");
    }
}

#[test]
fn a_unit_moves_but_never_into_itself() {
    let (tree, _) = district();
    let change = move_unit(&tree, &"cai-yu".into(), &"shui".into()).unwrap();
    assert_eq!((change.from.as_str(), change.to.as_str()), ("cai", "shui"));
    for (unit, to, part) in [
        ("cai", "cai-ban", "移过去单位就成了自己的上级"),
        ("cai", "cai", "移过去单位就成了自己的上级"),
        ("top", "cai", "最上级"),
        ("cai-ban", "shui", "已有“办公室”"),
        ("cai-ban", "old", "撤销"),
        ("old", "cai", "撤销"),
    ] {
        let problem = move_unit(&tree, &unit.into(), &to.into()).unwrap_err();
        assert!(problem.reason.contains(part), "{unit} → {to}: {problem}");
    }
}

#[test]
fn a_unit_is_made_by_hand() {
    let (tree, _) = district();
    let make = |wanted: &NewUnit, parent: &str| make_unit(&tree, wanted, &parent.into(), "new".into());
    let unit = make(&named("青石镇"), "top").unwrap();
    assert_eq!((unit.kind, unit.code.as_str()), (UnitKind::Town, "u.C-top.10"));
    let area = |name: &str| Group { kind: GroupKind::Area, name: name.into() };
    for (wanted, parent, field) in [
        (named("区 财政局"), "top", "name"),
        (named("甲局"), "old", "parent"),
        (named("123"), "top", "name"),
        (NewUnit { code: Some("C-cai".into()), ..named("甲局") }, "top", "code"),
        (NewUnit { groups: vec![area("东片"), area("西片")], ..named("甲局") }, "top", "groups"),
        (NewUnit { kind: Some(UnitKind::Top), ..named("甲局") }, "top", "kind"),
    ] {
        assert_eq!(make(&wanted, parent).unwrap_err().field, field, "{wanted:?}");
    }
}
