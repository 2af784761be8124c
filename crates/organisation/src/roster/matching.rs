//! Which stored person a row is about.

use super::MADE_UP_KEY;
use super::notes::Notes;
use super::plan::{PlanInput, PlanOptions};
use super::row::{Field, KeyKind, ParsedRow, Severity};
use crate::UnitId;
use crate::person::{Person, YearMonth};
use std::collections::HashMap;

/// A row that may change somebody.
#[derive(Debug)]
pub(super) struct Candidate<'a> {
    pub(super) row: &'a ParsedRow,
    pub(super) name: &'a str,
    pub(super) born: Option<YearMonth>,
    /// The row's keys as stored, best first; none when it has none.
    pub(super) keys: Vec<(KeyKind, String)>,
}

/// Rows that may be matched, and rows that are refused.
type Sorted<'a> = (Vec<Candidate<'a>>, Vec<&'a ParsedRow>);

/// The rows that may be matched, and those that are refused: named in the problems.
pub(super) fn candidates<'a>(
    input: &PlanInput<'a>,
    options: &PlanOptions,
    key_of: &dyn Fn(KeyKind, &str) -> String,
    notes: &mut Notes,
) -> Sorted<'a> {
    let mut list = Vec::with_capacity(input.rows.len());
    let mut refused = Vec::new();
    for row in input.rows {
        if row.refused {
            refused.push(row);
            continue;
        }
        let Some(name) = row.get(Field::Name) else {
            notes.row(row, Some(Field::Name), Severity::Error, "没有姓名，请补上");
            refused.push(row);
            continue;
        };
        let born = row.get(Field::Born).and_then(|text| YearMonth::try_from(text.to_owned()).ok());
        let keys = options
            .keys
            .iter()
            .filter_map(|kind| row.get(kind.field()).map(|value| (*kind, key_of(*kind, value))))
            .collect();
        list.push(Candidate { row, name, born, keys });
    }
    refuse_duplicates(list, refused, options, notes)
}

/// Rows that share a 工号 or an ID number are all refused, each naming another. A phone may be shared by two people:
/// then it is no key for them, unless they have the same name.
fn refuse_duplicates<'a>(
    mut list: Vec<Candidate<'a>>,
    mut refused: Vec<&'a ParsedRow>,
    options: &PlanOptions,
    notes: &mut Notes,
) -> Sorted<'a> {
    for kind in [KeyKind::StaffNo, KeyKind::IdNumber, KeyKind::Phone] {
        if kind == KeyKind::Phone && !options.keys.contains(&kind) {
            continue;
        }
        let mut holders: HashMap<&str, Vec<usize>> = HashMap::new();
        for (place, candidate) in list.iter().enumerate() {
            if let Some(value) = candidate.row.get(kind.field()) {
                holders.entry(value).or_default().push(place);
            }
        }
        let mut bad: Vec<bool> = vec![false; list.len()];
        let mut shared: Vec<bool> = vec![false; list.len()];
        for places in holders.values().filter(|places| places.len() > 1) {
            for (turn, place) in places.iter().enumerate() {
                let other = places.get(if turn == 0 { 1 } else { 0 }).and_then(|other| list.get(*other));
                let (Some(own), Some(other)) = (list.get(*place), other) else { continue };
                let two_people = kind == KeyKind::Phone && own.name != other.name;
                let marks = if two_people { &mut shared } else { &mut bad };
                if let Some(mark) = marks.get_mut(*place) {
                    *mark = true;
                }
                let title = kind.field().title();
                let (severity, reason) = if two_people {
                    (
                        Severity::Warning,
                        format!("手机号与{}的“{}”相同，不用来识别这两人", other.row.place(), other.name),
                    )
                } else {
                    let reason =
                        format!("{title}与{}的“{}”重复，两行都没有导入，请改正", other.row.place(), other.name);
                    (Severity::Error, reason)
                };
                notes.row(own.row, Some(kind.field()), severity, reason);
            }
        }
        for (candidate, shared) in list.iter_mut().zip(&shared) {
            if *shared {
                candidate.keys.retain(|(own, _)| *own != KeyKind::Phone);
            }
        }
        let mut marks = bad.into_iter();
        let (kept, gone): (Vec<_>, Vec<_>) = list.into_iter().partition(|_| !marks.next().unwrap_or(false));
        refused.extend(gone.into_iter().map(|candidate| candidate.row));
        list = kept;
    }
    (list, refused)
}

type NameInUnit<'a> = (&'a str, &'a UnitId);

/// Birth month and place in the file of somebody who is known by name alone.
type Fresh = (Option<YearMonth>, String);

/// Finds each row's person and sees that no person is meant by two rows.
#[derive(Debug)]
pub(super) struct Matcher<'a> {
    existing: &'a [Person],
    by_key: HashMap<&'a str, usize>,
    by_name: HashMap<NameInUnit<'a>, Vec<usize>>,
    taken: HashMap<usize, String>,
    /// New people known by name alone: (name, unit) → birth month and place in the file.
    fresh: HashMap<(String, UnitId), Vec<Fresh>>,
}

