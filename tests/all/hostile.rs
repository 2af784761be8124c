//! Bad input: the right status, a message that helps, nothing half-done.

use serde_json::{Value, json};
use zhijie_tests::Database;

use crate::district::{self, PASSWORD, rules};

crate::on_both_databases!(
    bad_rosters,
    bad_sheets,
    bad_exams,
    wrong_passwords_are_throttled,
    foreign_origins_are_refused,
    a_repeated_post_is_done_once,
    short_lists_have_pages
);

fn bad_rosters(database: &Database) {
    let district = district::start(database);
    let upload =
        |name: &str, bytes: &[u8]| district.manager.upload("/api/v1/imports", &[("kind", "people")], name, bytes);
    let people_before = district.manager.get("/api/v1/people?limit=200").expect(200).body;

    let no_name = upload("a.csv", "工号,单位\n1,甲局\n".as_bytes()).expect(201);
    let problem = &no_name.body["preview"]["problems"][0];
    assert_eq!(problem["severity"], "error");
    assert!(problem["reason"].as_str().is_some_and(|reason| reason.contains("姓名")), "{problem}");

    let twice = upload("b.csv", "工号,姓名,单位\n7001,甲,区财政局\n7001,乙,区财政局\n".as_bytes()).expect(201);
    let reasons = twice.body["preview"]["problems"].to_string();
    assert!(reasons.contains("第 2 行") && reasons.contains("第 3 行"), "both rows are named: {reasons}");

    let spoilt = upload("c.csv", "身份证号,姓名,单位\n1.10105E+17,甲,区财政局\n".as_bytes()).expect(201);
    assert_eq!(spoilt.body["preview"]["problems"][0]["field"], "身份证号", "{}", spoilt.body);

    let formula = upload("d.csv", "工号,姓名,单位\n7002,=cmd|' /C calc'!A0,区财政局\n".as_bytes()).expect(201);
    assert_ne!(formula.body["preview"]["problems"], json!([]), "a formula as a name is a problem");

    upload("e.xlsx", &zip_bomb()).expect_problem(422, "invalid");
    upload("f.xlsx", b"not a workbook at all").expect(201).body["preview"]["problems"][0]["reason"]
        .as_str()
        .map_or_else(|| panic!("no reason"), |reason| assert!(!reason.is_empty()));
    upload("g.csv", b"").expect_problem(422, "invalid");
    let huge = vec![b'x'; 40 * 1024 * 1024];
    upload("h.csv", &huge).expect_problem(413, "too-large");

    assert_eq!(district.manager.get("/api/v1/people?limit=200").expect(200).body, people_before, "nothing was written");
}

/// A unit above itself, formulas in a workbook, a file far beyond the limit.
fn bad_sheets(database: &Database) {
    let district = district::start(database);
    let upload =
        |name: &str, bytes: &[u8]| district.manager.upload("/api/v1/imports", &[("kind", "people")], name, bytes);
    let circle = "工号,姓名,单位,上级单位\n7001,甲,甲局,乙局\n7002,乙,乙局,甲局\n7003,丙,丙局,丙局\n";
    let circle = upload("circle.csv", circle.as_bytes()).expect(201);
    let problems = circle.body["preview"]["problems"].as_array().expect("problems").clone();
    assert_eq!(problems.len(), 3, "{problems:?}");
    for (problem, row) in problems.iter().zip(2..) {
        assert_eq!((&problem["row"], &problem["severity"]), (&json!(row), &json!("error")));
        assert_eq!(problem["sheet"], "circle", "{problem}");
        assert!(problem["reason"].as_str().is_some_and(|reason| reason.contains("自己的上级")), "{problem}");
    }
    assert_eq!(circle.body["preview"]["units"]["new"], 0, "{}", circle.body["preview"]);

    // The saved value of a formula counts; one that went wrong is named with its cell.
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, text) in (0_u16..).zip(["工号", "姓名", "单位", "职级"]) {
        sheet.write_string(0, column, text).expect("written");
    }
    sheet.write_formula(1, 0, rust_xlsxwriter::Formula::new("=7000+4").set_result("7004")).expect("written");
    sheet.write_string(1, 1, "冯二").expect("written");
    sheet.write_string(1, 2, "区财政局").expect("written");
    sheet.write_formula(2, 0, rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!")).expect("written");
    sheet.write_string(2, 1, "褚三").expect("written");
    sheet.write_string(2, 2, "区财政局").expect("written");
    let formulas = upload("f.xlsx", &book.save_to_buffer().expect("a workbook")).expect(201);
    let preview = &formulas.body["preview"];
    assert_eq!((&preview["people"]["new"], &preview["rows"][0]["key"]), (&json!(1), &json!("7004")), "{preview}");
    let problem = &preview["problems"][0];
    assert_eq!(
        (&problem["row"], &problem["field"], &problem["severity"]),
        (&json!(3), &json!("工号"), &json!("error"))
    );
    assert!(problem["reason"].as_str().is_some_and(|reason| reason.contains("公式出错")), "{problem}");

    // 200 MB: told long before it is all here, and the server goes on.
    let huge = vec![b'x'; 200 * 1024 * 1024];
    upload("huge.csv", &huge).expect_problem(413, "too-large");
    district.manager.get("/api/v1/people").expect(200);
    assert!(district.server.resident_kib() < 300 * 1024, "{} KiB", district.server.resident_kib());
}

