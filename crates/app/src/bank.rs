//! The question bank and the register of laws: from files into the database, and from there into memory.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use include_dir::{Dir, include_dir};
use question_bank::blueprint::Blueprint;
use question_bank::gist::{Gists, load_gists};
use question_bank::law::{EditionId, LawTexts, Register};
use question_bank::question::{Bank, Question, load_bank};
use question_bank::topic::{Topic, load_topics};
use question_bank::{Problem, Severity};
use serde_json::json;
use storage::bank::{EditionRow, QuestionRow, TopicRow};

use crate::{App, AppError, AppResult, acts};

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../question-bank");

/// Name and text of each file of one kind.
pub type TextFiles = Vec<(String, String)>;

/// The files of a bank, by what they are.
#[derive(Debug, Clone, Default)]
pub struct BankFiles {
    /// `laws/*.toml`.
    pub laws: TextFiles,
    /// `gists/*.toml`.
    pub gists: TextFiles,
    /// `questions/*.toml`.
    pub questions: TextFiles,
    /// `blueprints/*.toml`.
    pub blueprints: TextFiles,
    /// `topics.toml`.
    pub topics: String,
}

impl BankFiles {
    /// The bank that the program was built with.
    pub fn embedded() -> Self {
        let read = |folder: &str| {
            let mut files: TextFiles = EMBEDDED
                .get_dir(folder)
                .map(|folder| {
                    folder
                        .files()
                        .filter(|file| file.path().extension().is_some_and(|ending| ending == "toml"))
                        .filter_map(|file| {
                            Some((file.path().to_string_lossy().into_owned(), file.contents_utf8()?.to_owned()))
                        })
                        .collect()
                })
                .unwrap_or_default();
            files.sort();
            files
        };
        Self {
            laws: read("laws"),
            gists: read("gists"),
            questions: read("questions"),
            blueprints: read("blueprints"),
            topics: EMBEDDED
                .get_file("topics.toml")
                .and_then(|file| file.contents_utf8())
                .unwrap_or_default()
                .to_owned(),
        }
    }

    /// A bank in a folder.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming the file that cannot be read.
    pub fn read(folder: &Path) -> AppResult<Self> {
        Ok(Self {
            laws: read_folder(folder, "laws")?,
            gists: read_folder(folder, "gists")?,
            questions: read_folder(folder, "questions")?,
            blueprints: read_folder(folder, "blueprints")?,
            topics: read_text(&folder.join("topics.toml"))?,
        })
    }
}

fn read_text(path: &Path) -> AppResult<String> {
    std::fs::read_to_string(path)
        .map_err(|error| AppError::invalid(path.display().to_string(), format!("无法读取：{error}")))
}

fn read_folder(folder: &Path, name: &str) -> AppResult<TextFiles> {
    let folder = folder.join(name);
    let entries = std::fs::read_dir(&folder)
        .map_err(|error| AppError::invalid(folder.display().to_string(), format!("无法读取目录：{error}")))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| AppError::invalid(folder.display().to_string(), error.to_string()))?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            files.push((format!("{name}/{file}"), read_text(&path)?));
        }
    }
    files.sort();
    Ok(files)
}

/// A bank as read from its files, with everything that is wrong with it.
#[derive(Debug, Default)]
pub struct LoadedBank {
    /// Editions and articles.
    pub register: Register,
    /// Questions with the files they stand in.
    pub bank: Bank,
    /// Topics, in order.
    pub topics: Vec<Topic>,
    /// Gists.
    pub gists: Gists,
    /// Blueprints.
    pub blueprints: Vec<Blueprint>,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// Reads the texts of a bank's files.
pub fn load(files: &BankFiles) -> LoadedBank {
    let (register, mut problems) = Register::load(&files.laws);
    let (bank, more) = load_bank(&files.questions);
    problems.extend(more);
    let (topics, more) = load_topics("topics.toml", &files.topics);
    problems.extend(more);
    let (gists, more) = load_gists(&files.gists);
    problems.extend(more);
    let mut blueprints = Vec::new();
    for (file, text) in &files.blueprints {
        match Blueprint::from_toml(file, text) {
            Ok(blueprint) => blueprints.push(blueprint),
            Err(more) => problems.extend(more),
        }
    }
    LoadedBank { register, bank, topics, gists, blueprints, problems }
}

/// What the database holds of the bank, at one moment.
#[derive(Debug, Default)]
pub struct BankState {
    /// Editions and articles.
    pub register: Register,
    /// Topics, in order.
    pub topics: Vec<(String, String)>,
    /// Current versions, by reference.
    pub current: Vec<Arc<Question>>,
    versions: BTreeMap<(String, u32), Arc<Question>>,
}

impl BankState {
    /// The title of a topic, or its slug.
    pub fn topic_title(&self, slug: &str) -> String {
        self.topics.iter().find(|(known, _)| known == slug).map_or_else(|| slug.to_owned(), |(_, title)| title.clone())
    }

