//! Rulings (更正): how a question of an exam is marked, against its key as written.

use std::collections::{BTreeMap, BTreeSet};

use api::attempt::SlotRuling;
use api::exam_day::RulingRequest;
use question_bank::question::{Answer, Item};
use scoring::{Fraction, Key, MultipleRule, OptionId, Response, SlotPolicy, fraction_under};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use storage::DbConnection;
use storage::scores::RulingRow;

use crate::bank::BankState;
use crate::form::{Form, FormSlot};
use crate::{AppError, AppResult};

/// What is stored of a ruling.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct StoredRuling {
    pub(crate) policy: SlotPolicy,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) keys: Vec<Value>,
}

/// A ruling ready for marking.
#[derive(Debug, Clone)]
struct Ruling {
    policy: SlotPolicy,
    keys: Vec<Key>,
    /// The keys as written, in the question's own option ids.
    written: Vec<Value>,
    reason: String,
}

/// The rulings of an exam: the latest on each question.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rulings(BTreeMap<(String, u32, usize), Ruling>);

impl Rulings {
    /// No rulings: every question by its key.
    pub(crate) fn none() -> Self {
        Self::default()
    }

    /// Those stored for an exam.
    pub(crate) fn load(connection: &mut DbConnection, bank: &BankState, exam: &str) -> AppResult<Self> {
        let mut rulings = Self::none();
        for row in storage::scores::rulings(connection, exam)? {
            rulings.add(bank, &row)?;
        }
        Ok(rulings)
    }

    /// Adds a ruling over an older one on the same question.
    pub(crate) fn add(&mut self, bank: &BankState, row: &RulingRow) -> AppResult<()> {
        let stored = read(row)?;
        let (version, item) = place(row)?;
        let question = bank.question(&row.question_ref, version)?;
        let asked = question
            .items()
            .get(item)
            .ok_or_else(|| AppError::Internal(format!("question {} has no item {item}", row.question_ref)))?;
        let keys = stored
            .keys
            .iter()
            .map(|key| key_of(asked, key).map_err(|error| AppError::corrupt(&row.question_ref, error)))
            .collect::<AppResult<_>>()?;
        self.0.insert(
            (row.question_ref.clone(), version, item),
            Ruling { policy: stored.policy, keys, written: stored.keys, reason: row.reason.clone() },
        );
        Ok(())
    }

    /// What an examinee is told of the ruling on a slot, with its keys in the letters shown; none while the key as
    /// written holds.
    pub(crate) fn told(&self, bank: &BankState, slot: &FormSlot) -> AppResult<Option<SlotRuling>> {
        let Some(ruling) = self.0.get(&(slot.question.clone(), slot.version, slot.item)) else {
            return Ok(None);
        };
        if ruling.policy == SlotPolicy::ByKey && ruling.written.is_empty() {
            return Ok(None);
        }
        let answer = &slot.asked(bank)?.item.answer;
        let keys = ruling
            .written
            .iter()
            .map(|key| match answer {
                Answer::Single { .. } | Answer::Multiple { .. } => {
                    let ids: Vec<String> = serde_json::from_value(key.clone())
                        .map_err(|error| AppError::corrupt(&slot.question, error))?;
                    Ok(json!(slot.letters(|id| ids.iter().any(|right| right == id))))
                }
                _ => Ok(key.clone()),
            })
            .collect::<AppResult<_>>()?;
        let policy = match ruling.policy {
            SlotPolicy::ByKey => "by_key",
            SlotPolicy::GiveToAll => "give_to_all",
            SlotPolicy::GiveToAnswered => "give_to_answered",
        };
        Ok(Some(SlotRuling { policy: policy.to_owned(), keys, reason: ruling.reason.clone() }))
    }

    /// The fraction that a response to a slot earns.
    pub(crate) fn fraction(
        &self,
        slot: &FormSlot,
        key: &Key,
        response: &Response,
        rule: MultipleRule,
    ) -> AppResult<Fraction> {
        let mismatch = |error: scoring::MarkingError| AppError::corrupt(&slot.question, error);
        let Some(ruling) = self.0.get(&(slot.question.clone(), slot.version, slot.item)) else {
            return fraction_under(SlotPolicy::ByKey, key, response, rule).map_err(mismatch);
        };
        if ruling.keys.is_empty() {
            return fraction_under(ruling.policy, key, response, rule).map_err(mismatch);
        }
        // Any of the keys is a right answer: what counts is the one that the response meets best.
        let mut best = Fraction::ZERO;
        for key in &ruling.keys {
            best = best.max(fraction_under(ruling.policy, key, response, rule).map_err(mismatch)?);
        }
        Ok(best)
    }
}

/// The questions that are given to everybody, for whoever is still answering.
#[derive(Debug, Default)]
pub(crate) struct GivenQuestions(BTreeSet<(String, u32, usize)>);

