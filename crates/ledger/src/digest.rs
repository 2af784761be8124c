//! SHA-256 values, public keys and signatures as fixed bytes, written in lower-case hexadecimal; and the domains that
//! keep a hash or a signature made for one thing from standing for another.

use sha2::{Digest as _, Sha256};
use std::io;

/// Bytes that an ed25519 or SHA-256 value takes, as a newtype that reads and writes lower-case hexadecimal only.
macro_rules! hex_newtype {
    ($(#[$doc:meta])* $name:ident, $bytes:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $bytes]);

        impl $name {
            /// Takes the bytes as they are.
            pub const fn from_bytes(bytes: [u8; $bytes]) -> Self {
                Self(bytes)
            }

            /// The bytes.
            pub const fn as_bytes(&self) -> &[u8; $bytes] {
                &self.0
            }

            /// Reads lower-case hexadecimal of exactly the right length; anything else is `None`.
            pub fn from_hex(text: &[u8]) -> Option<Self> {
                let mut bytes = [0_u8; $bytes];
                let is_lower = text.iter().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
                (is_lower && hex::decode_to_slice(text, &mut bytes).is_ok()).then_some(Self(bytes))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&hex::encode(self.0))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::from_hex(text.as_bytes())
                    .ok_or_else(|| serde::de::Error::custom("not lower-case hexadecimal of the right length"))
            }
        }
    };
}

hex_newtype! {
    /// A SHA-256 value (指纹).
    Digest, 32
}
hex_newtype! {
    /// An ed25519 public key (RFC 8032, section 5.1.5).
    PublicKey, 32
}
hex_newtype! {
    /// An ed25519 signature (RFC 8032, section 5.1.6).
    Signature, 64
}

impl PublicKey {
    /// Whether the signature over the message is this key's own.
    ///
    /// Strict: points of small order and encodings that are not canonical are refused, so that no two signatures and
    /// no second key can stand for the same message.
    pub fn has_signed(&self, message: &[u8], signature: &Signature) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(signature.as_bytes());
        ed25519_dalek::VerifyingKey::from_bytes(&self.0).is_ok_and(|key| key.verify_strict(message, &signature).is_ok())
    }
}

/// What a hash or a signature is for. Its prefix comes first in the hashed or signed bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Domain {
    Genesis,
    Entry,
    Head,
    Key,
    KeyId,
    Manifest,
}

impl Domain {
    /// `zhijie-ledger-1/`, the name of the domain, one zero byte.
    pub(crate) const fn prefix(self) -> &'static [u8] {
        match self {
            Self::Genesis => b"zhijie-ledger-1/genesis\0",
            Self::Entry => b"zhijie-ledger-1/entry\0",
            Self::Head => b"zhijie-ledger-1/head\0",
            Self::Key => b"zhijie-ledger-1/key\0",
            Self::KeyId => b"zhijie-ledger-1/key-id\0",
            Self::Manifest => b"zhijie-ledger-1/manifest\0",
        }
    }

    /// SHA-256 over the prefix and the bytes.
    pub(crate) fn hash(self, bytes: &[u8]) -> Digest {
        sha256(&[self.prefix(), bytes])
    }

    /// What is signed: the prefix and the text.
    pub(crate) fn message(self, text: &str) -> Vec<u8> {
        [self.prefix(), text.as_bytes()].concat()
    }
}

/// SHA-256 over the parts, one after another.
pub(crate) fn sha256(parts: &[&[u8]]) -> Digest {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    Digest(hasher.finalize().into())
}

/// Bytes read at once from a file that is hashed.
const READ_BYTES: usize = 64 * 1024;

/// The length in bytes and the SHA-256 of what a reader yields: what a manifest says of a file. Without a prefix, so
/// that `sha256sum` gives the same.
///
/// # Errors
/// What the reader says.
pub fn file_digest(reader: &mut impl io::Read) -> io::Result<(u64, Digest)> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0_u8; READ_BYTES];
    let mut bytes = 0_u64;
    loop {
        let read = match reader.read(&mut buffer) {
            Ok(0) => return Ok((bytes, Digest(hasher.finalize().into()))),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hasher.update(buffer.get(..read).unwrap_or_default());
        bytes = bytes.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
    }
}

/// The short form of a hash (短指纹) for printing and comparing by eye: its first 16 bytes as eight groups of four.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// The short form of a hash.
    pub fn of(hash: &Digest) -> Self {
        Self(hash.as_bytes().first_chunk().copied().unwrap_or_default())
    }

    /// Reads what a person typed from paper: 32 hexadecimal characters, blanks and hyphens anywhere, either case.
    pub fn from_typed(text: &str) -> Option<Self> {
        let typed: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let mut bytes = [0_u8; 16];
        hex::decode_to_slice(typed, &mut bytes).ok()?;
        Some(Self(bytes))
    }
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let groups: Vec<String> = self.0.chunks(2).map(hex::encode_upper).collect();
        f.write_str(&groups.join(" "))
    }
}
