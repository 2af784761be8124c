//! The last resort: tries all choices within a limit, for small or tight banks.

#![expect(clippy::indexing_slicing, reason = "every index here was made by `Problem` for its own vectors")]

use super::solver::{Problem, State};

/// The most choices tried.
const MAX_NODES: u32 = 200_000;

/// A complete solution on top of the rows of cases that `start` has placed, if one is found within the limit.
pub(super) fn search<'a>(problem: &'a Problem, start: &State<'a>) -> Option<State<'a>> {
    let mut state = start.clone();
    for question in 0..problem.weights.len() {
        if state.serves[question].is_some_and(|demand| !problem.demands[demand].is_case) {
            state.unassign(question);
        }
    }
    if problem.demands.iter().zip(&state.filled).any(|(demand, &filled)| demand.is_case && filled < demand.need) {
        return None;
    }
    // Rows with the least to spare come first.
    let mut order: Vec<usize> = (0..problem.demands.len()).filter(|&demand| !problem.demands[demand].is_case).collect();
    let spare = |demand: usize| {
        let demand = &problem.demands[demand];
        demand.candidates.len().saturating_sub(usize::try_from(demand.need).unwrap_or(usize::MAX))
    };
    order.sort_by_key(|&demand| (spare(demand), demand));
    let mut nodes = 0;
    complete(&mut state, &order, 0, &mut nodes).then_some(state)
}

/// Fills the rows of `order`, the first of them from its candidate `from` on.
fn complete(state: &mut State<'_>, order: &[usize], from: usize, nodes: &mut u32) -> bool {
    let Some((&demand, rest)) = order.split_first() else { return true };
    let problem = state.problem;
    let row = &problem.demands[demand];
    if state.filled[demand] == row.need {
        return complete(state, rest, 0, nodes);
    }
    if !hopeful(state, order, from) {
        return false;
    }
    for (i, &question) in row.candidates.iter().enumerate().skip(from) {
        *nodes += 1;
        if *nodes > MAX_NODES {
            return false;
        }
        if state.serves[question].is_some() || !state.fits(question, row.form) {
            continue;
        }
        state.assign(question, demand);
        if complete(state, order, i + 1, nodes) {
            return true;
        }
        state.unassign(question);
    }
    false
}

/// Whether each row still has as many fitting questions as it needs.
fn hopeful(state: &State<'_>, order: &[usize], from: usize) -> bool {
    order.iter().enumerate().all(|(place, &demand)| {
        let row = &state.problem.demands[demand];
        let open = row.candidates.iter().skip(if place == 0 { from } else { 0 });
        let fitting =
            open.filter(|&&question| state.serves[question].is_none() && state.fits(question, row.form)).count();
        u32::try_from(fitting).is_ok_and(|fitting| fitting >= row.need - state.filled[demand])
    })
}
