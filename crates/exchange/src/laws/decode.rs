//! Bytes to text: UTF-8, GB18030 (which holds GBK and GB2312), UTF-16, or what a page declares.

use super::error::LawFileError;
use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// A page declares its encoding within so many bytes.
const HEAD_BYTES: usize = 4_096;
/// One broken character in so many is damage; more is a wrong guess.
const SIGNS_PER_BROKEN: usize = 500;

/// # Errors
/// The bytes are in no known encoding.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, LawFileError> {
    let marked = match bytes {
        [0xEF, 0xBB, 0xBF, ..] => Some(UTF_8),
        [0xFF, 0xFE, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] => Some(UTF_16BE),
        _ => None,
    };
    let candidates: Vec<&'static Encoding> = match marked {
        Some(encoding) => vec![encoding],
        None => declared(bytes).into_iter().chain([UTF_8, GB18030]).collect(),
    };
    for encoding in &candidates {
        let (text, _, broken) = encoding.decode(bytes);
        if !broken {
            return Ok(text);
        }
    }
    // A few broken characters, say in a script: which articles hold any is looked at later.
    for encoding in candidates {
        let (text, _, _) = encoding.decode(bytes);
        let broken = text.chars().filter(|sign| *sign == char::REPLACEMENT_CHARACTER).count();
        if broken.saturating_mul(SIGNS_PER_BROKEN) <= text.chars().count() {
            return Ok(text);
        }
    }
    Err(LawFileError::Encoding)
}

/// What the head of a page or of XML says.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head: String = bytes.iter().take(HEAD_BYTES).map(|byte| char::from(*byte).to_ascii_lowercase()).collect();
    if !head.contains('<') {
        return None;
    }
    let (_, after) = head.split_once("charset=").or_else(|| head.split_once("encoding="))?;
    let name: String = after
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_'))
        .collect();
    let encoding = Encoding::for_label(name.as_bytes())?;
    // UTF-16 without a mark would have hidden the declaration itself; pages say gb2312 and use all of GB18030.
    if encoding == UTF_16LE || encoding == UTF_16BE {
        return None;
    }
    Some(if encoding == GBK { GB18030 } else { encoding })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings() {
        let text = "第一条　甲乙丙㐀。";
        let utf16 = |swap: bool| -> Vec<u8> {
            std::iter::once(0xFEFF)
                .chain(text.encode_utf16())
                .flat_map(|unit| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect()
        };
        for bytes in [
            text.as_bytes().to_vec(),
            [&[0xEF, 0xBB, 0xBF], text.as_bytes()].concat(),
            GB18030.encode(text).0.into_owned(),
            utf16(false),
            utf16(true),
        ] {
            assert_eq!(decode(&bytes).unwrap(), text);
        }
        assert_eq!(decode(b"\xFF\xFF\xFF\xFF"), Err(LawFileError::Encoding));
    }

    #[test]
    fn a_page_that_declares_a_wrong_encoding_is_read_all_the_same() {
        for (declared, encoding) in [("gb2312", UTF_8), ("utf-8", GB18030), ("gb2312", GB18030), ("nonsense", GB18030)]
        {
            let page = format!("<meta charset=\"{declared}\"><p>第一条 甲乙丙</p>");
            let bytes = encoding.encode(&page).0.into_owned();
            assert!(decode(&bytes).unwrap().contains("甲乙丙"), "{declared}");
        }
    }

    #[test]
    fn a_single_broken_byte_does_not_lose_the_file() {
        let mut bytes = "第一条 甲乙丙。\n".repeat(200).into_bytes();
        bytes.extend(b"<!-- \xFF -->");
        assert!(decode(&bytes).unwrap().contains(char::REPLACEMENT_CHARACTER));
    }
}
