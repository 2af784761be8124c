//! `zhijie bank`, `zhijie laws`, `zhijie paper`: most of it reads files and needs no database.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use app::bank::{BankFiles, LoadedBank, load, read_law_source, read_law_texts};
use question_bank::Severity;
use question_bank::blueprint::Blueprint;
use question_bank::check::{CheckInput, CheckReport, check};
use question_bank::law::{EditionId, LawSlug, LawTexts, Register, diff};
use question_bank::paper::assemble;
use serde_json::json;

use super::{DONE_IN_PART, FAILED, Failure, Outcome, bank_files, open, print_json, today};
use crate::args::{Bank, Laws, Paper, Places};

/// `zhijie bank …`
pub(super) fn bank(places: &Places, command: Bank) -> Outcome {
    match command {
        Bank::Check { dir, laws, json } => check_bank(&dir, laws.as_deref(), json),
        Bank::Bind { dir, laws } => bind_bank(&dir, &laws),
        Bank::Stats { dir, json } => stats(&dir, json),
        Bank::Import { path, format, author, with_duplicates, dry_run, json } => {
            let options = bank_files::ImportOptions { format, author, with_duplicates, dry_run, json };
            bank_files::import(places, path.as_deref(), &options)
        }
        Bank::Export(export) => bank_files::export(places, &export),
    }
}

pub(super) fn report_of(loaded: &LoadedBank, texts: Option<&LawTexts>) -> CheckReport {
    check(&CheckInput {
        bank: &loaded.bank,
        register: &loaded.register,
        topics: &loaded.topics,
        gists: Some(&loaded.gists),
        texts,
        today: Some(today()),
    })
    .with_problems(loaded.problems.iter().cloned())
}

