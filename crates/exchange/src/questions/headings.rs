//! The columns of a table of questions, under their usual names.

use organisation::text::squeeze;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    Reference,
    Kind,
    Passage,
    Stem,
    /// One option, by its place from 0.
    Option(usize),
    /// All options in one cell.
    Options,
    Key,
    Misconceptions,
    Explanation,
    Points,
    Law,
    Edition,
    Article,
    Paragraph,
    Item,
    Words,
    Supports,
    /// A legal basis in words.
    Source,
    Topics,
    Level,
    Pool,
    Facility,
    Audience,
    FixedOrder,
    FactsOn,
    Enemies,
    Successor,
}

/// Exact names, after spaces, brackets and signs are gone.
const NAMES: [(Column, &[&str]); 25] = [
    (Column::Reference, &["题号", "编号", "试题编号", "题目编号", "题目代号"]),
    (Column::Kind, &["题型", "试题类型", "题目类型", "试题题型", "类型"]),
    (Column::Passage, &["案例材料", "材料", "案情", "背景材料", "案例", "材料内容"]),
    (Column::Stem, &["题干", "题目", "试题", "题目内容", "试题内容", "问题", "题干内容", "题目题干", "试题题干"]),
    (Column::Options, &["选项", "备选项", "备选答案", "选项内容", "全部选项"]),
    (Column::Key, &["答案", "正确答案", "标准答案", "参考答案", "正确选项", "试题答案"]),
    (Column::Misconceptions, &["误区", "错因", "错误原因", "干扰项说明", "误区说明"]),
    (Column::Explanation, &["解析", "答案解析", "试题解析", "题目解析", "解释", "详解"]),
    (Column::Points, &["得分点", "评分标准", "采分点", "评分点"]),
    (Column::Law, &["法规", "法规名称", "法律法规", "法律名称", "依据法规", "所属法规", "法规代号"]),
    (Column::Edition, &["版本", "法规版本", "年份", "版本年份"]),
    (Column::Article, &["条", "条款", "条文", "条号", "条数", "第几条", "法条"]),
    (Column::Paragraph, &["款", "款号", "第几款"]),
    (Column::Item, &["项", "项号", "第几项"]),
    (Column::Words, &["关键词句", "关键词", "决定词", "决定性词语", "原文关键词", "关键语句"]),
    (Column::Supports, &["支持选项", "支持", "对应选项"]),
    (Column::Source, &["依据", "法律依据", "出题依据", "法条依据", "法规依据", "出处", "来源", "命题依据"]),
    (Column::Topics, &["知识点", "考点", "知识类别", "知识点名称", "考查点"]),
    (Column::Level, &["认知层次", "层次", "能力层次", "认知水平", "考查层次"]),
    (Column::Pool, &["题库", "题库类型", "所属题库", "用途"]),
    (Column::Facility, &["预估难度", "难度", "难易度", "难度系数", "预估答对率", "难易程度", "试题难度"]),
    (Column::Audience, &["适用对象", "适用人群", "适用范围", "适用人员"]),
    (Column::FixedOrder, &["选项不打乱", "固定顺序", "顺序固定", "选项固定"]),
    (Column::FactsOn, &["案情日期", "事实日期", "案发日期"]),
    (Column::Enemies, &["互斥题", "互斥"]),
];
const SUCCESSOR: [&str; 2] = ["接替题", "接替"];

/// The column that a heading names.
pub(super) fn column_of(heading: &str) -> Option<Column> {
    let heading = bare(heading);
    if let Some((column, _)) = NAMES.iter().find(|(_, names)| names.contains(&heading.as_str())) {
        return Some(*column);
    }
    if SUCCESSOR.contains(&heading.as_str()) {
        return Some(Column::Successor);
    }
    option_place(&heading).map(Column::Option)
}

/// Without brackets and what is in them, signs and spaces.
fn bare(heading: &str) -> String {
    let mut depth = 0_u32;
    squeeze(heading)
        .chars()
        .filter(|sign| {
            match sign {
                '(' | '[' | '【' => depth += 1,
                ')' | ']' | '】' => depth = depth.saturating_sub(1),
                _ => return depth == 0 && !matches!(sign, '*' | ':' | '.'),
            }
            false
        })
        .collect()
}

/// 选项A, A选项, A, 选项1 → 0.
fn option_place(heading: &str) -> Option<usize> {
    let mut rest = heading;
    for word in ["备选", "选项", "答案", "项"] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
        rest = rest.strip_suffix(word).unwrap_or(rest);
    }
    let mut signs = rest.chars();
    let (sign, None) = (signs.next()?, signs.next()) else { return None };
    let from = if sign.is_ascii_digit() { '1' } else { 'a' };
    let place = u32::from(sign.to_ascii_lowercase()).checked_sub(u32::from(from))?;
    // A bare digit is no option.
    if sign.is_ascii_digit() && rest.len() == heading.len() {
        return None;
    }
    usize::try_from(place).ok().filter(|place| *place < 10)
}

/// Whether a row is the headings of a table of questions. In a text that need not be a table at all, more is asked.
pub(super) fn looks_like_headings(cells: &[&str], is_table: bool) -> bool {
    let columns: std::collections::BTreeSet<Column> =
        cells.iter().filter_map(|cell| column_of(cell.trim().trim_matches('"'))).collect();
    let answers = columns.iter().any(|column| matches!(column, Column::Key | Column::Option(_) | Column::Options));
    columns.contains(&Column::Stem) && (answers || (is_table && columns.len() >= 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_headings() {
        for (heading, column) in [
            ("题 干", Some(Column::Stem)),
            ("*题干（必填）", Some(Column::Stem)),
            ("正确答案", Some(Column::Key)),
            ("选项A", Some(Column::Option(0))),
            ("选项Ｂ", Some(Column::Option(1))),
            ("C选项", Some(Column::Option(2))),
            ("D", Some(Column::Option(3))),
            ("选项5", Some(Column::Option(4))),
            ("5", None),
            ("序号", None),
            ("选项", Some(Column::Options)),
            ("接替题", Some(Column::Successor)),
            ("备注", None),
        ] {
            assert_eq!(column_of(heading), column, "{heading}");
        }
    }

    #[test]
    fn headings_are_told_from_a_sentence() {
        assert!(looks_like_headings(&["题型", "题干", "选项A", "答案"], false));
        assert!(!looks_like_headings(&["题目", "甲"], false));
        assert!(!looks_like_headings(&["下列题目", "答案"], false));
    }
}
