//! Writes the pages as they are served to `OUT_DIR/web`: the files of `web/`, with the comments and the white space of
//! scripts taken out. A phone on a slow network is ready a tenth of a second sooner, and nobody's browser keeps our notes.
//! Names stay, so that an error on a phone says where it was.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use oxc_allocator::Allocator;
use oxc_codegen::{Codegen, CodegenOptions};
use oxc_parser::Parser;
use oxc_span::SourceType;

fn main() -> Result<(), Box<dyn Error>> {
    let from = Path::new("../../web");
    println!("cargo::rerun-if-changed={}", from.display());
    let to = PathBuf::from(env::var("OUT_DIR")?).join("web");
    if to.exists() {
        fs::remove_dir_all(&to)?;
    }
    copy(from, &to)
}

/// Copies a folder, without what is no page: tools for those who write them.
fn copy(from: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            if !path.ends_with("node_modules") {
                copy(&path, &target)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "js") {
            fs::write(&target, tighten(&fs::read_to_string(&path)?, &path)?)?;
        } else {
            fs::copy(&path, &target)?;
        }
    }
    Ok(())
}

/// A script without comments and white space.
///
/// # Errors
///
/// When it does not parse.
fn tighten(text: &str, path: &Path) -> Result<String, Box<dyn Error>> {
    let allocator = Allocator::default();
    let source_type = SourceType::from_path(path).map_err(|error| error.to_string())?;
    let parsed = Parser::new(&allocator, text, source_type).parse();
    if let Some(error) = parsed.diagnostics.iter().next() {
        return Err(format!("{}: {error}", path.display()).into());
    }
    Ok(Codegen::new().with_options(CodegenOptions::minify()).build(&parsed.program).code)
}
