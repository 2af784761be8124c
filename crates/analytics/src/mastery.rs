//! Mastery (掌握情况): facility with its interval by unit, rank, topic, law and level.

use std::collections::{BTreeMap, BTreeSet};

use measurement::disclosure::MIN_CELL_PERSONS;
use measurement::facility::{PersonSums, estimate_sums};
use polars::prelude::{
    Column, DataFrame, DataType, Expr, IntoLazy, JoinArgs, JoinType, LazyFrame, SortMultipleOptions, StringChunked,
    col, len, lit,
};
use serde::Serialize;

use crate::{AnalyticsError, ResponseTable, parquet};

/// Figures are rounded to this many parts, so that the order in which an engine adds does not show.
const PARTS: f64 = 1e9;
/// The column of the unit that a person is counted under.
const REPORTED: &str = "reported";
/// A key that is the same for all, for queries without dimensions.
const WHOLE: &str = "whole";

/// What figures are broken down by (分析维度).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// 单位, each with all below it.
    Unit,
    /// 职级.
    Rank,
    /// 主题.
    Topic,
    /// 法规.
    Law,
    /// 认知层次.
    Level,
}

impl Dimension {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 5] = [Self::Unit, Self::Rank, Self::Topic, Self::Law, Self::Level];

    /// The name in queries and column titles.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Rank => "rank",
            Self::Topic => "topic",
            Self::Law => "law",
            Self::Level => "level",
        }
    }

    /// The dimension of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dimension| dimension.name() == name)
    }

    fn column(self) -> &'static str {
        if self == Self::Unit { REPORTED } else { self.name() }
    }
}

/// Under which units a person is counted.
#[derive(Debug, Clone, Copy)]
pub enum RollUp<'a> {
    /// Under every unit on the way from the top to the own one.
    Path,
    /// Under the units given for the own one; persons of other units are left out.
    Map(&'a BTreeMap<String, Vec<String>>),
}

/// A question to the table of responses.
#[derive(Clone, Copy)]
pub struct MasteryQuery<'a> {
    /// The dimensions; their order is the order of sorting. Without any there is one row for everybody.
    pub by: &'a [Dimension],
    /// Which units have rows, when the unit is a dimension.
    pub roll_up: RollUp<'a>,
    /// Only persons below this unit, and no unit above it.
    pub scope: Option<&'a str>,
    /// Whether the cell of this unit (none: everybody) and rank (none: all ranks) may be shown.
    pub is_shown: &'a dyn Fn(Option<&str>, Option<&str>) -> bool,
}

/// A row of the table of mastery. Dimensions that were not asked for are absent, figures of a suppressed row null.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct MasteryRow {
    /// Unit, with all below it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Analysis group of ranks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<String>,
    /// Topic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Law.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub law: Option<String>,
    /// Cognitive level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Persons with a response.
    pub persons: Option<u64>,
    /// Responses.
    pub responses: Option<u64>,
    /// Share of what could be got, 0 to 1.
    pub facility: Option<f64>,
    /// Lower end of the 95 % interval.
    pub low: Option<f64>,
    /// Upper end of the 95 % interval.
    pub high: Option<f64>,
    /// Whether the figures are withheld, since too few persons stand behind them.
    pub suppressed: bool,
}

impl MasteryRow {
    /// The value in a dimension.
    pub fn key(&self, dimension: Dimension) -> Option<&str> {
        match dimension {
            Dimension::Unit => &self.unit,
            Dimension::Rank => &self.rank,
            Dimension::Topic => &self.topic,
            Dimension::Law => &self.law,
            Dimension::Level => &self.level,
        }
        .as_deref()
    }

    fn set_key(&mut self, dimension: Dimension, value: Option<String>) {
        let field = match dimension {
            Dimension::Unit => &mut self.unit,
            Dimension::Rank => &mut self.rank,
            Dimension::Topic => &mut self.topic,
            Dimension::Law => &mut self.law,
            Dimension::Level => &mut self.level,
        };
        *field = value;
    }
}

