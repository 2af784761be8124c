//! What can go wrong with tables and their files.

use std::path::PathBuf;

use polars::error::PolarsError;

/// Why a table could not be made, read or written.
#[derive(Debug, thiserror::Error)]
pub enum AnalyticsError {
    /// The engine refused; the cause is for the log.
    #[error("统计数据处理失败，请重试；仍失败请把编号告诉系统管理员")]
    Engine(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A file or byte string that is no table of ours.
    #[error("数据文件缺少“{0}”列，不是答题数据，请换用本系统导出的文件")]
    MissingColumn(String),
    /// A value that the table cannot hold.
    #[error("第 {row} 条答题记录的“{field}”超出范围，请核对数据来源")]
    OutOfRange {
        /// Place in the list, from 1.
        row: usize,
        /// Name of the field.
        field: &'static str,
    },
    /// The file system refused.
    #[error("文件“{}”无法读写，请检查磁盘空间和权限", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The cause, for the log.
        source: std::io::Error,
    },
}

impl From<PolarsError> for AnalyticsError {
    fn from(error: PolarsError) -> Self {
        Self::Engine(Box::new(error))
    }
}
