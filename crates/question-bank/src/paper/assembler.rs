//! The way from a blueprint to papers.

use super::eligible::{admits, describes, in_force, shortage};
use super::layout::{Chosen, lay_out};
use super::solver::{Demand, Group, Problem, State};
use super::{Assembly, Unmet, exhaustive, facility};
use crate::blueprint::{Blueprint, Row};
use crate::law::{ArticleNo, EditionId, Register};
use crate::question::{Kind, Pool, Question, QuestionRef};
use jiff::civil::Date;
use shuffle::{Stream, derive_seed};
use std::collections::{BTreeMap, BTreeSet};

const DOMAIN: &str = "zhijie-paper-1";
/// The most forms assembled at once.
pub const MAX_FORMS: u32 = 50;
/// How often other ranks are tried before the exhaustive search.
const TRIES: u32 = 6;

/// What is wrong with a request for papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    /// No form, or too many.
    #[error("平行卷应当有 1 至 {MAX_FORMS} 份，要求的是 {0} 份")]
    Forms(u32),
}

/// Assembles papers (组卷): `forms` forms from one seed. The same input gives the same output everywhere.
///
/// # Errors
/// When the number of forms is out of range. What the bank cannot give is no error: see [`Assembly::unmet`].
pub fn assemble<'a>(
    questions: impl IntoIterator<Item = &'a Question>,
    register: &Register,
    blueprint: &Blueprint,
    seed: &str,
    law_date: Date,
    forms: u32,
) -> Result<Assembly, PaperError> {
    Assembler::new(questions, register, blueprint, law_date).assemble(seed, forms)
}

/// A blueprint with the questions that may come; for many papers of one blueprint.
#[derive(Debug, Clone)]
pub struct Assembler<'q, 'b> {
    blueprint: &'b Blueprint,
    law_date: Date,
    /// Sorted by reference.
    questions: Vec<&'q Question>,
    /// Section, row and the row itself, in the order of the paper.
    rows: Vec<(usize, usize, &'b Row)>,
}

impl<'q, 'b> Assembler<'q, 'b> {
    /// Chooses the questions that may come at all; of several versions of one the latest.
    pub fn new(
        questions: impl IntoIterator<Item = &'q Question>,
        register: &Register,
        blueprint: &'b Blueprint,
        law_date: Date,
    ) -> Self {
        let mut latest: BTreeMap<&QuestionRef, &Question> = BTreeMap::new();
        for question in questions {
            let kept = latest.entry(&question.reference).or_insert(question);
            if kept.version < question.version {
                *kept = question;
            }
        }
        let may_come = |question: &&Question| admits(blueprint, question) && in_force(question, register, law_date);
        let rows = blueprint.sections.iter().enumerate();
        Self {
            blueprint,
            law_date,
            questions: latest.into_values().filter(may_come).collect(),
            rows: rows
                .flat_map(|(s, section)| section.rows.iter().enumerate().map(move |(r, row)| (s, r, row)))
                .collect(),
        }
    }

    /// Assembles from a seed.
    ///
    /// # Errors
    /// When the number of forms is out of range.
    pub fn assemble(&self, seed: &str, forms: u32) -> Result<Assembly, PaperError> {
        if forms == 0 || forms > MAX_FORMS {
            return Err(PaperError::Forms(forms));
        }
        let count = usize::try_from(forms).unwrap_or(usize::MAX);
        let solution = self.solve(seed, count, &BTreeSet::new());
        let solution = if solution.is_complete() || count == 1 { solution } else { self.form_by_form(seed, count) };
        let seed_bytes = self.seed(seed, 0);
        let papers = solution.chosen.iter().zip(1_u32..).map(|(chosen, no)| {
            let chosen: Vec<Chosen<'_>> =
                chosen.iter().filter_map(|&(question, row)| self.chosen(question, row)).collect();
            lay_out(self.blueprint, &seed_bytes, no, &chosen)
        });
        Ok(Assembly {
            blueprint: self.blueprint.id.clone(),
            seed: seed.to_owned(),
            law_date: self.law_date,
            forms: papers.collect(),
            unmet: solution.unmet,
            shared: self.shared(&solution.chosen),
        })
    }

    fn chosen(&self, question: usize, row: usize) -> Option<Chosen<'q>> {
        let (section, in_section, described) = *self.rows.get(row)?;
        Some(Chosen { question: self.questions.get(question)?, section, row: in_section, marks: described.marks })
    }

