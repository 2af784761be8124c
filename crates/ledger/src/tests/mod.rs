//! A small ledger with seals, heads, two keys and an anchor, and what may happen to it.

mod canonical;
mod cut;
mod export;
mod flips;
mod keys;
mod merkle;
mod python;
mod seals;
mod vectors;

use std::collections::BTreeMap;
use std::convert::Infallible;

use serde_json::json;

use crate::*;

/// 2026-11-24 08:00 in Beijing, in microseconds.
const MORNING_US: i64 = 1_795_478_400_000_000;
const MINUTE_US: i64 = 60_000_000;
const ANCHOR_NAME: &str = "锚.json";
const EXPORT_NAME: &str = "ledger.jsonl";

/// Manifests and files in memory.
#[derive(Debug, Clone, Default)]
struct Lake {
    manifests: BTreeMap<(ExamId, u32), Vec<u8>>,
    files: BTreeMap<String, Vec<u8>>,
}

impl Archive for Lake {
    fn manifest(&mut self, exam: &ExamId, generation: u32) -> ManifestState {
        let stored = self.manifests.get(&(exam.clone(), generation));
        stored.map_or(ManifestState::Missing, |stored| ManifestState::Stored(stored.clone()))
    }

    fn file(&mut self, path: &str) -> FileState {
        let Some(content) = self.files.get(path) else { return FileState::Missing };
        let (bytes, sha256) = file_digest(&mut content.as_slice()).unwrap();
        FileState::Present { bytes, sha256 }
    }

    fn list(&mut self, folder: &str) -> Listing {
        let folder = format!("{folder}/");
        Listing::Files(self.files.keys().filter(|path| path.starts_with(&folder)).cloned().collect())
    }
}

/// A ledger as its database and its lake hold it.
#[derive(Debug)]
struct World {
    installation: InstallationId,
    now_us: i64,
    chain: Chain,
    signer: HeadSigner,
    keys: Vec<KeyRecord>,
    entries: Vec<EntryRow>,
    heads: Vec<HeadRow>,
    anchor: Anchor,
    manifests: BTreeMap<ExamId, Manifest>,
    /// The entry of each seal.
    sealed_at: BTreeMap<(ExamId, u32), u64>,
    lake: Lake,
}

fn installation() -> InstallationId {
    InstallationId::from("0193a1c2-7c1e-7d3a-8f00-5a1b2c3d4e5f")
}

fn changed<T>(mut of: T, change: impl FnOnce(&mut T)) -> T {
    change(&mut of);
    of
}

fn seed(number: u8) -> [u8; 32] {
    [number; 32]
}

impl World {
    /// The first entry announces the first key.
    fn open() -> Self {
        let signer = HeadSigner::from_seed(installation(), &seed(1));
        let key = signer.own_record(Validity { from_us: MORNING_US, until_us: None });
        let mut world = Self {
            installation: installation(),
            now_us: MORNING_US,
            chain: Chain::new(&installation()),
            signer,
            keys: vec![key.clone()],
            entries: Vec::new(),
            heads: Vec::new(),
            anchor: Anchor::new(installation(), vec![key.clone()]).unwrap(),
            manifests: BTreeMap::new(),
            sealed_at: BTreeMap::new(),
            lake: Lake::default(),
        };
        world.append(&key.act(MORNING_US, "system".into()).unwrap());
        world
    }

    fn append(&mut self, act: &Act) -> u64 {
        let entry = self.chain.append(act).unwrap();
        let sequence = entry.sequence;
        self.entries.push(entry.into());
        self.now_us += MINUTE_US;
        sequence
    }

    fn act(&mut self, kind: &str) -> u64 {
        let detail =
            json!({ "reason": "误操作 \"重发\"\n", "counts": { "z": 3, "a": [1, null, true] }, "由": "管理员" });
        let act = Act::of_pending(self.now_us, "0193-account", kind, "0193-exam", &detail.to_string()).unwrap();
        self.append(&act)
    }

    fn signed_head(&self) -> Head {
        self.signer.sign_head(&self.chain, self.now_us).unwrap()
    }

    fn head(&mut self) -> Head {
        let head = self.signed_head();
        self.heads.push(HeadRow::from(&head));
        self.now_us += MINUTE_US;
        head
    }

    /// Signs a head and takes it outside, with the keys so far.
    fn anchored_head(&mut self) {
        let head = self.head();
        let newer = Anchor::new(self.installation.clone(), self.keys.clone()).unwrap();
        self.anchor.merge(newer).unwrap();
        self.anchor.add_head(head).unwrap();
    }

    fn rotate(&mut self) {
        let number = u8::try_from(self.keys.len() + 1).unwrap();
        let next = HeadSigner::from_seed(self.installation.clone(), &seed(number));
        let key = self.signer.introduce(next.public(), Validity { from_us: self.now_us, until_us: None });
        self.append(&key.act(self.now_us, "system".into()).unwrap());
        self.keys.push(key);
        self.signer = next;
    }

