//! Finds questions for the rows of all forms at once.
//!
//! Rows and questions are a bipartite graph; augmenting paths (Kuhn 1955; Ford and Fulkerson 1956) move questions
//! between rows, so that no row goes short because of the order of rows. Caps (an article, the practice pool) and
//! enemies are met along the way: what stands against a question is taken out and placed anew.

#![expect(clippy::indexing_slicing, reason = "every index here was made by `Problem` for its own vectors")]

/// So many slots of one row in one form.
#[derive(Debug, Clone)]
pub(super) struct Demand {
    pub(super) form: usize,
    pub(super) need: u32,
    /// A row of cases: questions weigh their parts, and are placed once and for all.
    pub(super) is_case: bool,
    /// Questions that fit, best first.
    pub(super) candidates: Vec<usize>,
}

/// At most so many questions of one group in a form.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) cap: u32,
    pub(super) members: Vec<usize>,
    /// Slots count rather than questions.
    pub(super) by_slots: bool,
}

/// What is to be solved. Questions are numbers from 0.
#[derive(Debug, Clone, Default)]
pub(super) struct Problem {
    pub(super) forms: usize,
    /// Slots of each question.
    pub(super) weights: Vec<u32>,
    pub(super) enemies: Vec<Vec<usize>>,
    pub(super) groups: Vec<Group>,
    /// Groups of each question.
    pub(super) groups_of: Vec<Vec<usize>>,
    pub(super) demands: Vec<Demand>,
}

/// The most questions looked at in one run.
const MAX_STEPS: u32 = 2_000_000;
/// The most choices looked at for one row of cases.
const MAX_CASE_STEPS: u32 = 100_000;
/// The deepest chain of moves.
const MAX_DEPTH: u32 = 400;

/// Who is where.
#[derive(Debug, Clone)]
pub(super) struct State<'a> {
    pub(super) problem: &'a Problem,
    /// For each question the demand that it serves.
    pub(super) serves: Vec<Option<usize>>,
    /// For each demand the slots filled.
    pub(super) filled: Vec<u32>,
    /// For each form and group what counts against its cap.
    counts: Vec<Vec<u32>>,
    steps: u32,
}

impl<'a> State<'a> {
    pub(super) fn new(problem: &'a Problem) -> Self {
        Self {
            problem,
            serves: vec![None; problem.weights.len()],
            filled: vec![0; problem.demands.len()],
            counts: vec![vec![0; problem.groups.len()]; problem.forms],
            steps: 0,
        }
    }

    /// Slots filled in all.
    pub(super) fn total(&self) -> u32 {
        self.filled.iter().sum()
    }

    fn form_of(&self, question: usize) -> Option<usize> {
        self.serves[question].map(|demand| self.problem.demands[demand].form)
    }

    pub(super) fn assign(&mut self, question: usize, demand: usize) {
        self.serves[question] = Some(demand);
        self.filled[demand] += self.problem.weights[question];
        let form = self.problem.demands[demand].form;
        for &group in &self.problem.groups_of[question] {
            self.counts[form][group] += self.size_in(group, question);
        }
    }

    pub(super) fn unassign(&mut self, question: usize) {
        let Some(demand) = self.serves[question].take() else { return };
        self.filled[demand] -= self.problem.weights[question];
        let form = self.problem.demands[demand].form;
        for &group in &self.problem.groups_of[question] {
            self.counts[form][group] -= self.size_in(group, question);
        }
    }

    fn size_in(&self, group: usize, question: usize) -> u32 {
        if self.problem.groups[group].by_slots { self.problem.weights[question] } else { 1 }
    }

    fn overflows(&self, group: usize, question: usize, form: usize) -> bool {
        self.counts[form][group] + self.size_in(group, question) > self.problem.groups[group].cap
    }

    /// Whether nothing in the form stands against the question.
    pub(super) fn fits(&self, question: usize, form: usize) -> bool {
        let hostile = self.problem.enemies[question].iter().any(|&enemy| self.form_of(enemy) == Some(form));
        !hostile && !self.problem.groups_of[question].iter().any(|&group| self.overflows(group, question, form))
    }

    /// Sets of questions whose leaving would make room; empty when no set is known.
    fn ways_out(&self, question: usize, form: usize) -> Vec<Vec<usize>> {
        let movable = |other: usize| self.serves[other].is_some_and(|demand| !self.problem.demands[demand].is_case);
        let enemies: Vec<usize> =
            self.problem.enemies[question].iter().copied().filter(|&enemy| self.form_of(enemy) == Some(form)).collect();
        if !enemies.iter().all(|&enemy| movable(enemy)) {
            return Vec::new();
        }
        let full: Vec<usize> = self.problem.groups_of[question]
            .iter()
            .copied()
            .filter(|&group| self.overflows(group, question, form))
            .collect();
        let eases = |other: usize, group: usize| self.problem.groups_of[other].contains(&group);
        let members = |group: usize| {
            self.problem.groups[group]
                .members
                .iter()
                .copied()
                .filter(|&other| self.form_of(other) == Some(form) && movable(other))
        };
        let Some(first) = full.iter().copied().find(|&group| !enemies.iter().any(|&enemy| eases(enemy, group))) else {
            return if enemies.is_empty() { Vec::new() } else { vec![enemies] };
        };
        let mut ways = Vec::new();
        for member in members(first) {
            let mut way = enemies.clone();
            way.push(member);
            let open: Vec<usize> =
                full.iter().copied().filter(|&group| !way.iter().any(|&out| eases(out, group))).collect();
            for group in open {
                if !way.iter().any(|&out| eases(out, group)) {
                    way.extend(members(group).next());
                }
            }
            if full.iter().all(|&group| way.iter().any(|&out| eases(out, group))) {
                ways.push(way);
            }
        }
        ways
    }

