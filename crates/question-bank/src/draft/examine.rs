//! What stands between a draft and a question in papers: gaps, faults, and words that no text has proven.

use super::{Draft, DraftBody, DraftCitation, item_path};
use crate::bind::{bind_hash, proven_hash};
use crate::check::{
    Against, Complaints, Proof, Standing, check_citation, check_item, check_one, check_question, check_references,
};
use crate::law::{Article, Edition};
use crate::question::{Authorship, Body, Citation, Item, Level, Pool, Question, QuestionRef, SlotRef, State};
use crate::{Problem, Severity};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A problem of a draft, at a path of its JSON such as `body.item.options[0].text`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FieldProblem {
    /// The path, list places from 0.
    pub field: String,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong and what to do, in Chinese.
    pub reason: String,
}

impl FieldProblem {
    /// An error.
    pub fn error(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { field: field.into(), severity: Severity::Error, reason: reason.into() }
    }

    /// A warning.
    pub fn warning(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { field: field.into(), severity: Severity::Warning, reason: reason.into() }
    }

    /// Whether it is an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// How the words of a citation stand to the text (关键词句的证实情况).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WordsProof {
    /// The imported text has them, character by character (原文证实).
    Proven,
    /// No text at hand, but they were proven before and nothing has changed since (绑定证实).
    Bound,
    /// Nothing proves them: no text was imported, or only one of other punctuation (未证实).
    NotProven,
    /// The text says otherwise (与原文不符).
    Refuted,
    /// The register has no such edition or article (依据不存在).
    NoSource,
}

impl WordsProof {
    /// Whether the words may go into papers without a reason.
    pub fn is_proof(self) -> bool {
        matches!(self, Self::Proven | Self::Bound)
    }
}

/// The words of one citation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordsState {
    /// Path of the citation.
    pub field: String,
    /// How its words stand.
    pub proof: WordsProof,
}

/// What was found out about a draft.
#[derive(Debug, Clone, PartialEq)]
pub struct Examined {
    /// The question with its binds, when nothing is missing; it may be faulty all the same.
    pub question: Option<Question>,
    /// Gaps, faults and warnings, by path.
    pub problems: Vec<FieldProblem>,
    /// Its citations that are written to the end.
    pub words: Vec<WordsState>,
}

impl Examined {
    /// The errors: what must be mended before the question is submitted.
    pub fn errors(&self) -> impl Iterator<Item = &FieldProblem> {
        self.problems.iter().filter(|problem| problem.is_error())
    }

    /// Citations whose words nothing proves.
    pub fn unproven(&self) -> impl Iterator<Item = &WordsState> {
        self.words.iter().filter(|words| !words.proof.is_proof())
    }
}

/// What drafts are examined against.
#[derive(Clone, Copy)]
pub struct Examiner<'a> {
    /// Register, topics, texts, today.
    pub against: Against<'a>,
    /// Which references there are.
    pub known: &'a dyn Fn(&QuestionRef) -> bool,
    /// Binds that were given for proof before: those are believed while they are right, no others.
    pub kept_binds: &'a BTreeSet<String>,
}

