//! Invented units and people. No name of a real place or person is meant.

use shuffle::{Stream, derive_seed};
use storage::organisation::{PersonRow, UnitRow};

use crate::new_id;

/// Units of the district, the top included.
pub(crate) const UNITS: usize = 120;
/// People of the district.
pub(crate) const PEOPLE: usize = 3_000;

const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文";
const GIVEN: &str = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国文斌志鹏晓东海燕春林佳宁子涵雨欣思远嘉怡浩然梓萱宇轩俊峰若兰清源立新永康承志景行知远怀瑾德润";
const DEPARTMENTS: [&str; 34] = [
    "纪委监委机关",
    "委办公室",
    "组织部",
    "宣传部",
    "统战部",
    "政法委",
    "编办",
    "直属机关工委",
    "政府办公室",
    "发展改革局",
    "教育局",
    "科技工信局",
    "公安分局",
    "民政局",
    "司法局",
    "财政局",
    "人社局",
    "自然资源局",
    "生态环境分局",
    "住建局",
    "交通局",
    "水利局",
    "农业农村局",
    "商务局",
    "文旅局",
    "卫健局",
    "退役军人局",
    "应急管理局",
    "审计局",
    "市场监管局",
    "统计局",
    "医保局",
    "行政审批局",
    "城市管理局",
];
const INSTITUTIONS: [&str; 6] = ["融媒体中心", "政务服务中心", "第一中学", "中心医院", "图书馆", "房屋征收中心"];
const ENTERPRISES: [&str; 3] = ["城投公司", "水务公司", "文旅集团"];
const TOWNS: [&str; 12] = [
    "东湖街道",
    "西岭街道",
    "南桥街道",
    "北屯街道",
    "青石镇",
    "白鹭镇",
    "红旗镇",
    "云台镇",
    "长坪镇",
    "松林乡",
    "柳河乡",
    "河口镇",
];
/// Villages and communities: enough of them to make [`UNITS`].
const VILLAGES_OF_A_TOWN: usize = 5;
const VILLAGES: [&str; 16] = [
    "和平", "新民", "前进", "光明", "胜利", "永安", "兴隆", "双桥", "大坪", "石门", "龙泉", "清水", "高岗", "莲塘",
    "柏树", "梅园",
];

/// Units and people as they are stored.
pub(super) struct District {
    pub(super) units: Vec<UnitRow>,
    pub(super) people: Vec<PersonRow>,
}

impl District {
    /// Three units with people enough for the accounts of the demo: two departments and a town.
    pub(super) fn demo_units(&self) -> [String; 3] {
        let by_name = |name: &str| {
            self.units.iter().find(|unit| unit.name.ends_with(name)).map(|unit| unit.id.clone()).unwrap_or_default()
        };
        [by_name("财政局"), by_name("教育局"), by_name("青石镇")]
    }
}

/// Makes the district. Ids are fresh, everything else follows from the seed.
pub(super) fn invent() -> District {
    let mut units = vec![unit("Q00", "明德区", None, "top", &[], 0)];
    let top = units.first().map(|unit| unit.id.clone());
    let mut position = 1;
    let mut add = |units: &mut Vec<UnitRow>,
                   code: String,
                   name: String,
                   parent: &Option<String>,
                   kind: &str,
                   groups: &[Group<'_>]| {
        let row = unit(&code, &name, parent.clone(), kind, groups, position);
        position += 1;
        let id = row.id.clone();
        units.push(row);
        Some(id)
    };
    for (index, name) in DEPARTMENTS.iter().enumerate() {
        add(&mut units, format!("B{index:02}"), format!("区{name}"), &top, "department", &groups_of_department(index));
    }
    for (index, name) in INSTITUTIONS.iter().enumerate() {
        add(&mut units, format!("S{index:02}"), format!("区{name}"), &top, "institution", &[(UNIT_TYPE, "事业单位")]);
    }
    for (index, name) in ENTERPRISES.iter().enumerate() {
        add(&mut units, format!("G{index:02}"), format!("区{name}"), &top, "enterprise", &[(UNIT_TYPE, "国有企业")]);
    }
    for (index, name) in TOWNS.iter().enumerate() {
        let town = add(
            &mut units,
            format!("Z{index:02}"),
            (*name).to_owned(),
            &top,
            "town",
            &[(UNIT_TYPE, "镇街"), ("area", area_of_town(index))],
        );
        for place in 0..VILLAGES_OF_A_TOWN {
            let number = index * VILLAGES_OF_A_TOWN + place;
            let word = VILLAGES.get(number % VILLAGES.len()).copied().unwrap_or("新民");
            let kind_word = if name.ends_with("街道") { "社区" } else { "村" };
            let ordinal = number / VILLAGES.len();
            let name = if ordinal == 0 {
                format!("{word}{kind_word}")
            } else {
                format!("{word}{}{kind_word}", ["", "东", "西", "南"].get(ordinal).copied().unwrap_or("北"))
            };
            add(&mut units, format!("C{number:03}"), name, &town, "village", &[(UNIT_TYPE, "村社区")]);
        }
    }
    let mut left = UNITS.saturating_sub(units.len());
    let offices: Vec<(String, String)> = units
        .iter()
        .filter(|unit| unit.kind == "department")
        .map(|unit| (unit.id.clone(), unit.code.clone()))
        .collect();
    for (parent, code) in offices {
        if left == 0 {
            break;
        }
        add(&mut units, format!("{code}-1"), "办公室".to_owned(), &Some(parent), "office", &[]);
        left -= 1;
    }
    let people = people(&units);
    District { units, people }
}

