//! The life of a question: written with gaps, submitted, reviewed, in papers, out of them; and who may do what.

use serde_json::{Value, json};
use zhijie_tests::{Database, Reply, Server};

use crate::question_desk::{self, Desk, single};

crate::on_both_databases!(
    the_life_of_a_question,
    only_the_allowed_steps,
    words_are_proven_by_the_imported_text,
    a_change_is_a_version_beside_the_one_in_use,
    keys_and_secrets_stay_with_whom_they_belong_to,
);

fn fields(reply: &Reply) -> Vec<&str> {
    reply.body["errors"].as_array().expect("errors").iter().filter_map(|error| error["field"].as_str()).collect()
}

fn events(desk: &Desk, reference: &str) -> Vec<String> {
    let versions = desk.author.get(&format!("/api/v1/questions/{reference}/versions")).expect(200);
    let mut all = Vec::new();
    for version in versions.body["items"].as_array().expect("versions").iter().rev() {
        for event in version["events"].as_array().expect("events") {
            all.push(format!("{} {}", version["version"], event["kind"].as_str().expect("a kind")));
        }
    }
    all
}

fn the_life_of_a_question(database: &Database) {
    let desk = question_desk::open(database);
    // Written with gaps: stored as it is, and the gaps named by their paths.
    let made = desk
        .author
        .post(
            "/api/v1/questions",
            &json!({ "topics": ["jia"], "body": { "item": { "kind": "single", "stem": "半道题？" } } }),
        )
        .expect(201);
    let reference = made.text("ref").to_owned();
    assert_eq!((made.text("state"), &made.body["version"]), ("draft", &json!(1)));
    assert_eq!(made.body["content"]["authorship"]["author"], "author");
    let named: Vec<&str> =
        made.body["problems"].as_array().expect("problems").iter().filter_map(|one| one["field"].as_str()).collect();
    assert!(named.contains(&"body.item.options") && named.contains(&"level"), "{named:?}");
    let path = format!("/api/v1/questions/{reference}");
    let refused = desk.step(&desk.author, &reference, &json!({ "to": "submitted" })).expect_problem(422, "invalid");
    assert!(fields(&refused).contains(&"body.item.citations"), "{}", refused.body);

    // Changed in place by its author alone, who has read it.
    let versions = format!("{path}/versions");
    desk.author.post(&versions, &single("整道题？")).expect_problem(428, "precondition-required");
    let stale = desk.author.with_header("If-Match", "\"1-9\"").post(&versions, &single("整道题？"));
    stale.expect_problem(412, "precondition-failed");
    let etag = format!("\"{}\"", made.text("etag"));
    desk.second.with_header("If-Match", &etag).post(&versions, &single("别人改")).expect_problem(403, "forbidden");
    let other = desk.author.with_header("If-Match", &etag).post(&versions, &json!({ "ref": "jia-99" }));
    other.expect_problem(422, "invalid");
    let wrong = json!({ "body": { "item": { "kind": "choice", "stemm": "x" } } });
    let refused = desk.author.with_header("If-Match", &etag).post(&versions, &wrong).expect_problem(422, "invalid");
    assert_eq!(fields(&refused), ["body.item.kind", "body.item.stemm"]);
    let changed = desk.author.with_header("If-Match", &etag).post(&versions, &single("整道题？")).expect(200);
    assert_eq!((changed.text("stem"), &changed.body["gaps"]), ("整道题？", &json!(0)));
    assert_eq!(changed.header("etag"), Some("\"1-2\""));

    // Submitted, withdrawn, submitted again; meanwhile nobody changes it.
    desk.step(&desk.second, &reference, &json!({ "to": "submitted" })).expect_problem(403, "forbidden");
    desk.step(&desk.author, &reference, &json!({ "to": "submitted" })).expect(201);
    desk.change(&desk.author, &reference, &single("改")).expect_problem(409, "conflict");
    desk.step(&desk.author, &reference, &json!({ "to": "draft" })).expect(201);
    desk.step(&desk.author, &reference, &json!({ "to": "submitted" })).expect(201);

    // Returned with a comment, mended, approved.
    desk.review(&desk.reviewer, &reference, "returned", " ").expect_problem(422, "invalid");
    desk.review(&desk.reviewer, &reference, "maybe", "").expect_problem(422, "invalid");
    let returned = desk.review(&desk.reviewer, &reference, "returned", "错项 C 太弱").expect(201);
    assert_eq!(returned.text("state"), "draft");
    let history = desk.author.get(&versions).expect(200);
    let last = history.body["items"][0]["events"].as_array().expect("events").last().expect("one").clone();
    assert_eq!((&last["kind"], &last["comment"]), (&json!("returned"), &json!("错项 C 太弱")));
    desk.change(&desk.author, &reference, &single("改好的题？")).expect(200);
    desk.step(&desk.author, &reference, &json!({ "to": "submitted" })).expect(201);
    let read = desk.reviewer.get(&path).expect(200);
    assert!(read.body["may"].as_array().expect("acts").contains(&json!("review")), "{}", read.body["may"]);
    let approved = desk.review(&desk.reviewer, &reference, "approved", "").expect(201);
    assert_eq!(
        (approved.text("state"), &approved.body["content"]["authorship"]["reviewer"]),
        ("approved", &json!("reviewer"))
    );

    // Without a text nothing is proven: it takes a reason to bring it into papers.
    let refused = desk.step(&desk.author, &reference, &json!({ "to": "active" })).expect_problem(422, "invalid");
    assert_eq!(fields(&refused), ["unproven_reason"]);
    let body = json!({ "to": "active", "unproven_reason": "已核对纸质文本" });
    let active = desk.step(&desk.author, &reference, &body).expect(201);
    assert_eq!(
        (active.text("state"), &active.body["unproven"], &active.body["in_papers"]),
        ("active", &json!(1), &json!(1))
    );
    assert_eq!(active.body["content"]["authorship"]["unproven_reason"], "已核对纸质文本");
    assert_eq!(active.body["words"][0]["proof"], "not_proven");

    desk.step(&desk.manager, &reference, &json!({ "to": "retired" })).expect_problem(422, "invalid");
    let retired = desk.step(&desk.manager, &reference, &json!({ "to": "retired", "reason": "条文将改" })).expect(201);
    assert_eq!((retired.text("state"), &retired.body["in_papers"]), ("retired", &Value::Null));
    assert_eq!(
        events(&desk, &reference),
        [
            "1 created",
            "1 submitted",
            "1 withdrawn",
            "1 submitted",
            "1 returned",
            "1 submitted",
            "1 approved",
            "1 activated",
            "1 retired"
        ]
    );
}

