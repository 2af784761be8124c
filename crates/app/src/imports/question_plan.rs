//! A file of questions as it would be imported: names resolved, gaps named, look-alikes found.

use std::collections::{BTreeMap, BTreeSet};

use exchange::questions::{FileProblem, Format, Limits, ParsedQuestion, RowProblem, Source};
use jiff::civil::Date;
use question_bank::Severity;
use question_bank::draft::{Draft, DraftCitation, DraftItem, DraftKey, FieldProblem};
use question_bank::law::{Named, Register};
use question_bank::question::{Kind, OptionId, State};
use question_bank::similar::{StemIndex, bare};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::questions::{ALIKE_MOST, Writer, authorship_of};
use crate::{App, AppError, AppResult};

/// A question that asks nearly the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowAlike {
    /// Its reference.
    pub r#ref: String,
    /// Its stem.
    pub stem: String,
    /// Share of common pairs of characters.
    pub percent: usize,
    /// Whether the options are the same, too: then it is the same question.
    pub same: bool,
    /// Its row, when it stands in the same file.
    pub row: Option<u32>,
}

/// One question of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedRow {
    /// Its number in the preview, from 1.
    pub n: u32,
    /// The sheet, in a workbook.
    pub sheet: Option<String>,
    /// The row or line where it begins.
    pub row: u32,
    /// The reference was given by the program.
    pub numbered: bool,
    /// What would be stored.
    pub draft: Draft,
    /// What was wrong in the file.
    pub problems: Vec<RowProblem>,
    /// What stands between it and a submission.
    pub gaps: Vec<FieldProblem>,
    /// Questions that ask nearly the same.
    pub alike: Vec<RowAlike>,
    /// It cannot be stored: its reference is taken, or there is nothing in it.
    pub blocked: bool,
}

/// A file as it would be imported.
#[derive(Debug, Clone)]
pub struct QuestionPlan {
    /// What it was taken for.
    pub format: Format,
    /// Its questions.
    pub rows: Vec<PlannedRow>,
    /// What was wrong beside them.
    pub problems: Vec<FileProblem>,
}

impl PlannedRow {
    /// Whether the bank, or the file above, has the same question.
    pub fn is_duplicate(&self) -> bool {
        self.alike.iter().any(|alike| alike.same)
    }
}

impl App {
    /// Reads a file of questions and says what it would bring.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a file that cannot be taken at all.
    pub fn plan_questions(&self, file_name: &str, bytes: &[u8], format: Option<&str>) -> AppResult<QuestionPlan> {
        let format = match format.filter(|word| !word.is_empty()) {
            Some(word) => Some(Format::parse(word).ok_or_else(|| {
                AppError::invalid(
                    "format",
                    format!("没有“{word}”这种格式，可用 toml、json、xlsx、csv、gift、aiken、text、docx"),
                )
            })?),
            None => None,
        };
        let parsed = exchange::questions::parse(file_name, bytes, format, &Limits::default())
            .map_err(|error| AppError::invalid("file", error.to_string()))?;
        let bank = self.bank()?;
        let today = crate::clock::day(self.now());
        let mut rows: Vec<PlannedRow> = parsed
            .questions
            .into_iter()
            .zip(1_u32..)
            .map(|(question, n)| resolve(question, n, &bank.register, &bank.topics, today))
            .collect();
        self.number(&mut rows)?;
        self.examine_rows(&mut rows)?;
        Ok(QuestionPlan { format: parsed.format, rows, problems: parsed.problems })
    }

