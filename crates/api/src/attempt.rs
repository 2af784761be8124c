//! The examinee's way: assignments, attempts, results.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::Marks;

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Assignment {
    pub exam: String,
    pub title: String,
    pub kind: String,
    pub opens_at: String,
    pub closes_at: String,
    pub duration_seconds: i64,
    pub questions: i64,
    pub pass_marks: Marks,
    pub marks_max: Marks,
    pub state: String,
    pub outcome: String,
    pub released: bool,
    pub attempts_used: i64,
    pub attempts_left: i64,
    pub attempt: Option<String>,
    pub result_attempt: Option<String>,
    pub open_book: bool,
    pub instructions: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Assignments {
    /// Whose they are: the account that is signed in.
    pub account: String,
    pub items: Vec<Assignment>,
    pub server_now: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct StartRequest {
    #[serde(default)]
    pub device: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OptionView {
    pub id: String,
    pub text: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GroupView {
    pub id: String,
    pub passage: String,
}

/// A question as it is shown. It holds no key and nothing that betrays one.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SlotView {
    pub slot: i64,
    pub kind: String,
    pub stem: String,
    pub marks: Marks,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<OptionView>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blanks: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupView>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SavedAnswer {
    pub revision: i64,
    #[schema(value_type = Object)]
    pub response: Value,
    pub saved_at: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Announcement {
    pub id: String,
    pub text: String,
    pub at: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AttemptView {
    pub id: String,
    pub exam: String,
    pub title: String,
    pub state: String,
    pub epoch: i64,
    pub deadline: String,
    pub server_now: String,
    pub token: String,
    pub slots: Vec<SlotView>,
    pub answers: BTreeMap<String, SavedAnswer>,
    /// Where the exam counts how often its page is left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screen_leaves: Option<ScreenLeavesView>,
}

/// How often the page may be left (离开页面), and how often it was.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ScreenLeavesView {
    pub most: u32,
    /// A page out of sight for less is no leave.
    pub from_seconds: i64,
    /// Whether one more than `most` hands in; otherwise it is recorded.
    pub hand_in: bool,
    pub counted: u32,
}

/// A page that was out of sight.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ScreenLeaveRequest {
    pub away_ms: i64,
    #[serde(default)]
    pub left_at: Option<String>,
    #[serde(default)]
    pub epoch: Option<i64>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ScreenLeaveReply {
    pub counted: u32,
    pub most: u32,
    /// The phone hands in now, with all that it holds.
    pub hand_in: bool,
    pub server_now: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Paused {
    pub since: String,
    pub reason: String,
}

/// An attempt without its slots, for polling.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AttemptStatus {
    /// For a caller that came with a session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    pub id: String,
    pub exam: String,
    pub state: String,
    pub epoch: i64,
    pub deadline: String,
    pub server_now: String,
    /// While the exam is paused: the clock stands still, answers are taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<Paused>,
    /// Slots whose question was withdrawn in favour of everybody (送分).
    #[serde(default)]
    pub given: Vec<i64>,
    pub announcements: Vec<Announcement>,
    pub answers: BTreeMap<String, SavedAnswer>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SaveRequest {
    pub revision: i64,
    #[schema(value_type = Object)]
    pub response: Value,
    #[serde(default)]
    pub epoch: Option<i64>,
    #[serde(default)]
    pub answered_at: Option<String>,
    #[serde(default)]
    pub elapsed_ms: Option<i64>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SlotSave {
    pub slot: i64,
    pub revision: i64,
    #[schema(value_type = Object)]
    pub response: Value,
    #[serde(default)]
    pub answered_at: Option<String>,
    #[serde(default)]
    pub elapsed_ms: Option<i64>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BatchSaveRequest {
    #[serde(default)]
    pub epoch: Option<i64>,
    pub answers: Vec<SlotSave>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SaveReply {
    pub outcome: String,
    pub revision: i64,
    #[schema(value_type = Object)]
    pub response: Value,
    pub saved_at: String,
    pub deadline: String,
    pub server_now: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SlotOutcome {
    pub slot: i64,
    pub outcome: String,
    pub revision: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub response: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BatchSaveReply {
    pub outcomes: Vec<SlotOutcome>,
    pub deadline: String,
    pub server_now: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct SubmissionRequest {
    #[serde(default)]
    pub epoch: Option<i64>,
    #[serde(default)]
    pub answers: Vec<SlotSave>,
    #[serde(default)]
    pub revisions: BTreeMap<String, i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SubmissionReply {
    pub receipt: String,
    pub submitted_at: String,
    pub answered: i64,
    pub unanswered: Vec<i64>,
    pub late: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReceiptView {
    pub exam: String,
    pub submitted_at: String,
    pub answered: i64,
    pub digest: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TopicResult {
    pub topic: String,
    pub title: String,
    pub marks: Marks,
    pub marks_max: Marks,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CitationView {
    pub law: String,
    pub edition: String,
    pub article: String,
    pub title: String,
    pub words: String,
    pub gist: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SlotResult {
    pub slot: i64,
    #[schema(value_type = Object)]
    pub response: Value,
    pub correct: bool,
    pub marks: Marks,
    pub marks_max: Marks,
    /// The question as it was shown; with the keys' release only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<SlotView>,
    /// The key under which it was marked; left out where a ruling gave the marks.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub key: Option<Value>,
    /// Left out where a ruling stands against the key that it explains.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub citations: Option<Vec<CitationView>>,
    /// The ruling under which it was marked; with the keys' release only, and none while the key as written holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ruling: Option<SlotRuling>,
}

/// A ruling (更正) as an examinee sees it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SlotRuling {
    /// `by_key`, `give_to_all` or `give_to_answered`.
    pub policy: String,
    /// The keys that count instead, any of them, written as `key` is; none where marks were given.
    #[schema(value_type = Vec<Object>)]
    pub keys: Vec<Value>,
    pub reason: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ResultView {
    pub attempt: String,
    pub exam: String,
    pub title: String,
    pub marks: Marks,
    pub marks_max: Marks,
    pub verdict: String,
    pub band: Option<String>,
    pub clause: String,
    pub first_sitting: bool,
    pub submitted_at: String,
    pub receipt: Option<String>,
    pub keys_released: bool,
    pub topics: Vec<TopicResult>,
    pub slots: Vec<SlotResult>,
}

/// A question that the caller did not get full marks for, once its key is released.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WrongAnswer {
    /// What to pass as `after` to go on behind it.
    pub id: String,
    pub attempt: String,
    pub exam: String,
    pub exam_title: String,
    /// When the paper was handed in.
    pub submitted_at: String,
    /// In how many released papers the caller got it wrong.
    pub times_wrong: i64,
    /// For a blank: every text that counts as right, blank by blank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Vec<Vec<String>>>,
    /// The latest time: question, own response, key, explanation and citations as in the result.
    #[serde(flatten)]
    pub result: SlotResult,
}
