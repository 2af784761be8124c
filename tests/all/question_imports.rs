//! Files of questions by HTTP: each format, hostile ones, drafts and their undoing.

use std::io::{Cursor, Write as _};

use rust_xlsxwriter::{Formula, Workbook};
use serde_json::{Value, json};
use zhijie_tests::{Client, Database, Reply};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::question_desk::{self, Desk, single};

crate::on_both_databases!(
    each_format_becomes_drafts,
    hostile_files_are_refused,
    an_import_is_its_makers,
    rows_can_be_corrected
);

fn upload(who: &Client, name: &str, bytes: &[u8]) -> Reply {
    who.upload("/api/v1/imports", &[("kind", "questions")], name, bytes)
}

/// Previews, commits all rows, and answers the drafts' references by row.
fn commit(desk: &Desk, made: &Reply, skip: &[u32]) -> Vec<String> {
    let path = format!("/api/v1/imports/{}/commit", made.text("id"));
    let done = desk.author.post(&path, &json!({ "skip_rows": skip })).expect(200);
    assert_eq!(done.text("state"), "committed");
    let drafts = desk.author.get("/api/v1/questions?state=draft&author=me&limit=200").expect(200);
    drafts.body["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|one| one["ref"].as_str().expect("a ref").to_owned())
        .collect()
}

fn undo(desk: &Desk, made: &Reply) -> Reply {
    desk.author.post(&format!("/api/v1/imports/{}/undo", made.text("id")), &json!({}))
}

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).expect("a part");
        writer.write_all(content).expect("written");
    }
    writer.finish().expect("a zip").into_inner()
}

/// A document as another program than MS Word writes it: the least that is one (PRACTICE §4:
/// ecampbell/moodle-qformat_wordtable#8).
fn docx(text: &str) -> Vec<u8> {
    let body: String =
        text.lines().map(|line| format!("<w:p><w:r><w:t xml:space=\"preserve\">{line}</w:t></w:r></w:p>")).collect();
    let xml = format!("<?xml version=\"1.0\"?><w:document xmlns:w=\"urn:w\"><w:body>{body}</w:body></w:document>");
    zipped(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", xml.as_bytes())])
}

fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(*cells) {
            sheet.write_string(row, column, *cell).expect("written");
        }
    }
    book.save_to_buffer().expect("a workbook")
}

const OFFICE: &str = "一、单选题\n1. 甲乙法规定的最重处分是？\nA. 警告 B. 记过 C. 开除\n答案：C\n解析：开除最重。\n依据：《甲法》第七条第（三）项“开除”\n知识点：甲法知识\n难度：易\n";

fn each_format_becomes_drafts(database: &Database) {
    let desk = question_desk::open(database);
    let toml = "law = \"jia-fa\"\nedition = \"2020\"\n[[question]]\nref = \"wj-1\"\nstate = \"active\"\nkind = \"judgement\"\nstem = \"开除是处分。\"\nkey = true\n";
    let contract = json!([{ "ref": "wj-2", "kind": "single", "stem": "哪一项最轻？", "options": ["警告", "记过", "开除"],
        "key": ["A"], "explanation": "警告最轻。" }]);
    let sheet = workbook(&[
        &["甲法题库"],
        &[
            "题型",
            "题干",
            "选项A",
            "选项B",
            "选项C",
            "答案",
            "解析",
            "法规",
            "条",
            "项",
            "关键词句",
            "知识点",
            "认知层次",
        ],
        &[
            "单选",
            "哪一项居中？",
            "警告",
            "记过",
            "开除",
            "B",
            "记过居中。",
            "中华人民共和国甲乙法",
            "第七条",
            "2",
            "记过",
            "甲法知识",
            "识记",
        ],
    ]);
    let csv = encoding_rs::GB18030.encode("题干,答案\n警告的期间是____。,六个月/半年\n").0.into_owned();
    let files: [(&str, Vec<u8>, &str, &str); 9] = [
        ("题.toml", toml.into(), "zhijie-toml", "judgement"),
        ("题.json", contract.to_string().into(), "json", "single"),
        ("题.xlsx", sheet, "xlsx", "single"),
        ("题.csv", csv, "csv", "blank"),
        ("题.gift", "::wj-5:: 哪些是处分？ {~%50%警告 ~%50%记过 ~%-100%批评#混同}\n".into(), "gift", "multiple"),
        ("题.txt", "哪一项是处分的一种？\nA. 开除\nB. 批评\nC. 表扬\nANSWER: A\n".into(), "aiken", "single"),
        ("测试.txt", OFFICE.into(), "text", "single"),
        ("国标.txt", encoding_rs::GB18030.encode(OFFICE).0.into_owned(), "text", "single"),
        ("测试.docx", docx(OFFICE), "docx", "single"),
    ];
    for (name, bytes, format, kind) in files {
        let made = upload(&desk.author, name, &bytes).expect(201);
        let preview = &made.body["preview"];
        assert_eq!(
            (preview["format"].as_str(), preview["rows"][0]["kind"].as_str()),
            (Some(format), Some(kind)),
            "{preview}"
        );
        assert_eq!(preview["counts"]["errors"], 0, "{preview}");
        let drafts = commit(&desk, &made, &[]);
        assert_eq!(drafts.len(), 1, "{name}");
        let draft = desk.author.get(&format!("/api/v1/questions/{}", drafts[0])).expect(200);
        assert_eq!((draft.text("state"), draft.text("author"), &draft.body["version"]), ("draft", "author", &json!(1)));
        undo(&desk, &made).expect(200);
        desk.author.get(&format!("/api/v1/questions/{}", drafts[0])).expect_problem(404, "not-found");
    }
    whole_row(&desk);
}

