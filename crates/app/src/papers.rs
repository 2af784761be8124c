//! Blueprints and papers, and the form that a given person gets.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use api::exam::{BlueprintSection, BlueprintSummary, PaperCreated, PaperRequest, PresetView, Unmet};
use api::{FieldError, Marks};
use exam_session::MarksCenti;
use exam_session::rules::{SlotKind, validate_paper};
use jiff::civil::Date;
use question_bank::Problem;
use question_bank::blueprint::{Blueprint, Mode};
use question_bank::paper::{Assembly, PaperForm, assemble, shuffle_for};
use question_bank::question::State;
use serde_json::{Value, json};
use storage::bank::{BlueprintRow, PaperRow};
use storage::exams::ExamRow;

use crate::bank::BankState;
use crate::clock::{day, from_micros};
use crate::exam_info::ExamInfo;
use crate::form::{Form, FormSlot};
use crate::secrets::random_hex;
use crate::{App, AppError, AppResult, Principal, acts, new_id};

/// Papers put together to see whether a random blueprint can be met for everybody.
const TRIAL_PAPERS: u32 = 3;
/// Characters of a seed at the most.
const SEED_CHARS: usize = 200;

/// What a paper amounts to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PaperSize {
    pub(crate) questions: i64,
    pub(crate) marks_centi: i64,
}

/// Forms of exams in which everybody gets one of a few; none for exams in which papers are random.
#[derive(Default)]
pub(crate) struct PaperCache(Mutex<BTreeMap<String, Option<Arc<FixedPaper>>>>);

pub(crate) struct FixedPaper {
    blueprint: Blueprint,
    forms: Vec<PaperForm>,
}

impl App {
    /// Rules ready to be used.
    ///
    /// # Errors
    /// [`AppError::Internal`] when they cannot be written as JSON.
    pub fn presets(&self) -> AppResult<Vec<PresetView>> {
        exam_session::presets()
            .into_iter()
            .map(|preset| {
                Ok(PresetView {
                    slug: preset.slug.to_owned(),
                    title: preset.title.to_owned(),
                    blueprint: preset.blueprint.to_owned(),
                    duration_seconds: preset.duration_seconds,
                    rules: crate::exams::to_value(&preset.rules)?,
                    note: preset.note.to_owned(),
                })
            })
            .collect()
    }

    /// Every blueprint.
    ///
    /// # Errors
    /// What the database says.
    pub fn blueprints(&self) -> AppResult<Vec<BlueprintSummary>> {
        let rows = self.store().read(storage::bank::blueprints)?;
        rows.iter()
            .filter(|row| row.id != "trial-3" && !row.id.starts_with(storage::rehearsals::REHEARSAL))
            .map(|row| Ok(blueprint_summary(&read_blueprint(&row.content_json)?)))
            .collect()
    }

    pub(crate) fn blueprint(&self, id: &str) -> AppResult<Blueprint> {
        let row =
            self.store().read(|connection| storage::bank::blueprint(connection, id)).map_err(|error| match error {
                storage::StorageError::NotFound => {
                    AppError::invalid("blueprint", format!("没有代号为“{id}”的双向细目表"))
                }
                other => other.into(),
            })?;
        read_blueprint(&row.content_json)
    }

    /// A new blueprint.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming each field; [`AppError::Conflict`] when its id is taken.
    pub fn create_blueprint(&self, principal: &Principal, body: &Value) -> AppResult<BlueprintSummary> {
        let blueprint = Blueprint::from_json(&body.to_string()).map_err(problems)?;
        let row = blueprint_row(&blueprint, self.now_us());
        let (actor, now_us) = (principal.account.clone(), self.now_us());
        self.store()
            .write(move |connection| {
                storage::bank::insert_blueprint(connection, &row)?;
                acts::note(connection, now_us, &actor, "blueprint_created", &row.id, &json!({}))
            })
            .map_err(|error| match error {
                AppError::Conflict(_) => AppError::Conflict(format!("代号“{}”已被占用，请换一个", blueprint.id)),
                other => other,
            })?;
        Ok(blueprint_summary(&blueprint))
    }