    /// Gives references to those that have none, and names those that are taken.
    fn number(&self, rows: &mut [PlannedRow]) -> AppResult<()> {
        let wanted = rows.iter().filter(|row| row.draft.reference.is_none()).count();
        let mut free = self.next_references(wanted)?.into_iter();
        let given: Vec<String> =
            rows.iter().filter_map(|row| row.draft.reference.as_ref().map(ToString::to_string)).collect();
        let mut taken: BTreeSet<String> = BTreeSet::new();
        for chunk in given.chunks(400) {
            taken.extend(self.store().read(|connection| storage::questions::known(connection, chunk))?);
        }
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        for row in rows {
            let Some(reference) = row.draft.reference.as_ref().map(ToString::to_string) else {
                row.draft.reference = free.next().map(Into::into);
                row.numbered = true;
                continue;
            };
            if let Some(first) = seen.insert(reference.clone(), row.row) {
                row.block("ref", format!("题号 {reference} 在文件里第 {first} 行已经用过，这一题不会写入；请改题号"));
            } else if taken.contains(&reference) {
                row.block("ref", format!("题号 {reference} 已在题库里，这一题不会写入；要改那道题请在题库里开新版本"));
            }
        }
        Ok(())
    }

    /// Gaps of each row, and the questions that it looks like.
    pub(super) fn examine_rows(&self, rows: &mut [PlannedRow]) -> AppResult<()> {
        let desk = self.desk(rows.iter().map(|row| &row.draft))?;
        let (index, stems) = self.stem_index()?;
        let stem_of: BTreeMap<&str, &str> =
            stems.iter().map(|(reference, stem)| (reference.as_str(), stem.as_str())).collect();
        let current: BTreeMap<&str, BTreeSet<String>> = desk
            .bank
            .current
            .iter()
            .map(|question| (question.reference.as_str(), options_of(&Draft::of(question))))
            .collect();
        let mut own = StemIndex::default();
        let mut above: BTreeMap<String, (u32, String, BTreeSet<String>)> = BTreeMap::new();
        let none = BTreeSet::new();
        for row in rows {
            let writer = Writer { login: "import".to_owned(), account: None };
            let authorship = authorship_of(&writer.login, &row.draft, desk.today);
            let examined = desk.examine(&row.draft, 1, State::Draft, &authorship, &none);
            row.gaps = examined.errors().cloned().collect();
            if row.draft.stem().is_empty() && !row.blocked {
                row.block("stem", "没有题干，这一题不会写入");
            }
            let options = options_of(&row.draft);
            let in_bank = index.alike(row.draft.stem(), None).into_iter().map(|one| RowAlike {
                stem: stem_of.get(one.reference.as_str()).copied().unwrap_or_default().to_owned(),
                same: one.percent == 100 && current.get(one.reference.as_str()).is_none_or(|other| *other == options),
                r#ref: one.reference,
                percent: one.percent,
                row: None,
            });
            let in_file = own.alike(row.draft.stem(), None).into_iter().filter_map(|one| {
                let (line, stem, other) = above.get(&one.reference)?;
                Some(RowAlike {
                    r#ref: one.reference,
                    stem: stem.clone(),
                    percent: one.percent,
                    same: one.percent == 100 && *other == options,
                    row: Some(*line),
                })
            });
            row.alike = in_bank.chain(in_file).take(ALIKE_MOST).collect();
            let name = row.draft.reference.as_ref().map_or_else(|| format!("#{}", row.n), ToString::to_string);
            own.add(&name, row.draft.stem());
            above.insert(name, (row.row, row.draft.stem().to_owned(), options));
        }
        Ok(())
    }
}

impl PlannedRow {
    fn block(&mut self, field: &str, reason: impl Into<String>) {
        self.blocked = true;
        self.problems.push(RowProblem { field: field.to_owned(), severity: Severity::Error, reason: reason.into() });
    }
}

/// The options of a draft in the form that is compared.
fn options_of(draft: &Draft) -> BTreeSet<String> {
    let options = draft.items().iter().flat_map(|item| &item.options);
    options.filter_map(|option| option.text.as_deref()).map(bare).collect()
}

