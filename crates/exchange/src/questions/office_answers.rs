//! The list of answers at the end of a document: 1.B 2.ACD, or 1-5 BCADA.

use super::FileProblem;
use super::key::KeyText;
use super::office::{Done, Line};
use super::office_lines::{Label, numbered, section_kind, segments};
use organisation::text::{fold_width, shorten};
use question_bank::Severity;
use question_bank::question::Kind;

/// Questions that one range may span.
const RANGE_MOST: u32 = 200;

/// One answer of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AnswerEntry {
    line: u32,
    kind: Option<Kind>,
    number: u32,
    key: String,
    explanation: Option<String>,
}

pub(super) fn read_answers(lines: &[Line]) -> Vec<AnswerEntry> {
    let mut entries: Vec<AnswerEntry> = Vec::new();
    let mut kind = None;
    for line in lines {
        let mut text = line.text.as_str();
        if let Some(own) = section_kind(text.split([':', '：']).next().unwrap_or_default()) {
            kind = own;
            text = text.split_once([':', '：']).map_or("", |(_, rest)| rest);
        }
        for entry in entries_of(text) {
            entries.push(AnswerEntry { line: line.no, kind, ..entry });
        }
        let is_explanation = segments(text).first().is_some_and(|(label, _)| *label == Some(Label::Explanation));
        if is_explanation && let (Some(last), Some((_, rest))) = (entries.last_mut(), segments(text).first()) {
            last.explanation = Some((*rest).to_owned());
        }
    }
    entries
}

fn entry(number: u32, key: &str) -> AnswerEntry {
    AnswerEntry {
        line: 0,
        kind: None,
        number,
        key: key.trim().trim_end_matches(['。', '；', ';', '，', ',']).trim().to_owned(),
        explanation: None,
    }
}

fn entries_of(text: &str) -> Vec<AnswerEntry> {
    let parts = segments(text);
    if let [(None, head), rest @ ..] = parts.as_slice()
        && let Some((number, own)) = numbered(head)
        && !rest.is_empty()
    {
        // 1.【答案】B【解析】……
        let of =
            |wanted: Label| rest.iter().find(|(label, _)| *label == Some(wanted)).map(|(_, text)| (*text).to_owned());
        let key = of(Label::Answer).unwrap_or_else(|| own.to_owned());
        return vec![AnswerEntry { explanation: of(Label::Explanation), ..entry(number, &key) }];
    }
    let folded = fold_width(text);
    let tokens = tokens(&folded);
    if tokens.is_empty()
        && let Some((number, own)) = numbered(text)
    {
        return vec![entry(number, own)];
    }
    tokens
}

/// 1.B 2-4 ACD 5.√ on one line; nothing when something else stands there.
fn tokens(text: &str) -> Vec<AnswerEntry> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let Some((entries, left)) = token(rest) else { return Vec::new() };
        found.extend(entries);
        rest = left.trim_start_matches([' ', ',', ';', '、', '。', '\t', '|']);
    }
    found
}

fn token(text: &str) -> Option<(Vec<AnswerEntry>, &str)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let length = digits(text);
    let first = text.get(..length)?.parse::<u32>().ok()?;
    let rest = text.get(length..)?.trim_start();
    if let Some(behind) = rest.strip_prefix(['-', '—', '~', '至', '–']) {
        let behind = behind.trim_start_matches(['-', '—', ' ']);
        let length = digits(behind);
        let last = behind.get(..length)?.parse::<u32>().ok()?;
        return range(first, last, behind.get(length..)?);
    }
    let rest = rest.trim_start_matches(['.', '、', ':', ')', ' ']);
    let key = key_at(rest)?;
    Some((vec![entry(first, key)], rest.get(key.len()..)?))
}

/// Letters without a gap, or one sign or word of truth.
fn key_at(text: &str) -> Option<&str> {
    let letters = text.bytes().take_while(|byte| byte.is_ascii_uppercase() && *byte <= b'H').count();
    if letters > 0 {
        return text.get(..letters);
    }
    ["正确", "错误", "对", "错", "√", "×", "✓", "✗", "T"].into_iter().find(|word| text.starts_with(word))
}

/// 1-5 BCADA, or 1-3 AB ACD BD.
fn range(first: u32, last: u32, text: &str) -> Option<(Vec<AnswerEntry>, &str)> {
    let count = usize::try_from(last.checked_sub(first)?.checked_add(1).filter(|count| *count <= RANGE_MOST)?).ok()?;
    let body = text.trim_start_matches(['.', '、', ':', ')', ' ']);
    let end = body.find(|sign: char| sign.is_ascii_digit()).unwrap_or(body.len());
    let (own, rest) = body.split_at(end);
    let words: Vec<&str> = own.split([' ', ',', '、', ';']).filter(|word| !word.is_empty()).collect();
    let keys: Vec<String> = if words.len() == count && count > 1 {
        words.into_iter().map(str::to_owned).collect()
    } else {
        own.chars().filter(|sign| !matches!(sign, ' ' | ',' | '、' | ';' | '。')).map(|sign| sign.to_string()).collect()
    };
    if keys.len() != count || !keys.iter().all(|key| key_at(key).is_some_and(|whole| whole.len() == key.len())) {
        return None;
    }
    Some(((first..=last).zip(keys).map(|(number, key)| entry(number, &key)).collect(), rest))
}

/// Gives the answers of the list to the questions: by kind and number, else by number alone, else in their order.
pub(super) fn assign(done: &mut [Done], entries: Vec<AnswerEntry>, problems: &mut Vec<FileProblem>) {
    let in_order =
        entries.len() == done.len() && done.iter().zip(&entries).all(|(done, entry)| done.number == entry.number);
    for (place, entry) in entries.into_iter().enumerate() {
        let fits = |one: &Done| {
            one.number == entry.number
                && one.raw.key == KeyText::Missing
                && (entry.kind.is_none() || one.raw.section_kind.is_none() || entry.kind == one.raw.section_kind)
        };
        let places: Vec<usize> = done.iter().enumerate().filter(|(_, one)| fits(one)).map(|(place, _)| place).collect();
        let chosen = if in_order {
            Some(place)
        } else {
            places.first().copied().filter(|_| places.len() == 1 || entry.kind.is_some())
        };
        match chosen.and_then(|place| done.get_mut(place)) {
            Some(one) => {
                one.raw.key = KeyText::Text(entry.key);
                if let Some(explanation) = entry.explanation {
                    one.raw.explanation = Some(explanation);
                }
            }
            None => problems.push(FileProblem {
                sheet: None,
                row: Some(entry.line),
                severity: Severity::Warning,
                reason: format!("答案“{}. {}”没有对应的题目，请核对题号", entry.number, shorten(&entry.key, 10)),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_answers() {
        let read = |text: &str| {
            entries_of(text).into_iter().map(|entry| format!("{}{}", entry.number, entry.key)).collect::<Vec<_>>()
        };
        for (text, expected) in [
            ("1.B 2.ACD 3、√", vec!["1B", "2ACD", "3√"]),
            ("1-5：BCADA", vec!["1B", "2C", "3A", "4D", "5A"]),
            ("1-3 AB ACD BD  4.C", vec!["1AB", "2ACD", "3BD", "4C"]),
            ("１．Ｂ　２．Ａ", vec!["1B", "2A"]),
            ("1.【答案】B【解析】因为", vec!["1B"]),
            ("1. 六个月", vec!["1六个月"]),
            ("1-5：BCAD", vec![]),
            ("以上供参考", vec![]),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
