//! How an article announces itself at the beginning of a line.

use super::numerals;

/// Words that follow 第×条 where it is only mentioned. A line that begins so begins no article, unless white space
/// stands between.
const MENTIONS: [&str; 32] = [
    "规定",
    "所称",
    "所列",
    "所规",
    "所指",
    "所述",
    "所说",
    "所定",
    "的",
    "之",
    "、",
    "，",
    ",",
    "。",
    "；",
    "）",
    "”",
    "中的",
    "中规定",
    "中所",
    "和第",
    "和本",
    "或者",
    "或第",
    "以及",
    "及第",
    "与第",
    "至第",
    "到第",
    "修改为",
    "增加一",
    "删去",
];

/// The beginning of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark<'a> {
    /// 17 of 第十七条之一.
    pub(super) number: u32,
    /// 1 of 第十七条之一, 0 of 第十七条.
    pub(super) sub: u32,
    /// As it stands, without white space.
    pub(super) label: String,
    /// What follows on the line, trimmed.
    pub(super) rest: &'a str,
    /// White space, a colon or the line's end follows the label, as it does where an article really begins.
    pub(super) apart: bool,
}

/// Signs read one by one from the left.
struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    fn new(line: &'a str) -> Self {
        Self { rest: line.trim_start() }
    }

    fn eat(&mut self, signs: &[char]) -> Option<char> {
        let sign = self.rest.chars().next().filter(|sign| signs.contains(sign))?;
        self.rest = self.rest.strip_prefix(sign)?;
        Some(sign)
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// A number; with `spaced`, white space may stand between and after its signs.
    fn number(&mut self, spaced: bool) -> Option<(u32, String)> {
        let inside = |sign: char| numerals::is_numeral(sign) || (spaced && sign.is_whitespace());
        let after = self.rest.trim_start_matches(inside);
        let signs: String =
            self.rest.get(..self.rest.len() - after.len())?.chars().filter(|sign| !sign.is_whitespace()).collect();
        let number = numerals::value(&signs)?;
        self.rest = after;
        Some((number, signs))
    }
}

/// 第十七条之一, at the beginning of a line.
pub(super) fn article(line: &str) -> Option<Mark<'_>> {
    let mut cursor = Cursor::new(line);
    cursor.eat(&['第'])?;
    let (number, signs) = cursor.number(true)?;
    cursor.eat(&['条'])?;
    let mut label = format!("第{signs}条");
    let mut sub = 0;
    let before_sub = cursor.rest;
    if cursor.eat(&['之']).is_some() {
        cursor.skip_space();
        match cursor.number(false) {
            Some((number, signs)) => {
                sub = number;
                label.push('之');
                label.push_str(&signs);
            }
            None => cursor.rest = before_sub,
        }
    }
    let mut apart =
        cursor.rest.starts_with(|sign: char| sign.is_whitespace() || sign == '【') || cursor.rest.is_empty();
    cursor.skip_space();
    if cursor.eat(&['：', ':']).is_some() {
        apart = true;
        cursor.skip_space();
    }
    let mark = Mark { number, sub, label, rest: cursor.rest.trim_end(), apart };
    (apart || !is_mention(mark.rest)).then_some(mark)
}

fn is_mention(rest: &str) -> bool {
    MENTIONS.iter().any(|word| rest.starts_with(word)) || part_of_article(rest)
}

/// 第二款, 第三项, 第四条, or （三）项.
fn part_of_article(rest: &str) -> bool {
    let mut cursor = Cursor::new(rest);
    let opened = cursor.eat(&['第', '（', '(', '—', '-', '～', '~']).is_some();
    if !opened {
        return false;
    }
    cursor.eat(&['（', '(', '第', '—']);
    let numbered = cursor.number(true).is_some();
    cursor.eat(&['）', ')']);
    numbered && cursor.eat(&['款', '项', '条', '目', '编', '章', '节', '至', '、']).is_some()
}

/// 一、 at the beginning of a line.
pub(super) fn clause(line: &str) -> Option<Mark<'_>> {
    let mut cursor = Cursor::new(line);
    let (number, signs) = cursor.number(false)?;
    if signs.chars().any(|sign| sign.is_ascii_digit() || ('０'..='９').contains(&sign)) {
        return None;
    }
    cursor.eat(&['、', '．'])?;
    Some(Mark { number, sub: 0, label: format!("{signs}、"), rest: cursor.rest.trim(), apart: true })
}

