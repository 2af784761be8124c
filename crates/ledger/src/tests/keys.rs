//! Keys: announced, rotated, lost; and the anchor that outlives them.

use super::{ANCHOR_NAME, MINUTE_US, MORNING_US, World, changed, installation, seed};
use crate::limits::MAX_ANCHOR_BYTES;
use crate::*;

fn signer(number: u8) -> HeadSigner {
    HeadSigner::from_seed(installation(), &seed(number))
}

fn open_from(at_us: i64) -> Validity {
    Validity { from_us: at_us, until_us: None }
}

/// Appends the announcement of a record and gives what the check says of it.
fn announced(world: &mut World, record: &KeyRecord) -> Option<FirstBad> {
    world.append(&record.act(world.now_us, "system".into()).unwrap());
    world.verify_alone().first_bad
}

#[test]
fn a_key_is_named_after_its_bytes() {
    let key = signer(1).own_record(open_from(0));
    assert_eq!(key.key_id, KeyId::of(&key.public));
    assert_eq!(key.key_id.as_str().len(), 16);
    assert!(key.is_own());
    assert!(!format!("{:?}", signer(1)).contains("0101"), "the seed is never shown");
}

#[test]
fn only_the_key_before_can_introduce_the_next() {
    let from = MORNING_US + 5 * MINUTE_US;
    let cases: [(KeyRecord, &str); 6] = [
        (signer(9).own_record(open_from(from)), "不是由前一把公钥引入的"),
        (signer(9).introduce(signer(3).public(), open_from(from)), "不是由前一把公钥引入的"),
        (
            changed(signer(9).own_record(open_from(from)), |key| key.introduced_by = signer(1).key_id().clone()),
            "引入签名不对",
        ),
        (
            changed(signer(1).introduce(signer(3).public(), open_from(from)), |key| key.valid_from_us += 1),
            "引入签名不对",
        ),
        (signer(1).introduce(signer(3).public(), open_from(0)), "由已失效的公钥引入"),
        (signer(1).introduce(signer(3).public(), Validity { from_us: from, until_us: Some(from) }), "有效期不对"),
    ];
    for (record, words) in cases {
        let mut world = World::open();
        let bad = announced(&mut world, &record).unwrap();
        assert_eq!(bad.entry, Some(2));
        assert!(bad.reason.contains(words), "{} instead of {words}", bad.reason);
    }
    let mut world = World::open();
    assert_eq!(announced(&mut world, &signer(1).introduce(signer(3).public(), open_from(from))), None);
    let again = announced(&mut world, &signer(3).introduce(signer(1).public(), open_from(from)));
    assert!(again.unwrap().reason.contains("已经宣布过"));
}

