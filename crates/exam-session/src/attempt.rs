//! The attempt (作答) as a state machine: its steps are an append-only list, its state follows from them.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What an attempt is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptState {
    /// 答题中.
    Answering,
    /// 已交卷, by the person.
    Submitted,
    /// 到时自动交卷, by the deadline.
    AutoSubmitted,
    /// 已作废, by a manager with a reason.
    Voided,
}

/// Why an attempt is void.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Voiding {
    /// 取消成绩: it counts as taken and failed, uses up one try, and is listed apart.
    Disqualified,
    /// 作废重考 (an incident not of the person's making): as if it had never been.
    Annulled,
}

/// One step of an attempt (过程记录).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// 开始答题; always the first and only the first.
    Started,
    /// 继续答题 on the same device.
    Resumed,
    /// 换设备继续: the epoch rose.
    TakenOver,
    /// 离开页面: the phone says that its page was out of sight.
    LeftScreen,
    /// 延时.
    Extended,
    /// 交卷.
    Submitted,
    /// 到时自动交卷.
    AutoSubmitted,
    /// 评分, or the same again under a new key or rule.
    Marked,
    /// 迟到的作答留待复核.
    AnswerKept,
    /// 复核后采用的作答.
    AnswerAdmitted,
    /// 作废.
    Voided,
    /// 恢复作答.
    Reopened,
}

/// A step that cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AttemptError {
    /// The state does not allow the step.
    #[error("这份答卷{}，不能{}：请刷新后查看最新状态", state_text(*.state), step_text(*.step))]
    NotAllowed {
        /// The state before.
        state: AttemptState,
        /// The step.
        step: StepKind,
    },
}

fn state_text(state: AttemptState) -> &'static str {
    match state {
        AttemptState::Answering => "正在作答",
        AttemptState::Submitted => "已经交卷",
        AttemptState::AutoSubmitted => "已到时自动交卷",
        AttemptState::Voided => "已经作废",
    }
}

fn step_text(step: StepKind) -> &'static str {
    match step {
        StepKind::Started => "再次开始",
        StepKind::Resumed => "继续作答",
        StepKind::TakenOver => "换设备作答",
        StepKind::LeftScreen => "记录离开页面",
        StepKind::Extended => "延时",
        StepKind::Submitted | StepKind::AutoSubmitted => "再次交卷",
        StepKind::Marked => "评分",
        StepKind::AnswerKept => "留存作答",
        StepKind::AnswerAdmitted => "采用留存的作答",
        StepKind::Voided => "作废",
        StepKind::Reopened => "恢复作答",
    }
}

impl AttemptState {
    /// Whether the attempt has ended.
    pub fn is_ended(self) -> bool {
        self != Self::Answering
    }

    /// The state after a step.
    ///
    /// # Errors
    ///
    /// The step is not allowed in this state.
    pub fn after(self, step: StepKind) -> Result<Self, AttemptError> {
        use AttemptState::{Answering, AutoSubmitted, Submitted, Voided};
        match (self, step) {
            (Answering, StepKind::Resumed | StepKind::TakenOver | StepKind::LeftScreen | StepKind::Extended) => {
                Ok(Answering)
            }
            (Answering, StepKind::Submitted) => Ok(Submitted),
            (Answering, StepKind::AutoSubmitted) => Ok(AutoSubmitted),
            (Submitted | AutoSubmitted, StepKind::Marked | StepKind::AnswerAdmitted) => Ok(self),
            (Submitted | AutoSubmitted | Voided, StepKind::AnswerKept) => Ok(self),
            (Answering | Submitted | AutoSubmitted, StepKind::Voided) => Ok(Voided),
            (Submitted | AutoSubmitted | Voided, StepKind::Reopened) => Ok(Answering),
            // Answers can be late while nobody has closed the attempt yet.
            (Answering, StepKind::AnswerKept) => Ok(Answering),
            _ => Err(AttemptError::NotAllowed { state: self, step }),
        }
    }

