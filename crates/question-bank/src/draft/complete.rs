//! From a draft to a question, naming what is missing.

use super::{Draft, DraftBody, DraftCitation, DraftItem, DraftKey, DraftOption, DraftPoint, FieldProblem, item_path};
use crate::question::{
    Answer, Authorship, Body, Citation, Item, Kind, OptionId, OptionText, Point, Question, QuestionRef, State,
};

/// Ids that options without one take, in order.
const OPTION_IDS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

/// Collects gaps below a path.
struct Gaps<'a> {
    path: String,
    found: &'a mut Vec<FieldProblem>,
}

impl Gaps<'_> {
    fn below(&mut self, name: &str) -> Gaps<'_> {
        Gaps { path: self.at(name), found: self.found }
    }

    fn at(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    fn add(&mut self, name: &str, reason: &str) {
        let field = self.at(name);
        self.found.push(FieldProblem::error(field, reason));
    }

    fn need<T: Clone>(&mut self, name: &str, value: Option<&T>, reason: &str) -> Option<T> {
        if value.is_none() {
            self.add(name, reason);
        }
        value.cloned()
    }
}

impl Draft {
    /// The question, if nothing is missing.
    ///
    /// # Errors
    /// Every gap, by its path.
    pub fn complete(&self, version: u32, state: State, authorship: Authorship) -> Result<Question, Vec<FieldProblem>> {
        let mut found = Vec::new();
        let mut gaps = Gaps { path: String::new(), found: &mut found };
        let reference = gaps.need("ref", self.reference.as_ref(), "没有题号，请填写");
        let pool = gaps.need("pool", self.pool.as_ref(), "没有选题库（练习、考试或者保密）");
        let level = gaps.need("level", self.level.as_ref(), "没有选认知层次（识记、理解或者运用）");
        let prior = gaps.need("prior_facility", self.prior_facility.as_ref(), "没有写预估答对率，请填 0.05 至 0.95");
        if self.topics.is_empty() {
            gaps.add("topics", "没有选知识点，请至少选一个");
        }
        if self.audience.is_empty() {
            gaps.add("audience", "没有选适用对象；人人适用选“全体公职人员”");
        }
        let body = self.complete_body(&mut gaps);
        let (Some(reference), Some(pool), Some(level), Some(prior_facility), Some(body), true) =
            (reference, pool, level, prior, body, found.is_empty())
        else {
            return Err(found);
        };
        Ok(Question {
            reference,
            version,
            state,
            authorship,
            pool,
            topics: self.topics.clone(),
            level,
            audience: self.audience.clone(),
            prior_facility,
            facts_on: self.facts_on,
            enemies: self.enemies.clone(),
            successor_of: self.successor_of.clone(),
            body,
        })
    }

    fn complete_body(&self, gaps: &mut Gaps<'_>) -> Option<Body> {
        let (passage, parts) = match &self.body {
            DraftBody::Item(item) => return complete_item(item, &mut gaps.below("body.item")).map(Body::Item),
            DraftBody::Case { passage, parts } => (passage, parts),
        };
        if parts.is_empty() {
            gaps.add("body.case.parts", "案例题至少要有一个小题");
        }
        let passage = gaps.need("body.case.passage", passage.as_ref(), "没有写案情");
        let wanted = parts.len();
        let parts: Vec<Item> = parts
            .iter()
            .enumerate()
            .filter_map(|(index, part)| complete_item(part, &mut gaps.below(&item_path(true, index))))
            .collect();
        (parts.len() == wanted).then_some(Body::Case { passage: passage?, parts })
    }

    /// The items that lack nothing, each with its place.
    pub(super) fn complete_items(&self) -> Vec<Option<Item>> {
        let mut passed_over = Vec::new();
        let mut gaps = Gaps { path: String::new(), found: &mut passed_over };
        self.items().iter().map(|item| complete_item(item, &mut gaps)).collect()
    }

    /// The reference, or one that stands for it while there is none.
    pub(super) fn reference_or_blank(&self) -> QuestionRef {
        self.reference.clone().unwrap_or_else(|| QuestionRef::new("draft"))
    }
}

