//! Seals: files, manifests and the order of generations.

use serde_json::json;

use super::{World, changed, receipts};
use crate::*;

const ROSTER: &str = "roster/exam=0193-a/part-0000.parquet";
const SCORES_2: &str = "scores/generation=2/exam=0193-a/part-0001.parquet";

/// The fault of a changed world, which is to be of this entry and file.
fn expect(change: impl FnOnce(&mut World), entry: u64, file: &str, words: &str) {
    let mut world = World::standard();
    change(&mut world);
    let bad = world.bad();
    assert_eq!((bad.entry, bad.file.as_deref()), (Some(entry), Some(file)), "{bad:?}");
    assert!(bad.reason.contains(words), "{}", bad.reason);
}

#[test]
fn a_sealed_file_that_changed_is_named() {
    let in_file = |path: &'static str, change: fn(&mut Vec<u8>)| {
        move |world: &mut World| change(world.lake.files.get_mut(path).unwrap())
    };
    expect(in_file(ROSTER, |bytes| bytes[7] ^= 1), 4, ROSTER, "内容被改动");
    expect(in_file(ROSTER, |bytes| bytes.truncate(9)), 4, ROSTER, "被截短");
    expect(in_file(SCORES_2, Vec::clear), 8, SCORES_2, "被截短");
    expect(in_file(SCORES_2, |bytes| bytes.push(0)), 8, SCORES_2, "被加长");
    expect(|world| drop(world.lake.files.remove(SCORES_2)), 8, SCORES_2, "不见了");
}

#[test]
fn a_file_too_many_is_named() {
    for (path, entry) in [
        ("responses/exam=0193-a/part-0000b.parquet", Some(4)),
        ("scores/generation=2/exam=0193-a/.hidden", Some(8)),
        ("scores/generation=1/exam=0193-b/x/y.parquet", Some(10)),
        ("scores/generation=3/exam=0193-a/part-0000.parquet", None),
        ("scores/generation=2/exam=0193-b/part-0000.parquet", None),
        ("scores/generation=02/exam=0193-a/part-0000.parquet", None),
        ("roster/exam=0193-c/part-0000.parquet", None),
        ("roster/exam=0193-a.parquet", None),
        ("roster/x/exam=0193-a/part-0000.parquet", None),
        ("responses/stray", None),
    ] {
        let mut world = World::standard();
        world.lake.files.insert(path.to_owned(), b"x".to_vec());
        let bad = world.bad();
        assert_eq!((bad.entry, bad.file.as_deref()), (entry, Some(path)), "{bad:?}");
        assert!(bad.reason.contains("多出"), "{}", bad.reason);
    }
}

#[test]
fn a_manifest_that_is_not_the_one_of_the_entry_is_named() {
    let name = manifest_name(&"0193-a".into(), 1);
    let key = (ExamId::from("0193-a"), 1);
    expect(|world| drop(world.lake.manifests.remove(&key)), 4, &name, "不见了");
    expect(|world| world.lake.manifests.get_mut(&key).unwrap()[100] ^= 1, 4, &name, "指纹不符");
    expect(|world| world.lake.manifests.get_mut(&key).unwrap().push(b'\n'), 4, &name, "指纹不符");
    let other = (ExamId::from("0193-b"), 1);
    expect(
        |world| {
            let stored = world.lake.manifests[&other].clone();
            world.lake.manifests.insert(key.clone(), stored);
        },
        4,
        &name,
        "指纹不符",
    );
}

#[test]
fn a_seal_of_something_else_than_it_says_is_named() {
    // The entry carries the hash of a manifest that speaks of another exam, or of no manifest at all.
    let with_stored = |stored: Vec<u8>, words: &str| {
        let mut world = World::standard();
        let exam = ExamId::from("0193-c");
        let detail = json!({
            "generation": 1,
            "manifest": Manifest::hash_of(&stored),
            "receipts": world.manifests[&ExamId::from("0193-a")].receipts,
        });
        world.lake.manifests.insert((exam.clone(), 1), stored);
        let act = Act::of_pending(world.now_us, "a", EXAM_SEALED, exam.as_str(), &detail.to_string()).unwrap();
        let entry = world.append(&act);
        let bad = world.bad();
        assert_eq!((bad.entry, bad.file), (Some(entry), Some(manifest_name(&exam, 1))));
        assert!(bad.reason.contains(words), "{}", bad.reason);
    };
    let of_a = World::standard().lake.manifests[&(ExamId::from("0193-a"), 1)].clone();
    with_stored(of_a, "说的不是这一条封存的考试");
    with_stored(b"\xff".to_vec(), "不是 UTF-8");
    with_stored(b"{}".to_vec(), "写法不合");
}

