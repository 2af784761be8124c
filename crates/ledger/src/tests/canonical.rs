//! One spelling: what is not written as the format says is refused, and nothing makes the reader panic.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{MORNING_US, World, installation};
use crate::limits::{MAX_DETAIL_BYTES, MAX_DETAIL_DEPTH, MAX_ENTRY_BYTES, MAX_FIELD_BYTES, MAX_INTEGER};
use crate::*;

fn entry_text() -> String {
    String::from_utf8(World::standard().entries[1].text.clone()).unwrap()
}

#[test]
fn an_entry_is_one_line_with_its_fields_in_order() {
    let text = entry_text();
    let expected = concat!(
        r#"{"format":"zhijie-ledger-1","record":"entry","sequence":2,"at_us":1795478520000000,"actor":"0193-account","#,
        r#""kind":"exam_published","subject":"0193-exam","detail":{"counts":{"a":[1,null,true],"z":3},"#,
        r#""reason":"误操作 \"重发\"\n","由":"管理员"},"previous":""#
    );
    assert!(text.starts_with(expected), "{text}");
    assert_eq!(text.lines().count(), 1);
    let entry = Entry::parse(text.as_bytes()).unwrap();
    assert_eq!(entry.text(), text);
}

#[test]
fn another_spelling_of_the_same_entry_is_refused() {
    let text = entry_text();
    let spelled = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        Entry::parse(text.replacen(from, to, 1).as_bytes())
    };
    for (from, to) in [
        (",\"at_us\"", ", \"at_us\""),
        ("误", "\\u8bef"),
        ("\\n", "\\u000a"),
        ("\"a\":[1,null,true],\"z\":3", "\"z\":3,\"a\":[1,null,true]"),
        ("\"z\":3", "\"z\":3,\"z\":3"),
        ("\"reason\"", "\"reason\":0,\"reason\""),
        ("\"format\":\"zhijie-ledger-1\",\"record\":\"entry\"", "\"record\":\"entry\",\"format\":\"zhijie-ledger-1\""),
    ] {
        assert_eq!(spelled(from, to), Err(TextFault::NotCanonical), "{from} → {to}");
    }
    for (from, to) in [
        ("\"sequence\":2", "\"sequence\":2.0"),
        ("\"sequence\":2", "\"sequence\":02"),
        ("\"sequence\":2", "\"sequence\":-2"),
        ("\"sequence\":2", "\"sequence\":\"2\""),
        ("\"sequence\":2,", "\"sequence\":2,\"sequence\":2,"),
        ("\"sequence\":2,", "\"sequence\":2,\"name\":\"张三\","),
        ("\"sequence\":2,", ""),
        ("zhijie-ledger-1", "zhijie-ledger-2"),
        ("\"entry\"", "\"head\""),
        ("\"z\":3", "\"z\":3.5"),
        ("\"z\":3", "\"z\":1e3"),
        ("\"z\":3", "\"z\":9007199254740992"),
        ("\"previous\":\"", "\"previous\":\"0"),
    ] {
        assert!(matches!(spelled(from, to), Err(TextFault::NotOurs { .. })), "{from} → {to}");
    }
    assert_eq!(spelled("\"sequence\":2", "\"sequence\":0"), Err(TextFault::OutOfRange("sequence")));
    assert_eq!(spelled("0193-account", ""), Err(TextFault::OutOfRange("actor")));
    assert_eq!(spelled("0193-account", &"x".repeat(MAX_FIELD_BYTES + 1)), Err(TextFault::OutOfRange("actor")));
    assert!(Entry::parse(format!("{text}\n").as_bytes()).is_err());
    assert!(Entry::parse(format!("\u{feff}{text}").as_bytes()).is_err());
    assert!(Entry::parse(text.replace("0193-exam", "0193-EXAM").as_bytes()).is_ok());
}

