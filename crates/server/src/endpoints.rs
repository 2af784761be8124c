//! Who may call what: the matrix role × endpoint as data. An endpoint that is not here does not exist.
//!
//! The scope (whose units, whose attempt) is checked by the use case; a test walks both.

use organisation::Role;
use organisation::Role::{
    Analyst, AuditAdmin, Author, Leader, Liaison, Manager, Reviewer, SecurityAdmin, Supervisor, SystemAdmin, UnitHead,
};

/// Who may call an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Any signed-in account.
    SignedIn,
    /// The holder of the attempt's token, or the person whose attempt it is.
    Attempt,
    /// An account that holds one of these roles.
    Roles(&'static [Role]),
    /// Anybody, under `--demo` only.
    Demo,
    /// From this machine only.
    Loopback,
    /// From this machine under `--demo`, or a manager.
    Rehearsal,
}

/// One endpoint and who may call it.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint {
    /// HTTP method.
    pub method: &'static str,
    /// Path pattern, as routed.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
}

const fn at(method: &'static str, path: &'static str, access: Access) -> Endpoint {
    Endpoint { method, path, access }
}

const UNIT: Access = Access::Roles(&[UnitHead, Liaison, Manager]);
const FIGURES: Access = Access::Roles(&[UnitHead, Liaison, Manager, Analyst, Supervisor, Leader]);
const MASTERY: Access = Access::Roles(&[Analyst, Supervisor, Leader]);
const REPORTS: Access = Access::Roles(&[Analyst]);
const MANAGE: Access = Access::Roles(&[Manager]);
const AUDIT: Access = Access::Roles(&[AuditAdmin]);
const BANK: Access = Access::Roles(&[Author, Reviewer, Manager]);
const AUTHOR: Access = Access::Roles(&[Author]);
/// Rosters and law texts are the managers', questions the authors': the use case tells them apart.
const IMPORT: Access = Access::Roles(&[Manager, Author]);
const LAWS: Access = Access::Roles(&[Author, Reviewer, Manager, Analyst]);
const STAFF: Access = Access::Roles(&[
    UnitHead,
    Liaison,
    Manager,
    Analyst,
    Supervisor,
    Leader,
    Author,
    Reviewer,
    SystemAdmin,
    SecurityAdmin,
    AuditAdmin,
]);

