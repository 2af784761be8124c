//! Raw responses: from JSON to a value, with every refusal named.

use std::collections::BTreeSet;

use serde_json::Value;
use thiserror::Error;

use crate::key::OptionId;

/// The longest text that one blank (空) may hold, in characters.
pub const MAX_BLANK_CHARS: usize = 200;
/// The longest essay (简答), in characters.
pub const MAX_ESSAY_CHARS: usize = 5_000;

/// What a slot of a person's paper takes: the kind of question and what was shown.
///
/// `shown` lists the canonical ids in the order shown, so the letter `A` is the first of them. A response
/// speaks in letters, a key in canonical ids; parsing goes from one to the other and cannot be left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// 单选.
    Single {
        /// Canonical ids in the order shown.
        shown: Vec<OptionId>,
    },
    /// 多选.
    Multiple {
        /// Canonical ids in the order shown.
        shown: Vec<OptionId>,
    },
    /// 判断.
    Judgement,
    /// 填空.
    Blank {
        /// How many blanks the stem has.
        blanks: usize,
    },
    /// 简答, marked by hand.
    Essay,
}

/// A response (作答) that fits its slot, in canonical ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response {
    /// The chosen options; never empty.
    Options(BTreeSet<OptionId>),
    /// 判断: `true` is 正确.
    Truth(bool),
    /// The text of each blank, or the one text of an essay; not all of them empty.
    Blanks(Vec<String>),
    /// Nothing (cleared, 未作答): `null`, no option, or only empty texts.
    Cleared,
}

/// A response that does not fit its slot.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ResponseError {
    /// Not a list where options are chosen.
    #[error("选择题的作答应是选项字母的列表，例如 [\"B\"]；清空请发送 null")]
    NotLetters,
    /// Neither true nor false.
    #[error("判断题的作答应是 true（正确）或 false（错误）；清空请发送 null")]
    NotTruth,
    /// Not a list of texts.
    #[error("填空题和简答题的作答应是文字的列表，每空一项；清空请发送 null")]
    NotTexts,
    /// A letter that this question does not show.
    #[error("选项“{0}”不在本题之内：请使用题目上显示的大写字母")]
    UnknownLetter(String),
    /// The same letter twice.
    #[error("选项“{0}”重复：每个选项只能选一次")]
    DuplicateLetter(String),
    /// More than one option of a 单选.
    #[error("单选题只能选一项，收到 {0} 项")]
    MoreThanOne(usize),
    /// More texts than blanks.
    #[error("本题有 {allowed} 个空，收到 {given} 项：请按空的顺序每空填一项")]
    TooManyTexts {
        /// How many the slot takes.
        allowed: usize,
        /// How many came.
        given: usize,
    },
    /// A text over the limit.
    #[error("第 {position} 项有 {chars} 个字，超过上限 {limit} 个字：请缩短后再保存")]
    TooLong {
        /// Which text, counted from 1.
        position: usize,
        /// Its length in characters.
        chars: usize,
        /// The limit in characters.
        limit: usize,
    },
    /// A control character, which some databases cannot hold.
    #[error("第 {0} 项含有无法保存的控制字符：请重新输入这一项")]
    ControlCharacter(usize),
}

impl Response {
    /// Reads a response as the phone sends it: `["B","D"]`, `true`, `["text"…]` or `null`.
    ///
    /// Fewer texts than blanks are allowed: the others are empty. The order of letters has no meaning.
    ///
    /// # Errors
    ///
    /// A [`ResponseError`] that says which part is wrong, for the person in front of the phone.
    pub fn parse(value: &Value, shape: &Shape) -> Result<Self, ResponseError> {
        if value.is_null() {
            return Ok(Self::Cleared);
        }
        match shape {
            Shape::Single { shown } => {
                let letters = list(value, ResponseError::NotLetters)?;
                if letters.len() > 1 {
                    return Err(ResponseError::MoreThanOne(letters.len()));
                }
                options(letters, shown)
            }
            Shape::Multiple { shown } => options(list(value, ResponseError::NotLetters)?, shown),
            Shape::Judgement => value.as_bool().map(Self::Truth).ok_or(ResponseError::NotTruth),
            Shape::Blank { blanks } => texts(value, *blanks, MAX_BLANK_CHARS),
            Shape::Essay => texts(value, 1, MAX_ESSAY_CHARS),
        }
    }

    /// Whether the slot counts as answered (已作答).
    pub fn is_answer(&self) -> bool {
        *self != Self::Cleared
    }
}

fn list(value: &Value, otherwise: ResponseError) -> Result<&[Value], ResponseError> {
    value.as_array().map(Vec::as_slice).ok_or(otherwise)
}

fn options(letters: &[Value], shown: &[OptionId]) -> Result<Response, ResponseError> {
    let mut chosen = BTreeSet::new();
    for value in letters {
        let letter = value.as_str().ok_or(ResponseError::NotLetters)?;
        let id = shown_at(letter, shown).ok_or_else(|| ResponseError::UnknownLetter(excerpt(letter)))?;
        if !chosen.insert(id) {
            return Err(ResponseError::DuplicateLetter(letter.to_owned()));
        }
    }
    Ok(if chosen.is_empty() { Response::Cleared } else { Response::Options(chosen) })
}

fn shown_at(letter: &str, shown: &[OptionId]) -> Option<OptionId> {
    match letter.as_bytes() {
        [letter] => shown.get(usize::from(letter.checked_sub(b'A')?)).copied(),
        _ => None,
    }
}

