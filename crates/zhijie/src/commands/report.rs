//! `zhijie report …`

use std::process::ExitCode;

use super::{Failure, Outcome, later, open};
use crate::args::{Places, Report};

/// `zhijie report mastery --exam ID --format F OUT`
pub(super) fn run(places: &Places, report: &Report) -> Outcome {
    if report.kind != "mastery" {
        return Err(later(&format!("report {}", report.kind)));
    }
    if report.phase.is_some() {
        return Err(later("report --phase"));
    }
    let Some(exam) = &report.exam else {
        return Err(Failure::wrong_use("请用 --exam 指明考试编号；可用 zhijie exam list 查看"));
    };
    let app = open(places, false)?;
    let mastery = app.mastery_of_everybody(exam, &report.by)?;
    let bytes = app.mastery_bytes(exam, &mastery, &report.format)?;
    std::fs::write(&report.out, bytes)
        .map_err(|error| Failure::failed(format!("无法写入 {}：{error}", report.out.display())))?;
    eprintln!("已写入 {}（{} 行）", report.out.display(), mastery.rows.len());
    Ok(ExitCode::SUCCESS)
}
