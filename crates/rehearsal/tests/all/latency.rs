//! Whether latencies say what takers would see.

use std::time::Duration;

use rehearsal::{Profile, Settings};

use crate::fake::{Conduct, Fake};
use crate::{hold, no_errors};

/// 400 saves a second over four connections for four seconds.
fn peak(fake: &Fake) -> Settings {
    let mut settings = Settings::people(&fake.url(), 40, 4);
    settings.load.profile = Profile::Peak;
    settings.load.rate = Some(400);
    settings.means.connections = Some(4);
    settings
}

#[test]
fn a_stall_is_seen_by_all_who_were_to_send_in_it() {
    let stall = Duration::from_secs(2);
    let fake = Fake::start(Conduct { stall: Some((400, stall)), ..Conduct::default() });
    let report = hold(&peak(&fake));
    assert_eq!((report.errors.clone(), report.lost, report.acked), (no_errors(), 0, 1_600));
    let (latency, service) = (report.latency_ms.save, report.service_ms.save);
    // Half of what was due lay in the stall: their latency falls from two seconds to nothing.
    assert!(latency.p99.unwrap() > 1_500.0, "{latency:?}");
    assert!(latency.p90.unwrap() > 1_000.0, "{latency:?}");
    // A loop that waits for each reply before the next has one slow request on each connection: 4 of 1,600.
    assert!(service.p99.unwrap() < 500.0, "{service:?}");
    assert!(service.max.unwrap() > 1_500.0, "{service:?}");
    assert!(report.late > 400, "{}", report.late);
    // What was due in the second of the stall shows it, whenever the replies came.
    let second = report.moments.iter().find(|moment| moment.second == 1).expect("the second of the stall");
    assert!(second.due > 300 && second.p50_ms.unwrap() > 1_000.0, "{second:?}");
    let replies: u64 = report.moments.iter().map(|moment| moment.replies).sum();
    assert_eq!(replies, 1_600);
    let svg = rehearsal::chart(&report).unwrap();
    assert!(svg.contains("保存 1,600 次") && svg.contains("每秒应答") && svg.trim_end().ends_with("</svg>"), "{svg}");
}

#[test]
fn a_rate_is_kept() {
    let fake = Fake::start(Conduct::default());
    let report = hold(&peak(&fake));
    assert_eq!((report.errors.clone(), report.acked), (no_errors(), 1_600));
    assert!((3.9..5.5).contains(&report.seconds), "{}", report.seconds);
    for moment in report.moments.iter().take(4) {
        assert!((390..=410).contains(&moment.due), "{moment:?}");
    }
    assert_eq!(report.charted, "save");
    // Four connections, and one each that asked for the rehearsal and nothing else.
    assert_eq!((report.connections, fake.connections()), (4, 5));
}

#[test]
fn starts_and_submissions_come_at_their_rate() {
    for (profile, charted) in [(Profile::Starts, "start"), (Profile::Submissions, "submit")] {
        let fake = Fake::start(Conduct::default());
        let mut settings = Settings::people(&fake.url(), 500, 2);
        settings.load.profile = profile;
        settings.load.rate = Some(100);
        settings.means.threads = 2;
        let report = hold(&settings);
        assert_eq!((report.errors.clone(), report.lost), (no_errors(), 0));
        assert_eq!((report.takers, report.started, report.charted), (200, 200, charted));
        assert_eq!(report.moments.iter().take(2).map(|moment| moment.due).collect::<Vec<_>>(), [100, 100]);
    }
}