    fn seal(&mut self, exam: &str) -> u64 {
        let exam = ExamId::from(exam);
        let receipts = ReceiptTree::new(receipts(5)).unwrap().summary();
        let files = self.write_files(&exam, 1, &DataSet::ALL);
        let sealed = SealedExam {
            id: exam.clone(),
            year: 2026,
            phase: Some("2026-q4".into()),
            law_date: jiff::civil::date(2026, 11, 20),
        };
        let manifest = Manifest::first(self.installation.clone(), sealed, self.now_us, 1, receipts, files).unwrap();
        self.keep(manifest)
    }

    fn rescore(&mut self, exam: &str) -> u64 {
        let exam = ExamId::from(exam);
        let generation = self.manifests[&exam].generation + 1;
        let files = self.write_files(&exam, generation, &[DataSet::Scores]);
        let manifest = self.manifests[&exam].next(self.now_us, 1, files).unwrap();
        self.keep(manifest)
    }

    fn write_files(&mut self, exam: &ExamId, generation: u32, sets: &[DataSet]) -> Vec<ManifestFile> {
        let mut files = Vec::new();
        for set in sets {
            for part in 0..2_u64 {
                let path = format!("{}/part-{part:04}.parquet", set.folder(exam, generation));
                let content = format!("PAR1 {path} 一些行 PAR1").into_bytes();
                let (bytes, sha256) = file_digest(&mut content.as_slice()).unwrap();
                files.push(ManifestFile { path: path.clone(), bytes, rows: 10 + part, sha256 });
                self.lake.files.insert(path, content);
            }
        }
        files
    }

    fn keep(&mut self, manifest: Manifest) -> u64 {
        let key = (manifest.exam.id.clone(), manifest.generation);
        self.lake.manifests.insert(key.clone(), manifest.text().into_bytes());
        let sequence = self.append(&manifest.seal_act("0193-manager".into()).unwrap());
        self.sealed_at.insert(key.clone(), sequence);
        self.manifests.insert(key.0, manifest);
        sequence
    }

    /// A ledger of 14 entries: two keys, two seals, a second generation, five heads of which three are kept outside.
    fn standard() -> Self {
        let mut world = Self::open();
        world.head();
        world.act("exam_published");
        world.act("attempt_voided");
        world.seal("0193-a");
        world.anchored_head();
        world.act("exported");
        world.rotate();
        world.head();
        world.act("role_granted");
        world.rescore("0193-a");
        world.anchored_head();
        world.act("exam_published");
        world.seal("0193-b");
        world.act("revealed");
        world.anchored_head();
        world.act("exported");
        world.act("exported");
        world.act("exported");
        world
    }

    fn verify_by(&mut self, anchor: Option<&[u8]>) -> Verification {
        let anchor = anchor.map(|bytes| AnchorFile { name: ANCHOR_NAME, bytes });
        let entries = self.entries.iter().cloned().map(Ok::<_, Infallible>);
        let heads = self.heads.iter().cloned().map(Ok);
        let Ok(verification) = verify_stored(&self.installation, entries, heads, anchor, &mut self.lake);
        verification
    }

    fn verify(&mut self) -> Verification {
        let anchor = self.anchor.text();
        self.verify_by(Some(anchor.as_bytes()))
    }

    fn verify_alone(&mut self) -> Verification {
        self.verify_by(None)
    }

    /// Verifies with the anchor and expects a fault.
    fn bad(&mut self) -> FirstBad {
        let verification = self.verify();
        assert!(!verification.valid);
        verification.first_bad.unwrap()
    }

    fn export(&mut self) -> Vec<u8> {
        let keys = self.keys.clone();
        let source = ExportSource { installation: &self.installation, keys: &keys, exported_at_us: self.now_us };
        let entries = self.entries.iter().cloned().map(Ok::<_, ExportError>);
        let heads = self.heads.iter().cloned().map(Ok);
        write_export(Vec::new(), source, entries, heads, &mut self.lake).unwrap()
    }

    fn verify_export_of(&mut self, export: &[u8]) -> Verification {
        let anchor = self.anchor.text();
        let anchor = AnchorFile { name: ANCHOR_NAME, bytes: anchor.as_bytes() };
        verify_export(&mut &*export, EXPORT_NAME, Some(anchor), &mut self.lake).unwrap()
    }

    /// Leaves of everything only what there was up to an entry.
    fn forget_after(&mut self, entry: u64) {
        self.entries.truncate(usize::try_from(entry).unwrap());
        self.heads.retain(|head| head.sequence <= i64::try_from(entry).unwrap());
        let sealed_at = &self.sealed_at;
        self.lake.manifests.retain(|key, _| sealed_at[key] <= entry);
        let kept: Vec<Manifest> = self.lake.manifests.values().map(|stored| Manifest::parse(stored).unwrap()).collect();
        self.lake.files.retain(|path, _| kept.iter().any(|manifest| manifest.paths().contains(path.as_str())));
    }

