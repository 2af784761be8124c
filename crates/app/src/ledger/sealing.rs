//! Sealing (封存): the data of an exam that is over, written once into the lake, hashed, and noted in the ledger.
//!
//! Files are written beside, synced, hashed and renamed; manifest, state and act follow in one transaction. What a crash
//! leaves between the two is no seal: the next try writes it anew.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use analytics::LakeTable;
use api::ledger::Sealing;
use exam_session::state::ExamState;
use jiff::civil::Date;
use ledger::{ActorId, DataSet, ExamId, Manifest, ManifestFile, Receipt, ReceiptTree, SealedExam, file_digest};
use storage::ledger::{SealRow, Standing};
use storage::rehearsals::REHEARSAL;

use super::tables::{ExamData, attempt_scores, responses, roster, slot_scores};
use crate::clock::{day, from_micros, rfc3339_micros};
use crate::exam_info::ExamInfo;
use crate::marking::kept_reply;
use crate::secrets::lock_key;
use crate::{App, AppError, AppResult, Principal, acts};

/// The version of the files' columns.
const SCHEMA_VERSION: u32 = 1;
/// Attempts whose answers and marks are read at once.
const ATTEMPTS_AT_ONCE: usize = 300;

impl App {
    /// Seals an exam that is over; a second time, the scores of a marking done since.
    ///
    /// # Errors
    /// [`AppError::Conflict`] while something can still change, or nothing new is to be sealed.
    pub fn seal(&self, principal: &Principal, exam_id: &str) -> AppResult<Sealing> {
        let exam = self.exam_info(exam_id)?;
        self.require_manager_of(principal, &exam.row)?;
        self.seal_by(&principal.account, exam_id)
    }

    /// As [`App::seal`], for whoever has the files.
    ///
    /// # Errors
    /// As [`App::seal`].
    pub fn seal_by(&self, actor: &str, exam_id: &str) -> AppResult<Sealing> {
        let _held = self
            .store()
            .hold(lock_key("seal", exam_id))?
            .ok_or_else(|| AppError::Conflict("这场考试正在封存，请稍候".to_owned()))?;
        let exam = self.exam_info(exam_id)?;
        let standing = self.store().read(|connection| storage::ledger::standing(connection, exam_id))?;
        self.refuse_unless_settled(&exam)?;
        let seals = self.store().read(|connection| storage::ledger::seals(connection, exam_id))?;
        if seals.last().is_some_and(|seal| seal.scores_generation == exam.row.scores_generation) {
            return Err(AppError::Conflict("这场考试已经封存，之后没有重新评分".to_owned()));
        }
        let data = self.exam_data(&exam)?;
        let manifest = self.write_seal(&exam, &data, seals.last())?;
        self.note_seal(actor, &exam, &manifest, standing)?;
        // The seal stands. What waits to be chained is chained by the scheduler, if not now.
        if let Err(error) = self.chain_acts().and_then(|_| self.sign_head(true)) {
            tracing::warn!(%error, exam = exam_id, "the seal is not chained yet; trying again");
        }
        Ok(Sealing {
            exam: exam_id.to_owned(),
            generation: i64::from(manifest.generation),
            manifest: manifest.hash().to_string(),
            receipts: manifest.receipts.count,
            receipts_root: manifest.receipts.root.to_string(),
            sealed_at: rfc3339_micros(manifest.sealed_at_us),
            files: manifest
                .files
                .iter()
                .map(|file| api::ledger::SealedFile {
                    path: file.path.clone(),
                    bytes: file.bytes,
                    rows: file.rows,
                    sha256: file.sha256.to_string(),
                })
                .collect(),
        })
    }

    fn refuse_unless_settled(&self, exam: &ExamInfo) -> AppResult<()> {
        let now = self.now();
        let conflict = |text: &str| Err(AppError::Conflict(text.to_owned()));
        if exam.is_trial() || exam.row.kind == REHEARSAL {
            return conflict("试做和演练不封存");
        }
        match exam.state(now) {
            ExamState::Closed | ExamState::Sealed => {}
            ExamState::Cancelled => return conflict("考试已取消，不封存"),
            _ => return conflict("考试尚未结束，不能封存"),
        }
        if !exam.is_over(now) {
            return conflict("还有人可能在补传作答，请在考试全部结束后再封存");
        }
        let id = exam.row.id.as_str();
        let open = self.store().read(|connection| storage::attempts::unsettled(connection, id))?;
        if open > 0 {
            return Err(AppError::Conflict(format!("还有 {open} 份答卷没有交卷或评分，请稍候再封存")));
        }
        let behind = self.store().read(|connection| {
            let generation = exam.row.scores_generation;
            storage::scores::attempts_before(connection, id, generation, 1)
        })?;
        let runs = self.store().read(storage::scores::unfinished_runs)?;
        if !behind.is_empty() || runs.iter().any(|run| run.exam_id == id) {
            return conflict("正在重新评分，请等评分完成后再封存");
        }
        let kept = self.store().read(|connection| storage::exam_day::undecided(connection, id))?;
        if kept > 0 {
            return Err(AppError::Conflict(format!("还有 {kept} 条留待复核的作答没有处理，请先逐条处理")));
        }
        Ok(())
    }

