//! Entries taken away, put elsewhere, doubled or written anew; heads forged.

use super::{MINUTE_US, World};
use crate::*;

/// The entries with a signed head, stored and outside.
const HEADS: [u64; 5] = [1, 4, 6, 8, 11];
const ENTRIES: u64 = 14;

fn place(entry: u64) -> usize {
    usize::try_from(entry).unwrap() - 1
}

#[test]
fn a_cut_tail_is_named_wherever_a_head_stood_behind_it() {
    for left in 0..ENTRIES {
        let mut world = World::standard();
        world.entries.truncate(usize::try_from(left).unwrap());
        let verification = world.verify();
        if left < HEADS[4] {
            let bad = verification.first_bad.unwrap();
            assert_eq!(bad.entry, Some(left + 1), "{left} left: {bad:?}");
            assert!(bad.reason.contains("末尾被截去"), "{}", bad.reason);
        } else {
            // Nothing outside the cut entries knew of them: no program can tell. Heads of each batch narrow that gap.
            assert!(verification.valid);
            assert_eq!(verification.checks.signed_to, Some(11));
        }
    }
}

#[test]
fn a_tail_cut_together_with_its_heads_and_files_is_caught_by_the_anchor() {
    for left in 0..HEADS[4] {
        let mut world = World::standard();
        world.forget_after(left);
        assert!(world.verify_alone().valid, "what is left is whole in itself");
        let bad = world.bad();
        assert_eq!(bad.entry, Some(left + 1), "{bad:?}");
        let next_anchored = [4, 8, 11].into_iter().find(|head| *head > left).unwrap();
        assert!(bad.reason.contains(&format!("锚文件里的签名头记到第 {next_anchored} 条")), "{}", bad.reason);
    }
}

#[test]
fn files_left_behind_by_a_cut_are_seen_even_without_an_anchor() {
    let mut world = World::standard();
    world.entries.truncate(9);
    world.heads.retain(|head| head.sequence <= 9);
    let bad = world.verify_alone().first_bad.unwrap();
    assert_eq!(bad.file.as_deref(), Some("roster/exam=0193-b/part-0000.parquet"), "{bad:?}");
}

#[test]
fn a_missing_entry_is_named() {
    for entry in 1..ENTRIES {
        let mut world = World::standard();
        world.entries.remove(place(entry));
        let bad = world.bad();
        assert_eq!(bad.entry, Some(entry), "{bad:?}");
        assert!(bad.reason.contains(&format!("缺第 {entry} 条")), "{}", bad.reason);
    }
}

#[test]
fn swapped_and_doubled_entries_are_named_at_their_first_place() {
    for one in 1..=ENTRIES {
        for other in one + 1..=ENTRIES {
            let mut world = World::standard();
            world.entries.swap(place(one), place(other));
            assert_eq!(world.bad().entry, Some(one), "{one} and {other} as whole rows");

            let mut world = World::standard();
            let (a, b) = (world.entries[place(one)].clone(), world.entries[place(other)].clone());
            world.entries[place(one)] = EntryRow { sequence: a.sequence, ..b };
            world.entries[place(other)] = EntryRow { sequence: i64::try_from(other).unwrap(), ..a };
            assert_eq!(world.bad().entry, Some(one), "{one} and {other} under each other's number");
        }
        let mut world = World::standard();
        let copy = world.entries[place(one)].clone();
        world.entries.insert(place(one), copy);
        let bad = world.bad();
        assert_eq!(bad.entry, Some(one + 1), "{bad:?}");
        assert!(bad.reason.contains("重复"), "{}", bad.reason);
    }
}

#[test]
fn a_number_that_is_none_is_named() {
    for number in [i64::MIN, -5, 0, i64::MAX] {
        let mut world = World::standard();
        world.entries[2].sequence = number;
        assert_eq!(world.bad().entry, Some(3));
        let mut world = World::standard();
        world.heads[0].sequence = number;
        assert!(!world.verify().valid);
    }
}

#[test]
fn an_entry_replaced_with_its_hash_is_named_by_its_follower() {
    for entry in 1..ENTRIES {
        let mut world = World::standard();
        let follower = world.entries[place(entry) + 1].clone();
        world.rewrite_from(entry);
        world.entries[place(entry) + 1] = follower;
        let bad = world.bad();
        assert_eq!(bad.entry, Some(entry), "{bad:?}");
    }
}

#[test]
fn an_entry_that_does_not_follow_a_signed_one_is_named_itself() {
    let mut world = World::standard();
    let mut chain = Chain::new(&"another".into());
    let act = Act::of_pending(world.now_us, "a", "b", "c", "{}").unwrap();
    let foreign = (0..12).map(|_| chain.append(&act).unwrap()).last().unwrap();
    world.entries[11] = foreign.into();
    let bad = world.bad();
    assert_eq!(bad.entry, Some(12), "{bad:?}");
    assert!(bad.reason.contains("第 11 条有签名头为证"), "{}", bad.reason);
}

