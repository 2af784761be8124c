//! The pages, from the binary: compressed once at the start, with an ETag of their content.

use std::collections::BTreeMap;

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use include_dir::{Dir, include_dir};
use sha2::{Digest as _, Sha256};

static WEB: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../web");

/// A file as it is served.
pub struct Asset {
    bytes: &'static [u8],
    gzip: Option<Vec<u8>>,
    etag: String,
    content_type: &'static str,
}

/// Every file by its path, such as `/js/exam.js`.
pub struct Assets(BTreeMap<String, Asset>);

impl Assets {
    /// Reads and compresses everything.
    pub fn load() -> Self {
        let mut files = BTreeMap::new();
        collect(&WEB, &mut files);
        Self(files)
    }

    /// Answers a request for a page or a file of one.
    pub fn serve(&self, request: &HttpRequest) -> Option<HttpResponse> {
        let path = match request.path() {
            "/" => "/index.html",
            "/staff" | "/staff/" => "/staff/index.html",
            path => path,
        };
        let asset = self.0.get(path)?;
        let header = |name: header::HeaderName| {
            request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
        };
        let mut builder = HttpResponse::Ok();
        builder
            .insert_header((header::ETAG, asset.etag.as_str()))
            .insert_header((header::VARY, "Accept-Encoding"))
            // Always asked again: a new version of the program must show at once. The ETag makes it cheap.
            .insert_header((header::CACHE_CONTROL, "no-cache"));
        if header(header::IF_NONE_MATCH).contains(&asset.etag) {
            return Some(
                HttpResponse::NotModified()
                    .insert_header((header::ETAG, asset.etag.as_str()))
                    .insert_header((header::CACHE_CONTROL, "no-cache"))
                    .finish(),
            );
        }
        builder.content_type(asset.content_type);
        match &asset.gzip {
            Some(gzip) if header(header::ACCEPT_ENCODING).contains("gzip") => {
                builder.insert_header((header::CONTENT_ENCODING, HeaderValue::from_static("gzip")));
                Some(builder.body(gzip.clone()))
            }
            _ => Some(builder.body(asset.bytes)),
        }
    }
}

fn collect(folder: &'static Dir<'static>, files: &mut BTreeMap<String, Asset>) {
    for file in folder.files() {
        let path = file.path().to_string_lossy();
        let Some(content_type) = content_type(&path) else { continue };
        let bytes = file.contents();
        let digest = Sha256::digest(bytes);
        let etag: String = digest.iter().take(10).map(|byte| format!("{byte:02x}")).collect();
        files.insert(
            format!("/{path}"),
            Asset { bytes, gzip: compress(bytes), etag: format!("\"{etag}\""), content_type },
        );
    }
    for inner in folder.dirs() {
        if inner.path().ends_with("node_modules") {
            continue;
        }
        collect(inner, files);
    }
}

fn compress(bytes: &[u8]) -> Option<Vec<u8>> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).ok()?;
    let packed = encoder.finish().ok()?;
    (packed.len() < bytes.len()).then_some(packed)
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
