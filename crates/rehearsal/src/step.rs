//! What a taker asks of the server, as the figures tell them apart.

/// A kind of request (环节).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    SignIn,
    Start,
    Save,
    Submit,
    Batch,
    Resume,
    Poll,
    Check,
    Receipt,
}

impl Step {
    pub(crate) const ALL: [Self; 9] = [
        Self::SignIn,
        Self::Start,
        Self::Save,
        Self::Submit,
        Self::Batch,
        Self::Resume,
        Self::Poll,
        Self::Check,
        Self::Receipt,
    ];

    /// Its key in the report.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Start => "start",
            Self::Save => "save",
            Self::Submit => "submit",
            Self::Batch => "batch",
            Self::Resume => "resume",
            Self::Poll => "poll",
            Self::Check => "check",
            Self::Receipt => "receipt",
        }
    }

    /// Its name on the page.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::SignIn => "登录",
            Self::Start => "开始",
            Self::Save => "保存",
            Self::Submit => "交卷",
            Self::Batch => "补传",
            Self::Resume => "重新进入",
            Self::Poll => "轮询",
            Self::Check => "核对",
            Self::Receipt => "回执",
        }
    }

    /// Its place among [`Step::ALL`].
    pub(crate) fn place(self) -> usize {
        Self::ALL.iter().position(|step| *step == self).unwrap_or_default()
    }
}
