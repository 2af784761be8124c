//! Files in: preview, commit, undo.

use actix_multipart::Multipart;
use actix_web::{HttpResponse, web};
use api::imports::{CommitRequest, ImportView};
use api::{Page, Problem};
use app::AppError;
use app::imports::Upload;
use futures_util::TryStreamExt as _;

use super::run;
use crate::extract::SignedIn;
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
    Ok(HttpResponse::Created().json(view))
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
#[utoipa::path(get, path = "/api/v1/imports", tag = "导入", responses((status = 200, body = Page<ImportView>)))]
pub async fn list(state: web::Data<State>, caller: SignedIn) -> Answer {
    let items = run(&state.app, move |app| app.list_imports(&caller.0)).await?;
    Ok(HttpResponse::Ok().json(Page::whole(items)))
}

/// One import.
#[utoipa::path(get, path = "/api/v1/imports/{import}", tag = "导入", params(("import" = String, Path)),
    responses((status = 200, body = ImportView), (status = 404, body = Problem)))]
pub async fn get(state: web::Data<State>, caller: SignedIn, import: web::Path<String>) -> Answer {
    let view = run(&state.app, move |app| app.import(&caller.0, &import)).await?;
    Ok(HttpResponse::Ok().json(view))
}

/// Write what was previewed.
#[utoipa::path(post, path = "/api/v1/imports/{import}/commit", tag = "导入", params(("import" = String, Path)),
    request_body = CommitRequest,
    responses((status = 200, body = ImportView), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn commit(
    state: web::Data<State>,
    caller: SignedIn,
    import: web::Path<String>,
    body: Option<web::Json<CommitRequest>>,
) -> Answer {
    let request = body.map(web::Json::into_inner).unwrap_or_default();
    let view = run(&state.app, move |app| app.commit_import(&caller.0, &import, &request)).await?;
    Ok(HttpResponse::Ok().json(view))
}

/// Take an import back.
#[utoipa::path(post, path = "/api/v1/imports/{import}/undo", tag = "导入", params(("import" = String, Path)),
    responses((status = 200, body = ImportView), (status = 409, body = Problem)))]
pub async fn undo(state: web::Data<State>, caller: SignedIn, import: web::Path<String>) -> Answer {
    let view = run(&state.app, move |app| app.undo_import(&caller.0, &import)).await?;
    Ok(HttpResponse::Ok().json(view))
}
