//! A rehearsal from beginning to end.

use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use crate::error::RehearsalError;
use crate::http::Target;
use crate::lane::{Rider, Shared, Stages, ride};
use crate::plan::{self, Plan, Stage};
use crate::prepare;
use crate::report::{Outcome, Report};
use crate::settings::{Prepared, Profile, Settings};
use crate::station::Station;
use crate::stop::Stop;
use crate::taker::Taker;
use crate::tally::{Live, Tally};

/// Between opening a stage and its first moment: every lane must have heard.
const LEAD: Duration = Duration::from_millis(100);
/// How often whoever watches is told.
const WATCH_EVERY: Duration = Duration::from_millis(250);
/// What a stage may last longer than planned, besides the patience of its phones.
const GRACE: Duration = Duration::from_secs(60);

/// How a rehearsal stands while it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snapshot {
    /// What is going on.
    pub stage: &'static str,
    /// Seconds since the stage began.
    pub seconds: u64,
    /// Seconds that it will last.
    pub seconds_planned: u64,
    /// Takers that have started.
    pub started: u64,
    /// Answers acknowledged.
    pub acked: u64,
    /// Takers that have handed in.
    pub submitted: u64,
    /// Errors, faults and losses.
    pub trouble: u64,
    /// Replies.
    pub replies: u64,
}

/// What threads and whoever leads them share.
struct Course {
    stages: Arc<Stages>,
    stop: Arc<Stop>,
    live: Arc<Live>,
    lanes: usize,
    ends: [Duration; 3],
}

/// Told four times a second how it stands; a break ends the rehearsal early.
pub type Watch<'a> = &'a mut dyn FnMut(&Snapshot) -> ControlFlow<()>;

/// Holds a rehearsal. Ctrl-C ends it early as [`Watch`] can: what was begun is still compared and reported; a second
/// Ctrl-C leaves out the comparison.
///
/// # Errors
/// A [`RehearsalError`] when it cannot be held at all; what goes wrong in it is in the report.
///
/// # Panics
/// When called from within an asynchronous runtime.
pub fn run(settings: &Settings, watch: Watch<'_>) -> Result<Report, RehearsalError> {
    settings.check()?;
    let target = Target::parse(&settings.url)?;
    let plans = plan::plans(settings)?;
    let connections = prepare::connections(settings);
    let runtime = runtime()?;
    let prepared = match &settings.prepared {
        Some(prepared) => prepared.clone(),
        None => runtime.block_on(prepare::make(settings, &target))?,
    };
    prepare::check(&prepared)?;
    let exam = prepared.exam.clone();

    let ends = Stage::ALL.map(|stage| plans.iter().map(|plan| plan.ends_micros(stage)).max().unwrap_or(0));
    let [_, main_ends, _] = ends;
    let (width, count) = prepare::moments(main_ends.max(u64::from(settings.load.duration_seconds) * 1_000_000));
    let tally = Tally::new(plan::charted(settings.load.profile), count, width);
    let threads = usize::try_from(settings.means.threads.min(connections)).unwrap_or(1);
    let course = Course {
        stages: Arc::new(Stages::new()),
        stop: Arc::default(),
        live: Arc::default(),
        lanes: usize::try_from(connections).unwrap_or(1),
        ends: ends.map(Duration::from_micros),
    };
    let (send, receive) = mpsc::unbounded_channel();
    for (number, lanes) in deal(settings, prepared, plans, connections, threads).into_iter().enumerate() {
        let thread = Thread {
            number,
            settings: settings.clone(),
            target: target.clone(),
            exam: exam.clone(),
            tally: tally.clone(),
            stages: Arc::clone(&course.stages),
            stop: Arc::clone(&course.stop),
            live: Arc::clone(&course.live),
        };
        let send = send.clone();
        std::thread::Builder::new()
            .name(format!("rehearsal-{number}"))
            .spawn(move || {
                let _ = send.send(thread.run(lanes));
            })
            .map_err(|error| RehearsalError::Machine(format!("无法建立线程：{error}")))?;
    }
    drop(send);
    let mut outcome = runtime.block_on(course.lead(settings, tally, receive, watch))?;
    outcome.connections = connections;
    outcome.moment_width = width;
    if settings.wipe {
        outcome.wiped =
            Some(runtime.block_on(prepare::wipe(settings, &target, &exam)).map_err(|error| error.to_string()));
    }
    Ok(Report::new(settings, &exam, &outcome))
}

fn runtime() -> Result<tokio::runtime::Runtime, RehearsalError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| RehearsalError::Machine(format!("无法开始：{error}")))
}

