//! Keys as files write them, read by the kind; and the kind, where only the key tells it.

use super::raw::{BLANK, OPTION_IDS, Raw, RawOption};
use super::words::{plain, truth_of};
use organisation::text::shorten;
use question_bank::draft::DraftKey;
use question_bank::question::{Kind, OptionId};

/// A key as a file gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum KeyText {
    /// None.
    #[default]
    Missing,
    /// In words: `ABD`, `正确`, `六个月；一年`.
    Text(String),
    /// Places of right options, from 0.
    Places(Vec<usize>),
    /// A truth.
    Truth(bool),
    /// For each blank its equal answers.
    Blanks(Vec<Vec<String>>),
}

/// The key and, of an essay, the model answer. A kind that the file does not say is read from options and key.
pub(super) fn read_key(raw: &mut Raw, kind: &mut Option<Kind>) -> (Option<DraftKey>, Option<String>) {
    let key = std::mem::take(&mut raw.key);
    take_truths(raw, kind, &key);
    if kind.is_none() {
        *kind = guess(raw, &key);
        if kind.is_none() {
            raw.error("kind", "看不出题型，请写明单选、多选、判断、填空或者简答");
        }
    }
    match (*kind, key) {
        (_, KeyText::Missing) => (None, None),
        (Some(Kind::Single | Kind::Multiple) | None, key) => (choice(raw, *kind, &key), None),
        (Some(Kind::Judgement), key) => (judgement(raw, &key), None),
        (Some(Kind::Blank), KeyText::Blanks(blanks)) => (Some(DraftKey::Blanks(blanks)), None),
        (Some(Kind::Blank), KeyText::Text(text)) => (Some(blanks(raw, &text)), None),
        (Some(Kind::Essay), KeyText::Text(text)) => (None, super::raw::text_of(&text)),
        (Some(Kind::Essay), KeyText::Blanks(blanks)) => (None, blanks.into_iter().flatten().next()),
        (Some(kind), _) => {
            raw.error("key", format!("答案与题型“{}题”不符，请核对", kind.title()));
            (None, None)
        }
    }
}

/// 判断 that are written as a choice of 正确 and 错误 lose their options; their key is the truth of the chosen one.
fn take_truths(raw: &mut Raw, kind: &mut Option<Kind>, key: &KeyText) {
    let truths: Vec<Option<bool>> = raw.options.iter().map(|option| truth_of(&option.text)).collect();
    let [Some(first), Some(second)] = truths.as_slice() else { return };
    if first == second || matches!(kind, Some(Kind::Blank | Kind::Essay | Kind::Case)) {
        return;
    }
    let chosen = match key {
        KeyText::Text(text) => letters(text).and_then(|places| places.first().copied()),
        KeyText::Places(places) => places.first().copied(),
        _ => None,
    };
    *kind = Some(Kind::Judgement);
    if let Some(truth) = chosen.and_then(|place| truths.get(place).copied().flatten()) {
        raw.key = KeyText::Truth(truth);
    }
    raw.options.clear();
}

fn guess(raw: &Raw, key: &KeyText) -> Option<Kind> {
    if !raw.options.is_empty() {
        let count = match key {
            KeyText::Text(text) => letters(text).map_or(1, |places| places.len()),
            KeyText::Places(places) => places.len(),
            _ => 1,
        };
        return Some(if count > 1 { Kind::Multiple } else { Kind::Single });
    }
    match key {
        KeyText::Truth(_) => Some(Kind::Judgement),
        KeyText::Blanks(_) => Some(Kind::Blank),
        KeyText::Text(text) if truth_of(text).is_some() => Some(Kind::Judgement),
        KeyText::Text(_) | KeyText::Missing if super::raw::with_blanks(&raw.stem).contains(BLANK) => Some(Kind::Blank),
        KeyText::Text(text) if letters(text).is_none() => Some(Kind::Essay),
        _ => None,
    }
}

/// The place of a letter, from 0.
pub(super) fn letter_at(letter: &str) -> Option<usize> {
    match letters(letter)?.as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}

