//! Keys never leave the server before their release (PRACTICE §4: javahuang/SurveyKing#79,
//! fangpage/FP_Exam#3; mindskip/xzs sends the keys, too).

use std::collections::BTreeSet;

use app::bank::{BankFiles, load};
use serde_json::{Value, json};
use zhijie_tests::{Database, Reply};

use crate::district::{self, activate, rules, some_response};

crate::on_both_databases!(no_response_betrays_a_key);

/// Words that only a key, an explanation or a misconception contains.
struct Secrets {
    texts: BTreeSet<String>,
}

impl Secrets {
    fn of_the_bank() -> Self {
        let loaded = load(&BankFiles::embedded());
        let mut texts = BTreeSet::new();
        for question in loaded.bank.questions() {
            texts.insert(question.reference.to_string());
            for item in question.items() {
                texts.insert(item.explanation.clone());
                texts.extend(item.options().iter().filter_map(|option| option.misconception.clone()));
            }
        }
        assert!(texts.len() > 500, "the bank is there");
        Self { texts }
    }

    #[track_caller]
    fn absent_from(&self, what: &str, reply: &Reply) {
        let text = String::from_utf8_lossy(&reply.bytes).into_owned();
        for secret in &self.texts {
            assert!(!text.contains(secret.as_str()), "{what} holds {secret}");
        }
        for field in ["\"key\"", "\"explanation\"", "\"misconception\"", "\"citations\"", "\"correct\"", "\"fraction\""]
        {
            assert!(!text.contains(field), "{what} holds the field {field}");
        }
    }
}

fn no_response_betrays_a_key(database: &Database) {
    let secrets = Secrets::of_the_bank();
    let district = district::start(database);
    let mut rules = rules();
    rules["release_marks"] = json!("after_window");
    rules["release_keys"] = json!("after_window");
    let exam = district.publish(&rules, -60, 3600, 1800);
    let (login, code) = district.codes().into_iter().find(|(login, _)| login == "1002").expect("1002");
    let account = activate(&district.server, &login, &code);
    let started = account.post(&format!("/api/v1/exams/{exam}/attempts"), &json!({})).expect(201);
    secrets.absent_from("the attempt", &started);
    let attempt = started.text("id").to_owned();
    let phone = district.server.client().with_token(started.text("token"));
    let slots: Vec<Value> = started.body["slots"].as_array().expect("slots").clone();
    order_betrays_nothing(&slots);
    for slot in &slots {
        let path = format!("/api/v1/attempts/{attempt}/answers/{}", slot["slot"]);
        let reply = phone.put(&path, &json!({ "revision": 1, "response": some_response(slot) })).expect(200);
        secrets.absent_from("a save", &reply);
    }
    secrets.absent_from("the status", &phone.get(&format!("/api/v1/attempts/{attempt}")).expect(200));
    secrets.absent_from("the assignments", &account.get("/api/v1/me/assignments").expect(200));
    secrets.absent_from("the wrong answers", &account.get("/api/v1/me/wrong-answers").expect(200));
    secrets.absent_from("me", &account.get("/api/v1/me").expect(200));
    let batch = phone.put(&format!("/api/v1/attempts/{attempt}/answers"), &json!({ "answers": [] }));
    secrets.absent_from("a batch", &batch);
    let receipt = phone.post(&format!("/api/v1/attempts/{attempt}/submission"), &json!({})).expect(201);
    secrets.absent_from("the receipt", &receipt);
    let refused = account.get(&format!("/api/v1/attempts/{attempt}/result")).expect_problem(403, "not-released");
    secrets.absent_from("the result before its release", &refused);
    let wrong = account.get("/api/v1/me/wrong-answers").expect(200);
    assert_eq!(wrong.body["items"], json!([]), "no key is released yet");
    secrets.absent_from("the wrong answers after the hand-in", &wrong);
    let asked = account.get(&format!("/api/v1/me/wrong-answers?attempt={attempt}")).expect(200);
    secrets.absent_from("the wrong answers of the attempt", &asked);
    secrets.absent_from("the resumption", &account.post(&format!("/api/v1/exams/{exam}/attempts"), &json!({})));
    phone.get("/api/v1/me/wrong-answers").expect_problem(401, "not-signed-in");
    for path in
        ["/api/v1/questions", "/api/v1/questions/zhengwu2020-001", &format!("/api/v1/exams/{exam}/preview?person=x")]
    {
        account.get(path).expect_problem(403, "forbidden");
        phone.get(path).expect_problem(401, "not-signed-in");
    }
}

/// Over the slots of a paper the position of the first option by content must not be constant.
fn order_betrays_nothing(slots: &[Value]) {
    let loaded = load(&BankFiles::embedded());
    let mut places = BTreeSet::new();
    for slot in slots.iter().filter(|slot| slot["kind"] == "single") {
        let stem = slot["stem"].as_str().expect("a stem");
        let item = loaded
            .bank
            .questions()
            .flat_map(|question| question.items())
            .find(|item| item.stem == stem)
            .expect("the question is in the bank");
        let right = item.options().iter().find(|option| item.key_options().contains(&option.id)).expect("a key");
        let shown = slot["options"].as_array().expect("options");
        places.insert(shown.iter().position(|option| option["text"] == right.text.as_str()).expect("shown"));
    }
    assert!(places.len() >= 3, "the right option of ten 单选 stands in only {places:?}");
}
