//! Files in: preview, commit, undo.

use actix_multipart::Multipart;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use api::imports::{CommitRequest, ImportView, RowCorrection};
use api::{Page, Problem};
use app::AppError;
use app::imports::Upload;
use futures_util::TryStreamExt as _;
use serde_json::Value;

use super::run;
use crate::extract::{Paging, SignedIn, if_match, if_match_text};
use crate::problem::{Answer, Refusal};
use crate::{State, UPLOAD_BYTES};

/// Bytes of a text field of a form at the most.
const FIELD_BYTES: usize = 1_024;

/// Upload a file and see what it would change.
#[utoipa::path(post, path = "/api/v1/imports", tag = "导入",
    request_body(content = Object, content_type = "multipart/form-data"),
    responses((status = 201, body = ImportView), (status = 413, body = Problem), (status = 422, body = Problem)))]
pub async fn create(state: web::Data<State>, caller: SignedIn, form: Multipart) -> Answer {
    let upload = read_form(form).await?;
    let view = run(&state.app, move |app| app.create_import(&caller.0, upload)).await?;
    Ok(with_etag(HttpResponse::Created(), &view))
}

async fn read_form(mut form: Multipart) -> Result<Upload, Refusal> {
    let broken = |error: actix_multipart::MultipartError| {
        Refusal(AppError::invalid("file", format!("上传的内容不完整，请重新上传：{error}")))
    };
    let mut upload = Upload::default();
    while let Some(mut field) = form.try_next().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        let limit = if name == "file" { UPLOAD_BYTES } else { FIELD_BYTES };
        if name == "file" {
            upload.file_name = field
                .content_disposition()
                .and_then(|disposition| disposition.get_filename())
                .unwrap_or_default()
                .to_owned();
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = field.try_next().await.map_err(broken)? {
            if bytes.len().saturating_add(chunk.len()) > limit {
                return Err(Refusal(AppError::TooLarge(format!(
                    "文件超过 {} MB，请拆分后再上传",
                    UPLOAD_BYTES / 1_048_576
                ))));
            }
            bytes.extend_from_slice(&chunk);
        }
        let text = || String::from_utf8_lossy(&bytes).trim().to_owned();
        match name.as_str() {
            "file" => upload.bytes = bytes,
            "kind" => upload.kind = text(),
            "mode" | "format" => upload.mode = Some(text()),
            _ => {}
        }
    }
    Ok(upload)
}

/// The latest imports.
#[utoipa::path(get, path = "/api/v1/imports", tag = "导入",
    params(("after" = Option<String>, Query), ("limit" = Option<usize>, Query)),
    responses((status = 200, body = Page<ImportView>)))]
pub async fn list(state: web::Data<State>, caller: SignedIn, paging: web::Query<Paging>) -> Answer {
    let items = run(&state.app, move |app| app.list_imports(&caller.0)).await?;
    Ok(HttpResponse::Ok().json(paging.short(items)?))
}

/// One import.
#[utoipa::path(get, path = "/api/v1/imports/{import}", tag = "导入", params(("import" = String, Path)),
    responses((status = 200, body = ImportView), (status = 404, body = Problem)))]
pub async fn get(state: web::Data<State>, caller: SignedIn, import: web::Path<String>) -> Answer {
    let view = run(&state.app, move |app| app.import(&caller.0, &import)).await?;
    Ok(with_etag(HttpResponse::Ok(), &view))
}

fn with_etag(mut builder: HttpResponseBuilder, view: &ImportView) -> HttpResponse {
    builder.insert_header((header::ETAG, format!("\"{}\"", view.etag))).json(view)
}

/// Correct a row of a previewed file, or leave it out; answers the preview anew. The body of a row of questions is the
/// question.
#[utoipa::path(patch, path = "/api/v1/imports/{import}/rows/{n}", tag = "导入",
    params(("import" = String, Path), ("n" = u64, Path)), request_body = RowCorrection,
    responses((status = 200, body = ImportView), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
pub async fn correct(
    state: web::Data<State>,
    request: HttpRequest,
    caller: SignedIn,
    path: web::Path<(String, String)>,
    body: web::Json<Value>,
) -> Answer {
    let version = if_match(&request)?;
    let (import, n) = path.into_inner();
    let n: u64 = n.parse().map_err(|_| AppError::NotFound("这一行"))?;
    let view = run(&state.app, move |app| app.correct_import_row(&caller.0, &import, version, n, &body)).await?;
    Ok(with_etag(HttpResponse::Ok(), &view))
}

/// Write what was previewed.
#[utoipa::path(post, path = "/api/v1/imports/{import}/commit", tag = "导入", params(("import" = String, Path)),
    request_body = CommitRequest,
    responses((status = 200, body = ImportView), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn commit(
    state: web::Data<State>,
    headers: HttpRequest,
    caller: SignedIn,
    import: web::Path<String>,
    body: Option<web::Json<CommitRequest>>,
) -> Answer {
    let request = body.map(web::Json::into_inner).unwrap_or_default();
    // Without a version the latest preview is meant.
    let version = if_match_text(&headers).map(|_| if_match(&headers)).transpose()?;
    let view = run(&state.app, move |app| app.commit_import(&caller.0, &import, version, &request)).await?;
    Ok(HttpResponse::Ok().json(view))
}

/// Take an import back.
#[utoipa::path(post, path = "/api/v1/imports/{import}/undo", tag = "导入", params(("import" = String, Path)),
    responses((status = 200, body = ImportView), (status = 409, body = Problem)))]
pub async fn undo(state: web::Data<State>, caller: SignedIn, import: web::Path<String>) -> Answer {
    let view = run(&state.app, move |app| app.undo_import(&caller.0, &import)).await?;
    Ok(HttpResponse::Ok().json(view))
}