/// Every endpoint.
pub const ENDPOINTS: &[Endpoint] = &[
    at("GET", "/healthz", Access::Public),
    at("GET", "/readyz", Access::Public),
    at("GET", "/metrics", Access::Loopback),
    at("GET", "/api/openapi.json", Access::Public),
    at("POST", "/api/v1/sessions", Access::Public),
    at("POST", "/api/v1/activations", Access::Public),
    at("POST", "/api/v1/sessions/current/renewals", Access::Public),
    at("DELETE", "/api/v1/sessions/current", Access::SignedIn),
    at("GET", "/api/v1/me", Access::SignedIn),
    at("PUT", "/api/v1/me/password", Access::SignedIn),
    at("GET", "/api/v1/me/assignments", Access::SignedIn),
    at("GET", "/api/v1/me/wrong-answers", Access::SignedIn),
    at("POST", "/api/v1/exams/{exam}/attempts", Access::SignedIn),
    at("GET", "/api/v1/attempts/{attempt}", Access::Attempt),
    at("PUT", "/api/v1/attempts/{attempt}/answers", Access::Attempt),
    at("PUT", "/api/v1/attempts/{attempt}/answers/{slot}", Access::Attempt),
    at("PUT", "/api/v1/attempts/{attempt}/screen-leaves/{leave}", Access::Attempt),
    at("POST", "/api/v1/attempts/{attempt}/submission", Access::Attempt),
    at("GET", "/api/v1/attempts/{attempt}/result", Access::Attempt),
    at("GET", "/api/v1/receipts/{number}", Access::SignedIn),
    at("GET", "/api/v1/units", STAFF),
    at("GET", "/api/v1/ranks", STAFF),
    at("GET", "/api/v1/topics", STAFF),
    at("GET", "/api/v1/people", UNIT),
    at("GET", "/api/v1/units/{unit}/activations", UNIT),
    at("POST", "/api/v1/units/{unit}/activation-codes", UNIT),
    at("POST", "/api/v1/units/{unit}/activation-slips", UNIT),
    at("GET", "/api/v1/units/{unit}/progress", FIGURES),
    at("GET", "/api/v1/units/{unit}/missing", UNIT),
    at("GET", "/api/v1/units/{unit}/results", FIGURES),
    at("GET", "/api/v1/analysis/mastery", MASTERY),
    at("GET", "/api/v1/analysis/mastery.svg", MASTERY),
    at("POST", "/api/v1/reports", REPORTS),
    at("GET", "/api/v1/reports/{report}", REPORTS),
    at("DELETE", "/api/v1/reports/{report}", REPORTS),
    at("GET", "/api/v1/reports/{report}/file", REPORTS),
    at("GET", "/api/v1/accounts", Access::Roles(&[SystemAdmin, SecurityAdmin])),
    at("PUT", "/api/v1/accounts/{account}/roles", Access::Roles(&[SecurityAdmin])),
    at("POST", "/api/v1/accounts/{account}/activation-codes", Access::Roles(&[Liaison, Manager, SystemAdmin])),
    at("GET", "/api/v1/imports", IMPORT),
    at("POST", "/api/v1/imports", IMPORT),
    at("GET", "/api/v1/imports/{import}", IMPORT),
    at("POST", "/api/v1/imports/{import}/commit", IMPORT),
    at("POST", "/api/v1/imports/{import}/undo", IMPORT),
    at("PATCH", "/api/v1/imports/{import}/rows/{n}", IMPORT),
    at("POST", "/api/v1/units", MANAGE),
    at("GET", "/api/v1/units/{unit}", MANAGE),
    at("PATCH", "/api/v1/units/{unit}", MANAGE),
    at("GET", "/api/v1/unit-successions", MANAGE),
    at("POST", "/api/v1/unit-successions", MANAGE),
    at("GET", "/api/v1/lists/{list}", MANAGE),
    at("PUT", "/api/v1/lists/{list}", MANAGE),
    at("GET", "/api/v1/laws", LAWS),
    at("GET", "/api/v1/laws/{law}/editions/{edition}", LAWS),
    at("GET", "/api/v1/laws/{law}/editions/{edition}/articles/{no}", LAWS),
    at("GET", "/api/v1/questions", BANK),
    at("GET", "/api/v1/questions/{ref}", BANK),
    at("POST", "/api/v1/questions", AUTHOR),
    at("POST", "/api/v1/question-checks", AUTHOR),
    at("GET", "/api/v1/question-template", AUTHOR),
    at("GET", "/api/v1/questions/{ref}/versions", BANK),
    at("POST", "/api/v1/questions/{ref}/versions", AUTHOR),
    at("DELETE", "/api/v1/questions/{ref}/versions/{version}", AUTHOR),
    at("POST", "/api/v1/questions/{ref}/reviews", Access::Roles(&[Reviewer])),
    at("POST", "/api/v1/questions/{ref}/state-changes", BANK),
    at("GET", "/api/v1/presets", MANAGE),
    at("GET", "/api/v1/blueprints", MANAGE),
    at("POST", "/api/v1/blueprints", MANAGE),
    at("POST", "/api/v1/papers", MANAGE),
    at("GET", "/api/v1/exams", FIGURES),
    at("POST", "/api/v1/exams", MANAGE),
    at("GET", "/api/v1/exams/{exam}", FIGURES),
    at("PATCH", "/api/v1/exams/{exam}", MANAGE),
    at("POST", "/api/v1/exams/{exam}/publication", MANAGE),
    at("POST", "/api/v1/exams/{exam}/cancellation", MANAGE),
    at("GET", "/api/v1/exams/{exam}/preview", MANAGE),
    at("GET", "/api/v1/exams/{exam}/roster", MANAGE),
    at("POST", "/api/v1/exams/{exam}/leaves", MANAGE),
    at("DELETE", "/api/v1/exams/{exam}/leaves/{person}", MANAGE),
    at("POST", "/api/v1/exams/{exam}/exemptions", MANAGE),
    at("POST", "/api/v1/exams/{exam}/announcements", MANAGE),
    at("GET", "/api/v1/exams/{exam}/live", MANAGE),
    at("GET", "/api/v1/exams/{exam}/people/{person}/timeline", MANAGE),
    at("POST", "/api/v1/exams/{exam}/extensions", MANAGE),
    at("POST", "/api/v1/exams/{exam}/pauses", MANAGE),
    at("DELETE", "/api/v1/exams/{exam}/pauses/current", MANAGE),
    at("GET", "/api/v1/exams/{exam}/kept-answers", MANAGE),
    at("POST", "/api/v1/kept-answers/{kept}/decision", MANAGE),
    at("GET", "/api/v1/exams/{exam}/questions", MANAGE),
    at("GET", "/api/v1/exams/{exam}/rulings", MANAGE),
    at("GET", "/api/v1/exams/{exam}/regrades", MANAGE),
    at("POST", "/api/v1/exams/{exam}/regrades", MANAGE),
    at("POST", "/api/v1/attempts/{attempt}/voidings", MANAGE),
    at("POST", "/api/v1/attempts/{attempt}/reopenings", MANAGE),
    at("GET", "/api/v1/me/notices", Access::SignedIn),
    at("POST", "/api/v1/me/notices/{notice}/reading", Access::SignedIn),
    at("POST", "/api/v1/exams/{exam}/sealing", MANAGE),
    at("GET", "/api/v1/ledger", AUDIT),
    at("GET", "/api/v1/ledger/head", STAFF),
    at("GET", "/api/v1/ledger/verification", AUDIT),
    at("GET", "/api/v1/ledger/export", AUDIT),
    at("GET", "/api/v1/ledger/anchor", AUDIT),
    at("POST", "/api/v1/rehearsals", Access::Rehearsal),
    at("DELETE", "/api/v1/rehearsals/{exam}", Access::Rehearsal),
    at("POST", "/api/v1/demo/clock", Access::Demo),
];

/// The endpoint of a method and a path pattern. HEAD is GET.
pub fn find(method: &str, pattern: &str) -> Option<&'static Endpoint> {
    let method = if method == "HEAD" { "GET" } else { method };
    ENDPOINTS.iter().find(|endpoint| endpoint.method == method && endpoint.path == pattern)
}

/// Whether any method is served at a pattern.
pub fn is_path(pattern: &str) -> bool {
    ENDPOINTS.iter().any(|endpoint| endpoint.path == pattern)
}
