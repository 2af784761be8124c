//! `zhijie people`, `zhijie account`.

use std::process::ExitCode;

use app::imports::Importer;
use organisation::roster::{Mode, Severity};

use super::{DONE_IN_PART, Failure, Outcome, open, print_json};
use crate::args::{Account, ImportMode, People, Places};

/// `zhijie people …`
pub(super) fn people(places: &Places, command: People) -> Outcome {
    let People::Import { file, mode, dry_run, confirm_left, json } = command else {
        return Err(super::later("people codes"));
    };
    let bytes =
        std::fs::read(&file).map_err(|error| Failure::wrong_use(format!("无法读取 {}：{error}", file.display())))?;
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mode = match mode {
        ImportMode::Add => Mode::Add,
        ImportMode::Full => Mode::Full,
    };
    let app = open(places, false)?;
    app.prepare()?;
    let importer = Importer::command_line();
    let plan = if dry_run {
        app.plan_people(&importer, &name, &bytes, mode)?
    } else {
        app.import_people(&importer, &name, &bytes, mode, confirm_left)?
    };
    let report = plan.report();
    if json {
        print_json(&report)?;
    }
    for problem in &report.problems {
        let place = [problem.sheet.clone(), problem.row.map(|row| format!("第 {row} 行")), problem.field.clone()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ");
        let severity = if problem.severity == Severity::Error { "错误" } else { "提醒" };
        eprintln!("{severity} {place}：{}", problem.reason);
    }
    let people = report.people;
    eprintln!(
        "人员：新增 {}，变更 {}，调动 {}，离开 {}，不变 {}；单位：新增 {}{}",
        people.new,
        people.changed,
        people.moved,
        people.left,
        people.unchanged,
        report.units.new,
        if dry_run { "（预览，没有写入）" } else { "" }
    );
    let taken = people.new + people.changed + people.moved + people.left + people.unchanged;
    if plan.has_errors() && taken == 0 {
        return Err(Failure::wrong_use("文件里没有一行可以导入，请按上面的提示改好再试"));
    }
    Ok(if plan.has_errors() { ExitCode::from(DONE_IN_PART) } else { ExitCode::SUCCESS })
}

/// `zhijie account …`
pub(super) fn account(places: &Places, command: Account) -> Outcome {
    let app = open(places, false)?;
    app.prepare()?;
    match command {
        Account::Reset { login } => {
            let code = app.reset_login(&login)?;
            println!("登录名 {}　激活码 {}　有效期至 {}", code.login, code.code, code.expires_at);
        }
        Account::Grant { login, role, scope } => {
            app.grant_role("cli", &login, &role, &scope)?;
            eprintln!("已授予 {login} 角色 {role}；新账号请用 account reset {login} 领取激活码");
        }
    }
    Ok(ExitCode::SUCCESS)
}