    fn exam_data(&self, exam: &ExamInfo) -> AppResult<ExamData> {
        let id = exam.row.id.as_str();
        let (roster, attempts) = self.store().read(|connection| {
            Ok::<_, AppError>((
                storage::exams::whole_roster(connection, id)?,
                storage::attempts::of_exam(connection, id)?,
            ))
        })?;
        let mut answers = BTreeMap::new();
        let mut marks = Vec::new();
        let ids: Vec<String> = attempts.iter().map(|attempt| attempt.id.clone()).collect();
        for group in ids.chunks(ATTEMPTS_AT_ONCE) {
            let (given, earned) = self.store().read(|connection| {
                let given = storage::answers::of_attempts(connection, group)?;
                Ok::<_, AppError>((given, storage::attempts::marks_of(connection, group)?))
            })?;
            answers.extend(given.into_iter().map(|row| ((row.attempt_id.clone(), row.slot), row)));
            marks.extend(earned);
        }
        marks.sort_by(|a, b| (&a.attempt_id, a.slot).cmp(&(&b.attempt_id, b.slot)));
        Ok(ExamData { exam: exam.clone(), roster, attempts, answers, marks })
    }

    fn write_seal(&self, exam: &ExamInfo, data: &ExamData, before: Option<&SealRow>) -> AppResult<Manifest> {
        let id = ExamId::from(exam.row.id.as_str());
        let opened: Date = day(from_micros(exam.row.opens_at));
        let year = i64::from(opened.year());
        let generation = before.map_or(1, |seal| u32::try_from(seal.generation).unwrap_or(u32::MAX).saturating_add(1));
        let mut tables: Vec<(DataSet, &str, LakeTable)> = vec![
            (DataSet::Scores, "attempts.parquet", attempt_scores(data)?),
            (DataSet::Scores, "slots.parquet", slot_scores(data)?),
        ];
        if generation == 1 {
            tables.push((DataSet::Roster, "roster.parquet", roster(data, &self.sheet(exam)?, year)?));
            tables.push((DataSet::Responses, "responses.parquet", responses(data, &*self.bank()?, year)?));
        }
        let mut files = Vec::with_capacity(tables.len());
        for set in DataSet::of_generation(generation) {
            clear(&self.config().lake_dir.join(set.folder(&id, generation)))?;
        }
        for (set, name, table) in tables {
            let path = format!("{}/{name}", set.folder(&id, generation));
            let bytes = table.to_parquet().map_err(|error| AppError::corrupt("parquet", error))?;
            files.push(write(&self.config().lake_dir, &path, &bytes, table.rows())?);
        }
        let sealed_at = self.now_us();
        let corrupt = |error: ledger::ManifestError| AppError::corrupt("manifest", error);
        match before {
            Some(seal) => Manifest::parse(seal.manifest_text.as_bytes())
                .and_then(|manifest| manifest.next(sealed_at, SCHEMA_VERSION, files))
                .map_err(corrupt),
            None => {
                let sealed = SealedExam {
                    id,
                    year: u16::try_from(opened.year()).unwrap_or_default(),
                    phase: None,
                    law_date: exam.rules.law_date_or(opened),
                };
                let receipts = receipts(data)?.summary();
                Manifest::first(self.installation()?, sealed, sealed_at, SCHEMA_VERSION, receipts, files)
                    .map_err(corrupt)
            }
        }
    }

    fn note_seal(&self, actor: &str, exam: &ExamInfo, manifest: &Manifest, standing: Standing) -> AppResult<()> {
        let act = manifest.seal_act(ActorId::from(actor)).map_err(|error| AppError::corrupt("seal", error))?;
        let row = SealRow {
            exam_id: exam.row.id.clone(),
            generation: i64::from(manifest.generation),
            scores_generation: exam.row.scores_generation,
            manifest_text: manifest.text(),
            sealed_at: manifest.sealed_at_us,
        };
        let actor = actor.to_owned();
        self.store().write(move |connection| {
            let held = storage::exams::exam_for_update(connection, &row.exam_id)?;
            if held.scores_generation != row.scores_generation {
                return Err(AppError::Conflict("封存期间又重新评分了，请再封存一次".to_owned()));
            }
            // What was read in several transactions is sealed only if nothing moved since before the first of them.
            if storage::ledger::standing(connection, &row.exam_id)? != standing {
                return Err(AppError::Conflict("封存期间名单或答卷又有变动，请再封存一次".to_owned()));
            }
            storage::ledger::insert_seal(connection, &row)?;
            storage::prepared::forget(connection, &row.exam_id)?;
            if row.generation == 1 {
                storage::ledger::seal_exam(connection, &row.exam_id)?;
            }
            let (kind, detail) = (act.kind().to_string(), act.detail().value().clone());
            acts::note(connection, row.sealed_at, &actor, &kind, &row.exam_id, &detail)
        })
    }

