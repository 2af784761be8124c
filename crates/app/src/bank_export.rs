//! The bank out of the database: as a folder of files, as a table, as GIFT, as JSON.

use std::collections::{BTreeMap, BTreeSet};

use exchange::questions::{COLUMNS, rows_of};
pub use exchange::questions::{GIFT_LOSES, TABLE_LOSES, write_gift};
use question_bank::question::{FileHead, Question, write_file};
use reports::{Column, Kind, Table, Value};
use serde_json::Value as Json;
use storage::questions::QuestionRow;

use crate::bank::TextFiles;
use crate::{App, AppError, AppResult};

/// Empty rows of the template.
const TEMPLATE_ROWS: usize = 100;

/// Which questions are taken out. Empty fields narrow nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExportFilter {
    /// Slug of the law of the first citation.
    pub law: Option<String>,
    /// Kind.
    pub kind: Option<String>,
    /// Pool.
    pub pool: Option<String>,
    /// State; without it the version in papers of each question, else its newest.
    pub state: Option<String>,
    /// Slug of a topic.
    pub topic: Option<String>,
}

/// What is taken out.
#[derive(Debug, Clone, Default)]
pub struct Exported {
    /// The questions, by reference.
    pub questions: Vec<Question>,
    /// References of drafts that have gaps: no format but the database holds them.
    pub incomplete: Vec<String>,
}

impl Exported {
    /// How many are of the secure pool.
    pub fn secure(&self) -> usize {
        self.questions.iter().filter(|question| question.pool.as_str() == "secure").count()
    }
}

/// What a workbook cannot hold of a question: its reference and what is lost.
pub type Loss = (String, String);

impl App {
    /// The questions that a filter takes out.
    ///
    /// # Errors
    /// What the database says.
    pub fn questions_for_export(&self, filter: &ExportFilter) -> AppResult<Exported> {
        let mut by_reference: BTreeMap<String, Vec<QuestionRow>> = BTreeMap::new();
        for row in self.store().read(storage::questions::all)? {
            by_reference.entry(row.question_ref.clone()).or_default().push(row);
        }
        let mut exported = Exported::default();
        for rows in by_reference.into_values() {
            let chosen = match filter.state.as_deref() {
                Some("retired") => rows.iter().find(|row| row.head && row.state == "retired"),
                Some(state) => rows.iter().rev().find(|row| row.state == state),
                None => rows.iter().find(|row| row.state == "active").or(rows.last()),
            };
            let Some(row) = chosen.filter(|row| fits(filter, row)) else { continue };
            match Question::from_json(&row.content_json) {
                Ok(question) => exported.questions.push(question),
                Err(_) if row.state == "draft" => exported.incomplete.push(row.question_ref.clone()),
                Err(error) => return Err(AppError::corrupt(&row.question_ref, error)),
            }
        }
        Ok(exported)
    }

    /// These questions as the files of a bank, with the register, topics, gists and blueprints that go with them.
    ///
    /// # Errors
    /// What the database says.
    pub fn bank_files(&self, questions: &[Question]) -> AppResult<TextFiles> {
        let mut files: TextFiles = Vec::new();
        let mut by_head: BTreeMap<FileHead, Vec<&Question>> = BTreeMap::new();
        let bank = self.bank()?;
        for question in questions {
            let head = question.citations().next().map(|citation| FileHead {
                law: Some(citation.law.to_string()),
                edition: Some(citation.edition.clone()),
                title: bank.register.edition(&citation.edition_id()).map(|edition| edition.short_title.clone()),
            });
            by_head.entry(head.unwrap_or_default()).or_default().push(question);
        }
        for (head, questions) in by_head {
            let name =
                format!("{}-{}", head.law.as_deref().unwrap_or("none"), head.edition.as_deref().unwrap_or("none"));
            files.push((format!("questions/{name}.toml"), write_file(&head, &questions)));
        }
        let (editions, topics, blueprints) = self.store().read(|connection| {
            let editions = storage::bank::editions(connection)?;
            let topics = storage::bank::topics(connection)?;
            Ok::<_, AppError>((editions, topics, storage::bank::blueprints(connection)?))
        })?;
        for edition in editions {
            let gists = self.article_gists(&edition.id.as_str().into())?;
            if !gists.is_empty() {
                let table = serde_json::json!({ "edition": edition.id, "gist": gists });
                files.push((format!("gists/{}.toml", edition.id), to_toml(&table)?));
            }
            files.push((format!("laws/{}.toml", edition.id), edition.register_json));
        }
        for row in blueprints {
            let value: Json =
                serde_json::from_str(&row.content_json).map_err(|error| AppError::corrupt(&row.id, error))?;
            files.push((format!("blueprints/{}.toml", row.id), to_toml(&value)?));
        }
        let topics: Vec<Json> =
            topics.iter().map(|topic| serde_json::json!({ "slug": topic.slug, "title": topic.title })).collect();
        files.push(("topics.toml".to_owned(), to_toml(&serde_json::json!({ "topic": topics }))?));
        Ok(files)
    }