impl Examiner<'_> {
    /// Examines a draft as a question of this version, state and authorship.
    pub fn examine(&self, draft: &Draft, version: u32, state: State, authorship: &Authorship) -> Examined {
        let mut examined = match draft.complete(version, state, authorship.clone()) {
            Ok(question) => self.examine_question(question),
            Err(gaps) => self.examine_parts(draft, version, state, authorship, gaps),
        };
        // The proof of the words is told apart from the problems: a bind is nothing that a person can mend.
        examined.problems.retain(|problem| !problem.field.ends_with(".bind"));
        examined.problems.extend(self.warnings(draft));
        for words in examined.words.iter().filter(|words| words.proof == WordsProof::NotProven) {
            let reason = "关键词句未经原文证实：请导入这部法规的全文，否则启用时要写明理由";
            examined.problems.push(FieldProblem::warning(format!("{}.words", words.field), reason));
        }
        examined.problems.sort();
        examined.problems.dedup();
        examined
    }

    fn examine_question(&self, mut question: Question) -> Examined {
        let words = self.bind(&mut question);
        let problems = check_one("", &question, &self.against, self.known)
            .into_iter()
            .map(|problem| to_field(&question.reference, question.passage().is_some(), problem))
            .collect();
        Examined { question: Some(question), problems, words }
    }

    /// Writes the bind of every citation that is proven, and takes away every other.
    fn bind(&self, question: &mut Question) -> Vec<WordsState> {
        let is_case = question.passage().is_some();
        let slots: Vec<SlotRef> = question.slots().map(|(slot, _)| slot).collect();
        let items: &mut [Item] = match &mut question.body {
            Body::Item(item) => std::slice::from_mut(item),
            Body::Case { parts, .. } => parts.as_mut_slice(),
        };
        let mut states = Vec::new();
        for (at, (item, slot)) in items.iter_mut().zip(&slots).enumerate() {
            let found: Vec<(WordsProof, Option<String>)> =
                item.citations.iter().map(|citation| self.proof(citation, slot, item)).collect();
            for (place, (citation, (proof, bind))) in item.citations.iter_mut().zip(found).enumerate() {
                citation.bind = bind;
                states.push(WordsState { field: format!("{}.citations[{place}]", item_path(is_case, at)), proof });
            }
        }
        states
    }

    fn proof(&self, citation: &Citation, slot: &SlotRef, item: &Item) -> (WordsProof, Option<String>) {
        let Some((edition, article, text)) = self.source(citation) else { return (WordsProof::NoSource, None) };
        if let Some(hash) = proven_hash(edition, article, text, citation, slot, item) {
            return (WordsProof::Proven, Some(hash));
        }
        match crate::check::prove_words(article, text, citation) {
            Proof::Refuted(_) => (WordsProof::Refuted, None),
            Proof::Form => (WordsProof::NotProven, None),
            Proof::Exact | Proof::NoText => {
                let right = bind_hash(edition, article, citation, slot, item);
                let kept = citation.bind.as_deref() == Some(&right) && self.kept_binds.contains(&right);
                if kept { (WordsProof::Bound, Some(right)) } else { (WordsProof::NotProven, None) }
            }
        }
    }

    fn source(&self, citation: &Citation) -> Option<(&Edition, &Article, Option<&str>)> {
        let edition = self.against.register.edition(&citation.edition_id())?;
        let article = edition.article(&citation.article)?;
        let text = self.against.texts.and_then(|texts| texts.article(&edition.id, &article.no));
        Some((edition, article, text))
    }

    /// What can be said of a draft that is not complete: the gaps, and the faults of what is there.
    fn examine_parts(
        &self,
        draft: &Draft,
        version: u32,
        state: State,
        authorship: &Authorship,
        gaps: Vec<FieldProblem>,
    ) -> Examined {
        let is_case = matches!(draft.body, DraftBody::Case { .. });
        let head = head_of(draft, version, state, authorship);
        let mut found = check_references("", &head, self.known);
        check_question(&head, &self.against, &mut complaints(head.reference.to_string(), &mut found));
        let missing: BTreeSet<String> = gaps.iter().map(|gap| gap.field.clone()).collect();
        let mut problems: Vec<FieldProblem> =
            found.into_iter().map(|problem| to_field(&head.reference, is_case, problem)).collect();
        problems.retain(|problem| !missing.contains(&problem.field) && problem.field != "body.case.parts");
        let mut words = Vec::new();
        for (at, (item, complete)) in draft.items().iter().zip(draft.complete_items()).enumerate() {
            let slot = if is_case { format!("{}.{}", head.reference, at.saturating_add(1)) } else { String::new() };
            let slot = if is_case { slot } else { head.reference.to_string() };
            let mut found = Vec::new();
            if let Some(item) = complete {
                check_item(&item, &mut complaints(slot.clone(), &mut found));
            }
            let standing = Standing { state, facts_on: draft.facts_on, unproven_reason: None };
            for (place, citation) in item.citations.iter().enumerate() {
                let Some(citation) = whole(citation) else { continue };
                let mut at_citation = complaints(slot.clone(), &mut found);
                at_citation.prefix = format!("citation[{}].", place.saturating_add(1));
                let proof = match check_citation(&citation, standing, &self.against, &mut at_citation) {
                    Some((.., Proof::Exact)) => WordsProof::Proven,
                    Some((.., Proof::Refuted(_))) => WordsProof::Refuted,
                    Some(_) => WordsProof::NotProven,
                    None => WordsProof::NoSource,
                };
                words.push(WordsState { field: format!("{}.citations[{place}]", item_path(is_case, at)), proof });
            }
            problems.extend(found.into_iter().map(|problem| to_field(&head.reference, is_case, problem)));
        }
        problems.extend(gaps);
        Examined { question: None, problems, words }
    }

    /// What the check of a bank does not ask, since a bank holds questions for past days too.
    fn warnings(&self, draft: &Draft) -> Vec<FieldProblem> {
        let Some(today) = self.against.today else { return Vec::new() };
        let is_case = matches!(draft.body, DraftBody::Case { .. });
        let mut warnings = Vec::new();
        for (at, item) in draft.items().iter().enumerate() {
            for (place, citation) in item.citations.iter().enumerate() {
                let edition =
                    whole(citation).and_then(|citation| self.against.register.edition(&citation.edition_id()));
                let Some(edition) = edition.filter(|edition| !edition.in_force_on(today)) else { continue };
                let field = format!("{}.citations[{place}].edition", item_path(is_case, at));
                warnings.push(FieldProblem::warning(
                    field,
                    format!(
                        "{} {} 这一版今天不在有效期内，只会进依据日在有效期内的试卷",
                        edition.short_title, edition.edition
                    ),
                ));
            }
        }
        warnings
    }
}