    /// Puts papers together from a blueprint and a seed, and keeps them.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for an unknown blueprint, a bad date, or a wrong number of forms.
    pub fn create_paper(&self, principal: &Principal, request: &PaperRequest) -> AppResult<PaperCreated> {
        if request.seed.is_empty() || request.seed.chars().count() > SEED_CHARS {
            return Err(AppError::invalid("seed", format!("种子应为 1 到 {SEED_CHARS} 个字符")));
        }
        let blueprint = self.blueprint(&request.blueprint)?;
        let law_date = match &request.law_date {
            Some(text) => text
                .parse()
                .map_err(|_| AppError::invalid("law_date", format!("日期“{text}”无法识别，应写作 2026-11-24")))?,
            None => day(self.now()),
        };
        let assembly = self.assemble(&blueprint, &request.seed, law_date, request.forms.unwrap_or(1))?;
        let row = PaperRow {
            id: new_id(),
            blueprint_id: blueprint.id.to_string(),
            seed: request.seed.clone(),
            law_date: law_date.to_string(),
            content_json: serde_json::to_string(&assembly).map_err(|error| AppError::corrupt("paper", error))?,
            created_at: self.now_us(),
        };
        let id = row.id.clone();
        let (actor, now_us) = (principal.account.clone(), self.now_us());
        self.store().write(move |connection| {
            storage::bank::insert_paper(connection, &row)?;
            acts::note(connection, now_us, &actor, "paper_assembled", &row.id, &json!({}))
        })?;
        Ok(PaperCreated { id, unmet: unmet(&assembly) })
    }

    fn assemble(&self, blueprint: &Blueprint, seed: &str, law_date: Date, forms: u32) -> AppResult<Assembly> {
        let bank = self.bank_now()?;
        assemble(bank.current.iter().map(AsRef::as_ref), &bank.register, blueprint, seed, law_date, forms)
            .map_err(|error| AppError::invalid("forms", error.to_string()))
    }

    fn paper(&self, id: &str) -> AppResult<Assembly> {
        let row =
            self.store().read(|connection| storage::bank::paper(connection, id)).map_err(|error| match error {
                storage::StorageError::NotFound => AppError::invalid("paper", "没有这份试卷，请重新组卷"),
                other => other.into(),
            })?;
        serde_json::from_str(&row.content_json).map_err(|error| AppError::corrupt("paper", error))
    }

    pub(crate) fn paper_size(&self, row: &ExamRow) -> AppResult<PaperSize> {
        let blueprint = self.blueprint_of(row)?;
        Ok(PaperSize { questions: i64::from(blueprint.count()), marks_centi: i64::from(blueprint.marks().centi()) })
    }

    fn blueprint_of(&self, row: &ExamRow) -> AppResult<Blueprint> {
        match (&row.paper_id, &row.blueprint_id) {
            (Some(paper), _) => self.blueprint(self.paper(paper)?.blueprint.as_str()),
            (None, Some(blueprint)) => self.blueprint(blueprint),
            (None, None) => Err(AppError::invalid("blueprint", "请选择双向细目表或试卷")),
        }
    }

    /// The day whose law holds (依据日): the rules', else the opening day; of the trial, which is always open, today.
    fn law_date(&self, exam: &ExamInfo) -> Date {
        let opening = if exam.is_trial() { self.now() } else { from_micros(exam.row.opens_at) };
        exam.rules.law_date_or(day(opening))
    }

    /// What stands in the way of a paper for this exam; empty when nothing does.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the rules name a section that the paper lacks, or a question marked by hand.
    pub(crate) fn unmet(&self, exam: &ExamInfo) -> AppResult<Vec<Unmet>> {
        let bank = self.bank_now()?;
        let blueprint = self.blueprint_of(&exam.row)?;
        let assemblies = match &exam.row.paper_id {
            Some(paper) => vec![self.paper(paper)?],
            None if blueprint.mode == Mode::Random => (0..TRIAL_PAPERS)
                .map(|n| self.assemble(&blueprint, &format!("{}/probe/{n}", exam.row.seed), self.law_date(exam), 1))
                .collect::<AppResult<_>>()?,
            None => vec![self.assemble(&blueprint, &exam.row.seed, self.law_date(exam), 1)?],
        };
        for assembly in &assemblies {
            if !assembly.unmet.is_empty() {
                return Ok(unmet(assembly));
            }
            for form in &assembly.forms {
                self.check_form(&bank, exam, &blueprint, form)?;
            }
        }
        Ok(Vec::new())
    }

    /// The paper of an exam whose blueprint makes one for everybody, to be stored when it is published; none when each
    /// person's is random, or a paper was chosen.
    pub(crate) fn paper_to_fix(&self, exam: &ExamInfo) -> AppResult<Option<PaperRow>> {
        let blueprint = self.blueprint_of(&exam.row)?;
        if exam.row.paper_id.is_some() || blueprint.mode == Mode::Random {
            return Ok(None);
        }
        let law_date = self.law_date(exam);
        let assembly = self.assemble(&blueprint, &exam.row.seed, law_date, 1)?;
        complete(&assembly)?;
        Ok(Some(PaperRow {
            id: new_id(),
            blueprint_id: blueprint.id.to_string(),
            seed: exam.row.seed.clone(),
            law_date: law_date.to_string(),
            content_json: serde_json::to_string(&assembly).map_err(|error| AppError::corrupt("paper", error))?,
            created_at: self.now_us(),
        }))
    }

