//! The file that an outsider checks.

use super::{ANCHOR_NAME, EXPORT_NAME, World, installation};
use crate::limits::MAX_LINE_BYTES;
use crate::*;

fn lines(export: &[u8]) -> Vec<String> {
    std::str::from_utf8(export).unwrap().lines().map(str::to_owned).collect()
}

fn joined(lines: &[String]) -> Vec<u8> {
    lines.iter().flat_map(|line| [line.as_bytes(), b"\n"].concat()).collect()
}

/// The end line made right again, as somebody would who alters an export.
pub(super) fn with_right_end(lines: &[String]) -> Vec<String> {
    let (_, body) = lines.split_last().unwrap();
    let count = |kind: &str| body.iter().filter(|line| line.starts_with(&format!("{{\"line\":\"{kind}\""))).count();
    let sha256 = file_digest(&mut joined(body).as_slice()).unwrap().1;
    let (entries, heads, manifests) = (count("entry"), count("head"), count("manifest"));
    let end =
        format!(r#"{{"line":"end","entries":{entries},"heads":{heads},"manifests":{manifests},"sha256":"{sha256}"}}"#);
    [body, &[end]].concat()
}

#[test]
fn an_export_verifies_as_the_database_does() {
    let mut world = World::standard();
    let export = world.export();
    let of_export = world.verify_export_of(&export);
    assert_eq!(of_export, world.verify());
    assert!(of_export.valid);
    let lines = lines(&export);
    assert_eq!(lines.len(), 1 + 14 + 5 + 3 + 1);
    assert!(lines[0].starts_with(r#"{"line":"header","format":"zhijie-ledger-1","installation":"0193a1c2"#));
    assert_eq!(with_right_end(&lines), lines);
    // Without the lake and the anchor: manifests are checked, files counted.
    let alone = verify_export(&mut export.as_slice(), EXPORT_NAME, None, &mut NoArchive).unwrap();
    assert!(alone.valid);
    assert_eq!((alone.checks.seals, alone.checks.files, alone.checks.files_unchecked), (3, 0, 14));
}

#[test]
fn a_file_of_a_seal_is_checked_by_the_export_too() {
    let mut world = World::standard();
    let export = world.export();
    let path = "scores/generation=1/exam=0193-b/part-0000.parquet";
    world.lake.files.get_mut(path).unwrap()[0] ^= 1;
    let bad = world.verify_export_of(&export).first_bad.unwrap();
    assert_eq!((bad.entry, bad.file.as_deref()), (Some(10), Some(path)));
}

#[test]
fn an_altered_database_exports_what_it_holds_and_is_found_out() {
    let mut world = World::standard();
    world.entries[4].text[60] ^= 1;
    world.entries.remove(8);
    let export = world.export();
    assert_eq!(world.verify_export_of(&export), world.verify());
    let mut world = World::standard();
    world.lake.manifests.remove(&(ExamId::from("0193-b"), 1));
    let export = world.export();
    assert_eq!(world.verify_export_of(&export), world.verify());
    assert_eq!(world.verify().first_bad.unwrap().entry, Some(10));
}

#[test]
fn a_line_that_was_altered_with_its_end_made_right_is_found_out() {
    let mut world = World::standard();
    let whole = lines(&world.export());
    let line_of = |start: &str| whole.iter().position(|line| line.starts_with(start)).unwrap();
    let entry_7 = line_of(r#"{"line":"entry","sequence":7,"#);
    let manifest = line_of(r#"{"line":"manifest","#);
    let mut check = |change: &dyn Fn(&mut Vec<String>), entry: Option<u64>, file: Option<&str>, words: &str| {
        let mut altered = whole.clone();
        change(&mut altered);
        let bad = world.verify_export_of(&joined(&with_right_end(&altered))).first_bad.unwrap();
        assert_eq!((bad.entry, bad.file.as_deref()), (entry, file), "{bad:?}");
        assert!(bad.reason.contains(words), "{}", bad.reason);
    };
    let export = Some(EXPORT_NAME);
    check(&|lines| drop(lines.remove(entry_7)), Some(7), None, "缺第 7 条");
    check(&|lines| lines.swap(entry_7, entry_7 - 1), Some(6), None, "第 6 条的签名头的次序不对");
    check(&|lines| lines[entry_7].push(' '), Some(7), export, "第 12 行不是导出文件的一行");
    check(&|lines| lines.insert(entry_7, "null".into()), None, export, "第 12 行不是导出文件的一行");
    check(&|lines| lines.insert(entry_7, String::new()), None, export, "第 12 行不是导出文件的一行");
    let copy = whole[manifest].clone();
    check(&|lines| lines.insert(entry_7, copy.clone()), None, export, "第 13 行之前的封存清单不属于任何封存记录");
    check(&|lines| lines.insert(manifest, copy.clone()), None, export, "不属于任何封存记录");
    check(&|lines| drop(lines.remove(manifest)), Some(4), Some(&manifest_name(&"0193-a".into(), 1)), "不见了");
    let header = |from: &'static str, to: &'static str| {
        move |lines: &mut Vec<String>| {
            assert!(lines[0].contains(from));
            lines[0] = lines[0].replacen(from, to, 1);
        }
    };
    check(&header("zhijie-ledger-1", "zhijie-ledger-2"), None, export, "第 1 行不是账本导出文件的首行");
    check(&header("\"keys\":[{", "\"keys\":[ {"), None, export, "第 1 行不是账本导出文件的首行");
    check(&header("\"valid_from_us\":1", "\"valid_from_us\":2"), None, export, "所列第 1 把公钥与账本宣布的不同");
    check(&header("0193a1c2", "0193a1c3"), None, Some(ANCHOR_NAME), "安装编号不同");
}

#[test]
fn an_end_that_does_not_fit_is_named() {
    let mut world = World::standard();
    let export = world.export();
    let whole = lines(&export);
    let mut check = |export: &[u8], words: &str| {
        let bad = world.verify_export_of(export).first_bad.unwrap();
        assert_eq!(bad.file.as_deref(), Some(EXPORT_NAME), "{bad:?}");
        assert!(bad.reason.contains(words), "{}", bad.reason);
    };
    check(&joined(&whole[..whole.len() - 1]), "没有结束行");
    check(&joined(&[whole.as_slice(), &["{}".into()]].concat()), "在结束行之后");
    check(&export[..export.len() - 1], "没有写完");
    check(&[export.as_slice(), b"x"].concat(), "没有写完");
    let mut later = whole.clone();
    later[0] = later[0].replace("\"exported_at_us\":1", "\"exported_at_us\":2");
    check(&joined(&later), "第 24 行与前面各行不符");
    check(b"", "第 1 行不是账本导出文件的首行");
    check(b"\n", "第 1 行不是账本导出文件的首行");
}

#[test]
fn an_export_cut_at_any_byte_is_found_out() {
    let mut world = World::open();
    world.act("exam_published");
    world.seal("0193-a");
    world.anchored_head();
    world.act("exported");
    let export = world.export();
    assert!(world.verify_export_of(&export).valid);
    for left in 0..export.len() {
        let verification = world.verify_export_of(&export[..left]);
        assert!(!verification.valid, "{left} bytes");
        assert!(verification.first_bad.unwrap().file.is_some() || verification.entries < 3, "{left} bytes");
    }
}

#[test]
fn a_line_without_end_is_not_read_into_memory() {
    struct Endless(u64);
    impl std::io::Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            buffer.fill(b'x');
            self.0 += u64::try_from(buffer.len()).unwrap();
            Ok(buffer.len())
        }
    }
    let mut world = World::standard();
    let export = world.export();
    let header = export.split_inclusive(|byte| *byte == b'\n').next().unwrap();
    let mut endless = Endless(0);
    let mut reader = std::io::BufReader::new(std::io::Read::chain(header, &mut endless));
    let verification = verify_export(&mut reader, EXPORT_NAME, None, &mut NoArchive).unwrap();
    let bad = verification.first_bad.unwrap();
    assert!(bad.reason.contains("第 2 行超过一行的长度上限"), "{}", bad.reason);
    assert!(endless.0 < 2 * u64::try_from(MAX_LINE_BYTES).unwrap());
}

#[test]
fn an_export_is_refused_where_the_ledger_is_no_text_and_errors_of_the_target_are_passed_on() {
    let mut world = World::standard();
    let source = ExportSource { installation: &installation(), keys: &[], exported_at_us: 0 };
    world.entries[2].text = vec![0xff];
    let entries = || world.entries.iter().cloned().map(Ok::<_, ExportError>);
    let refused = write_export(Vec::new(), source, entries(), [], &mut NoArchive).unwrap_err();
    assert!(matches!(refused, ExportError::NotText { sequence: 3 }), "{refused}");
    assert!(refused.to_string().contains("第 3 条"));
    let mut small = [0_u8; 100];
    let full = write_export(small.as_mut_slice(), source, entries(), [], &mut NoArchive).unwrap_err();
    assert!(matches!(full, ExportError::Write(_)), "{full}");
}