fn check_bank(dir: &Path, laws: Option<&Path>, as_json: bool) -> Outcome {
    let loaded = load(&BankFiles::read(dir)?);
    let texts = laws.map(read_law_texts).transpose()?;
    let mut report = report_of(&loaded, texts.as_ref());
    if let Some(laws) = laws {
        report = report.with_problems(register_differences(&loaded.register, laws)?);
    }
    if as_json {
        print_json(&report)?;
    }
    for problem in &report.problems {
        let place = [Some(problem.file.as_str()), problem.question.as_deref(), problem.field.as_deref()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ");
        let severity = if problem.severity == Severity::Error { "错误" } else { "提醒" };
        eprintln!("{severity} {place}：{}", problem.reason);
    }
    let words = report.words;
    eprintln!(
        "题目 {} 道；引文：已对原文核实 {}，仅有凭据 {}，不符 {}；问题 {} 处",
        report.questions,
        words.proven,
        words.bound_only,
        words.failed,
        report.problems.len()
    );
    Ok(if report.has_errors() { ExitCode::from(FAILED) } else { ExitCode::SUCCESS })
}

/// Editions whose record in the register is not the one that the texts give.
fn register_differences(register: &Register, laws: &Path) -> Result<Vec<question_bank::Problem>, Failure> {
    let fresh = Register::from_source_records(&read_law_source(laws)?)
        .map_err(|error| Failure::wrong_use(error.to_string()))?;
    let mut problems = Vec::new();
    for edition in fresh.editions() {
        let file = format!("laws/{}.toml", edition.id);
        match register.edition(&edition.id) {
            None => problems.push(question_bank::Problem::error(&file, "登记册缺这个版本，请用 laws register 重建")),
            Some(kept) if kept.to_toml() != edition.to_toml() => {
                problems.push(question_bank::Problem::error(&file, "登记册与原文不一致，请用 laws register 重建"));
            }
            Some(_) => {}
        }
    }
    Ok(problems)
}

fn bind_bank(dir: &Path, laws: &Path) -> Outcome {
    let files = BankFiles::read(dir)?;
    let loaded = load(&files);
    let texts = read_law_texts(laws)?;
    let (mut written, mut unchanged, mut failed) = (0, 0, 0);
    for (name, text) in &files.questions {
        let outcome = question_bank::bind::bind_file(name, text, &loaded.register, &texts);
        for problem in &outcome.problems {
            failed += 1;
            eprintln!("{} {}：{}", problem.file, problem.question.as_deref().unwrap_or_default(), problem.reason);
        }
        written += outcome.written;
        unchanged += outcome.unchanged;
        if outcome.text != *text {
            let path = dir.join(name);
            std::fs::write(&path, &outcome.text)
                .map_err(|error| Failure::failed(format!("无法写入 {}：{error}", path.display())))?;
        }
    }
    eprintln!("写入凭据 {written} 条，未变 {unchanged} 条，未能核实 {failed} 条");
    Ok(if failed > 0 { ExitCode::from(DONE_IN_PART) } else { ExitCode::SUCCESS })
}

fn stats(dir: &Path, as_json: bool) -> Outcome {
    let loaded = load(&BankFiles::read(dir)?);
    let stats = question_bank::stats::stats(loaded.bank.questions());
    if as_json {
        print_json(&stats)?;
        return Ok(ExitCode::SUCCESS);
    }
    println!("题目 {} 道，题位 {} 个", stats.questions, stats.slots);
    for (title, counts) in [
        ("法规", &stats.by_law),
        ("题型", &stats.by_kind),
        ("层次", &stats.by_level),
        ("题池", &stats.by_pool),
        ("状态", &stats.by_state),
        ("知识点", &stats.by_topic),
        ("判断题答案", &stats.judgements),
        ("单选答案位置", &stats.key_positions),
        ("预估答对率", &stats.by_facility),
    ] {
        let line: Vec<String> = counts.iter().map(|(word, count)| format!("{word} {count}")).collect();
        println!("{title}：{}", line.join("，"));
    }
    Ok(ExitCode::SUCCESS)
}

/// `zhijie laws …`
pub(super) fn laws(places: &Places, command: Laws) -> Outcome {
    match command {
        Laws::Import { path, json } => import_laws(places, &path, json),
        Laws::List { json } => list_laws(json),
        Laws::Check { json } => check_register(json),
        Laws::Diff { law, from, to, json } => diff_editions(&law, &from, &to, json),
        Laws::Register { laws, out } => make_register(&laws, &out),
        Laws::Export(_) => Err(super::later("laws export")),
    }
}

fn import_laws(places: &Places, path: &Path, as_json: bool) -> Outcome {
    let app = open(places, false)?;
    app.prepare()?;
    let mut files: Vec<PathBuf> = if path.is_dir() {
        std::fs::read_dir(path)
            .map_err(|error| Failure::wrong_use(format!("无法读取 {}：{error}", path.display())))?
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.is_file() && path.file_name().is_some_and(|name| name != "index.json"))
            .collect()
    } else {
        vec![path.to_owned()]
    };
    files.sort();
    let (mut reports, mut refused) = (Vec::new(), 0);
    for file in files {
        let bytes = std::fs::read(&file)
            .map_err(|error| Failure::wrong_use(format!("无法读取 {}：{error}", file.display())))?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match app.import_laws("cli", &name, &bytes) {
            Ok(report) => {
                for edition in report.get("editions").and_then(serde_json::Value::as_array).into_iter().flatten() {
                    let number = |field: &str| edition.get(field).and_then(serde_json::Value::as_u64).unwrap_or(0);
                    eprintln!(
                        "{name}：一致 {}，仅标点不同 {}，不同（未写入）{}，缺 {}，多 {}",
                        number("same"),
                        number("punctuation_only"),
                        number("different"),
                        number("missing"),
                        number("extra")
                    );
                    refused += number("different") + number("extra");
                }
                reports.push(report);
            }
            Err(error) => {
                refused += 1;
                eprintln!("{name}：{}", Failure::from(error).message);
            }
        }
    }
    if as_json {
        print_json(&json!({ "files": reports }))?;
    }
    Ok(if refused > 0 { ExitCode::from(DONE_IN_PART) } else { ExitCode::SUCCESS })
}

