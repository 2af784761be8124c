//! Cleaning of text as it stands in office files.

/// Full-width ASCII to half-width, all kinds of spaces to one kind, invisible characters dropped.
///
/// Other characters stay as they are; names and titles are never rewritten beyond their width.
pub fn fold_width(text: &str) -> String {
    text.chars().filter_map(fold_char).collect()
}

fn fold_char(c: char) -> Option<char> {
    match c {
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}' => None,
        '\u{00A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => Some(' '),
        '\u{FF01}'..='\u{FF5E}' => u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32),
        c if c.is_control() => Some(' '),
        c => Some(c),
    }
}

/// [`fold_width`] without any white space at all.
pub fn squeeze(text: &str) -> String {
    text.chars().filter_map(fold_char).filter(|c| !c.is_whitespace()).collect()
}

/// [`fold_width`], ends trimmed, inner runs of white space made one space.
pub fn tidy(text: &str) -> String {
    fold_width(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Is this a Han character (汉字)?
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3134F}' | '〇')
}

/// At most `limit` characters of a text, with an ellipsis where it was longer; for messages.
pub fn shorten(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(limit).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_and_spaces() {
        for (given, squeezed, tidied) in [
            ("张　三", "张三", "张 三"),
            ("１３８００１３８０００", "13800138000", "13800138000"),
            ("\u{FEFF}Ａ／Ｂ", "A/B", "A/B"),
            (" 一 \n 二\t三 ", "一二三", "一 二 三"),
            ("\u{200B}\u{00A0}", "", ""),
        ] {
            assert_eq!(squeeze(given), squeezed, "{given:?}");
            assert_eq!(tidy(given), tidied, "{given:?}");
        }
    }

    #[test]
    fn shortened_by_characters() {
        assert_eq!(shorten("一二三", 3), "一二三");
        assert_eq!(shorten("一二三四", 3), "一二三…");
    }
}