    /// A version of a question.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when this node does not know it (yet).
    pub fn question(&self, reference: &str, version: u32) -> AppResult<&Arc<Question>> {
        self.versions
            .get(&(reference.to_owned(), version))
            // Another node may have learnt it a moment ago: this one looks again within ten seconds.
            .ok_or_else(|| AppError::Unavailable {
                cause: format!("question {reference} version {version} is not in the bank"),
            })
    }

    /// The title of a law as of an edition.
    pub fn edition_title(&self, edition: &EditionId) -> String {
        self.register.edition(edition).map_or_else(|| edition.to_string(), |edition| edition.title.clone())
    }
}

/// How long another node's change of the bank may go unseen.
const FRESH_FOR: Duration = Duration::from_secs(10);
/// Name of the setting that counts changes of the bank.
const REVISION_SETTING: &str = "bank_revision";

/// Keeps the latest [`BankState`], when it was last compared with the database, and its revision.
#[derive(Default)]
pub(crate) struct BankCache(Mutex<Option<Kept>>);

struct Kept {
    state: Arc<BankState>,
    compared: Instant,
    revision: Option<String>,
}

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
    /// What the database holds of the bank.
    ///
    /// # Errors
    /// [`AppError::Internal`] for a stored question that is none.
    pub fn bank(&self) -> AppResult<Arc<BankState>> {
        if let Ok(guard) = self.inner.bank.0.lock()
            && let Some(kept) = guard.as_ref()
            && kept.compared.elapsed() < FRESH_FOR
        {
            return Ok(Arc::clone(&kept.state));
        }
        let revision = self.store().read(|connection| storage::settings::get(connection, REVISION_SETTING))?;
        if let Ok(mut guard) = self.inner.bank.0.lock()
            && let Some(kept) = guard.as_mut()
            && kept.revision == revision
        {
            kept.compared = Instant::now();
            return Ok(Arc::clone(&kept.state));
        }
        let state = Arc::new(self.load_bank_state()?);
        if let Ok(mut guard) = self.inner.bank.0.lock() {
            *guard = Some(Kept { state: Arc::clone(&state), compared: Instant::now(), revision });
        }
        Ok(state)
    }

    /// Names the bank that [`App::bank`] answers.
    pub(crate) fn bank_revision(&self) -> AppResult<String> {
        self.bank()?;
        let kept = self.inner.bank.0.lock().ok().and_then(|guard| guard.as_ref()?.revision.clone());
        Ok(kept.unwrap_or_default())
    }

    /// Forgets the kept bank: questions, laws or topics have changed.
    pub fn forget_bank(&self) {
        if let Ok(mut guard) = self.inner.bank.0.lock() {
            *guard = None;
        }
    }

