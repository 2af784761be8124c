//! Pages as downloaded from the sites of offices.
//!
//! Only the stream of tags is read, no tree is built: what matters is where lines end and what does not show.

use super::error::LawFileError;
use super::limits::Limits;
use super::lines::{Collector, Document, clean};
use html5gum::{DefaultEmitter, EndTag, StartTag, Token, Tokenizer};

/// Elements that never hold the text.
const NEVER: [&str; 13] = [
    "script", "style", "noscript", "iframe", "select", "button", "textarea", "template", "svg", "object", "rt",
    "audio", "video",
];
/// Elements that by their meaning do not hold the text, though some pages wrap all in them.
const BESIDE: [&str; 3] = ["nav", "footer", "aside"];
/// Elements inside a line.
const INLINE: [&str; 26] = [
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i", "img", "ins", "label", "mark", "q",
    "ruby", "rb", "s", "small", "span", "strong", "sub", "sup", "u", "wbr",
];
/// Elements without an end.
const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];
/// Elements that another of their kind ends.
const ENDED_BY_NEXT: [&str; 6] = ["p", "li", "td", "th", "tr", "option"];

/// Whether the file is a page.
pub(super) fn is_html(file_name: &str, text: &str) -> bool {
    const HEAD_SIGNS: usize = 65_536;
    let ending = file_name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    if matches!(ending.as_deref(), Some("htm" | "html" | "shtml" | "xhtml")) {
        return true;
    }
    let head: String = text.chars().take(HEAD_SIGNS).map(|sign| sign.to_ascii_lowercase()).collect();
    head.trim_start().starts_with('<') || ["<br", "</p>", "</div>", "<body"].iter().any(|tag| head.contains(tag))
}

