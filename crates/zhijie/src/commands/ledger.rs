//! `zhijie ledger …`, `zhijie exam seal|export`.

use std::path::Path;
use std::process::ExitCode;

use super::{FAILED, Failure, Outcome, open, print_json};
use crate::args::{Ledger, Places};

/// `zhijie ledger …`
pub(super) fn run(places: &Places, command: Ledger) -> Outcome {
    match command {
        Ledger::Verify { export, anchor, json } => verify(places, export.as_deref(), anchor.as_deref(), json),
        Ledger::Anchor { out } => {
            let text = open(places, false)?.ledger_anchor()?;
            write(&out, text.as_bytes())?;
            eprintln!("锚文件已写入 {}，请由审计管理员在系统之外保存", out.display());
            Ok(ExitCode::SUCCESS)
        }
        Ledger::Export { out } => {
            let file = std::fs::File::create(&out)
                .map_err(|error| Failure::failed(format!("无法写入 {}：{error}", out.display())))?;
            let entries = open(places, false)?.export_ledger(std::io::BufWriter::new(file))?;
            eprintln!("已导出 {entries} 条到 {}", out.display());
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn verify(places: &Places, export: Option<&Path>, anchor: Option<&Path>, json: bool) -> Outcome {
    let anchor = anchor.map(|path| Ok::<_, Failure>((path.display().to_string(), read(path)?))).transpose()?;
    let anchor = anchor.as_ref().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    let verification = match export {
        // An outsider has the file and no database.
        Some(path) => {
            let file = std::fs::File::open(path)
                .map_err(|error| Failure::wrong_use(format!("无法读取 {}：{error}", path.display())))?;
            app::verify_ledger_export(&path.display().to_string(), std::io::BufReader::new(file), anchor)?
        }
        None => open(places, false)?.verify_ledger(anchor)?,
    };
    if json {
        print_json(&verification)?;
    }
    match &verification.first_bad {
        None => {
            eprintln!("账本完好：共 {} 条", verification.entries);
            Ok(ExitCode::SUCCESS)
        }
        Some(bad) => {
            let place = match (&bad.entry, &bad.file) {
                (Some(entry), Some(file)) => format!("第 {entry} 条，文件 {file}"),
                (Some(entry), None) => format!("第 {entry} 条"),
                (None, Some(file)) => format!("文件 {file}"),
                (None, None) => "账本".to_owned(),
            };
            eprintln!("{place}：{}", bad.reason);
            Ok(ExitCode::from(FAILED))
        }
    }
}

/// `zhijie exam seal ID`
pub(super) fn seal(places: &Places, id: &str, json: bool) -> Outcome {
    let sealing = open(places, false)?.seal_by("cli", id)?;
    if json {
        print_json(&sealing)?;
    }
    eprintln!(
        "已封存（第 {} 代）：{} 个文件，回执 {} 份，清单指纹 {}",
        sealing.generation,
        sealing.files.len(),
        sealing.receipts,
        sealing.manifest
    );
    Ok(ExitCode::SUCCESS)
}

/// `zhijie exam export ID --format F OUT`: a folder of tables.
pub(super) fn export(places: &Places, id: &str, format: &str, out: &Path) -> Outcome {
    let tables = open(places, false)?.export_exam(id, format)?;
    std::fs::create_dir_all(out).map_err(|error| Failure::failed(format!("无法建立 {}：{error}", out.display())))?;
    for (name, bytes) in tables {
        write(&out.join(&name), &bytes)?;
        eprintln!("{}", out.join(&name).display());
    }
    Ok(ExitCode::SUCCESS)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::wrong_use(format!("无法读取 {}：{error}", path.display())))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    std::fs::write(path, bytes).map_err(|error| Failure::failed(format!("无法写入 {}：{error}", path.display())))
}
