//! The lists that a new installation begins with.

use super::{Category, GroupRule, GroupSlug, ListEntry, Lists, PostLevelSlug, RankSlug};

const POST_LEVELS: [(&str, &str); 5] = [
    ("xianchuji-zhengzhi", "县处级正职"),
    ("xianchuji-fuzhi", "县处级副职"),
    ("xiangkeji-zhengzhi", "乡科级正职"),
    ("xiangkeji-fuzhi", "乡科级副职"),
    ("wu", "无"),
];

/// 公务员法 (2018) article 19 gives the twelve ranks of the general class; the management grades of public
/// institutions five to ten and the usual other kinds of staff follow.
const RANKS: [(&str, &str); 25] = [
    ("yiji-xunshiyuan", "一级巡视员"),
    ("erji-xunshiyuan", "二级巡视员"),
    ("yiji-diaoyanyuan", "一级调研员"),
    ("erji-diaoyanyuan", "二级调研员"),
    ("sanji-diaoyanyuan", "三级调研员"),
    ("siji-diaoyanyuan", "四级调研员"),
    ("yiji-zhurenkeyuan", "一级主任科员"),
    ("erji-zhurenkeyuan", "二级主任科员"),
    ("sanji-zhurenkeyuan", "三级主任科员"),
    ("siji-zhurenkeyuan", "四级主任科员"),
    ("yiji-keyuan", "一级科员"),
    ("erji-keyuan", "二级科员"),
    ("shiyongqi", "试用期人员"),
    ("guanli-wuji", "管理五级"),
    ("guanli-liuji", "管理六级"),
    ("guanli-qiji", "管理七级"),
    ("guanli-baji", "管理八级"),
    ("guanli-jiuji", "管理九级"),
    ("guanli-shiji", "管理十级"),
    ("zhuanye-jishu", "专业技术岗位"),
    ("gongqin", "工勤技能岗位"),
    ("guoqi-guanli", "国企管理人员"),
    ("cun-shequ", "村社区干部"),
    ("qita", "其他"),
    ("wu", "无"),
];

const GROUPS: [(&str, &str); 7] = [
    ("xianchuji", "县处级"),
    ("xiangkeji-zhengzhi", "乡科级正职"),
    ("xiangkeji-fuzhi", "乡科级副职"),
    ("yiban-ganbu", "一般干部"),
    ("shiye-guanli", "事业管理"),
    ("guoqi-guanli", "国企管理"),
    ("cun-shequ", "村社区“两委”"),
];

/// The six classes of 监察法 article 15, in short titles of our own.
const SUPERVISEES: [(&str, &str); 7] = [
    ("gongwuyuan", "公务员及参公人员"),
    ("shouquan-weituo", "受权受托管理公共事务人员"),
    ("guoqi", "国有企业管理人员"),
    ("gongban-danwei", "公办单位管理人员"),
    ("jiceng-zuzhi", "基层群众性自治组织管理人员"),
    ("qita", "其他履行公职的人员"),
    ("fei", "非监察对象"),
];

fn entries(list: &[(&str, &str)]) -> Vec<ListEntry> {
    list.iter().map(|(slug, title)| ListEntry { slug: (*slug).to_owned(), title: (*title).to_owned() }).collect()
}

fn rule(categories: &[Category], post_levels: &[&str], ranks: &[&str], group: &str) -> GroupRule {
    GroupRule {
        categories: categories.to_vec(),
        post_levels: post_levels.iter().copied().map(PostLevelSlug::from).collect(),
        ranks: ranks.iter().copied().map(RankSlug::from).collect(),
        group: GroupSlug::from(group),
    }
}

/// Villages and enterprises by what they are; then leading posts; then the staff of institutions; then the ranks
/// that stand at the level 县处级 without a leading post. 主任科员 without a leading post are 一般干部: the groups
/// 正职 and 副职 are posts.
fn rules() -> Vec<GroupRule> {
    let diaoyanyuan = [
        "yiji-xunshiyuan",
        "erji-xunshiyuan",
        "yiji-diaoyanyuan",
        "erji-diaoyanyuan",
        "sanji-diaoyanyuan",
        "siji-diaoyanyuan",
    ];
    let grades =
        ["guanli-wuji", "guanli-liuji", "guanli-qiji", "guanli-baji", "guanli-jiuji", "guanli-shiji", "zhuanye-jishu"];
    vec![
        rule(&[Category::Village], &[], &[], "cun-shequ"),
        rule(&[], &[], &["cun-shequ"], "cun-shequ"),
        rule(&[Category::Enterprise], &[], &[], "guoqi-guanli"),
        rule(&[], &[], &["guoqi-guanli"], "guoqi-guanli"),
        rule(&[], &["xianchuji-zhengzhi", "xianchuji-fuzhi"], &[], "xianchuji"),
        rule(&[], &["xiangkeji-zhengzhi"], &[], "xiangkeji-zhengzhi"),
        rule(&[], &["xiangkeji-fuzhi"], &[], "xiangkeji-fuzhi"),
        rule(&[Category::Institution], &[], &[], "shiye-guanli"),
        rule(&[], &[], &grades, "shiye-guanli"),
        rule(&[], &[], &diaoyanyuan, "xianchuji"),
    ]
}

pub(super) fn lists() -> Lists {
    Lists {
        post_levels: entries(&POST_LEVELS),
        ranks: entries(&RANKS),
        groups: entries(&GROUPS),
        supervisees: entries(&SUPERVISEES),
        rules: rules(),
        other_group: GroupSlug::from("yiban-ganbu"),
    }
}
