//! Files that mean harm, or are broken.

use crate::laws::fixtures::{docx_of, zip_of};
use crate::questions::{Limits, QuestionFileError, parse};
use proptest::prelude::*;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn error(name: &str, bytes: &[u8]) -> QuestionFileError {
    parse(name, bytes, None, &Limits::default()).expect_err(name)
}

/// A deflated part of zeros.
fn bomb(name: &str, mebibytes: usize) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("[Content_Types].xml", SimpleFileOptions::default()).unwrap();
    writer.write_all(b"<Types/>").unwrap();
    writer.start_file(name, SimpleFileOptions::default()).unwrap();
    let chunk = vec![b' '; 1024 * 1024];
    for _ in 0..mebibytes {
        writer.write_all(&chunk).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn bombs_are_not_unpacked() {
    let document = bomb("word/document.xml", 80);
    assert!(document.len() < 1024 * 1024);
    assert!(matches!(error("x.docx", &document), QuestionFileError::ExpandsTooMuch { .. }));
    let workbook = bomb("xl/workbook.xml", 80);
    assert!(matches!(error("x.xlsx", &workbook), QuestionFileError::Sheet(_)), "{}", error("x.xlsx", &workbook));
}

#[test]
fn too_much_of_everything_is_refused() {
    let tight = Limits { questions: 3, lines: 20, file_bytes: 4096, ..Limits::default() };
    let refused = |bytes: &[u8]| parse("x.txt", bytes, None, &tight).unwrap_err();
    let question = "甲____。{=乙}\n\n";
    assert!(parse("x.txt", question.repeat(3).as_bytes(), None, &tight).is_ok());
    assert_eq!(refused(question.repeat(4).as_bytes()), QuestionFileError::TooManyQuestions { limit: 3 });
    assert_eq!(refused("1. 甲\n".repeat(21).as_bytes()), QuestionFileError::TooManyLines { limit: 20 });
    assert!(matches!(refused(&[b'a'; 5000]), QuestionFileError::FileTooLarge { .. }));
    assert_eq!(refused("[{\"stem\":\"甲\"},{},{},{}]".as_bytes()), QuestionFileError::TooManyQuestions { limit: 3 });
    let long = format!("1. {}\n答案：对", "甲".repeat(600));
    let file = parse("x.txt", long.as_bytes(), None, &Limits { field_chars: 500, ..Limits::default() }).unwrap();
    assert_eq!(file.questions[0].draft.stem().chars().count(), 500);
    assert!(file.questions[0].problems.iter().any(|problem| problem.reason.contains("超过 500 个字")));
}

#[test]
fn other_files_and_broken_ones_say_what_to_do() {
    let broken = &docx_of("<w:p><w:r><w:t>1. 甲</w:t></w:r></w:p>")[..200];
    for (name, bytes, word) in [
        ("x.docx", broken, "损坏"),
        ("x.docx", &docx_of("<w:p>")[..], "损坏"),
        ("x.docx", &docx_of("")[..], "没有找到题目"),
        ("x.zip", &zip_of(&[("a.txt", "甲")])[..], "压缩包"),
        ("x.pdf", b"%PDF-1.7", "PDF"),
        ("x.txt", "通知：明天开会".as_bytes(), "没有找到题目"),
        ("x.json", b"[{\"stem\": \"x\"", "JSON"),
        ("x.gift", "::甲:: {".as_bytes(), "没有 } 结束"),
    ] {
        let said = match parse(name, bytes, None, &Limits::default()) {
            Ok(file) => file.problems.iter().map(|problem| problem.reason.clone()).collect::<String>(),
            Err(error) => error.to_string(),
        };
        assert!(said.contains(word), "{name}: {said}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_text_makes_the_reader_give_up(text in "[0-9A-E.、（）()答案解析：:=~{}#\\\\ \n一二题单选判断√×甲乙《》第条款项%|;\"\\[\\]]{0,200}") {
        let _ = parse("x.txt", text.as_bytes(), None, &Limits::default());
        let _ = parse("x.csv", text.as_bytes(), None, &Limits::default());
        for format in ["gift", "aiken", "text", "json", "toml", "csv"] {
            let format = crate::questions::Format::parse(format);
            prop_assert!(format.is_some());
            let _ = parse("x", text.as_bytes(), format, &Limits::default());
        }
    }

    #[test]
    fn no_bytes_do_either(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse("x.docx", &bytes, None, &Limits::default());
    }
}