/// The table of mastery: responses are summed for each person and key, then over persons, and
/// [`measurement::facility`] makes the estimate. A row is suppressed when its cell of unit and rank may not be shown,
/// or when fewer than five persons answered it. Sorted by the dimensions, each by the bytes of its text.
///
/// # Errors
/// When the engine refuses.
pub fn mastery(table: &ResponseTable, query: &MasteryQuery<'_>) -> Result<Vec<MasteryRow>, AnalyticsError> {
    let mut seen = BTreeSet::new();
    let by: Vec<Dimension> = query.by.iter().copied().filter(|dimension| seen.insert(*dimension)).collect();
    let keys: Vec<Expr> = std::iter::once(WHOLE).chain(by.iter().map(|one| one.column())).map(col).collect();
    let with_person: Vec<Expr> = std::iter::once(col("person")).chain(keys.iter().cloned()).collect();

    let persons = persons(table, query, &by)?
        .group_by(with_person.clone())
        .agg([col("y").sum(), col("m").sum()])
        // The order of adding must not depend on the order in which groups come out.
        .sort_by_exprs(with_person, SortMultipleOptions::default());
    let (y, m) = (|| col("y"), || col("m"));
    let sums = persons
        .group_by(keys.clone())
        .agg([
            len().cast(DataType::Int64).alias("persons"),
            m().sum().cast(DataType::Int64).alias("responses"),
            y().sum().alias("sum_y"),
            (y() * y()).sum().alias("sum_yy"),
            (y() * m()).sum().alias("sum_ym"),
            (m() * m()).sum().alias("sum_mm"),
        ])
        .sort_by_exprs(keys, SortMultipleOptions::default())
        .collect()?;
    rows(&sums, query, &by)
}

/// Sums of fractions (`y`) and numbers of responses (`m`) by person, unit of report and the other dimensions.
fn persons(table: &ResponseTable, query: &MasteryQuery<'_>, by: &[Dimension]) -> Result<LazyFrame, AnalyticsError> {
    let by_unit = by.contains(&Dimension::Unit);
    let others = by.iter().filter(|one| **one != Dimension::Unit).map(|one| col(one.name()));
    let keys: Vec<Expr> = [col("person"), col("unit")].into_iter().chain(others).collect();
    let sums = table
        .frame()
        .clone()
        .lazy()
        .group_by(keys)
        .agg([col("fraction").sum().alias("y"), len().cast(DataType::Float64).alias("m")])
        .with_column(lit(0).alias(WHOLE));
    if !by_unit && query.scope.is_none() {
        return Ok(sums);
    }
    let units = roll_up(table, query, by_unit)?.lazy();
    Ok(sums.join(units, [col("unit")], [col("unit")], JoinArgs::new(JoinType::Inner)))
}

/// Pairs of an own unit and a unit it is counted under.
fn roll_up(table: &ResponseTable, query: &MasteryQuery<'_>, by_unit: bool) -> Result<DataFrame, AnalyticsError> {
    let paths = table.frame().clone().lazy().group_by([col("unit"), col("unit_path")]).agg([]).collect()?;
    let mut pairs: BTreeSet<(String, String)> = BTreeSet::new();
    for (unit, path) in texts(&paths, "unit")?.iter().zip(texts(&paths, "unit_path")?.iter()) {
        let (Some(unit), Some(path)) = (unit, path) else { continue };
        let ids: Vec<&str> = path.split('/').filter(|id| !id.is_empty()).collect();
        let below = match query.scope {
            None => ids.as_slice(),
            Some(scope) => match ids.iter().position(|id| *id == scope) {
                Some(at) => ids.get(at..).unwrap_or_default(),
                None => continue,
            },
        };
        match (by_unit, query.roll_up) {
            // Only who is in the scope matters: each counts once.
            (false, _) => drop(pairs.insert((unit.to_owned(), String::new()))),
            (true, RollUp::Path) => pairs.extend(below.iter().map(|id| (unit.to_owned(), (*id).to_owned()))),
            (true, RollUp::Map(map)) => {
                pairs.extend(map.get(unit).into_iter().flatten().map(|id| (unit.to_owned(), id.clone())));
            }
        }
    }
    let (own, reported): (Vec<String>, Vec<String>) = pairs.into_iter().unzip();
    Ok(DataFrame::new(own.len(), vec![Column::new("unit".into(), own), Column::new(REPORTED.into(), reported)])?)
}

