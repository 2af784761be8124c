use super::*;
use crate::person::Status;
use proptest::prelude::*;

fn many(n: u32) -> Vec<String> {
    (1..=n).map(|i| format!("姓名=人{i} 工号={i} 单位=第{}局", i % 7)).collect()
}

fn strs(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

/// PRACTICE §5: one unit sends its sheet again a week later, which must not make everyone else leave.
#[test]
fn in_add_mode_nobody_leaves() {
    let texts = many(100);
    let mut store = Store::of(&strs(&texts));
    let plan = store.add(&[&texts[0]]);
    assert_eq!(people_of(&plan), (0, 0, 0, 0, 1));
    assert!(plan.check_confirmed(None).is_ok());
}

#[test]
fn full_mode_is_guarded_over_five_percent() {
    let texts = many(100);
    for (kept, confirmation, allowed) in [
        (100, None, true),
        (95, None, true),
        (94, None, false),
        (94, Some(5), false),
        (94, Some(6), true),
        (1, Some(99), true),
    ] {
        let mut store = Store::of(&strs(&texts));
        let plan = store.plan(&strs(&texts)[..kept], &PlanOptions::full(TODAY));
        assert_eq!(plan.missing(), 100 - u64::try_from(kept).unwrap());
        let checked = plan.check_confirmed(confirmation);
        assert_eq!(checked.is_ok(), allowed, "{kept} {confirmation:?}");
        if let Err(error) = checked {
            assert!(error.to_string().contains(&format!("{} 人离开", 100 - kept)), "{error}");
        }
    }
}

#[test]
fn the_retired_and_the_left_do_not_leave_again() {
    let mut store =
        Store::of(&["姓名=甲 工号=1 单位=某局", "姓名=乙 工号=2 单位=某局 状态=退休", "姓名=丙 工号=3 单位=某局"]);
    store.people[2].status = Status::Left;
    let plan = store.plan(&["姓名=甲 工号=1 单位=某局"], &PlanOptions::full(TODAY));
    assert_eq!((people_of(&plan), plan.could_leave), ((0, 0, 0, 0, 1), 1));
}

#[test]
fn a_refused_row_keeps_its_person() {
    let mut store = Store::of(&[
        "姓名=甲 工号=1 单位=某局",
        "姓名=乙 工号=2 单位=某局",
        "姓名=丙 工号=3 单位=某局",
        "姓名=丁 工号=4 单位=某局",
    ]);
    let mut list = rows(&["姓名=甲 单位=某局", "工号=2 单位=某局", "姓名=丙 工号=3 单位=5"]);
    list[0].refused = true;
    list[1].refused = true;
    let plan = store.plan_rows(&list, &[], &PlanOptions::full(TODAY));
    let left: Vec<_> = plan.changes.iter().map(|change| change.after.name.as_str()).collect();
    assert_eq!(left, ["丁"]);
    assert_eq!(plan.refused_rows, 3);
}

#[test]
fn nobody_leaves_when_a_sheet_was_not_read() {
    let mut store = Store::of(&["姓名=甲 工号=1 单位=某局", "姓名=乙 工号=2 单位=他局"]);
    let unread = Problem::of_sheet(Some("他局"), Severity::Error, "缺少姓名列");
    let plan = store.plan_rows(&rows(&["姓名=甲 工号=1 单位=某局"]), &[unread], &PlanOptions::full(TODAY));
    assert_eq!(people_of(&plan), (0, 0, 0, 0, 1));
    assert_eq!(errors(&plan).len(), 2);
    let empty = store.plan(&[], &PlanOptions::full(TODAY));
    assert_eq!(people_of(&empty), (0, 0, 0, 0, 0));
}

#[test]
fn units_that_empty_are_left_in_full_mode_alone() {
    let texts = ["姓名=甲 工号=1 单位=某局", "姓名=乙 工号=2 单位=他局/一科", "姓名=丙 工号=3 单位=他局/二科"];
    let kept = ["姓名=甲 工号=1 单位=某局", "姓名=乙 工号=2 单位=某局"];
    let mut store = Store::of(&texts);
    assert_eq!(units_of(&store.plan(&kept, &PlanOptions::add(TODAY))), (0, 0, 0));
    let plan = store.plan(&kept, &PlanOptions::full(TODAY));
    assert_eq!((people_of(&plan), units_of(&plan)), ((0, 0, 1, 1, 1), (0, 0, 3)));
    let half = store.plan(&[texts[0], texts[1]], &PlanOptions::full(TODAY));
    assert_eq!((people_of(&half), units_of(&half)), ((0, 0, 0, 1, 2), (0, 0, 1)), "the unit above still has people");
    plan.apply(&mut store.people, &mut store.units);
    assert_eq!(store.units.iter().filter(|unit| unit.left_on == Some(TODAY)).count(), 3);
}

#[test]
fn the_report_is_that_of_the_contract() {
    let plan =
        Store::default().add(&["姓名=甲 工号=1 单位=某局", "姓名=乙 工号=1 单位=某局", "姓名=丙 工号=2 单位=某局"]);
    let json = serde_json::to_value(plan.report()).unwrap();
    assert_eq!(json["mode"], "add");
    assert_eq!(json["people"], serde_json::json!({"new": 1, "changed": 0, "moved": 0, "left": 0, "unchanged": 0}));
    assert_eq!(json["units"], serde_json::json!({"new": 2, "renamed": 0, "left": 0, "regrouped": 0}));
    let problem = json["problems"][0].as_object().unwrap();
    let keys: std::collections::BTreeSet<_> = problem.keys().map(String::as_str).collect();
    assert_eq!(keys, ["sheet", "row", "field", "value", "severity", "reason"].into());
    assert_eq!((&problem["severity"], &problem["row"]), (&"error".into(), &2.into()));
    let back: ImportPlan = serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();
    assert_eq!(back, plan);
}

#[test]
fn an_edit_since_the_import_is_a_conflict_of_undo() {
    let mut store = Store::of(&["姓名=甲 工号=1 单位=某局", "姓名=乙 工号=2 单位=某局"]);
    let before = store.units.clone();
    let undo = store.add(&["姓名=甲 工号=1 单位=某局 岗位=科长", "姓名=丙 工号=3 单位=某局"]).undo(&before);
    assert!(undo.conflicts(&store.people).is_empty());
    store.people[0].post = Some("局长".into());
    assert_eq!(undo.conflicts(&store.people), [store.people[0].id.clone()]);
    store.people.pop();
    assert_eq!(undo.conflicts(&store.people).len(), 2);
}

fn any_row() -> impl Strategy<Value = String> {
    (0..12_u8, 0..14_u8, 0..5_u8, 0..4_u8, 0..8_u8).prop_map(|(name, key, unit, rank, extra)| {
        let mut text = format!("姓名=人{name}");
        if key < 12 {
            text.push_str(&format!(" 工号={key}"));
        }
        text.push_str(
            [" 单位=甲局", " 单位=甲局/一科", " 单位=乙局", " 单位=乙局/丙科/丁组", " 单位编码=K1 单位=戊局"]
                [usize::from(unit)],
        );
        text.push_str(["", " 职级=一级科员", " 职级=正科", " 领导职务层次=副科"][usize::from(rank)]);
        text.push_str(
            [
                "",
                " 状态=退休",
                " 状态=调出",
                " 借调单位=甲局",
                " 出生年月=1980-01",
                " 上级单位=庚委",
                " 系统=政法系统 单位类型=事业单位",
                " 系统=党群系统",
            ][usize::from(extra)],
        );
        text
    })
}

proptest! {
    /// Whatever two files say: the units stay a tree, keys stay unique, and undo gives back what was.
    #[test]
    fn undo_is_the_inverse(
        first in prop::collection::vec(any_row(), 0..15),
        second in prop::collection::vec(any_row(), 0..15),
        full in any::<bool>(),
    ) {
        let mut store = Store::default();
        store.add(&strs(&first));
        let before = (store.people.clone(), store.units.clone());
        let options = if full { PlanOptions::full(TODAY) } else { PlanOptions::add(TODAY) };
        let plan = store.plan(&strs(&second), &options);
        plan.apply(&mut store.people, &mut store.units);
        let tree = UnitTree::build(store.units.clone()).unwrap();
        let mut keys: Vec<_> = store.people.iter().map(|person| person.key.as_str()).collect();
        keys.sort_unstable();
        keys.dedup();
        prop_assert_eq!(keys.len(), store.people.len());
        for person in &store.people {
            prop_assert!(tree.get(&person.unit).is_some());
        }
        // Every row is accounted for.
        let counts = plan.report().people;
        let in_file = plan.changes.iter().filter(|change| change.row.is_some()).count();
        let skipped = plan.problems.iter().filter(|p| p.reason.contains("略过")).count();
        let others = usize::try_from(counts.unchanged + plan.refused_rows).unwrap();
        prop_assert_eq!(in_file + others + skipped, second.len());
        let undo = plan.undo(&before.1);
        prop_assert_eq!(undo.check(&store.people, &store.units, &|_| false), Ok(()));
        undo.apply(&mut store.people, &mut store.units);
        prop_assert_eq!((store.people, store.units), before);
    }
}
