//! What goes over the wire: bodies as the contract asks for them, and of its replies what a taker needs.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write as _;

use serde::{Deserialize, Serialize};

use crate::answer::{Held, Shape, letter_bit};
use crate::ledger::{HeldAnswer, Sent};

/// Blanks of a slot at the most.
const BLANKS_MOST: u8 = 20;

#[derive(Serialize)]
pub(crate) struct RehearsalRequest {
    pub(crate) takers: u32,
    pub(crate) questions: u32,
    pub(crate) duration_seconds: u32,
}

#[derive(Deserialize)]
pub(crate) struct Session {
    #[serde(rename = "token")]
    pub(crate) _token: String,
}

/// The attempt, at its start or when it is resumed.
#[derive(Deserialize)]
pub(crate) struct AttemptView<'a> {
    pub(crate) id: String,
    pub(crate) exam: String,
    pub(crate) epoch: u32,
    pub(crate) token: String,
    #[serde(borrow)]
    pub(crate) slots: Vec<SlotView<'a>>,
    pub(crate) answers: BTreeMap<u16, SavedAnswer>,
}

#[derive(Deserialize)]
pub(crate) struct SlotView<'a> {
    slot: u16,
    #[serde(borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    options: Option<Vec<OptionView<'a>>>,
    #[serde(default)]
    blanks: Option<u8>,
}

#[derive(Deserialize)]
struct OptionView<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
}

#[derive(Deserialize)]
pub(crate) struct SavedAnswer {
    revision: u32,
    response: Held,
}

/// What is read to compare: the attempt without its slots.
#[derive(Deserialize)]
pub(crate) struct Status {
    #[serde(default)]
    pub(crate) answers: Option<BTreeMap<u16, SavedAnswer>>,
}

#[derive(Deserialize)]
pub(crate) struct SaveReply<'a> {
    #[serde(borrow)]
    pub(crate) outcome: Cow<'a, str>,
    pub(crate) revision: u32,
    pub(crate) response: Held,
}

#[derive(Deserialize)]
pub(crate) struct BatchReply<'a> {
    #[serde(borrow)]
    pub(crate) outcomes: Vec<SlotOutcome<'a>>,
}

#[derive(Deserialize)]
pub(crate) struct SlotOutcome<'a> {
    pub(crate) slot: u16,
    #[serde(borrow)]
    pub(crate) outcome: Cow<'a, str>,
    pub(crate) revision: u32,
    #[serde(default)]
    pub(crate) response: Option<Held>,
}

#[derive(Deserialize)]
pub(crate) struct SubmissionReply {
    pub(crate) receipt: String,
    pub(crate) submitted_at: String,
    pub(crate) answered: u32,
    pub(crate) unanswered: Vec<u16>,
}

#[derive(Deserialize)]
pub(crate) struct Receipt {
    pub(crate) digest: String,
}

/// Answers as the ledger compares them.
pub(crate) fn held(answers: BTreeMap<u16, SavedAnswer>) -> BTreeMap<u16, HeldAnswer> {
    answers
        .into_iter()
        .map(|(slot, saved)| (slot, HeldAnswer { revision: saved.revision, response: saved.response }))
        .collect()
}

/// The shapes of an attempt's slots in their order; none when it cannot be answered as the contract says.
pub(crate) fn shapes(slots: &[SlotView<'_>]) -> Option<Vec<Shape>> {
    slots.iter().zip(1_u16..).map(|(view, number)| (view.slot == number).then(|| shape(view)).flatten()).collect()
}

fn shape(view: &SlotView<'_>) -> Option<Shape> {
    let letters = || {
        let options = view.options.as_deref().unwrap_or_default();
        options.iter().try_fold(0_u32, |mask, option| Some(mask | letter_bit(&option.id)?)).filter(|mask| *mask != 0)
    };
    match view.kind.as_ref() {
        "single" => Some(Shape::Choice { letters: letters()?, many: false }),
        "multiple" => Some(Shape::Choice { letters: letters()?, many: true }),
        "judgement" => Some(Shape::Judgement),
        "blank" => Some(Shape::Texts { blanks: view.blanks.unwrap_or(1).clamp(1, BLANKS_MOST) }),
        "essay" => Some(Shape::Texts { blanks: 1 }),
        _ => None,
    }
}

/// An answer that goes out, with the person's own clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outgoing {
    pub(crate) slot: u16,
    pub(crate) sent: Sent,
    pub(crate) answered_at: jiff::Timestamp,
    pub(crate) elapsed_ms: u32,
}

/// The body of one save.
pub(crate) fn save_body(out: &mut Vec<u8>, one: &Outgoing) -> std::io::Result<()> {
    write!(out, "{{\"epoch\":{},", one.sent.epoch)?;
    answer_fields(out, one)?;
    out.write_all(b"}")
}

