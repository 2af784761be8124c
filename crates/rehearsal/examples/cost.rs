//! What a rehearsal itself costs: processor time for each request and memory for each taker, against a server that
//! does next to nothing in a process of its own: `cargo run --release -p rehearsal --example cost [PROFILE TAKERS
//! SECONDS RATE CONNECTIONS]`, where PROFILE is `people`, `steady` or `peak`.
#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "an example fails by panicking")]

#[path = "../tests/all/fake/mod.rs"]
#[expect(dead_code, reason = "the tests ask it for more")]
mod fake;

use std::io::{BufRead as _, BufReader};
use std::ops::ControlFlow;
use std::process::{Command, Stdio};

use rehearsal::{Profile, Settings};

/// Clock ticks a second in `/proc/self/stat`.
const TICKS: f64 = 100.0;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "serve") {
        let server = fake::Fake::start(fake::Conduct::default());
        println!("{}", server.url());
        // Until the parent has gone.
        let _ = std::io::stdin().lines().next();
        return;
    }
    let mut server = Command::new(std::env::current_exe().expect("this program"))
        .arg("serve")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a server");
    let mut url = String::new();
    BufReader::new(server.stdout.take().expect("piped")).read_line(&mut url).expect("its address");
    let number =
        |at: usize, otherwise: u32| arguments.get(at).map_or(otherwise, |text| text.parse().expect("a number"));
    let mut settings = Settings::people(url.trim(), number(1, 10_000), number(2, 20));
    settings.load.profile = match arguments.first().map_or("steady", String::as_str) {
        "people" => Profile::People,
        "steady" => Profile::Steady,
        "peak" => Profile::Peak,
        other => panic!("{other}?"),
    };
    settings.load.rate = (settings.load.profile == Profile::Peak).then(|| number(3, 10_000));
    settings.load.preparation_rate = 2_000;
    settings.means.connections = (number(4, 0) > 0).then(|| number(4, 0));
    let (idle_kib, _) = memory_kib();
    let before = processor_seconds();
    let report = rehearsal::run(&settings, &mut |_| ControlFlow::Continue(())).expect("a rehearsal");
    let spent = processor_seconds() - before;
    print!("{}", rehearsal::text(&report));
    let latency = [report.latency_ms.start, report.latency_ms.save, report.latency_ms.submit, report.latency_ms.check];
    let other = [report.latency_ms.receipt, report.latency_ms.batch, report.latency_ms.resume, report.latency_ms.poll];
    let requests: u64 = latency.iter().chain(&other).map(|latency| latency.n).sum();
    let requests = f64::from(u32::try_from(requests).expect("few enough"));
    let (_, most_kib) = memory_kib();
    println!(
        "处理器 {spent:.1} 秒，每次请求 {:.1} 微秒；内存最多 {:.0} MiB，每名考生 {:.1} KiB",
        spent / requests * 1e6,
        most_kib / 1_024.0,
        (most_kib - idle_kib) / f64::from(report.takers)
    );
    drop(server.stdin.take());
    let _ = server.wait();
}

/// User and system time of this process.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    let fields: Vec<&str> = stat.rsplit(')').next().expect("a name").split_whitespace().collect();
    [fields[11], fields[12]].iter().map(|ticks| ticks.parse::<f64>().expect("a number")).sum::<f64>() / TICKS
}

/// Memory of this process, now and at the most.
fn memory_kib() -> (f64, f64) {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let field = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).expect("a field");
        line.split_whitespace().nth(1).expect("a value").parse::<f64>().expect("a number")
    };
    (field("VmRSS"), field("VmHWM"))
}
