//! What a line of a document in office style is: a heading, a numbered stem, options, a label with its text.

use super::words::{kind_of, plain};
use crate::laws::numerals;
use organisation::text::fold_width;
use question_bank::question::Kind;

/// A heading is not longer.
const HEADING_CHARS: usize = 60;

/// What a label such as 答案： says of the text behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Answer,
    Explanation,
    Source,
    Topics,
    Level,
    Pool,
    Facility,
    Audience,
    Misconception,
    Points,
    Kind,
    Reference,
}

/// Longer names before those that they begin with.
const LABELS: [(&str, Label); 36] = [
    ("参考答案", Label::Answer),
    ("正确答案", Label::Answer),
    ("标准答案", Label::Answer),
    ("试题答案", Label::Answer),
    ("正确选项", Label::Answer),
    ("答案要点", Label::Answer),
    ("答案解析", Label::Explanation),
    ("答案", Label::Answer),
    ("试题解析", Label::Explanation),
    ("题目解析", Label::Explanation),
    ("解析", Label::Explanation),
    ("详解", Label::Explanation),
    ("法律依据", Label::Source),
    ("法条依据", Label::Source),
    ("法规依据", Label::Source),
    ("出题依据", Label::Source),
    ("命题依据", Label::Source),
    ("依据", Label::Source),
    ("出处", Label::Source),
    ("来源", Label::Source),
    ("知识点", Label::Topics),
    ("考点", Label::Topics),
    ("认知层次", Label::Level),
    ("层次", Label::Level),
    ("所属题库", Label::Pool),
    ("题库", Label::Pool),
    ("预估难度", Label::Facility),
    ("难度系数", Label::Facility),
    ("难易度", Label::Facility),
    ("难度", Label::Facility),
    ("适用对象", Label::Audience),
    ("误区", Label::Misconception),
    ("错因", Label::Misconception),
    ("得分点", Label::Points),
    ("题型", Label::Kind),
    ("题号", Label::Reference),
];

/// A label at the beginning of a text, and how many bytes it takes with its colon or brackets.
fn label_at(text: &str) -> Option<(Label, usize)> {
    let named = |name: &str| LABELS.iter().find(|(known, _)| *known == name).map(|(_, label)| *label);
    if let Some(behind) = text.strip_prefix(['【', '[', '［']) {
        let (inside, rest) = behind.split_once(['】', ']', '］'])?;
        let label = named(&plain(inside))?;
        let rest = rest.trim_start_matches([' ', '\u{3000}']);
        return Some((label, text.len() - rest.strip_prefix([':', '：']).unwrap_or(rest).len()));
    }
    let (name, label) = LABELS.iter().find(|(name, _)| text.starts_with(name))?;
    let rest = text.get(name.len()..)?.trim_start_matches([' ', '\u{3000}']);
    let rest = rest.strip_prefix([':', '：'])?;
    Some((*label, text.len() - rest.len()))
}

/// A line in its parts: what stands before the first label, then each label with its text.
pub(super) fn segments(line: &str) -> Vec<(Option<Label>, &str)> {
    let mut parts = Vec::new();
    let (mut label, mut from) = (None, 0);
    let mut at_boundary = true;
    let mut skip_to = 0;
    for (at, sign) in line.char_indices() {
        if at < skip_to {
            continue;
        }
        let may_begin = at_boundary || matches!(sign, '【' | '[' | '［');
        if may_begin && let Some((found, taken)) = line.get(at..).and_then(label_at) {
            parts.push((label, line.get(from..at).unwrap_or_default().trim()));
            (label, from) = (Some(found), at + taken);
            skip_to = from;
            at_boundary = true;
            continue;
        }
        at_boundary = sign.is_whitespace() || matches!(sign, '。' | '；' | ';' | '】' | ']');
    }
    parts.push((label, line.get(from..).unwrap_or_default().trim()));
    parts.retain(|(label, text)| label.is_some() || !text.is_empty());
    parts
}

