//! Units that are named by a sheet, a title or a section instead of a column.

use organisation::text::{squeeze, tidy};

/// Endings of names of units, longest first where one ends another.
const ENDINGS: [&str; 47] = [
    "局",
    "委",
    "办",
    "室",
    "镇",
    "乡",
    "街道",
    "村",
    "社区",
    "中心",
    "法院",
    "检察院",
    "医院",
    "学院",
    "院",
    "中学",
    "小学",
    "学校",
    "幼儿园",
    "所",
    "站",
    "队",
    "科",
    "股",
    "组",
    "部",
    "联合会",
    "工会",
    "协会",
    "学会",
    "公司",
    "集团",
    "园区",
    "馆",
    "场",
    "工委",
    "党校",
    "妇联",
    "工商联",
    "残联",
    "科协",
    "文联",
    "人大",
    "政协",
    "银行",
    "团区委",
    "监委",
];
/// Names that look like units but are heads of groups in a roster.
const NOT_UNITS: [&str; 14] = [
    "领导班子",
    "在职人员",
    "退休人员",
    "离退休人员",
    "机关干部",
    "事业人员",
    "公务员",
    "工勤人员",
    "其他",
    "合计",
    "下属事业单位",
    "内设科室",
    "村居",
    "班子成员",
];
/// What titles and sheets add to the unit's name.
const TAILS: [&str; 22] = [
    "花名册",
    "名册",
    "人员名单",
    "干部名单",
    "名单",
    "人员信息表",
    "信息表",
    "基本情况表",
    "情况表",
    "统计表",
    "登记表",
    "一览表",
    "汇总表",
    "台账",
    "人员信息",
    "信息",
    "人员",
    "干部",
    "在职",
    "在编",
    "全体",
    "党员",
];

/// The unit in the name of a sheet or in a title, if that is what it names.
pub(super) fn in_title(title: &str) -> Option<String> {
    let mut text = squeeze(title);
    if let Some(at) = text.find(['(', '（']) {
        text.truncate(at);
    }
    let mut text =
        text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '、' | '年' | '-' | '_')).to_owned();
    loop {
        let shorter = TAILS.iter().find_map(|tail| text.strip_suffix(tail)).map(str::to_owned).or_else(|| {
            let cut = text.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '年' | '-' | '_' | '表'));
            (cut.len() < text.len()).then(|| cut.to_owned())
        });
        match shorter {
            Some(shorter) => text = shorter,
            None => break,
        }
    }
    is_unit(&text).then_some(text)
}

/// The unit in 填报单位：某局（盖章）, given the texts of a row above the headings.
pub(super) fn in_label<'a>(cells: impl Iterator<Item = &'a str>) -> Option<String> {
    const LABELS: [&str; 6] = ["填报单位", "填表单位", "报送单位", "单位名称", "所在单位", "单位"];
    let mut open = false;
    for cell in cells {
        let text = tidy(cell);
        if open {
            return name_of(&text);
        }
        let bare = squeeze(&text);
        let Some(rest) = LABELS.iter().find_map(|label| bare.strip_prefix(label)) else { continue };
        let rest = strip_brackets(rest);
        let Some(rest) = rest.strip_prefix(':') else { continue };
        if rest.is_empty() {
            open = true;
            continue;
        }
        // Spaces end the name; the squeezed text has none, so the name is looked up in the spaced one.
        let after = text.split_once([':', '：']).map(|(_, after)| after.trim()).unwrap_or_default();
        return name_of(after.split(' ').next().unwrap_or_default());
    }
    None
}

/// The label's own （盖章） before the colon.
fn strip_brackets(text: &str) -> &str {
    match text.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((_, rest)) => rest,
        None => text,
    }
}

fn name_of(text: &str) -> Option<String> {
    let text = squeeze(text);
    let name = text.split(['(', '（', '_']).next().unwrap_or_default();
    (name.chars().count() >= 2 && name.chars().count() <= 40).then(|| name.to_owned())
}

/// The unit in a section row such as 一、城关镇东村（12人）.
pub(super) fn in_section(text: &str) -> Option<String> {
    let text = squeeze(text);
    let text = text.strip_prefix('(').unwrap_or(&text);
    let numeral = |c: char| "一二三四五六七八九十0123456789".contains(c);
    let rest = text.trim_start_matches(numeral);
    let rest = if rest.len() < text.len() {
        rest.trim_start_matches(['、', '.', '．', ')', '）', ',', '，'])
    } else {
        text
    };
    // 第一监督检查室 has a numeral of its own: nothing is cut unless a sign followed.
    let cut = rest.len() < text.trim_start_matches(numeral).len();
    let name = if cut { rest } else { text };
    let name = name.split(['(', '（', ':', '：', '共']).next().unwrap_or_default();
    is_unit(name).then(|| name.to_owned())
}

fn is_unit(text: &str) -> bool {
    // 东村 and 西镇 are whole names; 委 and 办 want more before them.
    let shortest = if text.ends_with(['村', '镇', '乡']) { 2 } else { 3 };
    let length = text.chars().count();
    (shortest..=30).contains(&length)
        && !NOT_UNITS.contains(&text)
        && text.chars().filter(|c| organisation::text::is_han(*c)).count() >= 2
        && ENDINGS.iter().any(|ending| text.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_and_sheets() {
        for (text, unit) in [
            ("区财政局", Some("区财政局")),
            ("区财政局花名册", Some("区财政局")),
            ("区财政局 2026 年干部花名册（在职）", Some("区财政局")),
            ("2026年城关镇人员信息表", Some("城关镇")),
            ("3.东风街道", Some("东风街道")),
            ("东风街道(32人)", Some("东风街道")),
            ("区委办", Some("区委办")),
            ("Sheet1", None),
            ("花名册", None),
            ("全区科级干部花名册", None),
            ("汇总", None),
            ("在职人员", None),
        ] {
            assert_eq!(in_title(text).as_deref(), unit, "{text}");
        }
    }

    #[test]
    fn labels() {
        for (cells, unit) in [
            (&["填报单位：区财政局（盖章）    填报时间：2026年11月"][..], Some("区财政局")),
            (&["填报单位（盖章）：区财政局", "2026.11"], Some("区财政局")),
            (&["单位：", "城关镇"], Some("城关镇")),
            (&["单位名称: 东村"], Some("东村")),
            (&["单位", "姓名"], None),
            (&["全区干部花名册"], None),
        ] {
            assert_eq!(in_label(cells.iter().copied()).as_deref(), unit, "{cells:?}");
        }
    }

    #[test]
    fn sections() {
        for (text, unit) in [
            ("一、东风村", Some("东风村")),
            ("（二）西湖社区（12人）", Some("西湖社区")),
            ("3.财政所", Some("财政所")),
            ("第一监督检查室", Some("第一监督检查室")),
            ("城关镇人民政府办公室：共12人", Some("城关镇人民政府办公室")),
            ("一、领导班子", None),
            ("二、在职人员", None),
            ("合计", None),
        ] {
            assert_eq!(in_section(text).as_deref(), unit, "{text}");
        }
    }
}
