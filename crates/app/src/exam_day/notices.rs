//! Notices (通知) to one person: marks that changed, attempts voided or reopened.

use api::exam_day::NoticeView;

use crate::clock::rfc3339_micros;
use crate::{App, AppError, AppResult, Principal};

/// Notices that are listed.
const LISTED: i64 = 50;

impl App {
    /// The caller's notices, the newest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn my_notices(&self, principal: &Principal) -> AppResult<Vec<NoticeView>> {
        let Some(person) = principal.person.as_deref() else { return Ok(Vec::new()) };
        let rows = self.store().read(|connection| storage::exam_day::notices(connection, person, LISTED))?;
        Ok(rows
            .into_iter()
            .map(|row| NoticeView {
                id: row.id,
                exam: row.exam_id,
                attempt: row.attempt_id,
                kind: row.kind,
                text: row.body,
                at: rfc3339_micros(row.created_at),
                read: row.read_at.is_some(),
            })
            .collect())
    }

    /// Notes that the caller has read one.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for somebody else's.
    pub fn read_notice(&self, principal: &Principal, id: &str) -> AppResult<()> {
        let (person, id, now_us) = (principal.person()?.to_owned(), id.to_owned(), self.now_us());
        self.store()
            .write(move |connection| storage::exam_day::read_notice(connection, &person, &id, now_us))
            .map_err(AppError::or_not_found("这条通知"))
    }
}
