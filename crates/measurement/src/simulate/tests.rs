use super::*;

const SEED: &[u8] = b"test";

fn item(kind: ItemKind, options: usize) -> ItemSpec {
    ItemSpec { kind, weights: lures(SEED, "q1", options), difficulty_b: 0.3, a: 1.2 }
}

fn certain() -> ResponseModel {
    ResponseModel { omission: 0.0, ..ResponseModel::default() }
}

fn answers(item: &ItemSpec, theta: f64, n: u32) -> Vec<Answer> {
    let items = vec![item.clone(); 10];
    (0..n / 10)
        .flat_map(|at| respond(SEED, &certain(), &Taker { label: at.to_string(), theta }, &items))
        .map(|response| response.answer)
        .collect()
}

fn share(all: &[Answer], what: impl Fn(&Answer) -> bool) -> f64 {
    let count = |n: usize| f64::from(u32::try_from(n).unwrap());
    count(all.iter().filter(|one| what(one)).count()) / count(all.len())
}

/// With 5,000 answers the standard error of a share is at most 0.0071; four of them are allowed.
const NEAR: f64 = 0.028;

#[test]
fn each_kind_is_wholly_right_with_the_chance_of_the_model() {
    let cases: Vec<(ItemSpec, Answer)> = vec![
        (item(ItemKind::Single { right: 2 }, 4), Answer::Chosen(vec![2])),
        (item(ItemKind::Multiple { right: vec![0, 3] }, 5), Answer::Chosen(vec![0, 3])),
        (item(ItemKind::Multiple { right: vec![1] }, 4), Answer::Chosen(vec![1])),
        (item(ItemKind::Judgement { truth: false }, 0), Answer::Truth(false)),
        (item(ItemKind::Blank { blanks: 3 }, 0), Answer::Blanks(vec![true; 3])),
    ];
    for (item, right) in cases {
        for theta in [-1.0, 0.3, 1.5] {
            let found = share(&answers(&item, theta, 5_000), |answer| *answer == right);
            let expected = 1.0 / (1.0 + (-1.2 * (theta - 0.3)).exp());
            assert!((found - expected).abs() < NEAR, "{:?} at {theta}: {found}, not {expected}", item.kind);
        }
    }
}

#[test]
fn wrong_answers_follow_the_pull_of_the_options() {
    let spec = ItemSpec { weights: vec![9.0, 3.0, 9.0, 1.0], ..item(ItemKind::Single { right: 2 }, 4) };
    let all = answers(&spec, -0.5, 8_000);
    let chosen = |index: usize| share(&all, |answer| *answer == Answer::Chosen(vec![index]));
    let wrong = 1.0 - chosen(2);
    for (index, expected) in [(0, 9.0 / 13.0), (1, 3.0 / 13.0), (3, 1.0 / 13.0)] {
        assert!((chosen(index) / wrong - expected).abs() < NEAR, "{index}: {}", chosen(index) / wrong);
    }
}

#[test]
fn a_multiple_choice_is_never_empty_nor_out_of_order() {
    let spec = item(ItemKind::Multiple { right: vec![0, 3] }, 5);
    for answer in answers(&spec, -4.0, 5_000) {
        let Answer::Chosen(chosen) = answer else { panic!("{answer:?}") };
        assert!(!chosen.is_empty() && chosen.is_sorted() && chosen.iter().all(|index| *index < 5), "{chosen:?}");
    }
}