/// Slugs for the names of laws and topics.
fn resolve(
    question: ParsedQuestion,
    n: u32,
    register: &Register,
    topics: &[(String, String)],
    today: Date,
) -> PlannedRow {
    let ParsedQuestion { sheet, row, mut draft, topics: named, sources, mut problems } = question;
    for name in named {
        let wanted = bare(&name);
        match topics.iter().find(|(slug, title)| *slug == name || bare(title) == wanted) {
            Some((slug, _)) => {
                let slug = slug.as_str().into();
                if !draft.topics.contains(&slug) {
                    draft.topics.push(slug);
                }
            }
            None => problems.push(RowProblem {
                field: "topics".to_owned(),
                severity: Severity::Warning,
                reason: format!("题库里没有知识点“{name}”，请在草稿里另选"),
            }),
        }
    }
    for source in sources {
        let part = source.part;
        let citation = citation_of(source, register, today, &mut problems);
        if let Some(item) = draft.items_mut().get_mut(part) {
            item.citations.push(citation);
        }
    }
    PlannedRow { n, sheet, row, numbered: false, draft, problems, gaps: Vec::new(), alike: Vec::new(), blocked: false }
}

fn citation_of(source: Source, register: &Register, today: Date, problems: &mut Vec<RowProblem>) -> DraftCitation {
    let mut citation = DraftCitation {
        law: None,
        edition: source.edition.clone(),
        article: source.article.map(Into::into),
        paragraph: source.paragraph,
        item: source.item,
        words: source.words,
        supports: source.supports.iter().map(|letter| OptionId::new(letter.to_lowercase())).collect(),
        bind: None,
    };
    let mut complain = |reason: String| {
        problems.push(RowProblem { field: "citations".to_owned(), severity: Severity::Warning, reason });
    };
    match register.find_named(&source.law, source.edition.as_deref(), today) {
        Named::Edition(edition) => {
            citation.law = Some(edition.law.clone());
            citation.edition = Some(edition.edition.clone());
        }
        Named::OtherEditions(editions) => {
            citation.law = editions.first().map(|edition| edition.law.clone());
            let known: Vec<&str> = editions.iter().map(|edition| edition.edition.as_str()).collect();
            complain(format!("《{}》没有这个版本，登记的有 {}，请在草稿里另选", source.law, known.join("、")));
        }
        Named::Nothing if source.law.is_empty() => {}
        Named::Nothing => complain(format!("登记册里没有《{}》，请在草稿里另选法规", source.law)),
    }
    citation
}

/// A question in the contract's words: kind, stem, options, key by letters, explanation; of a case its parts as well.
pub fn contract_question(draft: &Draft) -> Value {
    let parts: Vec<Value> = draft.items().iter().map(contract_item).collect();
    let mut value = match draft.kind() {
        Some(Kind::Case) => json!({
            "kind": "case", "stem": draft.stem(), "options": [], "key": [], "explanation": "", "parts": parts,
        }),
        _ => parts.into_iter().next().unwrap_or_default(),
    };
    if let Some(value) = value.as_object_mut() {
        value.insert("ref".to_owned(), json!(draft.reference));
    }
    value
}

fn contract_item(item: &DraftItem) -> Value {
    let options: Vec<&str> = item.options.iter().map(|option| option.text.as_deref().unwrap_or_default()).collect();
    let letter = |id: &OptionId| {
        let place = item.options.iter().position(|option| option.id.as_ref() == Some(id))?;
        ('A'..='Z').nth(place).map(|letter| letter.to_string())
    };
    let key = match &item.key {
        Some(DraftKey::Truth(truth)) => json!([truth]),
        Some(DraftKey::Blanks(blanks)) => json!(blanks),
        Some(key) => json!(key.options().iter().filter_map(letter).collect::<Vec<_>>()),
        None => item.reference.as_ref().map_or_else(|| json!([]), |reference| json!([[reference]])),
    };
    json!({
        "kind": item.kind, "stem": item.stem.as_deref().unwrap_or_default(), "options": options, "key": key,
        "explanation": item.explanation.as_deref().unwrap_or_default(),
    })
}
