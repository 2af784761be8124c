//! Writing: new drafts, changes of drafts, new versions.

use std::collections::BTreeSet;

use api::questions::QuestionView;
use question_bank::draft::Draft;
use question_bank::question::State;
use serde_json::{Value, json};
use storage::questions::QuestionRow;

use super::desk::{check_reference, draft_of, drop_foreign_binds, kept_binds_of};
use super::{Writer, authorship_of, etag, event, joined_by, may_see, state_of, with_draft};
use crate::clock::day;
use crate::{App, AppError, AppResult, Principal, acts};

/// Tries at a number that somebody else takes at the same moment.
const NUMBER_TRIES: usize = 5;
/// Digits of a number that the program gives.
const NUMBER_DIGITS: usize = 4;

/// How a change was stored.
#[derive(Debug)]
pub enum Changed {
    /// In the draft itself.
    InPlace(QuestionView),
    /// As a new version.
    NewVersion(QuestionView),
}

impl App {
    /// A new draft, its first version. Without a reference it gets one.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a content of the wrong types; [`AppError::Conflict`] when the reference is taken.
    pub fn create_question(&self, principal: &Principal, body: &Value) -> AppResult<QuestionView> {
        let draft = draft_of(body)?;
        let given = draft.reference.clone();
        if let Some(reference) = &given {
            check_reference(reference.as_str())?;
        }
        for _ in 0..NUMBER_TRIES {
            let mut draft = draft.clone();
            if given.is_none() {
                draft.reference = Some(self.next_references(1)?.into_iter().next().unwrap_or_default().into());
            }
            drop_foreign_binds(&mut draft, &BTreeSet::new());
            let row = self.new_row(principal, &draft)?;
            match self.store_new(principal, row) {
                Ok(reference) => return self.question(principal, &reference, None),
                Err(AppError::Conflict(_)) if given.is_none() => {}
                Err(AppError::Conflict(_)) => {
                    let reference = given.map(|reference| reference.to_string()).unwrap_or_default();
                    return Err(AppError::Conflict(format!("题号“{reference}”已被占用，请换一个；用过的题号不再用")));
                }
                Err(other) => return Err(other),
            }
        }
        Err(AppError::Conflict("有人同时在编号，请再试一次".to_owned()))
    }

    fn new_row(&self, principal: &Principal, draft: &Draft) -> AppResult<QuestionRow> {
        let desk = self.desk([draft])?;
        let authorship = authorship_of(&principal.login, draft, desk.today);
        let examined = desk.examine(draft, 1, State::Draft, &authorship, &BTreeSet::new());
        Ok(with_draft(&blank_row(draft, 1, &principal.into(), self.now_us()), draft, &examined, self.now_us()))
    }

    fn store_new(&self, principal: &Principal, row: QuestionRow) -> AppResult<String> {
        let (actor, now_us) = (principal.account.clone(), self.now_us());
        let reference = row.question_ref.clone();
        self.store().write(move |connection| {
            storage::questions::insert(connection, std::slice::from_ref(&row))?;
            storage::questions::insert_events(connection, &[event(&row, now_us, &actor, "created", None)])?;
            acts::note(
                connection,
                now_us,
                &actor,
                "question_created",
                &row.question_ref,
                &json!({ "version": row.version }),
            )
        })?;
        Ok(reference)
    }

    /// The next free references of this year, in order: `q2026-0007`.
    pub(crate) fn next_references(&self, wanted: usize) -> AppResult<Vec<String>> {
        let prefix = format!("q{}-", day(self.now()).year());
        let taken = self.store().read(|connection| storage::questions::references_from(connection, &prefix))?;
        let last = taken
            .iter()
            .filter_map(|reference| reference.strip_prefix(&prefix)?.parse::<usize>().ok())
            .max()
            .unwrap_or(0);
        Ok((1..=wanted).map(|n| format!("{prefix}{:0NUMBER_DIGITS$}", last.saturating_add(n))).collect())
    }

    /// A change: of a draft in place, of anything else as a new version beside it.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Forbidden`] for somebody else's draft; [`AppError::Conflict`] while it is
    /// under review; [`AppError::PreconditionRequired`] and [`AppError::PreconditionFailed`] by `If-Match`.
    pub fn change_question(
        &self,
        principal: &Principal,
        reference: &str,
        if_match: Option<&str>,
        body: &Value,
    ) -> AppResult<Changed> {
        let mut draft = draft_of(body)?;
        if draft.reference.as_ref().is_some_and(|given| given.as_str() != reference) {
            return Err(AppError::invalid("ref", "题号不能改；要换题号请另写一题"));
        }
        draft.reference = Some(reference.into());
        let rows = self.visible_versions(principal, reference)?;
        let newest = rows.last().ok_or(AppError::NotFound("这道题"))?;
        if if_match.is_some_and(|given| given != etag(newest)) {
            return Err(AppError::PreconditionFailed);
        }
        match state_of(newest)? {
            State::Draft => {
                if if_match.is_none() {
                    return Err(AppError::PreconditionRequired);
                }
                self.change_draft(principal, &rows, newest, draft)?;
                Ok(Changed::InPlace(self.question(principal, reference, None)?))
            }
            State::Submitted => Err(AppError::Conflict(format!(
                "第 {} 版正在审题，不能修改；请命题人先撤回，或者等审题人退回",
                newest.version
            ))),
            State::Approved | State::Active | State::Retired => {
                self.add_version(principal, &rows, newest, draft)?;
                Ok(Changed::NewVersion(self.question(principal, reference, None)?))
            }
        }
    }

