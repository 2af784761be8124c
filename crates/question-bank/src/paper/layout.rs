//! From chosen questions to the slots of a form: order of questions, order of options.

use super::{PaperForm, PaperSlot};
use crate::Marks;
use crate::blueprint::Blueprint;
use crate::question::{Item, OptionId, Question, QuestionRef, SlotRef};
use shuffle::{Stream, derive_seed};

const ORDER_DOMAIN: &str = "zhijie-paper-1-order";
const OPTIONS_DOMAIN: &str = "zhijie-paper-1-options";
const PERSON_DOMAIN: &str = "zhijie-person-options-1";

/// A question chosen for a form.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chosen<'a> {
    pub(super) question: &'a Question,
    /// Index of the section and of its row.
    pub(super) section: usize,
    pub(super) row: usize,
    pub(super) marks: Marks,
}

/// Lays out one form.
pub(super) fn lay_out(blueprint: &Blueprint, seed: &[u8; 32], form: u32, chosen: &[Chosen<'_>]) -> PaperForm {
    let mut slots: Vec<PaperSlot> = Vec::new();
    for (section, no) in (0..blueprint.sections.len()).zip(1_u32..) {
        let mut here: Vec<Chosen<'_>> = chosen.iter().filter(|one| one.section == section).copied().collect();
        if blueprint.shuffle_within_section {
            here.sort_by(|a, b| a.question.reference.cmp(&b.question.reference));
            let parts: [&[u8]; 3] = [seed, &form.to_le_bytes(), &no.to_le_bytes()];
            Stream::from_seed(derive_seed(ORDER_DOMAIN, &parts)).shuffle(&mut here);
        } else {
            here.sort_by(|a, b| (a.row, &a.question.reference).cmp(&(b.row, &b.question.reference)));
        }
        for one in here {
            push(&mut slots, &one, no, |slot, options| {
                if blueprint.shuffle_options {
                    let parts: [&[u8]; 3] = [seed, &form.to_le_bytes(), slot.as_str().as_bytes()];
                    Stream::from_seed(derive_seed(OPTIONS_DOMAIN, &parts)).shuffle(options);
                }
            });
        }
    }
    let marks = slots.iter().fold(Marks::default(), |sum, slot| sum.plus(slot.marks));
    PaperForm { form, slots, marks }
}

fn push(slots: &mut Vec<PaperSlot>, one: &Chosen<'_>, section: u32, order: impl Fn(&SlotRef, &mut [OptionId])) {
    let group: Option<QuestionRef> = one.question.passage().map(|_| one.question.reference.clone());
    for (reference, item) in one.question.slots() {
        let mut options: Vec<OptionId> = item.options().iter().map(|option| option.id.clone()).collect();
        if !Item::fixed_order(item) {
            order(&reference, &mut options);
        }
        slots.push(PaperSlot {
            slot: u32::try_from(slots.len() + 1).unwrap_or(u32::MAX),
            question: reference,
            version: one.question.version,
            kind: item.kind(),
            marks: one.marks,
            options,
            section,
            group: group.clone(),
            fixed_order: item.fixed_order(),
        });
    }
}

/// The form as one person sees it (个人选项次序): options in an order of the person's own, questions as they stand.
///
/// The options of each slot, sorted by id, are shuffled by `derive_seed("zhijie-person-options-1", [attempt_seed,
/// reference of the slot])`, unless they keep their order.
pub fn shuffle_for(attempt_seed: &str, form: &PaperForm) -> PaperForm {
    let mut form = form.clone();
    for slot in form.slots.iter_mut().filter(|slot| !slot.fixed_order) {
        slot.options.sort();
        let parts = [attempt_seed.as_bytes(), slot.question.as_str().as_bytes()];
        Stream::from_seed(derive_seed(PERSON_DOMAIN, &parts)).shuffle(&mut slot.options);
    }
    form
}
