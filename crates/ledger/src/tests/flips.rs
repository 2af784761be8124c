//! Bytes flipped anywhere: found every time, and the place named.

use proptest::prelude::*;

use super::{ANCHOR_NAME, EXPORT_NAME, World};
use crate::*;

/// What may be flipped.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    Entry(usize),
    Hash(usize),
    Head(usize),
    Anchor,
    Manifest(ExamId, u32),
    File(String),
}

impl World {
    fn targets(&self) -> Vec<Target> {
        let entries = (0..self.entries.len()).flat_map(|place| [Target::Entry(place), Target::Hash(place)]);
        let heads = (0..self.heads.len()).map(Target::Head);
        let manifests =
            self.lake.manifests.keys().map(|(exam, generation)| Target::Manifest(exam.clone(), *generation));
        let files = self.lake.files.keys().cloned().map(Target::File);
        entries.chain(heads).chain([Target::Anchor]).chain(manifests).chain(files).collect()
    }

    /// Flips bits of one byte, checks that the place is named, and puts the byte back.
    fn flip_and_check(&mut self, target: &Target, byte: usize, mask: u8) {
        let mut anchor = self.anchor.text().into_bytes();
        // A line feed at the end of the anchor may be there or not.
        anchor.pop();
        self.flip(target, &mut anchor, byte, mask);
        let verification = self.verify_by(Some(&anchor));
        let what = format!("{target:?}, byte {byte}, mask {mask:#04x}: {verification:?}");
        assert!(!verification.valid, "{what}");
        assert_eq!(verification.entries, u64::try_from(self.entries.len()).unwrap(), "{what}");
        let bad = verification.first_bad.clone().unwrap();
        let place = (bad.entry, bad.file.as_deref());
        let expected_entry = self.entry_of(target);
        match target {
            Target::Entry(_) | Target::Hash(_) | Target::Head(_) => {
                assert_eq!(place, (expected_entry, None), "{what}");
                assert_eq!(bad.reason.contains("签名头"), matches!(target, Target::Head(_)), "{what}");
            }
            // A flipped digit makes a number of the anchor another: the entry is that one's, the file stays the anchor.
            Target::Anchor => assert_eq!(bad.file.as_deref(), Some(ANCHOR_NAME), "{what}"),
            Target::Manifest(exam, generation) => {
                assert_eq!(place, (expected_entry, Some(manifest_name(exam, *generation).as_str())), "{what}");
            }
            Target::File(path) => assert_eq!(place, (expected_entry, Some(path.as_str())), "{what}"),
        }
        self.flip(target, &mut anchor, byte, mask);
    }

    fn flip(&mut self, target: &Target, anchor: &mut [u8], byte: usize, mask: u8) {
        let bytes = match target {
            Target::Entry(place) => &mut self.entries[*place].text,
            Target::Hash(place) => &mut self.entries[*place].hash,
            Target::Head(place) => &mut self.heads[*place].text,
            Target::Manifest(exam, generation) => self.lake.manifests.get_mut(&(exam.clone(), *generation)).unwrap(),
            Target::File(path) => self.lake.files.get_mut(path).unwrap(),
            Target::Anchor => {
                let byte = byte % anchor.len();
                anchor[byte] ^= mask;
                return;
            }
        };
        let byte = byte % bytes.len();
        bytes[byte] ^= mask;
    }

    fn entry_of(&self, target: &Target) -> Option<u64> {
        match target {
            Target::Entry(place) | Target::Hash(place) => u64::try_from(place + 1).ok(),
            Target::Head(place) => u64::try_from(self.heads[*place].sequence).ok(),
            Target::Manifest(exam, generation) => Some(self.sealed_at[&(exam.clone(), *generation)]),
            Target::File(path) => {
                let holds = |manifest: &Manifest| manifest.paths().contains(path.as_str());
                let mut manifests = self.lake.manifests.iter();
                let found = manifests.find(|(_, stored)| holds(&Manifest::parse(stored).unwrap()));
                found.map(|(key, _)| self.sealed_at[key])
            }
            Target::Anchor => None,
        }
    }
}

/// Numbers that are the same in every run (SplitMix64: Steele, Lea and Flood 2014).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(bound).unwrap()).unwrap()
    }

    fn mask(&mut self) -> u8 {
        u8::try_from(1 + self.below(255)).unwrap()
    }
}

#[test]
fn a_thousand_flips_are_found_and_named_every_time() {
    let mut world = World::standard();
    assert!(world.verify().valid);
    let targets = world.targets();
    let mut numbers = Numbers(20_261_124);
    for number in 0..1_000 {
        let target = &targets[number % targets.len()];
        let (byte, mask) = (numbers.below(1 << 20), numbers.mask());
        world.flip_and_check(target, byte, mask);
    }
    assert!(world.verify().valid, "every byte was put back");
}

