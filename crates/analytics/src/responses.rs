//! The table of responses (答题数据): one row for each slot of each attempt.

use std::path::Path;

use polars::prelude::{Column, DataFrame};

use crate::{AnalyticsError, parquet};

/// One slot of one attempt, marked. A slot that was not answered has a row too, with a fraction of 0.
#[derive(Debug, Clone, PartialEq)]
pub struct ResponseRow {
    /// The attempt.
    pub attempt: String,
    /// The person.
    pub person: String,
    /// Ids of the units from the top to the person's own, each followed by `/`.
    pub unit_path: String,
    /// The person's own unit, on the day of the roster.
    pub unit: String,
    /// Analysis group of ranks, on the day of the roster.
    pub rank: String,
    /// The question's reference.
    pub question: String,
    /// The question's version.
    pub version: u32,
    /// Place on the paper, from 1.
    pub slot: u32,
    /// Main topic, a slug.
    pub topic: String,
    /// Law of the first citation, a slug.
    pub law: String,
    /// Cognitive level.
    pub level: String,
    /// Kind of question.
    pub kind: String,
    /// Share of the question that is right, 0 to 1.
    pub fraction: f64,
    /// Marks got, in hundredths.
    pub marks_centi: i64,
    /// Marks to be got, in hundredths.
    pub marks_max_centi: i64,
    /// Time on the question in milliseconds, if the phone told.
    pub elapsed_ms: Option<u64>,
    /// The response in canonical form; nothing when it was left open.
    pub chosen: Option<String>,
}

/// The names of the columns, in the order of the file.
const COLUMNS: [&str; 17] = [
    "attempt",
    "person",
    "unit_path",
    "unit",
    "rank",
    "question",
    "version",
    "slot",
    "topic",
    "law",
    "level",
    "kind",
    "fraction",
    "marks_centi",
    "marks_max_centi",
    "elapsed_ms",
    "chosen",
];

/// Responses as columns.
#[derive(Debug, Clone)]
pub struct ResponseTable {
    frame: DataFrame,
}

impl ResponseTable {
    /// Makes the table.
    ///
    /// # Errors
    /// When a fraction is none between 0 and 1, or a time is beyond 2^63 ms.
    pub fn from_rows(rows: &[ResponseRow]) -> Result<Self, AnalyticsError> {
        let text = |name: &str, of: fn(&ResponseRow) -> &str| {
            Column::new(name.into(), rows.iter().map(of).collect::<Vec<&str>>())
        };
        let whole = |name: &str, of: fn(&ResponseRow) -> i64| {
            Column::new(name.into(), rows.iter().map(of).collect::<Vec<i64>>())
        };
        let small = |name: &str, of: fn(&ResponseRow) -> u32| {
            Column::new(name.into(), rows.iter().map(of).collect::<Vec<u32>>())
        };
        let elapsed = (1..)
            .zip(rows)
            .map(|(row, response)| {
                if !(0.0..=1.0).contains(&response.fraction) {
                    return Err(AnalyticsError::OutOfRange { row, field: "fraction" });
                }
                let elapsed = response.elapsed_ms.map(i64::try_from).transpose();
                elapsed.map_err(|_| AnalyticsError::OutOfRange { row, field: "elapsed_ms" })
            })
            .collect::<Result<Vec<Option<i64>>, AnalyticsError>>()?;
        let columns = vec![
            text("attempt", |row| &row.attempt),
            text("person", |row| &row.person),
            text("unit_path", |row| &row.unit_path),
            text("unit", |row| &row.unit),
            text("rank", |row| &row.rank),
            text("question", |row| &row.question),
            small("version", |row| row.version),
            small("slot", |row| row.slot),
            text("topic", |row| &row.topic),
            text("law", |row| &row.law),
            text("level", |row| &row.level),
            text("kind", |row| &row.kind),
            Column::new("fraction".into(), rows.iter().map(|row| row.fraction).collect::<Vec<f64>>()),
            whole("marks_centi", |row| row.marks_centi),
            whole("marks_max_centi", |row| row.marks_max_centi),
            Column::new("elapsed_ms".into(), elapsed),
            Column::new("chosen".into(), rows.iter().map(|row| row.chosen.as_deref()).collect::<Vec<Option<&str>>>()),
        ];
        Ok(Self { frame: DataFrame::new(rows.len(), columns)? })
    }

    /// Number of responses.
    pub fn len(&self) -> usize {
        self.frame.height()
    }

    /// Whether there is no response.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The table as a Parquet file.
    ///
    /// # Errors
    /// When the engine refuses.
    pub fn to_parquet(&self) -> Result<Vec<u8>, AnalyticsError> {
        parquet::to_bytes(&self.frame)
    }

    /// A table from the bytes of a Parquet file.
    ///
    /// # Errors
    /// When it is no Parquet file, or lacks a column.
    pub fn from_parquet(bytes: Vec<u8>) -> Result<Self, AnalyticsError> {
        Self::checked(parquet::from_bytes(bytes)?)
    }

    /// Writes a Parquet file: whole or not at all.
    ///
    /// # Errors
    /// When the file system or the engine refuses.
    pub fn write_parquet(&self, path: &Path) -> Result<(), AnalyticsError> {
        parquet::write(path, &self.to_parquet()?)
    }

    /// Reads a Parquet file.
    ///
    /// # Errors
    /// When there is none, or it is no table of responses.
    pub fn read_parquet(path: &Path) -> Result<Self, AnalyticsError> {
        Self::checked(parquet::read(path)?)
    }

    fn checked(frame: DataFrame) -> Result<Self, AnalyticsError> {
        match COLUMNS.iter().find(|name| frame.column(name).is_err()) {
            Some(name) => Err(AnalyticsError::MissingColumn((*name).to_owned())),
            None => Ok(Self { frame: frame.select(COLUMNS)? }),
        }
    }

    pub(crate) fn frame(&self) -> &DataFrame {
        &self.frame
    }
}
