use super::*;

const CSV: &str = "姓名,工号,身份证号,单位,手机号\n张三,1,110105194912310021,甲局,\n,2,,甲局,\n李四,3,,甲局,123\n";

fn roster() -> ParsedRoster {
    read("表.csv", CSV.as_bytes())
}

fn correction(pairs: &[(Field, &str)]) -> Correction {
    let fields = pairs.iter().map(|(field, value)| (*field, Some((*value).to_owned()))).collect();
    Correction { fields, skip: false }
}

#[test]
fn a_corrected_row_is_taken_and_its_problem_goes() {
    let mut roster = roster();
    assert_eq!(errors(&roster).len(), 2);
    assert_eq!((roster.row_count(), roster.numbers()[&("表", 3)]), (3, 2));
    roster.correct(1, &correction(&[(Field::IdNumber, "11010519491231002X")])).unwrap();
    roster.correct(2, &correction(&[(Field::Name, " 王 五 "), (Field::Unit, "乙局")])).unwrap();
    assert_eq!(errors(&roster), Vec::<&str>::new());
    assert_eq!(
        lines(&roster),
        [
            "2: 工号=1 身份证号=11010519491231002X 姓名=张三 单位=甲局 出生年月=1949-12",
            "3: 工号=2 姓名=王五 单位=乙局",
            "4: 工号=3 姓名=李四 单位=甲局",
        ]
    );
    assert_eq!(warnings(&roster).len(), 1, "the phone of row 4 is still doubtful");
    roster.correct(3, &correction(&[(Field::Phone, "13800138000")])).unwrap();
    assert_eq!(warnings(&roster), Vec::<&str>::new());
}

#[test]
fn wrong_values_change_nothing() {
    let mut roster = roster();
    let before = roster.clone();
    for (number, pairs, field) in [
        (1, &[(Field::IdNumber, "1")][..], Field::IdNumber),
        (1, &[(Field::Phone, "0531-1")], Field::Phone),
        (3, &[(Field::Name, "")], Field::Name),
        (3, &[(Field::Name, "5")], Field::Name),
        (2, &[(Field::Unit, "乙局")], Field::Name),
        (3, &[(Field::Born, "1985.1")], Field::Born),
    ] {
        let wrong = roster.correct(number, &correction(pairs)).unwrap_err();
        assert_eq!(wrong[0].field, field, "{wrong:?}");
        assert_eq!(roster, before);
    }
}

#[test]
fn a_skipped_row_stays_as_one_that_changes_nobody() {
    let mut roster = roster();
    roster.correct(2, &Correction { skip: true, ..Correction::default() }).unwrap();
    assert_eq!(errors(&roster).len(), 1, "only that of row 2 of the sheet is left");
    assert!(roster.rows[1].refused && roster.rows.len() == 3);
    assert!(roster.row(4).is_none());
}

#[test]
fn an_error_that_was_not_touched_stays() {
    let mut roster = roster();
    roster.correct(1, &correction(&[(Field::Unit, "丙局")])).unwrap();
    assert!(roster.rows[0].refused, "the ID number is still wrong");
    roster.correct(1, &Correction { fields: [(Field::IdNumber, None)].into(), skip: false }).unwrap();
    assert!(!roster.rows[0].refused && roster.rows[0].get(Field::IdNumber).is_none());
}

#[test]
fn a_row_of_units_has_the_columns_of_units() {
    let mut roster = read("单位.csv", "单位名称,片区\n,东片\n".as_bytes());
    let wrong = roster.correct(1, &correction(&[(Field::Rank, "一级科员")])).unwrap_err();
    assert!(wrong[0].reason.contains("单位表里没有“职级”"), "{wrong:?}");
    roster.correct(1, &correction(&[(Field::Unit, "区财政局")])).unwrap();
    assert_eq!(errors(&roster), Vec::<&str>::new());
    assert!(!roster.unit_rows[0].refused);
}
