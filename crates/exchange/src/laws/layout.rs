//! What in a law's file is not the law's text: headings, page numbers, signatures, what the page adds.

use super::label;
use super::lines::Line;

/// A heading is not longer, in signs.
const HEADING_SIGNS: usize = 40;
/// A heading without a number, or a signature, is shorter: a longer line may be one that was broken by its width.
const BARE_HEADING_SIGNS: usize = 28;

/// What offices and pages put behind a text. A line that begins so is no text, unless it ends as a sentence.
const TAIL: [&str; 38] = [
    "附件",
    "附：",
    "附:",
    "附表",
    "附录",
    "编辑：",
    "编辑:",
    "来源：",
    "来源:",
    "作者：",
    "信息来源",
    "文章来源",
    "打印",
    "【打印",
    "[打印",
    "【关闭",
    "[关闭",
    "关闭",
    "分享",
    "扫一扫",
    "上一篇",
    "下一篇",
    "上一条",
    "下一条",
    "相关",
    "主办",
    "承办",
    "网站地图",
    "返回",
    "纠错",
    "我要纠错",
    "字体",
    "字号",
    "（此件",
    "(此件",
    "无障碍",
    "联系我们",
    "发布时间",
];

/// The same, whatever the line ends with.
const TAIL_ALWAYS: [&str; 11] =
    ["责任编辑", "版权所有", "主题词", "抄送", "抄报", "网站标识码", "ICP备", "京ICP", "Copyright", "©", "公安备案"];

/// Headings that stand without a number.
const PREAMBLES: [&str; 6] = ["序言", "总纲", "导语", "引言", "前言", "序"];

fn is_closer(sign: char) -> bool {
    matches!(sign, '）' | ')' | '》' | '〉' | '】' | '」' | '』' | '”' | '’' | '"' | '\'')
}

/// The last sign that is no closing bracket or quote.
fn last_sign(text: &str) -> Option<char> {
    text.trim_end().trim_end_matches(is_closer).chars().next_back()
}

/// Whether the text ends with a mark that ends a sentence or a part of one.
pub(super) fn ends_sentence(text: &str) -> bool {
    ends_with_stop(text)
        || last_sign(text).is_some_and(|sign| matches!(sign, '；' | ';' | '：' | ':' | '，' | ',' | '、' | '…' | '—'))
}

/// Whether the text ends with a full stop.
pub(super) fn ends_with_stop(text: &str) -> bool {
    last_sign(text).is_some_and(|sign| matches!(sign, '。' | '．' | '.' | '！' | '!' | '？' | '?'))
}

/// Without white space.
pub(super) fn squeeze(text: &str) -> String {
    text.chars().filter(|sign| !sign.is_whitespace()).collect()
}

fn is_short(text: &str) -> bool {
    text.chars().nth(HEADING_SIGNS).is_none()
}

/// 序言, 总纲 and their like, alone on the line; without white space.
pub(super) fn preamble_heading(text: &str) -> Option<&'static str> {
    if !is_short(text) {
        return None;
    }
    let squeezed = squeeze(text);
    PREAMBLES.into_iter().find(|word| *word == squeezed)
}

/// 第二章　总则, surely.
pub(super) fn is_part_heading(text: &str) -> bool {
    is_short(text) && label::part_heading(text) == Some(true) && !ends_sentence(text)
}

/// - 3 -, 第3页, 第 3 页 共 9 页.
pub(super) fn is_page_number(text: &str) -> bool {
    if !is_short(text) {
        return false;
    }
    let squeezed = squeeze(text);
    let is_digit = |sign: char| sign.is_ascii_digit() || ('０'..='９').contains(&sign);
    let is_dash = |sign: char| matches!(sign, '-' | '—' | '–' | '－' | '─' | '·');
    let inner = squeezed.trim_matches(is_dash);
    let dashed = inner.len() < squeezed.len() && !inner.is_empty() && inner.chars().all(is_digit);
    let counted = squeezed.strip_prefix('第').and_then(|rest| {
        let after = rest.trim_start_matches(is_digit);
        (after.len() < rest.len()).then(|| after.strip_prefix('页')).flatten()
    });
    dashed
        || counted.is_some_and(|rest| rest.is_empty() || rest.starts_with('共') || rest.starts_with(['/', '，', ',']))
}

/// A short line without a mark at its end that is no member of a list: a heading, a signature, a button of the page.
fn looks_like_heading(line: &Line) -> bool {
    !line.table
        && line.text.chars().nth(BARE_HEADING_SIGNS).is_none()
        && !ends_sentence(&line.text)
        && !label::enumerated(&line.text)
}