#[test]
fn a_key_record_that_is_odd_is_named() {
    let mut world = World::open();
    let act = Act::of_pending(world.now_us, "system", KEY_ANNOUNCED, "x", r#"{"key":1}"#).unwrap();
    world.append(&act);
    assert!(world.verify_alone().first_bad.unwrap().reason.contains("写法不对"));

    let record = signer(1).introduce(signer(3).public(), open_from(MORNING_US));
    let mut world = World::open();
    let other_id = changed(record.clone(), |key| key.key_id = "0123456789abcdef".into());
    assert!(announced(&mut world, &other_id).unwrap().reason.contains("编号与公钥不符"));

    let mut world = World::open();
    let own = record.act(world.now_us, "system".into()).unwrap();
    let moved = Act::new(own.at_us(), "system".into(), KEY_ANNOUNCED.into(), "x".into(), own.detail().clone()).unwrap();
    world.append(&moved);
    assert!(world.verify_alone().first_bad.unwrap().reason.contains("与所写编号不符"));

    let mut without_field = record.act(world.now_us, "system".into()).unwrap().detail().value().clone();
    without_field.as_object_mut().unwrap().remove("valid_until_us");
    let mut world = World::open();
    let act =
        Act::of_pending(world.now_us, "system", KEY_ANNOUNCED, record.key_id.as_str(), &without_field.to_string());
    world.append(&act.unwrap());
    assert!(world.verify_alone().first_bad.unwrap().reason.contains("写法不对"));
}

#[test]
fn a_retired_or_expired_key_signs_nothing_more() {
    let mut world = World::open();
    let retired = signer(1);
    world.rotate();
    world.heads.push(HeadRow::from(&retired.sign_at(2, world.chain.hash(), world.now_us)));
    let bad = world.verify_alone().first_bad.unwrap();
    assert_eq!(bad.entry, Some(2));
    assert!(bad.reason.contains("不在有效期"), "{}", bad.reason);
    // Not even with an instant from before.
    world.heads[0] = HeadRow::from(&retired.sign_at(2, world.chain.hash(), MORNING_US));
    assert!(world.verify_alone().first_bad.unwrap().reason.contains("不在有效期"));

    let until = MORNING_US + 10 * MINUTE_US;
    for (at_us, is_valid) in [(until - 1, true), (until, false)] {
        let mut world = World::open();
        let short = Validity { from_us: MORNING_US, until_us: Some(until) };
        world.append(&signer(1).introduce(signer(3).public(), short).act(MORNING_US, "system".into()).unwrap());
        world.heads.push(HeadRow::from(&signer(3).sign_at(2, world.chain.hash(), at_us)));
        assert_eq!(world.verify_alone().valid, is_valid);
    }
}

#[test]
fn a_key_of_the_future_does_not_vouch_for_the_past() {
    let mut world = World::open();
    let next = signer(2);
    world.heads.push(HeadRow::from(&next.sign_at(1, world.chain.hash(), world.now_us)));
    world.rotate();
    let bad = world.verify_alone().first_bad.unwrap();
    assert_eq!(bad.entry, Some(1));
    assert!(bad.reason.contains("没有在账本里宣布过"), "{}", bad.reason);
}

#[test]
fn a_ledger_that_was_replaced_as_a_whole_is_caught_by_the_anchors_keys() {
    let mut real = World::standard();
    let mut forged = World::open();
    forged.entries.clear();
    forged.chain = Chain::new(&installation());
    let key = signer(66).own_record(open_from(MORNING_US));
    forged.append(&key.act(MORNING_US, "system".into()).unwrap());
    forged.signer = signer(66);
    forged.head();
    assert!(forged.verify_alone().valid);
    let anchor = real.anchor.text();
    let bad = forged.verify_by(Some(anchor.as_bytes())).first_bad.unwrap();
    assert_eq!(bad.entry, Some(1));
    assert!(bad.reason.contains("与锚文件里的不同"), "{}", bad.reason);
    assert!(real.verify().valid);
}

#[test]
fn after_a_lost_key_the_new_one_is_trusted_by_who_has_it_outside() {
    let mut world = World::standard();
    let fresh = signer(50).own_record(open_from(world.now_us));
    world.append(&fresh.act(world.now_us, "system".into()).unwrap());
    world.keys.push(fresh.clone());
    world.signer = signer(50);
    world.head();
    // The ledger alone cannot vouch for it, nor can an anchor that never saw it.
    assert!(world.verify_alone().first_bad.unwrap().reason.contains("不是由前一把公钥引入的"));
    assert!(!world.verify().valid);
    // A file from the machine does not bring it in either; the administrator makes a new anchor.
    let from_machine = Anchor::new(installation(), world.keys.clone()).unwrap();
    assert_eq!(world.anchor.clone().merge(from_machine.clone()), Err(AnchorError::OtherKeys));
    world.anchor = from_machine;
    assert!(world.verify().valid);
    world.anchored_head();
    assert_eq!(world.verify().checks.anchored_to, Some(15));
}

#[test]
fn an_anchor_grows_and_never_changes_its_mind() {
    let world = World::standard();
    let mut anchor = world.anchor.clone();
    assert_eq!(anchor.heads().len(), 3);
    assert_eq!(anchor.keys().len(), 2);
    let known = anchor.heads()[0].clone();
    anchor.add_head(known).unwrap();
    assert_eq!(anchor.heads().len(), 3);
    let earlier = Head::parse(&world.heads[2].text).unwrap();
    anchor.add_head(earlier).unwrap();
    assert_eq!(anchor.heads().iter().map(|head| head.sequence).collect::<Vec<_>>(), [4, 6, 8, 11]);
    assert_eq!(Anchor::parse(anchor.text().as_bytes()), Ok(anchor.clone()));
    assert_eq!(Anchor::parse(anchor.text().trim_end().as_bytes()), Ok(anchor.clone()));
    let elsewhere = HeadSigner::from_seed("another".into(), &seed(1));
    assert_eq!(
        anchor.add_head(elsewhere.sign_at(1, world.chain.hash(), MORNING_US)),
        Err(AnchorError::OtherInstallation)
    );
    let stranger = Anchor::new(installation(), vec![signer(9).own_record(open_from(MORNING_US))]).unwrap();
    assert_eq!(anchor.merge(stranger), Err(AnchorError::OtherKeys));
    let of_another = Anchor::new("another".into(), vec![elsewhere.own_record(open_from(MORNING_US))]).unwrap();
    assert_eq!(anchor.merge(of_another), Err(AnchorError::OtherInstallation));
    let older = Anchor::new(installation(), world.keys[..1].to_vec()).unwrap();
    anchor.merge(older).unwrap();
    assert_eq!(anchor.keys().len(), 2);
}

#[test]
fn an_anchor_that_does_not_hold_is_named_as_a_file() {
    let text = World::standard().anchor.text();
    let cases = [
        (text.replace("\"heads\"", " \"heads\""), "不是规定的写法"),
        (text.replace("anchor", "anker"), "写法不合"),
        ("\u{feff}".to_owned() + &text, "写法不合"),
        ("锚".to_owned(), "写法不合"),
        (String::new(), "写法不合"),
        (" ".repeat(MAX_ANCHOR_BYTES + 1), "上限"),
        (text.replacen("\"valid_from_us\":17", "\"valid_from_us\":18", 1), "第 1 把公钥的引入签名不对"),
        (text.replacen("\"sequence\":11", "\"sequence\":1", 1), "第 3 个签名头"),
    ];
    for (text, words) in cases {
        let verification = World::standard().verify_by(Some(text.as_bytes()));
        assert_eq!(verification.entries, 14);
        let bad = verification.first_bad.unwrap();
        assert_eq!((bad.entry, bad.file.as_deref()), (None, Some(ANCHOR_NAME)));
        assert!(bad.reason.contains(words), "{} instead of {words}", bad.reason);
    }
    assert_eq!(Anchor::new(installation(), Vec::new()), Err(AnchorError::Empty));
    assert_eq!(Anchor::parse(b"\xff"), Err(AnchorError::Text(TextFault::NotUtf8)));
    let many = vec![signer(1).own_record(open_from(0)); limits::MAX_KEYS + 1];
    assert_eq!(Anchor::new(installation(), many), Err(AnchorError::TooManyKeys));
}

#[test]
fn an_empty_chain_has_nothing_to_sign() {
    assert_eq!(signer(1).sign_head(&Chain::new(&installation()), MORNING_US), None);
    let nothing = signer(1).sign_at(0, genesis(&installation()), MORNING_US);
    assert_eq!(Head::parse(nothing.text().as_bytes()), Err(TextFault::OutOfRange("sequence")));
    let mut world = World::open();
    world.anchor.add_head(nothing).unwrap();
    assert!(world.bad().reason.contains("第 1 个签名头"));
}