/// # Errors
/// More lines than allowed.
pub(super) fn read(text: &str, limits: &Limits, skip_beside: bool) -> Result<Document, LawFileError> {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut walk = Walk {
        collector: Collector::new(limits.lines),
        skip_beside,
        skipping: None,
        title: None,
        preformatted: false,
        space: Space::None,
    };
    for token in Tokenizer::new_with_emitter(text, emitter) {
        // The source is a text in memory: it has no errors.
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => walk.start(&tag),
            Token::EndTag(tag) => walk.end(&tag),
            Token::String(text) => walk.write(&String::from_utf8_lossy(&text.value)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    let page_title = walk.title.map(|title| clean(&title)).filter(|title| !title.is_empty());
    Ok(Document { lines: walk.collector.finish()?, page_title, automatic_numbers: false })
}

/// White space that has been read, and may have to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Space {
    None,
    Blank,
    /// With a break of the source in it: between two wide signs it stands for nothing.
    Break,
}

struct Walk {
    collector: Collector,
    skip_beside: bool,
    /// The element that is being left out, and how many of its kind are open.
    skipping: Option<(String, usize)>,
    title: Option<String>,
    preformatted: bool,
    space: Space,
}

fn name_of(name: &[u8]) -> String {
    String::from_utf8_lossy(name).to_ascii_lowercase()
}

impl Walk {
    fn start(&mut self, tag: &StartTag<()>) {
        let name = name_of(&tag.name);
        let is_void = VOID.contains(&name.as_str());
        if let Some((skipped, open)) = self.skipping.as_mut() {
            if *skipped != name || is_void {
                return;
            }
            if !ENDED_BY_NEXT.contains(&name.as_str()) {
                *open += 1;
                return;
            }
            self.skipping = None;
        }
        if name == "title" {
            self.title.get_or_insert_default();
        }
        let left_out = name == "title"
            || NEVER.contains(&name.as_str())
            || (self.skip_beside && BESIDE.contains(&name.as_str()))
            || is_hidden(tag);
        if left_out && !is_void {
            self.skipping = Some((name, 1));
            return;
        }
        match name.as_str() {
            "table" => self.collector.table_start(),
            "tr" => self.collector.row_start(),
            "td" | "th" => self.collector.cell_end(),
            "pre" => {
                self.end_line();
                self.preformatted = true;
            }
            name if INLINE.contains(&name) => {}
            _ => self.end_line(),
        }
    }

    fn end(&mut self, tag: &EndTag<()>) {
        let name = name_of(&tag.name);
        if let Some((skipped, open)) = self.skipping.as_mut() {
            if *skipped == name {
                *open -= 1;
                if *open == 0 {
                    self.skipping = None;
                }
            }
            return;
        }
        match name.as_str() {
            "table" => self.collector.table_end(),
            "tr" => self.collector.row_end(),
            "td" | "th" => self.collector.cell_end(),
            "pre" => {
                self.end_line();
                self.preformatted = false;
            }
            name if INLINE.contains(&name) => {}
            _ => self.end_line(),
        }
    }

    fn end_line(&mut self) {
        self.space = Space::None;
        self.collector.end_line();
    }

    fn write(&mut self, text: &str) {
        if let Some((skipped, _)) = &self.skipping {
            if skipped == "title"
                && let Some(title) = self.title.as_mut()
            {
                title.push_str(text);
            }
            return;
        }
        for sign in text.chars() {
            match sign {
                '\n' if self.preformatted => self.end_line(),
                '\n' | '\r' => self.space = Space::Break,
                ' ' | '\t' | '\u{C}' => {
                    if self.space == Space::None {
                        self.space = Space::Blank;
                    }
                }
                sign => {
                    self.write_space(sign);
                    self.collector.push(sign);
                }
            }
        }
    }

    fn write_space(&mut self, next: char) {
        let space = std::mem::replace(&mut self.space, Space::None);
        let Some(last) = self.collector.last() else { return };
        if space == Space::Blank || (space == Space::Break && !(is_wide(last) && is_wide(next))) {
            self.collector.push(' ');
        }
    }
}

/// Han characters and the marks written with them.
fn is_wide(sign: char) -> bool {
    matches!(sign, '\u{2018}'..='\u{201D}' | '\u{3000}'..='\u{303F}' | '\u{3400}'..='\u{9FFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}

fn is_hidden(tag: &StartTag<()>) -> bool {
    if tag.attributes.contains_key(&b"hidden"[..]) {
        return true;
    }
    tag.attributes.get(&b"style"[..]).is_some_and(|style| {
        let style: String = String::from_utf8_lossy(&style.value)
            .chars()
            .filter(|sign| !sign.is_whitespace())
            .map(|sign| sign.to_ascii_lowercase())
            .collect();
        style.contains("display:none")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(page: &str) -> Document {
        read(page, &Limits::default(), true).unwrap()
    }

    fn lines(page: &str) -> Vec<String> {
        document(page).lines.into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn blocks_and_breaks_end_lines() {
        let page = "<div>甲<p><b>第一条</b>&emsp;<span>乙&amp;丙</span>。<br>丁<BR/>戊</div>己<ul><li>庚<li>辛</ul>";
        assert_eq!(lines(page), ["甲", "第一条\u{2003}乙&丙。", "丁", "戊", "己", "庚", "辛"]);
    }

    #[test]
    fn breaks_of_the_source_are_nothing_between_wide_signs() {
        assert_eq!(lines("<p>甲乙，\r\n   丙\n<b>丁</b> 戊 A\nB</p>"), ["甲乙，丙丁 戊 A B"]);
        assert_eq!(lines("<pre>甲\n乙</pre>丙\n丁"), ["甲", "乙", "丙丁"]);
    }

    #[test]
    fn what_does_not_show_is_left_out() {
        let page = "<html><head><title> 甲条例_某网 </title><style>p{}</style><script>if (a<b) '<p>';</script></head>\
            <body><nav><p>首页</p></nav><!-- 乙 --><div style=\"DISPLAY : none\">丙<div>丁</div>戊</div><p hidden>己<p>庚\
            <textarea><p>辛</textarea><select><option>壬</select><footer>癸</footer></body>";
        let found = document(page);
        assert_eq!(found.page_title.as_deref(), Some("甲条例_某网"));
        assert_eq!(lines(page), ["庚"]);
        let all = read(page, &Limits::default(), false).unwrap();
        let texts: Vec<&str> = all.lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts, ["首页", "庚", "癸"]);
    }

    #[test]
    fn tables() {
        let page = "<table><tr><td>甲<td>乙</tr><tr><td colspan=2><p>丙。<p>丁。</table>戊";
        let found: Vec<(String, bool)> = document(page).lines.into_iter().map(|line| (line.text, line.table)).collect();
        let expected = [("甲 乙", true), ("丙。", false), ("丁。", false), ("戊", false)];
        assert_eq!(found, expected.map(|(text, table)| (text.to_owned(), table)));
    }

    #[test]
    fn pages_are_told_from_texts() {
        for (name, text, page) in [
            ("甲.html", "第一条", true),
            ("甲.txt", " <!DOCTYPE html>", true),
            ("甲", "第一条 甲<br>第二条", true),
            ("甲.txt", "第一条 甲", false),
            ("甲.txt", "第一条 甲 < 乙", false),
        ] {
            assert_eq!(is_html(name, text), page, "{name} {text}");
        }
    }
}
