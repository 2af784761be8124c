mod hostile;
mod office;
mod round_trips;
mod tables;

use super::{Format, Limits, ParsedFile, ParsedQuestion, parse};
use question_bank::draft::{DraftBody, DraftItem};

/// Reads a file that must be readable.
fn read(name: &str, bytes: &[u8]) -> ParsedFile {
    parse(name, bytes, None, &Limits::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn item(question: &ParsedQuestion) -> &DraftItem {
    match &question.draft.body {
        DraftBody::Item(item) => item,
        DraftBody::Case { .. } => panic!("a case"),
    }
}

/// Kind, stem, options, key, explanation in one line.
fn line(question: &ParsedQuestion) -> String {
    question.draft.items().iter().map(line_of).collect::<Vec<_>>().join(" ‖ ")
}

fn line_of(item: &DraftItem) -> String {
    let options: Vec<&str> = item.options.iter().map(|option| option.text.as_deref().unwrap_or("∅")).collect();
    format!(
        "{} {} [{}] {} {}",
        item.kind.map_or("?", |kind| kind.as_str()),
        item.stem.as_deref().unwrap_or("∅").replace('\n', "⏎"),
        options.join("|"),
        item.key.as_ref().map_or("∅".to_owned(), |key| serde_json::to_string(key).unwrap()),
        item.explanation.as_deref().unwrap_or("∅").replace('\n', "⏎"),
    )
}

fn lines(file: &ParsedFile) -> Vec<String> {
    file.questions.iter().map(line).collect()
}

/// Every reason: of the file, then of its questions in order.
fn reasons(file: &ParsedFile) -> Vec<String> {
    let of_file = file.problems.iter().map(|problem| problem.reason.clone());
    let of_rows = file.questions.iter().flat_map(|question| &question.problems).map(|problem| problem.reason.clone());
    of_file.chain(of_rows).filter(|reason| !reason.starts_with("文件里没有写的")).collect()
}

#[test]
fn json_of_the_contract_and_of_the_content() {
    let contract = r#"[
        {"ref": "a-1", "kind": "single", "stem": "甲？", "options": ["子", "丑", "寅"], "key": ["B"], "explanation": "因为"},
        {"ref": "a-2", "kind": "multiple", "stem": "乙？", "options": ["子", "丑", "寅"], "key": ["A", "C"], "explanation": ""},
        {"ref": "a-3", "kind": "judgement", "stem": "丙。", "options": [], "key": [true], "explanation": null},
        {"ref": "a-4", "kind": "blank", "stem": "丁是____。", "options": [], "key": [["六个月", "半年"]]},
        {"ref": "a-5", "kind": "essay", "stem": "说说。", "key": [["答"]]},
        {"stem": 7, "key": {"a": 1}},
        "不是题"
    ]"#;
    let file = read("题.json", contract.as_bytes());
    assert_eq!(file.format, Format::Json);
    assert_eq!(
        lines(&file),
        [
            "single 甲？ [子|丑|寅] \"b\" 因为",
            "multiple 乙？ [子|丑|寅] [\"a\",\"c\"] ∅",
            "judgement 丙。 [] true ∅",
            "blank 丁是____。 [] [[\"六个月\",\"半年\"]] ∅",
            "essay 说说。 [] ∅ ∅",
            "? ∅ [] ∅ ∅",
            "? ∅ [] ∅ ∅",
        ]
    );
    assert_eq!(item(&file.questions[4]).reference.as_deref(), Some("答"));
    let rows: Vec<u32> = file.questions.iter().map(|question| question.row).collect();
    assert_eq!(rows, [1, 2, 3, 4, 5, 6, 7]);
    for word in ["stem 应当是文字", "key 应当是", "不是题目"] {
        assert!(reasons(&file).iter().any(|reason| reason.contains(word)), "{word}: {:?}", reasons(&file));
    }
    let content = r#"{"ref":"b-1","pool":"exam","body":{"item":{"kind":"single","stem":"甲？","wrong":1}}}
{"content":{"ref":"b-2","body":{"case":{"passage":"案","parts":[{"kind":"judgement","stem":"乙。","key":true}]}}},"etag":"1"}"#;
    let file = read("题.jsonl", content.as_bytes());
    assert_eq!(lines(&file), ["single 甲？ [] ∅ ∅", "judgement 乙。 [] true ∅"]);
    assert_eq!(file.questions[0].problems[0].field, "body.item.wrong");
}

#[test]
fn our_toml_with_gaps() {
    let text = r#"law = "jia-fa"
edition = "2020"
[[question]]
ref = "a-1"
kind = "single"
state = "active"
review_by = 2027-11-24
stem = "甲？"
options = [{ id = "a", text = "子" }]
[[question.citation]]
article = "7"
[[question]]
ref = "a-2"
kind = "case"
passage = "案"
[[question.part]]
kind = "blank"
stem = "____"
key = [["一"]]
[[question.part.citation]]
article = "8"
edition = "2010"
[[question]]
ref = "a-3"
kind = "choice"
"#;
    let file = read("x.toml", text.as_bytes());
    assert_eq!(file.format, Format::Toml);
    assert_eq!(lines(&file), ["single 甲？ [子] ∅ ∅", "blank ____ [] [[\"一\"]] ∅", "? ∅ [] ∅ ∅"]);
    let citations: Vec<String> = file
        .questions
        .iter()
        .flat_map(|question| question.draft.items())
        .flat_map(|item| &item.citations)
        .map(|one| {
            format!("{}-{} {}", one.law.as_ref().unwrap(), one.edition.as_ref().unwrap(), one.article.as_ref().unwrap())
        })
        .collect();
    assert_eq!(citations, ["jia-fa-2020 7", "jia-fa-2010 8"]);
    assert_eq!(file.questions[0].draft.authorship.review_by.unwrap().to_string(), "2027-11-24");
    assert_eq!(file.questions[2].problems[0].field, "body.item.kind");
    let broken = parse("x.toml", b"[[question]]\nref = \"a\nstem = 1", None, &Limits::default()).unwrap_err();
    assert!(broken.to_string().contains("第 2 行"), "{broken}");
}

#[test]
fn aiken() {
    let text =
        "甲是哪一个？\nA. 子\nB. 丑\nANSWER: B\n\n乙是\n哪一个？\nA) 子\nB) 丑\nC) 寅\n续行\nANSWER: D\nANSWER: A\n";
    let file = read("x.txt", text.as_bytes());
    assert_eq!(file.format, Format::Aiken);
    assert_eq!(lines(&file), ["single 甲是哪一个？ [子|丑] \"b\" ∅", "single 乙是⏎哪一个？ [子|丑|寅续行] ∅ ∅"]);
    let reasons = reasons(&file);
    assert!(reasons[0].contains("前面没有题干") && reasons[1].contains("答案里有 D"), "{reasons:?}");
}

#[test]
fn gift_as_moodle_writes_it() {
    let text = "// question: 1  name: 题一
$CATEGORY: $course$/top/lianjie-jilv

::zw-1::[html]<p>甲&nbsp;是？</p> {
  =<p>子</p>#<p>对</p>
  ~丑#把丑当子
  ####因为 a\\=b
}

乙有哪些？{~%50%子 ~%50%丑 ~%-100%寅}

::q3::丙。{FALSE#误以为丙是####因为}

期间是 {=六个月 =半年} 。

::长::写一篇。{}

::连线::{=甲 -> 乙 =丙 -> 丁}

没有答案的一段

数是{#12:0.5}

判断{T}
";
    let file = read("x.gift", text.as_bytes());
    assert_eq!(file.format, Format::Gift);
    assert_eq!(
        lines(&file),
        [
            "single 甲 是？ [子|丑] \"a\" 因为 a=b",
            "multiple 乙有哪些？ [子|丑|寅] [\"a\",\"b\"] ∅",
            "judgement 丙。 [] false 因为",
            "blank 期间是____。 [] [[\"六个月\",\"半年\"]] ∅",
            "essay 写一篇。 [] ∅ ∅",
            "blank 数是____ [] [[\"12\"]] ∅",
            "judgement 判断 [] true ∅",
        ]
    );
    assert_eq!(item(&file.questions[0]).options[1].misconception.as_deref(), Some("把丑当子"));
    assert_eq!(item(&file.questions[2]).misconception.as_deref(), Some("误以为丙是"));
    assert_eq!(
        (file.questions[0].draft.reference.as_ref().unwrap().as_str(), &file.questions[0].topics),
        ("zw-1", &vec!["lianjie-jilv".to_owned()])
    );
    let refused: Vec<(u32, &str)> =
        file.problems.iter().map(|problem| (problem.row.unwrap(), problem.reason.as_str())).collect();
    assert!(refused[0].1.contains("连线") && refused[0].0 == 18, "{refused:?}");
    assert!(refused[1].1.contains("没有 {答案}"), "{refused:?}");
}
