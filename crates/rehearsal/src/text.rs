//! The report as text for a terminal.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::report::{Latency, Report};
use crate::settings::Profile;

/// Columns of a figure.
const FIGURE: usize = 10;
/// Columns of a name.
const NAME: usize = 10;

/// The report (终端报告), in Chinese.
pub fn text(report: &Report) -> String {
    let mut out = String::new();
    // Writing into a text cannot fail.
    let _ = write_text(&mut out, report);
    out
}

fn write_text(out: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(
        out,
        "演练：{}，{} 人，{:.1} 秒，连接 {}，种子 {}{}",
        profile_title(report.profile),
        grouped(u64::from(report.takers)),
        report.seconds,
        grouped(u64::from(report.connections)),
        report.seed,
        if report.interrupted { "（提前结束）" } else { "" }
    )?;
    writeln!(out)?;
    let mut row = |name: &str, text: String| writeln!(out, "{}{text}", padded(name, NAME));
    row("考生", format!("开始 {}，交卷 {}", grouped(report.started), grouped(report.submitted)))?;
    row(
        "答案",
        format!(
            "送出 {}，服务器确认 {}，其中丢失 {}",
            grouped(report.saves),
            grouped(report.acked),
            grouped(report.lost)
        ),
    )?;
    row(
        "核对",
        format!(
            "全卷比对 {} 次，回执摘要相符 {} 份{}",
            grouped(report.checked),
            grouped(report.digests.checked),
            {
                let unchecked = report.digests.unchecked;
                if unchecked > 0 { format!("，未比 {} 份", grouped(unchecked)) } else { String::new() }
            }
        ),
    )?;
    row("速率", format!("每秒 {:.1} 次应答", report.rate_per_second))?;
    row("错误", kinds(&report.errors))?;
    if report.delayed > 0 {
        row(
            "延后",
            format!("{} 次（服务器请稍后再来，之后成功）：{}", grouped(report.delayed), kinds(&report.delayed_by)),
        )?;
    }
    if report.through_faults {
        row("中断", format!("{}；重试后成功 {} 次", kinds(&report.faults), grouped(report.recovered)))?;
    }
    if report.reconnects > 0 {
        row("重连", format!("{} 次（空闲连接已被服务器关闭）", grouped(report.reconnects)))?;
    }
    if report.connections < report.takers {
        row("连接", "少于考生：几名考生轮流用一条，前一名没有得到答复时后一名要等".to_owned())?;
    }
    if report.left > 0 {
        row("未完", format!("{} 人没有做完计划中的动作", grouped(report.left)))?;
    }
    writeln!(out)?;
    write_latencies(out, report)?;
    writeln!(out)?;
    write_verdict(out, report)
}

fn write_latencies(out: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(out, "时延（毫秒）：自应发出的时刻起，到收到应答；末列是服务器单次应答的用时")?;
    let head = ["次数", "一半", "九成", "99%", "最长", "单次99%"];
    writeln!(out, "{}{}", padded("", NAME), head.map(|name| left_padded(name, FIGURE)).concat())?;
    let rows = report.latency_ms.named().into_iter().zip(report.service_ms.named());
    for ((name, latency), (_, service)) in rows.filter(|((_, latency), _)| latency.n > 0) {
        let figures = figures(&latency, service.p99);
        writeln!(out, "{}{}", padded(name, NAME), figures.map(|figure| left_padded(&figure, FIGURE)).concat())?;
    }
    let lag = figures(&report.lag_ms, None);
    let lag = lag.map(|figure| left_padded(&figure, FIGURE)).concat();
    writeln!(out, "{}{}", padded("演练自身", NAME), lag.trim_end())?;
    if report.late > 0 {
        writeln!(
            out,
            "有 {} 次请求比应发时刻晚了 50 毫秒以上才发出（前一次未答复，或演练机繁忙）",
            grouped(report.late)
        )?;
    }
    Ok(())
}

