use super::*;
use crate::number::{real, whole};
use crate::settings::{Arrivals, Settings};

fn people(takers: u32, seconds: u32, seed: u64) -> Settings {
    Settings { seed, ..Settings::people("http://127.0.0.1", takers, seconds) }
}

fn seconds(micros: u64) -> f64 {
    real(micros) / 1e6
}

fn count(items: usize) -> f64 {
    real(items.try_into().unwrap())
}

fn starts(plans: &[Plan]) -> Vec<f64> {
    let start = |plan: &Plan| seconds(plan.main.iter().find(|event| event.act == Act::Start).unwrap().at_micros);
    let mut all: Vec<f64> = plans.iter().map(start).collect();
    all.sort_unstable_by(f64::total_cmp);
    all
}

fn profile(profile: Profile, takers: u32, seconds: u32, rate: u32) -> Settings {
    let mut settings = people(takers, seconds, 1);
    settings.load.profile = profile;
    settings.load.rate = Some(rate);
    settings
}

#[test]
fn the_seed_decides_everything() {
    for one in [Profile::People, Profile::Steady, Profile::Starts, Profile::Submissions, Profile::Peak] {
        let settings = Settings { seed: 7, ..profile(one, 50, 20, 2) };
        assert_eq!(plans(&settings).unwrap(), plans(&settings).unwrap(), "{one:?}");
        let other = Settings { seed: 8, ..settings.clone() };
        if one != Profile::Starts {
            assert_ne!(plans(&settings).unwrap(), plans(&other).unwrap(), "{one:?}");
        }
    }
    // A taker's plan hangs on its number, not on how many there are.
    let mut settings = people(10, 600, 7);
    settings.load.arrivals = Arrivals::Even;
    let few = plans(&settings).unwrap();
    settings.load.takers = 11;
    assert_eq!(plans(&settings).unwrap()[0], few[0]);
}

#[test]
fn people_do_things_in_an_order_that_makes_sense() {
    let mut settings = people(400, 1_800, 3);
    settings.load.questions = 30;
    let plans = plans(&settings).unwrap();
    let mut offline = 0;
    for plan in &plans {
        let acts: Vec<Act> = plan.main.iter().map(|event| event.act).collect();
        assert!(plan.main.is_sorted_by_key(|event| event.at_micros));
        assert_eq!(acts[0], Act::Start);
        assert_eq!(acts[acts.len() - 2..], [Act::Check, Act::Submit]);
        assert!(plan.main.last().unwrap().at_micros <= 1_800_000_000, "{:?}", plan.main.last());
        let mut is_away = false;
        for act in &acts {
            match act {
                Act::GoOffline => is_away = true,
                Act::ComeBack => is_away = false,
                Act::Answer { .. } | Act::Clear { .. } => {}
                other => assert!(!is_away, "{other:?} without network"),
            }
        }
        assert!(!is_away);
        offline += usize::from(acts.contains(&Act::GoOffline));
        let answered: std::collections::BTreeSet<u16> =
            acts.iter().filter_map(|act| if let Act::Answer { slot, .. } = act { Some(*slot) } else { None }).collect();
        assert!(answered.len() >= 22 && answered.iter().all(|slot| *slot < 30), "{answered:?}");
    }
    // 15 % of 400 are 60; four standard deviations are 29.
    assert!((31..=89).contains(&offline), "{offline}");
}

#[test]
fn thinking_takes_as_long_as_people_think() {
    // With time enough nobody hurries: the median distance of first answers is that of the law.
    let plans = plans(&people(200, 7_200, 5)).unwrap();
    let mut gaps: Vec<f64> = Vec::new();
    for plan in &plans {
        let first =
            |slot: u16| plan.main.iter().find(|event| matches!(event.act, Act::Answer { slot: s, .. } if s == slot));
        let start = plan.main[0].at_micros;
        gaps.extend(first(0).map(|event| seconds(event.at_micros - start)));
    }
    gaps.sort_unstable_by(f64::total_cmp);
    let median = gaps[gaps.len() / 2];
    // ln 18 with σ 0.7: the median of 200 lies within ±4 · 0.7 · 1.25/√200 of it, in the logarithm.
    assert!((18.0 * (-0.25_f64).exp()..18.0 * 0.25_f64.exp()).contains(&median), "{median}");
}