    /// Rewrites the chain from an entry on, as somebody would who can write the database: content changed, every hash
    /// and number made right again.
    fn rewrite_from(&mut self, first: u64) {
        let place = usize::try_from(first).unwrap() - 1;
        let rest = self.entries.split_off(place);
        let mut chain = self.entries.last().map_or(Chain::new(&self.installation), |row| {
            Chain::resume(&StoredEntry {
                sequence: u64::try_from(row.sequence).unwrap(),
                text: String::from_utf8(row.text.clone()).unwrap(),
                hash: Digest::from_hex(&row.hash).unwrap(),
            })
            .unwrap()
        });
        for (number, row) in rest.into_iter().enumerate() {
            let entry = Entry::parse(&row.text).unwrap();
            let actor = if number == 0 { "0193-nobody".into() } else { entry.actor };
            let act = Act::new(entry.at_us, actor, entry.kind, entry.subject, entry.detail).unwrap();
            self.entries.push(chain.append(&act).unwrap().into());
        }
    }
}

/// Receipts as the program makes them.
fn receipts(count: u8) -> Vec<Receipt> {
    let digest = |number: u8| file_digest(&mut [number].as_slice()).unwrap().1;
    (0..count).map(|number| Receipt { number: format!("RK{:02}M7", 90 - number), digest: digest(number) }).collect()
}

#[test]
fn a_whole_ledger_is_valid_and_says_what_that_rests_on() {
    let mut world = World::standard();
    let verification = world.verify();
    assert_eq!(verification.first_bad, None);
    assert!(verification.valid);
    assert_eq!(verification.entries, 14);
    let files = u64::try_from(world.lake.files.len()).unwrap();
    assert_eq!(
        verification.checks,
        Checks {
            // The three of the anchor count twice: as stored and as kept outside.
            heads: 8,
            signed_to: Some(11),
            anchored_to: Some(11),
            keys_anchored: true,
            keys: 2,
            seals: 3,
            seals_unchecked: 0,
            files,
            files_unchecked: 0,
        }
    );
    let alone = world.verify_alone();
    assert!(alone.valid);
    assert_eq!((alone.checks.heads, alone.checks.anchored_to, alone.checks.keys_anchored), (5, None, false));
}

#[test]
fn the_outcome_has_the_shape_of_the_contract() {
    let mut world = World::standard();
    let whole = serde_json::to_value(world.verify()).unwrap();
    assert_eq!((&whole["entries"], &whole["valid"], &whole["first_bad"]), (&json!(14), &json!(true), &json!(null)));
    world.entries[4].text[20] ^= 1;
    let altered = serde_json::to_value(world.verify()).unwrap();
    assert_eq!(altered["valid"], json!(false));
    assert_eq!(altered["entries"], json!(14));
    assert_eq!(
        altered["first_bad"],
        json!({ "entry": 5, "file": null, "reason": "第 5 条的内容与所存指纹不符：内容或指纹在写入之后被改动" })
    );
}

#[test]
fn an_empty_ledger_is_valid_and_an_error_of_the_database_is_passed_on() {
    let nothing = || std::iter::empty::<Result<EntryRow, &str>>();
    let no_heads = || std::iter::empty::<Result<HeadRow, &str>>();
    let empty = verify_stored(&installation(), nothing(), no_heads(), None, &mut NoArchive).unwrap();
    assert_eq!((empty.entries, empty.valid), (0, true));
    let broken = verify_stored(&installation(), [Err("disk")], no_heads(), None, &mut NoArchive);
    assert_eq!(broken, Err("disk"));
    let broken = verify_stored(&installation(), nothing(), [Err("disk")], None, &mut NoArchive);
    assert_eq!(broken, Err("disk"));
}

#[test]
fn two_installations_share_no_hash() {
    assert_ne!(genesis(&installation()), genesis(&"0193a1c2-0000".into()));
    let mut world = World::standard();
    world.installation = "0193a1c2-0000".into();
    assert_eq!(world.verify_alone().first_bad.unwrap().entry, Some(1));
    assert_eq!(world.bad().file.as_deref(), Some(ANCHOR_NAME));
}

#[test]
fn without_an_archive_the_chain_is_checked_and_the_rest_counted() {
    let world = World::standard();
    let entries = world.entries.iter().cloned().map(Ok::<_, Infallible>);
    let heads = world.heads.iter().cloned().map(Ok);
    let Ok(verification) = verify_stored(&world.installation, entries, heads, None, &mut NoArchive);
    assert!(verification.valid);
    assert_eq!((verification.checks.seals, verification.checks.seals_unchecked), (0, 3));
}
