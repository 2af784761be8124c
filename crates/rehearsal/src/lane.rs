//! A lane: a connection and the takers that use it, one act after the other in the order of their moments.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, watch};

use crate::http::Line;
use crate::number::micros;
use crate::plan::{Act, Event, Plan, Stage};
use crate::station::{Due, Station};
use crate::taker::{Scene, Taker};

/// Answers that go out together at the most, as the page sends them.
const TOGETHER_MOST: usize = 50;

/// The beginning of each stage, and who has come to its end.
pub(crate) struct Stages {
    opened: watch::Sender<(usize, Instant)>,
    arrived: Vec<AtomicUsize>,
    pub(crate) bell: Notify,
}

impl Stages {
    pub(crate) fn new() -> Self {
        Self {
            opened: watch::Sender::new((0, Instant::now())),
            arrived: Stage::ALL.iter().map(|_| AtomicUsize::new(0)).collect(),
            bell: Notify::new(),
        }
    }

    /// Opens the first `count` stages, the last of them at `origin`.
    pub(crate) fn open(&self, count: usize, origin: Instant) {
        self.opened.send_replace((count, origin));
    }

    async fn begin(&self, place: usize) -> Instant {
        let mut opened = self.opened.subscribe();
        // The sender lives as long as the stages do.
        opened.wait_for(|(count, _)| *count > place).await.map_or_else(|_| Instant::now(), |seen| seen.1)
    }

    fn arrive(&self, place: usize) {
        if let Some(count) = self.arrived.get(place) {
            count.fetch_add(1, Ordering::Relaxed);
            self.bell.notify_one();
        }
    }

    /// How many lanes have come to the end of a stage.
    pub(crate) fn arrived(&self, place: usize) -> usize {
        self.arrived.get(place).map_or(0, |count| count.load(Ordering::Relaxed))
    }
}

/// What all lanes of a thread share.
pub(crate) struct Shared {
    pub(crate) station: Station,
    pub(crate) stages: Arc<Stages>,
    pub(crate) exam: String,
    pub(crate) seed: u64,
    /// Whether answers that are due together go out together, as a phone's do.
    pub(crate) sends_together: bool,
}

/// A taker on its way through its plan.
pub(crate) struct Rider {
    pub(crate) taker: Taker,
    pub(crate) plan: Plan,
    next: usize,
    /// How much later everything happens because the person had to wait.
    shift_micros: u64,
}

impl Rider {
    pub(crate) fn new(taker: Taker, plan: Plan) -> Self {
        Self { taker, plan, next: 0, shift_micros: 0 }
    }

    fn begin_stage(&mut self) {
        self.next = 0;
        self.shift_micros = 0;
    }

    fn event(&self, stage: Stage) -> Option<Event> {
        let event = self.plan.stage(stage).get(self.next)?;
        Some(Event { at_micros: event.at_micros.saturating_add(self.shift_micros), act: event.act })
    }
}

/// Rides until every plan of the lane is done or the rehearsal ends.
pub(crate) async fn ride(shared: Rc<Shared>, mut riders: Vec<Rider>) {
    let mut line = Line::default();
    let owns_line = riders.len() == 1;
    let scene = Scene { station: &shared.station, exam: &shared.exam, seed: shared.seed, owns_line };
    let mut is_cut = false;
    for (place, stage) in Stage::ALL.into_iter().enumerate() {
        let origin = shared.stages.begin(place).await;
        if is_cut
            || shared.station.stop.is_winding_down()
            || !ride_stage(&shared, &scene, &mut riders, &mut line, (stage, origin)).await
        {
            is_cut = true;
            break;
        }
        shared.stages.arrive(place);
    }
    if is_cut {
        for rider in &mut riders {
            if shared.station.stop.is_ending() {
                break;
            }
            rider.taker.wind_up(&scene, &mut line).await;
        }
        let left = riders.iter().filter(|rider| !rider.taker.is_over && !rider.taker.has_handed_in()).count();
        shared.station.tally.borrow_mut().left += u64::try_from(left).unwrap_or(u64::MAX);
    }
}

/// False when it was cut short.
async fn ride_stage(
    shared: &Shared,
    scene: &Scene<'_>,
    riders: &mut [Rider],
    line: &mut Line,
    (stage, origin): (Stage, Instant),
) -> bool {
    let mut queue: BinaryHeap<Reverse<(u64, usize)>> = BinaryHeap::new();
    for (at, rider) in riders.iter_mut().enumerate() {
        rider.begin_stage();
        queue.extend(rider.event(stage).map(|event| Reverse((event.at_micros, at))));
    }
    let measured = (stage == Stage::Main).then_some(origin);
    let mut free = origin;
    while let Some(Reverse((at_micros, at))) = queue.pop() {
        let meant = origin + Duration::from_micros(at_micros);
        if !shared.station.stop.wait_until(meant).await {
            return false;
        }
        let Some(rider) = riders.get_mut(at) else { continue };
        let Some(event) = rider.event(stage).filter(|_| !rider.taker.is_over) else { continue };
        let due = Due { meant, free, origin: measured };
        let together = if shared.sends_together { due_together(rider, stage, due, origin) } else { Vec::new() };
        if together.len() > 1 {
            rider.next += together.len();
            rider.taker.answer_together(scene, line, &together).await;
        } else {
            rider.next += 1;
            let waited = rider.taker.act(scene, line, event.act, due).await;
            if waited {
                rider.shift_micros += micros(Instant::now().saturating_duration_since(meant));
            }
        }
        free = Instant::now();
        queue.extend(rider.event(stage).map(|event| Reverse((event.at_micros, at))));
    }
    true
}

/// The answers of a taker that are due by now, from its next event on.
fn due_together(rider: &Rider, stage: Stage, first: Due, origin: Instant) -> Vec<((u16, Option<u32>), Due)> {
    let now = Instant::now();
    let events = rider.plan.stage(stage).iter().skip(rider.next).take(TOGETHER_MOST);
    events
        .map(|event| {
            let meant = origin + Duration::from_micros(event.at_micros.saturating_add(rider.shift_micros));
            (event.act, Due { meant, ..first })
        })
        .take_while(|(act, due)| due.meant <= now && rider.taker.is_sending(*act))
        .filter_map(|(act, due)| match act {
            Act::Answer { slot, choice } => Some(((slot, Some(choice)), due)),
            Act::Clear { slot } => Some(((slot, None), due)),
            _ => None,
        })
        .collect()
}
