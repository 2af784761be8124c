//! What is shown of questions: lists, one with everything, its history.

use std::collections::{BTreeMap, BTreeSet};

use api::questions::{QuestionEvent, QuestionSummary, QuestionVersion, QuestionView, VersionState};
use organisation::Role;
use question_bank::question::State;
use serde_json::{Map, Value, json};
use storage::questions::QuestionRow;

use super::{
    QuestionFilter, SECURE_ROLES, authorship_of, contributors, etag, may_see, problem_views, read_draft, read_question,
    state_of, words_views,
};
use crate::clock::{day, rfc3339_micros};
use crate::{App, AppError, AppResult, Principal};

/// Between reference and version in the name of a place in a list.
const PLACE_SIGN: char = '@';

impl App {
    /// Questions by filter, after a place; with the place of the last one. The secure pool is shown to authors and
    /// reviewers only.
    ///
    /// # Errors
    /// What the database says.
    pub fn questions(
        &self,
        principal: &Principal,
        filter: &QuestionFilter,
        after: Option<&str>,
        limit: usize,
    ) -> AppResult<(Vec<QuestionSummary>, Option<String>)> {
        let mut filter = filter.clone();
        filter.without_secure = !principal.has_any(SECURE_ROLES);
        if filter.author_id.as_deref() == Some("me") {
            filter.author_id = Some(principal.account.clone());
        }
        let place = after.map(|after| match after.rsplit_once(PLACE_SIGN) {
            Some((reference, version)) => (reference, version.parse().unwrap_or(i64::MAX)),
            None => (after, i64::MAX),
        });
        let asked = i64::try_from(limit).unwrap_or(i64::MAX);
        let (rows, living) = self.store().read(|connection| {
            let rows = storage::questions::search(connection, &filter, place, asked)?;
            let references: Vec<String> = rows.iter().map(|row| row.question_ref.clone()).collect();
            let living = storage::questions::living(connection, &references)?;
            Ok::<_, AppError>((rows, living))
        })?;
        let next = rows
            .last()
            .filter(|_| rows.len() == limit)
            .map(|row| format!("{}{PLACE_SIGN}{}", row.question_ref, row.version));
        let mut beside: BTreeMap<&str, Vec<(i64, &str)>> = BTreeMap::new();
        for (reference, version, state) in &living {
            beside.entry(reference).or_default().push((*version, state));
        }
        let of = |row: &QuestionRow| beside.get(row.question_ref.as_str()).map(Vec::as_slice).unwrap_or_default();
        Ok((rows.iter().map(|row| summary(row, of(row))).collect(), next))
    }

    /// One question with everything: its newest version that the caller may see, or the one asked for.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also for the secure pool when the caller may not read it.
    pub fn question(&self, principal: &Principal, reference: &str, version: Option<i64>) -> AppResult<QuestionView> {
        let rows = self.visible_versions(principal, reference)?;
        let row = match version {
            Some(version) => rows.iter().find(|row| row.version == version),
            None => rows.last(),
        };
        let row = row.ok_or(AppError::NotFound("这一版"))?;
        let draft = read_draft(row)?;
        let state = state_of(row)?;
        // An active one is judged as it was when it went into papers: what its words lack has its reason.
        let examined_as = if state == State::Active { State::Approved } else { state };
        let examined = match state {
            State::Draft => self.examine_row(&rows, row, &draft, &row.author, State::Draft)?,
            _ => {
                let desk = self.desk([&draft])?;
                let question = read_question(row)?;
                desk.examine(
                    &draft,
                    question.version,
                    examined_as,
                    &question.authorship,
                    &super::desk::kept_binds_of(&rows)?,
                )
            }
        };
        let names = self.account_names(row.author_id.iter().chain(&row.reviewer_id))?;
        let living: Vec<(i64, &str)> =
            rows.iter().filter(|row| row.state != "retired").map(|row| (row.version, row.state.as_str())).collect();
        Ok(QuestionView {
            summary: summary(row, &living),
            content: content_of(row, day(self.now()))?,
            etag: etag(row),
            problems: problem_views(&examined),
            words: words_views(&examined)?,
            author_name: row.author_id.as_ref().and_then(|id| names.get(id)).cloned(),
            reviewer_name: row.reviewer_id.as_ref().and_then(|id| names.get(id)).cloned(),
            may: may(principal, &rows, row),
        })
    }