#[test]
fn an_exam_sealed_twice_or_out_of_order_is_named() {
    let with_entry = |kind: &str, exam: &str, detail: serde_json::Value, words: &str| {
        let mut world = World::standard();
        let act = Act::of_pending(world.now_us, "a", kind, exam, &detail.to_string()).unwrap();
        let entry = world.append(&act);
        let bad = world.bad();
        assert_eq!((bad.entry, bad.file.clone()), (Some(entry), None), "{bad:?}");
        assert!(bad.reason.contains(words), "{}", bad.reason);
    };
    let hash = genesis(&super::installation());
    let sealed = ReceiptTree::new(receipts(5)).unwrap().summary();
    let detail = |generation: u32| json!({ "generation": generation, "manifest": hash, "receipts": sealed });
    with_entry(EXAM_SEALED, "0193-a", detail(1), "重复封存考试 0193-a：它在第 4 条已经封存");
    with_entry(EXAM_SEALED, "0193-c", detail(2), "代次却不是 1");
    with_entry(SCORES_SEALED, "0193-c", detail(2), "没有封存过");
    with_entry(SCORES_SEALED, "0193-a", detail(2), "应是第 2 代之后的一代");
    with_entry(SCORES_SEALED, "0193-a", detail(4), "应是第 2 代之后的一代");
    let others = json!({ "generation": 3, "manifest": hash, "receipts": { "count": 4, "root": hash } });
    with_entry(SCORES_SEALED, "0193-a", others, "回执与第 4 条首次封存时不同");
    with_entry(EXAM_SEALED, "0193-c", json!({ "generation": 1 }), "写法却不对");
    with_entry(EXAM_SEALED, "0193-c", json!("x"), "写法却不对");
}

#[test]
fn a_generation_hangs_on_the_manifest_before_it() {
    let mut world = World::standard();
    let exam = ExamId::from("0193-a");
    let first = Manifest::parse(&world.lake.manifests[&(exam.clone(), 1)]).unwrap();
    let second = Manifest::parse(&world.lake.manifests[&(exam.clone(), 2)]).unwrap();
    assert_eq!(second.previous, Some(first.hash()));
    assert_eq!(second.receipts, first.receipts);
    assert_eq!(second.folders(), ["scores/generation=2/exam=0193-a"]);
    // A third generation built on the first, as if the second had never been.
    let files = world.write_files(&exam, 3, &[DataSet::Scores]);
    let mut third = second.next(world.now_us, 1, files).unwrap();
    third.previous = Some(first.hash());
    let entry = world.keep(third);
    let bad = world.bad();
    assert_eq!((bad.entry, bad.file), (Some(entry), Some(manifest_name(&exam, 3))));
    assert!(bad.reason.contains("前一代清单"), "{}", bad.reason);
}

#[test]
fn a_manifest_keeps_to_its_folders() {
    let world = World::standard();
    let whole = &world.manifests[&ExamId::from("0193-b")];
    let with = |change: &dyn Fn(&mut Manifest)| {
        let mut manifest = whole.clone();
        change(&mut manifest);
        Manifest::parse(manifest.text().as_bytes()).map(|_| ())
    };
    assert_eq!(with(&|_| ()), Ok(()));
    for path in [
        "",
        "/etc/passwd",
        "roster/exam=0193-b/../../x",
        "roster/exam=0193-b/.hidden",
        "roster/exam=0193-b//x",
        "roster/exam=0193-b",
        "roster/exam=0193-b/",
        "roster/exam=0193-bc/x",
        "roster/exam=0193-b/a\\b",
        "roster/exam=0193-b/文件",
        "scores/generation=2/exam=0193-b/x",
        "elsewhere/exam=0193-b/x",
    ] {
        assert_eq!(with(&|manifest| manifest.files[0].path = path.into()), Err(ManifestError::Path(path.into())));
    }
    let long = format!("roster/exam=0193-b/{}", "x".repeat(limits::MAX_PATH_BYTES));
    assert!(matches!(with(&|manifest| manifest.files[0].path = long.clone()), Err(ManifestError::Path(_))));
    assert!(matches!(with(&|manifest| manifest.files.swap(0, 1)), Err(ManifestError::Order(_))));
    assert!(matches!(with(&|manifest| manifest.files[1] = manifest.files[0].clone()), Err(ManifestError::Order(_))));
    assert_eq!(with(&|manifest| manifest.files.clear()), Err(ManifestError::Count));
    assert_eq!(with(&|manifest| manifest.generation = 0), Err(ManifestError::Generation));
    assert_eq!(with(&|manifest| manifest.previous = Some(manifest.receipts.root)), Err(ManifestError::Generation));
    assert_eq!(with(&|manifest| manifest.exam.id = "../x".into()), Err(ManifestError::Exam("../x".into())));
    assert_eq!(with(&|manifest| manifest.files[0].bytes = u64::MAX), Err(ManifestError::Range("files")));
    assert_eq!(with(&|manifest| manifest.receipts.count = u64::MAX), Err(ManifestError::Range("receipts")));
    assert_eq!(with(&|manifest| manifest.installation = "".into()), Err(ManifestError::Range("installation")));
    assert_eq!(with(&|manifest| manifest.exam.phase = Some("".into())), Err(ManifestError::Range("phase")));
    assert_eq!(with(&|manifest| manifest.sealed_at_us = i64::MIN), Err(ManifestError::Range("sealed_at_us")));
    let many = |manifest: &mut Manifest| {
        let file = manifest.files[0].clone();
        manifest.files = vec![file; limits::MAX_MANIFEST_FILES + 1];
    };
    assert_eq!(with(&many), Err(ManifestError::Count));
}

