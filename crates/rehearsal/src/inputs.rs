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
        let (file, line, column) = (path.display(), error.line(), error.column());
        RehearsalError::wrong_use(format!("{file} 的内容应是 {form}；从第 {line} 行第 {column} 列起不是，请改好再试"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_or_the_place_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        let with = |text: &str| {
            std::fs::write(&path, text).unwrap();
            path.as_path()
        };
        let logins = read_logins(with(r#"[{"login": "甲", "password": "x", "role": "examinee"}]"#)).unwrap();
        assert_eq!(logins, [Login { login: "甲".into(), password: "x".into() }]);
        let prepared = read_prepared(with(r#"{"exam": "e", "tokens": ["a", "b"], "more": 1}"#)).unwrap();
        assert_eq!(prepared, Prepared { exam: "e".into(), tokens: vec!["a".into(), "b".into()] });
        for (error, said) in [
            (read_logins(with("[]")).unwrap_err(), "没有账号"),
            (read_logins(with("[\n{\"login\": 3}]")).unwrap_err(), "第 2 行第 11 列"),
            (read_prepared(with("{}")).unwrap_err(), "tokens"),
            (read_prepared(&folder.path().join("none.json")).unwrap_err(), "无法读取"),
        ] {
            assert!(error.is_wrong_use() && error.to_string().contains(said), "{said}: {error}");
        }
    }
}
