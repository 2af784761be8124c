//! Answers of virtual takers: small in memory, and the same on the wire and in the comparison.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, SeqAccess, Visitor};

/// Letters that options have, `A` to `Z`.
const LETTERS: u32 = 26;

/// What a slot asks for, as the start of an attempt says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One letter, or with `many` any number of them; bit 0 is `A`.
    Choice { letters: u32, many: bool },
    /// True or false.
    Judgement,
    /// So many texts.
    Texts { blanks: u8 },
}

/// An answer of a virtual taker (模拟作答).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The chosen letters.
    Letters(u32),
    /// True or false.
    Truth(bool),
    /// A text for each blank, made of a number.
    Texts { blanks: u8, number: u32 },
    /// Nothing.
    Cleared,
}

impl Shape {
    /// The answer that a random number stands for.
    pub(crate) fn answer(self, choice: u32) -> Answer {
        match self {
            Self::Choice { letters: 0, .. } => Answer::Cleared,
            Self::Choice { letters, many } => {
                let first = nth_letter(letters, choice % letters.count_ones());
                if many {
                    // One letter that must be, and whatever else the upper bits say.
                    Answer::Letters(first | (letters & (choice >> 5)))
                } else {
                    Answer::Letters(first)
                }
            }
            Self::Judgement => Answer::Truth(choice.is_multiple_of(2)),
            Self::Texts { blanks } => Answer::Texts { blanks, number: choice % 10_000 },
        }
    }
}

/// The bit of the n-th letter that is set, counted from 0.
fn nth_letter(letters: u32, n: u32) -> u32 {
    let mut rest = letters;
    for _ in 0..n {
        rest &= rest.wrapping_sub(1);
    }
    rest & rest.wrapping_neg()
}

/// The bit of a letter of the contract.
pub(crate) fn letter_bit(text: &str) -> Option<u32> {
    match text.as_bytes() {
        [letter] => {
            let at = u32::from(letter.checked_sub(b'A')?);
            (at < LETTERS).then(|| 1_u32 << at)
        }
        _ => None,
    }
}

impl Answer {
    /// Whether the slot counts as answered.
    pub(crate) fn is_answer(self) -> bool {
        self != Self::Cleared
    }
}

/// The answer as compact JSON, as it goes over the wire and into the receipt.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Cleared => f.write_str("null"),
            Self::Truth(truth) => write!(f, "{truth}"),
            Self::Letters(mask) => {
                f.write_str("[")?;
                let letters = (b'A'..=b'Z').zip(0_u32..).filter(|(_, at)| mask >> at & 1 == 1);
                for (count, (letter, _)) in letters.enumerate() {
                    write!(f, "{}\"{}\"", if count > 0 { "," } else { "" }, char::from(letter))?;
                }
                f.write_str("]")
            }
            Self::Texts { blanks, number } => {
                f.write_str("[")?;
                for blank in 0..blanks {
                    let comma = if blank > 0 { "," } else { "" };
                    write!(f, "{comma}\"{}\"", blank_text(number, blank))?;
                }
                f.write_str("]")
            }
        }
    }
}

fn blank_text(number: u32, blank: u8) -> String {
    format!("演练{number}-{blank}")
}

/// A response as the server gives it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Held {
    /// `null`.
    Cleared,
    /// `true` or `false`.
    Truth(bool),
    /// A list of texts.
    List(Vec<String>),
    /// Anything else; never what a taker sent.
    Other,
}

impl Held {
    /// Whether this is that answer. The order of letters has no meaning.
    pub(crate) fn is(&self, answer: Answer) -> bool {
        match (self, answer) {
            (Self::Cleared, Answer::Cleared) => true,
            (Self::Truth(held), Answer::Truth(sent)) => *held == sent,
            (Self::List(held), Answer::Letters(mask)) => {
                let mut rest = mask;
                for text in held {
                    match letter_bit(text).filter(|bit| rest & bit != 0) {
                        Some(bit) => rest &= !bit,
                        None => return false,
                    }
                }
                rest == 0
            }
            (Self::List(held), Answer::Texts { blanks, number }) => {
                held.len() == usize::from(blanks)
                    && held.iter().zip(0..blanks).all(|(text, blank)| *text == blank_text(number, blank))
            }
            _ => false,
        }
    }
}

impl<'de> Deserialize<'de> for Held {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(HeldVisitor)
    }
}

struct HeldVisitor;

impl<'de> Visitor<'de> for HeldVisitor {
    type Value = Held;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a response")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Held, E> {
        Ok(Held::Cleared)
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<Held, E> {
        Ok(Held::Truth(truth))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Held, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = items.next_element::<String>()? {
            texts.push(text);
        }
        Ok(Held::List(texts))
    }

    fn visit_str<E: de::Error>(self, _: &str) -> Result<Held, E> {
        Ok(Held::Other)
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Held, E> {
        Ok(Held::Other)
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Held, E> {
        Ok(Held::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SINGLE: Shape = Shape::Choice { letters: 0b1111, many: false };
    const MANY: Shape = Shape::Choice { letters: 0b1_1111, many: true };

    fn held(json: &str) -> Held {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn answers_look_as_the_contract_says() {
        for (answer, json) in [
            (Answer::Letters(0b1010), r#"["B","D"]"#),
            (Answer::Letters(1), r#"["A"]"#),
            (Answer::Truth(true), "true"),
            (Answer::Texts { blanks: 2, number: 7 }, r#"["演练7-0","演练7-1"]"#),
            (Answer::Cleared, "null"),
        ] {
            assert_eq!(answer.to_string(), json);
            assert!(held(json).is(answer), "{json}");
        }
    }

    #[test]
    fn what_is_held_is_compared_by_meaning() {
        let answer = Answer::Letters(0b1010);
        for (json, same) in [
            (r#"["D","B"]"#, true),
            (r#"["B"]"#, false),
            (r#"["B","D","A"]"#, false),
            (r#"["B","B"]"#, false),
            (r#"["B","x"]"#, false),
            ("null", false),
            ("true", false),
            ("\"B\"", false),
            ("3", false),
        ] {
            assert_eq!(held(json).is(answer), same, "{json}");
        }
        assert!(!held(r#"["演练7-0"]"#).is(Answer::Texts { blanks: 2, number: 7 }));
        assert!(!held("false").is(Answer::Truth(true)));
    }

    #[test]
    fn every_number_is_an_answer_that_fits() {
        for choice in (0..2_000_u32).map(|n| n.wrapping_mul(2_654_435_761)) {
            let Answer::Letters(one) = SINGLE.answer(choice) else { panic!() };
            assert!(one.count_ones() == 1 && one < 16, "{one:b}");
            let Answer::Letters(many) = MANY.answer(choice) else { panic!() };
            assert!(many.count_ones() >= 1 && many < 32, "{many:b}");
        }
        let letters: std::collections::BTreeSet<String> =
            (0..8).map(|choice| SINGLE.answer(choice).to_string()).collect();
        assert_eq!(letters.len(), 4);
        assert_eq!(Shape::Choice { letters: 0, many: false }.answer(3), Answer::Cleared);
    }
}