fn only_the_allowed_steps(database: &Database) {
    let desk = question_desk::open(database);
    let made = desk.author.post("/api/v1/questions", &single("一步一步来？")).expect(201);
    let reference = made.text("ref").to_owned();
    let step =
        |to: &str| desk.step(&desk.author, &reference, &json!({ "to": to, "reason": "试", "unproven_reason": "试" }));
    // A draft goes nowhere but to its review.
    for to in ["active", "retired", "draft", "approved"] {
        step(to).expect_problem(409, "conflict");
    }
    step("gone").expect_problem(422, "invalid");
    desk.review(&desk.reviewer, &reference, "approved", "").expect_problem(409, "conflict");
    step("submitted").expect(201);
    for to in ["active", "retired", "submitted"] {
        step(to).expect_problem(409, "conflict");
    }
    // Whoever wrote any of it does not review it, whatever else the account may do.
    desk.review(&desk.author, &reference, "approved", "").expect_problem(403, "forbidden");
    desk.review(&desk.second, &reference, "approved", "").expect_problem(403, "forbidden");
    desk.review(&desk.reviewer, &reference, "approved", "").expect(201);
    for to in ["submitted", "draft", "retired"] {
        step(to).expect_problem(409, "conflict");
    }
    desk.step(&desk.reviewer, &reference, &json!({ "to": "active", "unproven_reason": "试" }))
        .expect_problem(403, "forbidden");
    step("active").expect(201);
    for to in ["submitted", "draft", "active"] {
        step(to).expect_problem(409, "conflict");
    }
    desk.step(&desk.reviewer, &reference, &json!({ "to": "retired", "reason": "试" })).expect(201);
    for to in ["submitted", "draft", "active", "retired"] {
        step(to).expect_problem(409, "conflict");
    }

    // Author and reviewer at once: not of the own question, nor of a version that grew out of it.
    let own = desk.both.post("/api/v1/questions", &single("自己写自己审？")).expect(201).text("ref").to_owned();
    desk.step(&desk.both, &own, &json!({ "to": "submitted" })).expect(201);
    desk.review(&desk.both, &own, "approved", "").expect_problem(403, "forbidden");
    desk.review(&desk.reviewer, &own, "approved", "").expect(201);
    desk.step(&desk.manager, &own, &json!({ "to": "active", "unproven_reason": "试" })).expect(201);
    desk.change(&desk.author, &own, &single("别人接着改？")).expect(201);
    desk.step(&desk.author, &own, &json!({ "to": "submitted" })).expect(201);
    desk.review(&desk.both, &own, "approved", "").expect_problem(403, "forbidden");
    desk.review(&desk.reviewer, &own, "approved", "").expect(201);

    // A reference is taken once; a draft that is not wanted goes, what was ever in papers stays.
    let mut named = single("带题号？");
    named["ref"] = json!("jia-77");
    desk.author.post("/api/v1/questions", &named).expect(201);
    desk.second.post("/api/v1/questions", &named).expect_problem(409, "conflict");
    named["ref"] = json!("甲 77");
    desk.author.post("/api/v1/questions", &named).expect_problem(422, "invalid");
    let path = "/api/v1/questions/jia-77/versions/1";
    desk.author.delete(path).expect_problem(428, "precondition-required");
    desk.second.with_header("If-Match", "\"1-1\"").delete(path).expect_problem(403, "forbidden");
    desk.author.with_header("If-Match", "\"1-1\"").delete(path).expect(204);
    desk.author.get("/api/v1/questions/jia-77").expect_problem(404, "not-found");
    desk.author
        .with_header("If-Match", "\"1-1\"")
        .delete("/api/v1/questions/jia-1/versions/1")
        .expect_problem(409, "conflict");
    for path in ["/api/v1/questions/none", "/api/v1/questions/none/versions"] {
        desk.author.get(path).expect_problem(404, "not-found");
    }
    // The review of something else than was read is refused.
    let read = desk.author.post("/api/v1/questions", &single("读过的那一版？")).expect(201);
    let reference = read.text("ref").to_owned();
    desk.step(&desk.author, &reference, &json!({ "to": "submitted" })).expect(201);
    let path = format!("/api/v1/questions/{reference}/reviews");
    let stale = desk.reviewer.with_header("If-Match", &format!("\"{}\"", read.text("etag")));
    stale.post(&path, &json!({ "decision": "approved" })).expect_problem(412, "precondition-failed");
}

