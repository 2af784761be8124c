//! Notes of consequential acts, written in the transaction that does them. Ids, no names.

use serde_json::Value;
use storage::DbConnection;
use storage::acts::ActRow;

use crate::{AppError, AppResult, new_id};

/// Notes an act.
///
/// # Errors
/// What the database says.
pub fn note(
    connection: &mut DbConnection,
    at_us: i64,
    actor: &str,
    kind: &str,
    subject: &str,
    detail: &Value,
) -> AppResult<()> {
    storage::acts::append(
        connection,
        &ActRow {
            id: new_id(),
            at: at_us,
            actor: actor.to_owned(),
            kind: kind.to_owned(),
            subject: subject.to_owned(),
            detail_json: serde_json::to_string(detail).map_err(|error| AppError::corrupt("act", error))?,
        },
    )?;
    Ok(())
}
