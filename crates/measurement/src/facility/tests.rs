use proptest::prelude::*;
use shuffle::Stream;

use super::*;

/// With the same number of responses for everybody the ratio estimator is the mean of the persons' shares, and its
/// variance the ordinary one of a mean, s²/n (Cochran 1977, §6.3).
#[test]
fn equals_the_mean_of_persons_when_all_answer_the_same_number() {
    let sums = [3.0, 4.5, 2.0, 5.0, 4.0, 1.5];
    let found = estimate(sums.iter().map(|y| (*y, 5))).unwrap();
    let shares: Vec<f64> = sums.iter().map(|y| y / 5.0).collect();
    let mean = shares.iter().sum::<f64>() / 6.0;
    let variance = shares.iter().map(|share| (share - mean).powi(2)).sum::<f64>() / 5.0;
    assert_eq!((found.persons, found.responses, found.method), (6, 30, Method::Logit));
    assert!((found.facility - mean).abs() < 1e-12);
    assert!((found.se - (variance / 6.0).sqrt()).abs() < 1e-12);
}

/// By hand: persons (1 of 2), (3 of 3), (2 of 5): f = 6/10; residuals −0.2, 1.2, −1.0; Σ² = 2.48;
/// v = 3/2 · 2.48 / 100 = 0.0372; t(2) = 4.302653 (Student's table, 97.5 %);
/// logit 0.405465 ± 4.302653 · 0.192873 / 0.24.
#[test]
fn agrees_with_a_case_by_hand() {
    let found = estimate([(1.0, 2), (3.0, 3), (2.0, 5)]).unwrap();
    assert!((found.facility - 0.6).abs() < 1e-12);
    assert!((found.se - 0.037_2_f64.sqrt()).abs() < 1e-12);
    let spread: f64 = 4.302_653 * 0.037_2_f64.sqrt() / 0.24;
    let expect = |sign: f64| 1.0 / (1.0 + (-(1.5_f64.ln() + sign * spread)).exp());
    assert!((found.low - expect(-1.0)).abs() < 1e-6, "{}", found.low);
    assert!((found.high - expect(1.0)).abs() < 1e-6, "{}", found.high);
}

/// The linearised variance is close to the delete-one jackknife over persons, which is computed another way.
#[test]
fn linearised_variance_is_close_to_the_jackknife() {
    let mut stream = Stream::from_seed([7; 32]);
    let persons: Vec<(f64, u64)> = (0..200)
        .map(|_| {
            let responses = 3 + stream.below(6);
            (real(stream.below(2 * responses + 1)) / 2.0, responses)
        })
        .collect();
    let found = estimate(persons.iter().copied()).unwrap();
    let total: (f64, u64) = persons.iter().fold((0.0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let without: Vec<f64> = persons.iter().map(|one| (total.0 - one.0) / real(total.1 - one.1)).collect();
    let mean = without.iter().sum::<f64>() / 200.0;
    let jackknife = (199.0 / 200.0 * without.iter().map(|one| (one - mean).powi(2)).sum::<f64>()).sqrt();
    assert!((found.se / jackknife - 1.0).abs() < 0.01, "{} against {jackknife}", found.se);
}

#[test]
fn falls_back_to_wilson_with_the_persons_as_trials() {
    for (name, persons, facility) in [
        ("one person", vec![(3.0, 4)], 0.75),
        ("all right", vec![(4.0, 4), (5.0, 5), (4.0, 4)], 1.0),
        ("all wrong", vec![(0.0, 4), (0.0, 5)], 0.0),
        ("all alike", vec![(0.1 + 0.2, 3); 10], 0.1),
    ] {
        let found = estimate(persons.iter().copied()).unwrap();
        let wilson = wilson_share(found.facility, real(found.persons), Z_95).unwrap();
        assert_eq!(found.method, Method::Wilson, "{name}");
        assert!((found.facility - facility).abs() < 1e-12, "{name}");
        assert!((found.low - wilson.low).abs() < 1e-12 && (found.high - wilson.high).abs() < 1e-12, "{name}");
        assert!(found.se > 0.0, "{name}");
    }
}

#[test]
fn nothing_from_nothing_or_from_nonsense() {
    assert_eq!(estimate([]), None);
    assert_eq!(estimate([(0.0, 0)]), None);
    assert_eq!(estimate([(f64::NAN, 3), (1.0, 3)]), None);
    assert_eq!(estimate([(f64::INFINITY, 3)]), None);
}

/// Coverage over 2,000 samples from a population with a known facility: abilities differ between persons, so that
/// answers of one person are alike, and persons answer different numbers of questions.
#[test]
fn covers_the_truth_in_about_95_of_100_samples() {
    let unit = |stream: &mut Stream| (real(stream.below(1 << 40)) + 0.5) / real(1 << 40);
    for (persons, least, most) in [(12, 0.925, 0.985), (80, 0.935, 0.965)] {
        let mut stream = Stream::from_seed([11; 32]);
        let mut covered = 0_u32;
        for _ in 0..2_000 {
            let sample: Vec<(f64, u64)> = (0..persons)
                .map(|_| {
                    // A person's share is even on 0.4..1, whatever the number of questions: the truth is 0.7.
                    let share = 0.4 + 0.6 * unit(&mut stream);
                    let responses = 4 + stream.below(9);
                    let right = (0..responses).filter(|_| unit(&mut stream) < share).count();
                    (real(u64::try_from(right).unwrap()), responses)
                })
                .collect();
            let found = estimate(sample).unwrap();
            covered += u32::from(found.low <= 0.7 && 0.7 <= found.high);
        }
        let coverage = f64::from(covered) / 2_000.0;
        assert!(coverage > least && coverage < most, "{persons} persons: {coverage}");
    }
}

proptest! {
    #[test]
    fn is_ordered_finite_and_blind_to_order(persons in prop::collection::vec((0_u32..=12, 1_u64..=12), 1..40)) {
        let sample: Vec<(f64, u64)> = persons.iter().map(|(y, m)| (f64::from(*y).min(real(*m)), *m)).collect();
        let found = estimate(sample.iter().copied()).unwrap();
        prop_assert!(0.0 <= found.low && found.low <= found.facility);
        prop_assert!(found.facility <= found.high && found.high <= 1.0);
        prop_assert!(found.se.is_finite() && found.se > 0.0);
        let back = estimate(sample.iter().rev().copied()).unwrap();
        prop_assert!((back.low - found.low).abs() < 1e-9 && (back.high - found.high).abs() < 1e-9);
    }
}
