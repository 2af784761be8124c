//! The question bank and the register of laws: from files into the database, and from there into memory.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use include_dir::{Dir, include_dir};
use question_bank::blueprint::Blueprint;
use question_bank::gist::{Gists, load_gists};
use question_bank::law::{EditionId, LawTexts, Register};
use question_bank::question::{Bank, Question, State, load_bank};
use question_bank::topic::{Topic, load_topics};
use question_bank::{Problem, Severity};

use crate::{App, AppError, AppResult};

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
    /// The versions that are in papers, by reference.
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
pub(crate) const REVISION_SETTING: &str = "bank_revision";

/// Keeps the latest [`BankState`], when it was last compared with the database, and its revision.
#[derive(Default)]
pub(crate) struct BankCache(Mutex<Option<Kept>>);

struct Kept {
    state: Arc<BankState>,
    compared: Instant,
    revision: Option<String>,
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
        self.bank_now()
    }

    /// The same, compared with the database at this moment: what is drawn from must not hold a question that another
    /// node has just retired.
    ///
    /// # Errors
    /// As [`App::bank`].
    pub fn bank_now(&self) -> AppResult<Arc<BankState>> {
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
                storage::questions::whole(connection)?,
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
            let question = Arc::new(crate::questions::read_question(&row)?);
            if question.state == State::Active {
                state.current.push(Arc::clone(&question));
            }
            state.versions.insert((row.question_ref, question.version), question);
        }
        Ok(state)
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