fn texts<'a>(frame: &'a DataFrame, name: &str) -> Result<&'a StringChunked, AnalyticsError> {
    Ok(frame.column(name)?.str()?)
}

fn rows(sums: &DataFrame, query: &MasteryQuery<'_>, by: &[Dimension]) -> Result<Vec<MasteryRow>, AnalyticsError> {
    let (persons, responses) = (sums.column("persons")?.i64()?, sums.column("responses")?.i64()?);
    let (y, yy) = (sums.column("sum_y")?.f64()?, sums.column("sum_yy")?.f64()?);
    let (ym, mm) = (sums.column("sum_ym")?.f64()?, sums.column("sum_mm")?.f64()?);
    let keys = by
        .iter()
        .map(|dimension| Ok((*dimension, texts(sums, dimension.column())?)))
        .collect::<Result<Vec<_>, AnalyticsError>>()?;
    let count = |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok()).unwrap_or(0);
    let mut rows = Vec::with_capacity(sums.height());
    for at in 0..sums.height() {
        let mut row = MasteryRow::default();
        for (dimension, texts) in &keys {
            row.set_key(*dimension, texts.get(at).map(str::to_owned));
        }
        let person_sums = PersonSums {
            persons: count(persons.get(at)),
            responses: count(responses.get(at)),
            y: y.get(at).unwrap_or(0.0),
            yy: yy.get(at).unwrap_or(0.0),
            ym: ym.get(at).unwrap_or(0.0),
            mm: mm.get(at).unwrap_or(0.0),
        };
        fill(&mut row, &person_sums, query);
        rows.push(row);
    }
    Ok(rows)
}

fn fill(row: &mut MasteryRow, sums: &PersonSums, query: &MasteryQuery<'_>) {
    let cell = (row.unit.as_deref().or(query.scope), row.rank.as_deref());
    row.suppressed = sums.persons < MIN_CELL_PERSONS || !(query.is_shown)(cell.0, cell.1);
    if row.suppressed {
        return;
    }
    row.persons = Some(sums.persons);
    row.responses = Some(sums.responses);
    if let Some(found) = estimate_sums(sums) {
        let rounded = |value: f64| Some((value * PARTS).round() / PARTS);
        row.facility = rounded(found.facility);
        row.low = rounded(found.low);
        row.high = rounded(found.high);
    }
}

/// A table of mastery as a Parquet file, with a column for each dimension asked for.
///
/// # Errors
/// When the engine refuses.
pub fn mastery_parquet(rows: &[MasteryRow], by: &[Dimension]) -> Result<Vec<u8>, AnalyticsError> {
    let mut seen = BTreeSet::new();
    let mut columns: Vec<Column> = Vec::new();
    for dimension in by.iter().copied().filter(|dimension| seen.insert(*dimension)) {
        let values: Vec<Option<&str>> = rows.iter().map(|row| row.key(dimension)).collect();
        columns.push(Column::new(dimension.name().into(), values));
    }
    let whole = |name: &str, of: fn(&MasteryRow) -> Option<u64>| {
        let values: Vec<Option<i64>> = rows.iter().map(|row| of(row).and_then(|n| i64::try_from(n).ok())).collect();
        Column::new(name.into(), values)
    };
    let real = |name: &str, of: fn(&MasteryRow) -> Option<f64>| {
        Column::new(name.into(), rows.iter().map(of).collect::<Vec<Option<f64>>>())
    };
    columns.push(whole("persons", |row| row.persons));
    columns.push(whole("responses", |row| row.responses));
    columns.push(real("facility", |row| row.facility));
    columns.push(real("low", |row| row.low));
    columns.push(real("high", |row| row.high));
    columns.push(Column::new("suppressed".into(), rows.iter().map(|row| row.suppressed).collect::<Vec<bool>>()));
    parquet::to_bytes(&DataFrame::new(rows.len(), columns)?)
}

#[cfg(test)]
mod tests;
