//! The lists that a new installation begins with.

use super::{Category, GroupSlug, ListEntry, Lists};

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

/// The groups of post levels and ranks; an entry that is not here is in none of its own.
///
/// 主任科员 without a leading post are 一般干部: the groups 正职 and 副职 are posts. 巡视员 and 调研员 stand at the level
/// 县处级 without one.
const GROUP_OF: [(&str, &str); 19] = [
    ("xianchuji-zhengzhi", "xianchuji"),
    ("xianchuji-fuzhi", "xianchuji"),
    ("xiangkeji-zhengzhi", "xiangkeji-zhengzhi"),
    ("xiangkeji-fuzhi", "xiangkeji-fuzhi"),
    ("yiji-xunshiyuan", "xianchuji"),
    ("erji-xunshiyuan", "xianchuji"),
    ("yiji-diaoyanyuan", "xianchuji"),
    ("erji-diaoyanyuan", "xianchuji"),
    ("sanji-diaoyanyuan", "xianchuji"),
    ("siji-diaoyanyuan", "xianchuji"),
    ("guanli-wuji", "shiye-guanli"),
    ("guanli-liuji", "shiye-guanli"),
    ("guanli-qiji", "shiye-guanli"),
    ("guanli-baji", "shiye-guanli"),
    ("guanli-jiuji", "shiye-guanli"),
    ("guanli-shiji", "shiye-guanli"),
    ("zhuanye-jishu", "shiye-guanli"),
    ("guoqi-guanli", "guoqi-guanli"),
    ("cun-shequ", "cun-shequ"),
];

const CATEGORY_OF: [(&str, Category); 3] =
    [("shiye-guanli", Category::Institution), ("guoqi-guanli", Category::Enterprise), ("cun-shequ", Category::Village)];
const REST: &str = "yiban-ganbu";

fn entries(list: &[(&str, &str)]) -> Vec<ListEntry> {
    list.iter().map(|(slug, title)| ListEntry::new(*slug, *title)).collect()
}

fn grouped(list: &[(&str, &str)]) -> Vec<ListEntry> {
    let group = |slug: &str| GROUP_OF.iter().find(|(own, _)| *own == slug).map(|(_, group)| GroupSlug::from(*group));
    list.iter().map(|(slug, title)| ListEntry { group: group(slug), ..ListEntry::new(*slug, *title) }).collect()
}

pub(super) fn lists() -> Lists {
    let category = |slug: &str| CATEGORY_OF.iter().find(|(own, _)| *own == slug).map(|(_, category)| *category);
    let groups = GROUPS
        .iter()
        .map(|(slug, title)| ListEntry {
            category: category(slug),
            rest: *slug == REST,
            ..ListEntry::new(*slug, *title)
        })
        .collect();
    Lists { post_levels: grouped(&POST_LEVELS), ranks: grouped(&RANKS), groups, supervisees: entries(&SUPERVISEES) }
}
