//! Tables of the lake: columns in, the bytes of a file out.

use polars::prelude::{Column, CsvWriter, DataFrame, SerWriter as _};

use crate::{AnalyticsError, parquet};

/// The values of a column, one for each row.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Texts; none where there is none.
    Text(Vec<Option<String>>),
    /// Whole numbers; instants are microseconds UTC.
    Whole(Vec<Option<i64>>),
    /// Yes or no.
    Flag(Vec<bool>),
}

/// A named column.
#[derive(Debug, Clone, PartialEq)]
pub struct LakeColumn {
    /// Its name in the file.
    pub name: &'static str,
    /// Its values.
    pub values: Values,
}

/// A table of the lake.
#[derive(Debug, Clone)]
pub struct LakeTable {
    frame: DataFrame,
}

impl LakeTable {
    /// A table of columns of one length.
    ///
    /// # Errors
    /// When the lengths differ, or two columns have one name.
    pub fn new(columns: Vec<LakeColumn>) -> Result<Self, AnalyticsError> {
        let columns: Vec<Column> = columns
            .into_iter()
            .map(|column| match column.values {
                Values::Text(values) => Column::new(column.name.into(), values),
                Values::Whole(values) => Column::new(column.name.into(), values),
                Values::Flag(values) => Column::new(column.name.into(), values),
            })
            .collect();
        let height = columns.first().map_or(0, Column::len);
        Ok(Self { frame: DataFrame::new(height, columns)? })
    }

    /// Rows.
    pub fn rows(&self) -> usize {
        self.frame.height()
    }

    /// The table as a Parquet file; the same table gives the same bytes.
    ///
    /// # Errors
    /// When the engine refuses.
    pub fn to_parquet(&self) -> Result<Vec<u8>, AnalyticsError> {
        parquet::to_bytes(&self.frame)
    }

    /// The table as csv, with a byte order mark, so that office programs read it as UTF-8.
    ///
    /// # Errors
    /// When the engine refuses.
    pub fn to_csv(&self) -> Result<Vec<u8>, AnalyticsError> {
        let mut bytes = b"\xef\xbb\xbf".to_vec();
        CsvWriter::new(&mut bytes).finish(&mut self.frame.clone())?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> LakeTable {
        let text = |values: &[Option<&str>]| Values::Text(values.iter().map(|v| v.map(str::to_owned)).collect());
        LakeTable::new(vec![
            LakeColumn { name: "person", values: text(&[Some("甲"), None]) },
            LakeColumn { name: "marks_centi", values: Values::Whole(vec![Some(6_050), None]) },
            LakeColumn { name: "late", values: Values::Flag(vec![false, true]) },
        ])
        .unwrap()
    }

    #[test]
    fn the_same_table_gives_the_same_bytes() {
        assert_eq!(table().rows(), 2);
        assert_eq!(table().to_parquet().unwrap(), table().to_parquet().unwrap());
        let csv = String::from_utf8(table().to_csv().unwrap()).unwrap();
        assert_eq!(csv, "\u{feff}person,marks_centi,late\n甲,6050,false\n,,true\n");
    }

    #[test]
    fn columns_of_other_lengths_are_refused() {
        let columns = vec![
            LakeColumn { name: "a", values: Values::Flag(vec![true]) },
            LakeColumn { name: "b", values: Values::Flag(vec![true, false]) },
        ];
        assert!(LakeTable::new(columns).is_err());
    }
}
