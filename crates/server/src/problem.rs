//! The one place where a refusal becomes an `application/problem+json` body.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use api::Problem;
use app::AppError;

/// Seconds after which a caller may come again when the database or a queue is busy.
pub const UNAVAILABLE_RETRY_SECONDS: u64 = 2;

/// A refusal on its way out. The request id is filled in by the gate.
#[derive(Debug)]
pub struct Refusal(pub AppError);

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl From<AppError> for Refusal {
    fn from(error: AppError) -> Self {
        Self(error)
    }
}

impl From<actix_web::error::BlockingError> for Refusal {
    fn from(error: actix_web::error::BlockingError) -> Self {
        Self(AppError::Unavailable { cause: error.to_string() })
    }
}

/// What a handler answers.
pub type Answer = Result<HttpResponse, Refusal>;

/// Type, status and what to do, for each refusal.
fn describe(error: &AppError) -> (&'static str, StatusCode, String) {
    use AppError as E;
    match error {
        E::NotSignedIn => ("not-signed-in", StatusCode::UNAUTHORIZED, "登录已失效，请重新登录后再试".into()),
        E::WrongCredentials(_) => ("wrong-credentials", StatusCode::UNAUTHORIZED, "请核对后再输入一次".into()),
        E::ActivationRequired => (
            "activation-required",
            StatusCode::FORBIDDEN,
            "请打开激活页，输入登录名和条子上的激活码；没有激活码请找本单位联络员".into(),
        ),
        E::Forbidden(_) => ("forbidden", StatusCode::FORBIDDEN, "如确需办理，请联系有相应权限的同事".into()),
        E::NotReleased(_) => ("not-released", StatusCode::FORBIDDEN, "公布后即可查看".into()),
        E::NotFound(_) => ("not-found", StatusCode::NOT_FOUND, "请核对地址，或从首页重新进入".into()),
        E::WindowNotOpen(_) => ("window-not-open", StatusCode::CONFLICT, "请在规定的时间内进入".into()),
        E::AttemptClosed { kept_for_review: true } => (
            "attempt-closed",
            StatusCode::CONFLICT,
            "作答已结束；这次送来的答案已另行保存，是否计入由考务管理员决定".into(),
        ),
        E::AttemptClosed { .. } => ("attempt-closed", StatusCode::CONFLICT, "已交卷或已到时，不能再作答".into()),
        E::AttemptTakenOver => {
            ("attempt-taken-over", StatusCode::CONFLICT, "请在那台设备上继续；如要回到这台，请重新进入考试".into())
        }
        E::AnswersMissing(_) => ("answers-missing", StatusCode::CONFLICT, "请先补传所列各题，再交卷".into()),
        E::Conflict(_) => ("conflict", StatusCode::CONFLICT, "请刷新后核对，再试一次".into()),
        E::PreconditionFailed => {
            ("precondition-failed", StatusCode::PRECONDITION_FAILED, "刷新后您的修改需要重填".into())
        }
        E::TooLarge(_) => ("too-large", StatusCode::PAYLOAD_TOO_LARGE, "请减小后再试".into()),
        E::Invalid(errors) => (
            "invalid",
            StatusCode::UNPROCESSABLE_ENTITY,
            errors.iter().map(|e| e.reason.clone()).collect::<Vec<_>>().join("；"),
        ),
        E::PreconditionRequired => {
            ("precondition-required", StatusCode::PRECONDITION_REQUIRED, "请刷新页面后再改".into())
        }
        E::TooManyRequests { .. } => ("too-many-requests", StatusCode::TOO_MANY_REQUESTS, "请稍后再试".into()),
        E::Unavailable { .. } => {
            ("unavailable", StatusCode::SERVICE_UNAVAILABLE, "已作答的内容不会丢失，系统会自动重试".into())
        }
        E::Internal(_) => {
            ("internal", StatusCode::INTERNAL_SERVER_ERROR, "已提交成功的内容不受影响。请把编号告诉考务管理员".into())
        }
    }
}

/// The response to a refusal.
pub fn response(error: &AppError, request_id: &str) -> HttpResponse {
    let (kind, status, detail) = describe(error);
    match error {
        AppError::Internal(cause) => tracing::error!(request_id, cause, "internal error"),
        AppError::Unavailable { cause } => tracing::warn!(request_id, cause, "unavailable"),
        _ => {}
    }
    let errors = match error {
        AppError::Invalid(errors) | AppError::AnswersMissing(errors) => errors.clone(),
        _ => Vec::new(),
    };
    let kept_for_review = match error {
        AppError::AttemptClosed { kept_for_review } => Some(*kept_for_review),
        _ => None,
    };
    let mut builder = HttpResponse::build(status);
    match error {
        AppError::Unavailable { .. } => {
            builder.insert_header(("Retry-After", UNAVAILABLE_RETRY_SECONDS.to_string()));
        }
        AppError::TooManyRequests { retry_after_seconds, .. } => {
            builder.insert_header(("Retry-After", retry_after_seconds.to_string()));
        }
        _ => {}
    }
    builder.content_type("application/problem+json").json(Problem {
        kind: kind.to_owned(),
        title: error.to_string(),
        detail,
        status: status.as_u16(),
        request_id: request_id.to_owned(),
        errors,
        kept_for_review,
    })
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        describe(&self.0).1
    }

    fn error_response(&self) -> HttpResponse {
        response(&self.0, &crate::gate::current_request_id())
    }
}

/// A refusal for a body, a path or a query that does not parse.
pub fn unreadable(error: &dyn std::fmt::Display, too_large: bool) -> Refusal {
    let text = error.to_string();
    if too_large {
        return Refusal(AppError::TooLarge("提交的内容过大".to_owned()));
    }
    let named = |before: &str| {
        let (_, rest) = text.split_once(before)?;
        rest.split_once('`').map(|(field, _)| field.to_owned())
    };
    if let Some(field) = named("missing field `") {
        let reason = format!("缺少 {field}");
        return Refusal(AppError::invalid(field, reason));
    }
    if let Some(field) = named("unknown field `") {
        let reason = format!("没有 {field} 这一项");
        return Refusal(AppError::invalid(field, reason));
    }
    tracing::info!(error = text, "an unreadable request");
    let place = text.find(" at line ").and_then(|at| text.get(at..)).unwrap_or_default();
    Refusal(AppError::invalid("body", format!("内容不是所要求的格式，请核对各项的类型{place}")))
}

/// The page for an address that nothing is served at.
pub async fn not_found(_request: HttpRequest) -> Answer {
    Err(Refusal(AppError::NotFound("这个地址")))
}
