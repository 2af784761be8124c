//! Legal bases as offices write them: 《某法》第十七条之一第二款第（三）项“……”.

use super::Source;
use crate::laws::numerals;
use unicode_normalization::UnicodeNormalization;

/// The most characters between quotes that are taken for deciding words: longer ones are a sentence of the law.
const MAX_WORDS_CHARS: usize = question_bank::check::MAX_WORDS_CHARS;
/// Bases read from one text.
const MAX_SOURCES: usize = 12;

/// The number of an article: 第十七条之一, 17, 17-1 → `17-1`.
pub(super) fn article_no(text: &str) -> Option<String> {
    let text: String = text.nfkc().filter(|sign| !sign.is_whitespace()).collect();
    let bare = text.trim_start_matches('第');
    let (number, rest) = match bare.split_once('条') {
        Some((number, rest)) => (number, rest.trim_start_matches('之')),
        None => bare.split_once('-').unwrap_or((bare, "")),
    };
    if number == "0" {
        return Some(number.to_owned());
    }
    let number = numerals::value(number)?;
    if rest.is_empty() {
        return Some(number.to_string());
    }
    numerals::value(rest).map(|branch| format!("{number}-{branch}"))
}

/// A paragraph or item: 第二款, （三）, 3.
pub(super) fn place_no(text: &str) -> Option<u32> {
    let bare: String = text
        .nfkc()
        .filter(|sign| !sign.is_whitespace() && !matches!(sign, '第' | '款' | '项' | '(' | ')' | '.' | '、'))
        .collect();
    numerals::value(&bare)
}

/// Every basis that a text names, in its order.
pub(super) fn sources_of(text: &str) -> Vec<Source> {
    let mut sources: Vec<Source> = Vec::new();
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once('《') {
        let Some((law, behind)) = behind.split_once('》') else { break };
        let until = behind.find('《').unwrap_or(behind.len());
        let (own, next) = behind.split_at(until);
        let (edition, own) = edition_of(own);
        let found = places(own);
        let words = quoted(own);
        let base = Source { law: law.trim().to_owned(), edition, ..Source::default() };
        if found.is_empty() {
            sources.push(Source { words, ..base });
        } else {
            for place in found {
                sources.push(Source {
                    law: base.law.clone(),
                    edition: base.edition.clone(),
                    words: words.clone(),
                    ..place
                });
            }
        }
        if sources.len() >= MAX_SOURCES {
            break;
        }
        rest = next;
    }
    sources.truncate(MAX_SOURCES);
    sources
}

/// （2018 年修正） behind a title.
fn edition_of(text: &str) -> (Option<String>, &str) {
    let trimmed = text.trim_start();
    let Some(behind) = trimmed.strip_prefix(['（', '(']) else { return (None, text) };
    let Some((inside, rest)) = behind.split_once(['）', ')']) else { return (None, text) };
    let digits: String =
        inside.nfkc().skip_while(|sign| !sign.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    if digits.len() == 4 { (Some(digits), rest) } else { (None, text) }
}

/// 第七条第一款第（二）项、第八条 → two places.
fn places(text: &str) -> Vec<Source> {
    let mut found: Vec<Source> = Vec::new();
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once('第') {
        let number: String = behind
            .chars()
            .take_while(|sign| numerals::is_numeral(*sign) || matches!(sign, '(' | ')' | '（' | '）' | ' '))
            .collect();
        let after = behind.get(number.len()..).unwrap_or_default();
        rest = after;
        if let Some(tail) = after.strip_prefix('条') {
            let branch: String = tail
                .strip_prefix('之')
                .map(|tail| tail.chars().take_while(|sign| numerals::is_numeral(*sign)).collect())
                .unwrap_or_default();
            let label = if branch.is_empty() { format!("{number}条") } else { format!("{number}条之{branch}") };
            if let Some(article) = article_no(&label) {
                found.push(Source { article: Some(article), ..Source::default() });
            }
        } else if let Some(last) = found.last_mut() {
            if after.starts_with('款') {
                last.paragraph = place_no(&number);
            } else if after.starts_with('项') {
                last.item = place_no(&number);
            }
        }
    }
    found
}

/// What stands between the first quotes, if it is short enough to be deciding words.
fn quoted(text: &str) -> Option<String> {
    let (_, behind) = text.split_once(['“', '"', '「'])?;
    let (inside, _) = behind.split_once(['”', '"', '」'])?;
    let inside = inside.trim();
    (!inside.is_empty() && inside.chars().count() <= MAX_WORDS_CHARS).then(|| inside.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(text: &str) -> Vec<String> {
        sources_of(text)
            .iter()
            .map(|one| {
                let number = |value: Option<u32>| value.map_or("-".to_owned(), |value| value.to_string());
                format!(
                    "{}|{}|{}|{}|{}|{}",
                    one.law,
                    one.edition.as_deref().unwrap_or("-"),
                    one.article.as_deref().unwrap_or("-"),
                    number(one.paragraph),
                    number(one.item),
                    one.words.as_deref().unwrap_or("-")
                )
            })
            .collect()
    }

    #[test]
    fn the_usual_ways_to_cite() {
        for (text, expected) in [
            ("《甲法》第八条", vec!["甲法|-|8|-|-|-"]),
            ("依据《甲法》（2018年修正）第十七条之一第二款第（三）项", vec!["甲法|2018|17-1|2|3|-"]),
            ("《甲法》第 12 条第1款：“记大过，十八个月”", vec!["甲法|-|12|1|-|记大过，十八个月"]),
            (
                "《甲法》第七条、第八条第一款，《乙条例》第三条",
                vec!["甲法|-|7|-|-|-", "甲法|-|8|1|-|-", "乙条例|-|3|-|-|-"],
            ),
            ("《甲法》", vec!["甲法|-|-|-|-|-"]),
            ("第八条", vec![]),
            ("《甲法", vec![]),
        ] {
            assert_eq!(short(text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_of_articles_and_places() {
        for (text, no) in [
            ("17", Some("17")),
            ("第十七条", Some("17")),
            ("１７－１", Some("17-1")),
            ("第十七条之一", Some("17-1")),
            ("十七条之二", Some("17-2")),
            ("0", Some("0")),
            ("第条", None),
            ("总则", None),
            ("17.5", None),
        ] {
            assert_eq!(article_no(text).as_deref(), no, "{text}");
        }
        for (text, no) in
            [("2", Some(2)), ("第二款", Some(2)), ("（三）", Some(3)), ("第（十一）项", Some(11)), ("全部", None)]
        {
            assert_eq!(place_no(text), no, "{text}");
        }
    }
}