#[test]
fn upper_case_hexadecimal_is_no_hash() {
    let hash = genesis(&installation()).to_string();
    assert!(Digest::from_hex(hash.as_bytes()).is_some());
    assert_eq!(Digest::from_hex(hash.to_uppercase().as_bytes()), None);
    assert_eq!(Digest::from_hex(&hash.as_bytes()[..62]), None);
    assert_eq!(Digest::from_hex("ａ".repeat(32).as_bytes()), None);
}

#[test]
fn bytes_that_are_no_text_and_texts_without_end_are_reported() {
    assert_eq!(Entry::parse(b"\xff\xfe"), Err(TextFault::NotUtf8));
    assert!(matches!(Entry::parse(b""), Err(TextFault::NotOurs { .. })));
    let huge = vec![b'['; MAX_ENTRY_BYTES + 1];
    assert_eq!(Entry::parse(&huge), Err(TextFault::TooLong { limit_bytes: MAX_ENTRY_BYTES }));
    let deep = vec![b'['; MAX_ENTRY_BYTES];
    assert!(Entry::parse(&deep).is_err());
    for (text, hash) in [(vec![0xff; 300], vec![b'a'; 64]), (huge, vec![b'a'; 64]), (Vec::new(), vec![0xff; 9])] {
        let mut world = World::standard();
        world.entries[6] = EntryRow { sequence: 7, text, hash };
        assert_eq!(world.bad().entry, Some(7));
    }
}

#[test]
fn a_detail_holds_integers_and_is_bounded() {
    assert!(Detail::new(json!(MAX_INTEGER)).is_ok());
    assert_eq!(Detail::new(json!(MAX_INTEGER + 1)), Err(DetailError::Number));
    assert_eq!(Detail::new(json!({ "rate": 0.5 })), Err(DetailError::Number));
    assert_eq!(Detail::new(json!([u64::MAX])), Err(DetailError::Number));
    let nested = |depth: usize| (0..depth).fold(json!(0), |inner, _| json!([inner]));
    assert!(Detail::new(nested(MAX_DETAIL_DEPTH)).is_ok());
    assert_eq!(Detail::new(nested(MAX_DETAIL_DEPTH + 1)), Err(DetailError::Depth));
    assert!(Detail::new(json!("x".repeat(MAX_DETAIL_BYTES - 2))).is_ok());
    assert_eq!(Detail::new(json!("x".repeat(MAX_DETAIL_BYTES - 1))), Err(DetailError::TooLong));
}

