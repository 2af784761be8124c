//! `zhijie people`, `zhijie account`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use app::SlipOrder;
use app::imports::Importer;
use organisation::roster::{Mode, Severity};
use tempfile::NamedTempFile;

use super::{DONE_IN_PART, Failure, Outcome, open, open_to_print, print_json};
use crate::args::{Account, ImportMode, People, Places, Print};

/// `zhijie people …`
pub(super) fn people(places: &Places, command: People) -> Outcome {
    match command {
        People::Import { file, mode, dry_run, confirm_left, json } => {
            import(places, &Roster { file, mode, dry_run, confirm_left, json })
        }
        People::Codes { unit, print, out } => codes(places, &unit, &print, &out),
    }
}

/// `zhijie people codes --unit U OUT.pdf`
fn codes(places: &Places, unit: &str, print: &Print, out: &Path) -> Outcome {
    let app = open_to_print(places, false, print)?;
    app.prepare()?;
    let directory = app.directory()?;
    let order = SlipOrder {
        unit: directory.unit_meant(unit)?.id.as_str(),
        only_missing: true,
        address: app.config().public_address.as_ref(),
    };
    if order.address.is_none() {
        eprintln!(
            "没有写明网址，激活条上没有二维码；如需二维码，请用 --url https://… 或环境变量 ZHIJIE_PUBLIC_URL 指明"
        );
    }
    // The document lies beside its place before any code changes: what follows is a renaming, which hardly fails.
    let mut written = None;
    let printed = app.print_slips_of_unit(order, |pdf| {
        written = Some(write_beside(out, &pdf.bytes).map_err(|error| cannot_write(out, &error))?);
        Ok::<_, Failure>(())
    })?;
    if let Some(written) = written {
        put_in_place(written, out)?;
    }
    if !printed.pdf.lacking.is_empty() {
        let lacking = printed.pdf.lacking.iter().map(char::to_string).collect::<Vec<_>>().join(" ");
        eprintln!("已装的字体没有这些字：{lacking}。激活条上印成 □，请手写补上，或用 --font 指明有这些字的字体");
    }
    eprintln!(
        "已写入 {}：{} 个单位，{} 张激活条，{} 页。以前发的激活码已作废，旧条请收回；文件里有激活码，打印后请妥善保管或删除",
        out.display(),
        printed.units,
        printed.slips,
        printed.pdf.pages
    );
    Ok(ExitCode::SUCCESS)
}

/// Writes a file of mode 600 beside its place. It goes when it is dropped.
fn write_beside(out: &Path, bytes: &[u8]) -> std::io::Result<NamedTempFile> {
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".zhijie-").suffix(".pdf").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn cannot_write(out: &Path, error: &std::io::Error) -> Failure {
    Failure::failed(format!("无法写入 {}：{error}。激活码没有变化，请换个位置再试", out.display()))
}

/// Gives a written file its name. The codes are stored by now: whatever happens, the file must stay.
fn put_in_place(written: NamedTempFile, out: &Path) -> Result<(), Failure> {
    written.persist(out).map(drop).map_err(|refused| {
        let kept = match refused.file.keep() {
            Ok((_, path)) => format!("激活条已存为 {}，请直接使用", path.display()),
            Err(_) => "新激活码已生效，请重新生成一次".to_owned(),
        };
        Failure::failed(format!("无法写入 {}：{}。{kept}", out.display(), refused.error))
    })
}

/// What `zhijie people import` is asked for.
struct Roster {
    file: PathBuf,
    mode: ImportMode,
    dry_run: bool,
    confirm_left: Option<usize>,
    json: bool,
}

/// `zhijie people import FILE`
fn import(places: &Places, roster: &Roster) -> Outcome {
    let Roster { file, mode, dry_run, confirm_left, json } = roster;
    let (dry_run, json) = (*dry_run, *json);
    let bytes =
        std::fs::read(file).map_err(|error| Failure::wrong_use(format!("无法读取 {}：{error}", file.display())))?;
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
        app.import_people(&importer, &name, &bytes, mode, *confirm_left)?
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