impl GivenQuestions {
    pub(crate) fn read(connection: &mut DbConnection, exam: &str) -> AppResult<Self> {
        let mut given = BTreeSet::new();
        for row in storage::scores::rulings(connection, exam)? {
            let (version, item) = place(&row)?;
            let question = (row.question_ref.clone(), version, item);
            if read(&row)?.policy == SlotPolicy::GiveToAll {
                given.insert(question);
            } else {
                given.remove(&question);
            }
        }
        Ok(Self(given))
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The slots of a paper that ask one of them.
    pub(crate) fn slots(&self, paper_json: &str) -> AppResult<Vec<i64>> {
        if self.0.is_empty() {
            return Ok(Vec::new());
        }
        let form = Form::parse(paper_json)?;
        let asks = |slot: &&FormSlot| self.0.contains(&(slot.question.clone(), slot.version, slot.item));
        Ok(form.slots.iter().filter(asks).map(|slot| i64::from(slot.slot)).collect())
    }
}

pub(crate) fn read(row: &RulingRow) -> AppResult<StoredRuling> {
    serde_json::from_str(&row.ruling_json).map_err(|error| AppError::corrupt("ruling", error))
}

pub(crate) fn place(row: &RulingRow) -> AppResult<(u32, usize)> {
    let version = u32::try_from(row.version).map_err(|error| AppError::corrupt("ruling version", error))?;
    let item = usize::try_from(row.item).map_err(|error| AppError::corrupt("ruling item", error))?;
    Ok((version, item))
}

/// What a manager asks for, checked against the question. `field` names the ruling in messages.
///
/// # Errors
/// [`AppError::Invalid`] for an unknown policy or a key that the question cannot have.
pub(crate) fn checked(item: &Item, request: &RulingRequest, field: &str) -> AppResult<StoredRuling> {
    let policy = match request.policy.as_str() {
        "give_to_all" => SlotPolicy::GiveToAll,
        "give_to_answered" => SlotPolicy::GiveToAnswered,
        "by_key" => SlotPolicy::ByKey,
        other => {
            let text = format!("没有“{other}”这种更正，可用 give_to_all、give_to_answered 或 by_key");
            return Err(AppError::invalid(format!("{field}.policy"), text));
        }
    };
    if policy != SlotPolicy::ByKey && !request.keys.is_empty() {
        return Err(AppError::invalid(format!("{field}.keys"), "送分时不需要写答案"));
    }
    for (index, key) in request.keys.iter().enumerate() {
        key_of(item, key).map_err(|reason| AppError::invalid(format!("{field}.keys[{index}]"), reason))?;
    }
    Ok(StoredRuling { policy, keys: request.keys.clone() })
}

/// A key in the question's own option ids, read against the question.
fn key_of(item: &Item, value: &Value) -> Result<Key, String> {
    let options: BTreeSet<OptionId> =
        item.options().iter().filter_map(|option| option.id.as_str().parse().ok()).collect();
    let chosen = || -> Result<BTreeSet<OptionId>, String> {
        let ids: Vec<String> = serde_json::from_value(value.clone())
            .map_err(|_| "选择题的答案应写作选项编号的列表，例如 [\"a\"]".to_owned())?;
        let mut chosen = BTreeSet::new();
        for id in ids {
            let option: OptionId = id.parse().map_err(|error: scoring::KeyError| error.to_string())?;
            if !options.contains(&option) {
                return Err(format!("这道题没有选项 {id}"));
            }
            chosen.insert(option);
        }
        if chosen.is_empty() { Err("答案至少要有一个选项".to_owned()) } else { Ok(chosen) }
    };
    match &item.answer {
        Answer::Single { .. } => Ok(Key::Single { accepted: chosen()? }),
        Answer::Multiple { options, .. } => {
            let count = u8::try_from(options.len()).unwrap_or(u8::MAX);
            Key::multiple(chosen()?, count).map_err(|error| error.to_string())
        }
        Answer::Judgement { .. } => match value {
            Value::Bool(truth) => Ok(Key::Truth(*truth)),
            _ => Err("判断题的答案应是 true 或 false".to_owned()),
        },
        Answer::Blank { key } => {
            let answers: Vec<Vec<String>> = serde_json::from_value(value.clone())
                .map_err(|_| "填空题的答案应是每空一个列表，例如 [[\"六个月\"]]".to_owned())?;
            if answers.len() != key.len() {
                return Err(format!("这道题有 {} 个空，答案给了 {} 个", key.len(), answers.len()));
            }
            Key::blanks(answers).map_err(|error| error.to_string())
        }
        Answer::Essay { .. } => Err("简答题由人工评阅，不能这样更正".to_owned()),
    }
}
