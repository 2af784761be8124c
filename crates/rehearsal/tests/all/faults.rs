//! What happens when connections fail, servers are busy, or die and come back.

use std::collections::BTreeMap;
use std::time::Duration;

use rehearsal::Profile;

use crate::fake::{Conduct, Fake};
use crate::{hold, impatient, no_errors, people};

#[test]
fn a_cut_connection_is_an_error_and_nothing_is_lost() {
    for conduct in [
        Conduct { cuts_every: Some(10), ..Conduct::default() },
        Conduct { halves_every: Some(10), ..Conduct::default() },
    ] {
        let fake = Fake::start(conduct.clone());
        let report = hold(&impatient(people(&fake)));
        assert_eq!(report.errors.keys().collect::<Vec<_>>(), ["connection-closed"], "{conduct:?}");
        assert!(report.errors["connection-closed"] > 5, "{:?}", report.errors);
        assert_eq!((report.lost, report.submitted, report.saves), (0, 20, report.acked), "tried again until it held");
        assert!(!report.is_good() && report.recovered > 5 && report.faults.is_empty());
    }
}

#[test]
fn a_cut_connection_that_was_expected_is_counted_apart() {
    let fake = Fake::start(Conduct { cuts_every: Some(10), ..Conduct::default() });
    let mut settings = impatient(people(&fake));
    settings.through_faults = true;
    let report = hold(&settings);
    assert_eq!((report.errors.clone(), report.lost, report.submitted), (no_errors(), 0, 20));
    assert!(report.faults["connection-closed"] > 5 && report.is_good());
}

#[test]
fn a_busy_server_delays() {
    let fake = Fake::start(Conduct { busy: Some((20, 5)), ..Conduct::default() });
    let report = hold(&people(&fake));
    assert_eq!((report.errors.clone(), report.lost, report.submitted), (no_errors(), 0, 20));
    assert_eq!(report.delayed_by, BTreeMap::from([("unavailable".to_owned(), report.delayed)]));
    assert!((1..=5).contains(&report.delayed), "{}", report.delayed);
    assert!(report.latency_ms.save.max.unwrap() > 1_000.0, "the wait counts: {:?}", report.latency_ms.save);
    assert!(report.service_ms.save.max.unwrap() < 1_000.0, "{:?}", report.service_ms.save);
    assert!(report.is_good());
}

#[test]
fn a_server_that_stays_busy_is_an_error() {
    let fake = Fake::start(Conduct { busy: Some((1, 1_000_000)), ..Conduct::default() });
    let mut settings = impatient(people(&fake));
    settings.load.profile = Profile::Steady;
    settings.patience.give_up = Duration::from_millis(100);
    let report = hold(&settings);
    assert_eq!((report.acked, report.delayed, report.lost), (0, 0, 0));
    assert_eq!(report.errors.keys().collect::<Vec<_>>(), ["unavailable"]);
}

#[test]
fn a_server_that_dies_and_comes_back_loses_nothing() {
    let outage = Some((60, Duration::from_millis(700)));
    let fake = Fake::start(Conduct { outage, ..Conduct::default() });
    let mut settings = impatient(people(&fake));
    settings.through_faults = true;
    settings.means.threads = 2;
    let report = hold(&settings);
    assert_eq!((report.errors.clone(), report.lost), (no_errors(), 0));
    assert_eq!((report.started, report.submitted, report.saves), (20, 20, report.acked));
    assert!(report.faults["connect-refused"] > 0 && report.recovered > 0, "{:?}", report.faults);

    let fake = Fake::start(Conduct { outage, drops_save: Some(59), ..Conduct::default() });
    let mut settings = impatient(people(&fake));
    settings.through_faults = true;
    settings.load.profile = Profile::Steady;
    settings.load.every_seconds = 1;
    settings.load.duration_seconds = 5;
    let report = hold(&settings);
    assert_eq!(report.lost, 1, "an answer lost in the crash is found: {:?}", report.lost_answers);
}

#[test]
fn a_server_that_stays_away_ends_the_rehearsal_in_time() {
    let fake = Fake::start(Conduct { outage: Some((60, Duration::from_secs(3_600))), ..Conduct::default() });
    let mut settings = impatient(people(&fake));
    settings.through_faults = true;
    settings.patience.give_up = Duration::from_millis(500);
    let report = hold(&settings);
    assert!(report.errors["connect-refused"] > 0, "{:?}", report.errors);
    assert!(!report.is_good() && report.lost == 0 && report.submitted < 20);
}
