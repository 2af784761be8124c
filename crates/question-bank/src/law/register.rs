//! The register of laws (法规登记册).

use super::source::SourceEdition;
use super::types::{Article, ArticleNo, Edition, EditionId, LawError, LawSlug};
use crate::Problem;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// All editions, by id; those of one law form a chain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Register(BTreeMap<EditionId, Edition>);

impl Register {
    /// A register of these editions.
    ///
    /// # Errors
    /// When two have one id.
    pub fn from_editions(editions: impl IntoIterator<Item = Edition>) -> Result<Self, LawError> {
        let mut register = Self::default();
        for edition in editions {
            let id = edition.id.clone();
            if register.0.insert(id.clone(), edition).is_some() {
                return Err(LawError::Twice(id.into_string()));
            }
        }
        Ok(register)
    }

    /// The register of the editions of a folder of law texts (see [`super::parse_source`]).
    ///
    /// # Errors
    /// When a word is not known, or an edition or an article stands twice.
    pub fn from_source_records(editions: &[SourceEdition]) -> Result<Self, LawError> {
        let editions: Vec<Edition> = editions.iter().map(SourceEdition::to_edition).collect::<Result<_, _>>()?;
        Self::from_editions(editions)
    }

    /// The edition of this id.
    pub fn edition(&self, id: &EditionId) -> Option<&Edition> {
        self.0.get(id)
    }

    /// The article of an edition.
    pub fn article(&self, id: &EditionId, no: &ArticleNo) -> Option<&Article> {
        self.0.get(id)?.article(no)
    }

    /// All editions, by id.
    pub fn editions(&self) -> impl Iterator<Item = &Edition> {
        self.0.values()
    }

    /// How many editions there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The editions of a law, in the order of their first days in force; those without one come first.
    pub fn chain(&self, law: &LawSlug) -> Vec<&Edition> {
        let mut chain: Vec<&Edition> = self.0.values().filter(|edition| edition.law == *law).collect();
        chain.sort_by(|a, b| (a.effective, &a.id).cmp(&(b.effective, &b.id)));
        chain
    }

    /// The edition of a law that is in force on a day; of two that overlap, the later.
    pub fn edition_on(&self, law: &LawSlug, day: Date) -> Option<&Edition> {
        self.chain(law).into_iter().rev().find(|edition| edition.in_force_on(day))
    }

    /// What is wrong with the dates: an edition in force before it was promulgated or after it was superseded,
    /// overlaps (errors), gaps in the chain of a law and unknown days (warnings).
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for edition in self.0.values() {
            problems.extend(dates_of(edition));
        }
        let laws: BTreeSet<&LawSlug> = self.0.values().map(|edition| &edition.law).collect();
        for law in laws {
            let chain = self.chain(law);
            for (earlier, later) in chain.iter().zip(chain.iter().skip(1)) {
                problems.extend(joint(earlier, later));
            }
        }
        problems
    }
}

fn dates_of(edition: &Edition) -> Vec<Problem> {
    let id = edition.id.as_str();
    let mut problems = Vec::new();
    match (edition.effective, edition.promulgated, edition.superseded_on) {
        (None, ..) => problems.push(
            Problem::error(id, "施行日期不详，按任何一天都不在有效期内处理；查明后请补上").field("effective").warning(),
        ),
        (Some(effective), Some(promulgated), _) if effective < promulgated => {
            problems.push(
                Problem::error(id, format!("施行日期 {effective} 早于公布日期 {promulgated}，请核对"))
                    .field("effective"),
            );
        }
        (Some(effective), _, Some(end)) if end <= effective => {
            problems.push(
                Problem::error(id, format!("失效日期 {end} 不晚于施行日期 {effective}，请核对")).field("superseded_on"),
            );
        }
        _ => {}
    }
    if edition.id != EditionId::of(&edition.law, &edition.edition) {
        problems.push(Problem::error(id, "编号应当是“法规代号-版本”").field("id"));
    }
    problems
}

fn joint(earlier: &Edition, later: &Edition) -> Option<Problem> {
    let (Some(_), Some(start)) = (earlier.effective, later.effective) else { return None };
    let id = later.id.as_str();
    match earlier.superseded_on {
        None => Some(Problem::error(
            earlier.id.as_str(),
            format!("后面还有 {id}（{start} 施行），本版却没有失效日期，两版重叠；请补上失效日期"),
        )),
        Some(end) if end > start => Some(Problem::error(
            id,
            format!("与 {} 重叠：前一版到 {end} 才失效，本版 {start} 已施行；请核对日期", earlier.id),
        )),
        Some(end) if end < start => Some(
            Problem::error(
                id,
                format!("与 {} 之间有空缺：前一版 {end} 失效，本版 {start} 才施行；中间的版本未收录", earlier.id),
            )
            .warning(),
        ),
        Some(_) => None,
    }
    .map(|problem| problem.field("superseded_on"))
}

#[cfg(test)]
mod tests {
    use super::Register;
    use crate::fixtures::edition;
    use crate::law::{Edition, LawError};
    use jiff::civil::{Date, date};

    fn dated(year: &str, effective: Option<Date>, superseded_on: Option<Date>) -> Edition {
        Edition { promulgated: None, effective, superseded_on, ..edition("jia-fa", year, &[("1", "甲。")]) }
    }

    fn register(editions: &[Edition]) -> Register {
        Register::from_editions(editions.to_vec()).unwrap()
    }

    #[test]
    fn the_edition_of_a_day_changes_on_the_first_day_of_the_next() {
        let change = date(2024, 1, 1);
        let register =
            register(&[dated("2018", Some(date(2018, 10, 1)), Some(change)), dated("2023", Some(change), None)]);
        let on = |day: Date| register.edition_on(&"jia-fa".into(), day).map(|edition| edition.edition.as_str());
        assert_eq!(on(date(2018, 9, 30)), None);
        assert_eq!(on(date(2018, 10, 1)), Some("2018"));
        assert_eq!(on(date(2023, 12, 31)), Some("2018"));
        assert_eq!(on(change), Some("2023"));
        assert_eq!(register.edition_on(&"yi-fa".into(), change), None);
        assert_eq!(register.problems(), []);
    }

    #[test]
    fn gaps_overlaps_and_reversed_dates_are_named() {
        let (d1, d2, d3) = (date(2018, 1, 1), date(2020, 1, 1), date(2022, 1, 1));
        let cases = [
            ("gap", dated("1", Some(d1), Some(d2)), dated("2", Some(d3), None), "空缺", false),
            ("overlap", dated("1", Some(d1), Some(d3)), dated("2", Some(d2), None), "重叠", true),
            ("open end", dated("1", Some(d1), None), dated("2", Some(d2), None), "重叠", true),
            ("reversed", dated("1", Some(d2), Some(d1)), dated("2", Some(d3), None), "不晚于", true),
            ("unknown", dated("1", None, None), dated("2", Some(d3), None), "不详", false),
        ];
        for (name, first, second, word, is_error) in cases {
            let problems = register(&[first, second]).problems();
            let found = problems.iter().find(|problem| problem.reason.contains(word));
            assert_eq!(found.map(crate::Problem::is_error), Some(is_error), "{name}: {problems:?}");
        }
    }

    #[test]
    fn one_id_stands_once() {
        let twice = Register::from_editions([dated("1", None, None), dated("1", None, None)]);
        assert_eq!(twice, Err(LawError::Twice("jia-fa-1".into())));
    }
}
