//! The words by which offices call kinds, levels, pools and keys.

use question_bank::question::{Audience, Kind, Level, Pool};
use unicode_normalization::UnicodeNormalization;

/// The one form in which words are compared: NFKC, no white space, lower case.
pub(super) fn plain(text: &str) -> String {
    text.nfkc().filter(|sign| !sign.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// A kind (题型), if the word is one. 选择题 alone says too little.
pub(super) fn kind_of(word: &str) -> Option<Kind> {
    let word = plain(word);
    let word = word.trim_end_matches('题');
    Some(match word {
        "single" | "单选" | "单项选择" | "单选选择" | "单项" | "单一选择" => Kind::Single,
        "multiple" | "多选" | "多项选择" | "多项" | "不定项" | "不定项选择" | "多选选择" => {
            Kind::Multiple
        }
        "judgement" | "judgment" | "truefalse" | "判断" | "是非" | "判断正误" | "判断对错" | "正误判断" => {
            Kind::Judgement
        }
        "blank" | "填空" | "填充" => Kind::Blank,
        "essay" | "简答" | "问答" | "论述" | "名词解释" | "简述" => Kind::Essay,
        "case" | "案例" | "案例分析" | "材料" | "材料分析" => Kind::Case,
        _ => return None,
    })
}

/// A truth (正误), if the word says one.
pub(super) fn truth_of(word: &str) -> Option<bool> {
    let word = plain(word);
    Some(match word.trim_matches(['(', ')', '.', '。', '、']) {
        "正确" | "对" | "√" | "✓" | "✔" | "是" | "t" | "true" | "y" | "yes" | "right" | "正" => true,
        "错误" | "错" | "×" | "✗" | "✘" | "x" | "否" | "f" | "false" | "n" | "no" | "wrong" | "不正确" | "不对"
        | "误" => false,
        _ => return None,
    })
}

/// A level (认知层次).
pub(super) fn level_of(word: &str) -> Option<Level> {
    Some(match plain(word).as_str() {
        "recall" | "识记" | "记忆" | "了解" => Level::Recall,
        "understanding" | "理解" | "领会" | "掌握" => Level::Understanding,
        "application" | "运用" | "应用" | "分析" | "综合" => Level::Application,
        _ => return None,
    })
}

/// A pool (题库).
pub(super) fn pool_of(word: &str) -> Option<Pool> {
    Some(match plain(word).trim_end_matches('库').trim_end_matches('题') {
        "practice" | "练习" | "模拟" | "公开" => Pool::Practice,
        "exam" | "考试" | "正式" | "测试" => Pool::Exam,
        "secure" | "保密" | "机密" | "密" => Pool::Secure,
        _ => return None,
    })
}

/// Whom it suits (适用对象).
pub(super) fn audience_of(word: &str) -> Option<Audience> {
    let word = plain(word);
    Audience::ALL.iter().copied().find(|one| one.as_str() == word || one.title() == word).or(match word.as_str() {
        "全体" | "全员" | "所有人" | "公职人员" => Some(Audience::All),
        "全体党员" => Some(Audience::Party),
        "领导" => Some(Audience::Leading),
        "国企" => Some(Audience::Soe),
        "事业" | "事业单位" => Some(Audience::Institution),
        "村" | "村社区" | "社区" | "村居" => Some(Audience::Village),
        _ => None,
    })
}

/// The share expected to answer right: a number, a per cent, or 易 中 难 in between.
pub(super) fn facility_of(word: &str) -> Option<f64> {
    let word = plain(word);
    let named = match word.trim_end_matches('度').trim_end_matches("题") {
        "很易" | "容易" | "易" | "简单" => Some(0.85),
        "较易" | "偏易" => Some(0.75),
        "中" | "中等" | "一般" | "适中" => Some(0.65),
        "较难" | "偏难" => Some(0.5),
        "难" | "困难" | "很难" => Some(0.35),
        _ => None,
    };
    if named.is_some() {
        return named;
    }
    match word.strip_suffix('%') {
        Some(percent) => percent.parse::<f64>().ok().map(|percent| percent / 100.0),
        None => word.parse::<f64>().ok(),
    }
    .filter(|share| share.is_finite())
}

/// The items of a list in one cell: 甲、乙；丙 or one on a line.
pub(super) fn listed(text: &str) -> Vec<String> {
    text.split(['、', '，', ',', '；', ';', '\n', '|', '｜'])
        .map(str::trim)
        .filter(|one| !one.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_words() {
        for (word, kind) in [
            ("单选题", Some(Kind::Single)),
            ("单项 选择题", Some(Kind::Single)),
            ("不定项选择题", Some(Kind::Multiple)),
            ("判断题", Some(Kind::Judgement)),
            ("MULTIPLE", Some(Kind::Multiple)),
            ("选择题", None),
            ("", None),
        ] {
            assert_eq!(kind_of(word), kind, "{word}");
        }
        for (word, truth) in
            [("√", Some(true)), ("（对）", Some(true)), ("Ｆ", Some(false)), ("不正确", Some(false)), ("B", None)]
        {
            assert_eq!(truth_of(word), truth, "{word}");
        }
        assert_eq!(
            (pool_of("保密库"), level_of("应用"), audience_of("党员")),
            (Some(Pool::Secure), Some(Level::Application), Some(Audience::Party))
        );
        for (word, share) in [
            ("0.7", Some(0.7)),
            ("70%", Some(0.7)),
            ("中等", Some(0.65)),
            ("难", Some(0.35)),
            ("NaN", None),
            ("高", None),
        ] {
            assert_eq!(facility_of(word), share, "{word}");
        }
        assert_eq!(listed("甲、乙;丙\n丁 "), ["甲", "乙", "丙", "丁"]);
    }
}