#[test]
fn who_has_little_time_hurries() {
    let plans = plans(&people(100, 20, 5)).unwrap();
    for plan in plans {
        assert!(plan.main.last().unwrap().at_micros <= 20_000_000);
        assert!(plan.main.iter().filter(|event| matches!(event.act, Act::Answer { .. })).count() > 15);
    }
}

#[test]
fn poisson_arrivals_have_the_gaps_of_poisson() {
    let mut settings = people(4_000, 10_000, 11);
    settings.load.arrivals = Arrivals::Poisson;
    settings.load.rate = Some(1);
    let at = starts(&plans(&settings).unwrap());
    let gaps: Vec<f64> = at.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let mean = gaps.iter().sum::<f64>() / count(gaps.len());
    let variance = gaps.iter().map(|gap| (gap - mean).powi(2)).sum::<f64>() / count(gaps.len());
    assert!((0.99..1.01).contains(&mean), "one a second: {mean}");
    // An exponential's deviation is its mean: coefficient of variation 1, give or take four of its standard errors.
    let variation = variance.sqrt() / mean;
    assert!((0.93..1.07).contains(&variation), "{variation}");
    let short = count(gaps.iter().filter(|gap| **gap < mean).count()) / count(gaps.len());
    assert!((0.60..0.665).contains(&short), "1 − 1/e of the gaps are shorter than the mean: {short}");
    // Counts in windows of 100 s have a variance as large as their mean.
    let mut counts = [0.0_f64; 40];
    for moment in &at {
        counts[usize::try_from(whole((moment / 100.0).floor())).unwrap().min(39)] += 1.0;
    }
    let mean = counts.iter().sum::<f64>() / 40.0;
    let variance = counts.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / 39.0;
    assert!((0.4..2.0).contains(&(variance / mean)), "{variance} {mean}");
}

#[test]
fn even_arrivals_are_even_and_a_minute_is_crowded_at_its_beginning() {
    let mut settings = people(1_000, 1_000, 2);
    settings.load.arrivals = Arrivals::Even;
    settings.load.rate = Some(2);
    let at = starts(&plans(&settings).unwrap());
    assert!(at.windows(2).all(|pair| (pair[1] - pair[0] - 0.5).abs() < 1e-5));
    settings.load.arrivals = Arrivals::Minute;
    let at = starts(&plans(&settings).unwrap());
    assert!(at[0] >= 0.0 && at[999] <= 60.0);
    let within = |second: f64| at.iter().filter(|moment| **moment < second).count();
    // The exponential with a mean of 15 s, cut at 60 s: (1 − e^(−10/15)) ÷ (1 − e^(−4)) come in the first ten seconds.
    assert!((440..=550).contains(&within(10.0)), "{}", within(10.0));
    assert!(within(60.0) == 1_000 && within(40.0) > 900);
}

#[test]
fn fixed_rates_are_fixed() {
    let peak = plans(&profile(Profile::Peak, 100, 10, 400)).unwrap();
    let mut at: Vec<u64> = peak.iter().flat_map(|plan| plan.main.iter().map(|event| event.at_micros)).collect();
    at.sort_unstable();
    assert_eq!(at.len(), 4_000);
    assert!(at.windows(2).all(|pair| (2_499..=2_501).contains(&(pair[1] - pair[0]))));

    let mut steady = profile(Profile::Steady, 100, 60, 1);
    steady.load.every_seconds = 10;
    let steady = plans(&steady).unwrap();
    for plan in &steady {
        assert!(
            plan.main.len() == 6
                && plan
                    .main
                    .windows(2)
                    .all(|pair| { (9_999_999..=10_000_001).contains(&(pair[1].at_micros - pair[0].at_micros)) })
        );
    }
    let early = steady.iter().filter(|plan| plan.main[0].at_micros < 5_000_000).count();
    assert!((30..=70).contains(&early), "phases are spread: {early}");

    let submissions = plans(&profile(Profile::Submissions, 100, 10, 5)).unwrap();
    assert_eq!(submissions.len(), 50, "as many as there is time for");
    assert_eq!(submissions[49].main[0], Event { at_micros: 9_800_000, act: Act::Submit });
}

#[test]
fn a_plan_that_no_machine_holds_is_refused() {
    let mut settings = profile(Profile::Steady, 200_000, 86_400, 1);
    settings.load.every_seconds = 1;
    assert!(plans(&settings).unwrap_err().to_string().contains("请减少考生"));
    assert_eq!(size_of::<Event>(), 16);
}
