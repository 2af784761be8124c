//! Gists (要旨): what an article says, in our own words. Never shown as the text.

use crate::Problem;
use crate::fields::{Fields, Place};
use crate::law::{ArticleNo, EditionId};
use std::collections::BTreeMap;

/// The longest gist, in characters.
pub const MAX_GIST_CHARS: usize = 80;

/// The gists by edition and article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gists(BTreeMap<EditionId, BTreeMap<ArticleNo, String>>);

impl Gists {
    /// The gist of an article, if there is one.
    pub fn get(&self, edition: &EditionId, article: &ArticleNo) -> Option<&str> {
        self.0.get(edition)?.get(article).map(String::as_str)
    }

    /// All gists, by edition and article.
    pub fn iter(&self) -> impl Iterator<Item = (&EditionId, &ArticleNo, &str)> {
        self.0.iter().flat_map(|(edition, gists)| gists.iter().map(move |(no, gist)| (edition, no, gist.as_str())))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Reads the gist files, given as (name, text); what cannot be read is left out and named.
pub fn load_gists(files: &[(String, String)]) -> (Gists, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut all = Gists::default();
    for (file, text) in files {
        let Some(table) = crate::fields::parse_table(file, text, &mut problems) else { continue };
        let mut head = Fields::new(&table, Place::file(file));
        let edition = head.need_text("edition");
        let gists = head.table("gist");
        head.finish(&mut problems);
        let (Some(edition), Some(gists)) = (edition, gists) else { continue };
        let into = all.0.entry(EditionId::new(edition)).or_default();
        for (no, value) in gists {
            let at = || format!("gist.{no}");
            match value.as_str() {
                Some(gist) if gist.chars().count() > MAX_GIST_CHARS => {
                    problems.push(
                        Problem::error(file, format!("第 {no} 条的要旨超过 {MAX_GIST_CHARS} 个字，请写短")).field(at()),
                    );
                }
                Some(gist) if !gist.trim().is_empty() => {
                    if into.insert(ArticleNo::new(no.as_str()), gist.to_owned()).is_some() {
                        problems.push(
                            Problem::error(file, format!("第 {no} 条的要旨在两个文件里都有，请删去一个")).field(at()),
                        );
                    }
                }
                _ => problems.push(Problem::error(file, format!("第 {no} 条的要旨是空的或者不是文字")).field(at())),
            }
        }
    }
    (all, problems)
}

#[cfg(test)]
mod tests {
    use super::load_gists;

    #[test]
    fn gists_are_found_by_edition_and_article() {
        let long = "长".repeat(81);
        let text =
            format!("edition = \"jia-fa-2020\"\n[gist]\n\"7\" = \"说明种类。\"\n\"17-1\" = \"\"\n\"8\" = \"{long}\"\n");
        let (gists, problems) = load_gists(&[("a.toml".into(), text)]);
        assert_eq!(gists.get(&"jia-fa-2020".into(), &"7".into()), Some("说明种类。"));
        assert_eq!(gists.get(&"jia-fa-2018".into(), &"7".into()), None);
        let fields: Vec<_> = problems.iter().filter_map(|problem| problem.field.as_deref()).collect();
        assert_eq!(fields, ["gist.17-1", "gist.8"]);
    }
}