/// Kind and name of a group.
type Group<'a> = (&'a str, &'a str);

const UNIT_TYPE: &str = "unit_type";
const AREAS: [&str; 4] = ["东片", "南片", "西片", "北片"];
const RESIDENT_GROUPS: [&str; 6] = ["第一派驻组", "第二派驻组", "第三派驻组", "第四派驻组", "第五派驻组", "第六派驻组"];

fn area_of_town(index: usize) -> &'static str {
    AREAS.get(index * AREAS.len() / TOWNS.len()).copied().unwrap_or_default()
}

/// A department belongs to a system by what it does, and to a resident group by its place in the list.
fn groups_of_department(index: usize) -> Vec<Group<'static>> {
    let system = match index {
        5 | 12 | 14 => "政法系统",
        0..=7 => "党群系统",
        10 | 13 | 24 | 25 | 26 | 31 => "社会事业系统",
        _ => "经济系统",
    };
    let resident = RESIDENT_GROUPS.get(index * RESIDENT_GROUPS.len() / DEPARTMENTS.len());
    let resident = resident.map(|name| ("resident_group", *name));
    [(UNIT_TYPE, "区直部门"), ("system", system)].into_iter().chain(resident).collect()
}

fn unit(code: &str, name: &str, parent: Option<String>, kind: &str, groups: &[Group<'_>], position: i64) -> UnitRow {
    let groups: Vec<_> = groups.iter().map(|(kind, name)| serde_json::json!({ "kind": kind, "name": name })).collect();
    let groups = serde_json::Value::Array(groups).to_string();
    UnitRow {
        id: new_id(),
        code: code.to_owned(),
        name: name.to_owned(),
        parent_id: parent,
        kind: kind.to_owned(),
        groups_json: groups,
        position,
        left_on: None,
        version: 1,
    }
}

/// How many people a unit has, in parts of the whole.
fn weight(kind: &str) -> usize {
    match kind {
        "department" => 30,
        "institution" => 45,
        "enterprise" => 30,
        "town" => 55,
        "village" => 9,
        "office" => 6,
        _ => 0,
    }
}

fn people(units: &[UnitRow]) -> Vec<PersonRow> {
    let mut stream = Stream::from_seed(derive_seed("zhijie-demo-people", &[super::SEED.as_bytes()]));
    let surnames: Vec<char> = SURNAMES.chars().collect();
    let given: Vec<char> = GIVEN.chars().collect();
    let whole: usize = units.iter().map(|unit| weight(&unit.kind)).sum::<usize>().max(1);
    let mut rows = Vec::with_capacity(PEOPLE);
    // The largest units take what rounding leaves.
    let mut counts: Vec<usize> = units.iter().map(|unit| weight(&unit.kind) * PEOPLE / whole).collect();
    let mut rest = PEOPLE.saturating_sub(counts.iter().sum());
    for (count, unit) in counts.iter_mut().zip(units) {
        if rest > 0 && unit.kind == "town" {
            let more = rest.div_ceil(TOWNS.len()).min(rest);
            *count += more;
            rest -= more;
        }
    }
    for (unit, count) in units.iter().zip(counts) {
        for place in 0..count {
            let mut pick = |from: &[char]| {
                let index = stream.below(u64::try_from(from.len()).unwrap_or(1).max(1));
                from.get(usize::try_from(index).unwrap_or(0)).copied().unwrap_or('王')
            };
            let mut name = String::from(pick(&surnames));
            name.push(pick(&given));
            if place % 3 != 0 {
                name.push(pick(&given));
            }
            let (post_level, rank, group, supervisee) = post(&unit.kind, place);
            let year = 1966 + stream.below(36);
            let month = 1 + stream.below(12);
            let is_member = stream.below(100) < 82;
            rows.push(PersonRow {
                id: new_id(),
                person_key: format!("{}", 100_001 + rows.len()),
                name,
                unit_id: unit.id.clone(),
                post_level: post_level.map(str::to_owned),
                rank: rank.map(str::to_owned),
                rank_group: group.to_owned(),
                post: None,
                party: Some(if is_member { "member" } else { "masses" }.to_owned()),
                supervisee: Some(supervisee.to_owned()),
                born: Some(format!("{year}-{month:02}")),
                phone: None,
                status: "active".to_owned(),
                seconded_unit_id: None,
                id_last4: None,
                left_at: None,
                version: 1,
            });
        }
    }
    rows
}

type Post = (Option<&'static str>, Option<&'static str>, &'static str, &'static str);

/// Level, rank, analysis group and class of the n-th person of a unit.
fn post(kind: &str, place: usize) -> Post {
    match (kind, place) {
        ("department" | "town", 0) => {
            (Some("xiangkeji-zhengzhi"), Some("yiji-zhurenkeyuan"), "xiangkeji-zhengzhi", "gongwuyuan")
        }
        ("department" | "town", 1..=4) => {
            (Some("xiangkeji-fuzhi"), Some("sanji-zhurenkeyuan"), "xiangkeji-fuzhi", "gongwuyuan")
        }
        ("department" | "town" | "office", _) => (Some("wu"), Some("yiji-keyuan"), "yiban-ganbu", "gongwuyuan"),
        ("institution", _) => (Some("wu"), Some("guanli-baji"), "shiye-guanli", "gongban-danwei"),
        ("enterprise", _) => (Some("wu"), Some("guoqi-guanli"), "guoqi-guanli", "guoqi"),
        ("village", _) => (Some("wu"), Some("cun-shequ"), "cun-shequ", "jiceng-zuzhi"),
        _ => (Some("wu"), Some("qita"), "yiban-ganbu", "qita"),
    }
}
