//! Why there is no report.

/// Why a table or a chart could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A row with more or fewer cells than there are columns.
    #[error("第 {row} 行有 {cells} 个单元格，表头有 {columns} 列，无法生成表格")]
    RowWidth {
        /// Row from 1.
        row: usize,
        /// Cells in it.
        cells: usize,
        /// Columns of the table.
        columns: usize,
    },
    /// More than fits.
    #[error("{what}共 {found} 项，最多 {most} 项，请缩小统计范围后再导出")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many fit.
        most: usize,
    },
    /// The library that writes the format refused; the cause is for the log.
    #[error("报表生成失败，请重试；仍失败请把编号告诉系统管理员")]
    Writer(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl ReportError {
    pub(crate) fn writer(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Writer(Box::new(error))
    }
}