    fn shared(&self, forms: &[Vec<(usize, usize)>]) -> Vec<QuestionRef> {
        let mut uses: BTreeMap<usize, u32> = BTreeMap::new();
        forms.iter().flatten().for_each(|&(question, _)| *uses.entry(question).or_default() += 1);
        let often = uses.into_iter().filter(|&(_, count)| count > 1);
        often.filter_map(|(question, _)| Some(self.questions.get(question)?.reference.clone())).collect()
    }

    fn seed(&self, seed: &str, number: u32) -> [u8; 32] {
        let day = self.law_date.to_string();
        let number = number.to_le_bytes();
        derive_seed(DOMAIN, &[self.blueprint.id.as_str().as_bytes(), day.as_bytes(), seed.as_bytes(), &number])
    }

    /// The questions in the order of their ranks.
    fn ranks(&self, seed: &str, number: u32) -> Vec<usize> {
        Stream::from_seed(self.seed(seed, number)).permutation(self.questions.len())
    }

    /// Solves all forms at once; `used` questions come last.
    fn solve(&self, seed: &str, forms: usize, used: &BTreeSet<usize>) -> Solution {
        let mut best: Option<Attempt> = None;
        let mut relaxed: Option<Vec<u32>> = None;
        for number in 0..TRIES {
            let problem = self.problem(&self.ranks(seed, number), forms, used);
            let needed = problem.needed();
            let mut state = State::new(&problem);
            state.run();
            if state.total() < needed {
                let relaxed = relaxed.get_or_insert_with(|| problem.relaxed());
                if number + 1 == TRIES && relaxed.iter().sum::<u32>() == needed {
                    state = exhaustive::search(&problem, &state).unwrap_or(state);
                }
            }
            let total = state.total();
            if best.as_ref().is_none_or(|best| total > best.total) {
                self.steer(&mut state, forms);
                let (serves, filled) = (state.serves.clone(), state.filled.clone());
                best = Some(Attempt { problem, total, serves, filled });
            }
            if total >= relaxed.as_ref().map_or(needed, |relaxed| relaxed.iter().sum()) {
                break;
            }
        }
        best.map_or_else(Solution::default, |best| self.describe(&best, &relaxed.unwrap_or_default()))
    }

    fn steer(&self, state: &mut State<'_>, forms: usize) {
        if let Some(band) = self.blueprint.constraints.facility_band {
            let facility = self.facilities();
            (0..forms).for_each(|form| facility::steer(state, form, &facility, band));
        }
    }

    fn facilities(&self) -> Vec<f64> {
        self.questions.iter().map(|question| question.prior_facility).collect()
    }

    /// One form after the other, each with as few questions of the earlier ones as it can.
    fn form_by_form(&self, seed: &str, forms: usize) -> Solution {
        let mut used = BTreeSet::new();
        let mut all = Solution::default();
        for no in 1..=forms {
            let mut one = self.solve(seed, 1, &used);
            used.extend(one.chosen.iter().flatten().map(|&(question, _)| question));
            one.unmet.iter_mut().for_each(|unmet| unmet.constraint = format!("第 {no} 卷：{}", unmet.constraint));
            all.chosen.append(&mut one.chosen);
            all.unmet.append(&mut one.unmet);
        }
        all
    }

    fn problem(&self, order: &[usize], forms: usize, used: &BTreeSet<usize>) -> Problem {
        let ranked: Vec<usize> = order
            .iter()
            .filter(|q| !used.contains(q))
            .chain(order.iter().filter(|q| used.contains(q)))
            .copied()
            .collect();
        let weights: Vec<u32> =
            self.questions.iter().map(|q| u32::try_from(q.items().len()).unwrap_or(u32::MAX)).collect();
        let groups = self.groups();
        let mut groups_of = vec![Vec::new(); weights.len()];
        for (index, group) in groups.iter().enumerate() {
            for &member in &group.members {
                if let Some(of) = groups_of.get_mut(member) {
                    of.push(index);
                }
            }
        }
        let demands =
            (0..forms).flat_map(|form| self.rows.iter().map(move |(_, _, row)| (form, *row))).map(|(form, row)| {
                let fits = |q: &&usize| self.questions.get(**q).is_some_and(|question| describes(row, question));
                Demand {
                    form,
                    need: row.count,
                    is_case: row.kind == Some(Kind::Case),
                    candidates: ranked.iter().filter(fits).copied().collect(),
                }
            });
        Problem { forms, demands: demands.collect(), enemies: self.enemies(), groups, groups_of, weights }
    }