fn words_are_proven_by_the_imported_text(database: &Database) {
    let desk = question_desk::open(database);
    let early = desk.author.post("/api/v1/questions", &single("早写的题？")).expect(201);
    assert_eq!(early.body["words"][0]["proof"], "not_proven");
    desk.import_texts();
    // The server writes the bind itself once the text is there, and does not believe one that comes along.
    let mut content = single("有原文的题？");
    content["body"]["item"]["citations"][0]["bind"] = json!("0".repeat(64));
    let made = desk.author.post("/api/v1/questions", &content).expect(201);
    assert_eq!((&made.body["words"][0]["proof"], &made.body["problems"]), (&json!("proven"), &json!([])));
    let bind = made.body["content"]["body"]["item"]["citations"][0]["bind"].as_str().expect("a bind").to_owned();
    assert!(bind.len() == 64 && bind != "0".repeat(64));
    // What the text refutes stays a draft, and is named.
    for (change, field) in [
        (json!({ "words": "严重警告" }), "body.item.citations[0].words"),
        (json!({ "item": 2 }), "body.item.citations[0].words"),
        (json!({ "article": "70" }), "body.item.citations[0].article"),
        (json!({ "edition": "1999" }), "body.item.citations[0].edition"),
    ] {
        let mut content = single("对不上的题？");
        for (name, value) in change.as_object().expect("an object") {
            content["body"]["item"]["citations"][0][name] = value.clone();
        }
        let made = desk.author.post("/api/v1/questions", &content).expect(201);
        let refused =
            desk.step(&desk.author, made.text("ref"), &json!({ "to": "submitted" })).expect_problem(422, "invalid");
        assert_eq!(fields(&refused), [field], "{change}");
        // The same without writing anything, as the page asks while one types.
        let checked = desk.author.post("/api/v1/question-checks", &content).expect(200);
        assert_eq!(checked.body["problems"][0]["field"], field);
    }
    // Proven words need no reason; those written before the text came are proven on the way.
    for reference in [made.text("ref"), early.text("ref")] {
        desk.step(&desk.author, reference, &json!({ "to": "submitted" })).expect(201);
        desk.review(&desk.reviewer, reference, "approved", "").expect(201);
        let active = desk.step(&desk.manager, reference, &json!({ "to": "active" })).expect(201);
        assert_eq!((&active.body["unproven"], &active.body["words"][0]["proof"]), (&json!(0), &json!("proven")));
        assert!(active.body["content"]["authorship"]["unproven_reason"].is_null());
    }
    // What asks nearly the same is named.
    let checked = desk.author.post("/api/v1/question-checks", &single("甲法里哪一项是处分")).expect(200);
    assert_eq!(
        (&checked.body["alike"][0]["ref"], &checked.body["alike"][0]["percent"]),
        (&json!("jia-1"), &json!(100))
    );
}

