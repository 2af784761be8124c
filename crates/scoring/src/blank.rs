//! When two texts in a blank (填空) are the same answer.

use unicode_normalization::UnicodeNormalization;

use crate::numeral;

/// What may stand after 两 for it to mean 二: units, and what officials' texts count.
const COUNTED: &str = "个年月日天周次人名倍级档种类项款条份届位方轮票成回处千百万亿分";
/// Marks that carry no meaning at either end of an answer.
const EDGE_MARKS: &str = "。.,、;:!?\"'“”‘’「」《》〈〉()[]【】";
/// Characters without width that an input method or a paste may leave behind.
const INVISIBLE: [char; 6] = ['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{ad}'];

/// Whether a text is one of the accepted answers of a blank, in their normal forms.
pub fn blank_matches(accepted: &[String], text: &str) -> bool {
    let given = normalise_blank(text);
    !given.is_empty() && accepted.iter().any(|answer| normalise_blank(answer) == given)
}

/// The normal form of an answer to a blank: equal forms (等同写法) have the same one.
///
/// NFKC (full and half width, ligatures), no white space, small letters, no marks at the ends; Chinese numerals
/// as figures (十二 → 12), 两 before a measure word as 2, 3万 as 30000, 30,000 as 30000, 百分之五 as 5%,
/// 三分之二 as 2/3, 天 after a number as 日. The table stands in `docs/scoring.md`.
pub fn normalise_blank(text: &str) -> String {
    let plain: String = text
        .nfkc()
        .filter(|c| !c.is_whitespace() && !c.is_control() && !INVISIBLE.contains(c))
        .map(|c| if matches!(c, '○' | '◯') { '〇' } else { c })
        .flat_map(char::to_lowercase)
        .collect();
    let trimmed: Vec<char> = plain.trim_matches(|c| EDGE_MARKS.contains(c)).chars().collect();
    let figures = chinese_to_figures(&two(&trimmed));
    join(shares(tokens(&figures)))
}

/// 两 as 二 where it counts something.
fn two(chars: &[char]) -> Vec<char> {
    let next = chars.iter().skip(1).map(Some).chain([None]);
    chars
        .iter()
        .zip(next)
        .map(|(c, next)| match next {
            Some(next) if *c == '两' && COUNTED.contains(*next) => '二',
            _ => *c,
        })
        .collect()
}

/// Every run of Chinese numerals that is certainly a number, as figures.
fn chinese_to_figures(chars: &[char]) -> Vec<char> {
    let mut out = Vec::with_capacity(chars.len());
    for run in chars.chunk_by(|a, b| numeral::is_numeral(*a) == numeral::is_numeral(*b)) {
        match numeral::value_of(run) {
            Some(value) => out.extend(value.to_string().chars()),
            None => out.extend(run),
        }
    }
    out
}

/// A piece of an answer: a number in its normal form, or one other character.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Number(String),
    Other(char),
}

fn tokens(chars: &[char]) -> Vec<Token> {
    let mut out = Vec::new();
    let mut rest = chars;
    while let Some((first, tail)) = rest.split_first() {
        if first.is_ascii_digit() {
            let length = number_length(rest);
            let (number, after) = rest.split_at(length);
            let (number, used) = with_large_unit(number, after);
            out.push(Token::Number(number));
            rest = after.get(used..).unwrap_or_default();
        } else {
            out.push(Token::Other(*first));
            rest = tail;
        }
    }
    out
}

/// How many characters from the start are one number: figures, groups of three after commas, one decimal part.
fn number_length(chars: &[char]) -> usize {
    let figures = |from: usize| chars.iter().skip(from).take_while(|c| c.is_ascii_digit()).count();
    let mut length = figures(0);
    if length <= 3 {
        while chars.get(length) == Some(&',') && figures(length + 1) == 3 {
            length += 4;
        }
    }
    if chars.get(length) == Some(&'.') && figures(length + 1) > 0 {
        length += 1 + figures(length + 1);
    }
    length
}

/// A number without commas and leading zeros, multiplied by a 万 or 亿 that follows; and how many characters
/// after the number that took.
fn with_large_unit(number: &[char], after: &[char]) -> (String, usize) {
    let plain: String = number.iter().filter(|c| **c != ',').collect();
    let unit = after.first().copied().and_then(numeral::large_unit);
    if let Some(product) = unit.and_then(|unit| multiply(&plain, unit)) {
        return (product, 1);
    }
    let bare = plain.trim_start_matches('0');
    let bare = if bare.is_empty() || bare.starts_with('.') { format!("0{bare}") } else { bare.to_owned() };
    (bare, 0)
}

