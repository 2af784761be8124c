//! A document's lines to articles.

use super::chain::{self, Candidate};
use super::error::LawFileError;
use super::label::{self, Mark};
use super::layout;
use super::limits::Limits;
use super::lines::{Document, Line};
use super::title;
use super::{ImportedArticle, ImportedLaw};

/// Points of a beginning that white space or a colon sets apart, and of one that nothing does.
const APART: i64 = 8;
const PLAIN: i64 = 4;
/// A line longer than this that ends without a mark was broken by its width: what follows goes on with it.
const BROKEN_LINE_SIGNS: usize = 30;

/// How a text counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Numbering {
    /// 第一条
    Article,
    /// 一、
    Clause,
    /// （一）
    Item,
}

impl Numbering {
    fn mark(self, line: &str) -> Option<Mark<'_>> {
        match self {
            Self::Article => label::article(line),
            Self::Clause => label::clause(line),
            Self::Item => label::item(line),
        }
    }
}

/// # Errors
/// No article, too many, or one with broken characters.
pub(super) fn split(document: &Document, file_name: &str, limits: &Limits) -> Result<Vec<ImportedLaw>, LawFileError> {
    let found = numbering(&document.lines);
    let laws = match found {
        Some((numbering, chains)) => {
            limits.check_articles(chains.iter().map(Vec::len).sum())?;
            laws(document, file_name, numbering, &chains)
        }
        None => whole(document, file_name).into_iter().collect(),
    };
    let mut articles = laws.iter().flat_map(|law| &law.articles).peekable();
    if articles.peek().is_none() {
        return Err(if document.automatic_numbers { LawFileError::AutomaticNumbers } else { LawFileError::NoArticles });
    }
    match articles.find(|article| article.text.contains(char::REPLACEMENT_CHARACTER)) {
        Some(article) => Err(LawFileError::BrokenCharacters { label: article.label.clone() }),
        None => Ok(laws),
    }
}

/// How the text counts, and its articles' beginnings, law by law.
fn numbering(lines: &[Line]) -> Option<(Numbering, Vec<Vec<Candidate>>)> {
    let articles = chain::chains(&candidates(lines, Numbering::Article));
    if articles.iter().any(|chain| is_sequence(chain)) {
        return Some((Numbering::Article, articles));
    }
    let clauses = chain::chains(&candidates(lines, Numbering::Clause));
    if clauses.iter().any(|chain| is_sequence(chain)) {
        return Some((Numbering::Clause, clauses));
    }
    if !articles.is_empty() {
        return Some((Numbering::Article, articles));
    }
    let items = candidates(lines, Numbering::Item);
    let chains = chain::chains(&items);
    // Items that follow a colon, or begin again, are parts of a sentence.
    let first = items.first().and_then(|item| item.line.checked_sub(1)).and_then(|above| lines.get(above));
    let of_sentence = first.is_some_and(|above| above.text.ends_with(['：', ':']));
    match chains.as_slice() {
        [chain] if is_sequence(chain) && chain.len() == items.len() && !of_sentence => Some((Numbering::Item, chains)),
        _ => None,
    }
}

fn is_sequence(chain: &[Candidate]) -> bool {
    chain.len() > 1 && chain.first().is_some_and(|first| first.key == (1, 0))
}

fn candidates(lines: &[Line], numbering: Numbering) -> Vec<Candidate> {
    let mut above: Option<&Line> = None;
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if let Some(mark) = numbering.mark(&line.text) {
            let broken = above.is_some_and(|above| {
                !above.table
                    && !layout::ends_sentence(&above.text)
                    && above.text.chars().nth(BROKEN_LINE_SIGNS).is_some()
            });
            let weight = if mark.apart { APART } else { PLAIN } - i64::from(broken);
            found.push(Candidate { line: index, key: (mark.number, mark.sub), weight });
        }
        above = Some(line);
    }
    found
}

fn laws(document: &Document, file_name: &str, numbering: Numbering, chains: &[Vec<Candidate>]) -> Vec<ImportedLaw> {
    let mut laws = Vec::new();
    let mut from = 0;
    for (index, chain) in chains.iter().enumerate() {
        let next_law = chains.get(index + 1).and_then(|next| next.first());
        let end = next_law.map_or(document.lines.len(), |next| next.line);
        let first = chain.first().map_or(end, |first| first.line);
        let articles = articles(&document.lines, numbering, chain, end);
        if chains.len() > 1 && is_listing(&articles) {
            continue;
        }
        let before = document.lines.get(from..first).unwrap_or_default();
        let page_title = document.page_title.as_deref().filter(|_| laws.is_empty());
        let title = title::find(before, page_title, if laws.is_empty() { file_name } else { "" });
        let begins = numbering == Numbering::Article && chain.first().is_some_and(|first| first.key == (1, 0));
        let preamble = if begins { preamble(before) } else { None };
        let articles: Vec<ImportedArticle> =
            preamble.into_iter().chain(articles).filter(|article| !article.text.is_empty()).collect();
        if !articles.is_empty() {
            laws.push(ImportedLaw { edition_id: None, title: title.map(|found| found.title), articles });
        }
        from = chain.last().map_or(first, |last| last.line);
    }
    laws
}