    /// Pairs that never stand together, both ways; a successor and its predecessor are such a pair too.
    fn enemies(&self) -> Vec<Vec<usize>> {
        let index: BTreeMap<&QuestionRef, usize> =
            self.questions.iter().enumerate().map(|(i, q)| (&q.reference, i)).collect();
        let mut sets = vec![BTreeSet::new(); self.questions.len()];
        for (i, question) in self.questions.iter().enumerate() {
            for other in question.enemies.iter().chain(&question.successor_of).filter_map(|other| index.get(other)) {
                for (a, b) in [(i, *other), (*other, i)] {
                    if let Some(set) = sets.get_mut(a).filter(|_| a != b) {
                        set.insert(b);
                    }
                }
            }
        }
        sets.into_iter().map(|set| set.into_iter().collect()).collect()
    }

    fn groups(&self) -> Vec<Group> {
        let mut groups = Vec::new();
        if let Some(cap) = self.blueprint.constraints.max_per_article {
            let mut articles: BTreeMap<(EditionId, &ArticleNo), BTreeSet<usize>> = BTreeMap::new();
            for (i, question) in self.questions.iter().enumerate() {
                for citation in question.citations() {
                    articles.entry((citation.edition_id(), &citation.article)).or_default().insert(i);
                }
            }
            let members = articles.into_values().map(|members| members.into_iter().collect::<Vec<_>>());
            groups.extend(members.map(|members| Group { cap, members, by_slots: false }));
        }
        if let Some(share) = self.blueprint.practice_share {
            let practice = share.of(self.blueprint.count());
            let of = |is_practice: bool| -> Vec<usize> {
                let pools =
                    self.questions.iter().enumerate().filter(|(_, q)| (q.pool == Pool::Practice) == is_practice);
                pools.map(|(i, _)| i).collect()
            };
            groups.push(Group { cap: practice, members: of(true), by_slots: true });
            groups.push(Group {
                cap: self.blueprint.count().saturating_sub(practice),
                members: of(false),
                by_slots: true,
            });
        }
        groups
    }

    /// The chosen questions by form, and what is missing.
    fn describe(&self, attempt: &Attempt, relaxed: &[u32]) -> Solution {
        let Attempt { problem, serves, filled, .. } = attempt;
        let rows = self.rows.len().max(1);
        let mut chosen = vec![Vec::new(); problem.forms];
        for (question, demand) in serves.iter().enumerate() {
            if let Some(demand) = demand
                && let Some(form) = chosen.get_mut(demand / rows)
            {
                form.push((question, demand % rows));
            }
        }
        let mut unmet = Vec::new();
        for ((index, demand), filled) in problem.demands.iter().enumerate().zip(filled) {
            if *filled < demand.need
                && let Some(row) = self.rows.get(index % rows)
            {
                let rows_suffice = relaxed.get(index).is_some_and(|&most| most >= demand.need);
                let found: u32 = demand.candidates.iter().filter_map(|&q| problem.weights.get(q)).sum();
                unmet.push(Unmet {
                    constraint: shortage(self.blueprint, row, found, rows_suffice),
                    missing: demand.need - filled,
                });
            }
        }
        unmet.extend(self.out_of_band(&chosen));
        Solution { chosen, unmet }
    }

    fn out_of_band(&self, forms: &[Vec<(usize, usize)>]) -> Vec<Unmet> {
        let Some(band) = self.blueprint.constraints.facility_band else { return Vec::new() };
        let mut unmet = Vec::new();
        for (chosen, no) in forms.iter().zip(1_u32..) {
            let questions = chosen.iter().filter_map(|&(question, _)| self.questions.get(question));
            let slots = questions.map(|q| (q.prior_facility, u32::try_from(q.items().len()).unwrap_or(0)));
            let (sum, count) = slots.fold((0.0, 0), |(sum, count), (p, n)| (sum + p * f64::from(n), count + n));
            if count == 0 {
                continue;
            }
            let mean = sum / f64::from(count);
            let missing = facility::missing(mean, count, band);
            if missing > 0 {
                let harder = if mean > band.1 { "更难" } else { "更易" };
                let constraint = format!(
                    "难度区间：第 {no} 卷平均预估答对率 {mean:.3}，应当在 {} 至 {} 之间，缺{harder}的题",
                    band.0, band.1
                );
                unmet.push(Unmet { constraint, missing });
            }
        }
        unmet
    }
}

/// What one try has come to.
struct Attempt {
    problem: Problem,
    total: u32,
    serves: Vec<Option<usize>>,
    filled: Vec<u32>,
}

#[derive(Debug, Clone, Default)]
struct Solution {
    /// For each form the questions with their rows.
    chosen: Vec<Vec<(usize, usize)>>,
    unmet: Vec<Unmet>,
}

impl Solution {
    fn is_complete(&self) -> bool {
        self.unmet.is_empty()
    }
}
