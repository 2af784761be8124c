//! Collects problems; the same doubt about the same value is said once, with a count.

use super::row::{Field, ParsedRow, Problem, Severity};
use std::collections::HashMap;

/// At most this many errors, and as many warnings, are kept; the rest is counted.
const PROBLEMS_MAX: u64 = 20_000;

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
    errors: u64,
    warnings: u64,
}

impl Notes {
    pub(super) fn new(problems: &[Problem]) -> Self {
        let mut notes = Self::default();
        for problem in problems {
            notes.push(problem.clone());
        }
        notes
    }

    pub(super) fn push(&mut self, problem: Problem) {
        let seen = match problem.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        *seen += 1;
        // What concerns a whole sheet is always said.
        if *seen <= PROBLEMS_MAX || problem.row.is_none() {
            self.problems.push(problem);
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
        for (seen, severity, what) in
            [(self.errors, Severity::Error, "错误"), (self.warnings, Severity::Warning, "提醒")]
        {
            if let Some(more @ 1..) = seen.checked_sub(PROBLEMS_MAX) {
                let reason = format!("还有 {more} 个{what}没有列出，请先处理已列出的再导入");
                problems.push(Problem::of_sheet(None, severity, reason));
            }
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_counted_and_warnings_do_not_hide_errors() {
        let row = |n: u32, severity| Problem::of_row("表", n, None, None, severity, "x");
        let mut flood: Vec<Problem> = (0..25_000).map(|n| row(n, Severity::Warning)).collect();
        flood.push(row(9, Severity::Error));
        let problems = Notes::new(&flood).into_problems();
        assert_eq!(problems.len(), 20_002);
        assert!(problems.iter().any(|p| p.severity == Severity::Error && p.row == Some(9)));
        let last = problems.last().unwrap();
        assert!(last.severity == Severity::Warning && last.reason.contains("5000"), "{last:?}");
    }
}
