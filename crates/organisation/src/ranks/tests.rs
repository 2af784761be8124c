use super::*;
use std::collections::BTreeSet;

#[test]
fn slugs_and_titles_are_unique_and_parse() {
    let lists = Lists::default();
    for list in [&lists.post_levels, &lists.ranks, &lists.groups, &lists.supervisees] {
        let slugs: BTreeSet<_> = list.iter().map(|entry| &entry.slug).collect();
        let titles: BTreeSet<_> = list.iter().map(|entry| &entry.title).collect();
        assert_eq!((slugs.len(), titles.len()), (list.len(), list.len()));
        assert!(list.iter().all(|entry| entry.slug.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
    }
    for entry in &lists.post_levels {
        assert_eq!(lists.parse_post_level(&entry.title), Some(entry.slug.as_str().into()));
    }
    for entry in &lists.ranks {
        assert_eq!(lists.parse_rank(&entry.title), Some(entry.slug.as_str().into()));
    }
    for entry in &lists.supervisees {
        assert_eq!(lists.parse_supervisee(&entry.title), Some(entry.slug.as_str().into()));
    }
    for entry in &lists.groups {
        assert_eq!(lists.parse_group(&entry.title), Some(entry.slug.as_str().into()));
        assert_eq!(lists.group_title(&entry.slug.as_str().into()), entry.title);
    }
}

#[test]
fn entries_name_only_groups_that_there_are() {
    let lists = Lists::default();
    for entry in lists.post_levels.iter().chain(&lists.ranks) {
        let known = entry.group.as_ref().is_none_or(|group| lists.entry(ListKind::RankGroup, group.as_str()).is_some());
        assert!(known, "{entry:?}");
    }
    assert_eq!(lists.groups.iter().filter(|group| group.rest).count(), 1);
    assert_eq!(lists.groups.iter().filter(|group| group.category.is_some()).count(), 3);
    // Every line of the table of defaults is about an entry.
    assert_eq!(lists.post_levels.iter().chain(&lists.ranks).filter(|entry| entry.group.is_some()).count(), 19);
}

#[test]
fn what_a_text_was_meant_to_be() {
    let mut lists = Lists::default();
    for (list, text, near) in [
        (ListKind::Rank, "主任科员", "一级主任科员、二级主任科员、三级主任科员"),
        (ListKind::Rank, "5级主任科员", "一级主任科员、二级主任科员、三级主任科员"),
        (ListKind::Rank, "二级调研", "二级调研员"),
        (ListKind::PostLevel, "乡科级正", "乡科级正职"),
        (ListKind::PostLevel, "厅局级正职", "县处级正职、乡科级正职"),
        (ListKind::Rank, "董事长", ""),
        (ListKind::RankGroup, "国企管理层", "国企管理"),
    ] {
        let found = lists.nearest(list, text);
        assert!(found.join("、").starts_with(near) && found.is_empty() == near.is_empty(), "{text}: {found:?}");
    }
    lists.ranks.iter_mut().for_each(|rank| rank.retired = rank.slug == "erji-diaoyanyuan");
    assert!(!lists.nearest(ListKind::Rank, "二级调研").contains(&"二级调研员"), "a retired entry is not proposed");
}

#[test]
fn usual_spellings() {
    let lists = Lists::default();
    for (text, slug) in [
        ("正科", Some("xiangkeji-zhengzhi")),
        ("正科级", Some("xiangkeji-zhengzhi")),
        ("乡 科 级 正 职", Some("xiangkeji-zhengzhi")),
        ("正科级领导职务", Some("xiangkeji-zhengzhi")),
        ("正科级实职", Some("xiangkeji-zhengzhi")),
        ("乡（科）级正职", Some("xiangkeji-zhengzhi")),
        ("副科", Some("xiangkeji-fuzhi")),
        ("副科级干部", Some("xiangkeji-fuzhi")),
        ("正处级", Some("xianchuji-zhengzhi")),
        ("副县级", Some("xianchuji-fuzhi")),
        ("正股级", Some("wu")),
        ("无", Some("wu")),
        ("四级主任科员", None),
        ("科长", None),
    ] {
        assert_eq!(lists.parse_post_level(text).as_ref().map(PostLevelSlug::as_str), slug, "{text}");
    }
    for (text, slug) in [
        ("四级主任科员", Some("siji-zhurenkeyuan")),
        ("4级主任科员", Some("siji-zhurenkeyuan")),
        ("４级 主任科员", Some("siji-zhurenkeyuan")),
        ("一级调研员", Some("yiji-diaoyanyuan")),
        ("七级职员", Some("guanli-qiji")),
        ("管理岗位十级", Some("guanli-shiji")),
        ("管理岗10级", Some("guanli-shiji")),
        ("职员", None),
        ("专业技术十级", Some("zhuanye-jishu")),
        ("高级工", Some("gongqin")),
        ("试用期公务员", Some("shiyongqi")),
        ("科员", None),
        ("正科级", None),
    ] {
        assert_eq!(lists.parse_rank(text).as_ref().map(RankSlug::as_str), slug, "{text}");
    }
    for (text, slug) in [
        ("公务员", Some("gongwuyuan")),
        ("村（社区）干部", Some("jiceng-zuzhi")),
        ("国企管理人员", Some("guoqi")),
        ("否", Some("fei")),
        ("是", None),
    ] {
        assert_eq!(lists.parse_supervisee(text).as_ref().map(SuperviseeSlug::as_str), slug, "{text}");
    }
    for (text, category) in [
        ("公务员", Some(Category::CivilServant)),
        ("参公事业单位", Some(Category::CivilServant)),
        ("行政编制", Some(Category::CivilServant)),
        ("事业编", Some(Category::Institution)),
        ("国企", Some(Category::Enterprise)),
        ("村“两委”", Some(Category::Village)),
        ("机关工勤", Some(Category::Worker)),
        ("其他", None),
    ] {
        assert_eq!(Category::parse(text), category, "{text}");
    }
}

#[test]
fn groups_by_rule() {
    let lists = Lists::default();
    for (post, rank, category, group) in [
        ("县处级正职", "", "", "xianchuji"),
        ("县处级副职", "二级调研员", "公务员", "xianchuji"),
        ("乡科级正职", "四级调研员", "公务员", "xiangkeji-zhengzhi"),
        ("乡科级副职", "一级主任科员", "公务员", "xiangkeji-fuzhi"),
        ("无", "三级调研员", "公务员", "xianchuji"),
        ("无", "一级主任科员", "公务员", "yiban-ganbu"),
        ("", "四级主任科员", "", "yiban-ganbu"),
        ("", "", "", "yiban-ganbu"),
        ("", "", "事业", "shiye-guanli"),
        ("乡科级副职", "", "事业", "xiangkeji-fuzhi"),
        ("", "管理七级", "", "shiye-guanli"),
        ("", "", "国企", "guoqi-guanli"),
        ("乡科级正职", "", "国企", "guoqi-guanli"),
        ("", "", "村干部", "cun-shequ"),
        ("", "", "工勤", "yiban-ganbu"),
        ("乡科级正职", "国企管理人员", "", "guoqi-guanli"),
        ("乡科级副职", "村社区干部", "事业", "cun-shequ"),
        ("", "二级调研员", "事业", "shiye-guanli"),
    ] {
        let got = lists.analysis_group(
            lists.parse_post_level(post).as_ref(),
            lists.parse_rank(rank).as_ref(),
            Category::parse(category),
        );
        assert_eq!(got.as_str(), group, "{post} {rank} {category}");
    }
}

#[test]
fn an_edited_list_is_followed() {
    let mut lists = Lists::default();
    let group = Some(GroupSlug::from("xiangkeji-zhengzhi"));
    let spellings = vec!["四级高级监察".into()];
    lists.ranks.push(ListEntry { group, spellings, ..ListEntry::new("jianchaguan-siji", "四级监察官") });
    lists.post_levels.retain(|entry| entry.slug != "xianchuji-fuzhi");
    assert_eq!(lists.parse_rank("4级监察官").unwrap().as_str(), "jianchaguan-siji");
    assert_eq!(lists.parse_rank("4级高级监察").unwrap().as_str(), "jianchaguan-siji");
    let rank = RankSlug::from("jianchaguan-siji");
    assert_eq!(lists.analysis_group(None, Some(&rank), None).as_str(), "xiangkeji-zhengzhi");
    assert_eq!(lists.analysis_group(None, Some(&rank), Some(Category::Village)).as_str(), "cun-shequ");
    assert_eq!(lists.parse_post_level("副处"), None);
    let back: Lists = serde_json::from_str(&serde_json::to_string(&lists).unwrap()).unwrap();
    assert_eq!(back, lists);
}