impl<'a> Matcher<'a> {
    pub(super) fn new(existing: &'a [Person]) -> Self {
        let mut by_name: HashMap<(&str, &UnitId), Vec<usize>> = HashMap::new();
        for (place, person) in existing.iter().enumerate() {
            by_name.entry((&person.name, &person.unit)).or_default().push(place);
        }
        let by_key = existing.iter().enumerate().map(|(place, person)| (person.key.as_str(), place)).collect();
        Self { existing, by_key, by_name, taken: HashMap::new(), fresh: HashMap::new() }
    }

    pub(super) fn is_taken(&self, place: usize) -> bool {
        self.taken.contains_key(&place)
    }

    /// The stored person of a row, or none when it is somebody new.
    ///
    /// # Errors
    /// Two rows mean one person, or it cannot be told who is meant.
    pub(super) fn find(
        &mut self,
        candidate: &Candidate<'_>,
        unit: Option<&UnitId>,
        notes: &mut Notes,
    ) -> Result<Option<&'a Person>, String> {
        let by_key = candidate.keys.iter().find_map(|(_, key)| self.by_key.get(key.as_str()).copied());
        let found = match by_key {
            Some(place) => Some(place),
            None => self.by_name(candidate, unit, notes)?,
        };
        let Some(place) = found else { return Ok(None) };
        if let Some(other) = self.taken.insert(place, candidate.row.place()) {
            self.taken.insert(place, other.clone());
            return Err(format!("与{other}是同一个人，这一行没有导入，请删去其一"));
        }
        Ok(self.existing.get(place))
    }

    fn by_name(
        &mut self,
        candidate: &Candidate<'_>,
        unit: Option<&UnitId>,
        notes: &mut Notes,
    ) -> Result<Option<usize>, String> {
        let Some(unit) = unit else { return Ok(None) };
        let same = self.by_name.get(&(candidate.name, unit)).map(Vec::as_slice).unwrap_or_default();
        let fits = |place: &&usize| {
            self.existing.get(**place).is_some_and(|person| match (person.born, candidate.born) {
                (Some(own), Some(other)) => own == other,
                _ => true,
            })
        };
        let fitting: Vec<usize> = same.iter().filter(fits).copied().collect();
        if candidate.keys.is_empty() {
            self.keyless(candidate, unit, &fitting, notes)
        } else {
            Ok(self.adopted(candidate, &fitting, notes))
        }
    }

    /// A row without any key.
    fn keyless(
        &mut self,
        candidate: &Candidate<'_>,
        unit: &UnitId,
        fitting: &[usize],
        notes: &mut Notes,
    ) -> Result<Option<usize>, String> {
        match fitting {
            [only] => {
                let reason = "没有工号等识别号，按姓名、单位、出生年月认作系统里已有的人，请核对";
                notes.row(candidate.row, Some(Field::Name), Severity::Warning, reason);
                Ok(Some(*only))
            }
            [] => {
                let others = self.fresh.entry((candidate.name.to_owned(), unit.clone())).or_default();
                let clash = others.iter().find(|(born, _)| match (born, candidate.born) {
                    (Some(own), Some(other)) => *own == other,
                    _ => true,
                });
                if let Some((_, other)) = clash {
                    return Err(format!(
                        "与{other}同单位同名，又没有工号等识别号，分不清是不是同一个人；请补上识别号或出生年月"
                    ));
                }
                others.push((candidate.born, candidate.row.place()));
                let reason = "没有工号等识别号，今后只能按姓名、单位、出生年月识别，建议补上";
                notes.row(candidate.row, Some(Field::Name), Severity::Warning, reason);
                Ok(None)
            }
            _ => Err(format!(
                "本单位有 {} 位叫“{}”的人，没有识别号分不清是哪一位；请补上工号等识别号或出生年月",
                fitting.len(),
                candidate.name
            )),
        }
    }

    /// A row whose keys are unknown: perhaps the person was stored without a key, or under another kind of key.
    fn adopted(&self, candidate: &Candidate<'_>, fitting: &[usize], notes: &mut Notes) -> Option<usize> {
        let [only] = fitting else { return None };
        let person = self.existing.get(*only)?;
        let last4: Option<String> = candidate
            .row
            .get(Field::IdNumber)
            .map(|id| id.chars().skip(id.chars().count().saturating_sub(4)).collect());
        let same_id = last4.is_some() && last4 == person.id_last4 && person.born.is_some();
        if !self.is_taken(*only) && (person.key.starts_with(MADE_UP_KEY) || same_id) {
            let reason = "识别号是新的，按姓名、单位、出生年月认作系统里已有的人，请核对";
            notes.row(candidate.row, Some(Field::Name), Severity::Warning, reason);
            return Some(*only);
        }
        let reason = "系统里同单位已有同名的人，识别号不同，按新增处理；如是同一人请先改正识别号";
        notes.row(candidate.row, Some(Field::Name), Severity::Warning, reason);
        None
    }
}
