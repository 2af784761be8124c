//! Questions as rows of a table, under the headings that the import reads.

use super::raw::OPTION_IDS;
use question_bank::question::{Answer, Body, Citation, Item, Kind, OptionId, Question};

/// The headings, in order.
pub const COLUMNS: [&str; 29] = [
    "题号",
    "题型",
    "案例材料",
    "题干",
    "选项A",
    "选项B",
    "选项C",
    "选项D",
    "选项E",
    "选项F",
    "答案",
    "误区",
    "解析",
    "得分点",
    "法规",
    "版本",
    "条",
    "款",
    "项",
    "关键词句",
    "支持选项",
    "知识点",
    "认知层次",
    "题库",
    "预估难度",
    "适用对象",
    "选项不打乱",
    "案情日期",
    "互斥题",
];
/// What such a table does not hold.
pub const TABLE_LOSES: &str =
    "表格不含：版本号、状态、命题人和审题人、核对日期和复核期限、引文凭据、接替关系（重新导入后是草稿）";
/// Signs by which answers are set apart: an answer that has one cannot be told from two.
const ANSWER_SIGNS: [char; 7] = ['/', '／', ';', '；', '|', '｜', '\n'];

/// The rows of these questions, and what of them a table cannot hold, by reference. A case has a row for each part.
pub fn rows_of(questions: &[&Question]) -> (Vec<Vec<String>>, Vec<(String, String)>) {
    let mut rows = Vec::new();
    let mut losses = Vec::new();
    for question in questions {
        let passage = match &question.body {
            Body::Case { passage, .. } => Some(passage.as_str()),
            Body::Item(_) => None,
        };
        for ((slot, item), part) in question.slots().zip(0_usize..) {
            for reason in losses_of(item) {
                losses.push((slot.to_string(), reason.to_owned()));
            }
            let head = (part == 0).then_some(*question);
            rows.push(row(slot.as_str(), head, passage.filter(|_| part == 0), item));
        }
    }
    (rows, losses)
}

fn losses_of(item: &Item) -> Vec<&'static str> {
    let mut losses = Vec::new();
    if let Answer::Blank { key } = &item.answer
        && key.iter().flatten().any(|answer| answer.contains(ANSWER_SIGNS) || answer.contains(" 或 "))
    {
        losses.push("填空的答案里有分隔用的符号，读回时会被拆开");
    }
    let broken = |text: &Option<String>| text.as_deref().is_some_and(|text| text.contains('\n'));
    if item.options().iter().any(|option| broken(&option.misconception)) {
        losses.push("误区里有换行，读回时会断开");
    }
    losses
}

fn row(slot: &str, head: Option<&Question>, passage: Option<&str>, item: &Item) -> Vec<String> {
    let lines = |value: &dyn Fn(&Citation) -> String| item.citations.iter().map(value).collect::<Vec<_>>().join("\n");
    let number = |value: Option<u32>| value.map_or_else(String::new, |value| value.to_string());
    let option = |at: usize| item.options().get(at).map_or_else(String::new, |option| option.text.clone());
    let of_head = |value: &dyn Fn(&Question) -> String| head.map(value).unwrap_or_default();
    let [a, b, c, d, e, f] = [0, 1, 2, 3, 4, 5].map(option);
    vec![
        slot.to_owned(),
        item.kind().title().to_owned(),
        passage.unwrap_or_default().to_owned(),
        item.stem.clone(),
        a,
        b,
        c,
        d,
        e,
        f,
        key(item),
        misconceptions(item),
        item.explanation.clone(),
        points(item),
        lines(&|citation| citation.law.to_string()),
        lines(&|citation| citation.edition.clone()),
        lines(&|citation| citation.article.to_string()),
        lines(&|citation| number(citation.paragraph)),
        lines(&|citation| number(citation.item)),
        lines(&|citation| citation.words.clone()),
        lines(&|citation| letters(&citation.supports)),
        of_head(&|question| joined(question.topics.iter().map(|topic| topic.as_str()))),
        of_head(&|question| question.level.title().to_owned()),
        of_head(&|question| question.pool.title().to_owned()),
        of_head(&|question| question.prior_facility.to_string()),
        of_head(&|question| joined(question.audience.iter().map(|one| one.title()))),
        if item.fixed_order() { "是".to_owned() } else { String::new() },
        of_head(&|question| question.facts_on.map_or_else(String::new, |day| day.to_string())),
        of_head(&|question| joined(question.enemies.iter().map(|enemy| enemy.as_str()))),
    ]
}

fn joined<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join("、")
}

fn letters(ids: &[OptionId]) -> String {
    let of = |id: &OptionId| OPTION_IDS.iter().position(|known| *known == id.as_str());
    ids.iter().filter_map(of).filter_map(|place| (b'A'..=b'F').nth(place)).map(char::from).collect()
}

fn key(item: &Item) -> String {
    match &item.answer {
        Answer::Single { .. } | Answer::Multiple { .. } => letters(item.key_options()),
        Answer::Judgement { key, .. } => if *key { "正确" } else { "错误" }.to_owned(),
        Answer::Blank { key } => key.iter().map(|answers| answers.join("/")).collect::<Vec<_>>().join("；"),
        Answer::Essay { reference, .. } => reference.clone(),
    }
}

fn misconceptions(item: &Item) -> String {
    if let Answer::Judgement { misconception, .. } = &item.answer {
        return misconception.clone().unwrap_or_default();
    }
    let line = |option: &question_bank::question::OptionText| {
        let text = option.misconception.as_ref()?;
        Some(format!("{}：{text}", letters(std::slice::from_ref(&option.id))))
    };
    item.options().iter().filter_map(line).collect::<Vec<_>>().join("\n")
}

fn points(item: &Item) -> String {
    match &item.answer {
        Answer::Essay { points, .. } if item.kind() == Kind::Essay => {
            points.iter().map(|point| format!("{}={}", point.text, point.marks)).collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    }
}