    /// Fills one more slot of a demand, moving others if need be; false, and nothing changed, when it cannot.
    fn place(&mut self, demand: usize, visited: &mut [bool], depth: u32) -> bool {
        let problem = self.problem;
        let form = problem.demands[demand].form;
        let candidates = &problem.demands[demand].candidates;
        if let Some(&free) = candidates.iter().find(|&&q| !visited[q] && self.serves[q].is_none() && self.fits(q, form))
        {
            visited[free] = true;
            self.assign(free, demand);
            return true;
        }
        if depth >= MAX_DEPTH {
            return false;
        }
        for &question in candidates {
            self.steps += 1;
            if visited[question] || self.steps > MAX_STEPS {
                continue;
            }
            match self.serves[question] {
                Some(other) if other == demand || problem.demands[other].is_case => {}
                Some(other) => {
                    visited[question] = true;
                    if self.steal(question, other, demand, visited, depth) {
                        return true;
                    }
                }
                None => {
                    visited[question] = true;
                    if self.oust(question, demand, visited, depth) {
                        return true;
                    }
                }
            }
        }
        false
    }

    fn steal(&mut self, question: usize, from: usize, to: usize, visited: &mut [bool], depth: u32) -> bool {
        self.unassign(question);
        if self.fits(question, self.problem.demands[to].form) {
            self.assign(question, to);
            if self.place(from, visited, depth + 1) {
                return true;
            }
            self.unassign(question);
        }
        self.assign(question, from);
        false
    }

    fn oust(&mut self, question: usize, demand: usize, visited: &mut [bool], depth: u32) -> bool {
        let form = self.problem.demands[demand].form;
        for way in self.ways_out(question, form) {
            let before = (way.len() > 1).then(|| self.clone());
            let served: Vec<(usize, usize)> =
                way.iter().filter_map(|&out| self.serves[out].map(|d| (out, d))).collect();
            served.iter().for_each(|&(out, _)| self.unassign(out));
            if self.fits(question, form) {
                self.assign(question, demand);
                if served.iter().all(|&(_, from)| self.place(from, visited, depth + 1)) {
                    return true;
                }
                self.unassign(question);
            }
            match before {
                Some(before) => {
                    let steps = self.steps;
                    *self = before;
                    self.steps = steps;
                }
                None => served.iter().for_each(|&(out, from)| self.assign(out, from)),
            }
        }
        false
    }

    /// Chooses cases whose parts fill the rows of cases exactly, or as far as they can.
    fn place_cases(&mut self) {
        let rows: Vec<usize> =
            (0..self.problem.demands.len()).filter(|&demand| self.problem.demands[demand].is_case).collect();
        let needed = rows.iter().map(|&demand| self.problem.demands[demand].need).sum();
        let mut search = CaseSearch { needed, best: 0, chosen: Vec::new(), path: Vec::new(), steps: 0 };
        self.try_cases(&rows, 0, &mut search);
        search.path.iter().for_each(|&(question, _)| self.unassign(question));
        search.chosen.iter().for_each(|&(question, demand)| self.assign(question, demand));
    }

    /// Goes on with the first of `rows` from its candidate `from`; true when all are filled.
    fn try_cases(&mut self, rows: &[usize], from: usize, search: &mut CaseSearch) -> bool {
        let problem = self.problem;
        let total = search.path.iter().map(|&(question, _)| problem.weights[question]).sum();
        if total > search.best {
            search.best = total;
            search.chosen = search.path.clone();
        }
        let Some((&demand, rest)) = rows.split_first() else { return total == search.needed };
        let Demand { form, need, candidates, .. } = &problem.demands[demand];
        if self.filled[demand] == *need {
            return self.try_cases(rest, 0, search);
        }
        for (i, &question) in candidates.iter().enumerate().skip(from) {
            search.steps += 1;
            if search.steps > MAX_CASE_STEPS {
                return false;
            }
            let too_big = self.filled[demand] + problem.weights[question] > *need;
            if too_big || self.serves[question].is_some() || !self.fits(question, *form) {
                continue;
            }
            self.assign(question, demand);
            search.path.push((question, demand));
            if self.try_cases(rows, i + 1, search) {
                return true;
            }
            search.path.pop();
            self.unassign(question);
        }
        // What cannot be filled must not keep the rows after it empty.
        self.try_cases(rest, 0, search);
        false
    }

    /// Fills the rows of cases, then all others.
    pub(super) fn run(&mut self) {
        let problem = self.problem;
        self.place_cases();
        for (index, demand) in problem.demands.iter().enumerate().filter(|(_, demand)| !demand.is_case) {
            while self.filled[index] < demand.need {
                let mut visited = vec![false; problem.weights.len()];
                if !self.place(index, &mut visited, 0) {
                    break;
                }
            }
        }
    }
}

/// The state of the choice of cases.
struct CaseSearch {
    needed: u32,
    best: u32,
    chosen: Vec<(usize, usize)>,
    path: Vec<(usize, usize)>,
    steps: u32,
}

impl Problem {
    /// What each demand could get if caps and enemies were not: together an upper bound.
    pub(super) fn relaxed(&self) -> Vec<u32> {
        let relaxed = Self {
            enemies: vec![Vec::new(); self.weights.len()],
            groups: Vec::new(),
            groups_of: vec![Vec::new(); self.weights.len()],
            ..self.clone()
        };
        let mut state = State::new(&relaxed);
        state.run();
        state.filled
    }

    /// Slots asked for.
    pub(super) fn needed(&self) -> u32 {
        self.demands.iter().map(|demand| demand.need).sum()
    }
}