    /// Whether a stored paper has a question on any of its forms.
    pub(crate) fn paper_holds(&self, paper: &str, reference: &str) -> AppResult<bool> {
        let slots = self.paper(paper)?.forms.into_iter().flat_map(|form| form.slots);
        Ok(slots.into_iter().any(|slot| slot.question_ref().as_str() == reference))
    }

    fn check_form(&self, bank: &BankState, exam: &ExamInfo, blueprint: &Blueprint, form: &PaperForm) -> AppResult<()> {
        let form = to_form(bank, blueprint, form)?;
        let slots = form
            .slots
            .iter()
            .map(|slot| Ok((slot.section.as_str(), slot.kind(bank)?, MarksCenti::from_centi(slot.marks_centi))))
            .collect::<AppResult<Vec<_>>>()?;
        if slots.iter().any(|(_, kind, _)| *kind == SlotKind::Essay) {
            return Err(AppError::invalid("blueprint", "简答题的人工评阅尚未提供，请改用没有简答题的细目表"));
        }
        // A fixed paper was assembled for a law date of its own: its questions must still be in force on the exam's.
        let law_date = self.law_date(exam);
        for slot in &form.slots {
            let question = slot.asked(bank)?.question;
            if question.state != State::Active {
                return Err(AppError::invalid(
                    "paper",
                    format!("第 {} 题（{}）已停用或有了新版本，请重新组卷", slot.slot, slot.question),
                ));
            }
            if !question_bank::paper::in_force(question, &bank.register, law_date) {
                return Err(AppError::invalid(
                    "paper",
                    format!(
                        "第 {} 题（{}）的依据在依据日 {law_date} 不是现行有效，请重新组卷",
                        slot.slot, slot.question
                    ),
                ));
            }
        }
        let problems = validate_paper(&exam.rules, &slots);
        if problems.is_empty() {
            return Ok(());
        }
        Err(AppError::Invalid(
            problems
                .into_iter()
                .map(|problem| FieldError { field: format!("rules.{}", problem.field), reason: problem.reason })
                .collect(),
        ))
    }

    /// The form that a person gets at an attempt: the same for the same exam, person and number, everywhere.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when the bank cannot give the paper any more.
    pub(crate) fn form_for(&self, exam: &ExamInfo, person: &str, number: u32) -> AppResult<Form> {
        let key = self.store().read(|connection| storage::organisation::person(connection, person))?.person_key;
        self.form_with_key(exam, &key, number)
    }

    /// As [`App::form_for`], of the person with this key.
    ///
    /// # Errors
    /// As [`App::form_for`].
    pub(crate) fn form_with_key(&self, exam: &ExamInfo, key: &str, number: u32) -> AppResult<Form> {
        let bank = self.bank_now()?;
        // Every trial is another one.
        let seed = if exam.is_trial() { random_hex(8) } else { format!("{}/{key}/{number}", exam.row.seed) };
        let fixed = self.fixed_paper(exam)?;
        let (blueprint, form) = match &fixed {
            Some(paper) => (&paper.blueprint, self.choose(paper, exam, key, number)?),
            None => {
                let blueprint = &self.blueprint_of(&exam.row)?;
                let assembly = self.assemble(blueprint, &seed, self.law_date(exam), 1)?;
                return to_form(&bank, blueprint, &shuffled(exam, blueprint, &seed, complete(&assembly)?));
            }
        };
        to_form(&bank, blueprint, &shuffled(exam, blueprint, &seed, form))
    }

    /// The forms of an exam in which everybody gets one of a few; none when each person's paper is random.
    pub(crate) fn fixed_paper(&self, exam: &ExamInfo) -> AppResult<Option<Arc<FixedPaper>>> {
        let key = format!("{}@{}", exam.row.id, exam.row.version);
        if let Ok(kept) = self.inner.papers.0.lock()
            && let Some(paper) = kept.get(&key)
        {
            return Ok(paper.clone());
        }
        let blueprint = self.blueprint_of(&exam.row)?;
        let assembly = match &exam.row.paper_id {
            Some(paper) => Some(self.paper(paper)?),
            None if blueprint.mode == Mode::Random => None,
            None => Some(self.assemble(&blueprint, &exam.row.seed, self.law_date(exam), 1)?),
        };
        if let Some(assembly) = &assembly {
            complete(assembly)?;
        }
        let paper = assembly.map(|assembly| Arc::new(FixedPaper { blueprint, forms: assembly.forms }));
        if let Ok(mut kept) = self.inner.papers.0.lock() {
            kept.insert(key, paper.clone());
        }
        Ok(paper)
    }