    /// Questions as a workbook with a row each, and what of them it cannot hold.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the workbook cannot be written.
    pub fn questions_as_xlsx(&self, questions: &[Question]) -> AppResult<(Vec<u8>, Vec<Loss>)> {
        let all: Vec<&Question> = questions.iter().collect();
        let (rows, losses) = rows_of(&all);
        let rows = rows.into_iter().map(|row| row.into_iter().map(cell).collect()).collect();
        Ok((self.workbook("题库", rows, vec![TABLE_LOSES.to_owned()])?, losses))
    }

    /// An empty workbook to be filled in.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the workbook cannot be written.
    pub fn question_template(&self) -> AppResult<Vec<u8>> {
        let rows = vec![vec![Value::Missing; COLUMNS.len()]; TEMPLATE_ROWS];
        let notes = [
            "必填：题干、答案；其余可以先空着，导入后在草稿里补。列的次序可以变，不用的列可以删。",
            "题型：单选、多选、判断、填空、简答、案例的小题填它自己的题型。答案：选择题写字母（B、ACD），判断题写正确或错误，填空题每空用分号隔开、同义答案用 / 隔开。",
            "误区：每行一个，写作“B：把警告期当作记过期”；判断题直接写。得分点：每行一个，写作“内容=分值”。",
            "法规写代号或名称，条写 17 或“第十七条之一”。一题有几条依据的，在同一格里换行，各列行数对齐；“支持选项”写这条依据支持的正确选项。",
            "案例题每个小题一行，题号写“题号.1”“题号.2”，案例材料写在第一行。",
        ];
        self.workbook("题目导入模板", rows, notes.map(str::to_owned).to_vec())
    }

    fn workbook(&self, title: &str, rows: Vec<Vec<Value>>, notes: Vec<String>) -> AppResult<Vec<u8>> {
        let columns = COLUMNS.iter().map(|title| Column::new(title, title, Kind::Text)).collect();
        let table = Table { title: title.to_owned(), columns, rows, notes };
        reports::xlsx(&table, self.now().as_second()).map_err(|error| AppError::Internal(error.to_string()))
    }
}

fn cell(text: String) -> Value {
    if text.is_empty() { Value::Missing } else { Value::Text(text) }
}

fn fits(filter: &ExportFilter, row: &QuestionRow) -> bool {
    let is = |wanted: &Option<String>, own: &str| wanted.as_deref().is_none_or(|wanted| wanted == own);
    let topics: BTreeSet<String> = serde_json::from_str(&row.topics_json).unwrap_or_default();
    is(&filter.law, &row.law)
        && is(&filter.kind, &row.kind)
        && is(&filter.pool, &row.pool)
        && filter.topic.as_ref().is_none_or(|topic| topics.contains(topic))
}

fn to_toml(value: &Json) -> AppResult<String> {
    toml::to_string_pretty(value).map_err(|error| AppError::Internal(format!("toml: {error}")))
}
