//! Why a file of law texts was not read.

/// A file that cannot be taken. Messages are for the person who uploaded it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LawFileError {
    /// More bytes than allowed.
    #[error("文件超过 {limit_mebibytes} MiB；请只保留法规正文（去掉图片、附件）后再导入")]
    FileTooLarge {
        /// The limit.
        limit_mebibytes: u64,
    },
    /// Unpacks to more than allowed: a zip bomb, or a document that is no law.
    #[error("文件解压后过大（上限 {limit_mebibytes} MiB），已拒绝；请把正文复制到新建的 Word 文档后再导入")]
    ExpandsTooMuch {
        /// The limit.
        limit_mebibytes: u64,
    },
    /// More lines than any law has.
    #[error("文件超过 {limit} 行，请只保留法规正文后再导入")]
    TooManyLines {
        /// The limit.
        limit: usize,
    },
    /// More articles than allowed.
    #[error("文件中的条文超过 {limit} 条，请拆分后分别导入")]
    TooManyArticles {
        /// The limit.
        limit: usize,
    },
    /// Nothing in it.
    #[error("文件是空的，请选择法规文本（docx、html、txt 或 JSON Lines）")]
    Empty,
    /// A document of Word 97 to 2003, or of old WPS.
    #[error("暂不支持旧版 Word 文档（.doc、.wps）；请用 Word 或 WPS 打开，另存为“Word 文档（.docx）”后再导入")]
    OldWord,
    /// Encrypted.
    #[error("文件设有打开密码，请去掉密码后再导入")]
    Protected,
    /// Something else than a text.
    #[error("这个文件{what}，不能识别条文；请改用 docx、html 或 txt")]
    NotText {
        /// What it seems to be.
        what: &'static str,
    },
    /// Broken.
    #[error("文件已损坏或内容不完整，请用 Word 或 WPS 打开并另存为“Word 文档（.docx）”后再导入")]
    Damaged {
        /// The reader's own words; for the log, not for the person.
        cause: String,
    },
    /// Text in no known encoding.
    #[error("文本编码无法识别（应为 UTF-8、GB18030 或 UTF-16）；请用记事本打开，另存为 UTF-8 编码后再导入")]
    Encoding,
    /// Single characters could not be read.
    #[error("{label}中有无法识别的字符（乱码）；请重新下载，或用记事本另存为 UTF-8 编码后再导入")]
    BrokenCharacters {
        /// The article.
        label: String,
    },
    /// No article was found.
    #[error("没有找到条文：应有以“第一条”“一、”或“（一）”开头的行；请确认选择的是法规正文")]
    NoArticles,
    /// No article was found, and the document numbers its paragraphs by itself.
    #[error("没有找到条文：“第×条”可能是 Word 自动编号，不在文字里；请在 Word 中另存为“纯文本（.txt）”后再导入")]
    AutomaticNumbers,
    /// A record of a JSON file is not as it should be.
    #[error("第 {record} 个记录有误：{reason}")]
    Record {
        /// The record, from 1.
        record: usize,
        /// What is wrong.
        reason: String,
    },
    /// Not JSON.
    #[error("第 {line} 行不是完整的 JSON；请重新下载或导出后再导入")]
    Json {
        /// The line, from 1.
        line: usize,
    },
}

impl LawFileError {
    pub(super) fn damaged(cause: impl std::fmt::Display) -> Self {
        Self::Damaged { cause: cause.to_string() }
    }
}
