//! Usual spellings of levels in a 花名册.

use super::{Category, ListEntry};
use crate::text::squeeze;

/// Half-width, no spaces, brackets and quotes dropped with their signs only, Arabic numerals before 级 as Chinese ones.
pub(super) fn fold(text: &str) -> String {
    let bare: String = squeeze(text)
        .chars()
        .filter(|c| {
            !matches!(c, '(' | ')' | '[' | ']' | '【' | '】' | '〔' | '〕' | '“' | '”' | '"' | '\'' | '、' | '·')
        })
        .collect();
    if !bare.contains(|c: char| c.is_ascii_digit()) {
        return bare;
    }
    const NUMERALS: [(&str, &str); 10] = [
        ("10级", "十级"),
        ("1级", "一级"),
        ("2级", "二级"),
        ("3级", "三级"),
        ("4级", "四级"),
        ("5级", "五级"),
        ("6级", "六级"),
        ("7级", "七级"),
        ("8级", "八级"),
        ("9级", "九级"),
    ];
    NUMERALS.iter().fold(bare, |text, (arabic, han)| text.replace(arabic, han))
}

/// The slug of a text: by title, slug or spelling of the list, else by a usual spelling whose slug the list has.
pub(super) fn find(list: &[ListEntry], text: &str, alias: fn(&str) -> Option<&'static str>) -> Option<String> {
    let text = fold(text);
    let by_title = list.iter().find(|entry| fold(&entry.title) == text || entry.slug == text);
    let by_spelling = || list.iter().find(|entry| entry.spellings.iter().any(|spelling| fold(spelling) == text));
    let found = by_title.or_else(by_spelling).or_else(|| {
        let slug = alias(&text)?;
        list.iter().find(|entry| entry.slug == slug)
    });
    found.map(|entry| entry.slug.clone())
}

pub(super) fn post_level_alias(text: &str) -> Option<&'static str> {
    let mut text = text;
    for tail in ["领导干部", "领导职务", "领导", "实职", "职务", "干部"] {
        text = text.strip_suffix(tail).unwrap_or(text);
    }
    match text {
        "正处" | "正处级" | "正县" | "正县级" | "正县处" | "正县处级" | "处级正职" | "县级正职" | "县处正职" => {
            Some("xianchuji-zhengzhi")
        }
        "副处" | "副处级" | "副县" | "副县级" | "副县处" | "副县处级" | "处级副职" | "县级副职" | "县处副职" => {
            Some("xianchuji-fuzhi")
        }
        "正科" | "正科级" | "正乡科" | "正乡科级" | "科级正职" | "乡科正职" | "正乡级" | "正镇级" => {
            Some("xiangkeji-zhengzhi")
        }
        "副科" | "副科级" | "副乡科" | "副乡科级" | "科级副职" | "乡科副职" | "副乡级" | "副镇级" => {
            Some("xiangkeji-fuzhi")
        }
        "无" | "非" | "没有" | "无职务" | "-" | "--" | "—" | "/" | "一般" | "股级" | "正股" | "副股" | "正股级"
        | "副股级" => Some("wu"),
        _ => None,
    }
}

pub(super) fn rank_alias(text: &str) -> Option<&'static str> {
    if matches!(text, "无" | "-" | "--" | "—" | "/") {
        return Some("wu");
    }
    if text.contains("试用") || text.contains("见习") {
        return Some("shiyongqi");
    }
    if text.starts_with("专业技术") || text.starts_with("专技") {
        return Some("zhuanye-jishu");
    }
    if text.contains("工勤") || matches!(text, "高级工" | "中级工" | "初级工" | "技师" | "高级技师" | "普通工")
    {
        return Some("gongqin");
    }
    const GRADES: [(&str, &str); 6] = [
        ("五级", "guanli-wuji"),
        ("六级", "guanli-liuji"),
        ("七级", "guanli-qiji"),
        ("八级", "guanli-baji"),
        ("九级", "guanli-jiuji"),
        ("十级", "guanli-shiji"),
    ];
    let grade =
        ["管理岗位", "管理岗", "管理", "职员"].iter().fold(text.to_owned(), |text, word| text.replace(word, ""));
    if grade != text {
        return GRADES.iter().find(|(title, _)| *title == grade).map(|(_, slug)| *slug);
    }
    None
}

pub(super) fn supervisee_alias(text: &str) -> Option<&'static str> {
    match text {
        "否" | "不是" | "无" | "非" => Some("fei"),
        _ if text.contains("公务员") || text.contains("参公") || text.contains("参照") => Some("gongwuyuan"),
        _ if text.contains("授权") || text.contains("委托") || text.contains("受权") => Some("shouquan-weituo"),
        _ if text.contains("国企") || text.contains("国有企业") => Some("guoqi"),
        _ if text.contains("公办") || text.contains("教育") || text.contains("医疗") => Some("gongban-danwei"),
        _ if text.contains("基层") || text.contains("村") || text.contains("社区") => Some("jiceng-zuzhi"),
        _ if text.starts_with("其他") => Some("qita"),
        _ => None,
    }
}

pub(super) fn category(text: &str) -> Option<Category> {
    let text = fold(text);
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&["工勤", "工人", "机关后勤"]) {
        Some(Category::Worker)
    } else if has(&["公务员", "参公", "参照", "行政编", "选调生"]) || text == "行政" {
        Some(Category::CivilServant)
    } else if has(&["事业"]) {
        Some(Category::Institution)
    } else if has(&["国企", "国有", "企业"]) {
        Some(Category::Enterprise)
    } else if has(&["村", "社区", "两委"]) {
        Some(Category::Village)
    } else {
        None
    }
}
