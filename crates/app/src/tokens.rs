//! Tokens: short access tokens, and attempt tokens that are enough to save and submit one attempt.

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};

use crate::secrets::{Secrets, SigningKey};
use crate::{AppError, AppResult};

/// Life of an access token, in seconds.
pub const ACCESS_SECONDS: i64 = 15 * 60;
/// How long past deadline and late-sync time an attempt token lives, in seconds.
pub const ATTEMPT_GRACE_SECONDS: i64 = 15 * 60;

/// What an access token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessClaims {
    /// Account id.
    pub sub: String,
    /// Session id.
    pub sid: String,
    /// The account's credential epoch when it was issued.
    pub cep: i64,
    /// Seconds since 1970.
    pub exp: i64,
    /// Always `access`.
    #[serde(rename = "use")]
    pub purpose: String,
}

/// What an attempt token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptClaims {
    /// Attempt id.
    pub sub: String,
    /// Person id.
    pub person: String,
    /// Epoch of the device that holds it.
    pub epoch: i64,
    /// Seconds since 1970.
    pub exp: i64,
    /// Always `attempt`.
    #[serde(rename = "use")]
    pub purpose: String,
}

/// Either kind of token, verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claims {
    /// A signed-in account.
    Access(AccessClaims),
    /// One attempt.
    Attempt(AttemptClaims),
}

/// Signs and verifies.
pub struct Tokens {
    keys: Vec<SigningKey>,
}

impl Tokens {
    /// From the installation's keys.
    pub fn new(secrets: &Secrets) -> Self {
        Self { keys: secrets.tokens.clone() }
    }

    fn sign<T: Serialize>(&self, claims: &T) -> AppResult<String> {
        let key = self.keys.first().ok_or_else(|| AppError::Internal("no signing key".to_owned()))?;
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some(key.kid.clone());
        encode(&header, claims, &EncodingKey::from_secret(key.secret.as_bytes()))
            .map_err(|error| AppError::corrupt("token", error))
    }

    /// An access token and the second it ends.
    ///
    /// # Errors
    /// [`AppError::Internal`] when there is no key.
    pub fn access(
        &self,
        account: &str,
        session: &str,
        credential_epoch: i64,
        now: Timestamp,
    ) -> AppResult<(String, Timestamp)> {
        let exp = now.as_second().saturating_add(ACCESS_SECONDS);
        let token = self.sign(&AccessClaims {
            sub: account.to_owned(),
            sid: session.to_owned(),
            cep: credential_epoch,
            exp,
            purpose: "access".to_owned(),
        })?;
        Ok((token, Timestamp::from_second(exp).unwrap_or(Timestamp::MAX)))
    }

    /// An access token that lasts until a second of its own: for the virtual takers of a rehearsal.
    ///
    /// # Errors
    /// [`AppError::Internal`] when there is no key.
    pub fn access_until(&self, account: &str, session: &str, credential_epoch: i64, exp: i64) -> AppResult<String> {
        self.sign(&AccessClaims {
            sub: account.to_owned(),
            sid: session.to_owned(),
            cep: credential_epoch,
            exp,
            purpose: "access".to_owned(),
        })
    }

    /// An attempt token.
    ///
    /// # Errors
    /// [`AppError::Internal`] when there is no key.
    pub fn attempt(&self, attempt: &str, person: &str, epoch: i64, late_until: Timestamp) -> AppResult<String> {
        self.sign(&AttemptClaims {
            sub: attempt.to_owned(),
            person: person.to_owned(),
            epoch,
            exp: late_until.as_second().saturating_add(ATTEMPT_GRACE_SECONDS),
            purpose: "attempt".to_owned(),
        })
    }

    /// Verifies a token of either kind against the injected clock.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`] for anything but a valid token in its time.
    pub fn verify(&self, token: &str, now: Timestamp) -> AppResult<Claims> {
        let header = decode_header(token).map_err(|_| AppError::NotSignedIn)?;
        let key = self
            .keys
            .iter()
            .find(|key| header.kid.as_deref() == Some(key.kid.as_str()))
            .ok_or(AppError::NotSignedIn)?;
        let key = DecodingKey::from_secret(key.secret.as_bytes());
        let mut validation = Validation::new(Algorithm::HS256);
        // The time is compared below, with the injected clock.
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        let in_time = |exp: i64| now.as_second() < exp;
        if let Ok(data) = decode::<AttemptClaims>(token, &key, &validation)
            && data.claims.purpose == "attempt"
        {
            return if in_time(data.claims.exp) {
                Ok(Claims::Attempt(data.claims))
            } else {
                Err(AppError::NotSignedIn)
            };
        }
        match decode::<AccessClaims>(token, &key, &validation) {
            Ok(data) if data.claims.purpose == "access" && in_time(data.claims.exp) => Ok(Claims::Access(data.claims)),
            _ => Err(AppError::NotSignedIn),
        }
    }
}
