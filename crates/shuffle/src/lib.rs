//! `zhijie-shuffle-1`: reproducible randomness (可复现的随机次序).
//!
//! The same seed gives the same order on every machine and in every version: a ChaCha20 keystream, rejection
//! sampling and Fisher–Yates, each fixed in `docs/shuffle.md` so that another program can do the same.
//! Nothing here draws randomness of its own; the seed is an argument.

use chacha20::ChaCha20;
use chacha20::cipher::{KeyIvInit, StreamCipher};
use sha2::{Digest, Sha256};

/// The name under which the method is published.
pub const METHOD: &str = "zhijie-shuffle-1";

/// Bytes of keystream made at once: sixteen blocks of ChaCha20.
const BUFFER_BYTES: usize = 1024;
/// Bytes of one drawn word.
const WORD_BYTES: usize = 8;

/// A stream of random words (随机流) that is wholly determined by its seed.
///
/// The words are the keystream of ChaCha20 (RFC 8439) under the seed as key, with a nonce of twelve zero bytes and
/// the block counter starting at 0, read as little-endian `u64`. One stream yields 2^35 words (256 GiB) at most.
pub struct Stream {
    cipher: ChaCha20,
    buffer: [u8; BUFFER_BYTES],
    used: usize,
}

impl Stream {
    /// Begins the stream of this seed.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self { cipher: ChaCha20::new(&seed.into(), &[0_u8; 12].into()), buffer: [0; BUFFER_BYTES], used: BUFFER_BYTES }
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        if let Some(word) = self.take_word() {
            return word;
        }
        self.buffer = [0; BUFFER_BYTES];
        self.cipher.apply_keystream(&mut self.buffer);
        self.used = 0;
        self.take_word().unwrap_or_default()
    }

    fn take_word(&mut self) -> Option<u64> {
        let rest = self.buffer.get(self.used..)?;
        let word = u64::from_le_bytes(*rest.first_chunk::<WORD_BYTES>()?);
        self.used += WORD_BYTES;
        Some(word)
    }

    /// A number from `0` to `n - 1`, each equally likely.
    ///
    /// With `r = 2^64 mod n`, words of `2^64 - r` or more are thrown away, and the first other word `w` gives
    /// `w mod n`. For `n` of 0 or 1 the answer is 0 and no word is drawn.
    pub fn below(&mut self, n: u64) -> u64 {
        if n <= 1 {
            return 0;
        }
        let remainder = n.wrapping_neg() % n;
        let last_good = u64::MAX - remainder;
        loop {
            let word = self.next_u64();
            if word <= last_good {
                return word % n;
            }
        }
    }

    /// Puts the items into a random order (洗牌): for `i` from the last index down to 1, item `i` changes places
    /// with item `below(i + 1)` (Fisher–Yates; Durstenfeld 1964, Algorithm 235).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let bound = u64::try_from(i).map_or(u64::MAX, |i| i + 1);
            // `below(i + 1)` is at most `i`, which is a `usize`.
            let j = usize::try_from(self.below(bound)).unwrap_or(i);
            items.swap(i, j);
        }
    }

    /// A random order of the numbers `0..n` (排列): `0..n`, shuffled.
    pub fn permutation(&mut self, n: usize) -> Vec<usize> {
        let mut numbers: Vec<usize> = (0..n).collect();
        self.shuffle(&mut numbers);
        numbers
    }
}

/// Makes a seed (种子) from parts: SHA-256 over the domain in UTF-8, one zero byte, and each part after its length
/// in bytes as little-endian `u64`. No two different lists of parts give the same input.
pub fn derive_seed(domain: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(domain.as_bytes());
    hasher.update([0_u8]);
    for part in parts {
        hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests;
