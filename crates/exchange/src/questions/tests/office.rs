//! Documents in office style, as text and as docx of three programs.

use super::{item, lines, read, reasons};
use crate::laws::fixtures::{docx_of, zip_of};
use crate::questions::Format;

const PAPER: &str = "区纪委监委纪法知识测试题
（满分100分）

一、单项选择题（每题1分）
1. 受到记大过处分的，处分期是多长？
A. 六个月   B. 十二个月
C. 十八个月 D. 二十四个月
答案：C
解析：处分期由轻到重递增。
1. 警告最短；
2. 记大过为十八个月。
依据：《甲法》第八条第一款第（三）项“记大过，十八个月”
2、下列哪一项是处分？（ B ）
（A）批评（B）警告
(C)谈话
3．在家办公的人，
算不算监察对象？
A：算
B：不算
【答案】A【解析】职务不因地点而变。
知识点：监察对象、监察职责
难度：较难

二、多选题
1. 处分有哪些（ABD）
A.警告B.记过C.批评D.开除
2. 下列属于处分的有
A. 警告
B. 记过
C. 谈话
正确答案：A、B

三、判断题
1. 警告的期间是一年。（×）
2. 处分决定自作出之日起生效。
答案：√
四、填空题
1. 记过的期间是______。
答案：十二个月/一年
2. 警告（　　），记过（　　）。
答案：六个月；十二个月
五、简答题
1. 说说处分的种类。
答案：有三种。
第一种是警告；
2. 另一种是记过。
";

const EXPECTED: [&str; 11] = [
    "single 受到记大过处分的，处分期是多长？ [六个月|十二个月|十八个月|二十四个月] \"c\" 处分期由轻到重递增。⏎1. 警告最短；⏎2. 记大过为十八个月。",
    "single 下列哪一项是处分？（　　） [批评|警告|谈话] \"b\" ∅",
    "single 在家办公的人，算不算监察对象？ [算|不算] \"a\" 职务不因地点而变。",
    "multiple 处分有哪些（　　） [警告|记过|批评|开除] [\"a\",\"b\",\"d\"] ∅",
    "multiple 下列属于处分的有 [警告|记过|谈话] [\"a\",\"b\"] ∅",
    "judgement 警告的期间是一年。 [] false ∅",
    "judgement 处分决定自作出之日起生效。 [] true ∅",
    "blank 记过的期间是____。 [] [[\"十二个月\",\"一年\"]] ∅",
    "blank 警告____，记过____。 [] [[\"六个月\"],[\"十二个月\"]] ∅",
    "essay 说说处分的种类。 [] ∅ ∅",
    "essay 另一种是记过。 [] ∅ ∅",
];

/// An enumeration inside an answer that goes on with the next number cannot be told from the next question.
#[test]
fn a_paper_in_office_style() {
    let file = read("测试.txt", PAPER.as_bytes());
    assert_eq!(file.format, Format::Text);
    assert_eq!(lines(&file), EXPECTED);
    assert_eq!(reasons(&file), Vec::<String>::new());
    let first = &file.questions[0];
    assert_eq!((first.row, first.sources[0].article.as_deref(), first.sources[0].item), (5, Some("8"), Some(3)));
    assert_eq!(first.sources[0].words.as_deref(), Some("记大过，十八个月"));
    assert_eq!(file.questions[2].topics, ["监察对象", "监察职责"]);
    assert_eq!(file.questions[2].draft.prior_facility, Some(0.5));
    assert_eq!(item(&file.questions[9]).reference.as_deref(), Some("有三种。\n第一种是警告；"));
}

#[test]
fn gb18030_and_windows_line_ends_make_no_difference() {
    let bytes = encoding_rs::GB18030.encode(&PAPER.replace('\n', "\r\n")).0.into_owned();
    assert_eq!(lines(&read("测试.txt", &bytes)), EXPECTED);
}

#[test]
fn answers_at_the_end() {
    let text = "一、单选题\n1.甲？\nA.子\nB.丑\n2.乙？\nA.子\nB.丑\n二、判断题\n1.丙。\n2.丁。\n\n参考答案\n一、单选题：1-2 BA\n二、判断题\n1.√ 2.×\n3.√\n";
    let file = read("x.txt", text.as_bytes());
    assert_eq!(
        lines(&file),
        [
            "single 甲？ [子|丑] \"b\" ∅",
            "single 乙？ [子|丑] \"a\" ∅",
            "judgement 丙。 [] true ∅",
            "judgement 丁。 [] false ∅"
        ]
    );
    assert_eq!(reasons(&file), ["答案“3. √”没有对应的题目，请核对题号"]);
    let inline = "1.甲？\nA.子 B.丑\n2.乙？\nA.子 B.丑\n答案及解析\n1.【答案】B【解析】因为甲。\n2.A\n解析：因为乙。\n";
    assert_eq!(
        lines(&read("x.txt", inline.as_bytes())),
        ["single 甲？ [子|丑] \"b\" 因为甲。", "single 乙？ [子|丑] \"a\" 因为乙。"]
    );
}