fn is_tail(line: &Line) -> bool {
    if line.table {
        return false;
    }
    let squeezed: String = line.text.chars().take(HEADING_SIGNS).filter(|sign| !sign.is_whitespace()).collect();
    TAIL_ALWAYS.iter().any(|word| squeezed.starts_with(word))
        || (!ends_with_stop(&line.text) && TAIL.iter().any(|word| squeezed.starts_with(word)))
        || squeezed.chars().all(|sign| sign.is_ascii_digit())
}

/// The lines of an article that are its text. `last` tells whether no article follows.
pub(super) fn body(mut lines: Vec<Line>, last: bool) -> Vec<Line> {
    lines.retain(|line| line.table || !is_page_number(&line.text));
    if let Some(at) = lines.iter().skip(1).position(|line| !line.table && is_part_heading(&line.text)) {
        lines.truncate(at + 1);
    }
    if last {
        cut_tail(&mut lines)
    } else {
        cut_headings(&mut lines)
    }
    lines
}

/// The last article ends where a line stands that no article would hold.
fn cut_tail(lines: &mut Vec<Line>) {
    let mut stopped = false;
    let mut keep = 0;
    for (index, line) in lines.iter().enumerate() {
        if index > 0 && (is_tail(line) || (stopped && looks_like_heading(line))) {
            break;
        }
        stopped = ends_with_stop(&line.text);
        keep = index + 1;
    }
    lines.truncate(keep);
}

/// Headings without a number that stand before the next article: short lines after a full stop.
fn cut_headings(lines: &mut Vec<Line>) {
    const MOST: usize = 3;
    let headings = lines.iter().rev().take_while(|line| looks_like_heading(line)).count();
    let keep = lines.len().saturating_sub(headings);
    if headings <= MOST
        && keep.checked_sub(1).and_then(|at| lines.get(at)).is_some_and(|line| ends_with_stop(&line.text))
    {
        lines.truncate(keep);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(texts: &[&str]) -> Vec<Line> {
        texts.iter().map(|text| Line { text: (*text).to_owned(), table: false }).collect()
    }

    #[track_caller]
    fn keeps(texts: &[&str], last: bool, kept: usize) {
        assert_eq!(body(lines(texts), last), lines(&texts[..kept]), "{texts:?}");
    }

    #[test]
    fn headings_before_the_next_article() {
        keeps(&["甲。", "第二章　乙"], false, 1);
        keeps(&["甲。", "第二编", "乙"], false, 1);
        keeps(&["甲。", "二、乙"], false, 1);
        keeps(&["甲。", "第二章 乙", "乙的说明。"], false, 1);
        keeps(&["甲：", "（一）乙；", "（二）丙。", "党员的乙"], false, 3);
        keeps(&["甲：", "（一）乙", "（二）丙"], false, 3);
        keeps(&["甲。", "1．乙", "2．丙"], false, 3);
        keeps(&["甲"], false, 1);
        keeps(&["甲", "乙。"], false, 2);
        keeps(&["甲。", "第二章规定的乙，不在此列。"], false, 2);
    }

    #[test]
    fn tails() {
        for tail in [
            "附件",
            "附件：1．乙",
            "附件一",
            "某某市人民政府",
            "2031年2月3日",
            "责任编辑：张三。",
            "【打印】【关闭】",
            "—3—",
            "（某社某地2月3日电）",
            "12",
            "抄送：各部门。",
        ] {
            keeps(&["甲。", "乙。", tail], true, 2);
        }
        keeps(&["甲。", "附件一所列的乙，另行处理。"], true, 2);
        keeps(&["甲：", "1．乙", "2．丙"], true, 3);
        keeps(&["甲。", "二〇三一年二月三日", "丁。"], true, 1);
        keeps(&["2031"], true, 1);
        let broken_by_width = "甲".repeat(30);
        keeps(&["甲。", &broken_by_width, "乙。"], true, 3);
    }

    #[test]
    fn page_numbers() {
        for text in ["- 3 -", "— 12 —", "第3页", "第 3 页 共 9 页", "－３－"] {
            assert!(is_page_number(text), "{text}");
        }
        for text in ["3", "-", "—", "第三条", "2031-2-3", "第3页所称甲"] {
            assert!(!is_page_number(text), "{text}");
        }
    }

    #[test]
    fn a_row_of_a_table_is_never_a_heading() {
        let row = Line { text: "甲 乙".to_owned(), table: true };
        let mut all = lines(&["标准如下。"]);
        all.push(row);
        assert_eq!(body(all.clone(), false), all);
        assert_eq!(body(all.clone(), true), all);
    }
}
