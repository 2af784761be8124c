use super::{Stream, derive_seed};
use proptest::prelude::*;
use serde_json::Value;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

fn seed(value: &Value) -> [u8; 32] {
    unhex(value["seed"].as_str().unwrap()).try_into().unwrap()
}

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../../docs/shuffle-vectors.json")).unwrap()
}

fn bytes_of(stream: &mut Stream, words: usize) -> Vec<u8> {
    (0..words).flat_map(|_| stream.next_u64().to_le_bytes()).collect()
}

/// RFC 8439, appendix A.1, test vectors 1 and 2 (all-zero key and nonce, block counters 0 and 1).
#[test]
fn the_keystream_is_that_of_rfc_8439() {
    let block_0 = "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7\
                   da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586";
    let block_1 = "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed\
                   29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f";
    let mut stream = Stream::from_seed([0; 32]);
    assert_eq!(hex(&bytes_of(&mut stream, 8)), block_0);
    assert_eq!(hex(&bytes_of(&mut stream, 8)), block_1);
}

#[test]
fn the_published_words_come_out() {
    for case in vectors()["words"].as_array().unwrap() {
        let mut stream = Stream::from_seed(seed(case));
        let skip = case["skip"].as_u64().unwrap();
        for _ in 0..skip {
            stream.next_u64();
        }
        for word in case["words"].as_array().unwrap() {
            assert_eq!(stream.next_u64().to_string(), word.as_str().unwrap());
        }
    }
}

#[test]
fn the_published_numbers_come_out() {
    for case in vectors()["below"].as_array().unwrap() {
        let mut stream = Stream::from_seed(seed(case));
        let n: u64 = case["n"].as_str().unwrap().parse().unwrap();
        for number in case["numbers"].as_array().unwrap() {
            assert_eq!(stream.below(n).to_string(), number.as_str().unwrap(), "below({n})");
        }
    }
}

#[test]
fn the_published_permutations_come_out() {
    for case in vectors()["permutations"].as_array().unwrap() {
        let expected: Vec<usize> = serde_json::from_value(case["order"].clone()).unwrap();
        assert_eq!(Stream::from_seed(seed(case)).permutation(expected.len()), expected);
    }
}

#[test]
fn the_published_seeds_come_out() {
    for case in vectors()["seeds"].as_array().unwrap() {
        let parts: Vec<Vec<u8>> =
            case["parts"].as_array().unwrap().iter().map(|part| unhex(part.as_str().unwrap())).collect();
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        let made = derive_seed(case["domain"].as_str().unwrap(), &parts);
        assert_eq!(hex(&made), case["seed"].as_str().unwrap());
    }
}

#[test]
fn moving_a_byte_between_parts_changes_the_seed() {
    assert_ne!(derive_seed("d", &[b"ab", b"c"]), derive_seed("d", &[b"a", b"bc"]));
    assert_ne!(derive_seed("d", &[b"abc"]), derive_seed("d", &[b"abc", b""]));
    assert_ne!(derive_seed("d", &[]), derive_seed("e", &[]));
}

#[test]
fn nothing_is_drawn_for_a_choice_of_one() {
    let mut stream = Stream::from_seed([7; 32]);
    assert_eq!((stream.below(0), stream.below(1)), (0, 0));
    assert_eq!(stream.next_u64(), Stream::from_seed([7; 32]).next_u64());
}

/// Each of the 24 orders of four items must be about equally frequent. Under uniformity the statistic is
/// chi-squared with 23 degrees of freedom; its 0.9999 quantile is 56.8, and the seeds are fixed.
#[test]
fn orders_are_equally_frequent() {
    let rounds = 24_000_u32;
    let mut counts = std::collections::BTreeMap::new();
    let mut stream = Stream::from_seed([42; 32]);
    for _ in 0..rounds {
        *counts.entry(stream.permutation(4)).or_insert(0_u32) += 1;
    }
    assert_eq!(counts.len(), 24);
    let expected = f64::from(rounds) / 24.0;
    let chi_squared: f64 = counts.values().map(|&n| (f64::from(n) - expected).powi(2) / expected).sum();
    assert!(chi_squared < 56.8, "chi-squared {chi_squared}");
}

proptest! {
    #[test]
    fn below_stays_below(bytes in any::<[u8; 32]>(), n in 1_u64..) {
        let mut stream = Stream::from_seed(bytes);
        for _ in 0..16 {
            prop_assert!(stream.below(n) < n);
        }
    }

    #[test]
    fn a_permutation_has_each_number_once(bytes in any::<[u8; 32]>(), n in 0_usize..300) {
        let mut order = Stream::from_seed(bytes).permutation(n);
        order.sort_unstable();
        prop_assert_eq!(order, (0..n).collect::<Vec<_>>());
    }
}