/// The places of letters: ABD, A、B、D, “a b”, ＡＢ. None when anything else stands there, or a letter comes twice.
pub(super) fn letters(text: &str) -> Option<Vec<usize>> {
    let mut places = Vec::new();
    for sign in plain(text).chars() {
        match sign {
            'a'..='j' => places.push(usize::try_from(u32::from(sign).checked_sub(u32::from('a'))?).ok()?),
            ',' | '、' | ';' | '/' | '|' | '.' | '。' | '和' | '(' | ')' | '"' | '[' | ']' | '+' => {}
            _ => return None,
        }
    }
    let mut sorted = places.clone();
    sorted.sort_unstable();
    sorted.dedup();
    (!places.is_empty() && sorted.len() == places.len()).then_some(sorted)
}

fn choice(raw: &mut Raw, kind: Option<Kind>, key: &KeyText) -> Option<DraftKey> {
    let places = match key {
        KeyText::Places(places) => Some(places.clone()),
        KeyText::Text(text) => letters(text).or_else(|| by_text(&raw.options, text)),
        _ => None,
    };
    let Some(places) = places else {
        let written = if let KeyText::Text(text) = key { shorten(text, 20) } else { String::new() };
        raw.error("key", format!("答案“{written}”看不懂，应写选项的字母，如 B 或者 ACD"));
        return None;
    };
    let there = raw.options.len();
    let mut ids = Vec::new();
    for place in places {
        match OPTION_IDS.get(place).filter(|_| place < there) {
            Some(id) => ids.push(OptionId::new(*id)),
            None => {
                let letter = (b'A'..=b'J').nth(place).map_or('?', char::from);
                raw.error("key", format!("答案里有 {letter}，可是没有这个选项（共 {there} 个选项）"));
            }
        }
    }
    if kind == Some(Kind::Single) && ids.len() > 1 {
        raw.error("key", format!("单选题写了 {} 个答案，请核对题型或者答案", ids.len()));
    }
    DraftKey::of_options(kind, ids)
}

/// An answer that repeats an option instead of naming its letter.
fn by_text(options: &[RawOption], text: &str) -> Option<Vec<usize>> {
    let wanted = plain(text);
    options.iter().position(|option| plain(&option.text) == wanted).map(|place| vec![place])
}

fn judgement(raw: &mut Raw, key: &KeyText) -> Option<DraftKey> {
    // Taken from a choice of 正确 and 错误.
    if let KeyText::Truth(truth) = std::mem::take(&mut raw.key) {
        return Some(DraftKey::Truth(truth));
    }
    match key {
        KeyText::Truth(truth) => Some(DraftKey::Truth(*truth)),
        KeyText::Text(text) => {
            let truth = truth_of(text);
            if truth.is_none() {
                raw.error("key", format!("判断题的答案“{}”看不懂，应写正确或者错误", shorten(text, 20)));
            }
            truth.map(DraftKey::Truth)
        }
        _ => {
            raw.error("key", "判断题的答案应写正确或者错误");
            None
        }
    }
}

