//! Getting in.

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use api::Problem;
use api::session::{AccountView, Activation, PasswordChange, Renewal, SessionView, SignIn};
use app::AppError;
use app::accounts::{Opened, REFRESH_DAYS};
use app::tokens::ACCESS_SECONDS;

use super::run;
use crate::State;
use crate::extract::{Address, SignedIn};
use crate::gate::{ACCESS_COOKIE, REFRESH_COOKIE};
use crate::problem::{Answer, Refusal};

fn cookie<'a>(name: &'a str, value: String, path: &'a str, seconds: i64, secure: bool) -> Cookie<'a> {
    Cookie::build(name, value)
        .path(path)
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(secure)
        .max_age(Duration::seconds(seconds))
        .finish()
}

fn is_secure(request: &HttpRequest) -> bool {
    request.connection_info().scheme() == "https"
}

fn with_cookies<T: serde::Serialize>(
    mut builder: HttpResponseBuilder,
    request: &HttpRequest,
    opened: Opened<T>,
) -> HttpResponse {
    let secure = is_secure(request);
    builder
        .cookie(cookie(ACCESS_COOKIE, opened.access, "/", ACCESS_SECONDS, secure))
        .cookie(cookie(REFRESH_COOKIE, opened.refresh, "/api/v1/sessions", REFRESH_DAYS * 86_400, secure))
        .json(opened.body)
}

/// Sign in.
#[utoipa::path(post, path = "/api/v1/sessions", tag = "登录", request_body = SignIn,
    responses((status = 201, body = SessionView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 429, body = Problem)))]
pub async fn create(
    state: web::Data<State>,
    request: HttpRequest,
    address: Address,
    body: web::Json<SignIn>,
) -> Answer {
    let _turn = state.hashing().await?;
    let opened = run(&state.app, move |app| app.sign_in(&body, &address.0)).await?;
    Ok(with_cookies(HttpResponse::Created(), &request, opened))
}

/// Trade an activation code for a password.
#[utoipa::path(post, path = "/api/v1/activations", tag = "登录", request_body = Activation,
    responses((status = 201, body = SessionView), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub async fn activate(
    state: web::Data<State>,
    request: HttpRequest,
    address: Address,
    body: web::Json<Activation>,
) -> Answer {
    let _turn = state.hashing().await?;
    let opened = run(&state.app, move |app| app.activate(&body, &address.0)).await?;
    Ok(with_cookies(HttpResponse::Created(), &request, opened))
}

/// A new access token for the refresh cookie.
#[utoipa::path(post, path = "/api/v1/sessions/current/renewals", tag = "登录",
    responses((status = 200, body = Renewal), (status = 401, body = Problem)))]
pub async fn renew(state: web::Data<State>, request: HttpRequest) -> Answer {
    let refresh =
        request.cookie(REFRESH_COOKIE).map(|cookie| cookie.value().to_owned()).ok_or(Refusal(AppError::NotSignedIn))?;
    let opened = run(&state.app, move |app| app.renew(&refresh)).await?;
    Ok(with_cookies(HttpResponse::Ok(), &request, opened))
}

/// Sign out.
#[utoipa::path(delete, path = "/api/v1/sessions/current", tag = "登录",
    responses((status = 204), (status = 401, body = Problem)))]
pub async fn delete(state: web::Data<State>, request: HttpRequest, caller: SignedIn) -> Answer {
    run(&state.app, move |app| app.sign_out(&caller.0)).await?;
    let secure = is_secure(&request);
    Ok(HttpResponse::NoContent()
        .cookie(cookie(ACCESS_COOKIE, String::new(), "/", 0, secure))
        .cookie(cookie(REFRESH_COOKIE, String::new(), "/api/v1/sessions", 0, secure))
        .finish())
}

/// The caller's account.
#[utoipa::path(get, path = "/api/v1/me", tag = "登录",
    responses((status = 200, body = AccountView), (status = 401, body = Problem)))]
pub async fn me(state: web::Data<State>, caller: SignedIn) -> Answer {
    let view = run(&state.app, move |app| app.me(&caller.0)).await?;
    Ok(HttpResponse::Ok().json(view))
}

/// Change the own password.
#[utoipa::path(put, path = "/api/v1/me/password", tag = "登录", request_body = PasswordChange,
    responses((status = 204), (status = 422, body = Problem)))]
pub async fn change_password(state: web::Data<State>, caller: SignedIn, body: web::Json<PasswordChange>) -> Answer {
    let _turn = state.hashing().await?;
    run(&state.app, move |app| app.change_password(&caller.0, &body)).await?;
    Ok(HttpResponse::NoContent().finish())
}
