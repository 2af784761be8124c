//! Reads what one slot asks.

use super::load::Defaults;
use super::types::{Answer, Citation, Item, OptionId, OptionText, Point};
use super::words::Kind;
use crate::Problem;
use crate::fields::{Fields, as_texts};
use crate::law::{ArticleNo, LawSlug};

/// Reads the fields of a question that is no case, or of a part.
pub(super) fn load_item(
    fields: &mut Fields<'_>,
    kind: Kind,
    defaults: &Defaults,
    problems: &mut Vec<Problem>,
) -> Option<Item> {
    let stem = fields.need_text("stem");
    let answer = match kind {
        Kind::Single | Kind::Multiple => load_choice(fields, kind, problems),
        Kind::Judgement => load_judgement(fields),
        Kind::Blank => load_blank(fields),
        Kind::Essay => load_essay(fields, problems),
        Kind::Case => None,
    };
    let explanation = if kind == Kind::Essay {
        fields.text("explanation").or(Some(String::new()))
    } else {
        fields.need_text("explanation")
    };
    let citations = load_citations(fields, defaults, problems);
    Some(Item { stem: stem?, answer: answer?, explanation: explanation?, citations })
}

fn load_choice(fields: &mut Fields<'_>, kind: Kind, problems: &mut Vec<Problem>) -> Option<Answer> {
    let tables = fields.tables("options");
    if tables.is_empty() && !fields.has("options") {
        fields.complain("options", "缺少“options”，请写出选项");
    }
    let mut options = Vec::with_capacity(tables.len());
    for (table, no) in tables.into_iter().zip(1_u32..) {
        let mut option = Fields::new(table, fields.place().below(&format!("options[{no}]")));
        let (id, text, misconception) =
            (option.need_text("id"), option.need_text("text"), option.text("misconception"));
        option.finish(problems);
        if let (Some(id), Some(text)) = (id, text) {
            options.push(OptionText { id: OptionId::new(id), text, misconception });
        }
    }
    let fixed_order = fields.boolean("fixed_order").unwrap_or(false);
    let key = fields.texts("key");
    let key = fields.needed("key", key)?;
    let mut key: Vec<OptionId> = key.into_iter().map(OptionId::new).collect();
    if kind == Kind::Multiple {
        return Some(Answer::Multiple { options, key, fixed_order });
    }
    let only = key.pop().filter(|_| key.is_empty());
    if only.is_none() {
        fields.complain("key", "单选题的 key 应当恰有一个选项，如 [\"b\"]");
    }
    Some(Answer::Single { options, key: only?, fixed_order })
}

fn load_judgement(fields: &mut Fields<'_>) -> Option<Answer> {
    let key = fields.boolean("key");
    let key = fields.needed("key", key);
    let misconception = fields.text("misconception");
    Some(Answer::Judgement { key: key?, misconception })
}

fn load_blank(fields: &mut Fields<'_>) -> Option<Answer> {
    let value = fields.raw("key");
    let value = fields.needed("key", value)?;
    let key = value.as_array().and_then(|blanks| blanks.iter().map(as_texts).collect::<Option<Vec<_>>>());
    if key.is_none() {
        fields.complain("key", "填空题的 key 应当是每空一个列表，如 [[\"六个月\", \"半年\"]]");
    }
    Some(Answer::Blank { key: key? })
}

fn load_essay(fields: &mut Fields<'_>, problems: &mut Vec<Problem>) -> Option<Answer> {
    let reference = fields.need_text("reference");
    let tables = fields.tables("points");
    if tables.is_empty() && !fields.has("points") {
        fields.complain("points", "缺少“points”，请写出得分点");
    }
    let mut points = Vec::with_capacity(tables.len());
    for (table, no) in tables.into_iter().zip(1_u32..) {
        let mut point = Fields::new(table, fields.place().below(&format!("points[{no}]")));
        let text = point.need_text("text");
        let marks = point.marks("marks");
        let marks = point.needed("marks", marks);
        point.finish(problems);
        if let (Some(text), Some(marks)) = (text, marks) {
            points.push(Point { text, marks });
        }
    }
    Some(Answer::Essay { reference: reference?, points })
}

fn load_citations(fields: &mut Fields<'_>, defaults: &Defaults, problems: &mut Vec<Problem>) -> Vec<Citation> {
    let tables = fields.tables("citation");
    if tables.is_empty() {
        fields.complain("citation", "没有法律依据，请至少写一个 [[…citation]]");
    }
    let mut citations = Vec::with_capacity(tables.len());
    for (table, no) in tables.into_iter().zip(1_u32..) {
        let mut one = Fields::new(table, fields.place().below(&format!("citation[{no}]")));
        let law = one.text("law").or_else(|| defaults.law.clone());
        let edition = one.text("edition").or_else(|| defaults.edition.clone());
        let (law, edition) = (one.needed("law", law), one.needed("edition", edition));
        let article = one.need_text("article");
        let (paragraph, item) = (one.number("paragraph"), one.number("item"));
        let words = one.need_text("words");
        let supports = one.texts("supports").unwrap_or_default();
        let bind = one.text("bind");
        one.finish(problems);
        if let (Some(law), Some(edition), Some(article), Some(words)) = (law, edition, article, words) {
            citations.push(Citation {
                law: LawSlug::new(law),
                edition,
                article: ArticleNo::new(article),
                paragraph,
                item,
                words,
                supports: supports.into_iter().map(OptionId::new).collect(),
                bind,
            });
        }
    }
    citations
}
