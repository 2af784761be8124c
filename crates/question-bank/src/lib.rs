//! The question bank (题库): laws and their editions, questions, checks, blueprints and papers.
//!
//! Pure: texts and dates come in as arguments, values go out. Nothing here reads a file, a clock or randomness.
//!
//! - [`law`]: the register of laws (法规登记册): editions, articles, hashes, comparison of texts and of editions.
//! - [`question`]: questions and their file format (`docs/question-format.md`).
//! - [`draft`]: questions as far as they have been written; their gaps.
//! - [`check`]: everything about a bank that a machine can hold; [`bind`] writes the proofs that it looks for.
//! - [`similar`]: questions that ask nearly the same.
//! - [`blueprint`] and [`paper`]: 双向细目表 and the papers assembled from it.

pub mod bind;
pub mod blueprint;
mod canonical;
pub mod check;
mod digest;
pub mod draft;
mod fields;
pub mod gist;
pub mod law;
mod marks;
pub mod paper;
mod problem;
pub mod question;
pub mod similar;
pub mod stats;
pub mod topic;

pub use canonical::canonical_json;
pub use digest::{Digest256, DigestError};
pub use marks::{Marks, MarksError};
pub use problem::{Problem, Severity};

#[cfg(test)]
mod fixtures;