/// The number of a stem and what follows: 12. 12、 12） （12） 第12题
pub(super) fn numbered(line: &str) -> Option<(u32, &str)> {
    let line = line.trim_start();
    let (rest, closed) = match line.strip_prefix(['（', '(']) {
        Some(rest) => (rest, true),
        None => (line.strip_prefix('第').unwrap_or(line), false),
    };
    let named = line.starts_with('第');
    let digits: String =
        rest.chars().take_while(|sign| fold_width(&sign.to_string()).chars().all(|c| c.is_ascii_digit())).collect();
    if digits.is_empty() || digits.chars().count() > 4 {
        return None;
    }
    let number = fold_width(&digits).parse::<u32>().ok()?;
    let rest = rest.get(digits.len()..)?.trim_start_matches(' ');
    if closed {
        return Some((number, rest.strip_prefix(['）', ')'])?.trim_start()));
    }
    if named {
        let rest = rest.strip_prefix('题')?;
        return Some((number, rest.trim_start_matches([':', '：', '.', '、', ' ', '\u{3000}'])));
    }
    let behind = rest.strip_prefix(['.', '．', '、', '）', ')', ','])?;
    // 3.5 is a number, not the third question.
    let is_decimal = rest.starts_with('.') && behind.starts_with(|sign: char| sign.is_ascii_digit());
    (!is_decimal).then(|| (number, behind.trim_start()))
}

/// A heading that says the kind of what follows: 一、单项选择题（每题 1 分）. `None` inside: the kind stays open.
pub(super) fn section_kind(line: &str) -> Option<Option<Kind>> {
    if line.chars().count() > HEADING_CHARS {
        return None;
    }
    let bare: String = plain(line);
    let title = bare.split(['(', '【', ':']).next().unwrap_or_default().trim_end_matches(['.', '。']).to_owned();
    if let Some(kind) = kind_of(&title).filter(|_| title.ends_with('题')) {
        return Some(Some(kind));
    }
    let behind = ordinal(&title)?;
    let of = |word: &str| behind.contains(word);
    for (word, kind) in [
        ("单项选择", Kind::Single),
        ("单选", Kind::Single),
        ("多项选择", Kind::Multiple),
        ("多选", Kind::Multiple),
        ("不定项", Kind::Multiple),
        ("判断", Kind::Judgement),
        ("填空", Kind::Blank),
        ("简答", Kind::Essay),
        ("论述", Kind::Essay),
        ("问答", Kind::Essay),
    ] {
        if of(word) {
            return Some(Some(kind));
        }
    }
    (of("选择题") || of("案例")).then_some(None)
}

/// What follows 一、 or 第一部分.
fn ordinal(title: &str) -> Option<&str> {
    let digits =
        title.trim_start_matches('第').trim_start_matches(|sign| numerals::is_numeral(sign) && !sign.is_ascii_digit());
    if digits.len() == title.trim_start_matches('第').len() {
        return None;
    }
    ["、", ".", "部分", "大题", ","].iter().find_map(|sign| digits.strip_prefix(sign))
}

/// Whether a line is nothing but the heading of a list of answers.
pub(super) fn is_answer_heading(line: &str) -> bool {
    let title = plain(line);
    let title = title.trim_matches([':', '【', '】', '[', ']', '(', ')', '-', '=', '*', '#', '、']);
    let title = ordinal(title).unwrap_or(title);
    matches!(
        title,
        "答案"
            | "参考答案"
            | "标准答案"
            | "正确答案"
            | "答案及解析"
            | "参考答案及解析"
            | "答案与解析"
            | "参考答案与解析"
            | "答案解析"
    ) || title.ends_with("题参考答案")
        || title.ends_with("试题答案")
}

/// A marker of an option at the beginning of a text: its place and how many bytes it takes.
fn marker(text: &str) -> Option<(usize, usize)> {
    let (inner, bracketed) = match text.strip_prefix(['（', '(']) {
        Some(inner) => (inner, true),
        None => (text, false),
    };
    let letter = inner.chars().next()?;
    let folded = fold_width(&letter.to_string()).chars().next()?;
    if !('A'..='H').contains(&folded) {
        return None;
    }
    let place = usize::try_from(u32::from(folded).checked_sub(u32::from('A'))?).ok()?;
    let rest = inner.get(letter.len_utf8()..)?.trim_start_matches(' ');
    let behind = if bracketed {
        rest.strip_prefix(['）', ')'])?
    } else {
        rest.strip_prefix(['.', '．', '、', ':', '：', ')', '）', ','])?
    };
    Some((place, text.len() - behind.len()))
}

/// The options of a line that begins with the one expected next; several may stand on it.
pub(super) fn options_on(line: &str, next: usize) -> Option<Vec<String>> {
    let line = line.trim_start();
    let (place, taken) = marker(line)?;
    if place != next {
        return None;
    }
    let mut options = Vec::new();
    let (mut from, mut expected) = (taken, next + 1);
    let mut skip_to = taken;
    for (at, _) in line.char_indices() {
        if at < skip_to {
            continue;
        }
        if let Some((place, taken)) = line.get(at..).and_then(marker)
            && place == expected
        {
            options.push(line.get(from..at).unwrap_or_default().trim().to_owned());
            from = at + taken;
            skip_to = from;
            expected += 1;
        }
    }
    options.push(line.get(from..).unwrap_or_default().trim().to_owned());
    Some(options)
}

