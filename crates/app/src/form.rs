//! The form that one attempt sits: which question in which slot, with which order of options.
//!
//! It is stored with the attempt and never assembled again: the seed is provenance, not the paper.

use std::collections::BTreeMap;

use api::Marks;
use api::attempt::{GroupView, OptionView, SlotView};
use exam_session::rules::SlotKind;
use question_bank::question::{Answer, Item, Question};
use scoring::{Key, OptionId, Response, Shape};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::bank::BankState;
use crate::{AppError, AppResult};

/// One slot of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormSlot {
    /// From 1.
    pub slot: u32,
    /// The question.
    pub question: String,
    /// Its version.
    pub version: u32,
    /// Which item of it, from 0: a case has several.
    pub item: usize,
    /// What the slot is worth, in hundredths of a mark.
    pub marks_centi: i64,
    /// Canonical ids in the order shown; empty without options.
    pub options: Vec<String>,
    /// The title of the section it stands in.
    pub section: String,
}

/// A form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// Its slots, in order.
    pub slots: Vec<FormSlot>,
}

impl Form {
    /// Reads a stored form.
    ///
    /// # Errors
    /// [`AppError::Internal`] for a text that is none.
    pub fn parse(text: &str) -> AppResult<Self> {
        serde_json::from_str(text).map_err(|error| AppError::corrupt("form", error))
    }

    /// The text stored.
    ///
    /// # Errors
    /// [`AppError::Internal`] when it cannot be written.
    pub fn to_json(&self) -> AppResult<String> {
        serde_json::to_string(self).map_err(|error| AppError::corrupt("form", error))
    }

    /// What the whole form is worth, in hundredths of a mark.
    pub fn marks_centi(&self) -> i64 {
        scoring::total_centi(self.slots.iter().map(|slot| slot.marks_centi))
    }

    /// A slot by its number.
    pub fn slot(&self, number: i64) -> Option<&FormSlot> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        self.slots.get(index)
    }

    /// Every slot as an examinee sees it.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the bank lacks a question.
    pub fn views(&self, bank: &BankState) -> AppResult<Vec<SlotView>> {
        self.slots.iter().map(|slot| slot.view(bank)).collect()
    }
}

/// A slot together with its question.
pub struct Asked<'a> {
    /// The question.
    pub question: &'a Question,
    /// The item of it.
    pub item: &'a Item,
}

