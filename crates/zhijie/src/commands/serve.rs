//! `zhijie serve`.

use std::process::ExitCode;

use server::Settings;

use super::{Failure, Outcome, open};
use crate::args::{Places, Serve};

/// Serves until told to stop.
pub(super) fn run(places: &Places, serve: &Serve) -> Outcome {
    if serve.demo && !serve.listen.ip().is_loopback() {
        return Err(Failure::wrong_use(format!(
            "演示账号的密码是公开的，演示模式只能在本机地址上运行（如 127.0.0.1:8080），不能用 {}",
            serve.listen
        )));
    }
    let app = open(places, serve.demo)?;
    let settings = Settings {
        listen: serve.listen,
        trusted_proxies: serve.trusted_proxy.clone(),
        workers: std::thread::available_parallelism().map_or(2, usize::from),
    };
    actix_web::rt::System::new()
        .block_on(server::serve(app, settings, |address| {
            eprintln!("知戒已启动：http://{address}");
        }))
        .map_err(|error| Failure::failed(format!("无法在 {} 上提供服务：{error}", serve.listen)))?;
    Ok(ExitCode::SUCCESS)
}
