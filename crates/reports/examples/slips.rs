//! Activation slips to look at and to measure: `cargo run --release -p reports --example slips -- OUT.pdf [COUNT]`.

use std::error::Error;
use std::time::Instant;

use jiff::civil::DateTime;
use reports::pdf::{FontFace, FontFile, Fonts, Slip, SlipSheet, UnitSlips, activation_slips};

const FAMILY: &str = "Noto Sans CJK SC";
const UNIT_PEOPLE: usize = 23;
const SURNAMES: [&str; 12] = ["赵", "钱", "孙", "李", "周", "吴", "郑", "王", "欧阳", "冯", "陈", "褚"];
const GIVEN: [&str; 11] = ["建国", "秀英", "伟", "芳", "志强", "丽华", "敏", "明辉", "晓东", "桂兰", "子涵"];

fn fonts() -> Result<Fonts, Box<dyn Error>> {
    let mut installed = fontdb::Database::new();
    installed.load_system_fonts();
    let face = |weight| -> Result<FontFace, Box<dyn Error>> {
        let families = &[fontdb::Family::Name(FAMILY)];
        let id = installed.query(&fontdb::Query { families, weight, ..fontdb::Query::default() });
        let id = id.ok_or("fonts-noto-cjk is not installed")?;
        let (source, index) = installed.face_source(id).ok_or("no such face")?;
        let fontdb::Source::File(path) = source else { return Err("not a file".into()) };
        Ok(FontFace { file: FontFile::new(std::fs::read(path)?), index })
    };
    Ok(Fonts::new(&face(fontdb::Weight::NORMAL)?)?.with_bold(&face(fontdb::Weight::BOLD)?)?)
}

fn slip(number: usize, valid_until: DateTime) -> Slip {
    let pick = |from: &[&str], at: usize| from.get(at % from.len()).copied().unwrap_or_default().to_owned();
    let login = format!("{}", 20_260_000 + number);
    let code: String =
        (0..10).map(|at| pick(&["A", "7", "K", "Q", "2", "Z", "H", "9", "M"], number * 7 + at * 5)).collect();
    Slip {
        name: pick(&SURNAMES, number) + &pick(&GIVEN, number * 3),
        link: Some(format!("https://jifa.example.gov.cn/activate.html#login={login}&code={code}")),
        login,
        code,
        valid_until,
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().ok_or("usage: slips OUT.pdf [COUNT]")?;
    let count: usize = arguments.next().map_or(Ok(47), |text| text.parse())?;
    let valid_until: DateTime = "2026-12-24T17:30:00".parse()?;
    let everybody: Vec<Slip> = (1..=count).map(|number| slip(number, valid_until)).collect();
    let units = (1..)
        .zip(everybody.chunks(UNIT_PEOPLE))
        .map(|(number, slips)| UnitSlips {
            unit: format!("城关镇 第{number}村民委员会"), slips: slips.to_vec()
        });
    let sheet = SlipSheet {
        title: "示范区 · 知戒纪法知识测试".to_owned(),
        address: Some("https://jifa.example.gov.cn/activate.html".to_owned()),
        units: units.collect(),
    };
    let started = Instant::now();
    let fonts = fonts()?;
    let loaded = started.elapsed();
    let pdf = activation_slips(&sheet, &fonts, "2026-11-24T10:32:00".parse()?)?;
    println!(
        "{count} slips, {} pages, {} bytes; fonts {loaded:?}, document {:?}; lacking {:?}",
        pdf.pages,
        pdf.bytes.len(),
        started.elapsed() - loaded,
        pdf.lacking
    );
    std::fs::write(out, pdf.bytes)?;
    Ok(())
}
