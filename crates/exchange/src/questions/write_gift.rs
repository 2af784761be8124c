//! Questions as Moodle's GIFT.

use super::raw::BLANK;
use question_bank::question::{Answer, Body, Item, OptionId, OptionText, Question};
use std::fmt::Write as _;

/// What GIFT does not hold.
pub const GIFT_LOSES: &str =
    "GIFT 不含：法律依据、认知层次、题库、适用对象、预估答对率、版本号和状态、命题人和审题人（重新导入后是草稿）";

/// A GIFT file, and what could not be written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gift {
    /// The file.
    pub text: String,
    /// References left out or written in part, and why.
    pub losses: Vec<(String, String)>,
}

/// Writes these questions, under a category for each main topic.
pub fn write_gift(questions: &[&Question]) -> Gift {
    let mut gift = Gift::default();
    let mut category = "";
    for question in questions {
        let item = match &question.body {
            Body::Item(item) => item,
            Body::Case { .. } => {
                gift.lose(question, "案例题没有写入：GIFT 没有案例");
                continue;
            }
        };
        let Some(body) = body_of(item, question, &mut gift) else { continue };
        let topic = question.topics.first().map_or("", |topic| topic.as_str());
        if topic != category {
            let _ = writeln!(gift.text, "$CATEGORY: {topic}\n");
            category = topic;
        }
        let _ = writeln!(gift.text, "::{}::{body}\n", question.reference);
    }
    gift
}

impl Gift {
    fn lose(&mut self, question: &Question, reason: &str) {
        self.losses.push((question.reference.to_string(), reason.to_owned()));
    }
}

fn body_of(item: &Item, question: &Question, gift: &mut Gift) -> Option<String> {
    let explanation =
        if item.explanation.is_empty() { String::new() } else { format!("####{}", escaped(&item.explanation)) };
    let stem = escaped(&item.stem);
    Some(match &item.answer {
        Answer::Single { options, key, fixed_order } => {
            note_order(*fixed_order, question, gift);
            format!("{stem} {{\n{}{explanation}}}", choice(options, std::slice::from_ref(key)))
        }
        Answer::Multiple { options, key, fixed_order } => {
            note_order(*fixed_order, question, gift);
            format!("{stem} {{\n{}{explanation}}}", choice(options, key))
        }
        Answer::Judgement { key, misconception } => {
            let feedback = misconception.as_deref().map(|text| format!("#{}", escaped(text))).unwrap_or_default();
            format!("{stem} {{{}{feedback}{explanation}}}", if *key { "TRUE" } else { "FALSE" })
        }
        Answer::Blank { key } => {
            let ([answers], 1) = (key.as_slice(), item.stem.matches(BLANK).count()) else {
                gift.lose(question, "没有写入：GIFT 的填空题只能有一个空");
                return None;
            };
            let (before, behind) = item.stem.split_once(BLANK)?;
            let answers: String = answers.iter().map(|answer| format!("={} ", escaped(answer))).collect();
            format!("{}{{{answers}{explanation}}}{}", escaped(before), escaped(behind))
        }
        Answer::Essay { .. } => {
            gift.lose(question, "简答题的参考答案和得分点没有写入：GIFT 没有地方");
            format!("{stem} {{{explanation}}}")
        }
    })
}

fn note_order(fixed_order: bool, question: &Question, gift: &mut Gift) {
    if fixed_order {
        gift.lose(question, "“选项不打乱”没有写入：GIFT 没有地方");
    }
}

fn choice(options: &[OptionText], key: &[OptionId]) -> String {
    let weight = match key.len() {
        2 => "50",
        3 => "33.33333",
        4 => "25",
        _ => "100",
    };
    let mut out = String::new();
    for option in options {
        let mark = match (key.contains(&option.id), key.len()) {
            (true, 0 | 1) => "=".to_owned(),
            (false, 0 | 1) => "~".to_owned(),
            (true, _) => format!("~%{weight}%"),
            (false, _) => "~%-100%".to_owned(),
        };
        let feedback = option.misconception.as_deref().map(|text| format!("#{}", escaped(text))).unwrap_or_default();
        let _ = writeln!(out, "{mark}{}{feedback}", escaped(&option.text));
    }
    out
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '~' | '=' | '#' | '{' | '}' | ':' | '\\' => {
                out.push('\\');
                out.push(sign);
            }
            '\n' => out.push_str("\\n"),
            '\r' => {}
            sign => out.push(sign),
        }
    }
    out
}