/// A workbook whose sheet unpacks to more than is allowed.
fn zip_bomb() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let filler = "零".repeat(8_000);
    for row in 0..30_000_u32 {
        sheet.write_string(row, 0, format!("{row}{filler}")).expect("written");
    }
    book.save_to_buffer().expect("a workbook")
}

fn bad_exams(database: &Database) {
    let district = district::start(database);
    let audience = json!({ "units": [{ "unit": district.top, "subtree": true }] });
    let base = json!({
        "title": "小测", "kind": "test", "blueprint": "suce-20", "rules": rules(), "audience": audience,
        "opens_at": "2027-01-01T09:00:00+08:00", "closes_at": "2027-01-02T09:00:00+08:00", "duration_seconds": 1800,
    });
    let with = |field: &str, value: Value| {
        let mut body = base.clone();
        body[field] = value;
        district.manager.post("/api/v1/exams", &body)
    };
    for (field, value, word) in [
        ("closes_at", json!("2026-12-31T09:00:00+08:00"), "结束"),
        ("opens_at", json!("明天"), "无法识别"),
        ("title", json!("  "), "名称"),
        ("kind", json!("party"), "没有"),
        ("blueprint", json!("nowhere"), "nowhere"),
        ("duration_seconds", json!(0), ""),
        ("rules", json!({ "pass_marks": 101 }), ""),
        ("audience", json!({ "units": [{ "unit": "nowhere" }] }), "没有这个单位"),
    ] {
        let reply = with(field, value).expect_problem(422, "invalid");
        assert!(reply.body.to_string().contains(word), "{field}: {}", reply.body);
    }

    // A blueprint that cannot be met is named, with how many are missing; nothing is published.
    let wish = json!({
        "id": "too-much", "title": "要得太多", "pools": ["secure"],
        "sections": [{ "title": "判断题", "kind": "judgement", "count": 200, "marks_each": 0.5 }],
    });
    let made = district.manager.post("/api/v1/blueprints", &wish);
    assert_eq!(made.status, 201, "{}", made.body);
    let draft = with("blueprint", json!("too-much")).expect(201);
    let id = draft.text("id").to_owned();
    let refused = district.manager.post(&format!("/api/v1/exams/{id}/publication"), &json!({})).expect(200);
    assert!(refused.body["unmet"][0]["missing"].as_u64().is_some_and(|missing| missing > 100), "{}", refused.body);
    assert_eq!(district.manager.get(&format!("/api/v1/exams/{id}")).expect(200).body["state"], "draft");

    // Edits carry If-Match.
    let path = format!("/api/v1/exams/{id}");
    let change = json!({ "title": "改名" });
    district.manager.send("PATCH", &path, &change).expect_problem(428, "precondition-required");
    let stale = district.manager.with_header("If-Match", "\"99\"").send("PATCH", &path, &change);
    stale.expect_problem(412, "precondition-failed");
    let good = district.manager.with_header("If-Match", "\"1\"").send("PATCH", &path, &change).expect(200);
    assert_eq!(good.body["title"], "改名");
    assert_eq!(good.header("etag"), Some("\"2\""));
    district.manager.get("/api/v1/nowhere").expect_problem(404, "not-found");
}

