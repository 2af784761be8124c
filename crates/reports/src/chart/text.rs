//! Estimated widths of text.

const ELLIPSIS: char = '…';

/// Width in thousandths of the size of the font: Han characters are square; for the others a generous guess.
fn width_milli(c: char) -> i32 {
    match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | ' ' => 380,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 950,
        c if c.is_ascii_uppercase() => 740,
        c if c.is_ascii() => 600,
        '–' | '·' => 600,
        _ => 1_000,
    }
}

/// Width of a text in pixels, rounded up.
pub(crate) fn width(text: &str, size: i32) -> i32 {
    let milli: i32 = text.chars().map(width_milli).fold(0, i32::saturating_add);
    milli.saturating_mul(size).saturating_add(999) / 1_000
}

/// The text without characters that an XML document cannot hold.
pub(crate) fn clean(text: &str) -> String {
    let allowed = |c: &char| !matches!(c, '\u{fffe}' | '\u{ffff}');
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(allowed).collect()
}

/// The text, cut with an ellipsis where it would be wider than this.
pub(crate) fn fit(text: &str, size: i32, most: i32) -> String {
    if width(text, size) <= most {
        return text.to_owned();
    }
    let mut cut = String::new();
    for c in text.chars() {
        let mut longer = cut.clone();
        longer.push(c);
        longer.push(ELLIPSIS);
        if width(&longer, size) > most {
            break;
        }
        cut.push(c);
    }
    cut.truncate(cut.trim_end().len());
    cut.push(ELLIPSIS);
    cut
}

/// The text in lines of at most this width; what does not fit into the last line is cut with an ellipsis. Breaks
/// anywhere, as Chinese does, but not before a closing mark nor within a number or a word.
pub(crate) fn wrap(text: &str, size: i32, most: i32, lines: usize) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() && found.len() + 1 < lines && width(rest, size) > most {
        let at = break_at(rest, size, most);
        let (line, after) = rest.split_at(at);
        found.push(line.trim_end().to_owned());
        rest = after.trim_start();
    }
    if !rest.is_empty() {
        found.push(fit(rest, size, most));
    }
    found
}

/// Where the first line ends, in bytes; at least one character is taken.
fn break_at(text: &str, size: i32, most: i32) -> usize {
    let fits = |at: usize| width(text.get(..at).unwrap_or_default(), size) <= most;
    let ends: Vec<(usize, char)> = text.char_indices().collect();
    let pairs = || ends.iter().zip(ends.iter().skip(1));
    let at_break = pairs().filter(|(before, after)| may_break(before.1, after.1)).map(|(_, after)| after.0);
    // A word longer than the line breaks where it must.
    let anywhere = || pairs().map(|(_, after)| after.0);
    let last = at_break.take_while(|at| fits(*at)).last().or_else(|| anywhere().take_while(|at| fits(*at)).last());
    last.or_else(|| anywhere().next()).unwrap_or(text.len())
}

fn may_break(before: char, after: char) -> bool {
    let closing = "，。、；：？！）》”’…%—–~";
    let opening = "（《“‘";
    let in_word = |c: char| c.is_ascii_alphanumeric() || ".,%-–".contains(c);
    !(closing.contains(after) || opening.contains(before) || in_word(before) && in_word(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_stay_and_long_ones_end_in_an_ellipsis() {
        assert_eq!(fit("区纪委监委", 10, 50), "区纪委监委");
        assert_eq!(fit("区纪委监委机关", 10, 50), "区纪委监…");
        assert_eq!(fit("区纪委", 10, 5), "…");
        for most in 10..200 {
            assert!(width(&fit("第3派驻纪检监察组（Discipline）", 12, most), 12) <= most.max(12), "{most}");
        }
    }

    #[test]
    fn lines_break_where_chinese_does() {
        assert_eq!(wrap("监督执纪工作规则", 10, 40, 3), ["监督执纪", "工作规则"]);
        assert_eq!(wrap("政务处分，公务员", 10, 40, 3), ["政务处", "分，公务", "员"]);
        assert_eq!(wrap("一二三四五六七八九十", 10, 30, 2), ["一二三", "四五…"]);
        assert_eq!(wrap("共1,234人参加", 10, 45, 3), ["共1,234", "人参加"]);
        assert_eq!(wrap("", 10, 40, 2), Vec::<String>::new());
        assert_eq!(wrap("abcdefghij", 10, 25, 2).len(), 2, "a word longer than a line");
    }

    #[test]
    fn wrapping_loses_nothing_but_what_the_last_line_cuts() {
        let text = "区级机关在“纪律处分的适用”上最弱（62.5%），镇街好于机关，村社区差距最大";
        for most in 12..400 {
            let lines = wrap(text, 12, most, 100);
            assert_eq!(lines.concat(), text, "{most}");
        }
    }

    #[test]
    fn control_characters_become_spaces() {
        assert_eq!(clean("a\u{0}b\nc\u{ffff}"), "a b c");
    }
}