/// One list of equal answers for each blank: blanks apart by ； or | (or 、 and spaces, when that fits their number),
/// equal answers apart by / or a free 或.
fn blanks(raw: &mut Raw, text: &str) -> DraftKey {
    let text = text.trim().trim_end_matches('。');
    let count = super::raw::with_blanks(&raw.stem).matches(BLANK).count();
    let by = |signs: &[char]| -> Vec<String> {
        text.split(signs).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let parts = if count <= 1 {
        vec![text.trim().to_owned()]
    } else {
        let ways: [&[char]; 3] =
            [&['；', ';', '|', '｜', '\n'], &['；', ';', '|', '｜', '\n', '、', '，', ','], &[' ', '\u{3000}', '\t']];
        let split = ways.iter().map(|signs| by(signs)).find(|parts| parts.len() == count);
        if split.is_none() {
            raw.error("key", format!("题干有 {count} 个空，答案“{}”分不出这么多，请用分号隔开", shorten(text, 20)));
        }
        split.unwrap_or_else(|| by(&['；', ';', '|', '｜', '\n']))
    };
    let equal = |part: &String| -> Vec<String> {
        // 或 inside an answer may be a word of the law: only one that stands free sets two answers apart.
        part.split(['/', '／'])
            .flat_map(|one| one.split(" 或 "))
            .map(str::trim)
            .filter(|one| !one.is_empty())
            .map(str::to_owned)
            .collect()
    };
    DraftKey::Blanks(parts.iter().map(equal).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: Option<Kind>, stem: &str, options: &[&str], key: &str) -> (Option<Kind>, String, Vec<String>) {
        let mut raw =
            Raw { stem: stem.into(), options: options.iter().map(|text| RawOption::of(*text)).collect(), ..Raw::at(1) };
        raw.key = KeyText::Text(key.into());
        let mut kind = kind;
        let (key, reference) = read_key(&mut raw, &mut kind);
        let key = key.map_or_else(|| reference.unwrap_or_default(), |key| serde_json::to_string(&key).unwrap());
        (kind, key, raw.problems.into_iter().map(|problem| problem.reason).collect())
    }

    /// Kind said, stem, options, key; kind found, key found.
    type Case<'a> = (Option<Kind>, &'a str, &'a [&'a str], &'a str, Option<Kind>, &'a str);

    #[test]
    fn keys_of_every_kind() {
        let abcd = ["警告", "记过", "降级", "开除"];
        let (single, multiple) = (Some(Kind::Single), Some(Kind::Multiple));
        let cases: [Case<'_>; 20] = [
            (single, "问", &abcd, "B", single, "\"b\""),
            (None, "问", &abcd, "ｂ", single, "\"b\""),
            (None, "问", &abcd, "A、B，D", multiple, "[\"a\",\"b\",\"d\"]"),
            (multiple, "问", &abcd, "d b", multiple, "[\"b\",\"d\"]"),
            (None, "问", &abcd, "降级", single, "\"c\""),
            (None, "问", &["正确", "错误"], "B", Some(Kind::Judgement), "false"),
            (None, "问", &["错", "对"], "B", Some(Kind::Judgement), "true"),
            (None, "问", &["正确", "错误"], "错误", Some(Kind::Judgement), "false"),
            (Some(Kind::Judgement), "问", &[], "√", Some(Kind::Judgement), "true"),
            (None, "问", &[], "×", Some(Kind::Judgement), "false"),
            (None, "期间是____。", &[], "六个月/半年", Some(Kind::Blank), "[[\"六个月\",\"半年\"]]"),
            (None, "____和____。", &[], "甲；乙 或 丙", Some(Kind::Blank), "[[\"甲\"],[\"乙\",\"丙\"]]"),
            (None, "____和（  ）。", &[], "甲、乙", Some(Kind::Blank), "[[\"甲\"],[\"乙\"]]"),
            (None, "____和____。", &[], "甲 乙", Some(Kind::Blank), "[[\"甲\"],[\"乙\"]]"),
            (None, "说说种类。", &[], "有三种。", Some(Kind::Essay), "有三种。"),
            (Some(Kind::Essay), "说说。", &[], "正确", Some(Kind::Essay), "正确"),
            (single, "问", &abcd, "E", single, ""),
            (single, "问", &abcd, "AB", single, "[\"a\",\"b\"]"),
            (single, "问", &abcd, "第二个", single, ""),
            (Some(Kind::Judgement), "问", &[], "也许", Some(Kind::Judgement), ""),
        ];
        for (kind, stem, options, key, expected_kind, expected) in cases {
            let (found_kind, found, problems) = read(kind, stem, options, key);
            assert_eq!((found_kind, found.as_str()), (expected_kind, expected), "{stem} {key} {problems:?}");
        }
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let abcd = ["警告", "记过", "降级", "开除"];
        for (kind, stem, options, key, word) in [
            (Some(Kind::Single), "问", &abcd[..], "E", "答案里有 E"),
            (Some(Kind::Single), "问", &abcd[..], "AC", "单选题写了 2 个答案"),
            (Some(Kind::Single), "问", &abcd[..], "AA", "看不懂"),
            (Some(Kind::Judgement), "问", &[], "也许", "看不懂"),
            (Some(Kind::Blank), "____和____。", &[], "甲", "分不出"),
            (None, "问", &[], "B", "看不出题型"),
        ] {
            let (.., problems) = read(kind, stem, options, key);
            assert!(problems.iter().any(|problem| problem.contains(word)), "{key}: {problems:?}");
        }
    }
}
