//! What one question says of another.

use super::CheckInput;
use crate::Problem;
use crate::question::{Question, QuestionRef};
use std::collections::BTreeMap;

/// References that stand twice, and those that lead nowhere.
pub(super) fn check(input: &CheckInput<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut files: BTreeMap<&QuestionRef, &str> = BTreeMap::new();
    for entry in &input.bank.entries {
        let reference = &entry.question.reference;
        if let Some(first) = files.insert(reference, &entry.file) {
            let reason = format!("题号 {reference} 在 {first} 里已经用过，请另编一个；用过的题号不再用");
            problems.push(Problem::error(&entry.file, reason).at(reference.as_str()).field("ref"));
        }
    }
    for entry in &input.bank.entries {
        problems.extend(check_one(&entry.file, &entry.question, &|other| files.contains_key(other)));
    }
    problems
}

/// References of one question that lead nowhere.
pub(crate) fn check_one(file: &str, question: &Question, known: &dyn Fn(&QuestionRef) -> bool) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut complain = |field: &str, reason: String| {
        problems.push(Problem::error(file, reason).at(question.reference.as_str()).field(field));
    };
    for enemy in &question.enemies {
        if *enemy == question.reference {
            complain("enemies", "互斥题里写了自己，请删去".to_owned());
        } else if !known(enemy) {
            complain("enemies", format!("互斥题 {enemy} 不在题库里，请核对题号"));
        }
    }
    if let Some(earlier) = &question.successor_of
        && (*earlier == question.reference || !known(earlier))
    {
        complain("successor_of", format!("所接替的题 {earlier} 不在题库里，请核对题号"));
    }
    problems
}