/// A row that names everything becomes a draft without gaps but the misconceptions, which no office file has.
fn whole_row(desk: &Desk) {
    let made = upload(&desk.author, "测试.txt", OFFICE.as_bytes()).expect(201);
    let row = &made.body["preview"]["rows"][0];
    let citation = &row["content"]["body"]["item"]["citations"][0];
    assert_eq!(
        (citation["law"].as_str(), citation["edition"].as_str(), citation["item"].as_i64(), citation["words"].as_str()),
        (Some("jia-fa"), Some("2020"), Some(3), Some("开除"))
    );
    assert_eq!((&row["content"]["topics"], &row["content"]["prior_facility"]), (&json!(["jia"]), &json!(0.85)));
    let gaps: Vec<&str> =
        row["gaps"].as_array().expect("gaps").iter().filter_map(|gap| gap["field"].as_str()).collect();
    assert_eq!(gaps, ["body.item.options[0].misconception", "body.item.options[1].misconception", "level"], "{row}");
    let drafts = commit(desk, &made, &[]);
    // Its author goes on with it like with any other draft.
    desk.change(&desk.author, &drafts[0], &single("甲乙法规定的最重处分是？")).expect(200);
    desk.step(&desk.author, &drafts[0], &json!({ "to": "submitted" })).expect(201);
    undo(desk, &made).expect_problem(409, "conflict");
    desk.step(&desk.author, &drafts[0], &json!({ "to": "draft" })).expect(201);
    undo(desk, &made).expect(200);
    undo(desk, &made).expect_problem(409, "conflict");
}

fn bomb(name: &str) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("[Content_Types].xml", SimpleFileOptions::default()).expect("a part");
    writer.start_file(name, SimpleFileOptions::default()).expect("a part");
    for _ in 0..80 {
        writer.write_all(&vec![b' '; 1024 * 1024]).expect("written");
    }
    writer.finish().expect("a zip").into_inner()
}

fn hostile_files_are_refused(database: &Database) {
    let desk = question_desk::open(database);
    let refused = |name: &str, bytes: &[u8], word: &str| {
        let reply = upload(&desk.author, name, bytes).expect_problem(422, "invalid");
        assert!(reply.body["detail"].as_str().is_some_and(|detail| detail.contains(word)), "{name}: {}", reply.body);
    };
    refused("空.xlsx", b"", "没有收到文件");
    refused("名册.xlsx", &workbook(&[&["姓名", "单位"], &["张三", "财政局"]]), "题干");
    refused("图.png", b"\x89PNG\r\n\x1a\n", "图片");
    refused("炸.docx", &bomb("word/document.xml"), "解压后过大");
    refused("炸.xlsx", &bomb("xl/workbook.xml"), "解压后过大");
    refused("半.docx", &docx(OFFICE)[..300], "损坏");
    refused("通知.txt", "明天上午开会。".as_bytes(), "没有找到题目");
    refused("半.json", b"[{\"stem\":", "JSON");
    upload(&desk.author, "大.txt", &vec![b'a'; 200 * 1024 * 1024]).expect_problem(413, "too-large");
    let many = "甲____。{=乙}\n\n".repeat(2_001);
    refused("多.gift", many.as_bytes(), "2000");

    // What is wrong with a row is named at the row, and the rest can be taken.
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let rows: [[&str; 7]; 6] = [
        ["题号", "题型", "题干", "选项A", "选项B", "选项C", "答案"],
        ["dup-1", "单选", "字母没有选项？", "警告", "记过", "开除", "E"],
        ["dup-2", "单选", "同号的题？", "警告", "记过", "开除", "A"],
        ["dup-2", "单选", "同号的另一题？", "警告", "记过", "开除", "B"],
        ["jia-1", "单选", "题号在题库里？", "警告", "记过", "开除", "B"],
        ["", "单选", question_desk::STEMS[0], "警告", "降级", "批评", "A"],
    ];
    for (row, cells) in (0_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            sheet.write_string(row, column, cell).expect("written");
        }
    }
    sheet.write_string(6, 2, "=HYPERLINK(\"http://x\",\"点我\")").expect("written");
    sheet.write_number(6, 3, 6.0).expect("written");
    sheet.write_formula(6, 4, Formula::new("=3+4").set_result("7")).expect("written");
    sheet.write_string(6, 5, "八").expect("written");
    sheet.write_string(6, 6, "A").expect("written");
    let made = upload(&desk.author, "题.xlsx", &book.save_to_buffer().expect("a workbook")).expect(201);
    let preview = &made.body["preview"];
    let rows = preview["rows"].as_array().expect("rows");
    let said = |at: usize| rows[at]["problems"].to_string();
    assert!(said(0).contains("答案里有 E"), "{}", said(0));
    assert!(said(2).contains("第 3 行 已经用过") || said(2).contains("第 3 行已经用过"), "{}", said(2));
    assert!(said(3).contains("已在题库里"), "{}", said(3));
    let blocked: Vec<bool> = rows.iter().map(|row| row["blocked"] == true).collect();
    assert_eq!(blocked, [false, false, true, true, false, false]);
    assert_eq!((&rows[4]["is_duplicate"], &rows[4]["duplicates"][0]["ref"]), (&json!(true), &json!("jia-1")));
    assert_eq!(rows[5]["options"], json!(["6", "7", "八"]), "numbers and formulas are the text that was seen");
    assert_eq!(rows[5]["stem"], "=HYPERLINK(\"http://x\",\"点我\")");
    assert_eq!(preview["counts"]["duplicates"], 1);
    let drafts = commit(&desk, &made, &[5]);
    assert_eq!(drafts.len(), 3, "{drafts:?}");
    assert!(drafts.contains(&"dup-1".to_owned()) && drafts.contains(&"dup-2".to_owned()));
}

