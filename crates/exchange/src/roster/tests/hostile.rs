//! Files that mean harm, or were never rosters.

use super::*;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fn refused(bytes: &[u8]) -> ExchangeError {
    parse("花名册.xlsx", bytes, &Limits::default()).expect_err("refused")
}

/// A container with the given parts, each repeated text of a length.
fn container(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_zip_bomb_is_refused_by_ratio() {
    let zeros = vec![b' '; 30 * 1024 * 1024];
    let bytes = container(&[("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", &zeros)]);
    assert!(bytes.len() < 200_000, "{}", bytes.len());
    let error = refused(&bytes);
    assert!(matches!(error, ExchangeError::ExpandsTooMuch { .. }), "{error:?}");
    assert!(error.to_string().contains("256 MiB"));
}

#[test]
fn many_modest_parts_are_refused_by_their_sum() {
    let limits = Limits { expanded_bytes: 1_000_000, ..Limits::default() };
    let part = vec![b'x'; 90_000];
    let names: Vec<String> = (0..12).map(|i| format!("xl/{i}.xml")).collect();
    let mut parts: Vec<(&str, &[u8])> = vec![("xl/workbook.xml", b"<workbook/>")];
    parts.extend(names.iter().map(|name| (name.as_str(), part.as_slice())));
    let error = parse("x.xlsx", &container(&parts), &limits).unwrap_err();
    assert!(matches!(error, ExchangeError::ExpandsTooMuch { .. }), "{error:?}");
}

/// The sizes that a container declares are not believed.
#[test]
fn a_lying_zip_bomb_is_refused() {
    let zeros = vec![b' '; 30 * 1024 * 1024];
    let mut bytes = container(&[("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", &zeros)]);
    let size = u32::try_from(zeros.len()).unwrap().to_le_bytes();
    let places: Vec<usize> = bytes.windows(4).enumerate().filter(|(_, w)| *w == size).map(|(at, _)| at).collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at..at + 4].copy_from_slice(&1000_u32.to_le_bytes());
    }
    let error = refused(&bytes);
    assert!(matches!(error, ExchangeError::ExpandsTooMuch { .. } | ExchangeError::Damaged { .. }), "{error:?}");
}

#[test]
fn far_corners_do_not_become_a_rectangle() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    fill(sheet, "Sheet1", &[&["姓名", "工号", "单位"], &["张三", "1", "甲局"]]);
    sheet.write_string(1_048_575, 0, "李四").unwrap();
    let roster = read("x.xlsx", &book.save_to_buffer().unwrap());
    assert_eq!(names(&roster), ["张三", "李四"]);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    fill(sheet, "Sheet1", &[&["姓名"], &["张三"]]);
    sheet.write_string(1, 16_383, "远").unwrap();
    let error = refused(&book.save_to_buffer().unwrap());
    assert_eq!(error, ExchangeError::TooManyColumns { sheet: "Sheet1".into(), row: 2, limit: 256 });
}

#[test]
fn formatted_emptiness_is_not_counted() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    fill(sheet, "Sheet1", &[&["姓名", "工号", "单位"], &["张三", "1", "甲局"]]);
    let bold = rust_xlsxwriter::Format::new().set_bold();
    for column in 3..2000 {
        sheet.write_blank(1, column, &bold).unwrap();
    }
    assert_eq!(names(&read("x.xlsx", &book.save_to_buffer().unwrap())), ["张三"]);
}

#[test]
fn a_false_count_of_texts_is_refused() {
    let bytes = book(&[&["姓名", "工号", "单位"], &["张三", "1", "甲局"]]);
    let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut content).unwrap();
        parts.push((part.name().unwrap().into_owned(), content));
    }
    let rebuilt = |parts: &[(String, Vec<u8>)]| {
        container(&parts.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect::<Vec<_>>())
    };
    assert_eq!(names(&read("x.xlsx", &rebuilt(&parts))), ["张三"], "rebuilt unchanged it is read");
    for (_, content) in parts.iter_mut().filter(|(name, _)| name == "xl/sharedStrings.xml") {
        let text = String::from_utf8(content.clone()).unwrap();
        assert!(text.contains("uniqueCount=\"6\""), "{text}");
        *content = text.replace("uniqueCount=\"6\"", "uniqueCount=\"99999999999\"").into_bytes();
    }
    assert!(matches!(refused(&rebuilt(&parts)), ExchangeError::ExpandsTooMuch { .. }));
}