    /// Takes away what seals that were cut short have left in the lake: files of a generation that no seal names. Called
    /// when serving starts.
    ///
    /// # Errors
    /// What the database or the disk says.
    pub fn sweep_unsealed(&self) -> AppResult<()> {
        let now_us = self.now_us();
        let exams = self.store().read(|connection| storage::ledger::exams_closed(connection, now_us))?;
        for id in exams {
            // Whoever seals it now clears it himself.
            let Some(_held) = self.store().hold(lock_key("seal", &id))? else { continue };
            let seals = self.store().read(|connection| storage::ledger::seals(connection, &id))?;
            let sealed = seals.last().map_or(0, |seal| u32::try_from(seal.generation).unwrap_or(u32::MAX));
            let generation = sealed.saturating_add(1);
            let exam = ExamId::from(id.as_str());
            for set in DataSet::of_generation(generation) {
                let folder = self.config().lake_dir.join(set.folder(&exam, generation));
                if folder.exists() {
                    tracing::warn!(folder = %folder.display(), "a seal was cut short; taking its files away");
                    clear(&folder)?;
                }
            }
        }
        Ok(())
    }

    /// The tables of an exam by name, as csv or Parquet, for whoever has the files.
    ///
    /// # Errors
    /// [`AppError::Conflict`] before the exam is over; [`AppError::Invalid`] for an unknown format.
    pub fn export_exam(&self, exam_id: &str, format: &str) -> AppResult<Vec<(String, Vec<u8>)>> {
        let exam = self.exam_info(exam_id)?;
        if !exam.is_over(self.now()) {
            return Err(AppError::Conflict("考试全部结束后才能导出".to_owned()));
        }
        let data = self.exam_data(&exam)?;
        let year = i64::from(day(from_micros(exam.row.opens_at)).year());
        let tables = [
            ("roster", roster(&data, &self.sheet(&exam)?, year)?),
            ("responses", responses(&data, &*self.bank()?, year)?),
            ("attempts", attempt_scores(&data)?),
            ("slots", slot_scores(&data)?),
        ];
        tables
            .into_iter()
            .map(|(name, table)| {
                let bytes = match format {
                    "parquet" => table.to_parquet(),
                    "csv" => table.to_csv(),
                    other => {
                        let text = format!("没有“{other}”这种格式，可用 parquet 或 csv");
                        return Err(AppError::invalid("format", text));
                    }
                };
                let bytes = bytes.map_err(|error| AppError::corrupt("export", error))?;
                Ok((format!("{name}.{format}"), bytes))
            })
            .collect()
    }
}

fn receipts(data: &ExamData) -> AppResult<ReceiptTree> {
    let mut receipts = Vec::new();
    for attempt in &data.attempts {
        let Some(number) = &attempt.receipt else { continue };
        let (_, digest) = kept_reply(attempt)?;
        let digest = ledger::Digest::from_hex(digest.as_bytes())
            .ok_or_else(|| AppError::Internal(format!("the digest of receipt {number} is none")))?;
        receipts.push(Receipt { number: number.clone(), digest });
    }
    ReceiptTree::new(receipts).map_err(|error| AppError::corrupt("receipts", error))
}

/// Removes what a try that was cut short has left.
fn clear(folder: &Path) -> AppResult<()> {
    match std::fs::remove_dir_all(folder) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(AppError::Internal(format!("无法清理 {}：{error}", folder.display()))),
    }
}

/// Writes a file of the lake: beside, synced, renamed, and the folder synced, so that it is there after a power cut.
fn write(lake: &Path, path: &str, bytes: &[u8], rows: usize) -> AppResult<ManifestFile> {
    let place = lake.join(path);
    let failed = |error: std::io::Error| AppError::Internal(format!("无法写入 {}：{error}", place.display()));
    let folder = place.parent().unwrap_or(lake);
    std::fs::create_dir_all(folder).map_err(failed)?;
    let beside = place.with_extension("writing");
    let mut file = std::fs::File::create(&beside).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    std::fs::rename(&beside, &place).map_err(failed)?;
    std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
    // What is hashed is what the disk gives back.
    let mut written = std::fs::File::open(&place).map_err(failed)?;
    let (bytes, sha256) = file_digest(&mut written).map_err(failed)?;
    Ok(ManifestFile { path: path.to_owned(), bytes, rows: u64::try_from(rows).unwrap_or(u64::MAX), sha256 })
}
