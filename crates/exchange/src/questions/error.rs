//! Why a file of questions was not read.

use crate::ExchangeError;

/// A file that cannot be taken at all. Messages are for the person who uploaded it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuestionFileError {
    /// More bytes than allowed.
    #[error("文件超过 {limit_mebibytes} MiB，请拆分后分别导入")]
    FileTooLarge {
        /// The limit.
        limit_mebibytes: u64,
    },
    /// Unpacks to more than allowed: a zip bomb, or a document full of pictures.
    #[error("文件解压后过大（上限 {limit_mebibytes} MiB），已拒绝；请把题目复制到新建的文档后再导入")]
    ExpandsTooMuch {
        /// The limit.
        limit_mebibytes: u64,
    },
    /// More questions than one import takes.
    #[error("文件里的题目超过 {limit} 道，请拆分后分别导入")]
    TooManyQuestions {
        /// The limit.
        limit: usize,
    },
    /// More lines than that many questions have.
    #[error("文件超过 {limit} 行，请拆分后分别导入")]
    TooManyLines {
        /// The limit.
        limit: usize,
    },
    /// Nothing in it.
    #[error("文件是空的，请选择题目文件")]
    Empty,
    /// A document of Word 97 to 2003, or of old WPS.
    #[error("暂不支持旧版 Word 文档（.doc、.wps）；请用 Word 或 WPS 打开，另存为“Word 文档（.docx）”后再导入")]
    OldWord,
    /// Encrypted.
    #[error("文件设有打开密码，请去掉密码后再导入")]
    Protected,
    /// Something else than a file of questions.
    #[error("这个文件{what}，不能识别题目；请改用 xlsx、csv、docx、txt、GIFT、Aiken、JSON 或者 TOML")]
    NotQuestions {
        /// What it seems to be.
        what: String,
    },
    /// Broken.
    #[error("文件已损坏或内容不完整；请用 Word、Excel 或 WPS 打开，另存一份再导入")]
    Damaged {
        /// The reader's own words; for the log, not for the person.
        cause: String,
    },
    /// Text in no known encoding.
    #[error("文本编码无法识别（应为 UTF-8 或 GB18030）；请用记事本打开，另存为 UTF-8 编码后再导入")]
    Encoding,
    /// It was read, and there was no question in it.
    #[error("没有找到题目：{how}")]
    NoQuestions {
        /// How questions are recognised in such a file.
        how: String,
    },
    /// It was taken for the format, and is not well-formed.
    #[error("{place}不是正确的 {format}：{reason}")]
    Malformed {
        /// JSON or TOML.
        format: &'static str,
        /// 第 7 行.
        place: String,
        /// What the reader said.
        reason: String,
    },
    /// A table that cannot be taken.
    #[error("{0}")]
    Sheet(ExchangeError),
}

impl QuestionFileError {
    pub(super) fn damaged(cause: impl std::fmt::Display) -> Self {
        Self::Damaged { cause: cause.to_string() }
    }

    pub(super) fn none(how: impl Into<String>) -> Self {
        Self::NoQuestions { how: how.into() }
    }
}

impl From<ExchangeError> for QuestionFileError {
    fn from(error: ExchangeError) -> Self {
        match error {
            ExchangeError::FileTooLarge { limit_mebibytes } => Self::FileTooLarge { limit_mebibytes },
            ExchangeError::Empty => Self::Empty,
            ExchangeError::NotSpreadsheet { what } => Self::NotQuestions { what: what.to_owned() },
            ExchangeError::Protected => Self::Protected,
            ExchangeError::Damaged { cause } => Self::Damaged { cause },
            ExchangeError::Encoding => Self::Encoding,
            other => Self::Sheet(other),
        }
    }
}