#[test]
fn no_stored_detail_can_hold_up_the_chain() {
    let kept = |text: &str| Detail::of_stored(text).value().clone();
    assert_eq!(kept(r#"{"n": 1}"#), json!({ "n": 1 }));
    assert_eq!(kept(r#"{"rate":0.5}"#), json!(r#"{"rate":0.5}"#));
    assert_eq!(kept("not json"), json!("not json"));
    let long = "长".repeat(MAX_DETAIL_BYTES);
    let Value::Object(summary) = kept(&long) else { panic!() };
    assert_eq!(summary["bytes"], json!(long.len()));
    assert_eq!(summary["too_long"], json!(true));
    assert_eq!(summary["sha256"], json!(file_digest(&mut long.as_bytes()).unwrap().1));
    // The longest detail and the longest fields, all of characters that are escaped, still make an entry.
    let field = "\u{1}".repeat(MAX_FIELD_BYTES);
    let detail = format!("\"{}\"", "\\u0001".repeat((MAX_DETAIL_BYTES - 2) / 6));
    let act = Act::of_pending(MORNING_US, &field, &field, &field, &detail).unwrap();
    let stored = Chain::new(&installation()).append(&act).unwrap();
    assert!(Entry::parse(stored.text.as_bytes()).is_ok());
}

#[test]
fn an_act_without_actor_or_out_of_time_is_refused() {
    let act = |actor: &str, at_us: i64| Act::of_pending(at_us, actor, "kind", "subject", "{}");
    assert_eq!(act("", 0), Err(ActError::Field("actor")));
    assert_eq!(act(&"x".repeat(MAX_FIELD_BYTES + 1), 0), Err(ActError::Field("actor")));
    assert_eq!(act("actor", MAX_INTEGER + 1), Err(ActError::Instant));
    assert!(act("actor", -MAX_INTEGER).is_ok());
}

#[test]
fn a_damaged_end_is_never_built_upon() {
    let row = World::standard().entries[13].clone();
    let whole = StoredEntry {
        sequence: 14,
        text: String::from_utf8(row.text).unwrap(),
        hash: Digest::from_hex(&row.hash).unwrap(),
    };
    assert_eq!(Chain::resume(&whole).unwrap().sequence(), 14);
    let other_text = StoredEntry { text: whole.text.replace("exported", "imported"), ..whole.clone() };
    assert_eq!(Chain::resume(&other_text), Err(ChainError::TailHash(14)));
    let other_number = StoredEntry { sequence: 15, ..whole.clone() };
    assert_eq!(Chain::resume(&other_number), Err(ChainError::TailSequence { stored: 15, written: 14 }));
    let text = whole.text.replace(",\"kind\"", ", \"kind\"");
    let spelled = StoredEntry { hash: Entry::hash_of(text.as_bytes()), text, ..whole };
    assert!(matches!(Chain::resume(&spelled), Err(ChainError::TailText { sequence: 14, .. })));
}

#[test]
fn a_head_prints_its_short_form_and_its_full_form() {
    let mut world = World::standard();
    let head = world.head();
    let hash = head.hash.to_string();
    let line = head.printed_line();
    assert!(line.starts_with("审计账本第 14 条 指纹 "), "{line}");
    assert!(line.ends_with("（2026-11-24）"), "{line}");
    let short = head.fingerprint().to_string();
    assert!(line.contains(&short));
    assert_eq!(short.split(' ').map(str::len).collect::<Vec<_>>(), [4; 8]);
    assert_eq!(short.replace(' ', "").to_lowercase(), hash[..32]);
    assert_eq!(Fingerprint::from_typed(&short), Some(head.fingerprint()));
    assert_eq!(Fingerprint::from_typed(&hash[..32]), Some(Fingerprint::of(&head.hash)));
    assert_eq!(Fingerprint::from_typed("12 34"), None);
    let full = head.printed();
    for part in [&hash, head.key_id.as_str(), installation().as_str(), &head.signature.to_string()[64..]] {
        assert!(full.contains(part), "{full}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_readers_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Entry::parse(&bytes).is_err());
        prop_assert!(Head::parse(&bytes).is_err());
        prop_assert!(Manifest::parse(&bytes).is_err());
        prop_assert!(Anchor::parse(&bytes).is_err());
        prop_assert!(ReceiptProof::parse(&bytes).is_err());
        let verification = verify_export(&mut &*bytes, "x", None, &mut NoArchive).unwrap();
        prop_assert!(!verification.valid);
    }

    #[test]
    fn any_act_makes_an_entry_that_reads_back(
        actor in "\\PC{1,40}",
        kind in "[a-z_]{1,20}",
        subject in any::<String>().prop_filter("fits", |text| (1..=MAX_FIELD_BYTES).contains(&text.len())),
        detail in any::<String>(),
        at_us in -MAX_INTEGER..=MAX_INTEGER,
    ) {
        let act = Act::of_pending(at_us, &actor, &kind, &subject, &detail).unwrap();
        let stored = Chain::new(&installation()).append(&act).unwrap();
        let entry = Entry::parse(stored.text.as_bytes()).unwrap();
        prop_assert_eq!(entry.actor.as_str(), actor);
        prop_assert_eq!(entry.subject.as_str(), subject);
        prop_assert_eq!(&entry.detail, act.detail());
        prop_assert_eq!(entry.at_us, at_us);
        prop_assert!(!stored.text.contains('\n'));
    }
}