fn a_change_is_a_version_beside_the_one_in_use(database: &Database) {
    let desk = question_desk::open(database);
    let reference = "jia-1";
    let changed = desk.change(&desk.author, reference, &single("甲法里哪一项才是处分？")).expect(201);
    assert_eq!(
        (&changed.body["version"], changed.text("state"), &changed.body["in_papers"]),
        (&json!(2), "draft", &json!(1))
    );
    // Another change goes into the draft, not into a third version.
    let again = desk.change(&desk.author, reference, &single("甲法里究竟哪一项是处分？")).expect(200);
    assert_eq!(again.body["version"], 2);
    desk.change(&desk.second, reference, &single("别人也想改？")).expect_problem(403, "forbidden");
    let list = desk.author.get("/api/v1/questions?query=jia-1").expect(200);
    let row = &list.body["items"][0];
    assert_eq!(
        (row["version"].clone(), row["state"].clone(), row["in_papers"].clone()),
        (json!(2), json!("draft"), json!(1))
    );
    let active = desk.author.get("/api/v1/questions?query=jia-1&state=active").expect(200);
    assert_eq!(active.body["items"][0]["version"], 1);
    assert_eq!(active.body["items"][0]["working"], json!({ "version": 2, "state": "draft" }));
    let old = desk.author.get(&format!("/api/v1/questions/{reference}?version=1")).expect(200);
    assert_eq!(old.text("stem"), question_desk::STEMS[0]);

    desk.to_active(reference);
    let versions = desk.author.get(&format!("/api/v1/questions/{reference}/versions")).expect(200);
    let states: Vec<(i64, &str)> = versions.body["items"]
        .as_array()
        .expect("versions")
        .iter()
        .map(|one| (one["version"].as_i64().expect("a number"), one["state"].as_str().expect("a state")))
        .collect();
    assert_eq!(states, [(2, "active"), (1, "retired")]);
    assert_eq!(versions.body["items"][1]["content"]["state"], "retired");
    assert_eq!(events(&desk, reference), ["1 superseded", "2 created", "2 submitted", "2 approved", "2 activated"]);

    // A draft beside that is thrown away leaves the one in use alone; a retired one can be taken up again.
    desk.change(&desk.author, reference, &single("不要的新版？")).expect(201);
    let etag = desk.author.get(&format!("/api/v1/questions/{reference}")).expect(200).text("etag").to_owned();
    let path = format!("/api/v1/questions/{reference}/versions/3");
    desk.author.with_header("If-Match", &format!("\"{etag}\"")).delete(&path).expect(204);
    let read = desk.author.get(&format!("/api/v1/questions/{reference}")).expect(200);
    assert_eq!((&read.body["version"], read.text("state")), (&json!(2), "active"));
    desk.step(&desk.manager, reference, &json!({ "to": "retired", "reason": "试" })).expect(201);
    assert_eq!(desk.change(&desk.author, reference, &single("重新启用的题？")).expect(201).body["version"], 3);

    // Lists are narrowed, and paged without losing the second version of a question.
    let mine = desk.author.get("/api/v1/questions?author=me").expect(200);
    assert_eq!(mine.body["items"].as_array().expect("items").len(), 1);
    let topic = desk.author.get("/api/v1/questions?topic=jia&limit=2").expect(200);
    assert_eq!(topic.body["items"].as_array().expect("items").len(), 2);
    let next = topic.text("next").to_owned();
    let rest = desk.author.get(&format!("/api/v1/questions?topic=jia&limit=2&after={next}")).expect(200);
    assert_eq!(rest.body["items"][0]["ref"], "jia-3");
    let gaps = desk.author.get("/api/v1/questions?gaps=1").expect(200);
    assert_eq!(gaps.body["items"].as_array().expect("items").len(), 1, "{}", gaps.body);
}