/// （一） at the beginning of a line.
pub(super) fn item(line: &str) -> Option<Mark<'_>> {
    let mut cursor = Cursor::new(line);
    cursor.eat(&['（', '('])?;
    let (number, signs) = cursor.number(true)?;
    cursor.eat(&['）', ')'])?;
    Some(Mark { number, sub: 0, label: format!("（{signs}）"), rest: cursor.rest.trim(), apart: true })
}

/// Whether a line is a heading of a part of the law: 第一编, 第二章, 第三节, 第一分编, 第二部分. `apart` tells whether
/// white space or nothing follows the number.
pub(super) fn part_heading(line: &str) -> Option<bool> {
    let mut cursor = Cursor::new(line);
    cursor.eat(&['第'])?;
    cursor.number(true)?;
    match cursor.eat(&['编', '章', '节', '篇', '分', '部'])? {
        '分' => {
            cursor.eat(&['编'])?;
        }
        '部' => {
            cursor.eat(&['分'])?;
        }
        _ => {}
    }
    Some(cursor.rest.is_empty() || cursor.rest.starts_with(char::is_whitespace))
}

/// Whether a line begins as a member of a list: 1. or （一）.
pub(super) fn enumerated(line: &str) -> bool {
    let line = line.trim_start();
    let after = line.trim_start_matches(|sign: char| sign.is_ascii_digit() || ('０'..='９').contains(&sign));
    item(line).is_some() || (after.len() < line.len() && after.starts_with(['.', '．', '、', ')', '）']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles() {
        for (line, number, sub, label, rest) in [
            ("第一条　甲乙丙。", 1, 0, "第一条", "甲乙丙。"),
            ("\u{3000}\u{3000}第 十 七 条 甲", 17, 0, "第十七条", "甲"),
            ("第十七条之一　一切从简。", 17, 1, "第十七条之一", "一切从简。"),
            ("第十七条之 二 甲", 17, 2, "第十七条之二", "甲"),
            ("第一千二百六十条", 1_260, 0, "第一千二百六十条", ""),
            ("第12条 甲", 12, 0, "第12条", "甲"),
            ("第１２条之3：甲", 12, 3, "第１２条之3", "甲"),
            ("第五条甲乙丙。", 5, 0, "第五条", "甲乙丙。"),
            ("第五条及时处理。", 5, 0, "第五条", "及时处理。"),
            ("第五条【职责】甲", 5, 0, "第五条", "【职责】甲"),
        ] {
            let mark = article(line).unwrap();
            assert_eq!((mark.number, mark.sub, mark.label.as_str(), mark.rest), (number, sub, label, rest), "{line}");
        }
        for line in [
            "甲第一条",
            "第一章 甲",
            "第条 甲",
            "第一条第二款所称甲",
            "第一条、第二条规定的甲",
            "第三条规定的甲",
            "第三条的甲",
            "第三条之规定",
            "第三条至第五条",
            "第三条（二）项",
            "“第三条　甲",
        ] {
            assert_eq!(article(line), None, "{line}");
        }
        assert!(article("第五条 甲").unwrap().apart);
        assert!(!article("第五条甲").unwrap().apart);
    }

    #[test]
    fn clauses_and_items() {
        assert_eq!(clause("十二、甲乙").map(|mark| (mark.number, mark.rest)), Some((12, "甲乙")));
        assert_eq!(clause("12、甲乙"), None);
        assert_eq!(clause("一是甲"), None);
        assert_eq!(item("（十二）甲").map(|mark| (mark.number, mark.label)), Some((12, "（十二）".to_owned())));
        assert_eq!(item("( 3 ) 甲").map(|mark| mark.number), Some(3));
        assert_eq!(item("（甲）"), None);
    }

    #[test]
    fn members_of_lists() {
        for (line, member) in [
            ("1. 甲", true),
            ("１２．甲", true),
            ("3、甲", true),
            ("4）甲", true),
            ("（五）甲", true),
            ("2031年2月3日", false),
            ("一、甲", false),
            ("甲", false),
            ("12", false),
        ] {
            assert_eq!(enumerated(line), member, "{line}");
        }
    }

    #[test]
    fn headings() {
        for (line, apart) in [
            ("第一章　总则", true),
            ("第 二 编", true),
            ("第一分编 通则", true),
            ("第三节甲", false),
            ("第二部分 甲", true),
        ] {
            assert_eq!(part_heading(line), Some(apart), "{line}");
        }
        for line in ["第一条 甲", "第一次会议", "章", "第一分类 甲"] {
            assert_eq!(part_heading(line), None, "{line}");
        }
    }
}
