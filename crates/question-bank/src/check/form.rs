//! The form of a question: what the format and the rules of writing ask, texts of laws aside.

use super::{Against, Complaints};
use crate::law::normalise_text;
use crate::question::{Answer, Body, Item, OptionId, OptionText, Question, State};
use std::collections::BTreeSet;

/// Ids of options, in order.
const OPTION_IDS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
/// Words that a stem must not lean on, since they age.
const AGEING_WORDS: [&str; 3] = ["最新", "现行", "近日"];
/// Options that say something of the other options.
const SWEEPING: [&str; 6] = ["以上都", "以上均", "以上皆", "以上全", "都不对", "均不对"];
/// How a blank is written.
const BLANK: &str = "____";

pub(crate) fn check_question(question: &Question, input: &Against<'_>, at: &mut Complaints<'_>) {
    let reference = question.reference.as_str();
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    at.error_if(reference.is_empty() || !reference.bytes().all(good), "ref", "题号只能用小写字母、数字和连字符");
    at.error_if(question.version == 0, "version", "版本从 1 起");
    at.error_if(
        !(0.05..=0.95).contains(&question.prior_facility),
        "prior_facility",
        "预估答对率应当在 0.05 至 0.95 之间",
    );
    at.error_if(question.audience.is_empty(), "audience", "没有写适用对象；人人适用写 [\"all\"]");
    at.error_if(question.topics.is_empty(), "topics", "没有写知识点，请至少写一个");
    let mut seen = BTreeSet::new();
    for topic in &question.topics {
        if !input.topics.iter().any(|known| known.slug == *topic) {
            at.error("topics", format!("知识点“{topic}”不在 topics.toml 里，请核对或者先添加"));
        }
        if !seen.insert(topic) {
            at.error("topics", format!("知识点“{topic}”写了两次，请删去一个"));
        }
    }
    check_authorship(question, input, at);
    if let Body::Case { parts, .. } = &question.body {
        at.error_if(question.facts_on.is_none(), "facts_on", "案例题要写明事实发生的日期 facts_on");
        at.error_if(parts.is_empty(), "part", "案例题至少要有一个小题");
    }
}

fn check_authorship(question: &Question, input: &Against<'_>, at: &mut Complaints<'_>) {
    let people = &question.authorship;
    let reviewed = matches!(question.state, State::Approved | State::Active | State::Retired);
    match people.reviewer.as_deref().map(str::trim) {
        Some(reviewer) if reviewer == people.author.trim() => at.error("reviewer", "审题人不能是命题人本人"),
        None if reviewed => at.error("reviewer", format!("{}的题必须有审题人", question.state.title())),
        _ => {}
    }
    at.error_if(people.review_by <= people.checked_on, "review_by", "复核期限应当晚于核对日期 checked_on");
    if let Some(today) = input.today
        && question.state == State::Active
        && people.review_by < today
    {
        at.warning("review_by", format!("复核期限 {} 已过，请复核", people.review_by));
    }
}

pub(crate) fn check_item(item: &Item, at: &mut Complaints<'_>) {
    let stem = item.stem.replace("现行犯", "");
    for word in AGEING_WORDS.iter().filter(|word| stem.contains(**word)) {
        at.warning("stem", format!("题干里有“{word}”，过些时候就不准了，请写明版本或者日期"));
    }
    at.error_if(item.citations.is_empty(), "citation", "没有法律依据，请至少写一个 citation");
    match &item.answer {
        Answer::Single { options, key, .. } => check_options(options, std::slice::from_ref(key), at),
        Answer::Multiple { options, key, .. } => {
            at.error_if(!(2..=4).contains(&key.len()), "key", "多选题应当有 2 至 4 个正确选项");
            at.error_if(key.len() >= options.len(), "key", "多选题不能每个选项都正确");
            at.error_if(key.iter().collect::<BTreeSet<_>>().len() != key.len(), "key", "key 里同一选项写了两次");
            check_options(options, key, at);
            for right in key.iter().filter(|right| !item.citations.iter().any(|c| c.supports.contains(right))) {
                at.error("citation", format!("正确选项 {right} 没有依据：请在它的依据里写 supports = [\"{right}\"]"));
            }
        }
        Answer::Judgement { key, misconception } => {
            at.error_if(!key && misconception.is_none(), "misconception", "错误的判断题要写明答“正确”的人误在哪里");
            at.error_if(*key && misconception.is_some(), "misconception", "正确的判断题不写 misconception，请删去");
        }
        Answer::Blank { key } => check_blank(&item.stem, key, at),
        Answer::Essay { points, .. } => {
            at.error_if(points.is_empty(), "points", "简答题至少要有一个得分点");
            at.error_if(points.iter().any(|point| point.marks.centi() == 0), "points", "得分点的分值应当大于 0");
        }
    }
    check_supports(item, at);
}

fn check_supports(item: &Item, at: &mut Complaints<'_>) {
    let key = item.key_options();
    for (citation, no) in item.citations.iter().zip(1_u32..) {
        for wrong in citation.supports.iter().filter(|id| !key.contains(id)) {
            at.error(&format!("citation[{no}].supports"), format!("“{wrong}”不是正确选项，不能写在 supports 里"));
        }
    }
}

fn check_options(options: &[OptionText], key: &[OptionId], at: &mut Complaints<'_>) {
    at.error_if(!(3..=6).contains(&options.len()), "options", "选项应当有 3 至 6 个");
    let in_order = options.iter().zip(OPTION_IDS).all(|(option, id)| option.id.as_str() == id);
    at.error_if(!in_order, "options", "选项的 id 应当依次是 a、b、c、d、e、f");
    for id in key.iter().filter(|id| !options.iter().any(|option| option.id == **id)) {
        at.error("key", format!("key 里的“{id}”不是任何选项的 id"));
    }
    let mut texts = BTreeSet::new();
    for (option, no) in options.iter().zip(1_u32..) {
        let right = key.contains(&option.id);
        if !right && option.misconception.is_none() {
            at.error(&format!("options[{no}].misconception"), format!("错误选项 {} 要写明选它的人误在哪里", option.id));
        }
        if right && option.misconception.is_some() {
            at.error(
                &format!("options[{no}].misconception"),
                format!("正确选项 {} 不写 misconception，请删去", option.id),
            );
        }
        if !texts.insert(normalise_text(&option.text)) {
            at.error(&format!("options[{no}].text"), "两个选项的文字相同，请改写一个");
        }
        if SWEEPING.iter().any(|phrase| option.text.contains(phrase)) {
            at.error(&format!("options[{no}].text"), "选项不能说“以上都对”一类的话，请改写");
        }
    }
}

fn check_blank(stem: &str, key: &[Vec<String>], at: &mut Complaints<'_>) {
    let blanks = stem.matches(BLANK).count();
    if blanks != key.len() || blanks == 0 {
        at.error("key", format!("题干有 {blanks} 个空（{BLANK}），key 却有 {} 个空的答案", key.len()));
    }
    let empty = |answers: &Vec<String>| answers.is_empty() || answers.iter().any(|answer| answer.trim().is_empty());
    at.error_if(key.iter().any(empty), "key", "每个空都要有答案，答案不能是空的");
}