    fn change_draft(
        &self,
        principal: &Principal,
        rows: &[QuestionRow],
        row: &QuestionRow,
        draft: Draft,
    ) -> AppResult<()> {
        only_the_author(principal, row)?;
        // A draft that came with a bank of files belongs to whoever takes it up.
        let own = QuestionRow {
            author: principal.login.clone(),
            author_id: Some(principal.account.clone()),
            contributors_json: joined_by(row, &principal.account),
            reviewer_id: None,
            ..row.clone()
        };
        let changed = self.examined_row(principal, rows, own, draft)?;
        let edit = row.edit;
        self.store().write(move |connection| storage::questions::update(connection, &changed, edit)).map_err(|error| {
            match error {
                storage::StorageError::Conflict(_) => AppError::PreconditionFailed,
                other => other.into(),
            }
        })
    }

    fn add_version(
        &self,
        principal: &Principal,
        rows: &[QuestionRow],
        newest: &QuestionRow,
        draft: Draft,
    ) -> AppResult<()> {
        let version = newest.version.saturating_add(1);
        let row = QuestionRow {
            contributors_json: joined_by(newest, &principal.account),
            ..blank_row(&draft, version, &principal.into(), self.now_us())
        };
        let row = self.examined_row(principal, rows, row, draft)?;
        self.store_new(principal, row).map(|_| ()).map_err(|error| match error {
            AppError::Conflict(_) => AppError::Conflict("刚有人为这道题开了新版本，请刷新后再改".to_owned()),
            other => other,
        })
    }

    /// The row with the draft in it, examined.
    fn examined_row(
        &self,
        principal: &Principal,
        rows: &[QuestionRow],
        row: QuestionRow,
        mut draft: Draft,
    ) -> AppResult<QuestionRow> {
        let kept = kept_binds_of(rows)?;
        drop_foreign_binds(&mut draft, &kept);
        let desk = self.desk([&draft])?;
        let authorship = authorship_of(&principal.login, &draft, desk.today);
        let version = u32::try_from(row.version).map_err(|error| AppError::corrupt("version", error))?;
        let examined = desk.examine(&draft, version, State::Draft, &authorship, &kept);
        Ok(with_draft(&row, &draft, &examined, self.now_us()))
    }

    /// Throws an own draft away. What was in papers before stays there.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Forbidden`] for somebody else's; [`AppError::Conflict`] when it is no draft
    /// any more; [`AppError::PreconditionFailed`].
    pub fn delete_question_draft(
        &self,
        principal: &Principal,
        reference: &str,
        version: i64,
        if_match: Option<&str>,
    ) -> AppResult<()> {
        let rows = self.visible_versions(principal, reference)?;
        let row = rows.iter().find(|row| row.version == version).ok_or(AppError::NotFound("这一版"))?.clone();
        if row.state != State::Draft.as_str() {
            return Err(AppError::Conflict("只有草稿可以删除；已启用的题请停用".to_owned()));
        }
        only_the_author(principal, &row)?;
        match if_match {
            None => return Err(AppError::PreconditionRequired),
            Some(given) if given != etag(&row) => return Err(AppError::PreconditionFailed),
            Some(_) => {}
        }
        let (actor, now_us) = (principal.account.clone(), self.now_us());
        self.store().write(move |connection| {
            storage::questions::delete_draft(connection, &row.question_ref, row.version, row.edit)?;
            let detail = json!({ "version": row.version });
            acts::note(connection, now_us, &actor, "question_draft_deleted", &row.question_ref, &detail)
        })
    }

    /// All versions that the caller may see, the oldest first.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none.
    pub(crate) fn visible_versions(&self, principal: &Principal, reference: &str) -> AppResult<Vec<QuestionRow>> {
        let rows = self.store().read(|connection| storage::questions::versions(connection, reference))?;
        let rows: Vec<QuestionRow> = rows.into_iter().filter(|row| may_see(principal, &row.pool)).collect();
        if rows.is_empty() { Err(AppError::NotFound("这道题")) } else { Ok(rows) }
    }
}

/// A row before its content is put in.
pub(crate) fn blank_row(draft: &Draft, version: i64, writer: &Writer, now_us: i64) -> QuestionRow {
    QuestionRow {
        question_ref: draft.reference.as_ref().map(ToString::to_string).unwrap_or_default(),
        version,
        head: true,
        state: State::Draft.as_str().to_owned(),
        kind: String::new(),
        pool: String::new(),
        law: String::new(),
        level: String::new(),
        stem: String::new(),
        content_json: String::new(),
        content_hash: String::new(),
        created_at: now_us,
        topics_json: "[]".to_owned(),
        author: writer.login.clone(),
        author_id: writer.account.clone(),
        contributors_json: Value::from_iter(writer.account.clone()).to_string(),
        reviewer_id: None,
        gaps: 0,
        unproven: 0,
        import_id: None,
        edit: 1,
        updated_at: now_us,
    }
}

/// # Errors
/// [`AppError::Forbidden`] for a draft that somebody else writes.
pub(crate) fn only_the_author(principal: &Principal, row: &QuestionRow) -> AppResult<()> {
    match &row.author_id {
        Some(author) if *author != principal.account => {
            Err(AppError::Forbidden("这份草稿是别人写的，只有命题人本人能改、能送审".to_owned()))
        }
        _ => Ok(()),
    }
}
