//! A bank of files into the database.

use std::collections::BTreeMap;

use question_bank::Severity;
use question_bank::question::{Bank, State};
use serde_json::json;
use storage::bank::{EditionRow, TopicRow};
use storage::questions::QuestionRow;

use crate::bank::{LoadedBank, REVISION_SETTING};
use crate::questions::{question_row, read_question, with_state};
use crate::{App, AppError, AppResult, acts};

/// What an import of questions changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct BankImport {
    /// Questions that were not there.
    pub new: usize,
    /// New versions of questions that were.
    pub new_versions: usize,
    /// Questions as they were.
    pub unchanged: usize,
    /// Questions whose content differs from the stored one of the same version.
    pub refused: Vec<String>,
}

impl App {
    /// Puts a bank into the database: new questions and versions are added, nothing is taken away. A stored version
    /// whose content differs from the file's is refused: a change of an active question is a new version.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the bank has errors (each is named); nothing is written then.
    pub fn import_bank(&self, actor: &str, loaded: &LoadedBank, dry_run: bool) -> AppResult<BankImport> {
        let errors: Vec<api::FieldError> = loaded
            .problems
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
            .map(|problem| api::FieldError {
                field: [Some(problem.file.as_str()), problem.question.as_deref(), problem.field.as_deref()]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(" "),
                reason: problem.reason.clone(),
            })
            .collect();
        if !errors.is_empty() {
            return Err(AppError::Invalid(errors));
        }
        let now_us = self.now_us();
        let stored = self.store().read(storage::questions::all)?;
        let Plan { outcome, rows, retired } = plan(&loaded.bank, &stored, now_us)?;
        if dry_run {
            return Ok(outcome);
        }
        self.refuse_frozen("题库")?;
        let editions: Vec<EditionRow> = loaded
            .register
            .editions()
            .map(|edition| EditionRow {
                id: edition.id.to_string(),
                law: edition.law.to_string(),
                edition: edition.edition.clone(),
                register_json: edition.to_toml(),
            })
            .collect();
        let topics: Vec<TopicRow> = loaded
            .topics
            .iter()
            .zip(0_i64..)
            .map(|(topic, position)| TopicRow { slug: topic.slug.to_string(), title: topic.title.clone(), position })
            .collect();
        let mut gists: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for (edition, article, gist) in loaded.gists.iter() {
            gists.entry(edition.to_string()).or_default().push((article.to_string(), gist.to_owned()));
        }
        let blueprints: Vec<_> =
            loaded.blueprints.iter().map(|blueprint| crate::papers::blueprint_row(blueprint, now_us)).collect();
        let detail = json!({ "new": outcome.new, "new_versions": outcome.new_versions });
        let actor = actor.to_owned();
        let revision = crate::new_id();
        self.store().write(move |connection| {
            storage::bank::put_editions(connection, &editions)?;
            storage::bank::replace_topics(connection, &topics)?;
            for (edition, bodies) in &gists {
                storage::bank::replace_gists(connection, edition, bodies)?;
            }
            for row in &retired {
                storage::questions::update(connection, row, row.edit)?;
            }
            storage::questions::insert(connection, &rows)?;
            storage::bank::add_blueprints(connection, &blueprints)?;
            storage::settings::set(connection, REVISION_SETTING, &revision)?;
            acts::note(connection, now_us, &actor, "bank_imported", "bank", &detail)
        })?;
        self.forget_bank();
        Ok(outcome)
    }
}

/// What an import would write.
#[derive(Default)]
struct Plan {
    outcome: BankImport,
    rows: Vec<QuestionRow>,
    /// Versions that go out of papers since a new one takes their place.
    retired: Vec<QuestionRow>,
}

fn plan(bank: &Bank, stored: &[QuestionRow], now_us: i64) -> AppResult<Plan> {
    let mut versions: BTreeMap<&str, Vec<&QuestionRow>> = BTreeMap::new();
    for row in stored {
        versions.entry(&row.question_ref).or_default().push(row);
    }
    let mut plan = Plan::default();
    for question in bank.questions() {
        let row = question_row(question, now_us);
        let old = versions.get(question.reference.as_str()).map(Vec::as_slice).unwrap_or_default();
        if let Some(same) = old.iter().find(|old| old.version == row.version) {
            if same.content_hash == row.content_hash {
                plan.outcome.unchanged += 1;
            } else {
                plan.outcome.refused.push(row.question_ref);
            }
            continue;
        }
        let is_worked_on = |state: &str| matches!(state, "draft" | "submitted");
        let newer = old.iter().any(|old| old.version > row.version);
        // Somebody's draft is not overtaken by a file.
        if newer || (is_worked_on(&row.state) && old.iter().any(|old| is_worked_on(&old.state))) {
            plan.outcome.refused.push(row.question_ref);
            continue;
        }
        if matches!(question.state, State::Active | State::Retired) {
            for out in old.iter().filter(|old| matches!(old.state.as_str(), "active" | "approved")) {
                plan.retired.push(with_state(out, read_question(out)?, State::Retired, now_us));
            }
        }
        if old.is_empty() {
            plan.outcome.new += 1;
        } else {
            plan.outcome.new_versions += 1;
        }
        plan.rows.push(row);
    }
    Ok(plan)
}