/// Takers to lanes in turn, lanes to threads in turn.
fn deal(
    settings: &Settings,
    prepared: Prepared,
    plans: Vec<Plan>,
    connections: u32,
    threads: usize,
) -> Vec<Vec<Vec<Rider>>> {
    let lanes = usize::try_from(connections).unwrap_or(1).max(1);
    let mut dealt: Vec<Vec<Rider>> = (0..lanes).map(|_| Vec::new()).collect();
    let mut logins = settings.logins.iter().cycle();
    for ((number, plan), token) in (0_u32..).zip(plans).zip(prepared.tokens) {
        let lane = usize::try_from(number).unwrap_or(0) % lanes;
        let rider = Rider::new(Taker::new(number, token, logins.next().cloned()), plan);
        if let Some(lane) = dealt.get_mut(lane) {
            lane.push(rider);
        }
    }
    let mut by_thread: Vec<Vec<Vec<Rider>>> = (0..threads.max(1)).map(|_| Vec::new()).collect();
    for (number, lane) in dealt.into_iter().enumerate() {
        if let Some(thread) = by_thread.get_mut(number % threads.max(1)) {
            thread.push(lane);
        }
    }
    by_thread
}

/// What a thread needs.
struct Thread {
    number: usize,
    settings: Settings,
    target: Target,
    exam: String,
    tally: Tally,
    stages: Arc<Stages>,
    stop: Arc<Stop>,
    live: Arc<Live>,
}

impl Thread {
    fn run(self, lanes: Vec<Vec<Rider>>) -> Result<Tally, RehearsalError> {
        let runtime = runtime()?;
        let number = u64::try_from(self.number).unwrap_or(0);
        let manner = (self.settings.patience, self.settings.through_faults);
        let seed = self.settings.seed.wrapping_add(number);
        let shared = Rc::new(Shared {
            station: Station::new(self.target, self.tally, self.live, self.stop, manner, seed),
            stages: self.stages,
            exam: self.exam,
            seed: self.settings.seed,
            sends_together: self.settings.load.profile == Profile::People,
        });
        let local = tokio::task::LocalSet::new();
        local.block_on(&runtime, async {
            let riding: Vec<_> =
                lanes.into_iter().map(|lane| tokio::task::spawn_local(ride(Rc::clone(&shared), lane))).collect();
            for lane in riding {
                lane.await.map_err(|error| RehearsalError::Machine(format!("演练程序出错：{error}")))?;
            }
            Ok(())
        })?;
        Ok(shared.station.tally.borrow().clone())
    }
}

impl Course {
    /// Opens the stages one after the other and waits for everybody.
    async fn lead(
        &self,
        settings: &Settings,
        mut sum: Tally,
        mut receive: mpsc::UnboundedReceiver<Result<Tally, RehearsalError>>,
        watch: Watch<'_>,
    ) -> Result<Outcome, RehearsalError> {
        let mut signals = 0_u32;
        let mut is_overdue = false;
        let mut seconds = 0.0;
        // One listener for as long as it takes: a signal between two of them would be lost.
        let mut interrupt = Box::pin(tokio::signal::ctrl_c());
        for (place, (stage, planned)) in Stage::ALL.into_iter().zip(self.ends).enumerate() {
            let origin = Instant::now() + LEAD;
            self.stages.open(place + 1, origin);
            let limit = origin + planned + settings.patience.give_up + settings.patience.reply + GRACE;
            while self.stages.arrived(place) < self.lanes && signals == 0 && !is_overdue {
                tokio::select! {
                    () = self.stages.bell.notified() => {}
                    () = tokio::time::sleep(WATCH_EVERY) => {
                        signals += u32::from(watch(&self.snapshot(stage, origin, planned)).is_break());
                    }
                    _ = &mut interrupt => {
                        interrupt.set(tokio::signal::ctrl_c());
                        signals += 1;
                    }
                    () = tokio::time::sleep_until(limit.into()) => is_overdue = true,
                }
            }
            if stage == Stage::Main {
                seconds = origin.elapsed().as_secs_f64();
            }
            if signals > 0 || is_overdue {
                self.stop.wind_down();
                break;
            }
        }
        // Whoever waits for a stage that never comes goes on to the comparison.
        self.stages.open(usize::MAX, Instant::now());
        loop {
            tokio::select! {
                tally = receive.recv() => match tally {
                    Some(tally) => sum.add(&tally?),
                    None => break,
                },
                _ = &mut interrupt => {
                    interrupt.set(tokio::signal::ctrl_c());
                    signals += 1;
                    if signals > 1 { self.stop.end() } else { self.stop.wind_down() }
                }
            }
        }
        if is_overdue {
            sum.error("unfinished");
        }
        Ok(Outcome {
            tally: sum,
            seconds,
            is_interrupted: signals > 0,
            connections: 0,
            moment_width: Duration::ZERO,
            wiped: None,
        })
    }

    fn snapshot(&self, stage: Stage, origin: Instant, planned: Duration) -> Snapshot {
        let read = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
        Snapshot {
            stage: match stage {
                Stage::Before => "准备",
                Stage::Main => "进行",
                Stage::After => "核对",
            },
            seconds: origin.elapsed().as_secs(),
            seconds_planned: planned.as_secs(),
            started: read(&self.live.started),
            acked: read(&self.live.acked),
            submitted: read(&self.live.submitted),
            trouble: read(&self.live.trouble),
            replies: read(&self.live.replies),
        }
    }
}
