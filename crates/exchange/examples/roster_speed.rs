//! How long a roster takes to be read and planned.
//!
//! `cargo run --release -p exchange --example roster_speed` makes a workbook of 50,000 people in 600 units and times
//! reading, the plan of a first import, and the plan of the same file again. With a file name it reads that file.

use exchange::{Limits, roster};
use organisation::roster::{ImportPlan, KeyKind, PlanInput, PlanOptions, PlanTools, plan};
use organisation::{Lists, Person, Unit, UnitHistory, UnitTree};
use rust_xlsxwriter::{Workbook, XlsxError};
use std::error::Error;
use std::time::Instant;

const PEOPLE: u32 = 50_000;
const UNITS: u32 = 600;

fn main() -> Result<(), Box<dyn Error>> {
    let (name, bytes) = match std::env::args().nth(1) {
        Some(path) => (path.clone(), std::fs::read(path)?),
        None => ("made.xlsx".to_owned(), make()?),
    };
    println!("file: {} KiB", bytes.len() / 1024);
    let start = Instant::now();
    let read = roster::parse(&name, &bytes, &Limits::default())?;
    println!("read: {} rows, {} problems, {:.2?}", read.rows.len(), read.problems.len(), start.elapsed());
    for problem in read.problems.iter().take(5) {
        println!("  {:?} {:?} {:?} {}", problem.sheet, problem.row, problem.field, problem.reason);
    }
    let (mut people, mut units) = (Vec::new(), Vec::new());
    for turn in ["first plan", "same again"] {
        let start = Instant::now();
        let made = plan_of(&read, &people, &units)?;
        println!("{turn}: {:?} {:?}, {:.2?}", made.report().people, made.report().units, start.elapsed());
        made.apply(&mut people, &mut units);
    }
    Ok(())
}

fn plan_of(read: &roster::ParsedRoster, people: &[Person], units: &[Unit]) -> Result<ImportPlan, Box<dyn Error>> {
    let tree = UnitTree::build(units.to_vec())?;
    let mut next = people.len() + units.len();
    let mut new_id = || {
        next += 1;
        format!("id-{next}")
    };
    let lists = Lists::default();
    let history = UnitHistory::default();
    let input = PlanInput {
        existing: people,
        units: &tree,
        lists: &lists,
        history: &history,
        rows: &read.rows,
        unit_rows: &read.unit_rows,
        problems: &read.problems,
    };
    let key_of = |_: KeyKind, value: &str| value.to_owned();
    let options = PlanOptions::full(jiff::civil::date(2026, 11, 24));
    Ok(plan(&input, &options, &mut PlanTools { new_id: &mut new_id, key_of: &key_of }))
}

fn make() -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let headings = [
        "序号",
        "姓名",
        "工号",
        "单位",
        "领导职务层次",
        "职级",
        "岗位",
        "政治面貌",
        "监察对象类别",
        "出生年月",
        "手机号",
        "状态",
    ];
    for (column, heading) in (0_u16..).zip(headings) {
        sheet.write_string(0, column, heading)?;
    }
    for n in 1..=PEOPLE {
        let unit = n % UNITS;
        sheet.write_number(n, 0, n)?;
        sheet.write_string(n, 1, "张三")?;
        sheet.write_string(n, 2, format!("G{n:06}"))?;
        sheet.write_string(n, 3, format!("第{}局/第{}科", unit / 6, unit % 6))?;
        sheet.write_string(n, 4, if n % 9 == 0 { "乡科级副职" } else { "无" })?;
        sheet.write_string(n, 5, "四级主任科员")?;
        sheet.write_string(n, 6, "工作人员")?;
        sheet.write_string(n, 7, "中共党员")?;
        sheet.write_string(n, 8, "公务员")?;
        sheet.write_string(n, 9, format!("{}.{:02}", 1965 + n % 35, 1 + n % 12))?;
        sheet.write_number(n, 10, 13_800_000_000.0 + f64::from(n))?;
        sheet.write_string(n, 11, "在职")?;
    }
    book.save_to_buffer()
}
