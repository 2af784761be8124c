use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use super::*;
use crate::Column;

/// 24 November 2026, 09:30 UTC.
const CREATED: i64 = 1_795_512_600;

fn table(rows: Vec<Vec<Value>>) -> Table {
    Table {
        title: "各单位掌握率：一/二".to_owned(),
        columns: vec![
            Column::new("unit", "单位", Kind::Text),
            Column::new("persons", "人数", Kind::Count),
            Column::new("facility", "掌握率", Kind::Rate),
            Column::new("mean", "平均分", Kind::Marks),
        ],
        rows,
        notes: vec!["口径：按人聚合".to_owned(), "=note".to_owned()],
    }
}

fn read(bytes: Vec<u8>) -> (String, Vec<Vec<Data>>, usize) {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let name = book.sheet_names()[0].clone();
    let formulas = book.worksheet_formula(&name).unwrap().used_cells().count();
    let range = book.worksheet_range(&name).unwrap();
    (name, range.rows().map(<[Data]>::to_vec).collect(), formulas)
}

fn text(value: &str) -> Data {
    Data::String(value.to_owned())
}

#[test]
fn values_come_back_as_what_they_were() {
    let rows = vec![
        vec!["区纪委".into(), 12_u64.into(), 0.8214.into(), 88.25.into()],
        vec!["=HYPERLINK(\"x\")".into(), Value::Suppressed, Value::Suppressed, Value::Missing],
        vec!["+86".into(), 0_u64.into(), Value::Number(f64::NAN), 0.0.into()],
        vec!["@x".into(), 1_u64.into(), 1.0.into(), 100.0.into()],
    ];
    let (name, cells, formulas) = read(xlsx(&table(rows), CREATED).unwrap());
    assert_eq!(name, "各单位掌握率：一二");
    assert_eq!(formulas, 0, "text is never a formula");
    assert_eq!(cells[0][0], text("各单位掌握率：一/二"));
    assert_eq!(cells[1], ["单位", "人数", "掌握率", "平均分"].map(text));
    assert_eq!(cells[2], [text("区纪委"), Data::Float(12.0), Data::Float(0.8214), Data::Float(88.25)]);
    assert_eq!(cells[3], [text("=HYPERLINK(\"x\")"), text(TOO_FEW), text(TOO_FEW), Data::Empty]);
    assert_eq!(cells[4], [text("+86"), Data::Float(0.0), Data::Empty, Data::Float(0.0)]);
    assert_eq!(cells[5][0], text("@x"));
    assert_eq!((&cells[7][0], &cells[8][0]), (&text("口径：按人聚合"), &text("=note")));
}

#[test]
fn the_same_table_gives_the_same_bytes() {
    let make = |created| xlsx(&table(vec![vec!["a".into(), 1_u64.into(), 0.5.into(), 1.0.into()]]), created).unwrap();
    assert_eq!(make(CREATED), make(CREATED));
    assert_ne!(make(CREATED), make(CREATED + 86_400), "the file states its time");
}

#[test]
fn names_of_sheets() {
    for (title, expected) in [
        ("", "数据"),
        ("[]:*?/\\", "数据"),
        ("'引号'", "引号"),
        (&"长".repeat(40), &"长".repeat(31)),
        ("二季度\n测试", "二季度测试"),
    ] {
        assert_eq!(sheet_name(title), expected, "{title}");
    }
}

#[test]
fn too_much_or_crooked_is_refused() {
    let crooked = table(vec![vec!["a".into()]]);
    assert!(xlsx(&crooked, CREATED).unwrap_err().to_string().contains("第 1 行"));
    let wide = Table {
        title: String::new(),
        columns: (0..201).map(|at| Column::new(&at.to_string(), "列", Kind::Text)).collect(),
        rows: vec![],
        notes: vec![],
    };
    let error = xlsx(&wide, CREATED).unwrap_err();
    assert_eq!(error.to_string(), "列共 201 项，最多 200 项，请缩小统计范围后再导出");
}

#[test]
fn empty_tables_and_long_texts_are_fine() {
    let none = Table { title: String::new(), columns: vec![], rows: vec![], notes: vec![] };
    assert!(xlsx(&none, CREATED).is_ok());
    let long = table(vec![vec!["长".repeat(40_000).into(), 1_u64.into(), 0.5.into(), 1.0.into()]]);
    let (_, cells, _) = read(xlsx(&long, CREATED).unwrap());
    let Data::String(found) = &cells[2][0] else { panic!("text") };
    assert_eq!(found.chars().count(), 32_767);
}