fn an_import_is_its_makers(database: &Database) {
    let desk = question_desk::open(database);
    upload(&desk.manager, "题.txt", OFFICE.as_bytes()).expect_problem(403, "forbidden");
    upload(&desk.reviewer, "题.txt", OFFICE.as_bytes()).expect_problem(403, "forbidden");
    desk.author.upload("/api/v1/imports", &[("kind", "people")], "册.csv", b"x").expect_problem(403, "forbidden");
    desk.author.upload("/api/v1/imports", &[("kind", "laws")], "法.txt", b"x").expect_problem(403, "forbidden");
    desk.author.upload("/api/v1/imports", &[("kind", "stories")], "书.txt", b"x").expect_problem(403, "forbidden");
    let made = upload(&desk.author, "题.txt", OFFICE.as_bytes()).expect(201);
    let path = format!("/api/v1/imports/{}", made.text("id"));
    for other in [&desk.manager, &desk.second] {
        other.get(&path).expect_problem(404, "not-found");
        other.post(&format!("{path}/commit"), &json!({})).expect_problem(404, "not-found");
    }
    let listed = desk.author.get("/api/v1/imports").expect(200);
    assert_eq!(listed.body["items"].as_array().expect("items").len(), 1);
    assert_eq!(listed.body["items"][0]["preview"]["rows"], Value::Null, "lists hold no keys");
    desk.author.post(&format!("{path}/commit"), &json!({ "skip_rows": [1] })).expect_problem(409, "conflict");
    desk.author.post(&format!("{path}/commit"), &json!({})).expect(200);
    desk.author.post(&format!("{path}/commit"), &json!({})).expect_problem(409, "conflict");
}

fn correct(desk: &Desk, made: &Reply, version: i64, n: u64, content: &Value) -> Reply {
    let path = format!("/api/v1/imports/{}/rows/{n}", made.text("id"));
    desk.author.with_header("If-Match", &format!("\"{version}\"")).send("PATCH", &path, content)
}

fn rows_can_be_corrected(database: &Database) {
    let desk = question_desk::open(database);
    let made =
        upload(&desk.author, "题.gift", "::jia-1::题号被占？{=甲 ~乙 ~丙}\n\n::x::好好的？{=甲 ~乙 ~丙}\n".as_bytes())
            .expect(201);
    assert_eq!(made.body["preview"]["rows"][0]["blocked"], true);
    let mut content = single("改过的题？");
    content["ref"] = json!("jia-1");
    let kept = correct(&desk, &made, 1, 1, &content).expect(200);
    assert_eq!(kept.body["preview"]["rows"][0]["blocked"], true, "the reference is still taken");
    content["ref"] = json!("x");
    correct(&desk, &made, 2, 1, &content).expect_problem(422, "invalid");
    content["ref"] = json!("jia-88");
    correct(&desk, &made, 1, 1, &content).expect_problem(412, "precondition-failed");
    let corrected = correct(&desk, &made, 2, 1, &content).expect(200);
    assert_eq!(corrected.body["version"], 3);
    let row = &corrected.body["preview"]["rows"][0];
    assert_eq!((&row["blocked"], &row["stem"], &row["gaps"]), (&json!(false), &json!("改过的题？"), &json!([])));
    correct(&desk, &made, 3, 9, &content).expect_problem(404, "not-found");
    let path = format!("/api/v1/imports/{}/commit", made.text("id"));
    assert_eq!(desk.author.post(&path, &json!({})).expect(200).text("state"), "committed");
    correct(&desk, &made, 3, 1, &content).expect_problem(409, "conflict");
    let written = desk.author.get("/api/v1/questions/jia-88").expect(200);
    assert_eq!(written.body["stem"], "改过的题？", "{}", written.body);
}
