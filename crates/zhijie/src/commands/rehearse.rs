//! `zhijie rehearse`.

use std::process::ExitCode;

use rehearsal::{Behaviour, Load, Means, Patience, RehearsalError, Report, Settings};

use super::{FAILED, Failure, Outcome, print_json};
use crate::args::Rehearse;

impl From<RehearsalError> for Failure {
    fn from(error: RehearsalError) -> Self {
        if error.is_wrong_use() { Self::wrong_use(error.to_string()) } else { Self::failed(error.to_string()) }
    }
}

/// Holds a rehearsal and reports.
pub(super) fn run(rehearse: &Rehearse) -> Outcome {
    let settings = settings(rehearse)?;
    let report = {
        let mut bar = rehearsal::bar();
        rehearsal::run(&settings, &mut bar)?
    };
    if let Some(path) = &rehearse.svg {
        let svg = rehearsal::chart(&report)?;
        std::fs::write(path, svg).map_err(|error| Failure::failed(format!("无法写入 {}：{error}", path.display())))?;
    }
    show(&report, rehearse.json)?;
    Ok(if report.is_good() { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

fn show(report: &Report, as_json: bool) -> Result<(), Failure> {
    if as_json {
        print_json(report)?;
        eprint!("{}", rehearsal::text(report));
    } else {
        print!("{}", rehearsal::text(report));
    }
    Ok(())
}

fn settings(rehearse: &Rehearse) -> Result<Settings, Failure> {
    Ok(Settings {
        url: rehearse.url.clone(),
        token: rehearse.token.clone(),
        load: Load {
            profile: rehearse.profile.into(),
            takers: rehearse.takers,
            duration_seconds: rehearse.duration,
            questions: rehearse.questions,
            rate: rehearse.rate,
            every_seconds: rehearse.every,
            arrivals: rehearse.arrivals.into(),
            preparation_rate: rehearse.preparation_rate,
        },
        behaviour: Behaviour {
            offline_percent: rehearse.offline,
            reload_percent: rehearse.reload,
            takeover_percent: rehearse.takeover,
            change_percent: rehearse.change,
        },
        patience: Patience::default(),
        means: Means { connections: rehearse.connections, threads: rehearse.threads },
        seed: rehearse.seed,
        through_faults: rehearse.through_faults,
        logins: rehearse.logins.as_deref().map(rehearsal::read_logins).transpose()?.unwrap_or_default(),
        prepared: rehearse.rehearsal.as_deref().map(rehearsal::read_prepared).transpose()?,
        wipe: rehearse.wipe,
    })
}
