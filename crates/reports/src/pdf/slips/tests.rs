use lopdf::Document;
use typst::layout::{Frame, FrameItem, Point, Size};

use super::super::document::lay_out;
use super::super::fonts::installed;
use super::*;

fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

fn slip(name: &str, login: &str) -> Slip {
    Slip {
        name: name.to_owned(),
        login: login.to_owned(),
        code: "A2B3CD4E5F".to_owned(),
        valid_until: at("2026-12-24T17:30:59"),
        link: Some(format!("https://jifa.example.gov.cn/activate.html#login={login}&code=A2B3CD4E5F")),
    }
}

fn unit(name: &str, slips: Vec<Slip>) -> UnitSlips {
    UnitSlips { unit: name.to_owned(), slips }
}

fn sheet(units: Vec<UnitSlips>) -> SlipSheet {
    SlipSheet {
        title: "示范区 · 知戒纪法知识测试".to_owned(),
        address: Some("https://jifa.example.gov.cn/activate.html".to_owned()),
        units,
    }
}

fn print(sheet: &SlipSheet) -> Pdf {
    activation_slips(sheet, installed(), at("2026-11-24T10:32:00")).unwrap()
}

/// The text of each page as a viewer finds it, without blanks.
fn texts(pdf: &Pdf) -> Vec<String> {
    let document = Document::load_mem(&pdf.bytes).unwrap();
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    assert_eq!(pages.len(), pdf.pages);
    pages.iter().map(|page| plain(&document.extract_text(&[*page]).unwrap())).collect()
}

/// Without blanks, and without the places at which a long word may break.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200b}').collect()
}

#[test]
fn each_unit_begins_a_page_and_ten_slips_fill_one() {
    let people = |count: usize, from: usize| (from..from + count).map(|n| slip(&format!("王{n}号"), &format!("{n}")));
    let pdf = print(&sheet(vec![
        unit("城关镇", people(23, 100).collect()),
        unit("区审计局", vec![]),
        unit("城关镇 东村", people(10, 200).collect()),
        unit("区财政局", people(1, 300).collect()),
    ]));
    let pages = texts(&pdf);
    assert_eq!(pages.len(), 5);
    let counts: Vec<usize> = pages.iter().map(|text| text.matches("登录名").count()).collect();
    // The word stands on each slip, and in what it says to do.
    assert_eq!(counts, [20, 20, 6, 20, 2]);
    for (page, wanted) in [
        (0, "城关镇|激活条共23张|本单位第1/3页|全部第1/5页|王100号|王109号|2026年11月24日10:32生成"),
        (1, "城关镇|激活条共23张|本单位第2/3页|全部第2/5页|王110号|王119号"),
        (2, "城关镇|激活条共23张|本单位第3/3页|全部第3/5页|王120号|王122号"),
        (3, "城关镇东村|激活条共10张|本单位第1/1页|全部第4/5页|王200号|王209号"),
        (4, "区财政局|激活条共1张|本单位第1/1页|全部第5/5页|王300号"),
    ] {
        for part in wanted.split('|').chain(["内部材料，当面发放"]) {
            assert!(pages[page].contains(part), "page {page} lacks {part}: {}", pages[page]);
        }
    }
    assert!(!pages.iter().any(|text| text.contains("审计局")));
}

#[test]
fn a_slip_says_all_that_one_needs() {
    let text = texts(&print(&sheet(vec![unit("区财政局", vec![slip("张三", "20260001")])]))).concat();
    for part in [
        "示范区·知戒纪法知识测试",
        "张三",
        "区财政局",
        "登录名20260001",
        "激活码A2B3CD4E5F",
        "有效期至2026年12月24日17:30",
        "扫码，或打开https://jifa.example.gov.cn/activate.html输入登录名和激活码，自设密码。请勿外传。",
    ] {
        assert!(text.contains(part), "{part} is missing: {text}");
    }
}

