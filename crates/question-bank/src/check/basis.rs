//! The legal basis of a question: edition, article, dates, deciding words and their proof.

use super::proof::{Proof, prove_words};
use super::{CheckInput, Complaints, MAX_WORDS_CHARS, WordsCount};
use crate::bind::bind_hash;
use crate::law::{Article, Edition, Jurisdiction, Quality, Validity, strip_white_space};
use crate::question::{Citation, Item, Question, SlotRef, State};

pub(super) fn check_basis(
    question: &Question,
    slot: &SlotRef,
    item: &Item,
    input: &CheckInput<'_>,
    at: &mut Complaints<'_>,
    words: &mut WordsCount,
) {
    for (citation, no) in item.citations.iter().zip(1_u32..) {
        at.prefix = format!("citation[{no}].");
        let found = check_source(question, citation, input, at);
        check_words(citation, at);
        let proven = found.map(|(edition, article)| {
            let text = input.texts.and_then(|texts| texts.article(&edition.id, &article.no));
            let proof = prove_words(article, text, citation);
            let bound = check_bind(question, &bind_hash(edition, article, citation, slot, item), citation, at);
            (proof, bound)
        });
        match proven {
            Some((Proof::Exact, _)) => words.proven += 1,
            Some((Proof::Form, _)) => {
                words.proven += 1;
                at.warning("words", "决定词与原文只差标点或者全半角，请照原文改正");
            }
            Some((Proof::NoText, true)) => words.bound_only += 1,
            Some((Proof::Refuted(reason), _)) => {
                words.failed += 1;
                at.error("words", reason);
            }
            Some((Proof::NoText, false)) | None => words.failed += 1,
        }
    }
    at.prefix = String::new();
}

/// Looks up edition and article, and whether they may be examined.
fn check_source<'a>(
    question: &Question,
    citation: &Citation,
    input: &CheckInput<'a>,
    at: &mut Complaints<'_>,
) -> Option<(&'a Edition, &'a Article)> {
    let id = citation.edition_id();
    let Some(edition) = input.register.edition(&id) else {
        at.error("edition", format!("登记册里没有 {id}，请核对法规代号和版本；未收录的法规不能作依据"));
        return None;
    };
    let in_use = question.state != State::Retired;
    at.error_if(in_use && edition.quality == Quality::C, "edition", "这一版的文本质量是 C，不能作为出题依据");
    if edition.jurisdiction == Jurisdiction::Central {
        at.warning("edition", "这一版只适用于中央和国家机关，请确认题目已经写明");
    }
    if edition.effective.is_none() {
        at.error("edition", "这一版的施行日期不详，不能作为出题依据");
    }
    if let Some(day) = question.facts_on
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

/// Whether the `bind` is the right one; a missing one is an error from 审定 on.
fn check_bind(question: &Question, right: &str, citation: &Citation, at: &mut Complaints<'_>) -> bool {
    match citation.bind.as_deref() {
        Some(bind) if bind == right => return true,
        Some(_) => at.error(
            "bind",
            "绑定与现在的条文、日期、决定词或者答案不符：写好之后有改动。请对照原文核对，再运行 zhijie bank bind",
        ),
        None if matches!(question.state, State::Draft | State::Submitted) => {
            at.warning("bind", "还没有绑定，审定之前请运行 zhijie bank bind");
        }
        None => at.error("bind", "没有绑定，决定词未经原文证实，请运行 zhijie bank bind"),
    }
    false
}
