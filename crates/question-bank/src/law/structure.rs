//! Paragraphs and items of an article (款、项).

/// An item (项): a line that begins with （一）, （二） …
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its number, from 1.
    pub no: u32,
    /// Its text with the number, and the lines under it that begin with `1.` (目).
    pub text: String,
}

/// A paragraph (款): a line that is no item, with the items that follow it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paragraph {
    /// The line itself.
    pub text: String,
    /// Its items.
    pub items: Vec<Item>,
}

/// Why a paragraph or an item was not found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlaceError {
    /// There are not so many paragraphs.
    #[error("该条只有 {there} 款，没有第 {asked} 款，请改正 paragraph")]
    NoParagraph {
        /// How many there are.
        there: usize,
        /// Which was asked for.
        asked: u32,
    },
    /// There is no such item.
    #[error("没有第 {0} 项，请改正 item（该条有几款都列项的，还要写明 paragraph）")]
    NoItem(u32),
}

/// Splits the text of an article into its paragraphs; blank lines do not count.
pub fn paragraphs(text: &str) -> Vec<Paragraph> {
    let mut found: Vec<Paragraph> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match (item_number(line), found.last_mut()) {
            (Some(no), Some(paragraph)) => paragraph.items.push(Item { no, text: line.to_owned() }),
            (Some(no), None) => {
                found.push(Paragraph { text: String::new(), items: vec![Item { no, text: line.to_owned() }] });
            }
            (None, Some(Paragraph { items, .. })) if is_sub_item(line) && !items.is_empty() => {
                if let Some(item) = items.last_mut() {
                    item.text.push('\n');
                    item.text.push_str(line);
                }
            }
            (None, _) => found.push(Paragraph { text: line.to_owned(), items: Vec::new() }),
        }
    }
    found
}

/// The texts in which words must stand: of the article, of a paragraph with its items, or of an item.
///
/// An item without a paragraph is looked for in every paragraph.
///
/// # Errors
/// When the paragraph or the item does not exist.
pub fn find_place(text: &str, paragraph: Option<u32>, item: Option<u32>) -> Result<Vec<String>, PlaceError> {
    if paragraph.is_none() && item.is_none() {
        return Ok(vec![text.to_owned()]);
    }
    let mut all = paragraphs(text);
    if let Some(asked) = paragraph {
        let there = all.len();
        let index = usize::try_from(asked).ok().and_then(|asked| asked.checked_sub(1));
        let chosen = index.filter(|&index| index < there).map(|index| all.swap_remove(index));
        all = vec![chosen.ok_or(PlaceError::NoParagraph { there, asked })?];
    }
    let Some(asked) = item else {
        return Ok(all.iter().map(whole).collect());
    };
    let items: Vec<String> =
        all.iter().flat_map(|p| &p.items).filter(|i| i.no == asked).map(|i| i.text.clone()).collect();
    if items.is_empty() { Err(PlaceError::NoItem(asked)) } else { Ok(items) }
}

fn whole(paragraph: &Paragraph) -> String {
    let items = paragraph.items.iter().map(|item| item.text.as_str());
    std::iter::once(paragraph.text.as_str()).chain(items).collect::<Vec<_>>().join("\n")
}

/// The number of a line that begins with （一） or (一), from 1.
fn item_number(line: &str) -> Option<u32> {
    let rest = line.strip_prefix(['（', '('])?;
    let (number, _) = rest.split_once(['）', ')'])?;
    chinese_number(number)
}

/// Whether a line begins with `1.` or `1．`: a 目, a part of the item above it.
fn is_sub_item(line: &str) -> bool {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < line.len() && rest.starts_with(['.', '．'])
}

/// Reads 一 to 九十九.
fn chinese_number(text: &str) -> Option<u32> {
    let digit = |part: &str| -> Option<u32> {
        let mut chars = part.chars();
        let value = "一二三四五六七八九".chars().position(|c| Some(c) == chars.clone().next())?;
        chars.next();
        chars.next().is_none().then_some(u32::try_from(value).ok()? + 1)
    };
    match text.split_once('十') {
        None => digit(text),
        Some((tens, units)) => {
            let tens = if tens.is_empty() { 1 } else { digit(tens)? };
            let units = if units.is_empty() { 0 } else { digit(units)? };
            Some(tens * 10 + units)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{PlaceError, chinese_number, find_place, paragraphs};

    const TEXT: &str =
        "甲有下列情形的：\n（一）子；\n（二）丑：\n1.寅；\n2．卯；\n（十一）辰。\n\n乙另定：\n（一）巳；";

    #[test]
    fn lines_become_paragraphs_items_and_sub_items() {
        let all = paragraphs(TEXT);
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].items.iter().map(|item| item.no).collect::<Vec<_>>(), [1, 2, 11]);
        assert_eq!(all[0].items[1].text, "（二）丑：\n1.寅；\n2．卯；");
        assert_eq!(all[1].items[0].text, "（一）巳；");
    }

    #[test]
    fn places_are_found_or_named() {
        let found = |p, i| find_place(TEXT, p, i);
        assert_eq!(found(None, None), Ok(vec![TEXT.to_owned()]));
        assert_eq!(found(Some(2), None), Ok(vec!["乙另定：\n（一）巳；".to_owned()]));
        assert_eq!(found(Some(1), Some(1)), Ok(vec!["（一）子；".to_owned()]));
        assert_eq!(found(None, Some(1)), Ok(vec!["（一）子；".to_owned(), "（一）巳；".to_owned()]));
        assert_eq!(found(Some(3), None), Err(PlaceError::NoParagraph { there: 2, asked: 3 }));
        assert_eq!(found(Some(0), None), Err(PlaceError::NoParagraph { there: 2, asked: 0 }));
        assert_eq!(found(Some(2), Some(2)), Err(PlaceError::NoItem(2)));
    }

    #[test]
    fn chinese_numbers() {
        let cases = [("一", 1), ("九", 9), ("十", 10), ("十一", 11), ("二十", 20), ("二十一", 21), ("九十九", 99)];
        for (text, number) in cases {
            assert_eq!(chinese_number(text), Some(number), "{text}");
        }
        for wrong in ["", "零", "一一", "删去", "1", "十十"] {
            assert_eq!(chinese_number(wrong), None, "{wrong}");
        }
    }
}
