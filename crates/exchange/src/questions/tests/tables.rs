//! Workbooks and delimited files.

use super::{item, lines, read, reasons};
use crate::questions::{Format, Limits, parse};
use rust_xlsxwriter::{Format as Look, Formula, Workbook};

/// A workbook of one sheet.
fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(*cells) {
            if !cell.is_empty() {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

const HEADINGS: [&str; 12] =
    ["题型", "题干", "选项A", "选项B", "选项C", "答案", "解析", "法规", "条", "款", "项", "关键词句"];

#[test]
fn the_template_with_a_title_above() {
    let bytes = workbook(&[
        &["纪法知识题库"],
        &HEADINGS,
        &["单选", "甲？", "子", "丑", "寅", "B", "因为", "《甲法》", "第八条", "1", "（三）", "记大过"],
        &["多选题", "乙？", "A.子", "B、丑", "寅", "a,c", "因为", "甲法（2018）", "17-1"],
        &["判断", "丙。", "", "", "", "错误"],
        &[],
        &["题型", "题干", "选项A"],
        &["", "丁？", "子", "", "寅", "C"],
        &["论文", "戊？", "", "", "", "B"],
    ]);
    let file = read("题库.xlsx", &bytes);
    assert_eq!(file.format, Format::Xlsx);
    assert_eq!(
        lines(&file),
        [
            "single 甲？ [子|丑|寅] \"b\" 因为",
            "multiple 乙？ [子|丑|寅] [\"a\",\"c\"] 因为",
            "judgement 丙。 [] false ∅",
            // The empty cell keeps its place: C stays C.
            "single 丁？ [子|∅|寅] \"c\" ∅",
            "? 戊？ [] ∅ ∅",
        ]
    );
    let sources: Vec<String> = file
        .questions
        .iter()
        .flat_map(|question| &question.sources)
        .map(|one| {
            format!(
                "{} {:?} {:?} {:?} {:?} {:?}",
                one.law, one.edition, one.article, one.paragraph, one.item, one.words
            )
        })
        .collect();
    assert_eq!(
        sources,
        [
            "《甲法》 None Some(\"8\") Some(1) Some(3) Some(\"记大过\")",
            "甲法（2018） None Some(\"17-1\") None None None"
        ]
    );
    assert_eq!(file.questions.iter().map(|question| question.row).collect::<Vec<_>>(), [3, 4, 5, 8, 9]);
    assert!(reasons(&file).iter().any(|reason| reason.contains("题型“论文”不认识")), "{:?}", reasons(&file));
}

#[test]
fn other_headings_and_one_cell_for_all_options() {
    let bytes = workbook(&[
        &["试题类型", "*试题内容（必填）", "备选答案", "正确选项", "答案解析", "法律依据", "考点", "难度系数", "题库"],
        &["单项选择题", "甲？", "A.子\nB.丑", "A", "因为", "《甲法》第八条", "廉洁纪律", "0.6", "练习"],
    ]);
    let file = read("x.xlsx", &bytes);
    assert_eq!(lines(&file), ["single 甲？ [子|丑] \"a\" 因为"]);
    let first = &file.questions[0];
    assert_eq!((first.sources[0].law.as_str(), first.sources[0].article.as_deref()), ("甲法", Some("8")));
    assert_eq!((first.topics.as_slice(), first.draft.prior_facility), (&["廉洁纪律".to_owned()][..], Some(0.6)));
    assert_eq!(first.draft.pool.map(|pool| pool.as_str()), Some("practice"));
}

#[test]
fn numbers_dates_truths_and_formulas_in_cells() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in (0_u16..).zip(["题干", "选项A", "选项B", "选项C", "选项D", "答案", "条", "难度"])
    {
        sheet.write_string(0, column, heading).unwrap();
    }
    sheet.write_string(1, 0, "多少？").unwrap();
    sheet.write_number(1, 1, 6.0).unwrap();
    sheet.write_number(1, 2, 1.5).unwrap();
    let day = Look::new().set_num_format("yyyy-mm-dd");
    sheet.write_number_with_format(1, 3, 45_292.0, &day).unwrap();
    sheet.write_formula(1, 4, Formula::new("=3+4").set_result("7")).unwrap();
    sheet.write_string(1, 5, "A").unwrap();
    sheet.write_number(1, 6, 17.0).unwrap();
    sheet.write_number(1, 7, 0.55).unwrap();
    sheet.write_string(2, 0, "=HYPERLINK(\"http://x\")").unwrap();
    sheet.write_boolean(2, 5, true).unwrap();
    sheet.write_string(3, 0, "坏公式").unwrap();
    sheet.write_formula(3, 5, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    let file = read("x.xlsx", &book.save_to_buffer().unwrap());
    assert_eq!(
        lines(&file),
        [
            "single 多少？ [6|1.5|2024-01-01|7] \"a\" ∅",
            // What looks like a formula is text, whatever it says.
            "judgement =HYPERLINK(\"http://x\") [] true ∅",
            "? 坏公式 [] ∅ ∅",
        ]
    );
    assert_eq!(file.questions[0].sources[0].article.as_deref(), Some("17"));
    assert_eq!(file.questions[0].draft.prior_facility, Some(0.55));
    assert!(reasons(&file).iter().any(|reason| reason.contains("错误值")), "{:?}", reasons(&file));
}

#[test]
fn cases_take_a_row_for_each_part() {
    let bytes = workbook(&[
        &["题号", "案例材料", "题型", "题干", "选项A", "选项B", "选项C", "答案", "案情日期"],
        &["zw-40.1", "某人受记过处分。", "单选", "期间是？", "六个月", "十二个月", "一年半", "B", "2025-03-10"],
        &["zw-40.2", "", "判断", "处分已生效。", "", "", "", "对"],
        &["", "另一案。", "判断", "甲。", "", "", "", "错"],
        &["", "另一案。", "判断", "乙。", "", "", "", "对"],
        &["zw-41", "", "判断", "不是案例。", "", "", "", "对"],
    ]);
    let file = read("x.xlsx", &bytes);
    assert_eq!(
        lines(&file),
        [
            "single 期间是？ [六个月|十二个月|一年半] \"b\" ∅ ‖ judgement 处分已生效。 [] true ∅",
            "judgement 甲。 [] false ∅ ‖ judgement 乙。 [] true ∅",
            "judgement 不是案例。 [] true ∅",
        ]
    );
    assert_eq!(file.questions[0].draft.reference.as_ref().unwrap().as_str(), "zw-40");
    assert_eq!(file.questions[0].draft.facts_on.unwrap().to_string(), "2025-03-10");
    assert_eq!(file.questions[0].draft.stem(), "某人受记过处分。");
}

#[test]
fn delimited_files_in_both_encodings() {
    for sign in [",", "\t", ";"] {
        let text =
            ["题干", "选项A", "选项B", "答案"].join(sign) + "\r\n" + &["甲？", "子", "丑", "B"].join(sign) + "\r\n";
        for bytes in [text.clone().into_bytes(), encoding_rs::GB18030.encode(&text).0.into_owned()] {
            let file = read("x.csv", &bytes);
            assert_eq!((file.format, lines(&file)), (Format::Csv, vec!["single 甲？ [子|丑] \"b\" ∅".to_owned()]));
        }
    }
}

#[test]
fn several_sheets_hidden_ones_and_no_headings() {
    let mut book = Workbook::new();
    for (name, hidden, rows) in [
        ("单选", false, [["题干", "答案"], ["甲____。", "子"]]),
        ("说明", false, [["填表说明", "无"], ["一", "二"]]),
        ("旧题", true, [["题干", "答案"], ["乙____。", "丑"]]),
    ] {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap().set_hidden(hidden);
        for (row, cells) in (0_u32..).zip(rows) {
            for (column, cell) in (0_u16..).zip(cells) {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
    }
    let file = read("x.xlsx", &book.save_to_buffer().unwrap());
    assert_eq!(lines(&file), ["blank 甲____。 [] [[\"子\"]] ∅"]);
    let reasons = reasons(&file);
    assert!(reasons[0].contains("没有找到表头") && reasons[1].contains("隐藏"), "{reasons:?}");
    let wrong = parse("x.xlsx", &workbook(&[&["姓名", "单位"], &["张三", "财政局"]]), None, &Limits::default());
    assert!(wrong.unwrap_err().to_string().contains("题干"));
}

#[test]
fn misconceptions_points_and_citations_on_several_lines() {
    let bytes = workbook(&[
        &[
            "题型",
            "题干",
            "选项A",
            "选项B",
            "选项C",
            "答案",
            "误区",
            "得分点",
            "法规",
            "版本",
            "条",
            "款",
            "关键词句",
            "支持选项",
        ],
        &[
            "多选",
            "甲？",
            "子",
            "丑",
            "寅",
            "AC",
            "B：把丑当子\nX：无",
            "",
            "jia-fa",
            "2020",
            "7\n8",
            "\n2",
            "警告\n记过",
            "A\nC",
        ],
        &["简答", "说说。", "", "", "", "三种。", "", "警告=1.5\n记过", "", "", "", "", "", ""],
    ]);
    let file = read("x.xlsx", &bytes);
    let first = &file.questions[0];
    assert_eq!(item(first).options[1].misconception.as_deref(), Some("把丑当子"));
    let sources: Vec<String> = first
        .sources
        .iter()
        .map(|one| {
            format!("{} {:?} {:?} {:?} {}", one.law, one.article, one.paragraph, one.words, one.supports.join(""))
        })
        .collect();
    assert_eq!(sources, ["jia-fa Some(\"7\") None Some(\"警告\") A", "jia-fa Some(\"8\") Some(2) Some(\"记过\") C"]);
    assert_eq!(item(&file.questions[1]).points.len(), 1);
    let reasons = reasons(&file);
    assert!(reasons[0].contains("误区“X：无”") && reasons[1].contains("得分点“记过”"), "{reasons:?}");
}
