//! Why a use case was refused, in the contract's terms.

use api::FieldError;
use storage::StorageError;

/// A refusal. Each variant is one problem type of the contract; its words go to a person.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// 401 `not-signed-in`.
    #[error("请先登录")]
    NotSignedIn,
    /// 401 `wrong-credentials`.
    #[error("{0}")]
    WrongCredentials(String),
    /// 403 `activation-required`.
    #[error("账号尚未激活，请用激活码激活")]
    ActivationRequired,
    /// 403 `forbidden`.
    #[error("{0}")]
    Forbidden(String),
    /// 403 `not-released`.
    #[error("{0}")]
    NotReleased(String),
    /// 404 `not-found`.
    #[error("没有找到{0}")]
    NotFound(&'static str),
    /// 409 `window-not-open`.
    #[error("{0}")]
    WindowNotOpen(String),
    /// 409 `attempt-closed`.
    #[error("本次作答已结束")]
    AttemptClosed {
        /// Whether what came was put aside for a person to decide on.
        kept_for_review: bool,
    },
    /// 409 `attempt-taken-over`.
    #[error("本次作答已在另一台设备上继续")]
    AttemptTakenOver,
    /// 409 `answers-missing`: the server does not hold the revisions that the phone named.
    #[error("有答案尚未送达")]
    AnswersMissing(Vec<FieldError>),
    /// 409 `conflict`.
    #[error("{0}")]
    Conflict(String),
    /// 412 `precondition-failed`.
    #[error("内容已被别人改过，请刷新后再改")]
    PreconditionFailed,
    /// 413 `too-large`.
    #[error("{0}")]
    TooLarge(String),
    /// 422 `invalid`.
    #[error("提交的内容有误")]
    Invalid(Vec<FieldError>),
    /// 428 `precondition-required`.
    #[error("修改前请先读取，并带上 If-Match")]
    PreconditionRequired,
    /// 429 `too-many-requests`.
    #[error("{message}")]
    TooManyRequests {
        /// What the person reads.
        message: String,
        /// When to come again.
        retry_after_seconds: u64,
    },
    /// 503 `unavailable`.
    #[error("系统繁忙，请稍候再试")]
    Unavailable {
        /// For the log.
        cause: String,
    },
    /// 500: a defect; the cause goes to the log.
    #[error("系统内部错误")]
    Internal(String),
}

impl AppError {
    /// One refused field.
    pub fn invalid(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError { field: field.into(), reason: reason.into() }])
    }

    /// A stored text that does not parse: a defect.
    pub fn corrupt(what: &str, error: impl std::fmt::Display) -> Self {
        Self::Internal(format!("{what}: {error}"))
    }

    /// The refusal of many who asked together: what failed, failed for each.
    pub(crate) fn for_each_of<T>(self, count: usize) -> Vec<AppResult<T>> {
        let each = || match &self {
            Self::Unavailable { cause } => Self::Unavailable { cause: cause.clone() },
            other => Self::Internal(format!("{other:?}")),
        };
        std::iter::repeat_with(|| Err(each())).take(count).collect()
    }

    /// Names what was not found.
    pub fn or_not_found(what: &'static str) -> impl Fn(StorageError) -> Self {
        move |error| match error {
            StorageError::NotFound => Self::NotFound(what),
            other => Self::from(other),
        }
    }
}

impl From<StorageError> for AppError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::NotFound => Self::NotFound("所要的内容"),
            StorageError::Conflict(cause) => {
                tracing::info!(cause, "conflict");
                Self::Conflict("内容与已有的冲突，或刚被别人改过，请刷新后再试".to_owned())
            }
            StorageError::Unavailable(cause) => Self::Unavailable { cause },
            StorageError::InUse(path) => Self::Unavailable { cause: path },
            other => Self::Internal(other.to_string()),
        }
    }
}

impl From<ledger::ExportError> for AppError {
    fn from(error: ledger::ExportError) -> Self {
        Self::Internal(error.to_string())
    }
}

/// What a use case answers.
pub type AppResult<T> = Result<T, AppError>;
