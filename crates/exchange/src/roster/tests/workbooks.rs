use super::*;
use rust_xlsxwriter::{Format, Formula};

#[test]
fn title_rows_any_order_and_usual_names() {
    let roster = read(
        "名册.xlsx",
        &book(&[
            &["某某区干部花名册"],
            &["填报时间：2026年11月", "", "", "单位：人"],
            &["序号", "*姓　名", "现任职务", "工作单位", "居民身份证\n号码（18位）", "政治面貌", "性别"],
            &["1", "张 三", "副局长", "区财政局", "'11010519491231002X", "中共党员", "男"],
            &["2", "李四（女）", "", "区教育局", "", "群众", "女"],
        ]),
    );
    assert_eq!(errors(&roster), Vec::<&str>::new());
    assert_eq!(roster.sheets[0].header_row, Some(3));
    let used: Vec<_> = roster.sheets[0].columns.iter().map(|c| (c.column.as_str(), c.field)).collect();
    assert_eq!(
        used,
        [
            ("A", None),
            ("B", Some(Field::Name)),
            ("C", Some(Field::Post)),
            ("D", Some(Field::Unit)),
            ("E", Some(Field::IdNumber)),
            ("F", Some(Field::Party)),
            ("G", None)
        ]
    );
    assert_eq!(
        lines(&roster),
        [
            "4: 身份证号=11010519491231002X 姓名=张三 单位=区财政局 岗位=副局长 政治面貌=中共党员 出生年月=1949-12",
            "5: 姓名=李四 单位=区教育局 政治面貌=群众",
        ]
    );
}

/// PRACTICE §5: a sheet for each unit, some hidden, empty or something else.
#[test]
fn a_sheet_for_each_unit() {
    let mut book = Workbook::new();
    fill(book.add_worksheet(), "区财政局", &[&["姓名", "工号"], &["张三", "1"]]);
    fill(book.add_worksheet(), "城关镇（镇直）", &[&["工号", "姓名"], &["2", "李四"]]);
    let old = book.add_worksheet();
    fill(old, "旧", &[&["姓名", "工号"], &["王五", "3"]]);
    old.set_hidden(true);
    fill(book.add_worksheet(), "说明", &[&["请各单位认真填写"]]);
    book.add_worksheet().set_name("Sheet5").unwrap();
    let roster = read("x.xlsx", &book.save_to_buffer().unwrap());
    assert_eq!(lines(&roster), ["2: 工号=1 姓名=张三 单位=区财政局", "2: 工号=2 姓名=李四 单位=城关镇"]);
    assert_eq!(roster.sheets.len(), 5);
    assert_eq!(errors(&roster), Vec::<&str>::new());
    let warnings = warnings(&roster);
    assert!(
        warnings.iter().any(|w| w.contains("隐藏")) && warnings.iter().any(|w| w.contains("没有找到表头")),
        "{warnings:?}"
    );
}

#[test]
fn merged_units_are_filled_down_and_no_further() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    fill(
        sheet,
        "Sheet1",
        &[
            &["单位", "姓名", "工号", "职级"],
            &["", "张三", "1", ""],
            &["", "李四", "2", ""],
            &["", "王五", "3", "二级科员"],
        ],
    );
    let format = Format::new();
    sheet.merge_range(1, 0, 2, 0, "区财政局", &format).unwrap();
    sheet.merge_range(1, 3, 2, 3, "一级科员", &format).unwrap();
    let roster = read("x.xlsx", &book.save_to_buffer().unwrap());
    assert_eq!(
        lines(&roster),
        [
            "2: 工号=1 姓名=张三 单位=区财政局 职级=一级科员",
            "3: 工号=2 姓名=李四 单位=区财政局 职级=一级科员",
            "4: 工号=3 姓名=王五 职级=二级科员",
        ]
    );
}

#[test]
fn a_merged_name_or_key_is_not_two_people() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    fill(sheet, "Sheet1", &[&["单位", "姓名", "工号"], &["甲局", "", ""], &["乙局", "", ""]]);
    sheet.merge_range(1, 1, 2, 1, "张三", &Format::new()).unwrap();
    sheet.merge_range(1, 2, 2, 2, "1", &Format::new()).unwrap();
    let roster = read("x.xlsx", &book.save_to_buffer().unwrap());
    assert_eq!(lines(&roster), ["2: 工号=1 姓名=张三 单位=甲局"]);
}

