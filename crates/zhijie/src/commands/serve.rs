//! `zhijie serve`.

use std::process::ExitCode;

use server::Settings;

use super::{Failure, Outcome, open_to_print};
use crate::args::{Places, Serve};

/// Serves until told to stop.
pub(super) fn run(places: &Places, serve: &Serve) -> Outcome {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    give_memory_back();
    let public = !serve.listen.ip().is_loopback();
    let refused = || {
        Failure::wrong_use(format!(
            "演示账号的密码是公开的，演示区只能在本机地址上运行（如 127.0.0.1:8080），不能用 {}",
            serve.listen
        ))
    };
    if serve.demo && public {
        return Err(refused());
    }
    let app = open_to_print(places, serve.demo, &serve.print)?;
    if public && app.is_demo_database()? {
        return Err(refused());
    }
    app.recover_imports()?;
    app.sweep_unsealed()?;
    app.prepare()?;
    let accounts = if serve.demo { app.prepare_demo()? } else { Vec::new() };
    let settings = Settings {
        listen: serve.listen,
        trusted_proxies: serve.trusted_proxy.clone(),
        workers: std::thread::available_parallelism().map_or(2, usize::from),
    };
    actix_web::rt::System::new()
        .block_on(server::serve(app, settings, |address| {
            eprintln!("知戒已启动：http://{address}");
            show_accounts(&accounts);
        }))
        .map_err(|error| Failure::failed(format!("无法在 {} 上提供服务：{error}", serve.listen)))?;
    Ok(ExitCode::SUCCESS)
}

/// One account for each role, for whoever tries the demo.
fn show_accounts(accounts: &[app::demo::DemoAccount]) {
    let Some(first) = accounts.first() else { return };
    eprintln!("演示账号（密码都是 {}）：", first.password);
    let mut shown: Vec<&str> = Vec::new();
    for account in accounts {
        if !shown.contains(&account.role.as_str()) {
            shown.push(&account.role);
            let title = organisation::Role::from_slug(&account.role).map_or("", organisation::Role::title);
            eprintln!("  {:<16} {title}", account.login);
        }
    }
    eprintln!("完整名单见数据目录下的 demo-accounts.json");
}

/// Replaces this process by itself with a setting of glibc's that can be given at the start of a process only: buffers
/// from 128 KiB on go back to the system when they are done with. Otherwise the first big buffers raise the bound, and
/// what a storm of activations used stays with the process (docs/performance.md). What the environment says already is
/// left as it is.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn give_memory_back() {
    use std::os::unix::process::CommandExt as _;
    use std::{env, process};

    const SETTING: &str = "MALLOC_MMAP_THRESHOLD_";
    if env::var_os(SETTING).is_some() || env::var_os("GLIBC_TUNABLES").is_some() {
        return;
    }
    let mut arguments = env::args_os();
    let name = arguments.next().unwrap_or_else(|| "zhijie".into());
    let error = match env::current_exe() {
        Ok(program) => process::Command::new(program).arg0(name).args(arguments).env(SETTING, "131072").exec(),
        Err(error) => error,
    };
    tracing::warn!(%error, "could not start again with {SETTING}: more memory will stay with the process");
}