#[test]
fn what_cannot_be_read_is_a_fault_and_what_is_not_here_is_not() {
    /// An archive of which one part answers otherwise.
    struct Partly<'a>(&'a mut super::Lake, FileState, Listing, Option<ManifestState>);
    impl Archive for Partly<'_> {
        fn manifest(&mut self, exam: &ExamId, generation: u32) -> ManifestState {
            self.3.clone().unwrap_or_else(|| self.0.manifest(exam, generation))
        }
        fn file(&mut self, _: &str) -> FileState {
            self.1.clone()
        }
        fn list(&mut self, _: &str) -> Listing {
            self.2.clone()
        }
    }
    let verify = |file: FileState, listing: Listing, manifest: Option<ManifestState>| {
        let mut world = World::standard();
        let entries = world.entries.iter().cloned().map(Ok::<_, std::convert::Infallible>);
        let mut archive = Partly(&mut world.lake, file, listing, manifest);
        let Ok(verification) = verify_stored(&world.installation, entries, [], None, &mut archive);
        verification
    };
    let absent = verify(FileState::NotHere, Listing::NotHere, None);
    assert!(absent.valid);
    assert_eq!((absent.checks.files, absent.checks.files_unchecked, absent.checks.seals), (0, 14, 3));
    let denied = verify(FileState::Unreadable("权限不足".into()), Listing::NotHere, None).first_bad.unwrap();
    assert_eq!(denied.entry, Some(4));
    assert!(denied.reason.contains("无法读取：权限不足"), "{}", denied.reason);
    let denied = verify(FileState::NotHere, Listing::Unreadable("权限不足".into()), None).first_bad.unwrap();
    assert_eq!((denied.entry, denied.file.as_deref()), (Some(4), Some("roster/exam=0193-a")));
    let unreadable = Some(ManifestState::Unreadable("磁盘错误".into()));
    let denied = verify(FileState::NotHere, Listing::NotHere, unreadable).first_bad.unwrap();
    assert!(denied.reason.contains("清单无法读取：磁盘错误"), "{}", denied.reason);
}

#[test]
fn a_receipt_proves_that_it_is_under_the_seal() {
    let exam = ExamId::from("0193-a");
    let tree = ReceiptTree::new(receipts(5)).unwrap();
    let sealed = World::standard().manifests[&exam].receipts;
    assert_eq!(tree.summary(), sealed);
    for receipt in receipts(5) {
        let proof = tree.proof(&exam, &receipt.number).unwrap();
        assert!(proof.holds(&receipt, &sealed));
        assert_eq!(ReceiptProof::parse(proof.text().as_bytes()), Ok(proof.clone()));
        let of_other_answers = Receipt { digest: genesis(&super::installation()), ..receipt.clone() };
        assert!(!proof.holds(&of_other_answers, &sealed));
        let substituted = changed(proof.clone(), |proof| proof.digest = of_other_answers.digest);
        assert!(!substituted.holds(&of_other_answers, &sealed));
        let moved = changed(proof.clone(), |proof| proof.index = (proof.index + 1) % 5);
        assert!(!moved.holds(&receipt, &sealed));
        let fewer = Receipts { count: 4, ..sealed };
        assert!(!proof.holds(&receipt, &fewer));
    }
    assert_eq!(tree.proof(&exam, "RK00M7"), None);
    let twice = [receipts(3), receipts(1)].concat();
    assert_eq!(ReceiptTree::new(twice).unwrap_err(), ReceiptError::Twice("RK90M7".into()));
    for number in ["", "RK-90", "回执", &"A".repeat(65)] {
        let odd = vec![Receipt { number: number.into(), digest: sealed.root }];
        assert_eq!(ReceiptTree::new(odd).unwrap_err(), ReceiptError::Number(number.into()));
    }
    assert_eq!(ReceiptTree::new(Vec::new()).unwrap().summary().count, 0);
}