#[test]
fn blank_units_without_merging_take_the_one_above_with_a_warning() {
    let roster = read(
        "x.xlsx",
        &book(&[
            &["单位", "姓名", "工号", "科室"],
            &["区财政局", "张三", "1", "办公室"],
            &["", "李四", "2", ""],
            &["区教育局", "", "", ""],
            &["", "王五", "3", ""],
        ]),
    );
    assert_eq!(
        lines(&roster),
        [
            "2: 工号=1 姓名=张三 单位=区财政局 科室=办公室",
            "3: 工号=2 姓名=李四 单位=区财政局",
            "5: 工号=3 姓名=王五 单位=区教育局",
        ]
    );
    assert!(warnings(&roster)[0].contains("有 2 行的单位是空的（第一处在第 3 行）"));
}

#[test]
fn sums_sections_repeated_headings_and_notes_are_passed_over() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    fill(
        sheet,
        "城关镇",
        &[
            &["序号", "姓名", "工号"],
            &[""],
            &["1", "张三", "1"],
            &["小计", "", "1 人"],
            &["", "合 计", "2"],
            &["序号", "姓名", "工号"],
            &[""],
            &["2", "李四", "2"],
            &["3", "", ""],
            &["共 2 人"],
            &["填表人：王五", "", "审核人：赵六"],
        ],
    );
    let format = Format::new();
    sheet.merge_range(1, 0, 1, 2, "一、东村（1人）", &format).unwrap();
    sheet.merge_range(6, 0, 6, 2, "二、在职人员", &format).unwrap();
    let roster = read("x.xlsx", &book.save_to_buffer().unwrap());
    assert_eq!(lines(&roster), ["3: 工号=1 姓名=张三 单位=城关镇/东村", "8: 工号=2 姓名=李四 单位=城关镇"]);
    assert_eq!((roster.sheets[0].people, roster.sheets[0].passed_over), (2, 8));
    assert_eq!(errors(&roster), Vec::<&str>::new());
}

#[test]
fn headings_in_two_lines() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    fill(
        sheet,
        "Sheet1",
        &[&["", "", "", ""], &["", "", "领导职务层次", "职级"], &["张三", "财政局", "副科", "一级主任科员"]],
    );
    let format = Format::new();
    sheet.merge_range(0, 0, 1, 0, "姓名", &format).unwrap();
    sheet.merge_range(0, 1, 1, 1, "单位", &format).unwrap();
    sheet.merge_range(0, 2, 0, 3, "职务", &format).unwrap();
    let roster = read("x.xlsx", &book.save_to_buffer().unwrap());
    assert_eq!(lines(&roster), ["3: 姓名=张三 单位=财政局 领导职务层次=副科 职级=一级主任科员"]);
}

/// mawoka-myblock/ClassQuiz#316, Tadreeb-LMS/tadreeblms#68 (PRACTICE §4): a number in a cell killed the import.
#[test]
fn numbers_dates_booleans_and_formulas_are_cells_like_others() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    fill(sheet, "Sheet1", &[&["姓名", "工号", "手机", "出生年月", "单位", "职务", "身份证号"]]);
    let date = Format::new().set_num_format("yyyy\"年\"m\"月\"");
    sheet.write_formula(1, 0, Formula::new("=\"张\"&\"三\"").set_result("张三")).unwrap();
    sheet.write_number(1, 1, 1001.0).unwrap();
    sheet.write_number(1, 2, 13_800_138_000.0).unwrap();
    sheet.write_number_with_format(1, 3, 31229.0, &date).unwrap();
    sheet.write_string(1, 4, "财政局").unwrap();
    sheet.write_boolean(1, 5, true).unwrap();
    for (row, name) in [(2, "李四"), (3, "王五"), (4, "赵六")] {
        sheet.write_string(row, 0, name).unwrap();
        sheet.write_string(row, 4, "财政局").unwrap();
    }
    sheet.write_formula(2, 1, Formula::new("=VLOOKUP(1,A:B,2)").set_result("#N/A")).unwrap();
    sheet.write_number(3, 6, 1.10105194912310e17).unwrap();
    sheet.write_number(4, 3, 1985.1).unwrap();
    sheet.write_number(5, 0, 7.0).unwrap();
    sheet.write_string(5, 4, "财政局").unwrap();
    let roster = read("x.xlsx", &book.save_to_buffer().unwrap());
    let got = lines(&roster);
    assert_eq!(got[0], "2: 工号=1001 手机号=13800138000 姓名=张三 单位=财政局 岗位=是 出生年月=1985-07");
    assert!(got[1].starts_with("3!") && got[2].starts_with("4!") && got[4].starts_with("6!"), "{got:?}");
    assert_eq!(got[3], "5: 姓名=赵六 单位=财政局");
    let places: Vec<_> = roster.problems.iter().map(|p| (p.row, p.field.as_deref().unwrap(), p.severity)).collect();
    assert_eq!(
        places,
        [
            (Some(3), "工号", Severity::Error),
            (Some(4), "身份证号", Severity::Error),
            (Some(5), "出生年月", Severity::Warning),
            (Some(6), "姓名", Severity::Error),
        ]
    );
    assert!(roster.problems[1].reason.contains("文本"), "says what to do: {}", roster.problems[1].reason);
    assert!(!roster.problems[1].value.as_deref().unwrap().contains("194912"), "masked");
}

