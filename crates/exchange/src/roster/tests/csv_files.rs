use super::*;
use encoding_rs::GB18030;
use proptest::prelude::*;

#[test]
fn gb18030_and_utf8() {
    let text = "姓名,单位,身份证号,出生年月\r\n张　三,区财政局,1.10105E+17,1985.07\r\n李四,区财政局,,1985.1\r\n";
    for bytes in [text.as_bytes().to_vec(), GB18030.encode(text).0.into_owned(), format!("\u{FEFF}{text}").into_bytes()]
    {
        let roster = read("名册.csv", &bytes);
        assert_eq!(lines(&roster), ["2!: 姓名=张三 单位=区财政局 出生年月=1985-07", "3: 姓名=李四 单位=区财政局"]);
        assert!(errors(&roster)[0].contains("文本"));
        assert!(warnings(&roster)[0].contains("10 月"));
    }
}

#[test]
fn a_csv_of_one_unit_is_named_after_it() {
    let roster = read("上报/区财政局花名册.csv", "姓名,职务\n张三,科长\n".as_bytes());
    assert_eq!(lines(&roster), ["2: 姓名=张三 单位=区财政局 岗位=科长"]);
}

#[test]
fn a_short_or_long_line_is_no_crash() {
    let roster = read("x.csv", "姓名,单位\n张三\n李四,甲局,多,余\n".as_bytes());
    assert_eq!(names(&roster), ["张三", "李四"]);
}

proptest! {
    /// Whatever the bytes: an answer or an error, never a crash.
    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse("x.csv", &bytes, &Limits::default());
    }

    /// Whatever stands in the cells under known headings: every row with a name is a row of the result.
    #[test]
    fn any_cells(cells in prop::collection::vec(("[\u{4E00}-\u{4E20}]{2,3}", "[^\0]{0,12}", "[^\0]{0,12}"), 1..8)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["姓名", "工号", "单位", "出生年月", "身份证号", "手机号"]).unwrap();
        for (name, a, b) in &cells {
            writer.write_record([name, a, b, a, b, a]).unwrap();
        }
        let roster = read("x.csv", &writer.into_inner().unwrap());
        prop_assert_eq!(roster.rows.len(), cells.len());
        for (row, (name, ..)) in roster.rows.iter().zip(&cells) {
            prop_assert_eq!(row.get(Field::Name), Some(name.as_str()));
        }
    }
}
