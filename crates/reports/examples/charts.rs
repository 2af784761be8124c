//! Writes sample charts into a folder, to be looked at: `cargo run -p reports --example charts -- FOLDER`.

use std::error::Error;
use std::path::PathBuf;

use reports::chart::{Estimate, HeatCell, HeatMap, IntervalChart, IntervalRow, heat_map, interval_chart};

const TOPICS: [&str; 9] = [
    "政治纪律",
    "组织纪律",
    "廉洁纪律",
    "群众纪律",
    "工作纪律",
    "生活纪律",
    "处分的适用规则",
    "监察权限与程序（含留置措施）",
    "政务处分",
];
const UNITS: [&str; 14] = [
    "全区",
    "　区纪委监委机关",
    "　区委办公室",
    "　东城街道",
    "　　东城街道第一社区党群服务中心",
    "　　东城街道第二社区",
    "　西河镇",
    "　　西河镇人民政府农业农村综合服务中心（农产品质量安全监管站）",
    "　　西河镇河口村",
    "　区教育局",
    "　　第三实验小学",
    "　派驻区发展和改革委员会纪检监察组",
    "　区城市建设投资集团有限公司",
    "　区卫生健康局",
];

fn share(row: u32, column: u32) -> f64 {
    0.42 + 0.57 * f64::from((row * 37 + column * 53 + row * column * 11) % 100) / 100.0
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("a folder is needed")?);
    let notes = vec![
        "n = 2,918 人，116,720 次作答；掌握率为得分率，按人聚合计算 95% 区间。单位数字含其下级单位。".to_owned(),
        "来源：2026 年纪律教育网络测试，2026年11月24日封存。".to_owned(),
    ];
    let cell = |row: u32, column: u32| match (row * 7 + column * 3) % 23 {
        0 => HeatCell::Suppressed,
        1 if row > 9 => HeatCell::Empty,
        _ => HeatCell::Share(share(row, column)),
    };
    let map = |columns: usize| HeatMap {
        title: "“处分的适用规则”是全区最弱的主题，掌握率 58.3%，村社区与机关相差 21 个百分点".to_owned(),
        axes: ("单位".to_owned(), "主题".to_owned()),
        rows: UNITS.map(str::to_owned).to_vec(),
        columns: TOPICS.iter().cycle().take(columns).map(|topic| (*topic).to_owned()).collect(),
        cells: (0..14).map(|row| (0..).take(columns).map(|column| cell(row, column)).collect()).collect(),
        measure: "掌握率".to_owned(),
        notes: notes.clone(),
    };
    std::fs::write(folder.join("heat-map.svg"), heat_map(&map(9))?)?;
    std::fs::write(folder.join("heat-map-narrow.svg"), heat_map(&map(2))?)?;
    std::fs::write(folder.join("heat-map-wide.svg"), heat_map(&map(18))?)?;
    let row = |at: u32, label: &str| {
        let (share, half) = (share(at, 3), 0.02 + 0.012 * f64::from(at));
        let (low, high) = ((share - half).max(0.0), (share + half * 0.8).min(1.0));
        let estimate = Estimate { share, low, high, persons: u64::from(2_918 / (at + 1)) };
        IntervalRow { label: label.to_owned(), estimate: (at % 6 != 4).then_some(estimate) }
    };
    let intervals = IntervalChart {
        title: "三个单位的掌握率低于全区，其余单位的差别在误差之内".to_owned(),
        measure: "掌握率".to_owned(),
        rows: (0..).zip(UNITS).map(|(at, label)| row(at, label)).collect(),
        compare: Some(("全区".to_owned(), 0.812)),
        notes,
    };
    std::fs::write(folder.join("intervals.svg"), interval_chart(&intervals)?)?;
    Ok(())
}