    fn choose<'a>(&self, paper: &'a FixedPaper, exam: &ExamInfo, key: &str, number: u32) -> AppResult<&'a PaperForm> {
        let forms = u64::try_from(paper.forms.len()).unwrap_or(1).max(1);
        let seed = shuffle::derive_seed("zhijie-form-1", &[exam.row.seed.as_bytes(), key.as_bytes()]);
        let first = shuffle::Stream::from_seed(seed).below(forms);
        // A second attempt gets the next form.
        let index = (first + u64::from(number.saturating_sub(1))) % forms;
        usize::try_from(index)
            .ok()
            .and_then(|index| paper.forms.get(index))
            .ok_or_else(|| AppError::Internal("an exam without forms".to_owned()))
    }
}

fn shuffled(exam: &ExamInfo, blueprint: &Blueprint, seed: &str, form: &PaperForm) -> PaperForm {
    if exam.rules.shuffle && blueprint.shuffle_options { shuffle_for(seed, form) } else { form.clone() }
}

/// The one form of an assembly that met everything.
fn complete(assembly: &Assembly) -> AppResult<&PaperForm> {
    match (assembly.forms.first(), assembly.unmet.first()) {
        (Some(form), None) => Ok(form),
        (_, Some(unmet)) => Err(AppError::Conflict(format!(
            "试卷组不出来：{} 还缺 {} 题，请联系考务管理员",
            unmet.constraint, unmet.missing
        ))),
        (None, None) => Err(AppError::Internal("an assembly without a form".to_owned())),
    }
}

/// A paper's form as an attempt keeps it.
pub(crate) fn to_form(bank: &BankState, blueprint: &Blueprint, form: &PaperForm) -> AppResult<Form> {
    let slots = form
        .slots
        .iter()
        .map(|slot| {
            let reference = slot.question_ref().to_string();
            let question = bank.question(&reference, slot.version)?;
            let item = question
                .slots()
                .position(|(known, _)| known == slot.question)
                .ok_or_else(|| AppError::Internal(format!("no slot {} in the bank", slot.question)))?;
            let section = usize::try_from(slot.section)
                .ok()
                .and_then(|section| section.checked_sub(1))
                .and_then(|index| blueprint.sections.get(index))
                .map(|section| section.title.clone())
                .unwrap_or_default();
            Ok(FormSlot {
                slot: slot.slot,
                question: reference,
                version: slot.version,
                item,
                marks_centi: i64::from(slot.marks.centi()),
                options: slot.options.iter().map(ToString::to_string).collect(),
                section,
            })
        })
        .collect::<AppResult<_>>()?;
    Ok(Form { slots })
}

fn unmet(assembly: &Assembly) -> Vec<Unmet> {
    assembly
        .unmet
        .iter()
        .map(|unmet| Unmet {
            constraint: unmet.constraint.clone(),
            missing: usize::try_from(unmet.missing).unwrap_or(usize::MAX),
        })
        .collect()
}

pub(crate) fn read_blueprint(text: &str) -> AppResult<Blueprint> {
    Blueprint::from_json(text).map_err(|problems| {
        AppError::Internal(problems.into_iter().map(|problem| problem.reason).collect::<Vec<_>>().join("；"))
    })
}

/// A blueprint as it is stored.
pub(crate) fn blueprint_row(blueprint: &Blueprint, now_us: i64) -> BlueprintRow {
    BlueprintRow {
        id: blueprint.id.to_string(),
        title: blueprint.title.clone(),
        content_json: blueprint.to_json(),
        created_at: now_us,
    }
}

fn problems(problems: Vec<Problem>) -> AppError {
    AppError::Invalid(
        problems
            .into_iter()
            .map(|problem| FieldError {
                field: problem.field.unwrap_or_else(|| "blueprint".to_owned()),
                reason: problem.reason,
            })
            .collect(),
    )
}

fn blueprint_summary(blueprint: &Blueprint) -> BlueprintSummary {
    BlueprintSummary {
        id: blueprint.id.to_string(),
        title: blueprint.title.clone(),
        questions: usize::try_from(blueprint.count()).unwrap_or(usize::MAX),
        marks: Marks(i64::from(blueprint.marks().centi())),
        sections: blueprint
            .sections
            .iter()
            .map(|section| BlueprintSection {
                title: section.title.clone(),
                kind: section.kind.map(|kind| kind.as_str().to_owned()),
                count: usize::try_from(section.count()).unwrap_or(usize::MAX),
                marks_each: section.marks_each().map(|marks| Marks(i64::from(marks.centi()))),
            })
            .collect(),
    }
}