fn complete_item(item: &DraftItem, gaps: &mut Gaps<'_>) -> Option<Item> {
    let before = gaps.found.len();
    let kind = gaps.need("kind", item.kind.as_ref(), "没有选题型");
    let stem = gaps.need("stem", item.stem.as_ref(), "没有写题干");
    let answer = kind.and_then(|kind| complete_answer(kind, item, gaps));
    let explanation = if kind == Some(Kind::Essay) {
        Some(item.explanation.clone().unwrap_or_default())
    } else {
        gaps.need("explanation", item.explanation.as_ref(), "没有写解析")
    };
    if item.citations.is_empty() {
        gaps.add("citations", "没有法律依据，请至少写一条");
    }
    let citations: Vec<Citation> = item
        .citations
        .iter()
        .enumerate()
        .filter_map(|(index, citation)| complete_citation(citation, &mut gaps.below(&format!("citations[{index}]"))))
        .collect();
    if gaps.found.len() > before {
        return None;
    }
    Some(Item { stem: stem?, answer: answer?, explanation: explanation?, citations })
}

fn complete_answer(kind: Kind, item: &DraftItem, gaps: &mut Gaps<'_>) -> Option<Answer> {
    let is_choice = matches!(kind, Kind::Single | Kind::Multiple);
    if !is_choice && !item.options.is_empty() {
        gaps.add("options", &format!("{}题不用选项，请删去或者改题型", kind.title()));
    }
    match kind {
        Kind::Single | Kind::Multiple => complete_choice(kind, item, gaps),
        Kind::Judgement => match item.key {
            Some(DraftKey::Truth(key)) => Some(Answer::Judgement { key, misconception: item.misconception.clone() }),
            _ => {
                gaps.add("key", "没有选答案：正确还是错误");
                None
            }
        },
        Kind::Blank => match &item.key {
            Some(DraftKey::Blanks(key)) => Some(Answer::Blank { key: key.clone() }),
            _ => {
                gaps.add("key", "没有写每个空的答案");
                None
            }
        },
        Kind::Essay => {
            let reference = gaps.need("reference", item.reference.as_ref(), "没有写参考答案");
            let points: Vec<Point> = item
                .points
                .iter()
                .enumerate()
                .filter_map(|(index, point)| complete_point(point, &mut gaps.below(&format!("points[{index}]"))))
                .collect();
            Some(Answer::Essay { reference: reference?, points })
        }
        Kind::Case => {
            gaps.add("kind", "案例题写成 case，里面再写小题");
            None
        }
    }
}

fn complete_choice(kind: Kind, item: &DraftItem, gaps: &mut Gaps<'_>) -> Option<Answer> {
    if item.options.is_empty() {
        gaps.add("options", "没有写选项");
    }
    let mut options = Vec::with_capacity(item.options.len());
    for (index, option) in item.options.iter().enumerate() {
        options.extend(complete_option(index, option, &mut gaps.below(&format!("options[{index}]"))));
    }
    let fixed_order = item.fixed_order;
    let key = item.key.as_ref().map(DraftKey::options).unwrap_or_default();
    if key.is_empty() {
        gaps.add("key", "没有选正确答案");
        return None;
    }
    if kind == Kind::Multiple {
        return Some(Answer::Multiple { options, key: key.to_vec(), fixed_order });
    }
    match key {
        [only] => Some(Answer::Single { options, key: only.clone(), fixed_order }),
        _ => {
            gaps.add("key", "单选题只能有一个正确答案");
            None
        }
    }
}

fn complete_option(index: usize, option: &DraftOption, gaps: &mut Gaps<'_>) -> Option<OptionText> {
    let text = gaps.need("text", option.text.as_ref(), "选项是空的，请填写或者删去")?;
    let of_place = OPTION_IDS.get(index).map(|id| OptionId::new(*id));
    let id = gaps.need("id", option.id.as_ref().or(of_place.as_ref()), "选项至多 6 个，请删去多余的")?;
    Some(OptionText { id, text, misconception: option.misconception.clone() })
}

fn complete_point(point: &DraftPoint, gaps: &mut Gaps<'_>) -> Option<Point> {
    let text = gaps.need("text", point.text.as_ref(), "得分点没有写内容");
    let marks = gaps.need("marks", point.marks.as_ref(), "得分点没有写分值");
    Some(Point { text: text?, marks: marks? })
}

fn complete_citation(citation: &DraftCitation, gaps: &mut Gaps<'_>) -> Option<Citation> {
    let law = gaps.need("law", citation.law.as_ref(), "没有选法规");
    let edition = gaps.need("edition", citation.edition.as_ref(), "没有选法规版本");
    let article = gaps.need("article", citation.article.as_ref(), "没有写第几条");
    let words = gaps.need("words", citation.words.as_ref(), "没有写关键词句");
    Some(Citation {
        law: law?,
        edition: edition?,
        article: article?,
        paragraph: citation.paragraph,
        item: citation.item,
        words: words?,
        supports: citation.supports.clone(),
        bind: citation.bind.clone(),
    })
}