#[test]
fn difficulty_gives_the_facility_back_in_a_normal_population() {
    for (facility, a, sd) in [(0.5, 1.0, 1.0), (0.8, 1.2, 1.0), (0.9, 0.8, 1.3), (0.3, 1.5, 0.7)] {
        let b = difficulty(facility, a, sd);
        // The integral over the population, by the rule of the middle on ±6 sd.
        let steps = 2_000_u32;
        let mut sum = 0.0;
        for step in 0..steps {
            let z = -6.0 + 12.0 * (f64::from(step) + 0.5) / f64::from(steps);
            let density = (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
            sum += density / (1.0 + (-a * (z * sd - b)).exp()) * 12.0 / f64::from(steps);
        }
        assert!((sum - facility).abs() < 0.01, "{facility}: {sum}");
    }
    assert!(difficulty(0.0, 1.0, 1.0).is_finite() && difficulty(f64::NAN, 1.0, 1.0).abs() < 1e-12);
}

#[test]
fn abilities_and_effects_have_their_mean_and_spread_and_belong_to_their_label() {
    let thetas: Vec<f64> = (0..4_000).map(|at| taker(SEED, &format!("p{at}"), 0.4, 0.8).theta).collect();
    let mean = thetas.iter().sum::<f64>() / 4_000.0;
    let sd = (thetas.iter().map(|theta| (theta - mean).powi(2)).sum::<f64>() / 3_999.0).sqrt();
    // Standard errors: 0.8/√4000 = 0.0126 and 0.8/√8000 = 0.009.
    assert!((mean - 0.4).abs() < 0.05 && (sd - 0.8).abs() < 0.04, "{mean} {sd}");
    assert!((taker(SEED, "p7", 0.4, 0.8).theta - thetas[7]).abs() < f64::EPSILON);
    assert!((effect(SEED, "u1", 0.5) - effect(SEED, "u2", 0.5)).abs() > 1e-6);
    assert!((effect(SEED, "u1", 0.5) - effect(b"other", "u1", 0.5)).abs() > 1e-6);
    assert!(effect(SEED, "u1", 0.0).abs() < f64::EPSILON);
}

#[test]
fn omissions_and_times_are_as_the_model_says() {
    let model = ResponseModel { omission: 0.1, median_seconds: 30.0, time_sd: 0.5, speed_sd: 0.0 };
    let items = vec![item(ItemKind::Judgement { truth: true }, 0); 20_000];
    let all = respond(SEED, &model, &Taker { label: "p".into(), theta: 0.0 }, &items);
    let omitted = all.iter().filter(|response| response.answer == Answer::Omitted).count();
    assert!((1_800..2_200).contains(&omitted), "{omitted}");
    let mut times: Vec<u64> = all.iter().map(|response| response.elapsed_ms).collect();
    times.sort_unstable();
    assert!(times[10_000].abs_diff(30_000) < 700, "median {}", times[10_000]);
    // The upper quartile of a lognormal: median · exp(0.6745 sd).
    assert!(times[15_000].abs_diff(42_030) < 1_200, "upper quartile {}", times[15_000]);
    assert!(times[0] >= 1_500 && times[19_999] <= 600_000);
}

#[test]
fn the_same_seed_and_label_give_the_same_answers() {
    let items = [item(ItemKind::Single { right: 0 }, 4), item(ItemKind::Blank { blanks: 2 }, 0)];
    let one =
        |label: &str| respond(SEED, &ResponseModel::default(), &Taker { label: label.into(), theta: 0.0 }, &items);
    assert_eq!(one("p1"), one("p1"));
    assert_ne!(one("p1"), one("p2"));
}

#[test]
fn people_come_inside_the_window_and_rather_by_day() {
    let habits = Habits::default();
    // Opens at 9:30 and stays open for five days.
    let (opening, last) = (34_200, 5 * 86_400 - 3_000);
    let starts: Vec<u64> =
        (0..5_000).filter_map(|at| start_offset_seconds(SEED, &at.to_string(), &habits, opening, last)).collect();
    assert!((4_600..4_800).contains(&starts.len()), "{}", starts.len());
    assert!(starts.iter().all(|start| *start <= last));
    let at_night = starts.iter().filter(|start| (opening + *start) / 3_600 % 24 < 6).count();
    assert!(at_night < 50, "{at_night}");
    let on = |day: u64| starts.iter().filter(|start| *start / 86_400 == day).count();
    assert!(on(4) > on(2) && on(0) > on(2), "{} {} {}", on(0), on(2), on(4));
}

#[test]
fn odd_windows_have_starts_too() {
    let dead = Habits { hours: [0.0; 24], participation: 1.0, ..Habits::default() };
    let sure = Habits { participation: 1.0, ..Habits::default() };
    for (name, habits, opening, last) in
        [("one moment", sure, 36_000, 0), ("dead hours", dead, 0, 100), ("ten minutes", sure, 35_900, 600)]
    {
        let start = start_offset_seconds(SEED, "p", &habits, opening, last);
        assert!(start.is_some_and(|start| start <= last), "{name}: {start:?}");
    }
    let never = Habits { participation: 0.0, ..Habits::default() };
    assert_eq!(start_offset_seconds(SEED, "p", &never, 0, 1_000), None);
}
