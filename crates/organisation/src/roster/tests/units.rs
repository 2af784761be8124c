use super::*;
use crate::roles::Scope;

#[test]
fn paths_as_offices_write_them() {
    for path in [
        "区纪委监委/第一监督检查室",
        "区纪委监委＞第一监督检查室",
        "区纪委监委 - 第一监督检查室",
        "区纪委监委、第一监督检查室",
        "全区/区纪委监委／第一监督检查室",
    ] {
        let store = Store::of(&[&format!("姓名=甲 工号=1 单位={}", path.replace(' ', ""))]);
        assert_eq!(store.unit_path("甲"), "区纪委监委/第一监督检查室", "{path}");
        assert_eq!(store.units.len(), 3, "{path}");
    }
}

#[test]
fn a_known_name_is_never_split() {
    let mut store = Store::of(&["姓名=甲 工号=1 单位=文化、体育和旅游局/办公室"]);
    let plan = store.add(&["姓名=乙 工号=2 单位=文化、体育和旅游局"]);
    assert_eq!((store.unit_path("乙").as_str(), units_of(&plan)), ("文化、体育和旅游局", (0, 0, 0)));
}

#[test]
fn the_top_is_that_of_the_file_or_a_made_one() {
    let named = Store::of(&["姓名=甲 工号=1 单位=某某区/财政局", "姓名=乙 工号=2 单位=某某区/教育局"]);
    assert_eq!(named.units.iter().find(|unit| unit.parent.is_none()).unwrap().name, "某某区");
    let made = Store::of(&["姓名=甲 工号=1 单位=财政局", "姓名=乙 工号=2 单位=教育局"]);
    assert_eq!(made.units.iter().find(|unit| unit.parent.is_none()).unwrap().name, "全区");
}

#[test]
fn parent_and_department_columns() {
    let store = Store::of(&[
        "姓名=甲 工号=1 单位=财政局 上级单位=政府",
        "姓名=乙 工号=2 单位=国库科 上级单位=财政局",
        "姓名=丙 工号=3 单位=教育局 上级单位=政府 科室=人事科",
        "姓名=丁 工号=4 单位=教育局 上级单位=政府 科室=教育局",
        "姓名=戊 工号=5 单位=党委办 上级单位=党委",
    ]);
    for (name, path) in [
        ("甲", "政府/财政局"),
        ("乙", "政府/财政局/国库科"),
        ("丙", "政府/教育局/人事科"),
        ("丁", "政府/教育局"),
        ("戊", "党委/党委办"),
    ] {
        assert_eq!(store.unit_path(name), path);
    }
}

#[test]
fn a_unit_that_is_its_own_ancestor_is_refused() {
    let known = ["姓名=旧 工号=9 单位=甲局/乙科"];
    for texts in [
        &["姓名=甲 工号=1 单位=甲局/乙科/甲局"][..],
        &["姓名=甲 工号=1 单位=甲局/甲局"],
        &["姓名=甲 工号=1 单位=甲局 上级单位=甲局"],
        &["姓名=甲 工号=1 单位=甲局 上级单位=乙局", "姓名=乙 工号=2 单位=乙局 上级单位=甲局"],
        &[
            "姓名=甲 工号=1 单位=A局 上级单位=B局",
            "姓名=乙 工号=2 单位=B局 上级单位=C局",
            "姓名=丙 工号=3 单位=C局 上级单位=A局",
        ],
        &["姓名=甲 工号=1 单位=甲局 上级单位=乙科"],
        &["姓名=甲 工号=1 单位=甲局/乙科/全区"],
    ] {
        let mut store = Store::of(&known);
        let plan = store.plan(texts, &PlanOptions::add(TODAY));
        assert_eq!(people_of(&plan), (0, 0, 0, 0, 0), "{texts:?}");
        assert_eq!(units_of(&plan), (0, 0, 0), "{texts:?}");
        let errors = errors(&plan);
        assert_eq!(errors.len(), texts.len(), "{texts:?} {errors:?}");
        assert!(errors.iter().all(|error| error.contains("自己的上级")), "{errors:?}");
    }
    // The chain is shown.
    let plan =
        Store::default().add(&["姓名=甲 工号=1 单位=甲局 上级单位=乙局", "姓名=乙 工号=2 单位=乙局 上级单位=甲局"]);
    assert!(errors(&plan)[0].contains("甲局 → 乙局 → 甲局"), "{:?}", plan.problems);
}