/// A table of contents, or the buttons of a page: most of its articles say nothing.
fn is_listing(articles: &[ImportedArticle]) -> bool {
    let says_nothing = |article: &&ImportedArticle| !article.text.lines().any(layout::ends_with_stop);
    articles.iter().filter(says_nothing).count() * 2 > articles.len()
}

fn articles(lines: &[Line], numbering: Numbering, chain: &[Candidate], end: usize) -> Vec<ImportedArticle> {
    let mut articles = Vec::with_capacity(chain.len());
    for (index, candidate) in chain.iter().enumerate() {
        let next = chain.get(index + 1);
        let Some((head, rest)) =
            lines.get(candidate.line..next.map_or(end, |next| next.line)).and_then(<[_]>::split_first)
        else {
            continue;
        };
        let Some(mark) = numbering.mark(&head.text) else { continue };
        let own = Line { text: without_gist(mark.rest).to_owned(), table: head.table };
        let mut body: Vec<Line> = Vec::with_capacity(rest.len() + 1);
        // A label alone on its line: the text begins on the next.
        if !own.text.is_empty() {
            body.push(own);
        }
        body.extend_from_slice(rest);
        let heading_only = body.first().is_some_and(|line| mark.rest.is_empty() && layout::is_part_heading(&line.text));
        let text = if heading_only { String::new() } else { text_of(layout::body(body, next.is_none())) };
        let no = match candidate.key {
            (number, 0) => number.to_string(),
            (number, sub) => format!("{number}-{sub}"),
        };
        articles.push(ImportedArticle { no, label: mark.label, text });
    }
    articles
}

/// Without the gist in heavy brackets that editors put before an article.
fn without_gist(text: &str) -> &str {
    const SIGNS: usize = 60;
    let inner = text.strip_prefix('【').and_then(|rest| rest.split_once('】'));
    match inner {
        Some((gist, after)) if gist.chars().nth(SIGNS).is_none() => after.trim_start(),
        _ => text,
    }
}

fn text_of(lines: Vec<Line>) -> String {
    let mut paragraphs = Vec::with_capacity(lines.len());
    for line in &lines {
        paragraphs.extend(items_apart(&line.text));
    }
    paragraphs.join("\n")
}

/// Items that stand in one paragraph, each on its own: （一）…；（二）….
fn items_apart(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices(['（', '(']) {
        let (Some(before), Some(after)) = (text.get(start..at), text.get(at..)) else { continue };
        let before = before.trim();
        if before.ends_with(['：', '；', '。', ':', ';']) && label::item(after).is_some() {
            parts.push(before);
            start = at;
        }
    }
    parts.push(text.get(start..).unwrap_or_default().trim());
    parts
}

/// 序言 or 总纲 before the first article: article 0.
fn preamble(before: &[Line]) -> Option<ImportedArticle> {
    let headings = before.iter().enumerate().rev();
    headings.filter_map(|(index, line)| Some((index, layout::preamble_heading(&line.text)?))).find_map(
        |(index, label)| {
            let lines: Vec<Line> = before
                .iter()
                .skip(index + 1)
                .take_while(|line| {
                    !layout::is_part_heading(&line.text) && layout::preamble_heading(&line.text).is_none()
                })
                .cloned()
                .collect();
            // In a table of contents nothing follows.
            let text = text_of(layout::body(lines, true));
            let says_something = text.lines().any(layout::ends_with_stop);
            says_something.then(|| ImportedArticle { no: "0".to_owned(), label: label.to_owned(), text })
        },
    )
}

/// An interpretation without numbers is one article.
fn whole(document: &Document, file_name: &str) -> Option<ImportedLaw> {
    let found = title::find(&document.lines, document.page_title.as_deref(), file_name)?;
    let title_line = found.line.filter(|_| title::may_be_whole(&found.title))?;
    let lines: Vec<Line> = document
        .lines
        .iter()
        .skip(title_line + 1)
        .skip_while(|line| !layout::ends_sentence(&line.text) || line.text.starts_with(['（', '(']))
        .cloned()
        .collect();
    let text = text_of(layout::body(lines, true));
    let article = ImportedArticle { no: "1".to_owned(), label: "全文".to_owned(), text };
    article.text.lines().any(layout::ends_with_stop).then(|| ImportedLaw {
        edition_id: None,
        title: Some(found.title),
        articles: vec![article],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_stand_apart() {
        assert_eq!(
            items_apart("甲：（一）乙（丙）；(二) 丁。（三）戊。"),
            ["甲：", "（一）乙（丙）；", "(二) 丁。", "（三）戊。"]
        );
        assert_eq!(items_apart("前款第（一）、（二）项所称甲。"), ["前款第（一）、（二）项所称甲。"]);
        assert_eq!(items_apart("（一）甲；"), ["（一）甲；"]);
    }

    #[test]
    fn gists_are_no_text() {
        assert_eq!(without_gist("【喝茶】 甲。"), "甲。");
        assert_eq!(without_gist("甲【乙】。"), "甲【乙】。");
        assert_eq!(without_gist("【甲"), "【甲");
    }
}