#[test]
fn a_rewritten_chain_is_caught_by_the_next_signed_head() {
    for first in 1..=ENTRIES {
        let mut world = World::standard();
        world.rewrite_from(first);
        let verification = world.verify();
        let Some(head) = HEADS.into_iter().find(|head| *head >= first) else {
            assert!(verification.valid, "no head stands behind entry {first}");
            continue;
        };
        let before = HEADS.into_iter().rfind(|other| *other < head).unwrap_or(0);
        let bad = verification.first_bad.unwrap();
        assert_eq!(bad.entry, Some(head), "from {first}: {bad:?}");
        assert_eq!(bad.earliest, Some(before + 1));
        assert!((before + 1..=head).contains(&first));
        assert!(bad.reason.contains("被改写"), "{}", bad.reason);
    }
}

#[test]
fn a_chain_rewritten_and_signed_with_a_stolen_key_is_caught_by_the_anchor_alone() {
    let mut world = World::standard();
    // The seals are entries of the rewritten chain too, so manifests and files still agree with it.
    world.rewrite_from(3);
    let signers = [1, 2].map(|number| HeadSigner::from_seed(world.installation.clone(), &super::seed(number)));
    for (number, row) in world.heads.iter_mut().enumerate() {
        let head = Head::parse(&row.text).unwrap();
        let hash = Digest::from_hex(&world.entries[place(head.sequence)].hash).unwrap();
        let signer = &signers[usize::from(number >= 2)];
        *row = HeadRow::from(&signer.sign_at(head.sequence, hash, head.at_us));
    }
    assert!(world.verify_alone().valid);
    let bad = world.bad();
    assert_eq!((bad.entry, bad.earliest), (Some(4), Some(2)), "{bad:?}");
    assert!(bad.reason.contains("锚文件里的签名头"), "{}", bad.reason);
}

#[test]
fn a_head_that_was_forged_or_moved_is_named() {
    let forged = |change: &dyn Fn(&World, &Head) -> Head| {
        let mut world = World::standard();
        let head = Head::parse(&world.heads[3].text).unwrap();
        world.heads[3] = HeadRow::from(&change(&world, &head));
        world.verify_alone().first_bad.unwrap()
    };
    let thief = HeadSigner::from_seed(super::installation(), &super::seed(77));
    let by_stranger = forged(&|_, head| thief.sign_at(head.sequence, head.hash, head.at_us));
    assert_eq!(by_stranger.entry, Some(8));
    assert!(by_stranger.reason.contains("没有在账本里宣布过"), "{}", by_stranger.reason);

    let claiming = forged(&|world, head| {
        let signature = thief.sign_at(head.sequence, head.hash, head.at_us).signature;
        Head::signed(&world.installation, head.sequence, head.hash, head.at_us, &head.key_id, signature)
    });
    assert_eq!(claiming.entry, Some(8));
    assert!(claiming.reason.contains("签名不对"), "{}", claiming.reason);

    let too_early = forged(&|world, head| world.signer.sign_at(head.sequence, head.hash, MINUTE_US));
    assert!(too_early.reason.contains("不在有效期"), "{}", too_early.reason);

    let elsewhere = HeadSigner::from_seed("another".into(), &super::seed(2));
    let of_another = forged(&|_, head| elsewhere.sign_at(head.sequence, head.hash, head.at_us));
    assert!(of_another.reason.contains("另一套系统"), "{}", of_another.reason);

    let mut world = World::standard();
    world.heads.swap(1, 2);
    assert!(world.bad().reason.contains("次序不对"));

    // A head of a number that was never reached, but nobody signed: not a cut tail.
    let mut world = World::standard();
    world.heads.push(HeadRow::from(&thief.sign_at(99, world.chain.hash(), world.now_us)));
    let bad = world.bad();
    assert_eq!(bad.entry, Some(99));
    assert!(bad.reason.contains("没有在账本里宣布过"), "{}", bad.reason);
}

#[test]
fn the_first_of_several_faults_is_named() {
    let mut world = World::standard();
    world.entries[12].text[9] ^= 1;
    world.entries[9].hash[0] ^= 1;
    let path = "responses/exam=0193-a/part-0001.parquet";
    world.lake.files.remove(path);
    let bad = world.bad();
    assert_eq!((bad.entry, bad.file.as_deref()), (Some(4), Some(path)));
    world.heads[0].text[30] ^= 1;
    assert_eq!((world.bad().entry, world.bad().file), (Some(1), None));
}