#[test]
fn without_an_address_there_is_no_qr_code() {
    let pictures = |sheet: &SlipSheet| {
        let made_at = at("2026-11-24T10:32:00");
        let values = values_of_sheet(sheet, made_at, &mut Writer::new(installed())).unwrap();
        let document = lay_out(&SLIPS, values, installed(), made_at).unwrap();
        let things = document.pages().iter().flat_map(|page| boxes(&page.frame, Point::zero()));
        things.filter(|(_, what)| what == "the QR code").count()
    };
    let with = sheet(vec![unit("区财政局", vec![slip("张三", "1"), slip("李四", "2")])]);
    assert_eq!(pictures(&with), 2);
    let plain = |slip: Slip| Slip { link: None, ..slip };
    let without = SlipSheet {
        address: None,
        ..sheet(vec![unit("区财政局", vec![plain(slip("张三", "1")), plain(slip("李四", "2"))])])
    };
    assert_eq!(pictures(&without), 0);
    let text = texts(&print(&without)).concat();
    assert!(text.contains("打开答题系统的激活页") && !text.contains("扫码"), "{text}");
}

#[test]
fn the_same_slips_give_the_same_bytes() {
    let slips = sheet(vec![unit("区财政局", (0..13).map(|n| slip("张三", &n.to_string())).collect())]);
    let first = print(&slips);
    assert!(print(&slips) == first, "the same input gave other bytes");
    let later = activation_slips(&slips, installed(), at("2026-11-24T10:33:00")).unwrap();
    assert!(later != first);
}

#[test]
fn no_name_is_an_instruction() {
    for name in [
        "#set page(width: 1cm)",
        "#panic()",
        "#sys.inputs",
        "*张* _三_",
        "]",
        "[张三",
        "\"张\" '三'",
        "$x^2$",
        "<label> @ref",
        "\\u{41}\\",
        "= 标题",
        "- 一 + 二",
        "// 注 /* 释 */",
        "`raw` ```x```",
        "~a--b...c",
        "https://a.cn/x?y#z",
        "O'Brien & <b>",
        "%PDF (张) \\ ) >>",
        "𠮷野䶮𬎆",
        "ﬁ ﬂ ½",
    ] {
        let pdf = print(&sheet(vec![unit(name, vec![slip(name, name)])]));
        let text = texts(&pdf).concat();
        let wanted: String = name.split_whitespace().collect();
        // In the heading, and on the slip as unit, name and login.
        assert_eq!(text.matches(&wanted).count(), 4, "{name}: {text}");
        assert_eq!((pdf.pages, pdf.lacking), (1, vec![]), "{name}");
        assert!(text.contains("有效期至2026年12月24日17:30"), "{name}: {text}");
    }
}

