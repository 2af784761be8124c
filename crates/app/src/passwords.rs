//! Passwords: argon2id, and what a password must be.

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, PasswordHash, Version};

use crate::{AppError, AppResult};

/// Memory of one hash, in KiB (the first choice of the OWASP cheat sheet for argon2id).
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes.
const PASSES: u32 = 2;
/// Lanes.
const LANES: u32 = 1;
/// Characters of a password at the least.
pub const PASSWORD_MIN_CHARS: usize = 8;
/// Characters of a password at the most.
pub const PASSWORD_MAX_CHARS: usize = 128;

fn hasher() -> AppResult<Argon2<'static>> {
    let params =
        Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| AppError::corrupt("argon2 parameters", error))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes a password. Slow on purpose.
///
/// # Errors
/// [`AppError::Internal`] when hashing fails.
pub fn hash(password: &str) -> AppResult<String> {
    Ok(hasher()?.hash_password(password.as_bytes()).map_err(|error| AppError::corrupt("argon2", error))?.to_string())
}

/// Whether a password is the one that was hashed. Slow on purpose.
pub fn verify(password: &str, stored: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(stored) else { return false };
    hasher().is_ok_and(|hasher| hasher.verify_password(password.as_bytes(), &parsed).is_ok())
}

/// Whether a new password will do.
///
/// # Errors
/// [`AppError::Invalid`] for the field, saying what to change.
pub fn check_new(field: &str, password: &str, login: &str) -> AppResult<()> {
    let chars = password.chars().count();
    if !(PASSWORD_MIN_CHARS..=PASSWORD_MAX_CHARS).contains(&chars) {
        return Err(AppError::invalid(field, format!("密码应为 {PASSWORD_MIN_CHARS} 到 {PASSWORD_MAX_CHARS} 个字符")));
    }
    let has_digit = password.chars().any(|c| c.is_ascii_digit());
    let has_other = password.chars().any(|c| !c.is_ascii_digit());
    if !(has_digit && has_other) {
        return Err(AppError::invalid(field, "密码应同时含有数字和字母（或符号）"));
    }
    if !login.is_empty() && password.to_lowercase().contains(&login.to_lowercase()) {
        return Err(AppError::invalid(field, "密码中不要出现登录名"));
    }
    Ok(())
}