    fn load_bank_state(&self) -> AppResult<BankState> {
        let (editions, topics, rows) = self.store().read(|connection| {
            Ok::<_, AppError>((
                storage::bank::editions(connection)?,
                storage::bank::topics(connection)?,
                storage::bank::all_questions(connection)?,
            ))
        })?;
        let files: TextFiles = editions.into_iter().map(|row| (row.id, row.register_json)).collect();
        let (register, problems) = Register::load(&files);
        if let Some(problem) = problems.iter().find(|problem| problem.severity == Severity::Error) {
            return Err(AppError::Internal(format!("stored register: {}", problem.reason)));
        }
        let mut state = BankState {
            register,
            topics: topics.into_iter().map(|row| (row.slug, row.title)).collect(),
            ..BankState::default()
        };
        for row in rows {
            let question = Arc::new(
                Question::from_json(&row.content_json).map_err(|error| AppError::corrupt(&row.question_ref, error))?,
            );
            if row.current {
                state.current.push(Arc::clone(&question));
            }
            state.versions.insert((row.question_ref, question.version), question);
        }
        Ok(state)
    }

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
        let stored = self.store().read(storage::bank::all_questions)?;
        let known: BTreeMap<(String, i64), String> =
            stored.iter().map(|row| ((row.question_ref.clone(), row.version), row.content_hash.clone())).collect();
        let mut outcome = BankImport::default();
        let mut rows = Vec::new();
        for question in loaded.bank.questions() {
            let row = question_row(question, now_us);
            let key = (row.question_ref.clone(), row.version);
            match known.get(&key) {
                Some(hash) if *hash == row.content_hash => outcome.unchanged += 1,
                Some(_) => outcome.refused.push(row.question_ref),
                None if stored.iter().any(|old| old.question_ref == row.question_ref && old.version > row.version) => {
                    outcome.refused.push(row.question_ref);
                }
                None => {
                    if stored.iter().any(|old| old.question_ref == row.question_ref) {
                        outcome.new_versions += 1;
                    } else {
                        outcome.new += 1;
                    }
                    rows.push(row);
                }
            }
        }
        if dry_run {
            return Ok(outcome);
        }
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
            storage::bank::insert_questions(connection, &rows)?;
            storage::bank::add_blueprints(connection, &blueprints)?;
            storage::settings::set(connection, REVISION_SETTING, &revision)?;
            acts::note(connection, now_us, &actor, "bank_imported", "bank", &detail)
        })?;
        self.forget_bank();
        Ok(outcome)
    }

    /// The imported texts of an edition, by article.
    ///
    /// # Errors
    /// What the database says.
    pub fn article_texts(&self, edition: &EditionId) -> AppResult<BTreeMap<String, String>> {
        let rows = self.store().read(|connection| storage::bank::texts(connection, edition.as_str()))?;
        Ok(rows.into_iter().map(|row| (row.article_no, row.body)).collect())
    }

    /// The gists of an edition, by article.
    ///
    /// # Errors
    /// What the database says.
    pub fn article_gists(&self, edition: &EditionId) -> AppResult<BTreeMap<String, String>> {
        let rows = self.store().read(|connection| storage::bank::gists(connection, edition.as_str()))?;
        Ok(rows.into_iter().map(|row| (row.article_no, row.body)).collect())
    }
}

fn question_row(question: &Question, now_us: i64) -> QuestionRow {
    QuestionRow {
        question_ref: question.reference.to_string(),
        version: i64::from(question.version),
        current: true,
        state: question.state.as_str().to_owned(),
        kind: question.kind().as_str().to_owned(),
        pool: question.pool.as_str().to_owned(),
        law: question.law().map(ToString::to_string).unwrap_or_default(),
        level: question.level.as_str().to_owned(),
        stem: question.stem().to_owned(),
        content_json: question.to_json(),
        content_hash: question.content_hash().to_string(),
        created_at: now_us,
    }
}

/// Reads the law texts of a folder with `index.json` and one file of JSON lines for each edition.
///
/// # Errors
/// [`AppError::Invalid`] naming the file.
pub fn read_law_source(folder: &Path) -> AppResult<Vec<question_bank::law::SourceEdition>> {
    let index = read_text(&folder.join("index.json"))?;
    let entries = std::fs::read_dir(folder)
        .map_err(|error| AppError::invalid(folder.display().to_string(), format!("无法读取目录：{error}")))?;
    let mut files = BTreeMap::new();
    for entry in entries.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|ending| ending == "jsonl") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.insert(name, read_text(&path)?);
        }
    }
    question_bank::law::parse_source(&index, &files)
        .map_err(|error| AppError::invalid(folder.display().to_string(), error.to_string()))
}

/// The texts of all editions of a source folder.
///
/// # Errors
/// As [`read_law_source`].
pub fn read_law_texts(folder: &Path) -> AppResult<LawTexts> {
    Ok(LawTexts::from_source(&read_law_source(folder)?))
}