fn complaints(at: String, problems: &mut Vec<Problem>) -> Complaints<'_> {
    Complaints { file: "", at, prefix: String::new(), problems }
}

/// A citation that names its article and its words.
fn whole(citation: &DraftCitation) -> Option<Citation> {
    Some(Citation {
        law: citation.law.clone()?,
        edition: citation.edition.clone()?,
        article: citation.article.clone()?,
        paragraph: citation.paragraph,
        item: citation.item,
        words: citation.words.clone()?,
        supports: citation.supports.clone(),
        bind: None,
    })
}

/// The fields beside the body, what is missing filled up with what offends nobody.
fn head_of(draft: &Draft, version: u32, state: State, authorship: &Authorship) -> Question {
    const MIDDLE_FACILITY: f64 = 0.5;
    let passage = match &draft.body {
        DraftBody::Case { passage, .. } => passage.clone(),
        DraftBody::Item(_) => None,
    };
    let is_case = matches!(draft.body, DraftBody::Case { .. });
    let blank = Item {
        stem: String::new(),
        answer: crate::question::Answer::Judgement { key: true, misconception: None },
        explanation: String::new(),
        citations: Vec::new(),
    };
    Question {
        reference: draft.reference_or_blank(),
        version,
        state,
        authorship: authorship.clone(),
        pool: draft.pool.unwrap_or(Pool::Exam),
        topics: draft.topics.clone(),
        level: draft.level.unwrap_or(Level::Recall),
        audience: draft.audience.clone(),
        prior_facility: draft.prior_facility.unwrap_or(MIDDLE_FACILITY),
        facts_on: draft.facts_on,
        enemies: draft.enemies.clone(),
        successor_of: draft.successor_of.clone(),
        body: if is_case {
            Body::Case { passage: passage.unwrap_or_default(), parts: Vec::new() }
        } else {
            Body::Item(blank)
        },
    }
}

fn to_field(reference: &QuestionRef, is_case: bool, problem: Problem) -> FieldProblem {
    let field = content_path(reference, is_case, &problem);
    FieldProblem { field, severity: problem.severity, reason: problem.reason }
}

/// The path in the JSON of the place that a problem of [`check_one`] names: `citation[1].words` of the second part is
/// `body.case.parts[1].citations[0].words`.
pub fn content_path(reference: &QuestionRef, is_case: bool, problem: &Problem) -> String {
    let field = problem.field.as_deref().unwrap_or_default();
    match field {
        "reviewer" | "author" | "review_by" | "checked_on" => return format!("authorship.{field}"),
        "part" => return "body.case.parts".to_owned(),
        "ref" | "version" | "state" | "pool" | "topics" | "level" | "audience" | "prior_facility" | "facts_on"
        | "enemies" | "successor_of" => return field.to_owned(),
        _ => {}
    }
    let part = problem
        .question
        .as_deref()
        .and_then(|slot| slot.strip_prefix(reference.as_str()))
        .and_then(|rest| rest.strip_prefix('.'))
        .and_then(|no| no.parse::<usize>().ok())
        .map_or(0, |no| no.saturating_sub(1));
    let field = field.strip_prefix("citation").map_or_else(|| field.to_owned(), |rest| format!("citations{rest}"));
    format!("{}.{}", item_path(is_case, part), from_zero(&field))
}

/// `options[2].text` counts from 1, `options[1].text` from 0.
fn from_zero(field: &str) -> String {
    let Some((name, rest)) = field.split_once('[') else { return field.to_owned() };
    let Some((number, rest)) = rest.split_once(']') else { return field.to_owned() };
    let number = number.parse::<usize>().map_or(0, |number| number.saturating_sub(1));
    format!("{name}[{number}]{rest}")
}
