//! `zhijie bank import` and `zhijie bank export`: banks and files of questions into the database and out of it.

use std::path::Path;
use std::process::ExitCode;

use app::bank::{BankFiles, LoadedBank, load};
use app::bank_export::{ExportFilter, Exported};
use app::imports::{ImportedQuestions, QuestionPlan, contract_question, dry_run_json};
use app::questions::Writer;
use question_bank::Severity;
use question_bank::check::CheckReport;
use question_bank::draft::Draft;
use question_bank::question::{FileHead, Kind, Pool, Question, State, write_file};
use serde_json::{Value, json};

use super::bank::report_of;
use super::{DONE_IN_PART, Failure, Outcome, open, print_json};
use crate::args::{BankExport, Places};

/// How a file is imported.
#[derive(Debug)]
pub(super) struct ImportOptions {
    pub(super) format: Option<String>,
    pub(super) author: Option<String>,
    pub(super) with_duplicates: bool,
    pub(super) dry_run: bool,
    pub(super) json: bool,
}

/// A folder is a bank; a file brings drafts.
pub(super) fn import(places: &Places, path: Option<&Path>, options: &ImportOptions) -> Outcome {
    match path {
        Some(file) if file.is_file() => import_file(places, file, options),
        _ => import_bank(places, path, options),
    }
}

fn import_bank(places: &Places, path: Option<&Path>, options: &ImportOptions) -> Outcome {
    let files = path.map_or_else(|| Ok(BankFiles::embedded()), BankFiles::read)?;
    let loaded = load(&files);
    let report = report_of(&loaded, None);
    if report.has_errors() {
        if options.json {
            print_json(&bank_json(&loaded, &report, 0))?;
        }
        for problem in report.problems.iter().filter(|problem| problem.severity == Severity::Error) {
            eprintln!("{} {}：{}", problem.file, problem.question.as_deref().unwrap_or_default(), problem.reason);
        }
        return Err(Failure::wrong_use("题库有错误，没有写入任何内容；请先用 bank check 查清并改正"));
    }
    let outcome = open(places, false)?.import_bank("cli", &loaded, options.dry_run)?;
    if options.json && options.dry_run {
        print_json(&bank_json(&loaded, &report, outcome.unchanged))?;
    } else if options.json {
        print_json(&outcome)?;
    }
    for reference in &outcome.refused {
        eprintln!(
            "{reference}：没有写入。库中同一版本的内容不同，或者已有更新的版本、未完的草稿；修改启用的题目请把 version 加 1"
        );
    }
    eprintln!(
        "新题 {}，新版本 {}，未变 {}，未写入 {}{}",
        outcome.new,
        outcome.new_versions,
        outcome.unchanged,
        outcome.refused.len(),
        if options.dry_run { "（预览，没有写入）" } else { "" }
    );
    Ok(if outcome.refused.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(DONE_IN_PART) })
}

/// The contract's object for `bank import --dry-run --json` of a folder.
fn bank_json(loaded: &LoadedBank, report: &CheckReport, duplicates: usize) -> Value {
    let questions: Vec<Value> =
        loaded.bank.questions().map(|question| contract_question(&Draft::of(question))).collect();
    let problems: Vec<Value> = report
        .problems
        .iter()
        .map(|problem| {
            json!({ "ref": problem.question, "row": null, "severity": problem.severity, "reason": problem.reason })
        })
        .collect();
    let count = |severity: Severity| report.problems.iter().filter(|one| one.severity == severity).count();
    json!({
        "format": "zhijie-toml",
        "counts": {
            "questions": questions.len(),
            "errors": count(Severity::Error),
            "warnings": count(Severity::Warning),
            "duplicates": duplicates,
        },
        "questions": questions,
        "problems": problems,
    })
}

fn import_file(places: &Places, file: &Path, options: &ImportOptions) -> Outcome {
    let bytes =
        std::fs::read(file).map_err(|error| Failure::wrong_use(format!("无法读取 {}：{error}", file.display())))?;
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let app = open(places, false)?;
    app.prepare()?;
    let writer = match &options.author {
        Some(login) => app.author_named(login)?,
        None => Writer { login: "cli".to_owned(), account: None },
    };
    let plan = app.plan_questions(&name, &bytes, options.format.as_deref())?;
    tell(&plan);
    let skip: Vec<u32> = plan
        .rows
        .iter()
        .filter(|row| row.is_duplicate() && !options.with_duplicates && !row.blocked)
        .map(|row| row.n)
        .collect();
    let blocked = plan.rows.iter().filter(|row| row.blocked).count();
    let unread = plan.problems.iter().any(|problem| problem.severity == Severity::Error);
    let usable = plan.rows.len().saturating_sub(blocked).saturating_sub(skip.len());
    let summary = format!(
        "题目 {} 道：可导入为草稿 {usable}，题库里已有（跳过）{}，不能导入 {blocked}",
        plan.rows.len(),
        skip.len()
    );
    if options.dry_run {
        if options.json {
            print_json(&dry_run_json(&plan))?;
        }
        eprintln!("{summary}（预览，没有写入）");
    } else if usable > 0 {
        let imported = app.import_questions(&writer, plan, &skip)?;
        if options.json {
            print_json(&imported)?;
        }
        eprintln!("{summary}；已写入 {} 道草稿，请命题人补齐后送审", imported.drafts.len());
    } else {
        if options.json {
            print_json(&ImportedQuestions { drafts: Vec::new(), skipped: skip.clone() })?;
        }
        eprintln!("{summary}；没有写入");
    }
    if usable == 0 && skip.is_empty() {
        return Err(Failure::wrong_use("文件里没有一道题可以导入，请按上面的提示改好再试"));
    }
    Ok(if blocked > 0 || unread { ExitCode::from(DONE_IN_PART) } else { ExitCode::SUCCESS })
}