/// The options in one cell: lettered on one line or several, one on a line, or apart by | or ；.
pub(super) fn split_options(text: &str) -> Vec<String> {
    let mut lettered: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match options_on(line, lettered.len()) {
            Some(options) => lettered.extend(options),
            None => match lettered.last_mut() {
                Some(last) => last.push_str(line),
                None => break,
            },
        }
    }
    if lettered.len() > 1 {
        return lettered;
    }
    let lines: Vec<String> = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    if lines.len() > 1 {
        return lines;
    }
    text.split(['|', '｜', ';', '；']).map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect()
}

/// An option's text without its own letter before it.
pub(super) fn without_letter(text: &str, place: usize) -> &str {
    match marker(text.trim_start()) {
        Some((own, taken)) if own == place => text.trim_start().get(taken..).unwrap_or_default().trim(),
        _ => text.trim(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_split_a_line() {
        let parts =
            |line| segments(line).into_iter().map(|(label, text)| format!("{label:?}={text}")).collect::<Vec<_>>();
        for (line, expected) in [
            ("答案：B", vec!["Some(Answer)=B"]),
            ("【答案】ABD【解析】甲。", vec!["Some(Answer)=ABD", "Some(Explanation)=甲。"]),
            ("D. 丁 正确答案: D 解析：因为", vec!["None=D. 丁", "Some(Answer)=D", "Some(Explanation)=因为"]),
            ("[解析]：因为。依据：《甲法》第八条", vec!["Some(Explanation)=因为。", "Some(Source)=《甲法》第八条"]),
            ("下列以法律依据为准的是", vec!["None=下列以法律依据为准的是"]),
            ("没有标签的一行", vec!["None=没有标签的一行"]),
            ("答案：", vec!["Some(Answer)="]),
        ] {
            assert_eq!(parts(line), expected, "{line}");
        }
    }

    #[test]
    fn numbers_of_stems() {
        for (line, expected) in [
            ("1. 甲", Some((1, "甲"))),
            ("12、甲", Some((12, "甲"))),
            ("３．甲", Some((3, "甲"))),
            ("（4）甲", Some((4, "甲"))),
            ("第5题：甲", Some((5, "甲"))),
            ("3.5万元以上", None),
            ("2024年的规定", None),
            ("甲", None),
            ("第五条", None),
        ] {
            assert_eq!(numbered(line), expected, "{line}");
        }
    }

    #[test]
    fn headings() {
        for (line, expected) in [
            ("一、单项选择题（每题1分，共30分）", Some(Some(Kind::Single))),
            ("二、 多选题", Some(Some(Kind::Multiple))),
            ("判断题", Some(Some(Kind::Judgement))),
            ("第三部分 填空题：", Some(Some(Kind::Blank))),
            ("四、选择题", Some(None)),
            ("1. 判断下列说法", None),
            ("一、总则的规定是", None),
            ("选择题的答案", None),
        ] {
            assert_eq!(section_kind(line), expected, "{line}");
        }
        for (line, expected) in [
            ("参考答案", true),
            ("【答案】", true),
            ("五、答案及解析：", true),
            ("答案：B", false),
            ("答案是什么", false),
        ] {
            assert_eq!(is_answer_heading(line), expected, "{line}");
        }
    }

    #[test]
    fn options_on_a_line_and_in_a_cell() {
        assert_eq!(
            options_on("A. 警告  B．记过 C、降级 (D) 开除", 0),
            Some(["警告", "记过", "降级", "开除"].map(str::to_owned).to_vec())
        );
        assert_eq!(options_on("A.警告B.记过", 0), Some(["警告", "记过"].map(str::to_owned).to_vec()));
        assert_eq!(options_on("（B）记过", 1), Some(vec!["记过".to_owned()]));
        assert_eq!(options_on("B. 记过", 0), None);
        assert_eq!(options_on("A级单位", 0), None);
        for (cell, expected) in [
            ("A.甲\nB.乙\nC.丙", vec!["甲", "乙", "丙"]),
            ("A.甲 B.乙", vec!["甲", "乙"]),
            ("甲\n乙", vec!["甲", "乙"]),
            ("甲|乙；丙", vec!["甲", "乙", "丙"]),
        ] {
            assert_eq!(split_options(cell), expected, "{cell}");
        }
        assert_eq!(without_letter("A. 警告", 0), "警告");
        assert_eq!(without_letter("B. 警告", 0), "B. 警告");
    }
}
