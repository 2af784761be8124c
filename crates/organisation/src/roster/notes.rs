//! Collects problems; the same doubt about the same value is said once, with a count.

use super::row::{Field, ParsedRow, Problem, Severity};
use std::collections::HashMap;

/// At most this many problems are kept; the rest is counted.
const PROBLEMS_MAX: usize = 20_000;

#[derive(Debug)]
struct Repeated {
    problem: Problem,
    rows: u64,
}

#[derive(Debug, Default)]
pub(super) struct Notes {
    problems: Vec<Problem>,
    repeated: Vec<Repeated>,
    index: HashMap<(Field, String), usize>,
    dropped: u64,
}

impl Notes {
    pub(super) fn new(problems: &[Problem]) -> Self {
        Self { problems: problems.to_vec(), ..Self::default() }
    }

    pub(super) fn push(&mut self, problem: Problem) {
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(problem);
        } else {
            self.dropped += 1;
        }
    }

    pub(super) fn row(&mut self, row: &ParsedRow, field: Option<Field>, severity: Severity, reason: impl Into<String>) {
        let value = field.and_then(|field| row.get(field));
        self.push(Problem::of_row(&row.sheet, row.row, field, value, severity, reason));
    }

    /// A warning about a value, said once for all rows that have it.
    pub(super) fn once(&mut self, row: &ParsedRow, field: Field, value: &str, reason: impl FnOnce() -> String) {
        if let Some(known) = self.index.get(&(field, value.to_owned())).and_then(|i| self.repeated.get_mut(*i)) {
            known.rows += 1;
            return;
        }
        self.index.insert((field, value.to_owned()), self.repeated.len());
        let problem = Problem::of_row(&row.sheet, row.row, Some(field), Some(value), Severity::Warning, reason());
        self.repeated.push(Repeated { problem, rows: 1 });
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        let mut problems = self.problems;
        problems.extend(self.repeated.into_iter().map(|Repeated { mut problem, rows }| {
            if rows > 1 {
                problem.reason = format!("{}（共 {rows} 行如此，这是第一处）", problem.reason);
            }
            problem
        }));
        if self.dropped > 0 {
            let reason = format!("还有 {} 个问题没有列出，请先改正已列出的再导入", self.dropped);
            problems.push(Problem::of_sheet(None, Severity::Error, reason));
        }
        problems
    }
}