#[test]
fn stems_without_numbers() {
    let text = "某单位测试题\n\n甲是哪一个？\nA. 子\nB. 丑\n答案：B\n乙是哪一个？\nA. 子\nB. 丑\n答案：A\n解析：因为。\n丙是哪一个？\nA. 子\nB. 丑\n答案：A\n丁对不对。\n答案：对\n";
    assert_eq!(
        lines(&read("x.txt", text.as_bytes())),
        [
            "single 甲是哪一个？ [子|丑] \"b\" ∅",
            "single 乙是哪一个？ [子|丑] \"a\" 因为。",
            "single 丙是哪一个？ [子|丑] \"a\" ∅",
            "judgement 丁对不对。 [] true ∅"
        ]
    );
}

#[test]
fn what_does_not_fit_is_named_with_its_line() {
    let text = "1. 甲？\nA. 子\nB. 丑\n答案：E\n来路不明的一行\n2. 乙？\nA. 子\nB. 丑\n答案：第二个\n依据：有关规定\n";
    let file = read("x.txt", text.as_bytes());
    assert_eq!(file.questions.len(), 2);
    let reasons = reasons(&file);
    for word in ["没有归到任何题目", "答案里有 E", "看不懂", "没有认出《法规》"] {
        assert!(reasons.iter().any(|reason| reason.contains(word)), "{word}: {reasons:?}");
    }
    assert_eq!(file.problems[0].row, Some(5));
}

fn paragraph(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    let (head, tail) = text.split_at(text.char_indices().nth(3).map_or(text.len(), |(at, _)| at));
    format!(
        "<w:p><w:pPr><w:ind w:firstLine=\"420\"/></w:pPr><w:r><w:rPr><w:rFonts w:hint=\"eastAsia\"/></w:rPr><w:t xml:space=\"preserve\">{head}</w:t></w:r><w:r><w:t xml:space=\"preserve\">{tail}</w:t></w:r></w:p>"
    )
}

#[test]
fn a_word_document() {
    let body: String = PAPER.lines().map(paragraph).collect();
    let file = read("测试.docx", &docx_of(&body));
    assert_eq!(file.format, Format::Docx);
    assert_eq!(lines(&file), EXPECTED);
}

fn numbered(text: &str, list: u32, level: u32) -> String {
    format!(
        "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{list}\"/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
    )
}

/// The program numbers stems and options itself: the numbers do not stand in the text.
#[test]
fn numbers_that_the_program_gives() {
    let numbering = r#"<?xml version="1.0"?><w:numbering xmlns:w="urn:w">
        <w:abstractNum w:abstractNumId="3"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="upperLetter"/></w:lvl></w:abstractNum>
        <w:abstractNum w:abstractNumId="4"><w:lvl w:ilvl="0"><w:numFmt w:val="upperLetter"/></w:lvl></w:abstractNum>
        <w:num w:numId="1"><w:abstractNumId w:val="3"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="4"/></w:num></w:numbering>"#;
    let body = [
        paragraph("一、单项选择题"),
        numbered("甲是哪一个？", 1, 0),
        numbered("子", 1, 1),
        numbered("丑", 1, 1),
        paragraph("答案：B"),
        numbered("乙是哪一个？", 1, 0),
        numbered("子", 2, 0),
        numbered("丑", 2, 0),
        paragraph("答案：A"),
    ]
    .concat();
    let document =
        format!("<?xml version=\"1.0\"?><w:document xmlns:w=\"urn:w\"><w:body>{body}<w:sectPr/></w:body></w:document>");
    // LibreOffice and WPS name their parts alike; some write a back slash or a number.
    for main in ["word/document.xml", "word\\document.xml", "/word/document2.xml"] {
        let bytes =
            zip_of(&[("[Content_Types].xml", "<Types/>"), ("word/numbering.xml", numbering), (main, &document)]);
        assert_eq!(
            lines(&read("x.docx", &bytes)),
            ["single 甲是哪一个？ [子|丑] \"b\" ∅", "single 乙是哪一个？ [子|丑] \"a\" ∅"],
            "{main}"
        );
    }
}

/// WPS breaks lines inside a paragraph; changes that were made with tracking are read as accepted.
#[test]
fn breaks_inside_a_paragraph_and_tracked_changes() {
    let body = "<w:p><w:r><w:t>1. 甲是</w:t></w:r><w:del><w:r><w:delText>谁</w:delText></w:r></w:del><w:ins><w:r><w:t>哪一个？</w:t></w:r></w:ins>\
        <w:r><w:br/><w:t>A. 子</w:t></w:r><w:r><w:tab/><w:t>B. 丑</w:t></w:r><w:r><w:br/></w:r><w:r><w:t>答案：B</w:t></w:r></w:p>";
    assert_eq!(lines(&read("x.docx", &docx_of(body))), ["single 甲是哪一个？ [子|丑] \"b\" ∅"]);
}

#[test]
fn a_table_in_a_document() {
    let cell = |text: &str| format!("<w:tc>{}</w:tc>", paragraph(text));
    let row = |cells: &[&str]| format!("<w:tr>{}</w:tr>", cells.iter().map(|text| cell(text)).collect::<String>());
    let table = format!(
        "<w:tbl>{}{}{}</w:tbl>",
        row(&["题型", "题干", "选项A", "选项B", "答案"]),
        row(&["单选", "甲？", "子", "丑", "B"]),
        row(&["判断", "乙。", "", "", "对"]),
    );
    let both = format!("{}{table}{}", paragraph("题目如下"), paragraph("完"));
    assert_eq!(lines(&read("x.docx", &docx_of(&both))), ["single 甲？ [子|丑] \"b\" ∅", "judgement 乙。 [] true ∅"]);
}
