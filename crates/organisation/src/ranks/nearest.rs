//! What a text that no list knows was probably meant to be.

use super::ListEntry;
use super::spelling::fold;

/// Titles named at the most.
const NAMED: usize = 3;
/// How like two texts must be, from 0 to 1 (one minus the share of characters that differ, Levenshtein 1966).
const LIKE_ENOUGH: f64 = 0.4;

/// Titles of entries in use that are like the text, by title or by another spelling.
pub(super) fn entries<'a>(list: &'a [ListEntry], text: &str) -> Vec<&'a str> {
    let in_use = list.iter().filter(|entry| !entry.retired);
    let spelled = in_use.flat_map(|entry| {
        let names = std::iter::once(&entry.title).chain(&entry.spellings);
        names.map(|name| (entry.title.as_str(), name.as_str()))
    });
    titles(spelled, text)
}

/// Of (title, spelling) pairs the titles whose spelling is like the text, the nearest first, each once.
pub(crate) fn titles<'a>(names: impl IntoIterator<Item = (&'a str, &'a str)>, text: &str) -> Vec<&'a str> {
    let wanted = fold(text);
    let mut found: Vec<(f64, &str)> = names
        .into_iter()
        .map(|(title, name)| (likeness(&fold(name), &wanted), title))
        .filter(|(like, _)| *like >= LIKE_ENOUGH)
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut titles: Vec<&str> = Vec::new();
    for (_, title) in found {
        if titles.len() < NAMED && !titles.contains(&title) {
            titles.push(title);
        }
    }
    titles
}

/// A text that holds the other whole, such as 主任科员 in 四级主任科员, is like it however much longer it is.
fn likeness(a: &str, b: &str) -> f64 {
    let by_letters = strsim::normalized_levenshtein(a, b);
    let (shorter, longer) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let holds = shorter.chars().count() >= 2 && longer.contains(shorter);
    if holds { by_letters.max(0.5) } else { by_letters }
}
