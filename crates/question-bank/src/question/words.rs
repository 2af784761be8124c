//! The words of the format that are one of a list.

use serde::{Deserialize, Serialize};

macro_rules! words {
    (
        $(#[$doc:meta])* $name:ident, $all:literal {
            $( $(#[$variant_doc:meta])* $variant:ident = $word:literal, $title:literal; )+
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $( $(#[$variant_doc])* #[serde(rename = $word)] $variant, )+
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The words, for messages.
            pub(crate) const WORDS: &'static str = $all;

            /// Reads the word of files and JSON.
            pub fn parse(word: &str) -> Option<Self> {
                match word {
                    $( $word => Some(Self::$variant), )+
                    _ => None,
                }
            }

            /// The word of files and JSON.
            pub fn as_str(self) -> &'static str {
                match self {
                    $( Self::$variant => $word, )+
                }
            }

            /// The Chinese term.
            pub fn title(self) -> &'static str {
                match self {
                    $( Self::$variant => $title, )+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// Kind of a question (题型).
    Kind, "single、multiple、judgement、blank、case、essay" {
        /// One right option.
        Single = "single", "单选";
        /// Two to four right options.
        Multiple = "multiple", "多选";
        /// Right or wrong.
        Judgement = "judgement", "判断";
        /// Words to fill in.
        Blank = "blank", "填空";
        /// A passage with parts of the other kinds.
        Case = "case", "案例";
        /// An answer marked by hand.
        Essay = "essay", "简答";
    }
}

words! {
    /// State of a question (状态).
    State, "draft、submitted、approved、active、retired" {
        /// Being written.
        Draft = "draft", "草稿";
        /// Waiting for its reviewer.
        Submitted = "submitted", "送审";
        /// Reviewed.
        Approved = "approved", "审定";
        /// In papers.
        Active = "active", "启用";
        /// Out of papers.
        Retired = "retired", "停用";
    }
}

words! {
    /// Pool of a question (题库池).
    Pool, "practice、exam、secure" {
        /// Open to everybody.
        Practice = "practice", "练习";
        /// For examinations.
        Exam = "exam", "考试";
        /// For confidential examinations.
        Secure = "secure", "保密";
    }
}

words! {
    /// Cognitive level (认知层次).
    Level, "recall、understanding、application" {
        /// Knows it.
        Recall = "recall", "识记";
        /// Tells it apart.
        Understanding = "understanding", "理解";
        /// Applies it to a case.
        Application = "application", "运用";
    }
}

words! {
    /// Whom a question suits (适用对象).
    Audience, "all、party、leading、soe、institution、village" {
        /// Everybody who exercises public power.
        All = "all", "全体公职人员";
        /// Party members.
        Party = "party", "党员";
        /// Leading cadres.
        Leading = "leading", "领导干部";
        /// Managers of state enterprises.
        Soe = "soe", "国企管理人员";
        /// Managers of public institutions.
        Institution = "institution", "事业单位人员";
        /// Members of village and community committees.
        Village = "village", "村社区人员";
    }
}
