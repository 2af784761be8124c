//! A virtual taker (模拟考生): a phone, what it has sent, and what it was told.

mod answering;
mod proof;
mod sitting;

use std::time::Instant;

use crate::http::{Body, Buffer, Line, Method, write_request};
use crate::ledger::Ledger;
use crate::plan::Act;
use crate::settings::Login;
use crate::station::{Due, Failed, Problem, Station};
use crate::wire::Outgoing;

/// What a taker may do over and over.
pub(crate) struct Taker {
    /// Its number, from 0.
    pub(crate) number: u32,
    token: String,
    login: Option<Login>,
    sitting: Option<Sitting>,
    /// Answers given off line, the latest of each slot.
    outbox: Vec<Outgoing>,
    is_offline: bool,
    devices: u32,
    /// Whether whatever else was planned is pointless: it has handed in, or cannot go on.
    pub(crate) is_over: bool,
}

/// The attempt as the taker knows it.
struct Sitting {
    id: String,
    exam: String,
    token: String,
    epoch: u32,
    ledger: Ledger,
    etag: Option<String>,
    /// Number and time of the receipt.
    receipt: Option<(String, String)>,
    is_checked: bool,
}

/// Where a taker acts.
pub(crate) struct Scene<'a> {
    pub(crate) station: &'a Station,
    pub(crate) exam: &'a str,
    pub(crate) seed: u64,
    /// Whether the connection is this taker's alone.
    pub(crate) owns_line: bool,
}

impl Taker {
    pub(crate) fn new(number: u32, token: String, login: Option<Login>) -> Self {
        Self { number, token, login, sitting: None, outbox: Vec::new(), is_offline: false, devices: 1, is_over: false }
    }

    /// Whether it has a receipt.
    pub(crate) fn has_handed_in(&self) -> bool {
        self.sitting.as_ref().is_some_and(|sitting| sitting.receipt.is_some())
    }

    /// Whether an act is an answer that goes out by itself.
    pub(crate) fn is_sending(&self, act: Act) -> bool {
        !self.is_offline && self.sitting.is_some() && matches!(act, Act::Answer { .. } | Act::Clear { .. })
    }

    /// Does what was planned. True when the person had to wait for it, so that the rest of the plan moves.
    pub(crate) async fn act(&mut self, scene: &Scene<'_>, line: &mut Line, act: Act, due: Due) -> bool {
        let waited = match act {
            Act::SignIn => self.sign_in(scene, line, due).await.map(|()| true),
            Act::Start => self.start(scene, line, due).await.map(|()| true),
            Act::Answer { slot, choice } => self.answer(scene, line, (slot, Some(choice)), due).await.map(|()| false),
            Act::Clear { slot } => self.answer(scene, line, (slot, None), due).await.map(|()| false),
            Act::AnswerAll { choice } => self.answer_all(scene, line, choice, due).await.map(|()| false),
            Act::GoOffline => {
                self.is_offline = true;
                if scene.owns_line {
                    line.hang_up();
                }
                Ok(false)
            }
            Act::ComeBack => {
                self.is_offline = false;
                self.flush(scene, line, due).await.map(|()| false)
            }
            Act::Reload => self.resume(scene, line, due).await.map(|()| true),
            Act::TakeOver => {
                self.devices += 1;
                self.resume(scene, line, due).await.map(|()| true)
            }
            Act::Poll => self.poll(scene, line, due).await.map(|()| false),
            Act::Check => self.check(scene, line, due).await.map(|()| true),
            Act::Submit => self.submit(scene, line, due).await.map(|()| true),
            Act::Receipt => self.check_receipt(scene, line, due).await.map(|()| false),
        };
        match waited {
            Ok(waited) => waited,
            Err(failed) => {
                self.failed(scene, act, failed);
                false
            }
        }
    }

    /// After the end: whoever was cut off in the middle still compares.
    pub(crate) async fn wind_up(&mut self, scene: &Scene<'_>, line: &mut Line) {
        let must_check = self.sitting.as_ref().is_some_and(|sitting| !sitting.is_checked && sitting.receipt.is_none());
        if must_check {
            self.is_over = false;
            self.act(scene, line, Act::Check, Due::now()).await;
        }
    }

    fn failed(&mut self, scene: &Scene<'_>, act: Act, failed: Failed) {
        if let Failed::Refused(problem) = &failed {
            scene.station.error(&problem.kind);
        }
        // A poll that fails changes nothing; without a start nothing can follow; after a hand-in nothing does.
        match act {
            Act::Start | Act::Submit => self.is_over = true,
            _ => {
                if let Failed::Refused(Problem { status: 401 | 404 | 409, .. }) = failed
                    && !matches!(act, Act::SignIn | Act::Receipt)
                {
                    self.is_over = true;
                }
            }
        }
    }

    fn device(&self, scene: &Scene<'_>) -> String {
        format!("rehearsal-{}-{}-{}", scene.seed, self.number, self.devices)
    }
}

/// A request with the attempt's own token.
fn attempt_request(
    scene: &Scene<'_>,
    sitting: &Sitting,
    method: Method,
    rest: std::fmt::Arguments<'_>,
    known: Option<&str>,
    body: Body<'_>,
) -> Buffer {
    let mut request = scene.station.buffers.take();
    let path = format_args!("/attempts/{}{rest}", sitting.id);
    write_request(&mut request, &scene.station.target, method, path, Some(&sitting.token), known, body);
    request
}

/// The moment on the person's clock that belongs to a planned one.
fn person_clock(due: &Due) -> jiff::Timestamp {
    let now = jiff::Timestamp::now();
    jiff::SignedDuration::try_from(Instant::now().saturating_duration_since(due.meant))
        .ok()
        .and_then(|ago| now.checked_sub(ago).ok())
        .unwrap_or(now)
}
