//! Papers (试卷): assembled from a blueprint, the same for the same seed everywhere (`docs/shuffle.md`).

mod assembler;
mod eligible;
mod exhaustive;
mod facility;
mod layout;
mod solver;

pub use assembler::{Assembler, MAX_FORMS, PaperError, assemble};
pub use eligible::in_force;
pub use layout::shuffle_for;

use crate::Marks;
use crate::blueprint::BlueprintId;
use crate::question::{Kind, OptionId, QuestionRef, SlotRef};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The letters under which options are shown, in order.
const LETTERS: [&str; 6] = ["A", "B", "C", "D", "E", "F"];

/// A slot of a paper (题位).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperSlot {
    /// Its number, from 1.
    pub slot: u32,
    /// The question, or the part of a case (`ref.1`).
    pub question: SlotRef,
    /// The question's version.
    pub version: u32,
    /// The kind; of a part its own.
    pub kind: Kind,
    /// What it is worth.
    pub marks: Marks,
    /// Canonical ids of the options in the order shown; none but for 单选 and 多选.
    pub options: Vec<OptionId>,
    /// The section, from 1.
    pub section: u32,
    /// The case that the part belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<QuestionRef>,
    /// The options keep their order.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fixed_order: bool,
}

impl PaperSlot {
    /// The question that the slot is of.
    pub fn question_ref(&self) -> QuestionRef {
        self.group.clone().unwrap_or_else(|| QuestionRef::new(self.question.as_str()))
    }

    /// The options with the letters that they are shown under.
    pub fn lettered(&self) -> impl Iterator<Item = (&'static str, &OptionId)> {
        LETTERS.into_iter().zip(&self.options)
    }

    /// The option shown under a letter.
    pub fn option_of(&self, letter: &str) -> Option<&OptionId> {
        self.lettered().find(|(shown, _)| *shown == letter).map(|(_, id)| id)
    }

    /// The letter that an option is shown under.
    pub fn letter_of(&self, option: &OptionId) -> Option<&'static str> {
        self.lettered().find(|(_, id)| *id == option).map(|(shown, _)| shown)
    }

    /// Canonical ids of the letters, in the order of the ids; `None` when a letter is not shown or comes twice.
    pub fn to_canonical(&self, letters: &[String]) -> Option<Vec<OptionId>> {
        let mut ids: Vec<OptionId> =
            letters.iter().map(|letter| self.option_of(letter).cloned()).collect::<Option<_>>()?;
        ids.sort();
        let given = ids.len();
        ids.dedup();
        (ids.len() == given).then_some(ids)
    }

    /// Letters of canonical ids, in the order shown; ids that are not options are left out.
    pub fn to_letters(&self, options: &[OptionId]) -> Vec<String> {
        self.lettered().filter(|(_, id)| options.contains(id)).map(|(letter, _)| letter.to_owned()).collect()
    }
}

/// One form of a paper (卷).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperForm {
    /// Its number, from 1.
    pub form: u32,
    /// The slots, in order.
    pub slots: Vec<PaperSlot>,
    /// Marks in all.
    pub marks: Marks,
}

impl PaperForm {
    /// The slot of a number.
    pub fn slot(&self, slot: u32) -> Option<&PaperSlot> {
        self.slots.iter().find(|one| one.slot == slot)
    }
}

/// What could not be met (未满足).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmet {
    /// Which row or constraint, in Chinese.
    pub constraint: String,
    /// How many questions (slots) are missing.
    pub missing: u32,
}

/// The outcome of an assembly (组卷结果).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assembly {
    /// The blueprint.
    pub blueprint: BlueprintId,
    /// The seed.
    pub seed: String,
    /// The law date (依据日).
    pub law_date: Date,
    /// The forms; with something unmet they hold what could be found.
    pub forms: Vec<PaperForm>,
    /// What could not be met; empty when all is well.
    pub unmet: Vec<Unmet>,
    /// Questions that stand in more than one form, since the bank has too few.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shared: Vec<QuestionRef>,
}

#[cfg(test)]
mod tests;
