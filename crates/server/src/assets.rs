//! The pages, from the binary: compressed once at the start, with an ETag of their content.
//!
//! Every file has two addresses. `/js/exam.js` is always asked again, so that a new version of the program shows at
//! once. `/v/<version>/js/exam.js`, the version being a hash over all files, is kept by the browser for good; the pages
//! name their scripts and styles that way, so that a reload asks for the page alone, and a page never mixes modules of
//! two versions. The service worker is told version and files when it is served.

use std::collections::BTreeMap;

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use html5gum::{Token, Tokenizer};
use include_dir::{Dir, include_dir};
use sha2::{Digest as _, Sha256};

static WEB: Dir<'_> = include_dir!("$OUT_DIR/web");

/// The service worker, which must stand at the top of the pages that it serves.
const SERVICE_WORKER: &str = "/sw.js";
/// What the service worker's text holds in place of the version, and of the list of files to keep.
const VERSION_MARK: &str = "@version";
const SHELL_MARK: &str = "@shell";
/// Asked again each time; the ETag makes it cheap.
const ASK_AGAIN: &str = "no-cache";
/// The address changes with the content.
const FOR_GOOD: &str = "public, max-age=31536000, immutable";
/// Of another version than was asked for (two nodes while one is renewed): good for now, to be kept by nobody.
const NOT_TO_KEEP: &str = "no-store";

/// A file as it is served.
pub struct Asset {
    bytes: Bytes,
    gzip: Option<Bytes>,
    etag: String,
    content_type: &'static str,
    /// Of a page: what it will ask for.
    links: Option<String>,
}

/// Every file by its path, such as `/js/exam.js`.
pub struct Assets {
    files: BTreeMap<String, Asset>,
    version: String,
}

impl Assets {
    /// Reads and compresses everything.
    pub fn load() -> Self {
        let mut found = BTreeMap::new();
        collect(&WEB, &mut found);
        let version = version_of(&found);
        let files = found.iter().map(|(path, file)| (path.clone(), asset(path, file, &version, &found))).collect();
        Self { files, version }
    }

    /// Answers a request for a page or a file of one.
    pub fn serve(&self, request: &HttpRequest) -> Option<HttpResponse> {
        let (path, keep) = self.address(request.path());
        let path = match path {
            "/" => "/index.html",
            "/staff" | "/staff/" => "/staff/index.html",
            path => path,
        };
        let asset = self.files.get(path)?;
        let header = |name: header::HeaderName| {
            request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
        };
        if header(header::IF_NONE_MATCH).contains(&asset.etag) {
            return Some(
                HttpResponse::NotModified()
                    .insert_header((header::ETAG, asset.etag.as_str()))
                    .insert_header((header::CACHE_CONTROL, keep))
                    .finish(),
            );
        }
        let mut builder = HttpResponse::Ok();
        builder
            .insert_header((header::ETAG, asset.etag.as_str()))
            .insert_header((header::VARY, "Accept-Encoding"))
            .insert_header((header::CACHE_CONTROL, keep))
            .content_type(asset.content_type);
        if let Some(links) = &asset.links {
            builder.insert_header((header::LINK, links.as_str()));
        }
        match &asset.gzip {
            Some(gzip) if header(header::ACCEPT_ENCODING).contains("gzip") => {
                builder.insert_header((header::CONTENT_ENCODING, HeaderValue::from_static("gzip")));
                Some(builder.body(gzip.clone()))
            }
            _ => Some(builder.body(asset.bytes.clone())),
        }
    }

    /// The file that an address means, and how long it may be kept.
    fn address<'a>(&self, path: &'a str) -> (&'a str, &'static str) {
        let Some((version, file)) = path.strip_prefix("/v/").and_then(|rest| rest.split_once('/')) else {
            return (path, ASK_AGAIN);
        };
        let start = path.len().saturating_sub(file.len() + 1);
        let keep = if version == self.version { FOR_GOOD } else { NOT_TO_KEEP };
        (path.get(start..).unwrap_or_default(), keep)
    }
}