#[test]
fn a_name_that_many_units_have_asks_for_the_path() {
    let mut store = Store::of(&["姓名=甲 工号=1 单位=财政局/办公室", "姓名=乙 工号=2 单位=教育局/办公室"]);
    let plan = store.add(&["姓名=丙 工号=3 单位=办公室"]);
    assert!(
        errors(&plan)[0].contains("财政局/办公室") && errors(&plan)[0].contains("教育局/办公室"),
        "{:?}",
        plan.problems
    );
    let clear = store.add(&["姓名=丙 工号=3 单位=教育局/办公室"]);
    assert_eq!((people_of(&clear).0, units_of(&clear)), (1, (0, 0, 0)));
    let below = store.add(&["姓名=丁 工号=4 单位=财政局/国库科/一组"]);
    assert_eq!((store.unit_path("丁").as_str(), units_of(&below)), ("财政局/国库科/一组", (2, 0, 0)));
}

#[test]
fn codes_rename_and_never_move() {
    let mut store = Store::of(&["姓名=甲 工号=1 单位=农业局 单位编码=A01", "姓名=乙 工号=2 单位=教育局 单位编码=A02"]);
    let plan = store.add(&["姓名=甲 工号=1 单位=农业农村局 单位编码=A01", "姓名=乙 工号=2 单位编码=A02 科室=人事科"]);
    assert_eq!((people_of(&plan), units_of(&plan)), ((0, 0, 1, 0, 1), (1, 1, 0)));
    assert_eq!(plan.units_renamed[0].after, "农业农村局");
    assert!(warnings(&plan)[0].contains("由“农业局”改为“农业农村局”"));
    assert_eq!((store.unit_path("甲").as_str(), store.unit_path("乙").as_str()), ("农业农村局", "教育局/人事科"));

    let clash = store.plan(
        &["姓名=甲 工号=1 单位=农业一局 单位编码=A01", "姓名=丙 工号=3 单位=农业二局 单位编码=A01"],
        &PlanOptions::add(TODAY),
    );
    assert!(errors(&clash)[0].contains("A01"), "{:?}", clash.problems);
}

#[test]
fn a_unit_that_is_gone_is_refused() {
    let mut store = Store::of(&["姓名=甲 工号=1 单位=老局 单位编码=A01", "姓名=乙 工号=2 单位=新局"]);
    store.units.iter_mut().find(|unit| unit.name == "老局").unwrap().left_on = Some(TODAY);
    for text in ["姓名=丙 工号=3 单位=老局", "姓名=丙 工号=3 单位编码=A01"] {
        let plan = store.add(&[text]);
        assert!(errors(&plan)[0].contains("撤销"), "{:?}", plan.problems);
    }
}

#[test]
fn look_alikes_are_pointed_out() {
    let mut store = Store::of(&["姓名=甲 工号=1 单位=区财政局", "姓名=乙 工号=2 单位=区教育局"]);
    let plan = store.add(&["姓名=丙 工号=3 单位=财政局"]);
    assert!(warnings(&plan)[0].contains("区财政局"), "{:?}", plan.problems);
}

#[test]
fn a_liaison_changes_only_the_own_unit() {
    let mut store = Store::of(&["姓名=甲 工号=1 单位=财政局", "姓名=乙 工号=2 单位=教育局"]);
    let own = store.person("甲").unit.clone();
    let options = PlanOptions { scope: Some(Scope::of([own])), ..PlanOptions::full(TODAY) };
    let plan = store.plan(
        &[
            "姓名=丙 工号=3 单位=财政局/国库科",
            "姓名=丁 工号=4 单位=教育局",
            "姓名=乙 工号=2 单位=财政局",
            "姓名=戊 工号=5 单位=新局",
        ],
        &options,
    );
    assert_eq!(people_of(&plan), (1, 0, 0, 1, 0), "{:?}", plan.problems);
    assert_eq!(errors(&plan).len(), 3);
    assert_eq!(plan.could_leave, 1, "only the own people can leave");
    assert_eq!(plan.changes[1].after.name, "甲");
}