/// What is wrong, on standard error.
fn tell(plan: &QuestionPlan) {
    let word = |severity: Severity| if severity == Severity::Error { "错误" } else { "提醒" };
    for problem in &plan.problems {
        let place = problem.row.map_or_else(String::new, |row| format!("第 {row} 行"));
        let sheet = problem.sheet.as_deref().unwrap_or_default();
        eprintln!("{} {sheet}{place}：{}", word(problem.severity), problem.reason);
    }
    for row in &plan.rows {
        let reference = row.draft.reference.as_ref().map(ToString::to_string).unwrap_or_default();
        for problem in &row.problems {
            eprintln!("{} 第 {} 行 {reference}：{}", word(problem.severity), row.row, problem.reason);
        }
        for alike in &row.alike {
            let place = alike.row.map_or_else(|| alike.r#ref.clone(), |line| format!("文件第 {line} 行"));
            let what = if alike.same { "相同" } else { "相近" };
            eprintln!("提醒 第 {} 行 {reference}：与 {place} {what}（{}%）", row.row, alike.percent);
        }
        if !row.gaps.is_empty() {
            eprintln!("提醒 第 {} 行 {reference}：还缺 {} 处，作为草稿导入", row.row, row.gaps.len());
        }
    }
}

/// Takes questions out of the database.
pub(super) fn export(places: &Places, options: &BankExport) -> Outcome {
    let known = |given: &Option<String>, is_word: &dyn Fn(&str) -> bool, name: &str| match given {
        Some(word) if !is_word(word) => Err(Failure::wrong_use(format!("--{name} 不认识“{word}”"))),
        _ => Ok(()),
    };
    known(&options.kind, &|word| Kind::parse(word).is_some(), "kind")?;
    known(&options.pool, &|word| Pool::parse(word).is_some(), "pool")?;
    known(&options.state, &|word| State::parse(word).is_some(), "state")?;
    let app = open(places, false)?;
    app.prepare()?;
    let filter = ExportFilter {
        law: options.law.clone(),
        kind: options.kind.clone(),
        pool: options.pool.clone(),
        state: options.state.clone(),
        topic: options.topic.clone(),
    };
    let Exported { questions, incomplete } = {
        let exported = app.questions_for_export(&filter)?;
        let secure = exported.secure();
        if secure > 0 && !options.with_secure {
            return Err(Failure::wrong_use(format!(
                "其中有 {secure} 道保密题，没有导出；确需导出请加 --with-secure，只要别的题请用 --pool"
            )));
        }
        exported
    };
    for reference in &incomplete {
        eprintln!("{reference}：草稿还不完整，没有导出");
    }
    let losses = match options.format.as_str() {
        "toml" => export_toml(&app, &questions, &options.out)?,
        "json" => {
            let text = serde_json::to_vec_pretty(&questions).map_err(|error| Failure::failed(error.to_string()))?;
            write(&options.out, &text)?;
            Vec::new()
        }
        "xlsx" => {
            let (bytes, losses) = app.questions_as_xlsx(&questions)?;
            write(&options.out, &bytes)?;
            eprintln!("{}", app::bank_export::TABLE_LOSES);
            losses
        }
        "gift" => {
            let gift = app::bank_export::write_gift(&questions.iter().collect::<Vec<&Question>>());
            write(&options.out, gift.text.as_bytes())?;
            eprintln!("{}", app::bank_export::GIFT_LOSES);
            gift.losses
        }
        other => return Err(Failure::wrong_use(format!("没有“{other}”这种格式，可用 toml、json、xlsx、gift"))),
    };
    for (reference, reason) in &losses {
        eprintln!("{reference}：{reason}");
    }
    eprintln!("导出 {} 道题", questions.len());
    Ok(if incomplete.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(DONE_IN_PART) })
}

fn export_toml(app: &app::App, questions: &[Question], out: &Path) -> Result<Vec<(String, String)>, Failure> {
    if out.extension().is_some_and(|ending| ending == "toml") {
        let all: Vec<&Question> = questions.iter().collect();
        write(out, write_file(&FileHead::default(), &all).as_bytes())?;
        return Ok(Vec::new());
    }
    for folder in ["laws", "gists", "questions", "blueprints"] {
        let folder = out.join(folder);
        std::fs::create_dir_all(&folder)
            .map_err(|error| Failure::failed(format!("无法建立目录 {}：{error}", folder.display())))?;
    }
    for (name, text) in app.bank_files(questions)? {
        write(&out.join(name), text.as_bytes())?;
    }
    Ok(Vec::new())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    std::fs::write(path, bytes).map_err(|error| Failure::failed(format!("无法写入 {}：{error}", path.display())))
}
