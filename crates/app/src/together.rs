//! Doing together what many ask for in the same moment. In a storm of starts each round trip to the database, and each
//! commit, then serves all who wait; when nobody else asks, a request is done at once and alone.

use std::collections::VecDeque;
use std::sync::mpsc::{self, TryRecvError};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{AppError, AppResult};

/// Requests done together at the most.
const AT_ONCE: usize = 64;

/// Where requests of one kind wait. One of those who ask does the work of all; there is no thread of its own.
pub(crate) struct Together<Q, R> {
    waiting: Mutex<VecDeque<(Q, mpsc::Sender<AppResult<R>>)>>,
    turn: Mutex<()>,
}

impl<Q, R> Default for Together<Q, R> {
    fn default() -> Self {
        Self { waiting: Mutex::default(), turn: Mutex::default() }
    }
}

impl<Q, R> Together<Q, R> {
    /// Asks, and waits for the reply. `work` does what up to [`AT_ONCE`] requests ask for, with a reply for each, in
    /// order; everybody who asks here brings the same.
    ///
    /// # Errors
    /// What the work replies; [`AppError::Internal`] when it ended without a reply to this request: it panicked, in
    /// whoever did it.
    pub(crate) fn ask(&self, request: Q, work: impl Fn(Vec<Q>) -> Vec<AppResult<R>>) -> AppResult<R> {
        let (reply, answer) = mpsc::channel();
        lock(&self.waiting).push_back((request, reply));
        loop {
            let turn = lock(&self.turn);
            match answer.try_recv() {
                Ok(reply) => return reply,
                Err(TryRecvError::Disconnected) => return Err(AppError::Internal("no reply to a request".to_owned())),
                Err(TryRecvError::Empty) => {}
            }
            // Nobody has done it, and nobody is at it: it still waits, and it is this one's turn.
            let (requests, replies): (Vec<_>, Vec<_>) = {
                let mut waiting = lock(&self.waiting);
                let count = waiting.len().min(AT_ONCE);
                waiting.drain(..count).unzip()
            };
            for (reply, outcome) in replies.into_iter().zip(work(requests)) {
                let _ = reply.send(outcome);
            }
            drop(turn);
        }
    }
}

/// A panic elsewhere leaves both in order.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Barrier};
    use std::time::Duration;

    use super::*;

    #[test]
    fn everybody_gets_their_own_reply_and_the_work_is_done_together() {
        const ASKERS: usize = 200;
        let together: Arc<Together<usize, usize>> = Arc::default();
        let rounds = Arc::new(AtomicUsize::new(0));
        let barrier = Arc::new(Barrier::new(ASKERS));
        let threads: Vec<_> = (0..ASKERS)
            .map(|n| {
                let (together, rounds, barrier) = (Arc::clone(&together), Arc::clone(&rounds), Arc::clone(&barrier));
                std::thread::spawn(move || {
                    barrier.wait();
                    together.ask(n, |requests| {
                        assert!(requests.len() <= AT_ONCE);
                        rounds.fetch_add(1, Ordering::Relaxed);
                        std::thread::sleep(Duration::from_millis(5));
                        requests.into_iter().map(|request| Ok(request * 2)).collect()
                    })
                })
            })
            .collect();
        for (n, thread) in threads.into_iter().enumerate() {
            assert_eq!(thread.join().unwrap().unwrap(), n * 2);
        }
        let rounds = rounds.load(Ordering::Relaxed);
        assert!((ASKERS.div_ceil(AT_ONCE)..ASKERS / 2).contains(&rounds), "{rounds} rounds");
    }

    #[test]
    fn a_panic_takes_nobody_along_but_those_whose_work_it_was() {
        let together: Arc<Together<bool, u8>> = Arc::default();
        let work =
            |requests: Vec<bool>| requests.into_iter().map(|bad| if bad { panic!("bad") } else { Ok(1) }).collect();
        let other = Arc::clone(&together);
        assert!(std::thread::spawn(move || other.ask(true, work)).join().is_err());
        assert_eq!(together.ask(false, work).unwrap(), 1);
    }

    #[test]
    fn a_request_without_a_reply_is_told_so() {
        let together: Together<u8, u8> = Together::default();
        assert!(matches!(together.ask(1, |_| Vec::new()), Err(AppError::Internal(_))));
    }
}
