//! Rows of a previewed roster, corrected by hand before it is written.

use serde_json::{Value, json};
use zhijie_tests::{Client, Database, Reply};

use crate::district;

crate::on_both_databases!(a_row_is_corrected_or_left_out, what_cannot_be_corrected);

const CSV: &str = "工号,姓名,单位,身份证号,手机号,职级,状态\n\
    1001,张三,区财政局,,,,\n\
    5001,,区财政局,,,,\n\
    5002,冯二,区财政局,110105194912310021,,,\n\
    5003,褚三,区财政局,,,一级科长,\n\
    5003,卫四,区财政局,,,,\n\
    5005,蒋五,区审讨局,,,,\n";

fn upload(client: &Client, text: &str) -> Reply {
    client.upload("/api/v1/imports", &[("kind", "people")], "名册.csv", text.as_bytes()).expect(201)
}

fn correct(client: &Client, preview: &Reply, n: u64, change: &Value) -> Reply {
    let path = format!("/api/v1/imports/{}/rows/{n}", preview.text("id"));
    client.with_header("If-Match", preview.header("etag").expect("an etag")).send("PATCH", &path, change)
}

fn errors(preview: &Reply) -> Vec<u64> {
    let problems = preview.body["preview"]["problems"].as_array().expect("problems");
    problems.iter().filter(|one| one["severity"] == "error").map(|one| one["n"].as_u64().expect("a number")).collect()
}

fn a_row_is_corrected_or_left_out(database: &Database) {
    let district = district::start(database);
    let manager = &district.manager;
    let first = upload(manager, CSV);
    assert_eq!(errors(&first), [2, 3, 4, 5], "{}", first.body);
    assert_eq!(first.body["preview"]["people"]["new"], 1);
    let shown = &first.body["preview"]["problem_rows"];
    assert_eq!((&shown[1]["n"], &shown[1]["row"], &shown[1]["fields"]["name"]), (&json!(3), &json!(4), &json!("冯二")));
    assert!(!first.body.to_string().contains("194912"), "no whole ID number in a preview: {}", first.body);

    let path = format!("/api/v1/imports/{}/rows/2", first.text("id"));
    manager.send("PATCH", &path, &json!({ "name": "某某" })).expect_problem(428, "precondition-required");
    let second = correct(manager, &first, 2, &json!({ "name": "孔 七", "post_level": "副科" })).expect(200);
    assert_ne!(second.header("etag"), first.header("etag"));
    correct(manager, &first, 2, &json!({ "name": "别人" })).expect_problem(412, "precondition-failed");
    assert_eq!(errors(&second), [3, 4, 5]);
    let third = correct(manager, &second, 3, &json!({ "id_number": "11010519491231002X" })).expect(200);
    let fourth = correct(manager, &third, 5, &json!({ "key": "5004" })).expect(200);
    assert_eq!(errors(&fourth), [0_u64; 0], "both rows of a double key are free: {}", fourth.body);
    let fifth = correct(manager, &fourth, 6, &json!({ "skip": true })).expect(200);
    let sixth = correct(manager, &fifth, 4, &json!({ "rank": null })).expect(200);
    let now = &sixth.body["preview"];
    assert_eq!((&now["people"]["new"], &now["people"]["unchanged"]), (&json!(4), &json!(1)), "{now}");
    assert_eq!((&now["corrected"], &now["skipped"], &now["units"]["new"]), (&json!(4), &json!(1), &json!(0)));
    assert_eq!(manager.get(&format!("/api/v1/imports/{}", first.text("id"))).expect(200).body["preview"], *now);

    // A corrected row can be changed again, and a skipped one taken back.
    let again = correct(manager, &sixth, 6, &json!({ "unit": "区审计局" })).expect(200);
    assert_eq!(again.body["preview"]["units"]["new"], 1);
    assert_eq!(again.body["preview"]["skipped"], 0);
    let commit = format!("/api/v1/imports/{}/commit", first.text("id"));
    let stale = manager.with_header("If-Match", first.header("etag").expect("an etag")).post(&commit, &json!({}));
    stale.expect_problem(412, "precondition-failed");
    manager.with_header("If-Match", again.header("etag").expect("an etag")).post(&commit, &json!({})).expect(200);
    let people = manager.get("/api/v1/people?query=500").expect(200);
    let written: Vec<String> = people.body["items"]
        .as_array()
        .expect("people")
        .iter()
        .map(|one| {
            format!(
                "{} {} {}",
                one["key"].as_str().unwrap(),
                one["name"].as_str().unwrap(),
                one["unit_name"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        written,
        ["5001 孔七 区财政局", "5002 冯二 区财政局", "5003 褚三 区财政局", "5004 卫四 区财政局", "5005 蒋五 区审计局"]
    );
    assert_eq!(people.body["items"][0]["post_level"], "xiangkeji-fuzhi");
    correct(manager, &again, 2, &json!({ "name": "晚了" })).expect_problem(409, "conflict");
    manager.post(&format!("/api/v1/imports/{}/undo", first.text("id")), &json!({})).expect(200);
    assert!(manager.get("/api/v1/people?query=500").expect(200).body["items"].as_array().expect("a list").is_empty());
}

fn what_cannot_be_corrected(database: &Database) {
    let district = district::start(database);
    let manager = &district.manager;
    let preview = upload(manager, CSV);
    for (n, change, field, word) in [
        (2, json!({ "name": "" }), "name", "姓名"),
        (3, json!({ "id_number": "1" }), "id_number", "位"),
        (3, json!({ "phone": "12" }), "phone", "11 位手机号"),
        (3, json!({ "colour": "red" }), "colour", "没有“colour”这一列"),
        (3, json!({}), "fields", "更正什么"),
    ] {
        let refused = correct(manager, &preview, n, &change).expect_problem(422, "invalid");
        assert_eq!(refused.body["errors"][0]["field"], field, "{}", refused.body);
        assert!(refused.body["errors"][0]["reason"].as_str().expect("a reason").contains(word), "{}", refused.body);
    }
    for n in [0, 7, 99_999] {
        correct(manager, &preview, n, &json!({ "skip": true })).expect_problem(404, "not-found");
    }
    let path = format!("/api/v1/imports/{}/rows/two", preview.text("id"));
    manager
        .with_header("If-Match", "\"1\"")
        .send("PATCH", &path, &json!({ "skip": true }))
        .expect_problem(404, "not-found");
    let same = manager.get(&format!("/api/v1/imports/{}", preview.text("id"))).expect(200);
    assert_eq!((same.header("etag"), &same.body["preview"]), (Some("\"1\""), &preview.body["preview"]));

    // In full mode nobody leaves for a row that was left out.
    let full = "工号,姓名,单位\n1001,张三,区财政局\n1002,李四,区财政局\n";
    let fields = [("kind", "people"), ("mode", "full")];
    let preview = manager.upload("/api/v1/imports", &fields, "全.csv", full.as_bytes()).expect(201);
    assert_eq!(preview.body["preview"]["people"]["left"], 7);
    let skipped = correct(manager, &preview, 2, &json!({ "skip": true })).expect(200);
    assert_eq!(skipped.body["preview"]["people"]["left"], 7, "{}", skipped.body);
    assert_eq!(skipped.body["preview"]["people"]["unchanged"], 1);
}
