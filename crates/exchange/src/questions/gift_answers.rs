//! What stands in the braces of GIFT.

use super::gift::{find_bare, format_of, plain};
use super::raw::RawOption;

/// Weights below this are no right option.
const RIGHT_FROM_PERCENT: f64 = 0.001;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Answers {
    Choice { options: Vec<RawOption>, right: Vec<usize>, multiple: bool, explanation: Option<String> },
    Truth { truth: bool, misconception: Option<String>, explanation: Option<String> },
    Words { words: Vec<String>, explanation: Option<String> },
    Essay { explanation: Option<String> },
}

/// One answer: `=text#feedback` or `~%50%text#feedback`.
struct Answer {
    is_equal: bool,
    weight: Option<f64>,
    text: String,
    feedback: Option<String>,
}

/// # Errors
/// A kind of answer that no question of ours has; why, in Chinese.
pub(super) fn read_answers(inside: &str, is_html: bool) -> Result<Answers, String> {
    let (body, explanation) = general_feedback(inside, is_html);
    let body = body.trim();
    if body.is_empty() {
        return Ok(Answers::Essay { explanation });
    }
    if let Some((truth, misconception)) = truth_of(body, is_html) {
        return Ok(Answers::Truth { truth, misconception, explanation });
    }
    if let Some(number) = body.strip_prefix('#') {
        return numerical(number, explanation);
    }
    let answers = split_answers(body, is_html);
    if answers.iter().any(|answer| answer.is_equal && answer.text.contains("->")) {
        return Err("连线题（->）不支持，没有读入；请改写成选择题".to_owned());
    }
    if answers.is_empty() {
        return Err("{ } 里没有以 = 或者 ~ 开头的答案，没有读入".to_owned());
    }
    if answers.iter().all(|answer| answer.is_equal) {
        return Ok(Answers::Words { words: answers.into_iter().map(|answer| answer.text).collect(), explanation });
    }
    let is_right = |answer: &Answer| answer.is_equal || answer.weight.is_some_and(|weight| weight > RIGHT_FROM_PERCENT);
    let right: Vec<usize> =
        answers.iter().enumerate().filter(|(_, answer)| is_right(answer)).map(|(place, _)| place).collect();
    let multiple = answers.iter().any(|answer| {
        !answer.is_equal && answer.weight.is_some_and(|weight| weight > RIGHT_FROM_PERCENT && weight < 100.0)
    }) || right.len() > 1;
    let options = answers
        .into_iter()
        .enumerate()
        .map(|(place, answer)| RawOption {
            misconception: answer.feedback.filter(|_| !right.contains(&place)),
            ..RawOption::of(answer.text)
        })
        .collect();
    Ok(Answers::Choice { options, right, multiple, explanation })
}

/// What stands behind `####`.
fn general_feedback(inside: &str, is_html: bool) -> (&str, Option<String>) {
    match inside.split_once("####") {
        Some((body, feedback)) => (body, Some(clean(feedback, is_html)).filter(|text| !text.is_empty())),
        None => (inside, None),
    }
}

fn clean(text: &str, is_html: bool) -> String {
    let (own_html, text) = format_of(text.trim());
    plain(text, is_html || own_html)
}

/// T, FALSE#why it is wrong to answer otherwise.
fn truth_of(body: &str, is_html: bool) -> Option<(bool, Option<String>)> {
    let until = find_bare(body, &['#']).unwrap_or(body.len());
    let truth = match body.get(..until)?.trim().to_ascii_uppercase().as_str() {
        "T" | "TRUE" => true,
        "F" | "FALSE" => false,
        _ => return None,
    };
    // The first feedback is shown to who answers wrong.
    let feedback = body.get(until..)?.trim_start_matches('#');
    let until = find_bare(feedback, &['#']).unwrap_or(feedback.len());
    let feedback = feedback.get(..until).map(|text| clean(text, is_html)).filter(|text| !text.is_empty());
    Some((truth, feedback))
}

fn numerical(text: &str, explanation: Option<String>) -> Result<Answers, String> {
    let text = text.trim().trim_start_matches('=');
    let number = text.split([':', '#']).next().unwrap_or_default().trim();
    if number.is_empty() || number.contains("..") || number.parse::<f64>().is_err() {
        return Err("数值题只支持单个数，没有读入；请改写成填空题".to_owned());
    }
    Ok(Answers::Words { words: vec![number.to_owned()], explanation })
}

fn split_answers(body: &str, is_html: bool) -> Vec<Answer> {
    let mut answers = Vec::new();
    let mut rest = body;
    while let Some(at) = find_bare(rest, &['=', '~']) {
        let is_equal = rest.get(at..).is_some_and(|text| text.starts_with('='));
        let behind = rest.get(at + 1..).unwrap_or_default();
        let until = find_bare(behind, &['=', '~']).unwrap_or(behind.len());
        let (own, next) = behind.split_at(until);
        rest = next;
        let (weight, own) = weight_of(own.trim());
        let hash = find_bare(own, &['#']).unwrap_or(own.len());
        let (text, feedback) = own.split_at(hash);
        let feedback = clean(feedback.trim_start_matches('#'), is_html);
        answers.push(Answer {
            is_equal,
            weight,
            text: clean(text, is_html),
            feedback: Some(feedback).filter(|text| !text.is_empty()),
        });
    }
    answers
}

fn weight_of(text: &str) -> (Option<f64>, &str) {
    let Some((number, rest)) = text.strip_prefix('%').and_then(|rest| rest.split_once('%')) else {
        return (None, text);
    };
    match number.trim().parse::<f64>() {
        Ok(weight) => (Some(weight), rest),
        Err(_) => (None, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_question_of_ours_has_is_refused_with_a_reason() {
        for (inside, word) in [("=甲 -> 乙 =丙 -> 丁", "连线"), ("#1..5", "数值"), ("#", "数值"), ("甲", "= 或者 ~")]
        {
            let error = read_answers(inside, false).unwrap_err();
            assert!(error.contains(word), "{inside}: {error}");
        }
    }

    #[test]
    fn escapes_weights_and_feedback() {
        let Ok(Answers::Choice { options, right, multiple, explanation }) =
            read_answers("~%50%甲\\=乙#是\n~%-100%丙#不是\n~%50%丁 ####因为\\{一\\}", false)
        else {
            panic!("a choice")
        };
        assert_eq!(options.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), ["甲=乙", "丙", "丁"]);
        assert_eq!((right, multiple), (vec![0, 2], true));
        assert_eq!((options[0].misconception.as_deref(), options[1].misconception.as_deref()), (None, Some("不是")));
        assert_eq!(explanation.as_deref(), Some("因为{一}"));
    }
}