#[test]
fn every_byte_of_one_entry_its_hash_its_head_and_its_manifest_counts() {
    let mut world = World::open();
    let entry = world.seal("0193-a");
    world.anchored_head();
    let place = usize::try_from(entry).unwrap() - 1;
    let manifest = Target::Manifest("0193-a".into(), 1);
    let lengths = [
        (Target::Entry(place), world.entries[place].text.len()),
        (Target::Hash(place), world.entries[place].hash.len()),
        (Target::Head(0), world.heads[0].text.len()),
        (Target::Anchor, world.anchor.text().len() - 1),
        (manifest, world.lake.manifests[&("0193-a".into(), 1)].len()),
    ];
    for (target, length) in lengths {
        for byte in 0..length {
            world.flip_and_check(&target, byte, 1);
        }
    }
}

#[test]
fn a_thousand_flips_of_an_export_are_found_and_named() {
    let mut world = World::standard();
    let whole = world.export();
    let mut numbers = Numbers(7);
    for _ in 0..1_000 {
        let (byte, mask) = (numbers.below(whole.len()), numbers.mask());
        let mut export = whole.clone();
        export[byte] ^= mask;
        let verification = world.verify_export_of(&export);
        let what = format!("byte {byte}, mask {mask:#04x}: {verification:?}");
        assert!(!verification.valid, "{what}");
        let bad = verification.first_bad.unwrap();
        let before = &whole[..byte];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        let text = whole.split(|byte| *byte == b'\n').nth(line - 1).unwrap();
        let kind = std::str::from_utf8(text).unwrap().split('"').nth(3).unwrap();
        // Lines 2 to … : which entry the line belongs to.
        let entry = whole.split(|byte| *byte == b'\n').take(line).filter(|line| is_entry(line)).count();
        let entry = u64::try_from(entry + usize::from(kind == "manifest")).unwrap();
        let in_export = bad.file.as_deref() == Some(EXPORT_NAME);
        let names_line = [line, line + 1].iter().any(|line| bad.reason.contains(&format!("第 {line} 行")));
        let is_named = match kind {
            "entry" | "head" | "manifest" => bad.entry == Some(entry) || (in_export && names_line),
            "header" => in_export || bad.file.as_deref() == Some(ANCHOR_NAME),
            _ => in_export,
        };
        assert!(is_named, "line {line} ({kind} of entry {entry}), {what}");
    }
}

fn is_entry(line: &[u8]) -> bool {
    line.starts_with(br#"{"line":"entry""#)
}

/// One thing that happens to a ledger.
#[derive(Debug, Clone, Copy)]
enum Step {
    Act,
    Head,
    AnchoredHead,
    Rotate,
    Seal,
    Rescore,
}

/// A ledger by any story; an anchored head always ends it, so that no entry is without a witness.
fn any_world() -> impl Strategy<Value = World> {
    let step = prop_oneof![
        4 => Just(Step::Act),
        2 => Just(Step::Head),
        1 => Just(Step::AnchoredHead),
        1 => Just(Step::Rotate),
        1 => Just(Step::Seal),
        1 => Just(Step::Rescore),
    ];
    proptest::collection::vec(step, 0..12).prop_map(|steps| {
        let mut world = World::open();
        for (number, step) in steps.into_iter().enumerate() {
            match step {
                Step::Act => drop(world.act("exported")),
                Step::Head => drop(world.head()),
                Step::AnchoredHead => world.anchored_head(),
                Step::Rotate => world.rotate(),
                Step::Seal => drop(world.seal(&format!("exam-{number}"))),
                Step::Rescore => {
                    if let Some(exam) = world.manifests.keys().next().cloned() {
                        world.rescore(exam.as_str());
                    }
                }
            }
        }
        world.anchored_head();
        world
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_ledger_is_valid_until_a_byte_is_flipped(
        mut world in any_world(),
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u16>(), 1..=u8::MAX), 6),
    ) {
        let verification = world.verify();
        prop_assert!(verification.valid, "{verification:?}");
        prop_assert_eq!(verification.checks.anchored_to, Some(world.chain.sequence()));
        let targets = world.targets();
        for (target, byte, mask) in flips {
            world.flip_and_check(target.get(&targets), usize::from(byte), mask);
        }
    }

    #[test]
    fn any_ledger_rewritten_or_cut_anywhere_is_caught(world in any_world(), place in any::<prop::sample::Index>()) {
        let count = world.entries.len();
        let first = u64::try_from(place.index(count) + 1).unwrap();
        let mut rewritten = world;
        rewritten.rewrite_from(first);
        let bad = rewritten.verify().first_bad.unwrap();
        let (from, to) = (bad.earliest.unwrap(), bad.entry.unwrap());
        prop_assert!((from..=to).contains(&first), "{first} in {from}..={to}");
        let left = first - 1;
        rewritten.forget_after(left);
        let bad = rewritten.verify().first_bad.unwrap();
        prop_assert_eq!(bad.entry, Some(first));
        prop_assert!(bad.reason.contains("末尾被截去"));
    }
}
