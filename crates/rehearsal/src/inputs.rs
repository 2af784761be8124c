//! Files that are given along.

use std::path::Path;

use serde::de::DeserializeOwned;

use crate::error::RehearsalError;
use crate::settings::{Login, Prepared};

/// Accounts that sign in: a list of `{login, password}`.
///
/// # Errors
/// [`RehearsalError::WrongUse`] when it cannot be read or holds none.
pub fn read_logins(path: &Path) -> Result<Vec<Login>, RehearsalError> {
    let logins: Vec<Login> = read(path, r#"[{"login": "…", "password": "…"}]"#)?;
    if logins.is_empty() {
        return Err(RehearsalError::wrong_use(format!("{} 里没有账号", path.display())));
    }
    Ok(logins)
}

/// A rehearsal that the server made before, as its reply was: `{exam, tokens}`.
///
/// # Errors
/// As [`read_logins`].
pub fn read_prepared(path: &Path) -> Result<Prepared, RehearsalError> {
    read(path, r#"{"exam": "…", "tokens": ["…"]}"#)
}

fn read<T: DeserializeOwned>(path: &Path, form: &str) -> Result<T, RehearsalError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| RehearsalError::wrong_use(format!("无法读取 {}：{error}", path.display())))?;
    serde_json::from_str(&text).map_err(|error| {
        RehearsalError::wrong_use(format!("{} 的内容应是 {form}，第 {} 行不对：{error}", path.display(), error.line()))
    })
}
