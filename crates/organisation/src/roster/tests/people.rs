use super::*;
use crate::person::{Party, Status};

#[test]
fn a_whole_row_becomes_a_person() {
    let store = Store::of(&["姓名=张三 工号=1 身份证号=11010519491231002X 手机号=13800138000 单位=区财政局/办公室 \
        领导职务层次=乡科级副职 职级=一级主任科员 人员类别=公务员 岗位=副局长 政治面貌=中共党员 监察对象类别=公务员 \
        出生年月=1949-12 状态=在岗"]);
    let person = store.person("张三");
    assert_eq!(person.key, "1");
    assert_eq!(person.post_level.as_ref().unwrap().as_str(), "xiangkeji-fuzhi");
    assert_eq!(person.rank.as_ref().unwrap().as_str(), "yiji-zhurenkeyuan");
    assert_eq!(person.group.as_str(), "xiangkeji-fuzhi");
    assert_eq!(person.post.as_deref(), Some("副局长"));
    assert_eq!(person.party, Some(Party::Member));
    assert_eq!(person.supervisee.as_ref().unwrap().as_str(), "gongwuyuan");
    assert_eq!(person.born.unwrap().to_string(), "1949-12");
    assert_eq!(person.phone.as_deref(), Some("13800138000"));
    assert_eq!((person.status, person.id_last4.as_deref()), (Status::Active, Some("002X")));
    assert_eq!(store.unit_path("张三"), "区财政局/办公室");
}

#[test]
fn the_four_kinds_of_change() {
    let mut store = Store::of(&[
        "姓名=张三 工号=1 单位=财政局 职级=一级科员",
        "姓名=李四 工号=2 单位=财政局",
        "姓名=王五 工号=3 单位=财政局",
        "姓名=赵六 工号=4 单位=财政局",
    ]);
    let plan = store.add(&[
        "姓名=张三 工号=1 单位=财政局 职级=四级主任科员",
        "姓名=李四 工号=2 单位=教育局",
        "姓名=王五 工号=3 单位=财政局",
        "姓名=赵六 工号=4 单位=财政局 状态=调出",
        "姓名=钱七 工号=5 单位=教育局",
    ]);
    assert_eq!(people_of(&plan), (1, 1, 1, 1, 1));
    assert_eq!(units_of(&plan), (1, 0, 0));
    let changed = plan.changes.iter().find(|change| change.change == Change::Changed).unwrap();
    assert_eq!(
        changed.fields,
        [FieldChange {
            field: "职级".into(), before: Some("一级科员".into()), after: Some("四级主任科员".into())
        }]
    );
    let moved = plan.changes.iter().find(|change| change.change == Change::Moved).unwrap();
    assert_eq!(moved.fields[0].before.as_deref(), Some("财政局"));
    assert_eq!(moved.fields[0].after.as_deref(), Some("教育局"));
    assert_eq!(store.person("赵六").status, Status::Left);
    assert_eq!(
        plan.preview_rows(500, &|_, row| Some(row.into())).iter().map(|row| row.change).collect::<Vec<_>>(),
        [Change::Left, Change::Moved, Change::Changed, Change::New]
    );
    assert_eq!(plan.preview_rows(2, &|_, _| None).len(), 2);
}

#[test]
fn an_empty_cell_or_absent_column_clears_nothing() {
    let mut store = Store::of(&["姓名=张三 工号=1 单位=财政局 岗位=科长 政治面貌=群众 手机号=13800138000"]);
    let plan = store.add(&["姓名=张三 工号=1"]);
    assert_eq!(people_of(&plan), (0, 0, 0, 0, 1));
    assert_eq!(store.person("张三").post.as_deref(), Some("科长"));
}

/// The same file twice changes nothing, whatever key it has.
#[test]
fn twice_is_once() {
    let texts = [
        "姓名=张三 工号=1 单位=财政局/办公室 职级=正科级 借调单位=教育局",
        "姓名=李四 身份证号=11010519491231002X 单位=教育局",
        "姓名=王五 手机号=13800138000 单位=教育局",
        "姓名=赵六 单位=和平社区 出生年月=1980-01",
        "姓名=赵六 单位=和平社区 出生年月=1990-01",
    ];
    let mut store = Store::of(&texts);
    let again = store.add(&texts);
    // 教育局 did not exist when 张三 was read first; now the secondment is found.
    assert_eq!(people_of(&again), (0, 1, 0, 0, 4));
    assert_eq!(units_of(&again), (0, 0, 0));
    assert_eq!(people_of(&store.add(&texts)), (0, 0, 0, 0, 5));
}

