//! Keys, in canonical option ids.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The most options (选项) that a question may have.
pub const MAX_OPTIONS: u8 = 6;

/// A key, or an option id, that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyError {
    /// No canonical option id.
    #[error("选项编号“{0}”无效：应是小写字母 a 至 f 中的一个")]
    UnknownOption(String),
    /// No right option, or none for a blank.
    #[error("答案为空：至少要有一个正确选项，每个空至少要有一个正确答案")]
    Empty,
    /// The key names an option that the question lacks.
    #[error("答案中的选项 {0} 不在本题的选项之内")]
    OutsideOptions(OptionId),
}

/// The canonical id of an option (选项编号), `a` to `f`, as the question file has it.
///
/// It is not the letter that an examinee sees: that one is given after the shuffle (see [`crate::Shape`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OptionId(u8);

impl OptionId {
    /// The id of the option at a position counted from 0, or `None` past the last.
    pub fn at(position: u8) -> Option<Self> {
        (position < MAX_OPTIONS).then_some(Self(position))
    }
}

impl fmt::Display for OptionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", char::from(b'a' + self.0))
    }
}

impl FromStr for OptionId {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        match text.as_bytes() {
            [letter] => letter.checked_sub(b'a').and_then(Self::at),
            _ => None,
        }
        .ok_or_else(|| KeyError::UnknownOption(text.to_owned()))
    }
}

impl TryFrom<String> for OptionId {
    type Error = KeyError;

    fn try_from(text: String) -> Result<Self, KeyError> {
        text.parse()
    }
}

impl From<OptionId> for String {
    fn from(id: OptionId) -> Self {
        id.to_string()
    }
}

/// The first `count` option ids in the order of the question file: an unshuffled question.
pub fn options_in_key_order(count: u8) -> Vec<OptionId> {
    (0..count).filter_map(OptionId::at).collect()
}

/// The key (标准答案) of one version of a question that a machine can mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// 单选: choosing any one of these is right. There is one, or more after a second good answer was admitted.
    Single {
        /// The accepted options.
        accepted: BTreeSet<OptionId>,
    },
    /// 多选: exactly these are right.
    Multiple {
        /// The right options.
        right: BTreeSet<OptionId>,
        /// How many options the question has.
        options: u8,
    },
    /// 判断: `true` is 正确.
    Truth(bool),
    /// 填空: for each blank the answers that are right.
    Blanks(Vec<Vec<String>>),
}

impl Key {
    /// A 单选 key with one right option.
    pub fn single(right: OptionId) -> Self {
        Self::Single { accepted: BTreeSet::from([right]) }
    }

    /// A 多选 key.
    ///
    /// # Errors
    ///
    /// No right option, or one that the question lacks.
    pub fn multiple(right: impl IntoIterator<Item = OptionId>, options: u8) -> Result<Self, KeyError> {
        let right: BTreeSet<OptionId> = right.into_iter().collect();
        let last = right.last().ok_or(KeyError::Empty)?;
        if last.0 >= options {
            return Err(KeyError::OutsideOptions(*last));
        }
        Ok(Self::Multiple { right, options })
    }

    /// A 填空 key: a list of equal answers for each blank.
    ///
    /// # Errors
    ///
    /// No blank, or a blank without an answer that can be matched.
    pub fn blanks(answers: Vec<Vec<String>>) -> Result<Self, KeyError> {
        let matchable = |answers: &Vec<String>| answers.iter().any(|text| !crate::normalise_blank(text).is_empty());
        if answers.is_empty() || !answers.iter().all(matchable) {
            return Err(KeyError::Empty);
        }
        Ok(Self::Blanks(answers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> OptionId {
        text.parse().unwrap()
    }

    #[test]
    fn option_ids_are_a_to_f() {
        for text in ["a", "c", "f"] {
            assert_eq!(id(text).to_string(), text);
        }
        for text in ["", "A", "g", "ab", "甲", "`"] {
            assert_eq!(text.parse::<OptionId>(), Err(KeyError::UnknownOption(text.into())));
        }
        assert_eq!(options_in_key_order(3), vec![id("a"), id("b"), id("c")]);
        assert_eq!(options_in_key_order(200).len(), 6);
    }

    #[test]
    fn impossible_keys_are_refused() {
        assert_eq!(Key::multiple([], 4), Err(KeyError::Empty));
        assert_eq!(Key::multiple([id("a"), id("e")], 4), Err(KeyError::OutsideOptions(id("e"))));
        assert!(Key::multiple([id("a"), id("d")], 4).is_ok());
        assert_eq!(Key::blanks(vec![]), Err(KeyError::Empty));
        assert_eq!(Key::blanks(vec![vec!["六个月".into()], vec!["。".into()]]), Err(KeyError::Empty));
    }

    #[test]
    fn keys_survive_json() {
        for key in [
            Key::single(id("b")),
            Key::multiple([id("a"), id("c")], 5).unwrap(),
            Key::Truth(false),
            Key::blanks(vec![vec!["六个月".into(), "半年".into()]]).unwrap(),
        ] {
            let text = serde_json::to_string(&key).unwrap();
            assert_eq!(serde_json::from_str::<Key>(&text).unwrap(), key, "{text}");
        }
        assert_eq!(serde_json::to_string(&Key::single(id("b"))).unwrap(), r#"{"single":{"accepted":["b"]}}"#);
    }
}
