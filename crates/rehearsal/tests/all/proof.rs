//! Whether every acknowledged answer is held.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use rehearsal::{Login, Prepared, Profile, RehearsalError, Settings};

use crate::fake::{Conduct, Fake};
use crate::{hold, impatient, no_errors, people};

#[test]
fn people_on_a_good_server_lose_nothing() {
    let fake = Fake::start(Conduct::default());
    let mut settings = people(&fake);
    settings.behaviour.offline_percent = 40;
    settings.behaviour.reload_percent = 40;
    settings.behaviour.takeover_percent = 40;
    settings.logins = vec![Login { login: "a".into(), password: "right".into() }];
    let report = hold(&settings);
    assert_eq!(report.errors, no_errors());
    assert_eq!((report.lost, report.takers, report.started, report.submitted), (0, 20, 20, 20));
    assert!(report.saves > 200 && report.saves == report.acked, "{} {}", report.saves, report.acked);
    assert_eq!((report.checked, report.digests.checked, report.digests.unchecked), (20, 20, 0));
    assert!(report.is_good() && !report.interrupted && report.left == 0);
    let text = rehearsal::text(&report);
    assert!(text.contains("服务器确认过的答案全部在库") && text.contains("错误      无"), "{text}");
    let latency = report.latency_ms;
    assert_eq!((latency.sign_in.n, latency.start.n, latency.submit.n), (20, 20, 20));
    assert!(latency.batch.n > 0 && latency.resume.n > 4, "{latency:?}");
    let requests = fake.requests();
    assert_eq!((requests["POST sessions"], requests["POST submission"]), (20, 20));
    assert!(requests["PUT answers"] > 0, "{requests:?}");
    let held: usize = fake.held().values().map(BTreeMap::len).sum();
    assert!(held > 20 * 10, "{held}");
}

#[test]
fn a_dropped_answer_is_found() {
    let fake = Fake::start(Conduct { drops_save: Some(25), ..Conduct::default() });
    let mut settings = people(&fake);
    // Each slot once, on line: the dropped answer is not repaired by a later one.
    settings.load.profile = Profile::Steady;
    settings.load.every_seconds = 1;
    let report = hold(&settings);
    assert_eq!((report.lost, report.saves, report.acked), (1, 40, 40));
    assert!(!report.is_good());
    let [lost] = report.lost_answers.as_slice() else { panic!("{:?}", report.lost_answers) };
    assert_eq!((lost.held_revision, lost.revision), (None, 1));
    assert!(!fake.held()[&lost.attempt].contains_key(&i64::from(lost.slot)));
    assert_eq!(report.errors, BTreeMap::from([("answers-missing".to_owned(), 1)]), "the hand-in is refused too");
    let text = rehearsal::text(&report);
    assert!(text.contains("有 1 条服务器确认过的答案不在库") && text.contains("库中是没有答案"), "{text}");
}

#[test]
fn an_answer_that_was_changed_behind_is_found() {
    let fake = Fake::start(Conduct { alters_save: Some(10), ..Conduct::default() });
    let mut settings = people(&fake);
    settings.load.profile = Profile::Steady;
    settings.load.every_seconds = 1;
    let report = hold(&settings);
    assert_eq!((report.lost, report.submitted), (1, 20));
    assert_eq!(report.lost_answers[0].held_revision, Some(1));
    assert_eq!((report.digests.checked, report.digests.unchecked), (19, 1));
}

#[test]
fn an_answer_that_the_receipt_forgets_is_found() {
    let fake = Fake::start(Conduct { forgets_at_submission: true, ..Conduct::default() });
    let mut settings = people(&fake);
    settings.load.profile = Profile::Submissions;
    let report = hold(&settings);
    assert_eq!((report.lost, report.submitted, report.errors), (20, 20, no_errors()));
}

#[test]
fn a_wrong_digest_is_found() {
    let fake = Fake::start(Conduct { wrong_digest: true, ..Conduct::default() });
    let report = hold(&people(&fake));
    assert_eq!(report.errors, BTreeMap::from([("receipt-digest-differs".to_owned(), 20)]));
    assert!(!report.is_good() && report.lost == 0);
}

