//! Repeated POSTs: the reply that was given under an `Idempotency-Key` is given again, and nothing is done twice.

use storage::acts::RememberedReply;

use crate::{App, AppError, AppResult};

/// Characters of a key at the most.
pub const KEY_CHARS: usize = 200;
/// How long a reply is remembered, in seconds.
const REMEMBERED_SECONDS: i64 = 24 * 3_600;
/// After which time a call that never ended no longer stands in the way, in seconds.
const ABANDONED_SECONDS: i64 = 60;
const SECOND_US: i64 = 1_000_000;
/// Status of a call that is still under way.
const UNDER_WAY: i64 = 0;

/// What to do with a call that carries a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repeated {
    /// It is the first: go on, then [`App::remember_reply`] or [`App::forget_reply`].
    First,
    /// It was answered before.
    Again {
        /// HTTP status.
        status: u16,
        /// The body.
        body: String,
    },
}

impl App {
    /// Whether a call is the first under its key.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when the key was used for another call, or the first one is still under way.
    pub fn begin_repeatable(&self, account: &str, key: &str, request_hash: &str) -> AppResult<Repeated> {
        if key.is_empty() || key.chars().count() > KEY_CHARS {
            return Err(AppError::invalid("Idempotency-Key", format!("应为 1 到 {KEY_CHARS} 个字符")));
        }
        let now_us = self.now_us();
        let row = RememberedReply {
            account_id: account.to_owned(),
            idempotency_key: key.to_owned(),
            request_hash: request_hash.to_owned(),
            status: UNDER_WAY,
            body: String::new(),
            created_at: now_us,
        };
        self.store().write(move |connection| {
            storage::acts::forget_replies(
                connection,
                now_us.saturating_sub(REMEMBERED_SECONDS * SECOND_US),
                now_us.saturating_sub(ABANDONED_SECONDS * SECOND_US),
            )?;
            let known = storage::acts::remembered(connection, &row.account_id, &row.idempotency_key)?;
            match known {
                Some(known) if known.request_hash != row.request_hash => {
                    Err(AppError::Conflict("同一个 Idempotency-Key 已用于另一个请求，请换一个".to_owned()))
                }
                Some(known) if known.status == UNDER_WAY => {
                    Err(AppError::Conflict("同样的请求正在处理，请稍候再看".to_owned()))
                }
                Some(known) => {
                    Ok(Repeated::Again { status: u16::try_from(known.status).unwrap_or(500), body: known.body })
                }
                None => {
                    storage::acts::remember(connection, &row)?;
                    Ok(Repeated::First)
                }
            }
        })
    }

    /// Keeps the reply to a first call.
    ///
    /// # Errors
    /// What the database says.
    pub fn remember_reply(&self, account: &str, key: &str, status: u16, body: &str) -> AppResult<()> {
        let (account, key, body) = (account.to_owned(), key.to_owned(), body.to_owned());
        self.store().write(move |connection| {
            storage::acts::settle_reply(connection, &account, &key, i64::from(status), &body)
        })?;
        Ok(())
    }

    /// Forgets a first call that failed for a reason that may pass: it may be tried again under its key.
    ///
    /// # Errors
    /// What the database says.
    pub fn forget_reply(&self, account: &str, key: &str) -> AppResult<()> {
        let (account, key) = (account.to_owned(), key.to_owned());
        self.store().write(move |connection| storage::acts::forget_reply(connection, &account, &key))?;
        Ok(())
    }
}