#[test]
fn duplicate_keys_name_both_rows_and_refuse_both() {
    let mut store = Store::default();
    let plan = store.add(&["姓名=张三 工号=1 单位=甲局", "姓名=李四 工号=1 单位=乙局", "姓名=王五 工号=2 单位=甲局"]);
    assert_eq!(people_of(&plan), (1, 0, 0, 0, 0));
    assert_eq!((plan.refused_rows, units_of(&plan)), (2, (2, 0, 0)), "no unit is made for a refused row");
    let errors = errors(&plan);
    assert_eq!(errors.len(), 2);
    assert!(errors[0].contains("工号") && errors[0].contains("第 3 行") && errors[0].contains("李四"), "{errors:?}");
    assert!(errors[1].contains("第 2 行") && errors[1].contains("张三"), "{errors:?}");
}

#[test]
fn duplicate_id_numbers_are_errors_though_the_key_is_another_and_are_masked() {
    let plan = Store::default().add(&[
        "姓名=张三 工号=1 身份证号=11010519491231002X 单位=甲局",
        "姓名=李四 工号=2 身份证号=11010519491231002X 单位=甲局",
    ]);
    assert_eq!(errors(&plan).len(), 2);
    assert_eq!(plan.problems[0].value.as_deref(), Some("110105********002X"));
}

/// PRACTICE §5: two people in a village may share a phone.
#[test]
fn a_shared_phone_is_no_key() {
    let mut store = Store::default();
    let plan = store.add(&["姓名=张三 手机号=13800138000 单位=东村", "姓名=李四 手机号=13800138000 单位=东村"]);
    assert_eq!(people_of(&plan), (2, 0, 0, 0, 0), "{:?}", plan.problems);
    assert!(store.people.iter().all(|person| person.key.starts_with(MADE_UP_KEY)));
    let same =
        Store::default().add(&["姓名=张三 手机号=13800138000 单位=东村", "姓名=张三 手机号=13800138000 单位=东村"]);
    assert_eq!(errors(&same).len(), 2);
}

#[test]
fn a_new_name_under_the_same_key_is_a_warning() {
    let mut store = Store::of(&["姓名=张三 工号=1 单位=甲局"]);
    let plan = store.add(&["姓名=张珊 工号=1 单位=甲局"]);
    assert_eq!(people_of(&plan), (0, 1, 0, 0, 0));
    assert!(warnings(&plan)[0].contains("由“张三”改为“张珊”"));
}

#[test]
fn without_a_key_by_name_unit_and_birth_with_a_warning() {
    let mut store =
        Store::of(&["姓名=张三 工号=1 单位=甲局 出生年月=1980-01", "姓名=张三 工号=2 单位=甲局 出生年月=1990-01"]);
    let plan = store.add(&["姓名=张三 单位=甲局 出生年月=1990-01 岗位=科长"]);
    assert_eq!(people_of(&plan), (0, 1, 0, 0, 0));
    assert_eq!(plan.changes[0].after.key, "2");
    assert!(warnings(&plan)[0].contains("按姓名、单位、出生年月"));
    let unclear = store.add(&["姓名=张三 单位=甲局"]);
    assert_eq!(people_of(&unclear), (0, 0, 0, 0, 0));
    assert!(errors(&unclear)[0].contains("2 位"), "{:?}", unclear.problems);
    let elsewhere = store.add(&["姓名=张三 单位=乙局 出生年月=1980-01"]);
    assert_eq!(people_of(&elsewhere), (1, 0, 0, 0, 0), "another unit is another person");
}

#[test]
fn two_rows_for_one_person_are_refused() {
    let twice = Store::default().add(&["姓名=张三 单位=甲局", "姓名=张三 单位=甲局"]);
    assert_eq!(people_of(&twice), (1, 0, 0, 0, 0));
    assert!(errors(&twice)[0].contains("第 2 行"), "{:?}", twice.problems);
    let mut store = Store::of(&["姓名=张三 工号=1 单位=甲局"]);
    // The row with the key is believed, whatever the order.
    let both = store.add(&["姓名=张三 单位=甲局 岗位=科长", "姓名=张三 工号=1 单位=甲局 岗位=股长"]);
    assert_eq!(store.person("张三").post.as_deref(), Some("股长"));
    assert_eq!(errors(&both).len(), 1);
}

#[test]
fn a_key_that_comes_later_is_adopted() {
    let mut store = Store::of(&["姓名=张三 单位=甲局 出生年月=1980-01"]);
    assert!(store.person("张三").key.starts_with(MADE_UP_KEY));
    let plan = store.add(&["姓名=张三 工号=7 单位=甲局 出生年月=1980-01"]);
    assert_eq!(people_of(&plan), (0, 1, 0, 0, 0), "{:?}", plan.problems);
    assert_eq!(store.person("张三").key, "7");
    assert_eq!(plan.changes[0].fields[0].before.as_deref(), Some("无"));
}

#[test]
fn a_better_key_replaces_a_weaker_one_and_never_the_other_way() {
    let mut store = Store::of(&["姓名=张三 身份证号=11010519491231002X 单位=甲局 出生年月=1949-12"]);
    assert_eq!(store.person("张三").key, "mac(11010519491231002X)");
    store.add(&["姓名=张三 工号=7 身份证号=11010519491231002X 单位=甲局"]);
    assert_eq!(store.person("张三").key, "7");
    let plan = store.add(&["姓名=张三 身份证号=11010519491231002X 单位=甲局 出生年月=1949-12"]);
    assert_eq!(people_of(&plan), (0, 0, 0, 0, 1), "{:?}", plan.problems);
    assert_eq!(store.person("张三").key, "7");
}

