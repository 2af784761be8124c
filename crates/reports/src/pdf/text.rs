//! What people wrote, made fit for print.

use std::collections::BTreeSet;

use typst::foundations::Str;

use super::Fonts;

/// What stands in place of a character that no font can draw: every Chinese font has it, while many draw nothing at
/// all for what they lack.
pub(super) const LACKING: char = '□';
/// Characters of one text at the most; the rest becomes an ellipsis.
const MAX_CHARS: usize = 300;

/// Prepares texts for a template, and remembers what could not be drawn.
pub(super) struct Writer<'a> {
    fonts: &'a Fonts,
    lacking: BTreeSet<char>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(fonts: &'a Fonts) -> Self {
        Self { fonts, lacking: BTreeSet::new() }
    }

    /// One line: blanks of all sorts and control characters become single spaces, invisible ones (which could turn the
    /// direction of what follows) go, and what no font has becomes [`LACKING`].
    pub(super) fn line(&mut self, text: &str) -> Str {
        let mut line = String::with_capacity(text.len());
        let mut count = 0;
        for c in text.chars().filter(|c| !is_invisible(*c)) {
            let blank = c.is_whitespace() || c.is_control();
            if blank && (line.is_empty() || line.ends_with(' ')) {
                continue;
            }
            if count == MAX_CHARS {
                line.push('…');
                break;
            }
            count += 1;
            line.push(if blank { ' ' } else { self.drawn(c) });
        }
        line.trim_end().into()
    }

    /// The characters that could not be drawn, each once.
    pub(super) fn into_lacking(self) -> Vec<char> {
        self.lacking.into_iter().collect()
    }

    fn drawn(&mut self, c: char) -> char {
        if self.fonts.can_draw(c) {
            return c;
        }
        self.lacking.insert(c);
        LACKING
    }
}

/// Characters that show nothing by themselves: soft hyphen, joiners, marks of direction, selectors of variants.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::super::fonts::installed;
    use super::*;

    #[test]
    fn lines() {
        for (given, printed) in [
            ("张三", "张三"),
            ("  张\u{3000} 三\r\n", "张 三"),
            ("a\tb\u{0}c\u{85}d\u{2028}e", "a b c d e"),
            ("\u{202e}txt.exe\u{202c}", "txt.exe"),
            ("李\u{200b}四\u{feff}", "李四"),
            ("#a *b* ]", "#a *b* ]"),
            ("王\u{10ffff}", "王□"),
            ("", ""),
        ] {
            assert_eq!(Writer::new(installed()).line(given).as_str(), printed, "{given:?}");
        }
        let long = Writer::new(installed()).line(&"长".repeat(MAX_CHARS + 1));
        assert_eq!(long.chars().count(), MAX_CHARS + 1);
        assert!(long.as_str().ends_with("长…"));
    }

    #[test]
    fn what_lacks_is_remembered_once() {
        let mut writer = Writer::new(installed());
        for text in ["\u{10fffe}甲\u{10ffff}", "乙", "\u{10ffff}"] {
            writer.line(text);
        }
        assert_eq!(writer.into_lacking(), ['\u{10fffe}', '\u{10ffff}']);
    }
}
