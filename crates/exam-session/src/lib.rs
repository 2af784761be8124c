//! Exam sessions (考试场次): the rules of an exam as data, who is due, the attempt as a state machine,
//! deadlines, verdicts, releases and counts.
//!
//! Nothing here does I/O or knows the time: `now` is an argument. Days are those of Asia/Shanghai (+08:00).
//! `docs/exam-rules.md` states the rules with examples.

pub mod attempt;
pub mod clock;
pub mod counts;
pub mod entry;
pub mod marks;
pub mod presets;
pub mod release;
pub mod roster;
pub mod rules;
pub mod save;
pub mod screen;
pub mod start;
pub mod state;
pub mod submission;
pub mod verdict;

pub use attempt::{AttemptError, AttemptState, StepKind, Takeover, Voiding, takeover};
pub use clock::{Window, deadline, is_due_for_closing, late_until};
pub use entry::EntryWaves;
pub use marks::MarksCenti;
pub use presets::{Preset, presets};
pub use roster::{Audience, PersonFacts, RosterStatus};
pub use rules::{FieldProblem, Rules, validate};
pub use save::{SaveFacts, SaveOrder, SaveOutcome, decide_save};
pub use screen::{ScreenLeaves, decide_leave};
pub use start::{StartDecision, may_start};
pub use state::{AssignmentState, ExamState, Outcome};
pub use submission::{SubmissionDecision, decide_submission};
pub use verdict::{Verdict, verdict};