fn keys_and_secrets_stay_with_whom_they_belong_to(database: &Database) {
    let desk = question_desk::open(database);
    let mut secret = single("保密题？");
    secret["pool"] = json!("secure");
    let reference = desk.activated(&secret);
    let path = format!("/api/v1/questions/{reference}");
    desk.reviewer.get(&path).expect(200);
    // A manager sees no question of the secure pool, by no way.
    desk.manager.get(&path).expect_problem(404, "not-found");
    desk.manager.get(&format!("{path}/versions")).expect_problem(404, "not-found");
    desk.step(&desk.manager, &reference, &json!({ "to": "retired", "reason": "试" })).expect_problem(404, "not-found");
    let list = desk.manager.get("/api/v1/questions?topic=jia&limit=200").expect(200);
    assert!(!list.body.to_string().contains("保密题"), "{}", list.body);
    assert!(desk.author.get("/api/v1/questions?pool=secure").expect(200).body.to_string().contains("保密题"));
    // Writing is the authors', reviewing the reviewers'.
    for (who, path) in [
        (&desk.manager, "/api/v1/questions"),
        (&desk.manager, "/api/v1/question-checks"),
        (&desk.manager, "/api/v1/questions/jia-1/versions"),
        (&desk.manager, "/api/v1/questions/jia-1/reviews"),
        (&desk.reviewer, "/api/v1/questions"),
        (&desk.author, "/api/v1/questions/jia-1/reviews"),
    ] {
        who.post(path, &json!({})).expect_problem(403, "forbidden");
    }
    // An examinee gets nothing of it: the matrix is walked elsewhere, this is the person who sits the paper.
    let codes = desk
        .manager
        .post(&format!("/api/v1/units/{}/activation-codes", desk.top), &json!({ "only_missing": true }))
        .expect(201);
    let code =
        codes.body["items"].as_array().expect("codes").iter().find(|code| code["login"] == "1001").expect("1001");
    let examinee = crate::district::activate(&desk.server, "1001", code["code"].as_str().expect("a code"));
    for path in [path.as_str(), "/api/v1/questions", "/api/v1/questions/jia-1/versions", "/api/v1/question-template"] {
        examinee.get(path).expect_problem(403, "forbidden");
    }
    let _: &Server = &desk.server;
}
