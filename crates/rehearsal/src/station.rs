//! From where the takers of one thread call: one request until it succeeds, is refused, or is given up.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;

use crate::http::{Buffers, Line, Reply, Target, Try};
use crate::settings::Patience;
use crate::step::Step;
use crate::stop::Stop;
use crate::tally::{Done, Live, Tally};

/// What the timer of this program rounds to: a request that goes out so soon after its moment, from a taker that was
/// waiting for it, is in time. No server can cause it or hide behind it.
const TIMER_GRAIN: Duration = Duration::from_millis(2);
/// Retries after kept connections that turn out closed; then it is a fault.
const STALE_MOST: u32 = 2;

/// When a request is meant to go out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Due {
    /// By the plan.
    pub(crate) meant: Instant,
    /// When its taker had nothing else to do, if that is later.
    pub(crate) free: Instant,
    /// Where measuring began, if it has and is not over.
    pub(crate) origin: Option<Instant>,
}

impl Due {
    /// Meant now.
    pub(crate) fn now() -> Self {
        let now = Instant::now();
        Self { meant: now, free: now, origin: None }
    }

    /// From when a latency counts.
    fn counts_from(&self, sent: Instant) -> Instant {
        let in_time = self.free <= self.meant && sent.saturating_duration_since(self.meant) <= TIMER_GRAIN;
        if in_time { sent } else { self.meant }
    }
}

/// A refusal (`application/problem+json`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) status: u16,
    /// Its type, or `http-` and the status.
    pub(crate) kind: String,
    /// The fields it names.
    pub(crate) fields: Vec<String>,
}

/// Why there is no good reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failed {
    /// The server said no; nothing is counted yet.
    Refused(Problem),
    /// Tried until patience was over; counted.
    GaveUp,
    /// The rehearsal ends.
    Stopped,
}

/// One thread's place.
pub(crate) struct Station {
    pub(crate) target: Target,
    pub(crate) buffers: Rc<Buffers>,
    pub(crate) tally: RefCell<Tally>,
    pub(crate) live: Arc<Live>,
    pub(crate) stop: Arc<Stop>,
    patience: Patience,
    through_faults: bool,
    jitter: RefCell<ChaCha8Rng>,
}

/// What went wrong with a request before it succeeded.
#[derive(Default)]
struct Trouble {
    tries: u32,
    stale: u32,
    faults: u32,
    /// The type of the latest reply that asked to come again.
    delayed_by: Option<String>,
    cause: String,
}

enum Verdict {
    Good(Reply),
    Refused(Problem),
    Again(Duration),
    AtOnce,
}

impl Station {
    pub(crate) fn new(
        target: Target,
        tally: Tally,
        live: Arc<Live>,
        stop: Arc<Stop>,
        (patience, through_faults): (Patience, bool),
        seed: u64,
    ) -> Self {
        Self {
            target,
            buffers: Rc::default(),
            tally: RefCell::new(tally),
            live,
            stop,
            patience,
            through_faults,
            jitter: RefCell::new(ChaCha8Rng::seed_from_u64(seed)),
        }
    }

    /// Counts an error.
    pub(crate) fn error(&self, kind: &str) {
        self.tally.borrow_mut().error(kind);
        Live::add(&self.live.trouble, 1);
    }

    /// Sends a request until it is answered for good.
    pub(crate) async fn call(&self, line: &mut Line, step: Step, due: Due, request: &[u8]) -> Result<Reply, Failed> {
        let give_up_at = Instant::now() + self.patience.give_up;
        let mut trouble = Trouble::default();
        let mut first_sent = None;
        loop {
            let sent = Instant::now();
            if first_sent.is_none() {
                let lag = sent.saturating_duration_since(due.meant.max(due.free));
                self.tally.borrow_mut().lag(lag, sent.saturating_duration_since(due.meant));
                first_sent = Some(sent);
            }
            let outcome = line.exchange(&self.target, &self.buffers, request, self.patience.reply).await;
            match self.judge(outcome, step, sent, &mut trouble) {
                Verdict::Good(reply) => {
                    self.succeeded(step, &due, due.counts_from(first_sent.unwrap_or(sent)), &trouble);
                    return Ok(reply);
                }
                Verdict::Refused(problem) => return Err(Failed::Refused(problem)),
                Verdict::AtOnce => {}
                Verdict::Again(wait) => {
                    let again = Instant::now() + wait;
                    if again > give_up_at {
                        self.gave_up(&trouble);
                        return Err(Failed::GaveUp);
                    }
                    if !self.stop.wait_to_the_end(again).await {
                        return Err(Failed::Stopped);
                    }
                }
            }
        }
    }