/// What of a stranger's text a message may repeat.
fn excerpt(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(8).collect()
}

fn texts(value: &Value, allowed: usize, limit: usize) -> Result<Response, ResponseError> {
    let values = list(value, ResponseError::NotTexts)?;
    if values.len() > allowed {
        return Err(ResponseError::TooManyTexts { allowed, given: values.len() });
    }
    let mut texts = Vec::with_capacity(allowed);
    for (value, position) in values.iter().zip(1..) {
        let text = value.as_str().ok_or(ResponseError::NotTexts)?;
        let chars = text.chars().count();
        if chars > limit {
            return Err(ResponseError::TooLong { position, chars, limit });
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            return Err(ResponseError::ControlCharacter(position));
        }
        texts.push(text.to_owned());
    }
    if texts.iter().all(|text| text.trim().is_empty()) {
        return Ok(Response::Cleared);
    }
    texts.resize(allowed, String::new());
    Ok(Response::Blanks(texts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::options_in_key_order;
    use serde_json::json;

    fn ids(text: &str) -> Vec<OptionId> {
        text.chars().map(|c| c.to_string().parse().unwrap()).collect()
    }

    fn chosen(text: &str) -> Result<Response, ResponseError> {
        Ok(Response::Options(ids(text).into_iter().collect()))
    }

    #[test]
    fn letters_go_through_the_shuffle() {
        let single = Shape::Single { shown: ids("cadb") };
        let multiple = Shape::Multiple { shown: ids("cadb") };
        for (shape, value, expected) in [
            (&single, json!(["A"]), chosen("c")),
            (&single, json!(["D"]), chosen("b")),
            (&single, json!([]), Ok(Response::Cleared)),
            (&single, json!(null), Ok(Response::Cleared)),
            (&single, json!("A"), Err(ResponseError::NotLetters)),
            (&single, json!([1]), Err(ResponseError::NotLetters)),
            (&single, json!(true), Err(ResponseError::NotLetters)),
            (&single, json!({"A": 1}), Err(ResponseError::NotLetters)),
            (&single, json!(["E"]), Err(ResponseError::UnknownLetter("E".into()))),
            (&single, json!(["a"]), Err(ResponseError::UnknownLetter("a".into()))),
            (&single, json!([""]), Err(ResponseError::UnknownLetter("".into()))),
            (&single, json!(["A", "B"]), Err(ResponseError::MoreThanOne(2))),
            (&multiple, json!(["B", "D"]), chosen("ab")),
            (&multiple, json!(["D", "B"]), chosen("ab")),
            (&multiple, json!(["A", "B", "C", "D"]), chosen("abcd")),
            (&multiple, json!(["B", "B"]), Err(ResponseError::DuplicateLetter("B".into()))),
            (&multiple, json!(["B", "Ｄ"]), Err(ResponseError::UnknownLetter("Ｄ".into()))),
        ] {
            assert_eq!(Response::parse(&value, shape), expected, "{shape:?} {value}");
        }
    }

    #[test]
    fn judgements_are_booleans() {
        for (value, expected) in [
            (json!(true), Ok(Response::Truth(true))),
            (json!(false), Ok(Response::Truth(false))),
            (json!(null), Ok(Response::Cleared)),
            (json!("true"), Err(ResponseError::NotTruth)),
            (json!(["A"]), Err(ResponseError::NotTruth)),
            (json!(1), Err(ResponseError::NotTruth)),
        ] {
            assert_eq!(Response::parse(&value, &Shape::Judgement), expected, "{value}");
        }
    }

    #[test]
    fn texts_are_bounded() {
        let shape = Shape::Blank { blanks: 2 };
        let blanks = |a: &str, b: &str| Ok(Response::Blanks(vec![a.into(), b.into()]));
        let longest = "法".repeat(MAX_BLANK_CHARS);
        let longer = "法".repeat(MAX_BLANK_CHARS + 1);
        for (value, expected) in [
            (json!(["六个月", "警告"]), blanks("六个月", "警告")),
            (json!(["六个月"]), blanks("六个月", "")),
            (json!(["", "警告"]), blanks("", "警告")),
            (json!(["", " 　"]), Ok(Response::Cleared)),
            (json!([]), Ok(Response::Cleared)),
            (json!(["a", "b", "c"]), Err(ResponseError::TooManyTexts { allowed: 2, given: 3 })),
            (json!("六个月"), Err(ResponseError::NotTexts)),
            (json!([null, "警告"]), Err(ResponseError::NotTexts)),
            (json!(["警告", "坏\u{0}"]), Err(ResponseError::ControlCharacter(2))),
            (json!([longest]), blanks(&longest, "")),
            (json!([longer]), Err(ResponseError::TooLong { position: 1, chars: 201, limit: MAX_BLANK_CHARS })),
        ] {
            assert_eq!(Response::parse(&value, &shape), expected, "{value}");
        }
        let essay = json!(["一\n二".repeat(1000)]);
        assert!(Response::parse(&essay, &Shape::Essay).unwrap().is_answer());
    }

    #[test]
    fn a_message_never_repeats_a_long_or_hidden_text() {
        let shape = Shape::Single { shown: options_in_key_order(4) };
        let error = Response::parse(&json!(["\u{1b}[31m很长很长很长很长很长的文字"]), &shape).unwrap_err();
        assert_eq!(error, ResponseError::UnknownLetter("[31m很长很长".into()));
    }
}