fn write_verdict(out: &mut String, report: &Report) -> std::fmt::Result {
    if report.is_good() {
        return match report.acked {
            0 => writeln!(out, "结论：没有错误。"),
            _ => writeln!(out, "结论：没有错误；服务器确认过的答案全部在库。"),
        };
    }
    if report.lost > 0 {
        writeln!(out, "结论：有 {} 条服务器确认过的答案不在库：", grouped(report.lost))?;
        for lost in &report.lost_answers {
            let held = lost.held_revision.map_or("没有答案".to_owned(), |revision| format!("修订 {revision}"));
            writeln!(
                out,
                "  第 {} 名考生，作答 {}，第 {} 题：确认过修订 {}（{}），库中是{held}",
                u64::from(lost.taker) + 1,
                lost.attempt,
                lost.slot,
                lost.revision,
                lost.response
            )?;
        }
        return Ok(());
    }
    writeln!(out, "结论：没有丢失答案，但有错误，见上面“错误”一行。")
}

fn figures(latency: &Latency, service: Option<f64>) -> [String; 6] {
    let figure = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{value:.1}"));
    let last = service.map_or_else(String::new, |value| format!("{value:.1}"));
    [grouped(latency.n), figure(latency.p50), figure(latency.p90), figure(latency.p99), figure(latency.max), last]
}

pub(crate) fn profile_title(profile: Profile) -> &'static str {
    match profile {
        Profile::People => "仿真作答",
        Profile::Steady => "匀速保存",
        Profile::Starts => "集中开始",
        Profile::Submissions => "集中交卷",
        Profile::Peak => "保存峰值",
    }
}

/// What each kind of trouble is called.
const KINDS: [(&str, &str); 26] = [
    ("connect-refused", "连接被拒绝"),
    ("connection-reset", "连接被重置"),
    ("connection-closed", "连接中途关闭"),
    ("timeout", "超时未答复"),
    ("unreachable", "网络不通"),
    ("no-local-port", "本机端口用尽"),
    ("too-many-open-files", "打开文件过多"),
    ("not-http", "答复不是 HTTP"),
    ("connection-failed", "连接失败"),
    ("not-understood", "答复不合约定"),
    ("another-answer-acked", "确认的不是所送的答案"),
    ("answer-invalid", "答案被判无效"),
    ("answer-never-sent", "库中有没送过的答案"),
    ("superseded", "被别的答案取代"),
    ("outcome-missing", "补传结果缺题"),
    ("another-attempt", "一人两卷"),
    ("receipt-miscounts", "回执题数不符"),
    ("receipt-digest-differs", "回执摘要不符"),
    ("unfinished", "到时未完"),
    ("wipe-failed", "清除失败"),
    ("attempt-closed", "作答已结束"),
    ("attempt-taken-over", "已换设备"),
    ("answers-missing", "缺答案不能交卷"),
    ("unavailable", "服务繁忙"),
    ("too-many-requests", "请求过频"),
    ("not-signed-in", "登录失效"),
];

fn kinds(counts: &BTreeMap<String, u64>) -> String {
    if counts.is_empty() {
        return "无".to_owned();
    }
    let named = counts.iter().map(|(kind, count)| {
        let title =
            KINDS.iter().find(|(known, _)| known == kind).map_or(String::new(), |(_, title)| (*title).to_owned());
        format!("{title}({kind}) {}", grouped(*count))
    });
    named.collect::<Vec<_>>().join("，")
}

/// A count with commas between thousands.
pub(crate) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Columns on a terminal: a Han character takes two.
fn columns(text: &str) -> usize {
    text.chars().map(|c| if c > '\u{2e7f}' { 2 } else { 1 }).sum()
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

fn left_padded(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(columns(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_those_of_a_terminal() {
        assert_eq!(left_padded("次数", 6), "  次数");
        assert_eq!(padded("99%", 5), "99%  ");
        assert_eq!(padded("很长很长的名字", 4), "很长很长的名字");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
