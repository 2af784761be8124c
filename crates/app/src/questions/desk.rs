//! What drafts are examined against: the register, the topics, the imported texts, the other questions.

use std::collections::BTreeSet;
use std::sync::Arc;

use api::questions::{AlikeQuestion, CheckReply};
use jiff::civil::Date;
use question_bank::check::Against;
use question_bank::draft::{Draft, Examined, Examiner};
use question_bank::law::{EditionId, LawTexts};
use question_bank::question::{Authorship, QuestionRef, State};
use question_bank::similar::StemIndex;
use question_bank::topic::Topic;
use serde_json::Value;

use super::{authorship_of, problem_views, words_views};
use crate::bank::BankState;
use crate::clock::day;
use crate::{App, AppError, AppResult, Principal};

/// Questions named as alike at the most.
pub(crate) const ALIKE_MOST: usize = 5;

/// What a batch of drafts is examined against.
pub(crate) struct Desk {
    pub(crate) bank: Arc<BankState>,
    pub(crate) today: Date,
    topics: Vec<Topic>,
    texts: LawTexts,
    known: BTreeSet<String>,
}

impl Desk {
    /// Gaps, faults and proofs of a draft; `kept` are binds that were given for proof before.
    pub(crate) fn examine(
        &self,
        draft: &Draft,
        version: u32,
        state: State,
        authorship: &Authorship,
        kept: &BTreeSet<String>,
    ) -> Examined {
        let against = Against {
            register: &self.bank.register,
            topics: &self.topics,
            // An article that no question cited before has no gist yet; who writes at the desk cannot add one.
            gists: None,
            texts: Some(&self.texts),
            today: Some(self.today),
        };
        let known = |reference: &QuestionRef| self.known.contains(reference.as_str());
        Examiner { against, known: &known, kept_binds: kept }.examine(draft, version, state, authorship)
    }
}

impl App {
    /// A desk for these drafts: with the texts that they cite and the questions that they name.
    pub(crate) fn desk<'a>(&self, drafts: impl IntoIterator<Item = &'a Draft>) -> AppResult<Desk> {
        let bank = self.bank()?;
        let (mut editions, mut named) = (BTreeSet::new(), BTreeSet::new());
        for draft in drafts {
            named.extend(draft.enemies.iter().chain(&draft.successor_of).map(ToString::to_string));
            for citation in draft.items().iter().flat_map(|item| &item.citations) {
                if let (Some(law), Some(edition)) = (&citation.law, &citation.edition) {
                    editions.insert(EditionId::of(law, edition));
                }
            }
        }
        let mut texts = LawTexts::default();
        for edition in editions {
            let articles = self.article_texts(&edition)?;
            texts.insert(edition, articles.into_iter().map(|(no, text)| (no.into(), text)));
        }
        let named: Vec<String> = named.into_iter().collect();
        let known = if named.is_empty() {
            BTreeSet::new()
        } else {
            self.store().read(|connection| storage::questions::known(connection, &named))?.into_iter().collect()
        };
        let topics = bank
            .topics
            .iter()
            .map(|(slug, title)| Topic { slug: slug.as_str().into(), title: title.clone() })
            .collect();
        Ok(Desk { bank, today: day(self.now()), topics, texts, known })
    }

    /// The stems of all questions, to find those that ask nearly the same.
    pub(crate) fn stem_index(&self) -> AppResult<(StemIndex, Vec<(String, String)>)> {
        let stems: Vec<(String, String)> = self
            .store()
            .read(storage::questions::stems)?
            .into_iter()
            .map(|(reference, stem, _)| (reference, stem))
            .collect();
        let index = StemIndex::of(stems.iter().map(|(reference, stem)| (reference.as_str(), stem.as_str())));
        Ok((index, stems))
    }

    /// What stands between a content and its submission, and which questions ask nearly the same. Writes nothing.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a content of the wrong types.
    pub fn check_content(&self, principal: &Principal, body: &Value) -> AppResult<CheckReply> {
        let draft = draft_of(body)?;
        let desk = self.desk([&draft])?;
        let authorship = authorship_of(&principal.login, &draft, desk.today);
        // Binds of the stored versions are believed, as they are when it is saved.
        let kept = match &draft.reference {
            Some(reference) => self.kept_binds(reference.as_str())?,
            None => BTreeSet::new(),
        };
        let examined = desk.examine(&draft, 1, State::Draft, &authorship, &kept);
        let (index, stems) = self.stem_index()?;
        let alike = index.alike(draft.stem(), draft.reference.as_ref().map(|reference| reference.as_str()));
        let alike = alike
            .into_iter()
            .take(ALIKE_MOST)
            .filter_map(|one| {
                let stem = stems.iter().find(|(reference, _)| *reference == one.reference)?.1.clone();
                Some(AlikeQuestion { r#ref: one.reference, stem, percent: one.percent })
            })
            .collect();
        Ok(CheckReply { problems: problem_views(&examined), words: words_views(&examined)?, alike })
    }

    /// The binds of all versions of a question: each was given for a proof.
    pub(crate) fn kept_binds(&self, reference: &str) -> AppResult<BTreeSet<String>> {
        let rows = self.store().read(|connection| storage::questions::versions(connection, reference))?;
        kept_binds_of(&rows)
    }
}

pub(crate) fn kept_binds_of(rows: &[storage::questions::QuestionRow]) -> AppResult<BTreeSet<String>> {
    let mut kept = BTreeSet::new();
    for row in rows {
        let draft = super::read_draft(row)?;
        kept.extend(draft.items().iter().flat_map(|item| &item.citations).filter_map(|citation| citation.bind.clone()));
    }
    Ok(kept)
}

/// The draft of a request: the content itself, or an object that has it under `content`, as a read answers it.
///
/// # Errors
/// [`AppError::Invalid`] naming what is of the wrong type or unknown.
pub(crate) fn draft_of(body: &Value) -> AppResult<Draft> {
    let content = body.get("content").filter(|content| content.is_object()).unwrap_or(body);
    let (draft, problems) = Draft::from_json(content).map_err(|problem| super::invalid([&problem]))?;
    if problems.is_empty() { Ok(draft) } else { Err(super::invalid(&problems)) }
}

/// Takes away binds that no proof stands behind: only those given before are kept.
pub(crate) fn drop_foreign_binds(draft: &mut Draft, kept: &BTreeSet<String>) {
    for citation in draft.items_mut().iter_mut().flat_map(|item| &mut item.citations) {
        citation.bind = citation.bind.take().filter(|bind| kept.contains(bind));
    }
}

/// Refuses a reference that cannot be one.
pub(crate) fn check_reference(reference: &str) -> AppResult<()> {
    const CHARS: std::ops::RangeInclusive<usize> = 3..=60;
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if CHARS.contains(&reference.len()) && reference.bytes().all(good) {
        return Ok(());
    }
    Err(AppError::invalid("ref", "题号应为 3 到 60 个小写字母、数字或连字符；不填则由系统编号"))
}