    /// Every version with what happened to it, the newest first.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub fn question_versions(&self, principal: &Principal, reference: &str) -> AppResult<Vec<QuestionVersion>> {
        let rows = self.visible_versions(principal, reference)?;
        let events = self.store().read(|connection| storage::questions::events(connection, reference))?;
        let names = self.account_names(events.iter().map(|event| &event.account_id))?;
        let today = day(self.now());
        rows.iter()
            .rev()
            .map(|row| {
                let own = events.iter().filter(|event| event.version == row.version);
                Ok(QuestionVersion {
                    version: row.version,
                    state: row.state.clone(),
                    author: row.author.clone(),
                    created_at: rfc3339_micros(row.created_at),
                    updated_at: rfc3339_micros(row.updated_at),
                    content: content_of(row, today)?,
                    etag: etag(row),
                    events: own
                        .map(|event| QuestionEvent {
                            at: rfc3339_micros(event.at),
                            kind: event.kind.clone(),
                            name: names.get(&event.account_id).cloned(),
                            comment: event.comment.clone(),
                        })
                        .collect(),
                })
            })
            .collect()
    }

    fn account_names<'a>(&self, ids: impl Iterator<Item = &'a String>) -> AppResult<BTreeMap<String, String>> {
        let ids: Vec<String> = ids.cloned().collect::<BTreeSet<_>>().into_iter().collect();
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        Ok(self.store().read(|connection| storage::accounts::names(connection, &ids))?.into_iter().collect())
    }
}

fn summary(row: &QuestionRow, living: &[(i64, &str)]) -> QuestionSummary {
    let other = living
        .iter()
        .find(|(version, state)| *version != row.version && matches!(*state, "draft" | "submitted" | "approved"));
    QuestionSummary {
        r#ref: row.question_ref.clone(),
        version: row.version,
        kind: row.kind.clone(),
        pool: row.pool.clone(),
        state: row.state.clone(),
        law: row.law.clone(),
        stem: row.stem.clone(),
        level: row.level.clone(),
        topics: serde_json::from_str(&row.topics_json).unwrap_or_default(),
        author: row.author.clone(),
        updated_at: rfc3339_micros(row.updated_at),
        gaps: row.gaps,
        unproven: row.unproven,
        in_papers: living.iter().find(|(_, state)| *state == "active").map(|(version, _)| *version),
        working: other.map(|(version, state)| VersionState { version: *version, state: (*state).to_owned() }),
    }
}

/// The content as it is read and written: of a draft with its version, state and author, which it does not hold itself.
fn content_of(row: &QuestionRow, today: jiff::civil::Date) -> AppResult<Value> {
    let mut content: Value =
        serde_json::from_str(&row.content_json).map_err(|error| AppError::corrupt(&row.question_ref, error))?;
    let authorship = crate::exams::to_value(&authorship_of(&row.author, &read_draft(row)?, today))?;
    if let Some(content) = content.as_object_mut() {
        content.insert("version".to_owned(), json!(row.version));
        content.insert("state".to_owned(), json!(row.state));
        let own = content.entry("authorship").or_insert_with(|| Value::Object(Map::new()));
        if let (Some(own), Value::Object(full)) = (own.as_object_mut(), authorship) {
            for (name, value) in full {
                own.entry(name).or_insert(value);
            }
        }
    }
    Ok(content)
}

/// What the caller may do with a version. The use cases decide; this spares people a closed door.
fn may(principal: &Principal, rows: &[QuestionRow], row: &QuestionRow) -> Vec<String> {
    let own = row.author_id.as_ref().is_none_or(|author| *author == principal.account);
    let author = principal.has(Role::Author);
    let wrote = contributors(row).contains(&principal.account) || row.author == principal.login;
    let newest = rows.last().is_some_and(|newest| newest.version == row.version);
    let any = |roles: &[Role]| principal.has_any(roles);
    let acts: &[(&str, bool)] = &match row.state.as_str() {
        "draft" => [("edit", author && own), ("submit", author && own), ("delete", author && own)],
        "submitted" => [("withdraw", author && own), ("review", principal.has(Role::Reviewer) && !wrote), ("", false)],
        "approved" => {
            [("activate", any(&[Role::Author, Role::Manager])), ("new_version", author && newest), ("", false)]
        }
        "active" => [
            ("retire", any(&[Role::Author, Role::Reviewer, Role::Manager])),
            ("new_version", author && newest),
            ("", false),
        ],
        _ => [("new_version", author && newest), ("", false), ("", false)],
    };
    debug_assert!(may_see(principal, &row.pool), "only visible rows come here");
    acts.iter().filter(|(_, allowed)| *allowed).map(|(act, _)| (*act).to_owned()).collect()
}