#[test]
fn an_id_number_settles_what_the_birth_cell_leaves_open() {
    let roster = read(
        "x.xlsx",
        &book(&[
            &["姓名", "身份证号", "出生年月"],
            &["张三", "11010519491231002X", "1949"],
            &["李四", "11010519491231002X", "1949.11"],
        ]),
    );
    assert_eq!(roster.rows[0].get(Field::Born), Some("1949-12"));
    assert_eq!(roster.rows[1].get(Field::Born), Some("1949-11"));
    let about_birth: Vec<_> = roster.problems.iter().filter(|p| p.field.as_deref() == Some("出生年月")).collect();
    assert_eq!(about_birth.len(), 1);
    assert!(about_birth[0].row == Some(3) && about_birth[0].reason.contains("不一致"));
}

#[test]
fn a_missing_column_names_what_is_there_and_what_is_needed() {
    for (rows, missing) in [
        (&[&["单位", "工号", "职级"][..], &["财政局", "1", ""]][..], "缺少姓名列"),
        (&[&["姓名", "职务", "性别"], &["张三", "科长", "男"]], "缺少工号"),
    ] {
        let roster = read("x.xlsx", &book(rows));
        assert!(roster.rows.is_empty());
        let error = errors(&roster)[0];
        assert!(error.contains(missing) && error.contains(&rows[0].join("、")), "{error}");
        assert!(error.contains("身份证号、手机号、姓名、单位"), "{error}");
    }
    let nothing = read("x.xlsx", &book(&[&["随便", "写的"], &["一", "二"]]));
    assert!(errors(&nothing)[0].contains("没有找到表头"));
    let empty = read("x.xlsx", &book(&[]));
    assert_eq!(errors(&empty).len(), 1);
}

#[test]
fn a_missing_name_is_an_error_that_keeps_the_key() {
    let roster = read("x.xlsx", &book(&[&["姓名", "工号", "单位"], &["", "1", "财政局"], &["张三", "2", "财政局"]]));
    assert_eq!(lines(&roster), ["2!: 工号=1 单位=财政局", "3: 工号=2 姓名=张三 单位=财政局"]);
    assert_eq!((errors(&roster).len(), roster.problems[0].row), (1, Some(2)));
    for alone in ["G7", "7"] {
        let rows: [&[&str]; 3] = [&["工号", "姓名", "单位"], &[alone], &["2", "张三", "财政局"]];
        assert_eq!(lines(&read("x.xlsx", &book(&rows)))[0], format!("2!: 工号={alone}"));
    }
}

#[test]
fn the_unit_above_the_headings() {
    for (name, top, unit) in [
        ("Sheet1", &["填报单位：区财政局（盖章）   2026年"][..], "区财政局"),
        ("Sheet1", &["区财政局干部花名册"], "区财政局"),
        ("区教育局", &["填报单位：", "区财政局"], "区财政局"),
        ("区教育局", &["区财政局干部花名册"], "区教育局"),
    ] {
        let roster = read("x.xlsx", &book_named(name, &[top, &["姓名", "职务"], &["张三", "科长"]]));
        assert_eq!(lines(&roster), [format!("3: 姓名=张三 单位={unit} 岗位=科长")], "{top:?}");
        assert!(warnings(&roster)[0].contains(unit));
    }
}

#[test]
fn an_old_workbook() {
    let roster = read("花名册.xls", include_bytes!("../../../tests/data/roster.xls"));
    assert_eq!(
        lines(&roster),
        [
            "3: 工号=1001 手机号=13800138000 姓名=张三 单位=区财政局 职级=四级主任科员 出生年月=1985-07",
            "4: 工号=1002 手机号=13800138001 姓名=李四 单位=区财政局 职级=一级科员 出生年月=1990-10",
            "6: 工号=1003 手机号=13800138002 姓名=王五 单位=城关镇/东村 职级=二级科员 出生年月=1988-12",
            "7: 工号=1004 姓名=赵六 单位=城关镇/东村 出生年月=1985-07",
        ]
    );
    assert_eq!(errors(&roster), Vec::<&str>::new());
    assert!(warnings(&roster).iter().any(|w| w.contains("隐藏")));
}

/// What we write ourselves for csv reads back, apostrophe and all.
#[test]
fn guarded_cells_read_back() {
    let post = crate::cells::safe_text("=1+1");
    let roster = read("x.csv", format!("姓名,工号,岗位\n张三,1,{post}\n").as_bytes());
    assert_eq!(roster.rows[0].get(Field::Post), Some("=1+1"));
}
