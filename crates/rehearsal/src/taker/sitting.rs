//! Getting in, and getting in again.

use std::io::Write as _;

use super::{Scene, Sitting, Taker, attempt_request};
use crate::http::{Line, Method, Reply, write_request};
use crate::ledger::Ledger;
use crate::station::{Due, Failed, Problem};
use crate::step::Step;
use crate::tally::Live;
use crate::wire;

impl Taker {
    pub(super) async fn sign_in(&mut self, scene: &Scene<'_>, line: &mut Line, due: Due) -> Result<(), Failed> {
        let Some(login) = &self.login else { return Ok(()) };
        let credentials = serde_json::json!({ "login": login.login, "password": login.password }).to_string();
        let body = |out: &mut Vec<u8>| out.write_all(credentials.as_bytes());
        let mut request = scene.station.buffers.take();
        let path = format_args!("/sessions");
        write_request(&mut request, &scene.station.target, Method::Post, path, None, None, Some(&body));
        let reply = scene.station.call(line, Step::SignIn, due, &request).await?;
        reply.json::<wire::Session>().map(|_| ()).ok_or_else(|| not_understood(&reply))
    }

    async fn enter(&self, scene: &Scene<'_>, line: &mut Line, step: Step, due: Due) -> Result<Reply, Failed> {
        let device = self.device(scene);
        let body = |out: &mut Vec<u8>| write!(out, "{{\"device\":\"{device}\"}}");
        let mut request = scene.station.buffers.take();
        let path = format_args!("/exams/{}/attempts", scene.exam);
        write_request(&mut request, &scene.station.target, Method::Post, path, Some(&self.token), None, Some(&body));
        scene.station.call(line, step, due, &request).await
    }

    pub(super) async fn start(&mut self, scene: &Scene<'_>, line: &mut Line, due: Due) -> Result<(), Failed> {
        let reply = self.enter(scene, line, Step::Start, due).await?;
        let view: wire::AttemptView<'_> = reply.json().ok_or_else(|| not_understood(&reply))?;
        let shapes = wire::shapes(&view.slots).filter(|shapes| !shapes.is_empty());
        let ledger = Ledger::new(shapes.ok_or_else(|| not_understood(&reply))?);
        let mut sitting = Sitting {
            id: view.id,
            exam: view.exam,
            token: view.token,
            epoch: view.epoch,
            ledger,
            etag: None,
            receipt: None,
            is_checked: false,
        };
        // An attempt that was there before may hold answers of another rehearsal: they are not ours to judge.
        sitting.ledger.found(&wire::held(view.answers));
        self.sitting = Some(sitting);
        scene.station.tally.borrow_mut().started += 1;
        Live::add(&scene.station.live.started, 1);
        Ok(())
    }

    /// Loads the page again, on the same device or another one, and looks whether everything is still there.
    pub(super) async fn resume(&mut self, scene: &Scene<'_>, line: &mut Line, due: Due) -> Result<(), Failed> {
        if self.sitting.is_none() {
            return Ok(());
        }
        let reply = self.enter(scene, line, Step::Resume, due).await?;
        let view: wire::AttemptView<'_> = reply.json().ok_or_else(|| not_understood(&reply))?;
        let held = wire::held(view.answers);
        if let Some(sitting) = &mut self.sitting {
            if sitting.id != view.id {
                // A second paper for one person.
                scene.station.error("another-attempt");
                return Ok(());
            }
            sitting.token = view.token;
            sitting.epoch = view.epoch;
            sitting.etag = None;
        }
        self.compare(scene, &held);
        if let Some(sitting) = &mut self.sitting {
            sitting.ledger.shown(&held);
        }
        Ok(())
    }

    pub(super) async fn poll(&mut self, scene: &Scene<'_>, line: &mut Line, due: Due) -> Result<(), Failed> {
        let Some(sitting) = &mut self.sitting else { return Ok(()) };
        let request = attempt_request(scene, sitting, Method::Get, format_args!(""), sitting.etag.as_deref(), None);
        let reply = scene.station.call(line, Step::Poll, due, &request).await?;
        if reply.etag.is_some() {
            sitting.etag = reply.etag;
        }
        Ok(())
    }
}

/// A reply that is not of the contract's shape, as an error of its own.
pub(super) fn not_understood(reply: &Reply) -> Failed {
    Failed::Refused(Problem { status: reply.status, kind: "not-understood".to_owned(), fields: Vec::new() })
}
