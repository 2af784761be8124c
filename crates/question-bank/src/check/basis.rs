//! The legal basis of a question: edition, article, dates, deciding words and their proof.

use super::proof::{Proof, prove_words};
use super::{Against, Complaints, MAX_WORDS_CHARS, WordsCount};
use crate::bind::bind_hash;
use crate::law::{Article, Edition, Jurisdiction, Quality, Validity, strip_white_space};
use crate::question::{Citation, Item, Question, SlotRef, State};
use jiff::civil::Date;

/// What of a question decides how strictly its citations are looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing<'a> {
    pub(crate) state: State,
    pub(crate) facts_on: Option<Date>,
    pub(crate) unproven_reason: Option<&'a str>,
}

impl<'a> Standing<'a> {
    fn of(question: &'a Question) -> Self {
        Self {
            state: question.state,
            facts_on: question.facts_on,
            unproven_reason: question.authorship.unproven_reason.as_deref(),
        }
    }
}

pub(super) fn check_basis(
    question: &Question,
    slot: &SlotRef,
    item: &Item,
    input: &Against<'_>,
    at: &mut Complaints<'_>,
    words: &mut WordsCount,
) {
    let standing = Standing::of(question);
    for (citation, no) in item.citations.iter().zip(1_u32..) {
        at.prefix = format!("citation[{no}].");
        let Some((edition, article, proof)) = check_citation(citation, standing, input, at) else {
            words.failed += 1;
            continue;
        };
        let bound = check_bind(standing, &bind_hash(edition, article, citation, slot, item), citation, at);
        match proof {
            Proof::Exact | Proof::Form => words.proven += 1,
            Proof::NoText if bound => words.bound_only += 1,
            Proof::NoText | Proof::Refuted(_) => words.failed += 1,
        }
    }
    at.prefix = String::new();
}

/// Everything about a citation that does not need the key: its source, its length, and what the text says of it.
pub(crate) fn check_citation<'a>(
    citation: &Citation,
    standing: Standing<'_>,
    input: &Against<'a>,
    at: &mut Complaints<'_>,
) -> Option<(&'a Edition, &'a Article, Proof)> {
    let found = check_source(standing, citation, input, at);
    check_words(citation, at);
    let (edition, article) = found?;
    let text = input.texts.and_then(|texts| texts.article(&edition.id, &article.no));
    let proof = prove_words(article, text, citation);
    match &proof {
        Proof::Form => at.warning("words", "决定词与原文只差标点或者全半角，请照原文改正"),
        Proof::Refuted(reason) => at.error("words", reason.clone()),
        Proof::Exact | Proof::NoText => {}
    }
    Some((edition, article, proof))
}

/// Looks up edition and article, and whether they may be examined.
fn check_source<'a>(
    standing: Standing<'_>,
    citation: &Citation,
    input: &Against<'a>,
    at: &mut Complaints<'_>,
) -> Option<(&'a Edition, &'a Article)> {
    let id = citation.edition_id();
    let Some(edition) = input.register.edition(&id) else {
        at.error("edition", format!("登记册里没有 {id}，请核对法规代号和版本；未收录的法规不能作依据"));
        return None;
    };
    let in_use = standing.state != State::Retired;
    at.error_if(in_use && edition.quality == Quality::C, "edition", "这一版的文本质量是 C，不能作为出题依据");
    if edition.jurisdiction == Jurisdiction::Central {
        at.warning("edition", "这一版只适用于中央和国家机关，请确认题目已经写明");
    }
    if edition.effective.is_none() {
        at.error("edition", "这一版的施行日期不详，不能作为出题依据");
    }
    if let Some(day) = standing.facts_on
        && !edition.in_force_on(day)
    {
        at.error("edition", format!("事实发生在 {day}，{id} 那天不在有效期内"));
    }
    let Some(article) = edition.article(&citation.article) else {
        at.error("article", format!("{id} 没有第 {} 条，请核对条号", citation.article));
        return None;
    };
    if in_use && article.validity != Validity::InForce {
        let note = article.note.as_deref().unwrap_or_default();
        at.error("article", format!("{}{}（{note}），不能作为出题依据", article.label, article.validity.title()));
    }
    if let Some(gists) = input.gists
        && gists.get(&id, &article.no).is_none()
    {
        at.error("article", format!("{id} {}没有要旨，请在 gists/{id}.toml 里补写", article.label));
    }
    Some((edition, article))
}

fn check_words(citation: &Citation, at: &mut Complaints<'_>) {
    let length = strip_white_space(&citation.words).chars().count();
    if length > MAX_WORDS_CHARS {
        at.error("words", format!("决定词有 {length} 个字，至多 {MAX_WORDS_CHARS} 个，请只留决定对错的几个字"));
    }
    at.error_if(length == 0, "words", "决定词是空的");
}

/// Whether the `bind` is the right one. A missing one is an error once the question is in papers, unless somebody has
/// said why it went there without proof.
fn check_bind(standing: Standing<'_>, right: &str, citation: &Citation, at: &mut Complaints<'_>) -> bool {
    match citation.bind.as_deref() {
        Some(bind) if bind == right => return true,
        Some(_) => at.error(
            "bind",
            "绑定与现在的条文、日期、决定词或者答案不符：写好之后有改动。请对照原文核对，再运行 zhijie bank bind",
        ),
        None if standing.state != State::Active => {
            at.warning("bind", "还没有绑定：决定词未经原文证实，启用之前请运行 zhijie bank bind，或者导入法规全文");
        }
        None => match standing.unproven_reason {
            Some(reason) => at.warning("bind", format!("没有绑定，决定词未经原文证实；启用的理由：{reason}")),
            None => at.error("bind", "没有绑定，决定词未经原文证实，请运行 zhijie bank bind"),
        },
    }
    false
}
