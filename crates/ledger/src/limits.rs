//! Every limit of the format, with its unit. What is over a limit is refused when written and reported when read.

/// The longest text of one entry, in bytes.
pub const MAX_ENTRY_BYTES: usize = 64 * 1024;
/// The longest detail of an act, in bytes of its canonical text.
pub const MAX_DETAIL_BYTES: usize = 32 * 1024;
/// The deepest nesting of arrays and objects in a detail.
pub const MAX_DETAIL_DEPTH: usize = 16;
/// The longest actor, kind, subject, installation, exam or phase id, in bytes.
pub const MAX_FIELD_BYTES: usize = 256;
/// The largest integer anywhere in the format, and the smallest when negative: 2^53 − 1, which every JSON reader holds
/// exactly. As microseconds since 1970 it is the year 2255.
pub const MAX_INTEGER: i64 = (1 << 53) - 1;
/// The longest text of one head, in bytes.
pub const MAX_HEAD_BYTES: usize = 4 * 1024;
/// The most files of one manifest.
pub const MAX_MANIFEST_FILES: usize = 10_000;
/// The longest text of a manifest, in bytes.
pub const MAX_MANIFEST_BYTES: usize = 8 * 1024 * 1024;
/// The longest path of a sealed file, in bytes.
pub const MAX_PATH_BYTES: usize = 512;
/// The largest anchor file, in bytes.
pub const MAX_ANCHOR_BYTES: usize = 16 * 1024 * 1024;
/// The most public keys of an installation.
pub const MAX_KEYS: usize = 1_000;
/// The most exams whose seals one verification remembers.
pub const MAX_SEALED_EXAMS: usize = 1_000_000;
/// The longest line of an export, in bytes: a manifest whose every character is escaped.
pub const MAX_LINE_BYTES: usize = 2 * MAX_MANIFEST_BYTES + 4 * 1024;
/// The most receipts under one seal.
pub const MAX_RECEIPTS: usize = 10_000_000;
