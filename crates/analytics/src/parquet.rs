//! Parquet, as bytes and as files.

use std::fs::{self, File};
use std::io::{Cursor, Write};
use std::path::Path;

use polars::prelude::{DataFrame, ParquetReader, ParquetWriter, SerReader};

use crate::AnalyticsError;

pub(crate) fn to_bytes(frame: &DataFrame) -> Result<Vec<u8>, AnalyticsError> {
    let mut bytes = Vec::new();
    // The writer wants a frame of its own to align the chunks; columns are shared, so this copies no data.
    ParquetWriter::new(&mut bytes).finish(&mut frame.clone())?;
    Ok(bytes)
}

pub(crate) fn from_bytes(bytes: Vec<u8>) -> Result<DataFrame, AnalyticsError> {
    Ok(ParquetReader::new(Cursor::new(bytes)).finish()?)
}

/// Writes beside, syncs, renames: the file is there whole or not at all.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), AnalyticsError> {
    let beside = path.with_extension("parquet.part");
    let written = File::create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written
        .and_then(|()| fs::rename(&beside, path))
        .map_err(|source| AnalyticsError::File { path: path.into(), source })
}

pub(crate) fn read(path: &Path) -> Result<DataFrame, AnalyticsError> {
    from_bytes(fs::read(path).map_err(|source| AnalyticsError::File { path: path.into(), source })?)
}