#[test]
fn limits_of_size_rows_and_cells() {
    let big = vec![b'a'; 33 * 1024 * 1024];
    assert_eq!(refused(&big), ExchangeError::FileTooLarge { limit_mebibytes: 32 });
    let bytes = book(&[&["姓名", "工号"], &["张三", "1"], &["李四", "2"]]);
    let rows = Limits { rows: 2, ..Limits::default() };
    assert_eq!(parse("x.xlsx", &bytes, &rows), Err(ExchangeError::TooManyRows { limit: 2 }));
    let cells = Limits { cells: 5, ..Limits::default() };
    assert!(parse("x.xlsx", &bytes, &cells).is_err());
}

#[test]
fn what_is_no_spreadsheet_is_told() {
    let ole = include_bytes!("../../../tests/data/roster.xls");
    for (bytes, part) in [
        (Vec::new(), "空的"),
        (b"%PDF-1.4".to_vec(), "PDF"),
        (b"<html><table><tr><td>\xD0\xD5\xC3\xFB".to_vec(), "另存为"),
        (b"<?xml version=\"1.0\"?><Workbook/>".to_vec(), "另存为"),
        (container(&[("word/document.xml", b"<w/>")]), "Word"),
        (container(&[("a.txt", b"a")]), "压缩包"),
        (container(&[("mimetype", b"x"), ("content.xml", b"<x/>")]), "ods"),
        (container(&[("xl/workbook.bin", b"x")]), "xlsb"),
        (b"PK\x03\x04 broken".to_vec(), "损坏"),
        (ole[..600].to_vec(), "损坏"),
    ] {
        let message = refused(&bytes).to_string();
        assert!(message.contains(part), "{part}: {message}");
    }
}

/// A chain of sectors that never ends would be followed for ever.
#[test]
fn a_circular_chain_is_refused() {
    let mut bytes = include_bytes!("../../../tests/data/roster.xls").to_vec();
    let word = |bytes: &[u8], at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    let fat = 512 * (usize::try_from(word(&bytes, 0x4C)).unwrap() + 1);
    for start in [word(&bytes, 0x30), 0] {
        let mut broken = bytes.clone();
        let at = fat + 4 * usize::try_from(start).unwrap();
        broken[at..at + 4].copy_from_slice(&start.to_le_bytes());
        assert!(matches!(refused(&broken), ExchangeError::Damaged { .. }), "sector {start}");
    }
    // The name in other letters is still the workbook.
    let name: Vec<u8> = "Workbook".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let at = bytes.windows(name.len()).position(|window| window == name).unwrap();
    bytes[at] = b'w';
    assert_eq!(read("x.xls", &bytes).rows.len(), 4);
}

/// Every cut and many flips of a real xls and xlsx: an answer or an error, never a crash and never much memory.
#[test]
fn damaged_files_are_no_crash() {
    let xls = include_bytes!("../../../tests/data/roster.xls").to_vec();
    let xlsx = book(&[&["姓名", "工号", "单位"], &["张三", "1", "甲局"]]);
    for whole in [xls, xlsx] {
        for cut in (0..whole.len()).step_by(whole.len() / 40 + 1) {
            let _ = parse("x.xls", &whole[..cut], &Limits::default());
        }
        for at in (0..whole.len()).step_by(whole.len() / 200 + 1) {
            let mut flipped = whole.clone();
            flipped[at] ^= 0xFF;
            let _ = parse("x.xls", &flipped, &Limits::default());
        }
    }
}
