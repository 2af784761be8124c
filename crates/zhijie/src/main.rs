//! The command line of 知戒.

mod args;
mod commands;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let arguments = match args::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let is_help = !error.use_stderr();
            if !is_help {
                eprintln!("命令写法有误，用 zhijie --help 查看用法。详情：");
            }
            // A closed pipe is no reason to fail.
            let _ = error.print();
            return if is_help { ExitCode::SUCCESS } else { ExitCode::from(commands::WRONG_USE) };
        }
    };
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_env("ZHIJIE_LOG").unwrap_or_else(|_| {
            tracing_subscriber::EnvFilter::new("warn,zhijie=info,server=info,app=info,storage=info")
        }))
        .with_writer(std::io::stderr)
        .init();
    match commands::run(arguments) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("{}", failure.message);
            ExitCode::from(failure.code)
        }
    }
}