fn list_laws(as_json: bool) -> Outcome {
    let loaded = load(&BankFiles::embedded());
    if as_json {
        let list: Vec<_> = loaded
            .register
            .editions()
            .map(|edition| {
                json!({
                    "id": edition.id, "title": edition.title, "effective": edition.effective,
                    "superseded_on": edition.superseded_on, "articles": edition.articles.len(),
                })
            })
            .collect();
        print_json(&json!({ "editions": list }))?;
        return Ok(ExitCode::SUCCESS);
    }
    for edition in loaded.register.editions() {
        let day = |day: Option<jiff::civil::Date>| day.map_or_else(|| "—".to_owned(), |day| day.to_string());
        println!(
            "{}\t{}\t{} 起\t{} 止\t{} 条",
            edition.id,
            edition.title,
            day(edition.effective),
            day(edition.superseded_on),
            edition.articles.len()
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn check_register(as_json: bool) -> Outcome {
    let loaded = load(&BankFiles::embedded());
    let problems = loaded.register.problems();
    if as_json {
        print_json(&json!({ "editions": loaded.register.len(), "problems": problems }))?;
    }
    for problem in &problems {
        eprintln!("{}：{}", problem.file, problem.reason);
    }
    eprintln!("版本 {} 个，问题 {} 处", loaded.register.len(), problems.len());
    let failed = problems.iter().any(|problem| problem.severity == Severity::Error);
    Ok(if failed { ExitCode::from(FAILED) } else { ExitCode::SUCCESS })
}

fn diff_editions(law: &str, from: &str, to: &str, as_json: bool) -> Outcome {
    let loaded = load(&BankFiles::embedded());
    let edition = |edition: &str| {
        let id = EditionId::of(&LawSlug::from(law), edition);
        loaded
            .register
            .edition(&id)
            .ok_or_else(|| Failure::wrong_use(format!("登记册里没有“{id}”；可用 laws list 查看")))
    };
    let rows = diff(edition(from)?, edition(to)?);
    if as_json {
        print_json(&json!({ "law": law, "from": from, "to": to, "articles": rows }))?;
        return Ok(ExitCode::SUCCESS);
    }
    for row in &rows {
        let text = serde_json::to_string(row).map_err(|error| Failure::failed(error.to_string()))?;
        println!("{text}");
    }
    Ok(ExitCode::SUCCESS)
}

fn make_register(laws: &Path, out: &Path) -> Outcome {
    let register = Register::from_source_records(&read_law_source(laws)?)
        .map_err(|error| Failure::wrong_use(error.to_string()))?;
    std::fs::create_dir_all(out).map_err(|error| Failure::failed(format!("{}：{error}", out.display())))?;
    for edition in register.editions() {
        let path = out.join(format!("{}.toml", edition.id));
        std::fs::write(&path, edition.to_toml())
            .map_err(|error| Failure::failed(format!("无法写入 {}：{error}", path.display())))?;
    }
    eprintln!("写入 {} 个版本", register.len());
    Ok(ExitCode::SUCCESS)
}

/// `zhijie paper assemble`
pub(super) fn paper(command: Paper) -> Outcome {
    let Paper::Assemble { blueprint, seed, forms, on, bank, json } = command;
    let text = std::fs::read_to_string(&blueprint)
        .map_err(|error| Failure::wrong_use(format!("无法读取 {}：{error}", blueprint.display())))?;
    let name = blueprint.display().to_string();
    let blueprint = Blueprint::from_toml(&name, &text).map_err(|problems| {
        Failure::wrong_use(problems.into_iter().map(|problem| problem.reason).collect::<Vec<_>>().join("\n"))
    })?;
    let law_date = match on {
        Some(text) => {
            text.parse().map_err(|_| Failure::wrong_use(format!("日期“{text}”无法识别，应写作 2026-11-24")))?
        }
        None => today(),
    };
    let files = bank.as_deref().map_or_else(|| Ok(BankFiles::embedded()), BankFiles::read)?;
    let loaded = load(&files);
    let assembly = assemble(loaded.bank.questions(), &loaded.register, &blueprint, &seed, law_date, forms)
        .map_err(|error| Failure::wrong_use(error.to_string()))?;
    if json {
        print_json(&assembly)?;
    } else {
        for form in &assembly.forms {
            println!("第 {} 卷", form.form);
            for slot in &form.slots {
                println!("{}\t{}\t{} 分", slot.slot, slot.question, slot.marks);
            }
        }
    }
    for unmet in &assembly.unmet {
        eprintln!("未满足：{}，还缺 {} 题", unmet.constraint, unmet.missing);
    }
    Ok(if assembly.unmet.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(DONE_IN_PART) })
}