    /// The state after a list of steps that begins with [`StepKind::Started`].
    ///
    /// # Errors
    ///
    /// A step that is not allowed, with the state before it; a list without a start is refused too.
    pub fn replay(steps: impl IntoIterator<Item = StepKind>) -> Result<Self, AttemptError> {
        let mut steps = steps.into_iter();
        match steps.next() {
            Some(StepKind::Started) => steps.try_fold(Self::Answering, Self::after),
            Some(step) => Err(AttemptError::NotAllowed { state: Self::Answering, step }),
            None => Err(AttemptError::NotAllowed { state: Self::Answering, step: StepKind::Started }),
        }
    }
}

/// What a resumption does to the epoch (代次).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takeover {
    /// The same device goes on.
    Same {
        /// The epoch, unchanged.
        epoch: i64,
    },
    /// Another device takes over; answers of the device before are older from now on.
    TakenOver {
        /// The raised epoch.
        epoch: i64,
    },
}

impl Takeover {
    /// The epoch that holds from now on.
    pub fn epoch(self) -> i64 {
        match self {
            Self::Same { epoch } | Self::TakenOver { epoch } => epoch,
        }
    }
}

/// Whether a device that resumes is another one than the attempt's. A missing device is the same device.
pub fn takeover(epoch: i64, known: Option<&str>, device: Option<&str>) -> Takeover {
    match (known, device) {
        (Some(known), Some(device)) if known != device => Takeover::TakenOver { epoch: epoch.saturating_add(1) },
        _ => Takeover::Same { epoch },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use StepKind as S;

    #[test]
    fn steps_lead_from_state_to_state() {
        use AttemptState::{Answering, AutoSubmitted, Submitted, Voided};
        for (steps, expected) in [
            (vec![S::Started], Some(Answering)),
            (vec![S::Started, S::Resumed, S::TakenOver, S::LeftScreen, S::Extended], Some(Answering)),
            (vec![S::Started, S::Submitted, S::LeftScreen], None),
            (vec![S::Started, S::Submitted, S::Marked, S::Marked], Some(Submitted)),
            (vec![S::Started, S::AutoSubmitted, S::AnswerKept, S::AnswerAdmitted], Some(AutoSubmitted)),
            (vec![S::Started, S::AnswerKept, S::AutoSubmitted], Some(AutoSubmitted)),
            (vec![S::Started, S::Voided], Some(Voided)),
            (vec![S::Started, S::Submitted, S::Voided, S::Reopened, S::Submitted], Some(Submitted)),
            (vec![S::Started, S::AutoSubmitted, S::Reopened], Some(Answering)),
            (vec![], None),
            (vec![S::Resumed], None),
            (vec![S::Started, S::Started], None),
            (vec![S::Started, S::Marked], None),
            (vec![S::Started, S::Submitted, S::Submitted], None),
            (vec![S::Started, S::Submitted, S::AutoSubmitted], None),
            (vec![S::Started, S::Submitted, S::Resumed], None),
            (vec![S::Started, S::Voided, S::Marked], None),
            (vec![S::Started, S::Voided, S::Voided], None),
            (vec![S::Started, S::Reopened], None),
        ] {
            assert_eq!(AttemptState::replay(steps.clone()).ok(), expected, "{steps:?}");
        }
        assert_eq!(
            Submitted.after(S::TakenOver).unwrap_err().to_string(),
            "这份答卷已经交卷，不能换设备作答：请刷新后查看最新状态"
        );
    }

    #[test]
    fn another_device_raises_the_epoch() {
        for (known, device, expected) in [
            (Some("a"), Some("a"), Takeover::Same { epoch: 3 }),
            (Some("a"), Some("b"), Takeover::TakenOver { epoch: 4 }),
            (Some("a"), None, Takeover::Same { epoch: 3 }),
            (None, Some("b"), Takeover::Same { epoch: 3 }),
            (None, None, Takeover::Same { epoch: 3 }),
        ] {
            assert_eq!(takeover(3, known, device), expected, "{known:?} {device:?}");
        }
    }

    #[test]
    fn states_have_the_names_of_the_contract() {
        for (state, name) in [
            (AttemptState::Answering, "answering"),
            (AttemptState::Submitted, "submitted"),
            (AttemptState::AutoSubmitted, "auto_submitted"),
            (AttemptState::Voided, "voided"),
        ] {
            assert_eq!(serde_json::to_value(state).unwrap(), name);
        }
    }
}
