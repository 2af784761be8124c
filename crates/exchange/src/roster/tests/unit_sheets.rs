use super::*;
use rust_xlsxwriter::Format;

fn unit_lines(roster: &ParsedRoster) -> Vec<String> {
    lines(&ParsedRoster { rows: roster.unit_rows.clone(), ..ParsedRoster::default() })
}

#[test]
fn units_beside_people() {
    let mut book = Workbook::new();
    fill(
        book.add_worksheet(),
        "单位表",
        &[
            &["明德区单位一览表"],
            &["序号", "单位编码", "单位名称", "上级单位", "单位类型", "所属系统", "派驻组", "片区"],
            &["1", "B01", "区财政局", "明德区", "区直部门", "经济系统", "第一派驻组", "东片"],
            &["2", "B02", "区法院", "明德区", "区直部门", "政法系统", "", ""],
            &["", "", "合计", "2 个"],
            &["填表人：某某"],
        ],
    );
    fill(book.add_worksheet(), "人员", &[&["姓名", "工号", "单位", "系统"], &["张三", "1", "区财政局", "经济系统"]]);
    let roster = read("名册.xlsx", &book.save_to_buffer().unwrap());
    assert_eq!(errors(&roster), Vec::<&str>::new());
    assert_eq!(
        unit_lines(&roster),
        [
            "3: 单位=区财政局 单位编码=B01 上级单位=明德区 单位类型=区直部门 系统=经济系统 派驻组=第一派驻组 片区=东片",
            "4: 单位=区法院 单位编码=B02 上级单位=明德区 单位类型=区直部门 系统=政法系统",
        ]
    );
    assert_eq!(lines(&roster), ["2: 工号=1 姓名=张三 单位=区财政局 系统=经济系统"]);
    let counts: Vec<_> = roster.sheets.iter().map(|sheet| (sheet.units, sheet.people, sheet.passed_over)).collect();
    assert_eq!(counts, [(2, 0, 2), (0, 1, 0)]);
}

#[test]
fn a_file_of_units_alone() {
    let roster = read("单位.csv", "单位名称,片区\n区财政局,东片\n青石镇,西片\n,西片\n".as_bytes());
    assert_eq!(unit_lines(&roster), ["2: 单位=区财政局 片区=东片", "3: 单位=青石镇 片区=西片", "4!: 片区=西片"]);
    let [error] = errors(&roster)[..] else { panic!("{:?}", roster.problems) };
    assert!(error.contains("没有单位名称"), "{error}");
    let alone = &roster.problems[0];
    assert_eq!((alone.sheet.as_deref(), alone.row, alone.field.as_deref()), (Some("单位"), Some(4), Some("单位")));
}

#[test]
fn merged_groups_are_those_of_every_row_and_names_never_are() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    fill(sheet, "单位", &[&["单位名称", "系统"], &["区法院", ""], &["区检察院", ""], &["", ""]]);
    sheet.merge_range(1, 1, 3, 1, "政法系统", &Format::new()).unwrap();
    let roster = read("x.xlsx", &book.save_to_buffer().unwrap());
    assert_eq!(unit_lines(&roster), ["2: 单位=区法院 系统=政法系统", "3: 单位=区检察院 系统=政法系统"]);
}

#[test]
fn a_sheet_of_sums_is_no_sheet_of_units() {
    let mut book = Workbook::new();
    fill(book.add_worksheet(), "汇总", &[&["单位", "人数", "备注"], &["区财政局", "12", ""]]);
    fill(book.add_worksheet(), "人员", &[&["姓名", "工号", "单位"], &["张三", "1", "区财政局"]]);
    let roster = read("x.xlsx", &book.save_to_buffer().unwrap());
    assert!(roster.unit_rows.is_empty(), "{:?}", roster.unit_rows);
    assert_eq!(errors(&roster), Vec::<&str>::new());
}
