//! Presets (预设): rules that are in force somewhere, to begin from. The other rows of the survey of practice are
//! test cases in `practice.rs`.

use serde::Serialize;

use crate::marks::MarksCenti;
use crate::rules::{Band, CountRule, EXCELLENT_BAND, Ground, ReleaseKeys, Rules};

/// Rules with a blueprint and a duration, ready to be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Preset {
    /// Its name in URLs.
    pub slug: &'static str,
    /// What staff read.
    pub title: &'static str,
    /// The id of the blueprint (双向细目表).
    pub blueprint: &'static str,
    /// 答题时长, in seconds.
    pub duration_seconds: i64,
    /// The marks of the blueprint's paper.
    #[serde(rename = "marks_max")]
    pub marks_max_centi: MarksCenti,
    /// The rules.
    pub rules: Rules,
    /// What the rules cannot say: make-up, consequences.
    pub note: &'static str,
    /// Which body's practice it follows.
    pub source: &'static str,
}

const FULL_MARKS: MarksCenti = MarksCenti::from_whole(100);

fn rules(pass: i64, bands: &[(i64, &str)], clauses: &[(Ground, &str)]) -> Rules {
    let band = |(from, name): &(i64, &str)| Band { from: MarksCenti::from_whole(*from), name: (*name).to_owned() };
    Rules {
        bands: bands.iter().map(band).collect(),
        clauses: clauses.iter().map(|(ground, text)| (*ground, (*text).to_owned())).collect(),
        release_keys: ReleaseKeys::AfterWindow,
        ..Rules::with_pass_marks(MarksCenti::from_whole(pass))
    }
}

/// All presets, in the order in which they are offered.
pub fn presets() -> Vec<Preset> {
    vec![delian(), xuefa(), best_of_three()]
}

/// The preset with a slug.
pub fn preset(slug: &str) -> Option<Preset> {
    presets().into_iter().find(|preset| preset.slug == slug)
}

fn delian() -> Preset {
    Preset {
        slug: "delian",
        title: "德廉知识测试（30+30+20）",
        blueprint: "delian-30-30-20",
        duration_seconds: 50 * 60,
        marks_max_centi: FULL_MARKS,
        rules: rules(
            80,
            &[(90, EXCELLENT_BAND), (80, "合格"), (0, "不合格")],
            &[
                (Ground::Passed, "德廉知识测试规则：80 分以上为合格"),
                (Ground::BelowPassMark, "德廉知识测试规则：低于 80 分为不合格，可补测一次"),
            ],
        ),
        note: "闭卷；不合格的在 2 至 3 个月内补测一次（另建一场补测），成绩 2 年内有效；党员与非党员用不同试卷时，\
               按政治面貌分建两场。优秀线 90 分为通报惯例，可改。",
        source: "山东德廉知识测试（2013—2018）",
    }
}

fn xuefa() -> Preset {
    Preset {
        slug: "xuefa",
        title: "学法用法考试（40+20+20）",
        blueprint: "xuefa-40-20-20",
        duration_seconds: 60 * 60,
        marks_max_centi: FULL_MARKS,
        rules: rules(
            80,
            &[(90, EXCELLENT_BAND), (80, "合格"), (0, "不合格")],
            &[
                (Ground::Passed, "学法用法考试规则：80 分以上为合格"),
                (Ground::BelowPassMark, "学法用法考试规则：低于 80 分为不合格，参加补考"),
                (Ground::Absent, "学法用法考试规则：缺考须由单位出具盖章说明"),
            ],
        ),
        note: "不合格和缺考的参加另设的补考；缺考须有单位盖章说明。优秀线 90 分为通报惯例，可改。",
        source: "济宁学法用法考试（2019—2023）",
    }
}

fn best_of_three() -> Preset {
    let rules = rules(
        60,
        &[(90, EXCELLENT_BAND), (80, "良好"), (60, "合格"), (0, "不合格")],
        &[
            (Ground::Passed, "学法考试规则：60 分以上为合格，取三次最高分"),
            (Ground::BelowPassMark, "学法考试规则：低于 60 分为不合格，取三次最高分，不设补考"),
        ],
    );
    Preset {
        slug: "best-of-three",
        title: "三次取最高（90/80/60）",
        blueprint: "xuefa-40-20-20",
        duration_seconds: 90 * 60,
        marks_max_centi: FULL_MARKS,
        rules: Rules { attempts: 3, count: CountRule::Best, ..rules },
        note: "窗口内可考 3 次，取最高分，不设补考；通报仍以首考为主。",
        source: "陕西学法考试（2020）",
    }
}

#[cfg(test)]
#[path = "practice.rs"]
mod practice;
