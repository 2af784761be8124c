//! Before the first taker: the server makes the exam, the machine makes room.

use std::io::Write as _;
use std::rc::Rc;
use std::time::Duration;

use serde::Deserialize;

use crate::error::RehearsalError;
use crate::http::{Body, Buffers, Fault, Line, Method, Reply, Target, Try, write_request};
use crate::number::real;
use crate::settings::{Prepared, Profile, Settings};
use crate::wire::RehearsalRequest;

/// How long the server may take to make a rehearsal.
const MAKING_LIMIT: Duration = Duration::from_secs(600);
/// Files that a process needs besides its connections.
const FILES_BESIDES: u64 = 96;
/// What the exam lasts longer than what is measured, in seconds: starts before, proofs after, a restart between.
const EXAM_BESIDES_SECONDS: u32 = 1_800;

/// How many connections there will be: one for each taker, or fewer.
pub(crate) fn connections(settings: &Settings) -> u32 {
    let wanted = settings.means.connections.unwrap_or_else(|| settings.takers()).min(settings.takers()).max(1);
    let files = rlimit::increase_nofile_limit(u64::from(wanted) + FILES_BESIDES).unwrap_or(FILES_BESIDES * 8);
    let room = files.saturating_sub(FILES_BESIDES).max(1);
    u32::try_from(room).map_or(wanted, |room| wanted.min(room))
}

/// How long the exam must last, in seconds.
pub(crate) fn exam_seconds(settings: &Settings) -> u32 {
    let load = &settings.load;
    let rounds = match load.profile {
        Profile::People => 0,
        Profile::Starts => 1,
        Profile::Steady | Profile::Submissions | Profile::Peak => 2,
    };
    let preparing = settings.takers().div_ceil(load.preparation_rate).saturating_mul(rounds);
    load.duration_seconds.saturating_add(preparing).saturating_add(EXAM_BESIDES_SECONDS)
}

/// Asks the server for a rehearsal.
pub(crate) async fn make(settings: &Settings, target: &Target) -> Result<Prepared, RehearsalError> {
    let request = RehearsalRequest {
        takers: settings.takers(),
        questions: settings.load.questions,
        duration_seconds: exam_seconds(settings),
    };
    let body = serde_json::to_vec(&request).map_err(|error| RehearsalError::Machine(error.to_string()))?;
    let reply = ask(settings, target, Method::Post, format_args!("/rehearsals"), Some(&body)).await?;
    let prepared: Prepared = reply.json().ok_or_else(|| {
        RehearsalError::Refused("服务器对 POST /rehearsals 的答复不是 {exam, tokens}：请核对它的版本".to_owned())
    })?;
    let made = prepared.tokens.len();
    if made < usize::try_from(settings.takers()).unwrap_or(usize::MAX) {
        return Err(RehearsalError::Refused(format!("要了 {} 名考生，服务器只给了 {made} 名", settings.takers())));
    }
    Ok(prepared)
}

/// Whether ids and tokens can stand in a request as they are.
pub(crate) fn check(prepared: &Prepared) -> Result<(), RehearsalError> {
    let is_plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_plain(&prepared.exam) || prepared.exam.contains('/') {
        return Err(RehearsalError::wrong_use("演练的 exam 不是考试编号：应是不含空格和斜线的一串字符"));
    }
    match (1..).zip(&prepared.tokens).find(|(_, token)| !is_plain(token)) {
        Some((number, _)) => {
            Err(RehearsalError::wrong_use(format!("演练的第 {number} 个令牌不是令牌：应是不含空格的一串字符")))
        }
        None => Ok(()),
    }
}

/// Asks the server to wipe a rehearsal.
pub(crate) async fn wipe(settings: &Settings, target: &Target, exam: &str) -> Result<(), RehearsalError> {
    ask(settings, target, Method::Delete, format_args!("/rehearsals/{exam}"), None).await.map(|_| ())
}

async fn ask(
    settings: &Settings,
    target: &Target,
    method: Method,
    path: std::fmt::Arguments<'_>,
    body: Option<&[u8]>,
) -> Result<Reply, RehearsalError> {
    let buffers = Rc::new(Buffers::default());
    let mut request = buffers.take();
    let write = |out: &mut Vec<u8>| out.write_all(body.unwrap_or_default());
    let write: Body<'_> = if body.is_some() { Some(&write) } else { None };
    write_request(&mut request, target, method, path, settings.token.as_deref(), None, write);
    match Line::default().exchange(target, &buffers, &request, MAKING_LIMIT).await {
        Try::Reply(reply) if reply.is_success() => Ok(reply),
        Try::Reply(reply) => Err(RehearsalError::Refused(refusal(&reply, settings.token.is_some()))),
        Try::Fault(fault) => Err(unreachable(fault, settings, target)),
        Try::Stale => Err(unreachable(Fault::Closed, settings, target)),
    }
}

fn unreachable(fault: Fault, settings: &Settings, target: &Target) -> RehearsalError {
    let what = match fault {
        Fault::Refused => "没有程序在听这个端口：请先启动服务，并核对 --url",
        Fault::Timeout => "没有在时限内答复",
        Fault::NotHttp => "答复的不是 HTTP：请核对 --url 的端口",
        Fault::Unreachable => "网络不通",
        _ => "连接中断",
    };
    RehearsalError::Unreachable(format!("连不上 {}（{}）：{what}", settings.url, target.address))
}

#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    title: String,
    #[serde(default)]
    detail: String,
}

fn refusal(reply: &Reply, has_token: bool) -> String {
    let hint = match (reply.status, has_token) {
        (401 | 403, true) => "：--token 应是考务管理员的、没有过期的令牌",
        (401 | 403 | 404, false) => "：请在服务器本机对 serve --demo 演练，或用 --token 给出考务管理员的令牌",
        (404, true) => "：这台服务器没有演练入口，请核对它的版本和 --url",
        _ => "",
    };
    let said = reply.json::<Said>().map(|said| format!("（{} {}）", said.title, said.detail)).unwrap_or_default();
    format!("服务器不给演练，状态 {}{hint}{said}", reply.status)
}

/// The width of a moment of the chart, in whole seconds, and how many there are.
pub(crate) fn moments(longest_micros: u64) -> (Duration, usize) {
    const MOST: u64 = 300;
    let seconds = longest_micros.div_ceil(1_000_000).max(1);
    let width = seconds.div_ceil(MOST);
    // A server that keeps up with a quarter of the load answers long after the end: room for that, and a restart.
    let count = seconds.div_ceil(width).saturating_mul(4).saturating_add(60);
    (Duration::from_secs(width), usize::try_from(count).unwrap_or(1))
}

/// A count per second.
pub(crate) fn per_second(count: u64, seconds: f64) -> f64 {
    if seconds > 0.0 { (real(count) / seconds * 100.0).round() / 100.0 } else { 0.0 }
}
