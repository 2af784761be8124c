use super::*;
use crate::unit::{Group, GroupKind, UnitKind};

fn unit<'a>(store: &'a Store, name: &str) -> &'a Unit {
    store.units.iter().find(|unit| unit.name == name).unwrap_or_else(|| panic!("no {name}"))
}

fn group<'a>(store: &'a Store, name: &str, kind: GroupKind) -> Option<&'a str> {
    Group::name_of(&unit(store, name).groups, kind)
}

/// A store with a sheet of units ready to be imported.
fn with_units(mut store: Store, texts: &[&str]) -> Store {
    store.unit_rows = rows(texts);
    store
}

#[test]
fn a_sheet_of_units_makes_them_without_people() {
    let mut store = with_units(
        Store::default(),
        &[
            "单位编码=Q 单位=明德区",
            "单位编码=B1 单位=区财政局 上级单位=明德区 单位类型=区直部门 系统=经济系统 派驻组=第一派驻组 片区=东片",
            "单位编码=Z1 单位=青石镇 上级单位=明德区 单位类型=乡镇 片区=西片",
            "单位编码=Z1-1 单位=双桥村 上级单位=青石镇",
        ],
    );
    let plan = store.add(&["姓名=甲 工号=1 单位编码=B1"]);
    assert_eq!(errors(&plan), Vec::<&str>::new());
    assert_eq!((units_of(&plan), people_of(&plan).0), ((4, 0, 0), 1));
    assert_eq!(store.unit_path("甲"), "区财政局");
    let tree = UnitTree::build(store.units.clone()).unwrap();
    assert_eq!(tree.path_names(&unit(&store, "双桥村").id), ["青石镇", "双桥村"]);
    assert_eq!(tree.top().unwrap().code, "Q");
    assert_eq!(unit(&store, "区财政局").kind, UnitKind::Department);
    assert_eq!(group(&store, "区财政局", GroupKind::UnitType), Some("区直部门"));
    assert_eq!(group(&store, "区财政局", GroupKind::ResidentGroup), Some("第一派驻组"));
    assert_eq!(group(&store, "青石镇", GroupKind::Area), Some("西片"));

    // The same sheet again changes nothing; an empty cell takes nothing away.
    let again = store.plan(&[], &PlanOptions::add(TODAY));
    assert_eq!((units_of(&again), again.units_regrouped.len()), ((0, 0, 0), 0));
    store.unit_rows = rows(&["单位编码=B1 单位=区财政局 系统=综合系统", "单位=双桥村 单位类型=行政村"]);
    let plan = store.plan(&[], &PlanOptions::add(TODAY));
    assert_eq!(plan.report().units.regrouped, 2);
    let shown: Vec<String> = plan
        .preview_units(9)
        .iter()
        .flat_map(|unit| unit.fields.iter().map(|f| format!("{} {} {:?}→{:?}", unit.unit, f.field, f.before, f.after)))
        .collect();
    assert_eq!(
        shown,
        [r#"区财政局 系统 Some("经济系统")→Some("综合系统")"#, r#"青石镇/双桥村 单位类型 None→Some("行政村")"#]
    );
    let before = store.units.clone();
    plan.apply(&mut store.people, &mut store.units);
    assert_eq!(group(&store, "区财政局", GroupKind::Area), Some("东片"), "an empty cell clears nothing");
    plan.undo(&before).apply(&mut store.people, &mut store.units);
    assert_eq!(store.units, before);
}

#[test]
fn columns_beside_people_group_their_units() {
    let mut store = Store::default();
    let plan = store.add(&[
        "姓名=甲 工号=1 单位=区财政局 系统=经济系统 单位类型=国企",
        "姓名=乙 工号=2 单位=区财政局 系统=经济系统",
        "姓名=丙 工号=3 单位=区法院 系统=政法系统",
    ]);
    assert_eq!(errors(&plan), Vec::<&str>::new());
    assert_eq!(group(&store, "区财政局", GroupKind::System), Some("经济系统"));
    assert_eq!(unit(&store, "区财政局").kind, UnitKind::Enterprise);
}

#[test]
fn contradictions_name_both_places_and_take_neither() {
    let mut store = with_units(
        Store::default(),
        &["单位=区财政局 片区=东片", "单位=区审计局 片区=东片", "单位=区财政局 片区=西片"],
    );
    let plan = store.add(&[]);
    let [error] = errors(&plan)[..] else { panic!("{:?}", plan.problems) };
    assert!(error.contains("《表》第 2 行写的是“东片”，这里写“西片”"), "{error}");
    let problem = &plan.problems[0];
    assert_eq!(
        (problem.row, problem.field.as_deref(), problem.value.as_deref()),
        (Some(4), Some("片区"), Some("西片"))
    );
    assert_eq!(group(&store, "区财政局", GroupKind::Area), None);
    assert_eq!(group(&store, "区审计局", GroupKind::Area), Some("东片"));

    // Beside people it is a warning: the people are taken.
    let mut store = Store::default();
    let plan = store.add(&["姓名=甲 工号=1 单位=区财政局 片区=东片", "姓名=乙 工号=2 单位=区财政局 片区=西片"]);
    assert_eq!((errors(&plan).len(), people_of(&plan).0), (0, 2));
    assert!(warnings(&plan)[0].contains("两处都没有采用"), "{:?}", plan.problems);
}

#[test]
fn unknown_values_are_named_with_the_nearest() {
    let mut store = with_units(Store::default(), &["单位=区法院 系统=政法系统 单位类型=区直部门"]);
    store.add(&[]);
    store.unit_rows =
        rows(&["单位=区检察院 系统=政法系", "单位=区税务局 单位类型=垂管单位", "单位=区教育局 系统=科教文卫"]);
    let plan = store.add(&[]);
    let all = warnings(&plan).join("\n");
    assert!(all.contains("“政法系”是新的系统，系统里有相近的：政法系统"), "{all}");
    assert!(all.contains("不认识的单位类型“垂管单位”") && all.contains("部门、镇街"), "{all}");
    assert_eq!(warnings(&plan).len(), 2, "a new group that is like no other needs no word: {all}");
    assert_eq!(group(&store, "区税务局", GroupKind::UnitType), Some("垂管单位"));

    let plan = store.add(&["姓名=甲 工号=1 单位=区法院 职级=四级主任 领导职务层次=乡科级副 政治面貌=中共党员员"]);
    let all = warnings(&plan).join("\n");
    for near in ["相近的有：四级主任科员", "相近的有：乡科级副职", "相近的有：中共党员"] {
        assert!(all.contains(near), "{near}: {all}");
    }
}

#[test]
fn a_retired_entry_is_given_to_nobody_else() {
    let mut store = Store::of(&["姓名=甲 工号=1 单位=甲局 职级=一级科员", "姓名=乙 工号=2 单位=甲局"]);
    store.lists.ranks.iter_mut().for_each(|rank| rank.retired = rank.slug == "yiji-keyuan");
    let plan = store.add(&["姓名=甲 工号=1 单位=甲局 职级=一级科员", "姓名=乙 工号=2 单位=甲局 职级=一级科员"]);
    assert_eq!(people_of(&plan), (0, 0, 0, 0, 2));
    assert!(warnings(&plan)[0].contains("职级“一级科员”已停用"), "{:?}", plan.problems);
    assert_eq!(store.person("甲").rank.as_ref().unwrap().as_str(), "yiji-keyuan", "who has it keeps it");
}

#[test]
fn a_sheet_of_units_never_moves_one_and_has_a_scope() {
    let mut store = Store::of(&["姓名=甲 工号=1 单位=财政局/国库科", "姓名=乙 工号=2 单位=教育局"]);
    store.unit_rows = rows(&["单位编码=u.1.1 单位=国库科 上级单位=教育局", "单位=国库科 上级单位=教育局"]);
    let plan = store.plan(&[], &PlanOptions::add(TODAY));
    let all = warnings(&plan).join("\n");
    assert!(all.contains("现在的上级是“财政局”，导入不移动单位"), "{all}");
    assert!(all.contains("系统里已有同名单位：财政局/国库科"), "{all}");

    let own = store.person("甲").unit.clone();
    store.unit_rows = rows(&["单位=教育局 系统=科教系统", "单位=财政局/国库科 系统=经济系统"]);
    let options = PlanOptions { scope: Some(crate::roles::Scope::of([own])), ..PlanOptions::add(TODAY) };
    let plan = store.plan(&[], &options);
    assert_eq!(errors(&plan), ["这个单位不在您的管理范围内"]);
    assert_eq!(plan.units_regrouped.len(), 1);
}

#[test]
fn a_unit_that_is_listed_stays_in_full_mode() {
    let texts = ["姓名=甲 工号=1 单位=甲局", "姓名=乙 工号=2 单位=乙局"];
    let mut store = Store::of(&texts);
    store.unit_rows = rows(&["单位=乙局"]);
    let moved = ["姓名=甲 工号=1 单位=甲局", "姓名=乙 工号=2 单位=甲局"];
    assert_eq!(units_of(&store.plan(&moved, &PlanOptions::full(TODAY))), (0, 0, 0));
    store.unit_rows.clear();
    assert_eq!(units_of(&store.plan(&moved, &PlanOptions::full(TODAY))), (0, 0, 1));
}
