//! What kind of rehearsal is held, with its limits.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::RehearsalError;

/// Takers at the most.
pub const TAKERS_MOST: u32 = 200_000;
/// Length at the most, in seconds: a day.
pub const DURATION_SECONDS_MOST: u32 = 86_400;
/// Requests a second at the most.
pub const RATE_MOST: u32 = 200_000;
/// Questions of the rehearsal's paper at the most.
pub const QUESTIONS_MOST: u32 = 300;
/// Threads at the most.
pub const THREADS_MOST: u32 = 16;
/// Saves a second that one attempt may make: the server allows 50 in the long run.
pub const SAVES_OF_ONE_MOST: u32 = 40;

/// How the takers behave (演练方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// As people do: read, answer, change, go off line, come back, hand in.
    People,
    /// Everybody has started; each saves every so many seconds.
    Steady,
    /// Starts at a fixed rate.
    Starts,
    /// Everybody has answered; hand-ins at a fixed rate.
    Submissions,
    /// Everybody has started; saves at a fixed rate over few connections.
    Peak,
}

impl Profile {
    /// Its word on the command line and in the report.
    pub fn word(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Steady => "steady",
            Self::Starts => "starts",
            Self::Submissions => "submissions",
            Self::Peak => "peak",
        }
    }
}

/// How people arrive (到场方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arrivals {
    /// All within a minute of the opening, most of them at once.
    Minute,
    /// At equal distances.
    Even,
    /// At random moments (a Poisson process of so many arrivals).
    Poisson,
}

/// What is driven at the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// How they behave.
    pub profile: Profile,
    /// How many takers.
    pub takers: u32,
    /// Length of what is measured, in seconds.
    pub duration_seconds: u32,
    /// Questions of the paper.
    pub questions: u32,
    /// Requests a second, for starts, submissions and peak; none: what fits the takers and the length.
    pub rate: Option<u32>,
    /// Seconds between two saves of one taker, for steady.
    pub every_seconds: u32,
    /// How people arrive, for people.
    pub arrivals: Arrivals,
    /// Starts and hand-ins a second around what is measured, for those profiles that need everybody to have started.
    pub preparation_rate: u32,
}

impl Load {
    /// People, as most districts rehearse.
    pub fn people(takers: u32, duration_seconds: u32) -> Self {
        Self {
            profile: Profile::People,
            takers,
            duration_seconds,
            questions: 20,
            rate: None,
            every_seconds: 10,
            arrivals: Arrivals::Minute,
            preparation_rate: 200,
        }
    }
}

/// Which share of people do what, in per cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Behaviour {
    /// Lose the network once for a while.
    pub offline_percent: u32,
    /// Load the page again.
    pub reload_percent: u32,
    /// Go on with another device.
    pub takeover_percent: u32,
    /// Of the answers, are changed at once.
    pub change_percent: u32,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self { offline_percent: 15, reload_percent: 10, takeover_percent: 3, change_percent: 10 }
    }
}

/// How long a phone waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For one reply.
    pub reply: Duration,
    /// For one request to succeed, with all that is tried again.
    pub give_up: Duration,
    /// Before the second try; doubled each time.
    pub retry_first: Duration,
    /// Between two tries at the most.
    pub retry_most: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            reply: Duration::from_secs(30),
            give_up: Duration::from_secs(120),
            retry_first: Duration::from_secs(1),
            retry_most: Duration::from_secs(30),
        }
    }
}

/// What the machine gives for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Means {
    /// Connections; none: one for each taker, as far as the machine allows.
    pub connections: Option<u32>,
    /// Threads.
    pub threads: u32,
}

impl Default for Means {
    fn default() -> Self {
        Self { connections: None, threads: 1 }
    }
}

/// Somebody who signs in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Login {
    /// Login.
    pub login: String,
    /// Password.
    pub password: String,
}

/// A rehearsal as the server makes it: its exam, and a token for each virtual taker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prepared {
    /// The exam.
    pub exam: String,
    /// Access tokens of the virtual takers.
    pub tokens: Vec<String>,
}

/// A rehearsal to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where the server is: `http://host:port`.
    pub url: String,
    /// A manager's token, unless the server is a demo on this machine.
    pub token: Option<String>,
    /// What is driven at it.
    pub load: Load,
    /// What people do.
    pub behaviour: Behaviour,
    /// How long phones wait.
    pub patience: Patience,
    /// What the machine gives.
    pub means: Means,
    /// The same seed gives the same plan.
    pub seed: u64,
    /// The server will be killed and started again: lost connections are counted apart, and tried again.
    pub through_faults: bool,
    /// Accounts that sign in on the way; none: nobody does.
    pub logins: Vec<Login>,
    /// A rehearsal that the server has made before.
    pub prepared: Option<Prepared>,
    /// Ask the server to wipe it at the end.
    pub wipe: bool,
}

