//! Keys of the installation: from the environment, or a file of mode 600 beside the database.

use std::path::Path;

use hmac::{Hmac, KeyInit as _, Mac as _};
use rand::Rng as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{AppError, AppResult};

/// Bytes of a secret key.
pub const KEY_BYTES: usize = 32;

/// One signing key of tokens.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SigningKey {
    /// Names it in a token's header, so that keys can overlap.
    pub kid: String,
    /// Hexadecimal.
    pub secret: String,
}

/// All keys. The first signing key signs; every one verifies.
#[derive(Clone, Serialize, Deserialize)]
pub struct Secrets {
    /// Keys of access and attempt tokens.
    pub tokens: Vec<SigningKey>,
    /// Key under which activation codes are hashed, hexadecimal.
    pub activation: String,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(…)")
    }
}

impl Secrets {
    /// Fresh random keys.
    pub fn generate() -> Self {
        Self {
            tokens: vec![SigningKey { kid: random_hex(4), secret: random_hex(KEY_BYTES) }],
            activation: random_hex(KEY_BYTES),
        }
    }

    /// Reads the keys from JSON (the text of `ZHIJIE_SECRETS`).
    ///
    /// # Errors
    /// [`AppError::Internal`] naming what is wrong, never the keys.
    pub fn from_json(text: &str) -> AppResult<Self> {
        let secrets: Self = serde_json::from_str(text)
            .map_err(|error| AppError::Internal(format!("密钥内容不是有效的 JSON（第 {} 行）", error.line())))?;
        let short = |hex: &str| hex.len() < KEY_BYTES * 2 || !hex.bytes().all(|b| b.is_ascii_hexdigit());
        if secrets.tokens.is_empty()
            || secrets.tokens.iter().any(|key| short(&key.secret))
            || short(&secrets.activation)
        {
            return Err(AppError::Internal(format!("密钥应为至少 {KEY_BYTES} 字节的十六进制文本")));
        }
        Ok(secrets)
    }

    /// Reads `path`, or makes it with fresh keys and mode 600.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the file cannot be read or made, or others may read it.
    pub fn load_or_create(path: &Path) -> AppResult<Self> {
        match std::fs::read_to_string(path) {
            Ok(text) => {
                refuse_if_readable_by_others(path)?;
                Self::from_json(&text)
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let secrets = Self::generate();
                let text =
                    serde_json::to_string_pretty(&secrets).map_err(|error| AppError::corrupt("secrets", error))?;
                write_private(path, text.as_bytes())?;
                Ok(secrets)
            }
            Err(error) => Err(AppError::Internal(format!("无法读取密钥文件 {}：{error}", path.display()))),
        }
    }

    /// The keyed hash under which an activation code is stored.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the key cannot be used.
    pub fn activation_mac(&self, account: &str, code: &str) -> AppResult<String> {
        let mut mac = <Hmac<Sha256>>::new_from_slice(self.activation.as_bytes())
            .map_err(|error| AppError::corrupt("activation key", error))?;
        mac.update(account.as_bytes());
        mac.update(b"\0");
        mac.update(code.as_bytes());
        Ok(hex(&mac.finalize().into_bytes()))
    }
}

impl Secrets {
    /// The seed of the key that signs the ledger's heads, the same on every node. It follows from the key of activation
    /// codes, which never changes while an installation lives.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the key cannot be used.
    pub fn ledger_seed(&self) -> AppResult<[u8; KEY_BYTES]> {
        let mut mac = <Hmac<Sha256>>::new_from_slice(self.activation.as_bytes())
            .map_err(|error| AppError::corrupt("activation key", error))?;
        mac.update(b"zhijie-ledger-heads");
        Ok(mac.finalize().into_bytes().into())
    }
}

/// Writes a file that only its owner can read, whole or not at all.
///
/// # Errors
/// [`AppError::Internal`] with the path.
pub fn write_private(path: &Path, bytes: &[u8]) -> AppResult<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let failed = |error: std::io::Error| AppError::Internal(format!("无法写入 {}：{error}", path.display()));
    let temporary = path.with_extension("tmp");
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&temporary)
        .map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    std::fs::rename(&temporary, path).map_err(failed)
}

fn refuse_if_readable_by_others(path: &Path) -> AppResult<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(path)
        .map_err(|error| AppError::Internal(format!("无法读取密钥文件 {}：{error}", path.display())))?
        .permissions()
        .mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(AppError::Internal(format!("密钥文件 {} 可被其他用户读取，请执行 chmod 600 后再启动", path.display())))
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256 as hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Random bytes as hexadecimal.
pub fn random_hex(bytes: usize) -> String {
    let mut buffer = vec![0_u8; bytes];
    rand::rng().fill_bytes(&mut buffer);
    hex(&buffer)
}

/// Letters and digits that nobody mistakes for one another.
const CODE_ALPHABET: &[u8] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// A random code of `len` letters and digits, each of 32 alike in chance.
pub fn random_code(len: usize) -> String {
    let mut random = rand::rng();
    (0..len)
        .filter_map(|_| {
            let index = usize::try_from(random.next_u32() % 32).unwrap_or_default();
            CODE_ALPHABET.get(index).map(|byte| char::from(*byte))
        })
        .collect()
}

/// The number of a lock that nodes share, from what it is for.
pub fn lock_key(kind: &str, id: &str) -> i64 {
    let digest = sha256_hex(format!("zhijie-{kind}\0{id}").as_bytes());
    digest.get(..15).and_then(|hex| i64::from_str_radix(hex, 16).ok()).unwrap_or_default()
}