    fn judge(&self, outcome: Try, step: Step, sent: Instant, trouble: &mut Trouble) -> Verdict {
        let reply = match outcome {
            Try::Stale if trouble.stale < STALE_MOST => {
                trouble.stale += 1;
                self.tally.borrow_mut().reconnects += 1;
                return Verdict::AtOnce;
            }
            Try::Stale => return self.fault(crate::http::Fault::Closed.word(), trouble),
            Try::Fault(fault) => return self.fault(fault.word(), trouble),
            Try::Reply(reply) => reply,
        };
        self.tally.borrow_mut().service(step, sent.elapsed());
        if reply.is_success() {
            return Verdict::Good(reply);
        }
        let problem = problem_of(&reply);
        match (reply.status, reply.retry_after) {
            (429 | 503, Some(wait)) => {
                trouble.cause.clone_from(&problem.kind);
                trouble.delayed_by = Some(problem.kind);
                trouble.tries += 1;
                // Never sooner than asked, and not all at once.
                Verdict::Again(wait.mul_f64(self.jitter.borrow_mut().random_range(1.0..1.5)))
            }
            // A proxy whose server is gone says so in these.
            (408 | 429 | 500..=599, _) => self.fault(&problem.kind, trouble),
            _ => Verdict::Refused(problem),
        }
    }

    /// A try that failed: counted apart when faults are expected, and tried again as a phone does.
    fn fault(&self, kind: &str, trouble: &mut Trouble) -> Verdict {
        if self.through_faults {
            self.tally.borrow_mut().fault(kind);
            Live::add(&self.live.trouble, 1);
        } else {
            self.error(kind);
        }
        kind.clone_into(&mut trouble.cause);
        let doubled = self.patience.retry_first.saturating_mul(1_u32.checked_shl(trouble.tries).unwrap_or(u32::MAX));
        trouble.tries += 1;
        trouble.faults += 1;
        Verdict::Again(doubled.min(self.patience.retry_most).mul_f64(self.jitter.borrow_mut().random_range(0.75..1.25)))
    }

    fn gave_up(&self, trouble: &Trouble) {
        // A fault that was no error so far becomes one, as does a wait without end.
        if self.through_faults || trouble.faults == 0 {
            self.error(&trouble.cause);
        }
    }

    fn succeeded(&self, step: Step, due: &Due, counts_from: Instant, trouble: &Trouble) {
        let now = Instant::now();
        let since = |moment: Instant| due.origin.map(|origin| moment.saturating_duration_since(origin));
        let mut tally = self.tally.borrow_mut();
        tally.done(&Done {
            step,
            latency: now.saturating_duration_since(counts_from),
            meant_at: since(due.meant),
            done_at: since(now),
        });
        if let Some(by) = &trouble.delayed_by {
            tally.delayed(by);
        }
        if trouble.faults > 0 {
            tally.recovered += 1;
        }
        Live::add(&self.live.replies, 1);
    }

    /// Counts further answers that went along with a request: each from its own moment.
    pub(crate) fn went_along(&self, step: Step, due: &Due) {
        let now = Instant::now();
        let since = |moment: Instant| due.origin.map(|origin| moment.saturating_duration_since(origin));
        self.tally.borrow_mut().done(&Done {
            step,
            latency: now.saturating_duration_since(due.meant),
            meant_at: since(due.meant),
            done_at: None,
        });
    }
}

#[derive(Deserialize)]
struct ProblemBody {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    errors: Vec<ProblemField>,
}

#[derive(Deserialize)]
struct ProblemField {
    field: String,
}

/// Characters of a problem's type that are kept.
const KIND_CHARS: usize = 48;

fn problem_of(reply: &Reply) -> Problem {
    match reply.json::<ProblemBody>().filter(|body| !body.kind.is_empty()) {
        Some(body) => Problem {
            status: reply.status,
            kind: body.kind.chars().filter(|c| !c.is_control()).take(KIND_CHARS).collect(),
            fields: body.errors.into_iter().map(|error| error.field).collect(),
        },
        None => Problem { status: reply.status, kind: format!("http-{}", reply.status), fields: Vec::new() },
    }
}
