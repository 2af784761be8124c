//! Passwords: argon2id, and what a password must be.

use std::sync::{Arc, LazyLock, Mutex, mpsc};

use argon2::password_hash::phc::{Output, ParamsString, Salt};
use argon2::{Algorithm, Argon2, Block, Params, PasswordHash, Version};

use crate::{AppError, AppResult};

/// Memory of one hash, in KiB (the first choice of the OWASP cheat sheet for argon2id).
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes.
const PASSES: u32 = 2;
const ALGORITHM: Algorithm = Algorithm::Argon2id;
const VERSION: Version = Version::V0x13;
/// Lanes.
const LANES: u32 = 1;
/// Hashes computed at once.
pub const HASHES_AT_ONCE: usize = 2;
/// Characters of a password at the least.
pub const PASSWORD_MIN_CHARS: usize = 8;
/// Characters of a password at the most.
pub const PASSWORD_MAX_CHARS: usize = 128;

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// What one thread hashes in. It is kept: getting and giving back [`MEMORY_KIB`] would cost a fifth of each hash.
type Memory = Vec<Block>;

/// The threads that hash: with a few of their own the memory is bounded, whoever calls.
static HASHERS: LazyLock<Mutex<mpsc::Sender<Job>>> = LazyLock::new(|| {
    let (jobs, queue) = mpsc::channel::<Job>();
    let queue = Arc::new(Mutex::new(queue));
    for _ in 0..HASHES_AT_ONCE {
        let queue = Arc::clone(&queue);
        std::thread::spawn(move || {
            let mut memory = Memory::new();
            loop {
                let job = queue.lock().ok().and_then(|queue| queue.recv().ok());
                let Some(job) = job else { return };
                job(&mut memory);
            }
        });
    }
    Mutex::new(jobs)
});

fn on_hasher<T: Send + 'static>(work: impl FnOnce(&mut Memory) -> T + Send + 'static) -> AppResult<T> {
    let gone = || AppError::Internal("the hashing threads are gone".to_owned());
    let (reply, answer) = mpsc::sync_channel(1);
    let job: Job = Box::new(move |memory| {
        let _ = reply.send(work(memory));
    });
    HASHERS.lock().map_err(|_| gone())?.send(job).map_err(|_| gone())?;
    answer.recv().map_err(|_| gone())
}

/// The hash of a password, of as many bytes as the parameters say.
fn digest(memory: &mut Memory, argon2: &Argon2<'_>, password: &str, salt: &[u8]) -> AppResult<Output> {
    let params = argon2.params();
    memory.resize(params.block_count(), Block::new());
    let mut out = vec![0; params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN)];
    argon2
        .hash_password_into_with_memory(password.as_bytes(), salt, &mut out, memory.as_mut_slice())
        .map_err(|error| AppError::corrupt("argon2", error))?;
    Output::new(&out).map_err(|error| AppError::corrupt("argon2", error))
}

/// Hashes a password. Slow on purpose; at most [`HASHES_AT_ONCE`] at once, first come first served.
///
/// # Errors
/// [`AppError::Internal`] when hashing fails.
pub fn hash(password: &str) -> AppResult<String> {
    let password = password.to_owned();
    on_hasher(move |memory| {
        let corrupt = |error: argon2::password_hash::Error| AppError::corrupt("argon2 parameters", error);
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
            .map_err(|error| AppError::corrupt("argon2 parameters", error))?;
        let salt = Salt::generate();
        let stored = PasswordHash {
            algorithm: ALGORITHM.ident(),
            version: Some(VERSION.into()),
            params: ParamsString::try_from(&params).map_err(corrupt)?,
            hash: Some(digest(memory, &Argon2::new(ALGORITHM, VERSION, params), &password, &salt)?),
            salt: Some(salt),
        };
        Ok(stored.to_string())
    })?
}

/// Whether a password is the one that was hashed. Slow on purpose, as [`hash`].
pub fn verify(password: &str, stored: &str) -> bool {
    let (password, stored) = (password.to_owned(), stored.to_owned());
    on_hasher(move |memory| {
        let stored = PasswordHash::new(&stored).ok()?;
        let (Some(salt), Some(expected), Some(version)) = (&stored.salt, &stored.hash, stored.version) else {
            return None;
        };
        let algorithm = Algorithm::try_from(stored.algorithm.as_str()).ok()?;
        let argon2 = Argon2::new(algorithm, version.try_into().ok()?, Params::try_from(&stored).ok()?);
        // Compared in constant time.
        Some(digest(memory, &argon2, &password, salt).ok()? == *expected)
    })
    .ok()
    .flatten()
    .unwrap_or(false)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_verifies_its_password_only() {
        let stored = hash("学习-2026").unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(verify("学习-2026", &stored) && !verify("学习-2027", &stored) && !verify("", "no hash"));
        assert_ne!(stored, hash("学习-2026").unwrap(), "each hash has its own salt");
    }

    /// A vector of the reference implementation (argon2id, 64 MiB, 2 passes, 1 lane).
    #[test]
    fn a_hash_with_other_parameters_verifies() {
        let stored = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        assert!(verify("password", stored) && !verify("passwort", stored));
        // The memory that was larger for it serves the next as well.
        assert!(verify("a1", &hash("a1").unwrap()));
    }

    #[test]
    fn new_passwords() {
        for (password, login, good) in [
            ("abcd1234", "1001", true),
            ("纪律学习八个字1", "1001", true),
            ("short1", "1001", false),
            ("12345678", "1001", false),
            ("abcdefgh", "1001", false),
            ("x1001abcd", "1001", false),
        ] {
            assert_eq!(check_new("password", password, login).is_ok(), good, "{password}");
        }
    }
}
