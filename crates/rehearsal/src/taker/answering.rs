//! Answering: each answer goes out at once, or with the others when the network is back.

use super::sitting::not_understood;
use super::{Scene, Sitting, Taker, attempt_request, person_clock};
use crate::http::{Line, Method};
use crate::ledger::HeldAnswer;
use crate::station::{Due, Failed, Station};
use crate::step::Step;
use crate::tally::Live;
use crate::wire::{self, Outgoing};

/// Answers in one request, as the page sends them.
const BATCH_MOST: usize = 50;

impl Taker {
    /// Gives an answer: its revision counts on, and it waits in the outbox.
    fn give(&mut self, (slot, choice): (u16, Option<u32>), due: &Due) -> Option<Outgoing> {
        let sitting = self.sitting.as_mut()?;
        let slot = slot.checked_rem(sitting.ledger.slots())? + 1;
        let sent = sitting.ledger.answer(slot, sitting.epoch, choice)?;
        let elapsed_ms = choice.unwrap_or_default() % 60_000;
        Some(Outgoing { slot, sent, answered_at: person_clock(due), elapsed_ms })
    }

    pub(super) async fn answer(
        &mut self,
        scene: &Scene<'_>,
        line: &mut Line,
        answer: (u16, Option<u32>),
        due: Due,
    ) -> Result<(), Failed> {
        let Some(outgoing) = self.give(answer, &due) else { return Ok(()) };
        if self.is_offline {
            // As the page's outbox: only the latest of a slot will be sent.
            self.outbox.retain(|waiting| waiting.slot != outgoing.slot);
            self.outbox.push(outgoing);
            return Ok(());
        }
        let Some(sitting) = &mut self.sitting else { return Ok(()) };
        save_one(scene, sitting, line, due, &outgoing).await
    }

    /// Answers that were due while another was on its way, together, as the page's outbox sends them.
    pub(crate) async fn answer_together(
        &mut self,
        scene: &Scene<'_>,
        line: &mut Line,
        answers: &[((u16, Option<u32>), Due)],
    ) {
        let Some((_, first)) = answers.first() else { return };
        let mut many: Vec<Outgoing> = Vec::with_capacity(answers.len());
        for (answer, due) in answers {
            if let Some(outgoing) = self.give(*answer, due) {
                many.retain(|waiting| waiting.slot != outgoing.slot);
                many.push(outgoing);
            }
        }
        let outcome = match (&mut self.sitting, many.as_slice()) {
            (Some(sitting), [one]) => save_one(scene, sitting, line, *first, one).await,
            (Some(sitting), many) => save_many(scene, sitting, line, (Step::Save, *first), many).await,
            (None, _) => Ok(()),
        };
        match outcome {
            Ok(()) => {
                for (_, due) in answers.iter().skip(1) {
                    scene.station.went_along(Step::Save, due);
                }
            }
            Err(failed) => self.failed(scene, crate::plan::Act::ComeBack, failed),
        }
    }

    pub(super) async fn answer_all(
        &mut self,
        scene: &Scene<'_>,
        line: &mut Line,
        choice: u32,
        due: Due,
    ) -> Result<(), Failed> {
        let slots = self.sitting.as_ref().map_or(0, |sitting| sitting.ledger.slots());
        for slot in 0..slots {
            let choice = choice.wrapping_add(u32::from(slot).wrapping_mul(0x9E37_79B9));
            let given = self.give((slot, Some(choice)), &due);
            self.outbox.extend(given);
        }
        self.flush(scene, line, due).await
    }

    /// Sends what waits.
    pub(super) async fn flush(&mut self, scene: &Scene<'_>, line: &mut Line, due: Due) -> Result<(), Failed> {
        let Some(sitting) = &mut self.sitting else { return Ok(()) };
        for batch in std::mem::take(&mut self.outbox).chunks(BATCH_MOST) {
            match batch {
                [one] => save_one(scene, sitting, line, due, one).await?,
                many => save_many(scene, sitting, line, (Step::Batch, due), many).await?,
            }
        }
        Ok(())
    }
}

fn goes_out(station: &Station, sitting: &mut Sitting, many: &[Outgoing]) {
    for one in many {
        sitting.ledger.sent(one.slot, one.sent);
    }
    sitting.is_checked = false;
    station.tally.borrow_mut().saves += u64::try_from(many.len()).unwrap_or(u64::MAX);
}

async fn save_one(
    scene: &Scene<'_>,
    sitting: &mut Sitting,
    line: &mut Line,
    due: Due,
    one: &Outgoing,
) -> Result<(), Failed> {
    let station = scene.station;
    goes_out(station, sitting, std::slice::from_ref(one));
    let body = |out: &mut Vec<u8>| wire::save_body(out, one);
    let rest = format_args!("/answers/{}", one.slot);
    let request = attempt_request(scene, sitting, Method::Put, rest, None, Some(&body));
    let reply = station.call(line, Step::Save, due, &request).await?;
    let saved: wire::SaveReply<'_> = reply.json().ok_or_else(|| not_understood(&reply))?;
    settle(station, sitting, one, &saved.outcome, saved.revision, Some(saved.response));
    Ok(())
}

async fn save_many(
    scene: &Scene<'_>,
    sitting: &mut Sitting,
    line: &mut Line,
    (step, due): (Step, Due),
    many: &[Outgoing],
) -> Result<(), Failed> {
    if many.is_empty() {
        return Ok(());
    }
    let station = scene.station;
    goes_out(station, sitting, many);
    let body = |out: &mut Vec<u8>| wire::batch_body(out, many);
    let request = attempt_request(scene, sitting, Method::Put, format_args!("/answers"), None, Some(&body));
    let reply = station.call(line, step, due, &request).await?;
    let saved: wire::BatchReply<'_> = reply.json().ok_or_else(|| not_understood(&reply))?;
    let mut outcomes = saved.outcomes;
    for one in many {
        match outcomes.iter().position(|outcome| outcome.slot == one.slot) {
            Some(at) => {
                let outcome = outcomes.swap_remove(at);
                settle(station, sitting, one, &outcome.outcome, outcome.revision, outcome.response);
            }
            None => station.error("outcome-missing"),
        }
    }
    Ok(())
}

/// What a reply says of an answer. It is acknowledged only when the reply holds that very answer.
fn settle(
    station: &Station,
    sitting: &mut Sitting,
    one: &Outgoing,
    outcome: &str,
    revision: u32,
    response: Option<crate::answer::Held>,
) {
    match outcome {
        "stored" => {
            let is_own = revision == one.sent.revision && response.is_none_or(|held| held.is(one.sent.answer));
            if is_own && sitting.ledger.acked(one.slot, one.sent) {
                station.tally.borrow_mut().acked += 1;
                Live::add(&station.live.acked, 1);
            } else {
                station.error("another-answer-acked");
            }
        }
        "superseded" => {
            let is_own = response.is_some_and(|response| {
                let held = HeldAnswer { revision, response };
                sitting.ledger.is_own_later(one.slot, one.sent, &held)
            });
            if !is_own {
                station.error("superseded");
            }
        }
        _ => station.error("answer-invalid"),
    }
}