#[test]
fn several_lines_and_turned_text_become_one_plain_line() {
    let pdf = print(&sheet(vec![unit("区\n财政局", vec![slip("张\r\n三\u{202e}丰\u{0}", "1\t2")])]));
    let text = texts(&pdf).concat();
    for part in ["区财政局", "张三丰", "登录名12"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn what_no_font_has_is_shown_and_reported() {
    let pdf =
        print(&sheet(vec![unit("区财政局", vec![slip("张\u{10fffd}三", "1"), slip("李□四", "2"), slip("王五", "3")])]));
    assert_eq!(pdf.lacking, ['\u{10fffd}']);
    let text = texts(&pdf).concat();
    assert!(text.contains("张□三"), "{text}");
    assert_eq!(text.matches("请手写补上").count(), 1, "{text}");
}

/// Left, top, right and bottom in points of whatever is printed on a page, with what it is.
fn boxes(frame: &Frame, at: Point) -> Vec<([f64; 4], String)> {
    let area = |corner: Point, size: Size, what: String| {
        let end = corner + size.to_point();
        ([corner.x.to_pt(), corner.y.to_pt(), end.x.to_pt(), end.y.to_pt()], what)
    };
    let of = |(place, item): &(Point, FrameItem)| {
        let at = at + *place;
        match item {
            FrameItem::Group(group) if group.clip.is_some() => vec![area(at, group.frame.size(), "cut off".to_owned())],
            FrameItem::Group(group) => {
                assert!(group.transform.is_only_translate());
                boxes(&group.frame, at + Point::new(group.transform.tx, group.transform.ty))
            }
            FrameItem::Text(text) => {
                let height = text.size * 0.7;
                vec![area(at - Point::with_y(height), Size::new(text.width(), height), text.text.to_string())]
            }
            FrameItem::Image(_, size, _) => vec![area(at, *size, "the QR code".to_owned())],
            _ => vec![],
        }
    };
    frame.items().flat_map(of).collect()
}

#[test]
fn nothing_lies_on_anything_else() {
    let long = "长".repeat(290);
    let wide = "W".repeat(290);
    let address = format!("https://{}.gov.cn/activate.html", "a".repeat(100));
    let mild = "西河镇人民政府 农业农村综合服务中心（农产品质量安全监管站） 第一办公室";
    let texts = ["张三", "阿卜杜热合曼·买买提艾力江·吐尔逊\u{10ffff}", "zhangsan@example.gov.cn", mild, &wide, &long];
    for (unit_name, address) in texts.iter().flat_map(|text| [(text, Some(&address)), (text, None)]) {
        let slips = texts.iter().map(|text| slip(text, text)).chain([Slip { link: None, ..slip(mild, mild) }]);
        let sheet = SlipSheet {
            title: (*unit_name).to_string(),
            address: address.cloned(),
            units: vec![unit(unit_name, slips.collect())],
        };
        let made_at = at("2026-11-24T10:32:00");
        let values = values_of_sheet(&sheet, made_at, &mut Writer::new(installed())).unwrap();
        let document = lay_out(&SLIPS, values, installed(), made_at).unwrap();
        assert_eq!(document.pages().len(), 1);
        let boxes = boxes(&document.pages()[0].frame, Point::zero());
        assert!(boxes.len() > 60, "{} things on the page", boxes.len());
        // A4 less what printers cannot reach; half a point is no harm.
        let (width, height, edge) = (595.3, 841.9, 14.0);
        for (index, ([left, top, right, bottom], what)) in boxes.iter().enumerate() {
            let within = *left > edge && *top > edge && *right < width - edge && *bottom < height - edge;
            assert!(within, "{what} is outside: {left} {top} {right} {bottom}");
            for ([other_left, other_top, other_right, other_bottom], other) in &boxes[index + 1..] {
                let apart = other_left + 0.5 >= *right
                    || other_right - 0.5 <= *left
                    || other_top + 0.5 >= *bottom
                    || other_bottom - 0.5 <= *top;
                assert!(apart, "{what} and {other} overlap");
            }
        }
    }
}

#[test]
fn what_is_very_long_is_still_there() {
    let address = format!("https://{}.gov.cn/activate.html", "a".repeat(100));
    for name in ["阿卜杜热合曼·买买提艾力江", &"W".repeat(100), &"长".repeat(60)] {
        let pdf =
            print(&SlipSheet { address: Some(address.clone()), ..sheet(vec![unit(name, vec![slip(name, name)])]) });
        let text = texts(&pdf).concat();
        assert_eq!(text.matches(name).count(), 4, "{text}");
        assert!(text.contains(&address), "{text}");
    }
}

#[test]
fn refusals() {
    let refused = |sheet: &SlipSheet| activation_slips(sheet, installed(), at("2026-11-24T10:32:00")).unwrap_err();
    for units in [vec![], vec![unit("区财政局", vec![])]] {
        let error = refused(&sheet(units));
        assert!(matches!(error, PdfError::Empty(_)) && error.to_string().contains("没有需要发码的人"), "{error}");
    }
    let many = vec![slip("张三", "1"); MAX_SLIPS + 1];
    assert_eq!(
        refused(&sheet(vec![unit("区", many)])).to_string(),
        "激活条共 5001 张，一次最多 5000 张，请按下级单位分批"
    );
    let error = refused(&sheet(vec![unit("区", vec![slip("张三", &"a".repeat(3_000))])]));
    assert!(error.to_string().contains("无法生成二维码"), "{error}");
}