impl FormSlot {
    /// The question and item of this slot.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the bank lacks it.
    pub fn asked<'a>(&self, bank: &'a BankState) -> AppResult<Asked<'a>> {
        let question = bank.question(&self.question, self.version)?;
        let item = question
            .items()
            .get(self.item)
            .ok_or_else(|| AppError::Internal(format!("question {} has no item {}", self.question, self.item)))?;
        Ok(Asked { question, item })
    }

    /// The kind of the item.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the bank lacks it.
    pub fn kind(&self, bank: &BankState) -> AppResult<SlotKind> {
        Ok(match self.asked(bank)?.item.answer {
            Answer::Single { .. } => SlotKind::Single,
            Answer::Multiple { .. } => SlotKind::Multiple,
            Answer::Judgement { .. } => SlotKind::Judgement,
            Answer::Blank { .. } => SlotKind::Blank,
            Answer::Essay { .. } => SlotKind::Essay,
        })
    }

    /// What an examinee sees: no key, and nothing that betrays one.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the bank lacks the question.
    pub fn view(&self, bank: &BankState) -> AppResult<SlotView> {
        let Asked { question, item } = self.asked(bank)?;
        let texts: BTreeMap<&str, &str> =
            item.options().iter().map(|option| (option.id.as_str(), option.text.as_str())).collect();
        let options: Vec<OptionView> = self
            .options
            .iter()
            .zip('A'..='Z')
            .filter_map(|(id, letter)| {
                Some(OptionView { id: letter.to_string(), text: (*texts.get(id.as_str())?).to_owned() })
            })
            .collect();
        let blanks = match &item.answer {
            Answer::Blank { key } => Some(key.len()),
            _ => None,
        };
        Ok(SlotView {
            slot: i64::from(self.slot),
            kind: item.kind().as_str().to_owned(),
            stem: item.stem.clone(),
            marks: Marks(self.marks_centi),
            options: (!options.is_empty()).then_some(options),
            blanks,
            group: question.passage().map(|passage| GroupView {
                // The reference of a question says where it comes from: a number of this form does as well.
                id: format!("g{}", self.group_start()),
                passage: passage.to_owned(),
            }),
        })
    }

    /// The number of the first slot of this slot's case.
    fn group_start(&self) -> usize {
        usize::try_from(self.slot).unwrap_or_default().saturating_sub(self.item)
    }

    /// What a response to this slot may be.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the bank lacks the question.
    pub fn shape(&self, bank: &BankState) -> AppResult<Shape> {
        let item = self.asked(bank)?.item;
        Ok(match &item.answer {
            Answer::Single { .. } => Shape::Single { shown: self.shown()? },
            Answer::Multiple { .. } => Shape::Multiple { shown: self.shown()? },
            Answer::Judgement { .. } => Shape::Judgement,
            Answer::Blank { key } => Shape::Blank { blanks: key.len() },
            Answer::Essay { .. } => Shape::Essay,
        })
    }

    fn shown(&self) -> AppResult<Vec<OptionId>> {
        self.options.iter().map(|id| option_id(id)).collect()
    }

    /// The key of this slot; none for an essay, which a person marks.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the bank lacks the question, or its key is none.
    pub fn key(&self, bank: &BankState) -> AppResult<Option<Key>> {
        let item = self.asked(bank)?.item;
        let corrupt = |error: scoring::KeyError| AppError::corrupt(&self.question, error);
        Ok(match &item.answer {
            Answer::Single { key, .. } => Some(Key::single(option_id(key.as_str())?)),
            Answer::Multiple { key, options, .. } => {
                let right = key.iter().map(|id| option_id(id.as_str())).collect::<AppResult<Vec<_>>>()?;
                let count = u8::try_from(options.len()).unwrap_or(u8::MAX);
                Some(Key::multiple(right, count).map_err(corrupt)?)
            }
            Answer::Judgement { key, .. } => Some(Key::Truth(*key)),
            Answer::Blank { key } => Some(Key::blanks(key.clone()).map_err(corrupt)?),
            Answer::Essay { .. } => None,
        })
    }

    /// The key in the letters shown, as the contract writes a response.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the bank lacks the question.
    pub fn key_view(&self, bank: &BankState) -> AppResult<Value> {
        let item = self.asked(bank)?.item;
        Ok(match &item.answer {
            Answer::Single { .. } | Answer::Multiple { .. } => {
                json!(self.letters(|id| item.key_options().iter().any(|key| key.as_str() == id)))
            }
            Answer::Judgement { key, .. } => json!(key),
            Answer::Blank { key } => {
                json!(key.iter().map(|equal| equal.first().cloned().unwrap_or_default()).collect::<Vec<_>>())
            }
            Answer::Essay { reference, .. } => json!([reference]),
        })
    }

    /// The letters shown of the options that `wanted` picks by canonical id.
    pub(crate) fn letters(&self, wanted: impl Fn(&str) -> bool) -> Vec<String> {
        self.options.iter().zip('A'..='Z').filter(|(id, _)| wanted(id)).map(|(_, letter)| letter.to_string()).collect()
    }

    /// A stored response read back.
    ///
    /// # Errors
    /// [`AppError::Internal`]: it was checked before it was stored.
    pub fn response(&self, bank: &BankState, response_json: &str) -> AppResult<Response> {
        let value: Value = serde_json::from_str(response_json).map_err(|error| AppError::corrupt("response", error))?;
        Response::parse(&value, &self.shape(bank)?).map_err(|error| AppError::corrupt("response", error))
    }
}

fn option_id(id: &str) -> AppResult<OptionId> {
    id.parse().map_err(|error| AppError::corrupt("option id", format!("{id}: {error}")))
}
