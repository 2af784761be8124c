//! Why a file was not read.

/// A file that cannot be taken at all. Messages are for the person who uploaded it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeError {
    /// More bytes than allowed.
    #[error("文件超过 {limit_mebibytes} MiB，请拆分后分别导入")]
    FileTooLarge {
        /// The limit.
        limit_mebibytes: u64,
    },
    /// Unpacks to more than allowed: a zip bomb, or a workbook full of formatting.
    #[error("文件解压后过大（上限 {limit_mebibytes} MiB、{ratio} 倍），已拒绝；请把数据复制到新建的工作簿再导入")]
    ExpandsTooMuch {
        /// The limit in all.
        limit_mebibytes: u64,
        /// The limit as a ratio.
        ratio: u64,
    },
    /// Too many rows.
    #[error("文件超过 {limit} 行，请拆分后分别导入")]
    TooManyRows {
        /// The limit.
        limit: u32,
    },
    /// A cell far to the right.
    #[error("《{sheet}》第 {row} 行的内容超出第 {limit} 列，请删去多余的列")]
    TooManyColumns {
        /// The sheet.
        sheet: String,
        /// The row, from 1.
        row: u32,
        /// The limit.
        limit: u32,
    },
    /// Too many cells.
    #[error("文件的单元格超过 {limit} 个，请删去多余的列、行或拆分后导入")]
    TooManyCells {
        /// The limit.
        limit: u64,
    },
    /// Nothing in it.
    #[error("文件是空的，请选择花名册文件")]
    Empty,
    /// Something else than a spreadsheet.
    #[error("这不是表格文件（{what}），请上传 xlsx、xls 或 csv")]
    NotSpreadsheet {
        /// What it seems to be.
        what: &'static str,
    },
    /// A page or an XML file with the name of a workbook, as many systems export.
    #[error("这个文件名为 xls，实际是{what}；请用 Excel 或 WPS 打开，另存为“Excel 工作簿（xlsx）”后再上传")]
    Disguised {
        /// What it is.
        what: &'static str,
    },
    /// A spreadsheet of a kind that is not read.
    #[error("暂不支持 {what} 格式，请用 Excel 或 WPS 另存为“Excel 工作簿（xlsx）”后再上传")]
    OtherSpreadsheet {
        /// What it is.
        what: &'static str,
    },
    /// Encrypted.
    #[error("文件设有打开密码，请去掉密码后再上传")]
    Protected,
    /// Broken.
    #[error("文件已损坏或内容不完整，请用 Excel 或 WPS 打开并另存为“Excel 工作簿（xlsx）”后再上传")]
    Damaged {
        /// The reader's own words; for the log, not for the person.
        cause: String,
    },
    /// Text in no known encoding.
    #[error("文本编码无法识别（应为 UTF-8 或 GB18030），请用 Excel 或 WPS 另存为 xlsx 后再上传")]
    Encoding,
}

impl ExchangeError {
    pub(crate) fn damaged(cause: impl std::fmt::Display) -> Self {
        Self::Damaged { cause: cause.to_string() }
    }
}
