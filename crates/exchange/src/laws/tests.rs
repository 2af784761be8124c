//! Whole files. The texts are invented: no sentence of a law stands here.

use super::fixtures::{docx_of, docx_of_lines, html_of_lines};
use super::*;
use encoding_rs::GB18030;
use proptest::prelude::*;

const TITLE: &str = "某某市茶水管理条例";

const TEXT: &str = "某某市茶水管理条例
（2031年2月3日某某市茶话会第二次会议通过）
目　录
第一章　喝茶
　第一节　绿茶
第二章　红茶
第一章　喝茶
第一节　绿茶
第一条　茶要趁热喝。
第二条　下列茶叶不得冲泡：
（一）受潮的；
（二）本条例第三条所称的陈茶。
第三条规定的茶杯除外。
第三条　陈茶，是指存放过久的茶叶。
第三条之一　存放多久，由喝茶的人自己尝。
第二章　红茶
第四条　红茶可以加糖。
　　加奶的，参照第四条第一款办理。
第五条　茶杯用后应当洗净。
附件：茶杯样式
某某市茶话会
2031年2月3日
";

fn lines_of(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

fn read(name: &str, bytes: &[u8]) -> Result<Vec<ImportedLaw>, LawFileError> {
    parse(name, bytes, &Limits::default())
}

fn one(name: &str, bytes: &[u8]) -> ImportedLaw {
    let mut laws = read(name, bytes).unwrap();
    assert_eq!(laws.len(), 1);
    laws.remove(0)
}

fn pairs(law: &ImportedLaw) -> Vec<(&str, &str, &str)> {
    law.articles.iter().map(|article| (article.no.as_str(), article.label.as_str(), article.text.as_str())).collect()
}

#[test]
fn the_same_law_in_every_kind_of_file() {
    let expected = [
        ("1", "第一条", "茶要趁热喝。"),
        ("2", "第二条", "下列茶叶不得冲泡：\n（一）受潮的；\n（二）本条例第三条所称的陈茶。\n第三条规定的茶杯除外。"),
        ("3", "第三条", "陈茶，是指存放过久的茶叶。"),
        ("3-1", "第三条之一", "存放多久，由喝茶的人自己尝。"),
        ("4", "第四条", "红茶可以加糖。\n加奶的，参照第四条第一款办理。"),
        ("5", "第五条", "茶杯用后应当洗净。"),
    ];
    let lines = lines_of(TEXT);
    let utf16: Vec<u8> = std::iter::once(0xFEFF).chain(TEXT.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for (name, bytes) in [
        ("a.txt", TEXT.as_bytes().to_vec()),
        ("b.txt", TEXT.replace('\n', "\r\n").into_bytes()),
        ("c.txt", GB18030.encode(TEXT).0.into_owned()),
        ("d.txt", utf16),
        ("e.txt", TEXT.replace('\n', "\n\n　　").into_bytes()),
        ("f.docx", docx_of_lines(&lines)),
        ("g.html", html_of_lines("utf-8", TITLE, &lines).into_bytes()),
        ("h.htm", GB18030.encode(&html_of_lines("gb2312", TITLE, &lines)).0.into_owned()),
        ("i.txt", html_of_lines("utf-8", TITLE, &lines).into_bytes()),
        ("j.txt", lines.join("<br>").into_bytes()),
    ] {
        let law = one(name, &bytes);
        assert_eq!(pairs(&law), expected, "{name}");
        assert_eq!(law.title.as_deref(), Some(TITLE), "{name}");
        assert_eq!(law.edition_id, None);
    }
}

#[test]
fn texts_that_count_otherwise() {
    let clauses = "某某市关于喝茶的八条意见\n为了好好喝茶，提出如下意见：\n一、茶要热。\n（一）绿茶；\n（二）红茶。\n二、杯要净\n洗净为止。\n三、人要静。\n某某市茶话会\n2031年2月3日";
    let law = one("a.txt", clauses.as_bytes());
    assert_eq!(
        pairs(&law),
        [
            ("1", "一、", "茶要热。\n（一）绿茶；\n（二）红茶。"),
            ("2", "二、", "杯要净\n洗净为止。"),
            ("3", "三、", "人要静。")
        ]
    );
    let items = "某某市关于喝茶的规定\n（一）茶要热。\n（二）杯要净。";
    assert_eq!(pairs(&one("a.txt", items.as_bytes())), [("1", "（一）", "茶要热。"), ("2", "（二）", "杯要净。")]);
    let whole = "某某市茶话会关于茶水条例第三条的解释\n（2031年2月3日通过）\n茶话会讨论了陈茶的含义，解释如下：\n下列是陈茶：\n（一）存放过久的；\n（二）受潮的。\n现予公告。\n某某市茶话会";
    assert_eq!(
        pairs(&one("a.txt", whole.as_bytes())),
        [(
            "1",
            "全文",
            "茶话会讨论了陈茶的含义，解释如下：\n下列是陈茶：\n（一）存放过久的；\n（二）受潮的。\n现予公告。"
        )]
    );
}

#[test]
fn an_amendment_that_quotes_articles_counts_by_clauses() {
    let text = "某某市茶水条例修正案\n一、将第十条修改为：\n“第十条　茶要热。\n杯要净。”\n二、增加一条，作为第十一条：\n第十一条　人要静。\n三、本修正案自公布之日起施行。";
    let law = one("a.txt", text.as_bytes());
    let numbers: Vec<&str> = law.articles.iter().map(|article| article.no.as_str()).collect();
    assert_eq!(numbers, ["1", "2", "3"]);
    assert!(law.articles[1].text.ends_with("第十一条　人要静。"));
}

#[test]
fn preambles_are_article_zero() {
    let text = "某某会茶水章程\n目　录\n总　纲\n第一章　甲\n总　纲\n茶是好东西。\n茶要常喝。\n第一章　甲\n第一条　茶要热。\n第二条　杯要净。";
    assert_eq!(
        pairs(&one("a.txt", text.as_bytes()))[..2],
        [("0", "总纲", "茶是好东西。\n茶要常喝。"), ("1", "第一条", "茶要热。")]
    );
}

#[test]
fn contents_by_articles_are_no_text() {
    let text = "第一条\n第二条\n第三条\n某某市茶水条例\n第一条\n茶要热。\n第二条\n杯要净。\n第三条\n人要静。";
    let law = one("a.txt", text.as_bytes());
    assert_eq!(pairs(&law), [("1", "第一条", "茶要热。"), ("2", "第二条", "杯要净。"), ("3", "第三条", "人要静。")]);
}

#[test]
fn two_laws_in_one_text() {
    let text = "甲乙市茶水条例\n第一条 甲。\n第二条 乙。\n甲乙市咖啡条例\n第一条 丙。\n第二条 丁。\n";
    let laws = read("a.txt", text.as_bytes()).unwrap();
    let titles: Vec<Option<&str>> = laws.iter().map(|law| law.title.as_deref()).collect();
    assert_eq!(titles, [Some("甲乙市茶水条例"), Some("甲乙市咖啡条例")]);
    assert_eq!(pairs(&laws[0])[1], ("2", "第二条", "乙。"));
    assert_eq!(pairs(&laws[1])[1], ("2", "第二条", "丁。"));
}

#[test]
fn markdown_arabic_numbers_and_gists() {
    let text = "# 某某市茶水条例\n## 第一章 总则\n**第1条**　【喝茶】茶要热。\n第 2 条：杯要净。\n第３条 人要静。";
    assert_eq!(
        pairs(&one("a.md", text.as_bytes())),
        [("1", "第1条", "茶要热。"), ("2", "第2条", "杯要净。"), ("3", "第３条", "人要静。")]
    );
}

#[test]
fn a_page_wrapped_in_navigation_is_read_all_the_same() {
    let page = "<body><nav><p>第一条 茶要热。</p><p>第二条 杯要净。</p></body>";
    assert_eq!(one("a.html", page.as_bytes()).articles.len(), 2);
}

#[test]
fn what_is_no_law_says_what_to_do() {
    let old = [&CFB_MAGIC[..], &[0; 600]].concat();
    let numbered = docx_of("<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>茶要热。</w:t></w:r></w:p>");
    for (name, bytes, part) in [
        ("a.doc", old.as_slice(), "另存为“Word 文档（.docx）”"),
        ("a.pdf", b"%PDF-1.7", "PDF"),
        ("a.rtf", b"{\\rtf1", "RTF"),
        ("a.txt", b"", "文件是空的"),
        ("a.txt", "\u{FEFF} \r\n".as_bytes(), "文件是空的"),
        ("a.txt", b"ab\0cd", "不是文本"),
        ("a.txt", b"\xFF\xFF\xFF\xFF", "编码无法识别"),
        ("a.txt", "只是说到第一条。".as_bytes(), "没有找到条文"),
        ("a.docx", numbered.as_slice(), "自动编号"),
        ("a.docx", b"PK\x03\x04", "已损坏"),
        ("a.mht", b"MIME-Version: 1.0\r\n\r\n", "mht"),
        ("a.xml", b"<?xml version='1.0'?><?mso-application progid=\"Word.Document\"?>", "Word 2003"),
        ("a.json", b"[{\"record\":", "JSON"),
    ] {
        let message = read(name, bytes).unwrap_err().to_string();
        assert!(message.contains(part), "{name}: {message}");
    }
    let mut broken = "第一条 茶要热。\n".to_owned();
    broken.push_str(&"茶。\n".repeat(400));
    let mut broken = broken.into_bytes();
    broken.extend("坏".bytes().take(2).chain("。\n".bytes()));
    let message = read("a.txt", &broken).unwrap_err().to_string();
    assert!(message.starts_with("第一条中有无法识别的字符"), "{message}");
}

#[test]
fn limits_hold() {
    let text = "第一条 甲。\n第二条 乙。\n第三条 丙。\n";
    let with = |limits: Limits| parse("a.txt", text.as_bytes(), &limits);
    assert!(with(Limits { articles: 3, lines: 3, ..Limits::default() }).is_ok());
    assert_eq!(with(Limits { articles: 2, ..Limits::default() }), Err(LawFileError::TooManyArticles { limit: 2 }));
    assert_eq!(with(Limits { lines: 2, ..Limits::default() }), Err(LawFileError::TooManyLines { limit: 2 }));
    assert_eq!(
        with(Limits { file_bytes: 8, ..Limits::default() }),
        Err(LawFileError::FileTooLarge { limit_mebibytes: 0 })
    );
}

#[derive(Debug, Clone)]
struct Invented {
    numbers: Vec<(u32, u32)>,
    texts: Vec<Vec<String>>,
}

impl Invented {
    fn label(key: (u32, u32)) -> String {
        match key {
            (number, 0) => format!("第{}条", numerals::chinese(number)),
            (number, sub) => format!("第{}条之{}", numerals::chinese(number), numerals::chinese(sub)),
        }
    }

    fn lines(&self) -> Vec<String> {
        let mut lines = vec![TITLE.to_owned(), "目　录".to_owned(), "第一章　喝茶".to_owned()];
        for (index, (key, text)) in self.numbers.iter().zip(&self.texts).enumerate() {
            if index % 7 == 0 {
                lines.push(format!("第{}章　喝茶", numerals::chinese(u32::try_from(index / 7 + 1).unwrap())));
            }
            lines.push(format!("{}　{}", Self::label(*key), text[0]));
            lines.extend(text[1..].iter().cloned());
        }
        lines
    }

    fn expected(&self) -> Vec<ImportedArticle> {
        let no = |key: &(u32, u32)| match *key {
            (number, 0) => number.to_string(),
            (number, sub) => format!("{number}-{sub}"),
        };
        self.numbers
            .iter()
            .zip(&self.texts)
            .map(|(key, text)| ImportedArticle { no: no(key), label: Self::label(*key), text: text.join("\n") })
            .collect()
    }
}

/// Paragraphs of tea talk, some of which begin as an article would.
fn paragraph() -> impl Strategy<Value = String> {
    (
        prop_oneof![
            6 => Just(String::new()),
            1 => (1_u32..90).prop_map(|number| format!("第{}条规定的", numerals::chinese(number))),
            1 => (1_u32..90).prop_map(|number| format!("第{}条第二款所称", numerals::chinese(number))),
            1 => (1_u32..9).prop_map(|number| format!("（{}）", numerals::chinese(number))),
        ],
        "[茶水杯碗壶叶热凉红绿，、]{1,40}[茶水杯碗]",
        prop_oneof![Just("。"), Just("；"), Just("：")],
    )
        .prop_map(|(head, middle, end)| format!("{head}{middle}{end}"))
}

fn invented() -> impl Strategy<Value = Invented> {
    let steps = proptest::collection::vec(
        (
            prop_oneof![8 => Just(false), 1 => Just(true)],
            proptest::collection::vec(paragraph(), 0..4),
            "[茶水杯]{2,20}。",
        ),
        2..60,
    );
    steps.prop_map(|steps| {
        let (mut numbers, mut texts) = (Vec::new(), Vec::new());
        let mut key = (0, 0);
        for (sub, mut paragraphs, close) in steps {
            key = if sub && key.0 > 0 { (key.0, key.1 + 1) } else { (key.0 + 1, 0) };
            numbers.push(key);
            paragraphs.push(close);
            texts.push(paragraphs);
        }
        Invented { numbers, texts }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn joined_articles_come_back(law in invented()) {
        // The first paragraph stands on the label's line: a mention there is none at a line's beginning.
        let lines = law.lines();
        for (name, bytes) in [
            ("a.txt", lines.join("\n").into_bytes()),
            ("a.docx", docx_of_lines(&lines)),
            ("a.html", GB18030.encode(&html_of_lines("gbk", TITLE, &lines)).0.into_owned()),
        ] {
            let found = one(name, &bytes);
            prop_assert_eq!(&found.articles, &law.expected());
            prop_assert_eq!(found.title.as_deref(), Some(TITLE));
        }
    }
}

/// Bytes that look like something.
fn noise() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        any::<Vec<u8>>(),
        "\\PC{0,20}".prop_map(String::into_bytes),
        prop::sample::select(vec![
            "第一条",
            "第二条　",
            "第十条之一",
            "一、",
            "（一）",
            "\n",
            "。",
            "：",
            "目录",
            "附件",
            "<p>",
            "</p>",
            "<table>",
            "<tr>",
            "<td>",
            "</table>",
            "<nav>",
            "<br>",
            "<title>",
            "<script>",
            "&#0;",
            "&nbsp;",
            "《》",
            "（",
            "）",
            "【",
            "】",
            "第",
            "条",
            "千百十",
            "\u{3000}\u{3000}",
            "{\"record\":\"law\",\"id\":\"a\"}",
            "[{",
            "总纲",
            "关于",
            "条例",
            "\u{FFFD}",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn nothing_panics(bytes in noise(), name in prop::sample::select(vec!["a.txt", "a.html", "a.docx", "", "。_（"])) {
        let tight = Limits { lines: 50, articles: 10, expanded_bytes: 2_000, ..Limits::default() };
        for limits in [Limits::default(), tight] {
            if let Err(error) = parse(name, &bytes, &limits) {
                prop_assert!(!error.to_string().is_empty());
            }
        }
        let xml = String::from_utf8_lossy(&bytes);
        let _ = read(name, &docx_of(&xml));
        let _ = read(name, &docx_of_lines(&[xml.replace(char::is_control, " ")]));
    }

    #[test]
    fn a_damaged_file_is_an_error_or_a_text(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = docx_of_lines(&lines_of(TEXT));
        let at = at.index(bytes.len());
        if cut {
            bytes.truncate(at);
        } else {
            bytes[at] = byte;
        }
        if let Ok(laws) = read("a.docx", &bytes) {
            prop_assert!(laws.iter().all(|law| law.articles.iter().all(|article| !article.text.is_empty())));
        }
    }
}
