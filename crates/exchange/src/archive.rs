//! The zip container of an xlsx, proved before a reader unpacks it.

use crate::error::ExchangeError;
use crate::limits::Limits;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// A part below this size may have any ratio: a few empty lines pack very well and harm nobody.
const RATIO_FREE_BYTES: u64 = 1024 * 1024;

/// Proves that the container unpacks within the limits, by what it declares and then by unpacking it into nothing.
///
/// # Errors
/// Expands too much, is encrypted, is not a workbook, is damaged.
pub(crate) fn check(bytes: &[u8], limits: &Limits) -> Result<(), ExchangeError> {
    let too_much = || ExchangeError::ExpandsTooMuch {
        limit_mebibytes: limits.expanded_mebibytes(),
        ratio: limits.expansion_ratio,
    };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(ExchangeError::damaged)?;
    if u32::try_from(archive.len()).map_or(true, |parts| parts > limits.parts) {
        return Err(too_much());
    }
    check_kind(&archive)?;
    let mut declared = 0_u64;
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(ExchangeError::damaged)?;
        if part.encrypted() {
            return Err(ExchangeError::Protected);
        }
        declared = declared.saturating_add(part.size());
        if declared > limits.expanded_bytes || steep(part.size(), part.compressed_size(), limits) {
            return Err(too_much());
        }
    }
    if steep(declared, u64::try_from(bytes.len()).unwrap_or(u64::MAX), limits) {
        return Err(too_much());
    }
    // What a part declares may be a lie.
    let mut real = 0_u64;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(ExchangeError::damaged)?;
        let packed = part.compressed_size();
        let allowed = limits.expanded_bytes.saturating_sub(real).saturating_add(1);
        let other = part.name().is_ok_and(|name| !name.to_ascii_lowercase().contains("sharedstrings"));
        let mut count = (!other).then(DeclaredCount::default);
        let unpacked = drain(&mut part, allowed, packed, limits, count.as_mut())?;
        if count.is_some_and(|count| count.largest > limits.cells) {
            return Err(too_much());
        }
        real = real.saturating_add(unpacked);
        if real > limits.expanded_bytes || steep(unpacked, packed, limits) {
            return Err(too_much());
        }
    }
    Ok(())
}

/// The names of the parts of a container.
///
/// # Errors
/// It is damaged.
pub(crate) fn part_names(bytes: &[u8]) -> Result<Vec<String>, ExchangeError> {
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(ExchangeError::damaged)?;
    Ok(archive.file_names().filter_map(Result::ok).map(std::borrow::Cow::into_owned).collect())
}

fn steep(unpacked: u64, packed: u64, limits: &Limits) -> bool {
    unpacked > RATIO_FREE_BYTES && unpacked / packed.max(1) > limits.expansion_ratio
}

/// Unpacks into nothing; stops early once a limit is broken.
fn drain(
    part: &mut impl Read,
    allowed: u64,
    packed: u64,
    limits: &Limits,
    mut count: Option<&mut DeclaredCount>,
) -> Result<u64, ExchangeError> {
    let mut buffer = vec![0_u8; 64 * 1024];
    let mut total = 0_u64;
    while total < allowed && !steep(total, packed, limits) {
        let read = part.read(&mut buffer).map_err(ExchangeError::damaged)?;
        if read == 0 {
            break;
        }
        if let (Some(count), Some(chunk)) = (count.as_mut(), buffer.get(..read)) {
            count.look(chunk);
        }
        total = total.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
    }
    Ok(total)
}

/// How many texts the table of shared texts says it has: the reader sets memory aside for as many as it says.
#[derive(Debug, Default)]
struct DeclaredCount {
    largest: u64,
    tail: Vec<u8>,
}

impl DeclaredCount {
    const NAME: &'static [u8] = b"uniqueCount";
    /// More than the attribute's name, its signs and any number that could matter.
    const OVERLAP: usize = 128;

    fn look(&mut self, chunk: &[u8]) {
        // Zero bytes are dropped so that UTF-16 is seen, too.
        self.tail.extend(chunk.iter().copied().filter(|byte| *byte != 0));
        let mut rest = self.tail.as_slice();
        while let Some(at) = rest.windows(Self::NAME.len()).position(|window| window == Self::NAME) {
            rest = rest.get(at + Self::NAME.len()..).unwrap_or_default();
            let digits: Vec<u8> = rest
                .iter()
                .copied()
                .skip_while(|byte| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'"' | b'\''))
                .take_while(u8::is_ascii_digit)
                .take(Self::OVERLAP)
                .collect();
            let number =
                digits.iter().fold(0_u64, |sum, digit| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
            self.largest = self.largest.max(number);
        }
        let keep = self.tail.len().saturating_sub(Self::OVERLAP);
        self.tail.drain(..keep);
    }
}

fn check_kind<R: Read + std::io::Seek>(archive: &ZipArchive<R>) -> Result<(), ExchangeError> {
    let has = |name: &str| archive.file_names().any(|own| own.is_ok_and(|own| own.eq_ignore_ascii_case(name)));
    if has("xl/workbook.xml") {
        return Ok(());
    }
    if has("xl/workbook.bin") {
        return Err(ExchangeError::OtherSpreadsheet { what: "xlsb" });
    }
    if has("word/document.xml") {
        return Err(ExchangeError::NotSpreadsheet { what: "是 Word 文档" });
    }
    if has("ppt/presentation.xml") {
        return Err(ExchangeError::NotSpreadsheet { what: "是演示文稿" });
    }
    if has("content.xml") && has("mimetype") {
        return Err(ExchangeError::OtherSpreadsheet { what: "ods" });
    }
    if has("[Content_Types].xml") {
        // An unusual layout: the reader decides.
        return Ok(());
    }
    Err(ExchangeError::NotSpreadsheet { what: "是压缩包" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declared_count_is_found_wherever_the_chunks_break() {
        let text = b"<?xml version=\"1.0\"?><sst count=\"3\" uniqueCount = \"123456789\"><si/></sst>";
        for at in 0..text.len() {
            let mut count = DeclaredCount::default();
            count.look(&text[..at]);
            count.look(&text[at..]);
            assert_eq!(count.largest, 123_456_789, "{at}");
        }
        let mut wide = DeclaredCount::default();
        wide.look(&"uniqueCount='77'".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
        assert_eq!(wide.largest, 77);
        let mut none = DeclaredCount::default();
        none.look(b"<sst count=\"99\"/>");
        assert_eq!(none.largest, 0);
    }
}