/// A file as it stands in `web/`.
struct Source {
    bytes: &'static [u8],
    content_type: &'static str,
}

fn collect(folder: &'static Dir<'static>, files: &mut BTreeMap<String, Source>) {
    for file in folder.files() {
        let path = file.path().to_string_lossy();
        let Some(content_type) = content_type(&path) else { continue };
        files.insert(format!("/{path}"), Source { bytes: file.contents(), content_type });
    }
    for inner in folder.dirs() {
        if inner.path().ends_with("node_modules") {
            continue;
        }
        collect(inner, files);
    }
}

fn version_of(files: &BTreeMap<String, Source>) -> String {
    let mut hash = Sha256::new();
    for (path, file) in files {
        hash.update(path.as_bytes());
        hash.update(Sha256::digest(file.bytes));
    }
    hex(&hash.finalize(), 8)
}

fn hex(digest: &[u8], bytes: usize) -> String {
    digest.iter().take(bytes).map(|byte| format!("{byte:02x}")).collect()
}

fn asset(path: &str, file: &Source, version: &str, all: &BTreeMap<String, Source>) -> Asset {
    let bytes = match std::str::from_utf8(file.bytes) {
        Ok(html) if path.ends_with(".html") => Bytes::from(with_versions(html, version, all)),
        Ok(script) if path == SERVICE_WORKER => {
            let shell: Vec<&str> = all.keys().map(String::as_str).filter(|path| is_shell(path)).collect();
            Bytes::from(script.replace(VERSION_MARK, version).replace(SHELL_MARK, &shell.join(" ")))
        }
        _ => Bytes::from_static(file.bytes),
    };
    let etag = format!("\"{}\"", hex(&Sha256::digest(&bytes), 10));
    let links = path.ends_with(".html").then(|| links(&bytes)).filter(|links| !links.is_empty());
    Asset { gzip: compress(&bytes), bytes, etag, content_type: file.content_type, links }
}

/// What a page will ask for, as a `Link` header: a slow phone asks a tenth of a second before it has read the page.
fn links(page: &[u8]) -> String {
    let mut links = Vec::new();
    for token in Tokenizer::new(page).flatten() {
        let Token::StartTag(tag) = token else { continue };
        let attribute = |name: &str| {
            tag.attributes
                .get(name.as_bytes())
                .map(|value| String::from_utf8_lossy(value).into_owned())
                .unwrap_or_default()
        };
        let how = match (tag.name.as_slice(), attribute("rel").as_str(), attribute("as").as_str()) {
            (b"link", "stylesheet", _) => "preload; as=style",
            (b"link", "preload", "fetch") => "preload; as=fetch; crossorigin",
            (b"link", "modulepreload", _) => "modulepreload",
            (b"script", _, _) if attribute("type") == "module" => "modulepreload",
            _ => continue,
        };
        let target = if tag.name.as_slice() == b"script" { attribute("src") } else { attribute("href") };
        links.push(format!("<{target}>; rel={how}"));
    }
    links.join(", ")
}

/// A page whose scripts, styles and pictures are named by version.
fn with_versions(html: &str, version: &str, all: &BTreeMap<String, Source>) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    while let Some(at) = ["href=\"/", "src=\"/"].iter().filter_map(|mark| Some(rest.find(mark)? + mark.len())).min() {
        // `at` lies behind the slash.
        let (before, after) = rest.split_at(at);
        let target = after.split('"').next().unwrap_or_default();
        out.push_str(before);
        if !target.ends_with(".html") && all.contains_key(&format!("/{target}")) {
            out.push_str(&format!("v/{version}/"));
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Whether a file belongs to the officials' pages, which the service worker keeps for the time without a network.
fn is_shell(path: &str) -> bool {
    path != SERVICE_WORKER && !path.starts_with("/staff/")
}

fn compress(bytes: &[u8]) -> Option<Bytes> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).ok()?;
    let packed = encoder.finish().ok()?;
    (packed.len() < bytes.len()).then(|| packed.into())
}

