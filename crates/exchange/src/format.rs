//! What a file is, by its first bytes; the name is not believed.

use crate::error::ExchangeError;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Zip,
    Cfb,
    Text,
}

pub(crate) const CFB_MAGIC: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

const OTHERS: [(&[u8], &str); 9] = [
    (b"%PDF", "是 PDF"),
    (b"\x89PNG", "是图片"),
    (b"\xFF\xD8\xFF", "是图片"),
    (b"GIF8", "是图片"),
    (b"Rar!", "是 RAR 压缩包"),
    (b"7z\xBC\xAF", "是 7z 压缩包"),
    (b"\x1F\x8B", "是 gzip 压缩包"),
    (b"{\\rtf", "是 RTF 文档"),
    (b"MZ", "是程序"),
];

pub(crate) fn recognise(bytes: &[u8]) -> Result<Format, ExchangeError> {
    if bytes.is_empty() {
        return Err(ExchangeError::Empty);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Ok(Format::Zip);
    }
    if bytes.starts_with(&CFB_MAGIC) {
        return Ok(Format::Cfb);
    }
    if let Some((_, what)) = OTHERS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(ExchangeError::NotSpreadsheet { what });
    }
    if let Some(what) = disguise(bytes) {
        return Err(ExchangeError::Disguised { what });
    }
    // BIFF without a container (Excel 2 to 4), or any other binary; UTF-16 text has its mark.
    let utf16 = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
    if !utf16 && bytes.iter().take(65_536).any(|byte| *byte == 0) {
        return Err(ExchangeError::NotSpreadsheet { what: "内容不是文本" });
    }
    Ok(Format::Text)
}

/// A page or XML, as many systems export under the name of xls.
fn disguise(bytes: &[u8]) -> Option<&'static str> {
    let head: Vec<u8> = bytes
        .iter()
        .copied()
        .filter(|byte| !matches!(byte, 0 | 0xEF | 0xBB | 0xBF | 0xFF | 0xFE))
        .skip_while(u8::is_ascii_whitespace)
        .take(512)
        .map(|byte| byte.to_ascii_lowercase())
        .collect();
    let has = |text: &[u8]| head.windows(text.len()).any(|window| window == text);
    if head.starts_with(b"mime-version:") {
        return Some("网页（单一文件）");
    }
    if !head.starts_with(b"<") {
        return None;
    }
    if head.starts_with(b"<?xml") && !has(b"<html") {
        return Some("XML 文件");
    }
    let page = ["<html", "<!doctype", "<table", "<head", "<meta", "<style", "<!--", "<div", "<body"];
    page.iter().any(|tag| has(tag.as_bytes())).then_some("网页")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_first_bytes() {
        assert_eq!(recognise(b"PK\x03\x04..."), Ok(Format::Zip));
        assert_eq!(recognise(&CFB_MAGIC), Ok(Format::Cfb));
        assert_eq!(recognise("姓名,单位".as_bytes()), Ok(Format::Text));
        assert_eq!(recognise(b"\xFF\xFEa\0b\0"), Ok(Format::Text));
        assert_eq!(recognise(b""), Err(ExchangeError::Empty));
        for (bytes, part) in [
            (&b"%PDF-1.7"[..], "PDF"),
            (b"\x89PNG\r\n", "图片"),
            (b"ab\0cd", "不是文本"),
            (b"<html xmlns:o=...", "网页"),
            (b"\xEF\xBB\xBF\r\n  <TABLE border=1>", "网页"),
            (b"<?xml version=\"1.0\"?><Workbook", "XML"),
            (b"\xFF\xFE<\0h\0t\0m\0l\0>\0", "网页"),
            (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "网页"),
        ] {
            let message = recognise(bytes).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
        }
    }
}
