//! Which of the lines that look like beginnings of articles are.
//!
//! A true sequence rises, mostly by one. Every line that could begin an article is worth points, a jump costs some,
//! and the rising chain with the most points wins: a mention that stands at the beginning of a line is either out of
//! order, and then it would cost the chain its true members, or it is weak and alone, and then it is not worth the jump.

use std::collections::HashMap;

/// What a jump costs, and a beginning elsewhere than at 1.
const JUMP: i64 = 6;

/// A line that could begin an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate {
    /// The line.
    pub(super) line: usize,
    /// Number and sub-number.
    pub(super) key: (u32, u32),
    /// Points; over [`JUMP`] for one that can stand alone.
    pub(super) weight: i64,
}

/// The chains of a file, one for each law in it.
pub(super) fn chains(candidates: &[Candidate]) -> Vec<Vec<Candidate>> {
    segments(candidates).into_iter().map(best_chain).filter(|chain| !chain.is_empty()).collect()
}

/// Parts that each begin at 1 and go on to 2; the whole when there is no such beginning.
fn segments(candidates: &[Candidate]) -> Vec<&[Candidate]> {
    let ones: Vec<usize> = candidates
        .iter()
        .enumerate()
        .filter(|(_, candidate)| candidate.key == (1, 0))
        .map(|(index, _)| index)
        .collect();
    let mut ends: Vec<usize> = ones.iter().skip(1).copied().collect();
    ends.push(candidates.len());
    let goes_on = |(start, end): &(usize, usize)| {
        candidates.get(*start..*end).is_some_and(|part| part.iter().any(|candidate| candidate.key == (2, 0)))
    };
    let starts: Vec<usize> = ones.into_iter().zip(ends).filter(goes_on).map(|(start, _)| start).collect();
    if starts.is_empty() {
        return vec![candidates];
    }
    let mut ends: Vec<usize> = starts.iter().skip(1).copied().collect();
    ends.push(candidates.len());
    starts.into_iter().zip(ends).filter_map(|(start, end)| candidates.get(start..end)).collect()
}

/// The end of a chain: its points, and the candidate it ends with.
type Ending = (i64, usize);

/// The best ending among all keys up to one: a Fenwick tree of maxima.
struct Maxima(Vec<Option<Ending>>);

impl Maxima {
    fn raise(&mut self, rank: usize, ending: Ending) {
        let mut at = rank + 1;
        while let Some(place) = self.0.get_mut(at) {
            // The earlier of equals stays.
            if place.is_none_or(|held| held.0 < ending.0) {
                *place = Some(ending);
            }
            at += at & at.wrapping_neg();
        }
    }

    /// Over the ranks below this one.
    fn below(&self, rank: usize) -> Option<Ending> {
        let mut best: Option<Ending> = None;
        let mut at = rank;
        while at > 0 {
            if let Some(ending) = self.0.get(at).copied().flatten() {
                best = best.filter(|held| held.0 >= ending.0).or(Some(ending));
            }
            at &= at - 1;
        }
        best
    }
}

/// The rising chain with the most points.
fn best_chain(candidates: &[Candidate]) -> Vec<Candidate> {
    let mut keys: Vec<(u32, u32)> = candidates.iter().map(|candidate| candidate.key).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut maxima = Maxima(vec![None; keys.len() + 1]);
    let mut by_key: HashMap<(u32, u32), Ending> = HashMap::new();
    // The last sub-article of each number, whichever ends best: 18 may follow 17-2 directly.
    let mut by_number: HashMap<u32, Ending> = HashMap::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(candidates.len());
    let mut best: Option<Ending> = None;
    for (index, candidate) in candidates.iter().enumerate() {
        let (number, sub) = candidate.key;
        let rank = keys.binary_search(&candidate.key).unwrap_or_default();
        let direct = match sub {
            0 => by_number.get(&number.saturating_sub(1)),
            _ => by_key.get(&(number, sub - 1)),
        };
        let start = if candidate.key == (1, 0) { 0 } else { -JUMP };
        let mut ending: (i64, Option<usize>) = (start, None);
        for (points, from) in
            direct.copied().into_iter().chain(maxima.below(rank).map(|(points, at)| (points - JUMP, at)))
        {
            if points > ending.0 {
                ending = (points, Some(from));
            }
        }
        let points = ending.0 + candidate.weight;
        before.push(ending.1);
        maxima.raise(rank, (points, index));
        for held in [
            by_key.entry(candidate.key).or_insert((i64::MIN, index)),
            by_number.entry(number).or_insert((i64::MIN, index)),
        ] {
            if held.0 < points {
                *held = (points, index);
            }
        }
        if points > best.map_or(0, |held| held.0) {
            best = Some((points, index));
        }
    }
    let mut chain = Vec::new();
    let mut at = best.map(|(_, index)| index);
    while let Some(index) = at {
        chain.extend(candidates.get(index));
        at = before.get(index).copied().flatten();
    }
    chain.reverse();
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRONG: i64 = 8;
    const WEAK: i64 = 4;

    fn found(candidates: &[(u32, u32, i64)]) -> Vec<Vec<usize>> {
        let candidates: Vec<Candidate> = candidates
            .iter()
            .enumerate()
            .map(|(line, (number, sub, weight))| Candidate { line, key: (*number, *sub), weight: *weight })
            .collect();
        chains(&candidates)
            .into_iter()
            .map(|chain| chain.into_iter().map(|candidate| candidate.line).collect())
            .collect()
    }

    fn strong(numbers: &[u32]) -> Vec<(u32, u32, i64)> {
        numbers.iter().map(|number| (*number, 0, STRONG)).collect()
    }

    #[test]
    fn mentions_out_of_order_are_passed_over() {
        assert_eq!(found(&strong(&[1, 2, 3, 4])), [[0, 1, 2, 3]]);
        assert_eq!(found(&strong(&[1, 2, 9, 3, 4, 5])), [[0, 1, 3, 4, 5]]);
        assert_eq!(found(&strong(&[1, 2, 3, 1, 4, 5])), [[0, 1, 2, 4, 5]]);
        assert_eq!(found(&strong(&[5, 1, 2, 3])), [[1, 2, 3]]);
    }

    #[test]
    fn jumps_are_taken_when_what_follows_agrees() {
        assert_eq!(found(&strong(&[1, 2, 5, 6])), [[0, 1, 2, 3]]);
        assert_eq!(found(&[(1, 0, WEAK), (2, 0, WEAK), (7, 0, WEAK), (3, 0, WEAK)]), [[0, 1, 3]]);
        assert_eq!(found(&[(1, 0, WEAK), (2, 0, WEAK), (7, 0, WEAK)]), [[0, 1]], "weak and alone");
        assert_eq!(found(&[(1, 0, WEAK), (2, 0, WEAK), (7, 0, WEAK), (8, 0, WEAK)]), [[0, 1, 2, 3]]);
        assert_eq!(found(&strong(&[3, 10, 50])), [[0, 1, 2]], "an excerpt");
        assert!(found(&[(9, 0, WEAK)]).is_empty());
    }

    #[test]
    fn sub_articles_rise_between() {
        let keys = [(1, 0, STRONG), (2, 0, WEAK), (2, 1, WEAK), (2, 2, WEAK), (3, 0, WEAK)];
        assert_eq!(found(&keys), [[0, 1, 2, 3, 4]]);
    }

    #[test]
    fn a_new_beginning_is_a_new_law() {
        assert_eq!(found(&strong(&[1, 2, 3, 1, 2])), [vec![0, 1, 2], vec![3, 4]]);
        assert_eq!(found(&[]), Vec::<Vec<usize>>::new());
    }
}