#[test]
fn closed_attempts_are_errors_and_no_losses() {
    let fake = Fake::start(Conduct { closes_at: Some(15), ..Conduct::default() });
    let mut settings = people(&fake);
    settings.load.profile = Profile::Steady;
    settings.load.every_seconds = 1;
    let report = hold(&settings);
    assert_eq!(report.errors, BTreeMap::from([("attempt-closed".to_owned(), 20)]), "each taker asks once");
    assert_eq!((report.lost, report.acked), (0, 14));
}

#[test]
fn a_status_without_answers_is_made_up_for_by_entering_again() {
    let fake = Fake::start(Conduct { hides_answers: true, drops_save: Some(5), ..Conduct::default() });
    let mut settings = people(&fake);
    settings.load.profile = Profile::Peak;
    settings.load.rate = Some(100);
    settings.load.duration_seconds = 1;
    settings.means.connections = Some(3);
    let report = hold(&settings);
    assert_eq!((report.lost, report.connections), (1, 3));
    assert!(report.latency_ms.resume.n >= 20);
}

#[test]
fn logins_that_are_refused_are_errors() {
    let fake = Fake::start(Conduct::default());
    let mut settings = impatient(people(&fake));
    settings.logins = vec![Login { login: "a".into(), password: "wrong".into() }];
    let report = hold(&settings);
    assert_eq!(report.errors, BTreeMap::from([("wrong-credentials".to_owned(), 20)]));
    assert_eq!((report.submitted, report.lost), (20, 0), "they sit the test all the same");
}

#[test]
fn a_prepared_rehearsal_is_used_and_wiped() {
    let fake = Fake::start(Conduct::default());
    let first = hold(&people(&fake));
    let mut settings = people(&fake);
    let tokens = (0..20).map(|taker| format!("taker-{taker}")).collect();
    settings.prepared = Some(Prepared { exam: first.exam, tokens });
    settings.wipe = true;
    settings.load.profile = Profile::Starts;
    let report = hold(&settings);
    assert_eq!((report.started, report.wiped, report.errors), (20, Some(true), no_errors()));
    assert_eq!(fake.requests()["POST rehearsals"], 1);
    assert_eq!(fake.requests()["DELETE rehearsals/{exam}"], 1);
}

#[test]
fn who_ends_it_early_still_learns_what_was_lost() {
    let fake = Fake::start(Conduct { drops_save: Some(15), ..Conduct::default() });
    let mut settings = people(&fake);
    settings.load.profile = Profile::Steady;
    settings.load.every_seconds = 60;
    settings.load.duration_seconds = 120;
    // A save of each taker within the first minute: ten a second.
    settings.load.takers = 600;
    settings.load.preparation_rate = 2_000;
    let report = rehearsal::run(&settings, &mut |now| {
        if now.acked >= 15 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
    .expect("a rehearsal");
    assert!(report.interrupted && report.seconds < 60.0, "{}", report.seconds);
    assert_eq!((report.lost, report.checked, report.left, report.submitted), (1, 600, 600, 0));
    assert_eq!(report.errors, no_errors());
    assert!((15..400).contains(&report.acked), "{}", report.acked);
}

#[test]
fn what_cannot_be_held_is_said_in_words() {
    let cannot = |settings: &Settings| rehearsal::run(settings, &mut |_| ControlFlow::Continue(())).unwrap_err();
    let error = cannot(&Settings::people("https://127.0.0.1", 1, 1));
    assert!(matches!(error, RehearsalError::WrongUse(_)) && error.to_string().contains("https"), "{error}");
    let error = cannot(&Settings::people("http://127.0.0.1:1", 1, 1));
    assert!(matches!(error, RehearsalError::Unreachable(_)) && error.to_string().contains("先启动服务"), "{error}");
    let error = cannot(&Settings::people("http://127.0.0.1:1", 0, 1));
    assert!(error.to_string().contains("--takers"), "{error}");
    let mut prepared = Settings::people("http://127.0.0.1:1", 1, 1);
    prepared.prepared = Some(Prepared { exam: "e".into(), tokens: vec!["a\r\nx: y".into()] });
    assert!(cannot(&prepared).to_string().contains("第 1 个令牌"), "{}", cannot(&prepared));
    let mut peak = Settings::people("http://127.0.0.1:1", 10, 1);
    peak.load.profile = Profile::Peak;
    peak.load.rate = Some(1_000);
    assert!(cannot(&peak).to_string().contains("至少要 25 名考生"), "{}", cannot(&peak));
}