impl Settings {
    /// People on a server, with everything else as usual.
    pub fn people(url: &str, takers: u32, duration_seconds: u32) -> Self {
        Self {
            url: url.to_owned(),
            token: None,
            load: Load::people(takers, duration_seconds),
            behaviour: Behaviour::default(),
            patience: Patience::default(),
            means: Means::default(),
            seed: 1,
            through_faults: false,
            logins: Vec::new(),
            prepared: None,
            wipe: false,
        }
    }

    /// Requests a second of the profiles that have a rate.
    pub fn rate(&self) -> u32 {
        let load = &self.load;
        load.rate.unwrap_or_else(|| load.takers.div_ceil(load.duration_seconds.max(1))).max(1)
    }

    /// Takers that come: with starts or submissions at a given rate, as many as the length has room for.
    pub fn takers(&self) -> u32 {
        let load = &self.load;
        match (load.profile, load.rate) {
            (Profile::Starts | Profile::Submissions, Some(rate)) => {
                load.takers.min(rate.saturating_mul(load.duration_seconds))
            }
            _ => load.takers,
        }
    }

    /// Whether this can be held at all.
    ///
    /// # Errors
    /// [`RehearsalError::WrongUse`] with what to change.
    pub fn check(&self) -> Result<(), RehearsalError> {
        let load = &self.load;
        for (name, value, most) in [
            ("--takers", load.takers, TAKERS_MOST),
            ("--duration", load.duration_seconds, DURATION_SECONDS_MOST),
            ("--questions", load.questions, QUESTIONS_MOST),
            ("--every", load.every_seconds, DURATION_SECONDS_MOST),
            ("--rate", self.rate(), RATE_MOST),
            ("--threads", self.means.threads, THREADS_MOST),
            ("--preparation-rate", load.preparation_rate, RATE_MOST),
            ("--connections", self.means.connections.unwrap_or(1), TAKERS_MOST),
        ] {
            if !(1..=most).contains(&value) {
                return Err(RehearsalError::wrong_use(format!("{name} 应在 1 到 {most} 之间，收到 {value}")));
            }
        }
        if self.token.as_ref().is_some_and(|token| !token.bytes().all(|byte| byte.is_ascii_graphic())) {
            return Err(RehearsalError::wrong_use(
                "--token 不是令牌：应是登录答复里 token 的那一串字符，不含空格和换行",
            ));
        }
        let behaviour = &self.behaviour;
        for (name, percent) in [
            ("--offline", behaviour.offline_percent),
            ("--reload", behaviour.reload_percent),
            ("--takeover", behaviour.takeover_percent),
            ("--change", behaviour.change_percent),
        ] {
            if percent > 100 {
                return Err(RehearsalError::wrong_use(format!("{name} 是百分数，应在 0 到 100 之间，收到 {percent}")));
            }
        }
        self.check_rate()
    }

    fn check_rate(&self) -> Result<(), RehearsalError> {
        let load = &self.load;
        let asked = u64::from(self.rate()) * u64::from(load.duration_seconds);
        match load.profile {
            Profile::Peak => {
                let needed = self.rate().div_ceil(SAVES_OF_ONE_MOST);
                if load.takers < needed {
                    return Err(RehearsalError::wrong_use(format!(
                        "每秒 {} 次保存至少要 {needed} 名考生（每人每秒不超过 {SAVES_OF_ONE_MOST} 次），请把 --takers 改大",
                        self.rate()
                    )));
                }
            }
            Profile::Starts | Profile::Submissions if load.rate.is_some() && asked > u64::from(load.takers) => {
                return Err(RehearsalError::wrong_use(format!(
                    "每秒 {} 人、持续 {} 秒需要 {asked} 名考生，--takers 只有 {}；请把 --takers 改大，或把 --duration 改小",
                    self.rate(),
                    load.duration_seconds,
                    load.takers
                )));
            }
            _ => {}
        }
        let known = self.prepared.as_ref().map_or(usize::MAX, |prepared| prepared.tokens.len());
        if usize::try_from(load.takers).unwrap_or(usize::MAX) > known {
            return Err(RehearsalError::wrong_use(format!(
                "准备好的演练只有 {known} 名考生，--takers 是 {}：请改小，或重新准备",
                load.takers
            )));
        }
        Ok(())
    }
}
