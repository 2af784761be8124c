//! The title of a law, as its file gives it.

use super::label;
use super::layout::{ends_sentence, squeeze};
use super::lines::Line;

/// What titles of laws end with.
const KINDS: [&str; 21] = [
    "法",
    "法典",
    "条例",
    "规定",
    "办法",
    "规则",
    "准则",
    "细则",
    "决定",
    "解释",
    "章程",
    "党章",
    "修正案",
    "意见",
    "制度",
    "规程",
    "守则",
    "批复",
    "答复",
    "通则",
    "纲要",
];
/// What texts without numbers end their titles with.
const WHOLE_KINDS: [&str; 4] = ["解释", "决定", "批复", "答复"];
/// A title has so many signs.
const SIGNS: std::ops::RangeInclusive<usize> = 5..=70;
/// Lines before the first article that are looked at.
const LINES: usize = 300;
/// Names of issuers that may stand on lines of their own above the title.
const ISSUERS: usize = 6;

/// Where the title stands among the lines, and how it reads.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) line: Option<usize>,
    pub(super) title: String,
}

/// The title, from the lines before the first article, from what the page calls itself, or from the file's name.
pub(super) fn find(before: &[Line], page_title: Option<&str>, file_name: &str) -> Option<Found> {
    let skipped = before.len().saturating_sub(LINES);
    let titles: Vec<(usize, String)> = before
        .iter()
        .enumerate()
        .skip(skipped)
        .filter_map(|(index, line)| title_of(&line.text).map(|title| (index, title)))
        .collect();
    let page = page_title.map(squeeze);
    let confirmed =
        page.as_deref().and_then(|page| titles.iter().rev().find(|(_, title)| page.contains(title.as_str())));
    if let Some((index, title)) = confirmed {
        return Some(Found { line: Some(*index), title: complete(before, *index, title) });
    }
    if let Some(title) = page_title.and_then(first_part) {
        return Some(Found { line: None, title });
    }
    if let Some((index, title)) = titles.last() {
        return Some(Found { line: Some(*index), title: complete(before, *index, title) });
    }
    let base = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
    first_part(stem).map(|title| Found { line: None, title })
}

/// Whether a text of this title may stand without any numbers.
pub(super) fn may_be_whole(title: &str) -> bool {
    let core = without_brackets(title);
    WHOLE_KINDS.iter().any(|kind| core.ends_with(kind))
}

/// 甲条例_某网 and 甲条例(2031修订)_20310203 name the law first.
fn first_part(name: &str) -> Option<String> {
    name.split(['_', '|', '-', '–', '—', '｜']).find_map(title_of)
}

/// The line as a title, without white space and without 《》 around it.
fn title_of(line: &str) -> Option<String> {
    if line.chars().nth(*SIGNS.end()).is_some() || ends_sentence(line) {
        return None;
    }
    let squeezed = squeeze(line);
    let title = squeezed.strip_prefix('《').and_then(|rest| rest.strip_suffix('》')).unwrap_or(&squeezed);
    let numbered = label::article(title).is_some()
        || label::clause(title).is_some()
        || label::item(title).is_some()
        || label::part_heading(title).is_some();
    let core = without_brackets(title);
    let fits = !numbered
        && SIGNS.contains(&core.chars().count())
        && !core.contains(['。', '；', '：', '！'])
        && KINDS.iter().any(|kind| core.ends_with(kind));
    fits.then(|| title.to_owned())
}

/// Without （试行） or (2031年修订) at the end.
fn without_brackets(title: &str) -> &str {
    let mut core = title;
    for _ in 0..3 {
        let Some(inner) = core.strip_suffix(['）', ')']) else { break };
        let Some(at) = inner.rfind(['（', '(']) else { break };
        core = inner.get(..at).unwrap_or(inner);
    }
    core
}

/// With what stands above it: the issuers of a joint text, or the first half of a title in two lines.
fn complete(before: &[Line], index: usize, title: &str) -> String {
    let above = before.get(..index).unwrap_or_default();
    if title.starts_with("关于") {
        let issuers: Vec<&str> = above
            .iter()
            .rev()
            .take(ISSUERS)
            .take_while(|line| is_issuer(&line.text))
            .flat_map(|line| line.text.split_whitespace().rev())
            .collect();
        let issuers: Vec<&str> = issuers.into_iter().rev().collect();
        return format!("{}{title}", issuers.join("、"));
    }
    match above {
        [first] if is_first_half(&first.text) => format!("{}{title}", squeeze(&first.text)),
        _ => title.to_owned(),
    }
}

fn is_issuer(line: &str) -> bool {
    const SIGNS: usize = 40;
    line.chars().nth(SIGNS).is_none()
        && !ends_sentence(line)
        && line.split_whitespace().all(|name| {
            name.chars().nth(2).is_some() && name.ends_with(['院', '会', '部', '局', '委', '厅', '府', '室', '署'])
        })
}

fn is_first_half(line: &str) -> bool {
    let line = squeeze(line);
    ["中国共产党", "中华人民共和国"].iter().any(|head| line.starts_with(head))
        && !line.ends_with(['令', '号', '告', '》', '会', '院'])
        && SIGNS.contains(&line.chars().count())
        && title_of(&line).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titled(before: &[&str], page: Option<&str>, file: &str) -> Option<String> {
        let lines: Vec<Line> = before.iter().map(|text| Line { text: (*text).to_owned(), table: false }).collect();
        find(&lines, page, file).map(|found| found.title)
    }

    #[test]
    fn titles() {
        for (before, page, file, title) in [
            (&["某某市茶水条例", "（2031年修订）", "目　录", "第一章 总则"][..], None, "", Some("某某市茶水条例")),
            (
                &["关于印发《某某市茶水条例》的通知", "《某某市 茶水条例（试行）》"],
                None,
                "",
                Some("某某市茶水条例（试行）"),
            ),
            (
                &["首页", "茶水管理办法", "某某市茶水条例", "烟酒管理办法"],
                Some("某某市茶水条例_某网"),
                "",
                Some("某某市茶水条例"),
            ),
            (&["首页"], Some("某某市茶水条例 - 某网"), "", Some("某某市茶水条例")),
            (
                &["甲省高级法院 甲省检察院", "关于茶水案件若干问题的解释（二）"],
                None,
                "",
                Some("甲省高级法院、甲省检察院关于茶水案件若干问题的解释（二）"),
            ),
            (&["中国共产党甲乙丙机关", "茶水工作规则"], None, "", Some("中国共产党甲乙丙机关茶水工作规则")),
            (&["甲", "乙"], None, "C:\\下载\\某某市茶水条例(2031修订)_20310203.docx", Some("某某市茶水条例(2031修订)")),
            (&["为了喝茶，制定本茶水条例。"], None, "1.docx", None),
        ] {
            assert_eq!(titled(before, page, file).as_deref(), title, "{before:?}");
        }
    }

    #[test]
    fn texts_without_numbers() {
        assert!(may_be_whole("某某关于茶水第三条的解释（二）"));
        assert!(!may_be_whole("某某市茶水条例"));
    }
}