/// What is served; anything else in the folder (configuration of the checks) is not.
fn content_type(path: &str) -> Option<&'static str> {
    let (_, ending) = path.rsplit_once('.')?;
    match ending {
        "html" => Some("text/html; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "css" => Some("text/css; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        "png" => Some("image/png"),
        "ico" => Some("image/x-icon"),
        "webmanifest" => Some("application/manifest+json"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_a_page_is_named_by_version() {
        let assets = Assets::load();
        for (path, asset) in assets.files.iter().filter(|(path, _)| path.ends_with(".html")) {
            let html = std::str::from_utf8(&asset.bytes).unwrap();
            let targets: Vec<&str> = html
                .split('"')
                .collect::<Vec<_>>()
                .windows(2)
                .filter(|pair| pair[0].ends_with("src=") || pair[0].ends_with("href="))
                .map(|pair| pair[1])
                .collect();
            assert!(targets.len() > 3, "{path}: {targets:?}");
            let is_file =
                |target: &&&str| target.starts_with('/') && !target.ends_with(".html") && !target.starts_with("/api/");
            for target in targets.iter().filter(is_file) {
                assert!(target.starts_with(&format!("/v/{}/", assets.version)), "{path}: {target}");
                let (file, keep) = assets.address(target);
                assert!(assets.files.contains_key(file) && keep == FOR_GOOD, "{path}: {target}");
            }
        }
    }

    #[test]
    fn a_page_says_ahead_what_it_will_ask_for() {
        let assets = Assets::load();
        let links = assets.files["/exam.html"].links.as_deref().unwrap();
        let version = &assets.version;
        for link in [
            format!("</v/{version}/css/base.css>; rel=preload; as=style"),
            format!("</v/{version}/js/exam.js>; rel=modulepreload"),
            format!("</v/{version}/js/sitting.js>; rel=modulepreload"),
            "</api/v1/me/assignments>; rel=preload; as=fetch; crossorigin".to_owned(),
        ] {
            assert!(links.split(", ").any(|each| each == link), "{link}: {links}");
        }
        assert!(assets.files["/js/exam.js"].links.is_none());
    }

    #[test]
    fn scripts_are_served_without_comments() {
        let assets = Assets::load();
        let script = std::str::from_utf8(&assets.files["/js/exam.js"].bytes).unwrap();
        assert!(script.contains("/api/") || script.contains("from"), "{script}");
        assert!(!script.contains("/**") && script.lines().count() < 40, "{script}");
    }

    #[test]
    fn an_address_of_another_version_is_kept_by_nobody() {
        let assets = Assets::load();
        let of_now = format!("/v/{}/js/exam.js", assets.version);
        for (address, file, keep) in [
            ("/js/exam.js", "/js/exam.js", ASK_AGAIN),
            (of_now.as_str(), "/js/exam.js", FOR_GOOD),
            ("/v/0000/js/exam.js", "/js/exam.js", NOT_TO_KEEP),
            ("/v/0000", "/v/0000", ASK_AGAIN),
            ("/v//js/exam.js", "/js/exam.js", NOT_TO_KEEP),
        ] {
            assert_eq!(assets.address(address), (file, keep), "{address}");
        }
    }

    #[test]
    fn the_service_worker_knows_the_officials_pages_and_no_others() {
        let assets = Assets::load();
        let worker = std::str::from_utf8(&assets.files[SERVICE_WORKER].bytes).unwrap();
        assert!(worker.contains(&assets.version) && !worker.contains(VERSION_MARK) && !worker.contains("@shell"));
        for path in ["/exam.html", "/index.html", "/js/exam.js", "/css/base.css"] {
            assert!(worker.split([' ', '`', '"']).any(|kept| kept == path), "{path}");
        }
        assert!(!worker.contains("/staff/js/"));
    }
}