#[test]
fn a_namesake_with_another_key_is_new_with_a_warning() {
    let mut store = Store::of(&["姓名=张三 工号=1 单位=甲局"]);
    let plan = store.add(&["姓名=张三 工号=2 单位=甲局"]);
    assert_eq!(people_of(&plan), (1, 0, 0, 0, 0));
    assert!(warnings(&plan)[0].contains("同名"));
}

#[test]
fn levels_in_each_others_column() {
    let mut store = Store::default();
    let plan = store.add(&[
        "姓名=甲 工号=1 单位=某局 职级=正科级",
        "姓名=乙 工号=2 单位=某局 职级=正科级",
        "姓名=丙 工号=3 单位=某局 领导职务层次=四级主任科员",
        "姓名=丁 工号=4 单位=某局 领导职务层次=副科级 职级=副科级",
        "姓名=戊 工号=5 单位=某局 职级=科员",
    ]);
    let level = |name: &str| {
        let person = store.person(name);
        (person.post_level.as_ref().map(|s| s.as_str()), person.rank.as_ref().map(|s| s.as_str()))
    };
    assert_eq!(level("甲"), (Some("xiangkeji-zhengzhi"), None));
    assert_eq!(level("丙"), (None, Some("siji-zhurenkeyuan")));
    assert_eq!(level("丁"), (Some("xiangkeji-fuzhi"), None));
    assert_eq!(level("戊"), (None, None));
    let warnings = warnings(&plan);
    assert_eq!(warnings.len(), 3, "{warnings:?}");
    assert!(warnings[0].contains("共 2 行"), "said once: {warnings:?}");
    assert!(warnings[2].contains("科员"));
}

#[test]
fn groups_follow_category_and_unit_and_an_offices_own_word() {
    let store = Store::of(&[
        "姓名=甲 工号=1 单位=城关镇/东村",
        "姓名=乙 工号=2 单位=城关镇/东村 职级=四级主任科员",
        "姓名=丙 工号=3 单位=城投公司",
        "姓名=丁 工号=4 单位=区财政局 人员类别=事业编",
        "姓名=戊 工号=5 单位=区财政局 人员类别=县处级",
        "姓名=己 工号=6 单位=区财政局",
    ]);
    for (name, group) in [
        ("甲", "cun-shequ"),
        ("乙", "yiban-ganbu"),
        ("丙", "guoqi-guanli"),
        ("丁", "shiye-guanli"),
        ("戊", "xianchuji"),
        ("己", "yiban-ganbu"),
    ] {
        assert_eq!(store.person(name).group.as_str(), group, "{name}");
    }
}

#[test]
fn a_group_set_by_hand_stays_until_the_level_changes() {
    let mut store = Store::of(&["姓名=甲 工号=1 单位=某局 职级=一级科员"]);
    store.people[0].group = "shiye-guanli".into();
    assert_eq!(people_of(&store.add(&["姓名=甲 工号=1 单位=某局 职级=一级科员"])), (0, 0, 0, 0, 1));
    store.add(&["姓名=甲 工号=1 单位=某局 领导职务层次=副科"]);
    assert_eq!(store.people[0].group.as_str(), "xiangkeji-fuzhi");
}

#[test]
fn who_left_and_is_named_again_is_back() {
    let mut store = Store::of(&["姓名=甲 工号=1 单位=某局"]);
    store.people[0].status = Status::Left;
    let plan = store.add(&["姓名=甲 工号=1 单位=某局"]);
    assert_eq!((people_of(&plan), store.people[0].status), ((0, 1, 0, 0, 0), Status::Active));
    store.people[0].status = Status::Left;
    assert_eq!(people_of(&store.add(&["姓名=甲 工号=1 单位=某局 状态=调出"])), (0, 0, 0, 0, 1));
}

#[test]
fn what_is_refused_says_why() {
    for (text, part) in [
        ("工号=1 单位=某局", "姓名"),
        ("姓名=甲 工号=1", "单位"),
        ("姓名=甲 工号=1 单位编码=X9", "X9"),
        ("姓名=甲 工号=1 单位=123", "不像单位名称"),
    ] {
        let plan = Store::default().add(&[text]);
        assert_eq!(people_of(&plan).0, 0, "{text}");
        assert!(errors(&plan)[0].contains(part), "{text}: {:?}", plan.problems);
        assert_eq!(units_of(&plan), (0, 0, 0), "{text}");
    }
    let skipped = Store::default().add(&["姓名=甲 工号=1 单位=某局 状态=已调出"]);
    assert_eq!((people_of(&skipped), errors(&skipped).len()), ((0, 0, 0, 0, 0), 0));
}