fn wrong_passwords_are_throttled(database: &Database) {
    let district = district::start(database);
    let sign_in = |password: &str| {
        district.server.client().post("/api/v1/sessions", &json!({ "login": "manager", "password": password }))
    };
    for _ in 0..10 {
        sign_in("wrong-1").expect_problem(401, "wrong-credentials");
    }
    let refused = sign_in(PASSWORD).expect_problem(429, "too-many-requests");
    assert!(refused.header("retry-after").is_some());
    // Another account at the same address is not harmed: one office, one address (ls1intum/Artemis#4770).
    assert_eq!(
        district.server.client().post("/api/v1/sessions", &json!({ "login": "analyst", "password": PASSWORD })).status,
        201
    );
    let unknown = district.server.client().post("/api/v1/sessions", &json!({ "login": "nobody", "password": "x" }));
    unknown.expect_problem(401, "wrong-credentials");
}

fn foreign_origins_are_refused(database: &Database) {
    let district = district::start(database);
    let signed = district
        .server
        .client()
        .post("/api/v1/sessions", &json!({ "login": "manager", "password": PASSWORD }))
        .expect(201);
    let cookies: Vec<String> = signed
        .headers
        .iter()
        .filter(|(name, _)| name == "set-cookie")
        .map(|(_, value)| {
            assert!(value.contains("HttpOnly") && value.contains("SameSite=Lax"), "{value}");
            value.split(';').next().unwrap_or_default().to_owned()
        })
        .collect();
    let browser = district.server.client().with_header("Cookie", &cookies.join("; "));
    browser.get("/api/v1/me").expect(200);
    let here = format!("http://{}", district.server.address());
    browser.with_header("Origin", &here).post("/api/v1/sessions/current/renewals", &json!({})).expect(200);
    browser
        .with_header("Origin", "https://evil.invalid")
        .put("/api/v1/me/password", &json!({ "current": PASSWORD, "new": "another-1-password" }))
        .expect_problem(403, "forbidden");
    let page = browser.get("/");
    for header in ["content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy"] {
        assert!(page.header(header).is_some(), "{header}");
    }
    assert!(!page.header("content-security-policy").expect("a policy").contains("unsafe"));
}

fn a_repeated_post_is_done_once(database: &Database) {
    let district = district::start(database);
    let body = json!({
        "title": "小测", "kind": "test", "blueprint": "suce-20", "rules": rules(),
        "audience": { "units": [{ "unit": district.top, "subtree": true }] },
        "opens_at": "2027-01-01T09:00:00+08:00", "closes_at": "2027-01-02T09:00:00+08:00", "duration_seconds": 1800,
    });
    let keyed = district.manager.with_header("Idempotency-Key", "draft-1");
    let first = keyed.post("/api/v1/exams", &body).expect(201);
    let again = keyed.post("/api/v1/exams", &body).expect(201);
    assert_eq!(first.body["id"], again.body["id"]);
    let exams = district.manager.get("/api/v1/exams").expect(200);
    assert_eq!(exams.body["items"].as_array().expect("exams").len(), 1, "one draft, not two");
    let mut other = body.clone();
    other["title"] = json!("另一场");
    keyed.post("/api/v1/exams", &other).expect_problem(409, "conflict");
    // A refusal is a reply, too.
    let refused = district.manager.with_header("Idempotency-Key", "draft-2");
    for _ in 0..2 {
        refused.post("/api/v1/exams", &json!({ "title": "空" })).expect_problem(422, "invalid");
    }
}

/// A list that is kept short is given whole, or in pages to whoever asks for them.
fn short_lists_have_pages(database: &Database) {
    let district = district::start(database);
    let manager = &district.manager;
    let whole = manager.get("/api/v1/laws").expect(200);
    let items = whole.body["items"].as_array().expect("editions").clone();
    assert!(items.len() > 90 && whole.body["next"].is_null(), "{} editions", items.len());
    let mut read = Vec::new();
    let mut after = String::new();
    loop {
        let page = manager.get(&format!("/api/v1/laws?limit=40{after}")).expect(200);
        read.extend(page.body["items"].as_array().expect("editions").clone());
        match page.body["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(read, items);
    for wrong in ["x", "-1", "1000"] {
        let refused = manager.get(&format!("/api/v1/laws?after={wrong}")).expect_problem(422, "invalid");
        assert_eq!(refused.body["errors"][0]["field"], "after", "{wrong}");
    }
}
