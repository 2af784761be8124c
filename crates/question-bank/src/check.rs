//! Everything about a bank that a machine can hold (题库检查).
//!
//! Without texts of laws: form, references, keys, dates and the `bind` hashes. With them: every deciding word.

mod basis;
mod form;
mod proof;
mod references;

pub(crate) use basis::{Standing, check_citation};
pub(crate) use form::{check_item, check_question};
pub(crate) use proof::{Proof, prove_words};
pub(crate) use references::check_one as check_references;

use crate::gist::Gists;
use crate::law::{LawTexts, Register};
use crate::question::{Bank, BankEntry, Question, QuestionRef};
use crate::topic::Topic;
use crate::{Problem, Severity};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most characters of deciding words (决定词).
pub const MAX_WORDS_CHARS: usize = 24;

/// What is checked, and against what.
#[derive(Debug, Clone, Copy)]
pub struct CheckInput<'a> {
    /// The questions.
    pub bank: &'a Bank,
    /// The register of laws.
    pub register: &'a Register,
    /// The known topics.
    pub topics: &'a [Topic],
    /// The gists; without them it is not asked whether each cited article has one.
    pub gists: Option<&'a Gists>,
    /// Texts of laws, if there are any.
    pub texts: Option<&'a LawTexts>,
    /// Today, to name questions whose review is due; without it none is named.
    pub today: Option<Date>,
}

impl<'a> CheckInput<'a> {
    fn against(&self) -> Against<'a> {
        Against {
            register: self.register,
            topics: self.topics,
            gists: self.gists,
            texts: self.texts,
            today: self.today,
        }
    }
}

/// What a single question is checked against: as in [`CheckInput`].
#[derive(Debug, Clone, Copy)]
pub struct Against<'a> {
    /// The register of laws.
    pub register: &'a Register,
    /// The known topics.
    pub topics: &'a [Topic],
    /// The gists, if each cited article must have one.
    pub gists: Option<&'a Gists>,
    /// Texts of laws, if there are any.
    pub texts: Option<&'a LawTexts>,
    /// Today, to name questions whose review is due.
    pub today: Option<Date>,
}

/// How many deciding words are proven, and by what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordsCount {
    /// Found in the text (原文证实).
    pub proven: usize,
    /// No text at hand, but the `bind` is right (绑定证实).
    pub bound_only: usize,
    /// Not found in the text, or without text and without a right `bind` (未证实).
    pub failed: usize,
}

/// The outcome of a check, as `bank check` prints it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReport {
    /// How many questions were read; a case is one.
    pub questions: usize,
    /// Questions by kind.
    pub by_kind: BTreeMap<String, usize>,
    /// Questions by the law of their first citation.
    pub by_law: BTreeMap<String, usize>,
    /// The deciding words.
    pub words: WordsCount,
    /// What is wrong, sorted by place.
    pub problems: Vec<Problem>,
}

impl CheckReport {
    /// Whether there is an error (warnings do not count).
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(Problem::is_error)
    }

    /// Adds what was found while files were read.
    #[must_use]
    pub fn with_problems(mut self, problems: impl IntoIterator<Item = Problem>) -> Self {
        self.problems.extend(problems);
        self.problems.sort();
        self.problems.dedup();
        self
    }
}

/// Collects the problems of one question or slot.
pub(crate) struct Complaints<'a> {
    pub(crate) file: &'a str,
    pub(crate) at: String,
    pub(crate) prefix: String,
    pub(crate) problems: &'a mut Vec<Problem>,
}

impl Complaints<'_> {
    fn add(&mut self, severity: Severity, field: &str, reason: impl Into<String>) {
        self.problems.push(Problem {
            file: self.file.to_owned(),
            question: Some(self.at.clone()),
            field: Some(format!("{}{field}", self.prefix)),
            severity,
            reason: reason.into(),
        });
    }

    pub(crate) fn error(&mut self, field: &str, reason: impl Into<String>) {
        self.add(Severity::Error, field, reason);
    }

    pub(crate) fn warning(&mut self, field: &str, reason: impl Into<String>) {
        self.add(Severity::Warning, field, reason);
    }

    pub(crate) fn error_if(&mut self, wrong: bool, field: &str, reason: &str) {
        if wrong {
            self.error(field, reason);
        }
    }
}

/// Checks one question, for which `known` says which other references there are.
pub fn check_one(
    file: &str,
    question: &Question,
    against: &Against<'_>,
    known: &dyn Fn(&QuestionRef) -> bool,
) -> Vec<Problem> {
    let mut problems = references::check_one(file, question, known);
    check_content(file, question, against, &mut problems, &mut WordsCount::default());
    problems.sort();
    problems.dedup();
    problems
}

fn check_content(
    file: &str,
    question: &Question,
    against: &Against<'_>,
    problems: &mut Vec<Problem>,
    words: &mut WordsCount,
) {
    let mut at_question = Complaints { file, at: question.reference.to_string(), prefix: String::new(), problems };
    form::check_question(question, against, &mut at_question);
    for (slot, item) in question.slots() {
        let mut at_slot = Complaints { file, at: slot.to_string(), prefix: String::new(), problems };
        form::check_item(item, &mut at_slot);
        basis::check_basis(question, &slot, item, against, &mut at_slot, words);
    }
}

/// Checks a bank.
pub fn check(input: &CheckInput<'_>) -> CheckReport {
    let mut report = CheckReport { questions: input.bank.entries.len(), ..CheckReport::default() };
    let mut problems = references::check(input);
    let against = input.against();
    for BankEntry { file, question } in &input.bank.entries {
        *report.by_kind.entry(question.kind().to_string()).or_default() += 1;
        let law = question.law().map(ToString::to_string).unwrap_or_default();
        *report.by_law.entry(law).or_default() += 1;
        check_content(file, question, &against, &mut problems, &mut report.words);
    }
    report.with_problems(problems)
}

#[cfg(test)]
mod tests;