/// The body of a save of many answers, which are of one epoch.
pub(crate) fn batch_body(out: &mut Vec<u8>, many: &[Outgoing]) -> std::io::Result<()> {
    let epoch = many.first().map_or(1, |one| one.sent.epoch);
    write!(out, "{{\"epoch\":{epoch},\"answers\":[")?;
    for (count, one) in many.iter().enumerate() {
        write!(out, "{}{{\"slot\":{},", if count > 0 { "," } else { "" }, one.slot)?;
        answer_fields(out, one)?;
        out.write_all(b"}")?;
    }
    out.write_all(b"]}")
}

fn answer_fields(out: &mut Vec<u8>, one: &Outgoing) -> std::io::Result<()> {
    write!(
        out,
        "\"revision\":{},\"response\":{},\"answered_at\":\"{:.3}\",\"elapsed_ms\":{}",
        one.sent.revision, one.sent.answer, one.answered_at, one.elapsed_ms
    )
}

/// The body of a hand-in.
pub(crate) fn submission_body(
    out: &mut Vec<u8>,
    epoch: u32,
    revisions: impl Iterator<Item = (u16, u32)>,
) -> std::io::Result<()> {
    write!(out, "{{\"epoch\":{epoch},\"revisions\":{{")?;
    for (count, (slot, revision)) in revisions.enumerate() {
        write!(out, "{}\"{slot}\":{revision}", if count > 0 { "," } else { "" })?;
    }
    out.write_all(b"}}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Answer;

    fn outgoing(slot: u16, answer: Answer) -> Outgoing {
        let sent = Sent { epoch: 2, revision: 3, answer };
        let answered_at = jiff::Timestamp::from_millisecond(1_795_000_000_120).unwrap();
        Outgoing { slot, sent, answered_at, elapsed_ms: 900 }
    }

    #[test]
    fn bodies_are_those_of_the_api() {
        let mut out = Vec::new();
        save_body(&mut out, &outgoing(1, Answer::Letters(0b11))).unwrap();
        let save: api::attempt::SaveRequest = serde_json::from_slice(&out).unwrap();
        assert_eq!((save.revision, save.epoch, save.elapsed_ms), (3, Some(2), Some(900)));
        assert_eq!(save.response, serde_json::json!(["A", "B"]));
        assert_eq!(save.answered_at.unwrap().parse::<jiff::Timestamp>().unwrap().as_millisecond(), 1_795_000_000_120);

        let mut out = Vec::new();
        batch_body(&mut out, &[outgoing(4, Answer::Cleared), outgoing(5, Answer::Truth(false))]).unwrap();
        let batch: api::attempt::BatchSaveRequest = serde_json::from_slice(&out).unwrap();
        assert_eq!(batch.epoch, Some(2));
        let slots: Vec<_> = batch.answers.iter().map(|one| (one.slot, one.response.clone())).collect();
        assert_eq!(slots, [(4, serde_json::json!(null)), (5, serde_json::json!(false))]);

        let mut out = Vec::new();
        submission_body(&mut out, 1, [(1, 3), (20, 1)].into_iter()).unwrap();
        let submission: api::attempt::SubmissionRequest = serde_json::from_slice(&out).unwrap();
        assert_eq!(submission.revisions, BTreeMap::from([("1".to_owned(), 3), ("20".to_owned(), 1)]));
    }

    #[test]
    fn slots_are_understood_or_the_attempt_is_not() {
        let read = |json: &str| shapes(&serde_json::from_str::<Vec<SlotView<'_>>>(json).unwrap());
        let options = r#"[{"id":"A","text":"甲"},{"id":"C","text":"丙\n"}]"#;
        assert_eq!(
            read(&format!(
                r#"[{{"slot":1,"kind":"single","stem":"\u0031","marks":2.5,"options":{options}}},
                    {{"slot":2,"kind":"multiple","stem":"","marks":1,"options":{options}}},
                    {{"slot":3,"kind":"judgement","stem":"","marks":1}},
                    {{"slot":4,"kind":"blank","stem":"","marks":1,"blanks":2}},
                    {{"slot":5,"kind":"essay","stem":"","marks":1}}]"#
            )),
            Some(vec![
                Shape::Choice { letters: 0b101, many: false },
                Shape::Choice { letters: 0b101, many: true },
                Shape::Judgement,
                Shape::Texts { blanks: 2 },
                Shape::Texts { blanks: 1 },
            ])
        );
        assert_eq!(read(r#"[{"slot":2,"kind":"judgement"}]"#), None, "slots count from 1");
        assert_eq!(read(r#"[{"slot":1,"kind":"drawing"}]"#), None);
        assert_eq!(read(r#"[{"slot":1,"kind":"single","options":[]}]"#), None);
        assert_eq!(read(r#"[{"slot":1,"kind":"single","options":[{"id":"AB"}]}]"#), None);
    }
}
