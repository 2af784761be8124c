//! Rosters that go on using old names, and undo after units have changed.

use super::*;
use crate::succession::{FormerName, Succession, SuccessionKind, Successions};

fn id(store: &Store, name: &str) -> crate::UnitId {
    store.units.iter().find(|unit| unit.name == name).unwrap_or_else(|| panic!("no {name}")).id.clone()
}

fn close(store: &mut Store, name: &str) {
    store.units.iter_mut().find(|unit| unit.name == name).unwrap().left_on = Some(TODAY);
}

fn follow(store: &mut Store, kind: SuccessionKind, from: &str, to: &[&str]) {
    let from = id(store, from);
    let records: Vec<Succession> =
        to.iter().map(|to| Succession { kind, from: from.clone(), to: id(store, to), since: TODAY }).collect();
    store.history.successions = Successions::new(records).unwrap();
}

#[test]
fn a_former_name_is_the_unit_of_today() {
    let mut store = Store::of(&["姓名=甲 工号=1 单位=区文旅局/办公室"]);
    let unit = id(&store, "区文旅局");
    store.history.former_names.push(FormerName { unit, name: "区文体局".into(), until: TODAY });
    let plan = store.add(&["姓名=乙 工号=2 单位=区文体局", "姓名=丙 工号=3 单位=区文体局/办公室"]);
    assert_eq!((people_of(&plan).0, units_of(&plan)), (2, (0, 0, 0)), "{:?}", plan.problems);
    assert!(warnings(&plan)[0].contains("“区文体局”已于 2026-11-24 更名为“区文旅局”"), "{:?}", plan.problems);
    assert_eq!(store.unit_path("丙"), "区文旅局/办公室");
    // A unit that has the name today is meant before one that had it once.
    store.add(&["姓名=丁 工号=4 单位=全区/区文体局"]);
    assert_eq!(store.unit_path("丁"), "区文旅局");
}

#[test]
fn the_name_or_code_of_a_merged_unit_is_its_successor() {
    let mut store = Store::of(&[
        "姓名=甲 工号=1 单位=区粮食局 单位编码=L1",
        "姓名=乙 工号=2 单位=区发改局",
        "姓名=丙 工号=3 单位=区粮食局/办公室",
    ]);
    follow(&mut store, SuccessionKind::Merged, "区粮食局", &["区发改局"]);
    let (target, office) = (id(&store, "区发改局"), id(&store, "办公室"));
    store.units.iter_mut().filter(|unit| unit.id == office).for_each(|unit| unit.parent = Some(target.clone()));
    close(&mut store, "区粮食局");
    let plan = store.add(&[
        "姓名=丁 工号=4 单位=区粮食局",
        "姓名=戊 工号=5 单位编码=L1",
        "姓名=己 工号=6 单位=区粮食局/办公室",
        "姓名=庚 工号=7 单位编码=L1 单位=区粮食局 科室=办公室",
    ]);
    assert_eq!((errors(&plan).len(), people_of(&plan).0), (0, 4), "{:?}", plan.problems);
    assert!(warnings(&plan).iter().any(|w| w.contains("已于 2026-11-24 并入“区发改局”")), "{:?}", plan.problems);
    let paths = ["丁", "戊", "己", "庚"].map(|name| store.unit_path(name));
    assert_eq!(paths, ["区发改局", "区发改局", "区发改局/办公室", "区发改局/办公室"]);
}

#[test]
fn the_name_of_a_split_unit_asks_which_part() {
    let mut store =
        Store::of(&["姓名=甲 工号=1 单位=区文广局", "姓名=乙 工号=2 单位=区文旅局", "姓名=丙 工号=3 单位=区广电中心"]);
    follow(&mut store, SuccessionKind::Split, "区文广局", &["区文旅局", "区广电中心"]);
    close(&mut store, "区文广局");
    let plan = store.add(&["姓名=丁 工号=4 单位=区文广局"]);
    assert!(errors(&plan)[0].contains("拆分为“区文旅局”、“区广电中心”"), "{:?}", plan.problems);
}

/// Whatever happens to people or units after an import, it is taken back whole or not at all.
#[test]
fn undo_is_refused_when_units_have_changed() {
    let mut store = Store::of(&["姓名=甲 工号=1 单位=甲局"]);
    let before = store.units.clone();
    let undo = store.add(&["姓名=乙 工号=2 单位=乙局", "姓名=丙 工号=3 单位=甲局 系统=政法系统"]).undo(&before);
    let check = |store: &Store| undo.check(&store.people, &store.units, &|_| false);
    assert_eq!(check(&store), Ok(()));
    let new = id(&store, "乙局");
    assert_eq!(
        undo.check(&store.people, &store.units, &|unit| *unit == new),
        Err(UndoConflict::Unit("乙局".into())),
        "a unit of it took part in a succession"
    );
    let mut renamed = store.clone();
    renamed.units.iter_mut().find(|unit| unit.id == new).unwrap().name = "乙乙局".into();
    assert_eq!(check(&renamed), Err(UndoConflict::Unit("乙局".into())));
    let mut regrouped = store.clone();
    regrouped.units.iter_mut().find(|unit| unit.name == "甲局").unwrap().groups.clear();
    assert_eq!(check(&regrouped), Err(UndoConflict::Unit("甲局".into())));
    let mut joined = store.clone();
    joined.add(&["姓名=丁 工号=4 单位=乙局"]);
    assert_eq!(check(&joined), Err(UndoConflict::Occupied("乙局".into())));
    let mut below = store.clone();
    below.add(&["姓名=丁 工号=4 单位=乙局/一科"]);
    below.people.pop();
    assert_eq!(check(&below), Err(UndoConflict::Occupied("乙局".into())));
    let mut moved = store.clone();
    moved.people.iter_mut().find(|person| person.name == "乙").unwrap().unit = id(&store, "甲局");
    assert_eq!(check(&moved), Err(UndoConflict::People(1)));
}
