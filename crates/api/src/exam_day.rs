//! The day of an exam: the desk (考务台), extensions, pauses, corrections, answers kept for review, notices.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::Marks;
use crate::attempt::Announcement;

/// More time: for one person, for a unit with all below it, or for all.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct ExtensionRequest {
    #[serde(default)]
    pub person: Option<String>,
    #[serde(default)]
    pub unit: Option<String>,
    #[serde(default)]
    pub all: bool,
    pub seconds: i64,
    pub reason: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ExtensionView {
    pub id: String,
    /// `person`, `unit` or `all`.
    pub scope: String,
    pub subject: Option<String>,
    pub subject_name: String,
    pub seconds: i64,
    /// Open attempts whose deadline moved.
    pub attempts: i64,
    /// Whether the person's next attempt is longer.
    pub lengthens: bool,
    pub reason: String,
    pub granted_at: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PauseView {
    pub id: String,
    pub reason: String,
    pub paused_at: String,
    pub resumed_at: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct VoidingRequest {
    pub reason: String,
    /// `annulled` (the default: as if it had never been) or `disqualified` (it counts as taken and failed).
    #[serde(default)]
    pub kind: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReopeningRequest {
    pub reason: String,
    pub seconds: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AttemptChanged {
    pub attempt: String,
    pub state: String,
    pub deadline: String,
    /// What the manager should know of it.
    pub warnings: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct KeptAnswer {
    pub id: String,
    pub attempt: String,
    pub person: String,
    pub name: String,
    pub unit: String,
    pub unit_name: String,
    pub slot: i64,
    #[schema(value_type = Object)]
    pub response: Value,
    pub received_at: String,
    pub answered_at: Option<String>,
    /// `admitted` or `rejected`; none while it is open.
    pub decision: Option<String>,
    pub decision_reason: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DecisionRequest {
    pub admitted: bool,
    pub reason: String,
}

/// How a question of an exam is to be marked, against its key as written.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RulingRequest {
    /// The reference of the question.
    pub question: String,
    /// The version that was sat; the only one on the papers when it is missing.
    #[serde(default)]
    pub version: Option<u32>,
    /// Which part of a case, from 1.
    #[serde(default)]
    pub part: Option<usize>,
    /// `give_to_all`, `give_to_answered` or `by_key`.
    pub policy: String,
    /// For `by_key`: each a whole key in the question's own option ids, any of which is right.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    pub keys: Vec<Value>,
    pub reason: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RulingView {
    pub question: String,
    pub version: u32,
    pub part: Option<usize>,
    pub stem: String,
    pub policy: String,
    #[schema(value_type = Vec<Object>)]
    pub keys: Vec<Value>,
    pub reason: String,
    pub ruled_at: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct RegradeRequest {
    #[serde(default)]
    pub dry_run: bool,
    #[serde(default)]
    pub rulings: Vec<RulingRequest>,
    #[serde(default)]
    pub reason: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Score {
    pub marks: Marks,
    pub verdict: String,
    pub band: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ScoreChange {
    pub attempt: String,
    pub person: String,
    pub name: String,
    pub unit_name: String,
    pub before: Score,
    pub after: Score,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct Regrade {
    pub dry_run: bool,
    /// The generation of scores that it made; the current one for a dry run.
    pub generation: i64,
    /// Attempts looked at.
    pub attempts: i64,
    pub changed: i64,
    pub to_passed: i64,
    pub to_failed: i64,
    /// The changes, those of the verdict first, as many as fit.
    pub items: Vec<ScoreChange>,
    /// Attempts that cannot be marked, since something of them is damaged; they keep their score.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unmarkable: Vec<String>,
}

/// A run that marked an exam again.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RegradeRun {
    /// The generation of scores that it made.
    pub generation: i64,
    pub reason: String,
    pub started_at: String,
    /// None while it goes on.
    pub finished_at: Option<String>,
    /// Attempts looked at.
    pub attempts: i64,
    pub changed: i64,
    pub to_passed: i64,
    pub to_failed: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ExamQuestion {
    pub question: String,
    pub version: u32,
    pub part: Option<usize>,
    pub kind: String,
    pub stem: String,
    /// Canonical option ids with their texts.
    #[schema(value_type = Vec<Object>)]
    pub options: Vec<Value>,
    #[schema(value_type = Object)]
    pub key: Value,
    /// On how many papers it stands.
    pub papers: i64,
    /// Of the papers marked, those with any answer to it, and those wholly right.
    pub answered: i64,
    pub correct: i64,
    pub ruling: Option<RulingView>,
}

/// How many people of a roster are where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LiveCounts {
    pub due: i64,
    pub not_started: i64,
    pub answering: i64,
    pub submitted: i64,
    pub auto_submitted: i64,
    pub voided: i64,
    pub deferred: i64,
    pub exempt: i64,
    /// Attempts that went on on another device.
    pub second_device: i64,
    /// People who left the page more often than the rules allow; none where leaves are not counted.
    pub left_too_often: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LiveUnit {
    pub unit: String,
    pub title: String,
    #[serde(flatten)]
    pub counts: LiveCounts,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NodeView {
    pub id: String,
    pub started_at: String,
    pub seen_at: String,
    pub saves_per_second: i64,
    pub answers_waiting: i64,
    pub answer_queue_rows: i64,
    pub disk_free_bytes: Option<i64>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LiveView {
    pub exam: String,
    pub title: String,
    pub state: String,
    pub opens_at: String,
    pub closes_at: String,
    pub paused: Option<PauseView>,
    pub total: LiveCounts,
    pub units: Vec<LiveUnit>,
    pub saves_per_second: i64,
    pub answers_waiting: i64,
    pub nodes: Vec<NodeView>,
    pub kept_for_review: i64,
    pub extensions: Vec<ExtensionView>,
    pub pauses: Vec<PauseView>,
    pub announcements: Vec<Announcement>,
    pub server_now: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TimelineEvent {
    pub at: String,
    pub kind: String,
    pub text: String,
}

/// Why can this person (not) start, and what happened so far.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Timeline {
    pub person: String,
    pub name: String,
    pub unit: String,
    pub unit_name: String,
    pub account: String,
    pub login: String,
    /// `inactive`, `active` or `disabled`.
    pub account_state: String,
    pub status: String,
    /// Whether 开始 would work now.
    pub can_start: bool,
    /// The sentence for whoever asks.
    pub advice: String,
    pub attempts: Vec<TimelineAttempt>,
    pub events: Vec<TimelineEvent>,
    pub server_now: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TimelineAttempt {
    pub attempt: String,
    pub number: i64,
    pub state: String,
    pub voiding: Option<String>,
    pub started_at: String,
    pub deadline: String,
    pub closed_at: Option<String>,
    pub answered: i64,
    pub slots: i64,
    /// Times that it went on on another device.
    pub devices: i64,
    /// Times that its page was left, where the exam counts that.
    pub left_screen: i64,
    pub kept_for_review: i64,
    pub last_saved_at: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NoticeView {
    pub id: String,
    pub exam: String,
    pub attempt: Option<String>,
    pub kind: String,
    pub text: String,
    pub at: String,
    pub read: bool,
}