/// `1.5` × 10000 = `15000`; `None` when that is no whole number, or too large.
fn multiply(decimal: &str, unit: u64) -> Option<String> {
    let (whole, part) = decimal.split_once('.').unwrap_or((decimal, ""));
    let places = u32::try_from(part.len()).ok()?;
    let scale = 10u64.checked_pow(places)?;
    let scaled = whole.parse::<u64>().ok()?.checked_mul(scale)?.checked_add(match part {
        "" => 0,
        part => part.parse().ok()?,
    })?;
    let product = scaled.checked_mul(unit)?;
    (product % scale == 0).then(|| (product / scale).to_string())
}

/// 百分之五 as 5%, 千分之三 as 3‰, 三分之二 as 2/3; 天 after a number as 日.
fn shares(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut rest = tokens.as_slice();
    while let Some((first, tail)) = rest.split_first() {
        if let [whole, Token::Other('分'), Token::Other('之'), Token::Number(part), after @ ..] = rest
            && let Some(share) = share(whole, part)
        {
            out.extend(share);
            rest = after;
            continue;
        }
        let day = *first == Token::Other('天') && matches!(out.last(), Some(Token::Number(_)));
        out.push(if day { Token::Other('日') } else { first.clone() });
        rest = tail;
    }
    out
}

fn share(whole: &Token, part: &str) -> Option<Vec<Token>> {
    let part = Token::Number(part.to_owned());
    match whole {
        Token::Other('百') => Some(vec![part, Token::Other('%')]),
        Token::Other('千') => Some(vec![part, Token::Other('‰')]),
        Token::Number(whole) => Some(vec![part, Token::Other('/'), Token::Number(whole.clone())]),
        Token::Other(_) => None,
    }
}

fn join(tokens: Vec<Token>) -> String {
    tokens.into_iter().fold(String::new(), |mut out, token| {
        match token {
            Token::Number(number) => out.push_str(&number),
            Token::Other(c) => out.push(c),
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `equal`: each line is one answer in forms that are equal; `different`: pairs that are not the same answer. The
    /// pages' practice is held to the same file.
    fn vectors(kind: &str) -> Vec<Vec<String>> {
        let all: serde_json::Value = serde_json::from_str(include_str!("../../../docs/blank-vectors.json")).unwrap();
        serde_json::from_value(all[kind].clone()).unwrap()
    }

    #[test]
    fn equal_forms_are_equal() {
        for forms in vectors("equal") {
            for form in &forms {
                assert_eq!(normalise_blank(form), normalise_blank(&forms[0]), "{form} and {}", forms[0]);
            }
        }
    }

    #[test]
    fn different_answers_stay_different() {
        for pair in vectors("different") {
            assert_ne!(normalise_blank(&pair[0]), normalise_blank(&pair[1]), "{pair:?}");
        }
        let equal = vectors("equal");
        let first: std::collections::BTreeSet<String> = equal.iter().map(|forms| normalise_blank(&forms[0])).collect();
        assert_eq!(first.len(), equal.len(), "two lines of the table fall together: {first:?}");
    }

    #[test]
    fn an_empty_text_matches_nothing() {
        let accepted = vec!["。".to_owned(), String::new()];
        for text in ["", " ", "。", "《》"] {
            assert!(!blank_matches(&accepted, text), "{text:?}");
        }
    }

    #[test]
    fn any_accepted_answer_will_do() {
        let accepted = vec!["六个月".to_owned(), "半年".to_owned()];
        for (text, expected) in [("6个月", true), ("半年", true), ("六个月以上", false), ("一年", false)] {
            assert_eq!(blank_matches(&accepted, text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn an_answer_always_matches_itself_spaced_out(text in "[一二十百万两0-9a-z个月年日元,.%分之警告]{1,20}") {
            prop_assume!(!normalise_blank(&text).is_empty());
            let spaced: String = text.chars().flat_map(|c| [c, ' ']).collect();
            prop_assert!(blank_matches(std::slice::from_ref(&text), &spaced));
        }

        #[test]
        fn no_text_is_too_strange(text in any::<String>()) {
            let _ = normalise_blank(&text);
        }

        #[test]
        fn numbers_have_one_form(number in 0u64..10_000_000) {
            let grouped = number.to_string().as_bytes().rchunks(3).rev()
                .map(|group| String::from_utf8(group.to_vec()).unwrap()).collect::<Vec<_>>().join(",");
            prop_assert_eq!(normalise_blank(&format!("{grouped}元")), format!("{number}元"));
        }
    }
}
