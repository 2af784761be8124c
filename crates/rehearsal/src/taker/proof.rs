//! The proof: what was acknowledged is held, counted and in the receipt.

use std::collections::BTreeMap;

use super::sitting::not_understood;
use super::{Scene, Taker, attempt_request};
use crate::http::{Line, Method, write_request};
use crate::ledger::{Findings, HeldAnswer};
use crate::station::{Due, Failed, Problem};
use crate::step::Step;
use crate::tally::{Live, LostAnswer};
use crate::wire;

impl Taker {
    /// Compares all that the server holds with all that it acknowledged.
    pub(super) async fn check(&mut self, scene: &Scene<'_>, line: &mut Line, due: Due) -> Result<(), Failed> {
        let Some(sitting) = &self.sitting else { return Ok(()) };
        let request = attempt_request(scene, sitting, Method::Get, format_args!(""), None, None);
        let reply = scene.station.call(line, Step::Check, due, &request).await?;
        let status: wire::Status = reply.json().ok_or_else(|| not_understood(&reply))?;
        match status.answers {
            Some(answers) => self.compare(scene, &wire::held(answers)),
            // A server that shows answers to whoever enters only.
            None => self.resume(scene, line, due).await?,
        }
        scene.station.tally.borrow_mut().checked += 1;
        if let Some(sitting) = &mut self.sitting {
            sitting.is_checked = true;
        }
        Ok(())
    }

    pub(super) fn compare(&mut self, scene: &Scene<'_>, held: &BTreeMap<u16, HeldAnswer>) {
        let Some(sitting) = &mut self.sitting else { return };
        let findings = sitting.ledger.compare(held);
        self.tell(scene, findings);
    }

    fn tell(&self, scene: &Scene<'_>, findings: Findings) {
        let attempt = self.sitting.as_ref().map(|sitting| sitting.id.clone()).unwrap_or_default();
        for lost in findings.lost {
            Live::add(&scene.station.live.trouble, 1);
            let answer = LostAnswer { taker: self.number, attempt: attempt.clone(), lost };
            scene.station.tally.borrow_mut().lost(answer);
        }
        for _ in findings.strange {
            scene.station.error("answer-never-sent");
        }
    }

    /// Hands in. The receipt must count what was acknowledged.
    pub(super) async fn submit(&mut self, scene: &Scene<'_>, line: &mut Line, due: Due) -> Result<(), Failed> {
        let Some(sitting) = &mut self.sitting else { return Ok(()) };
        let body = |out: &mut Vec<u8>| wire::submission_body(out, sitting.epoch, sitting.ledger.revisions());
        let request = attempt_request(scene, sitting, Method::Post, format_args!("/submission"), None, Some(&body));
        let reply = match scene.station.call(line, Step::Submit, due, &request).await {
            Ok(reply) => reply,
            Err(Failed::Refused(problem)) => {
                let missing = missing_slots(&problem);
                let findings = sitting.ledger.missing(&missing, false);
                self.tell(scene, findings);
                return Err(Failed::Refused(problem));
            }
            Err(other) => return Err(other),
        };
        let receipt: wire::SubmissionReply = reply.json().ok_or_else(|| not_understood(&reply))?;
        let findings = sitting.ledger.missing(&receipt.unanswered, true);
        let (least, most) = sitting.ledger.answered();
        if findings.lost.is_empty() && !(least..=most).contains(&receipt.answered) {
            scene.station.error("receipt-miscounts");
        }
        sitting.receipt = Some((receipt.receipt, receipt.submitted_at));
        self.tell(scene, findings);
        scene.station.tally.borrow_mut().submitted += 1;
        Live::add(&scene.station.live.submitted, 1);
        Ok(())
    }

    /// Computes the receipt's digest from what was acknowledged, and compares.
    pub(super) async fn check_receipt(&mut self, scene: &Scene<'_>, line: &mut Line, due: Due) -> Result<(), Failed> {
        let Some(sitting) = &self.sitting else { return Ok(()) };
        let Some((number, submitted_at)) = &sitting.receipt else { return Ok(()) };
        let Some(expected) = sitting.ledger.digest(&sitting.id, &sitting.exam, submitted_at) else {
            scene.station.tally.borrow_mut().digests_unchecked += 1;
            return Ok(());
        };
        let mut request = scene.station.buffers.take();
        let path = format_args!("/receipts/{number}");
        write_request(&mut request, &scene.station.target, Method::Get, path, Some(&self.token), None, None);
        match scene.station.call(line, Step::Receipt, due, &request).await {
            Ok(reply) => {
                let receipt: wire::Receipt = reply.json().ok_or_else(|| not_understood(&reply))?;
                scene.station.tally.borrow_mut().digests_checked += 1;
                if receipt.digest != expected {
                    scene.station.error("receipt-digest-differs");
                }
                Ok(())
            }
            // The token of the session has run out in a long rehearsal: no fault, and no proof.
            Err(Failed::Refused(Problem { status: 401, .. })) => {
                scene.station.tally.borrow_mut().digests_unchecked += 1;
                Ok(())
            }
            Err(other) => Err(other),
        }
    }
}

/// The slots that a refused hand-in names, as `revisions.3`.
fn missing_slots(problem: &Problem) -> Vec<u16> {
    if problem.kind != "answers-missing" {
        return Vec::new();
    }
    problem.fields.iter().filter_map(|field| field.strip_prefix("revisions.")?.parse().ok()).collect()
}
