//! The usual names of columns.

use organisation::roster::Field;
use organisation::text::squeeze;

/// Exact names, after spaces, brackets and signs are gone.
const NAMES: [(Field, &[&str]); 21] = [
    (Field::Name, &["姓名", "名字", "人员姓名", "干部姓名", "职工姓名", "员工姓名", "本人姓名"]),
    (
        Field::StaffNo,
        &[
            "工号",
            "职工号",
            "员工号",
            "人员编号",
            "人员编码",
            "员工编号",
            "职工编号",
            "干部编号",
            "工作证号",
            "职工工号",
            "人员工号",
        ],
    ),
    (
        Field::IdNumber,
        &[
            "身份证号",
            "身份证",
            "身份证号码",
            "公民身份号码",
            "公民身份证号",
            "公民身份证号码",
            "居民身份证号",
            "证件号码",
            "证件号",
        ],
    ),
    (
        Field::Phone,
        &["手机号", "手机", "手机号码", "联系电话", "联系方式", "移动电话", "电话", "电话号码", "本人手机号"],
    ),
    (
        Field::Unit,
        &[
            "单位",
            "单位名称",
            "所在单位",
            "工作单位",
            "所属单位",
            "现工作单位",
            "单位全称",
            "现所在单位",
            "机构",
            "机构名称",
            "所属机构",
            "组织机构",
            "单位路径",
            "机构路径",
            "现单位",
            "任职单位",
            "统计单位",
            "所在党组织单位",
            "派出单位",
        ],
    ),
    (
        Field::UnitCode,
        &["单位编码", "单位代码", "单位编号", "机构编码", "机构代码", "机构编号", "组织机构代码", "统一社会信用代码"],
    ),
    (
        Field::ParentUnit,
        &[
            "上级单位",
            "上级机构",
            "上级部门",
            "主管单位",
            "主管部门",
            "所属镇街",
            "镇街",
            "乡镇街道",
            "所在镇街",
            "上级单位名称",
        ],
    ),
    (
        Field::Department,
        &[
            "科室",
            "所在科室",
            "科室名称",
            "内设机构",
            "部门",
            "所在部门",
            "所属部门",
            "部门名称",
            "处室",
            "股室",
            "内设科室",
            "村社区",
            "所在村社区",
            "村居",
            "所属科室",
            "科股室",
        ],
    ),
    (
        Field::PostLevel,
        &[
            "领导职务层次",
            "职务层次",
            "领导职务",
            "职务级别",
            "行政级别",
            "级别",
            "领导职务级别",
            "现任职务层次",
            "领导职务层级",
            "职务层级",
            "现职务层次",
            "干部级别",
            "行政职级",
        ],
    ),
    (Field::Rank, &["职级", "公务员职级", "现职级", "职级名称", "现任职级", "职级层次", "岗位等级", "管理岗位等级"]),
    (
        Field::Category,
        &[
            "人员类别",
            "人员性质",
            "编制性质",
            "编制类型",
            "编制类别",
            "人员类型",
            "身份性质",
            "身份类别",
            "干部类别",
            "人员身份",
            "分析层级",
            "分析组",
            "编制",
        ],
    ),
    (
        Field::Post,
        &[
            "岗位",
            "职务",
            "岗位职务",
            "职务岗位",
            "现任职务",
            "工作岗位",
            "职务名称",
            "岗位名称",
            "职位",
            "现任岗位",
            "现职务",
            "行政职务",
        ],
    ),
    (Field::Party, &["政治面貌", "党派", "政治面目", "是否党员"]),
    (Field::Supervisee, &["监察对象类别", "监察对象", "监察对象类型", "监察对象分类", "是否监察对象"]),
    (Field::Born, &["出生年月", "出生日期", "出生时间", "出生年月日", "生日", "出生"]),
    (Field::Status, &["状态", "人员状态", "在岗状态", "在职状态", "在岗情况", "在职情况", "当前状态"]),
    (
        Field::SecondedUnit,
        &[
            "借调单位",
            "挂职单位",
            "借调挂职单位",
            "借调或挂职单位",
            "现借调单位",
            "抽调单位",
            "借调至单位",
            "挂职借调单位",
        ],
    ),
    (Field::UnitType, &["单位类型", "单位类别", "单位性质", "机构类型", "机构类别", "机构性质", "单位分类"]),
    (Field::System, &["系统", "所属系统", "归口系统", "单位系统", "所在系统", "战线", "归口"]),
    (
        Field::ResidentGroup,
        &[
            "派驻组",
            "所属派驻组",
            "派驻纪检监察组",
            "联系派驻组",
            "监督派驻组",
            "驻在派驻组",
            "派驻监督组",
            "负责派驻组",
        ],
    ),
    (Field::Area, &["片区", "所属片区", "所在片区", "片区名称", "协作区", "协作片区", "联系片区"]),
];

/// Words that make a heading about something else.
const ELSEWHERE: [&str; 16] = [
    "配偶",
    "家庭",
    "父亲",
    "母亲",
    "子女",
    "联系人",
    "紧急",
    "填表",
    "填报",
    "审核",
    "入党",
    "参加工作",
    "任职时间",
    "任现",
    "备注",
    "原",
];

/// What a heading means; the second value is true for an exact name.
pub(super) fn field_of(heading: &str) -> Option<(Field, bool)> {
    let text = bare(heading);
    if text.is_empty() {
        return None;
    }
    if let Some((field, _)) = NAMES.iter().find(|(_, names)| names.contains(&text.as_str())) {
        return Some((*field, true));
    }
    // A whole sentence with a heading's word in it is a note.
    if text.chars().count() > 16 || ELSEWHERE.iter().any(|word| text.contains(word)) {
        return None;
    }
    const PARTS: [(&str, Field); 10] = [
        ("身份证", Field::IdNumber),
        ("身份号码", Field::IdNumber),
        ("手机", Field::Phone),
        ("出生年月", Field::Born),
        ("出生日期", Field::Born),
        ("政治面貌", Field::Party),
        ("监察对象", Field::Supervisee),
        ("职务层次", Field::PostLevel),
        ("借调单位", Field::SecondedUnit),
        ("挂职单位", Field::SecondedUnit),
    ];
    PARTS.iter().find(|(part, _)| text.contains(part)).map(|(_, field)| (*field, false))
}

/// Without spaces, line breaks, what stands in brackets, asterisks and other signs.
pub(super) fn bare(heading: &str) -> String {
    let mut depth = 0_u32;
    let mut text = String::new();
    for c in squeeze(heading).chars() {
        match c {
            '(' | '[' | '【' | '〔' | '<' | '《' | '{' => depth += 1,
            ')' | ']' | '】' | '〕' | '>' | '》' | '}' => depth = depth.saturating_sub(1),
            '*' | '＊' | '※' | '★' | '●' | ':' | '、' | '/' | '\\' | '·' | '.' | ',' | '，' | '。' | '"' | '“'
            | '”' | '\'' | '#' | '|' | '-' | '_' | '—' => {}
            c if depth == 0 => text.push(c),
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_bare() {
        let mut seen = std::collections::BTreeSet::new();
        for (_, names) in NAMES {
            for name in names {
                assert!(seen.insert(*name), "{name} twice");
                assert_eq!(bare(name), *name);
            }
        }
    }

    #[test]
    fn every_field_has_its_own_title() {
        for field in Field::ALL {
            assert_eq!(field_of(field.title()), Some((field, true)));
        }
    }

    #[test]
    fn headings_as_offices_write_them() {
        for (heading, field) in [
            ("姓　名", Some(Field::Name)),
            ("*姓名", Some(Field::Name)),
            ("姓名（必填）", Some(Field::Name)),
            ("身份证\n号码", Some(Field::IdNumber)),
            ("居民身份证号码（18位）", Some(Field::IdNumber)),
            ("手机号码 *", Some(Field::Phone)),
            ("出生年月\r\n（岁）", Some(Field::Born)),
            ("借调/挂职单位", Some(Field::SecondedUnit)),
            ("岗位（职务）", Some(Field::Post)),
            ("领导职务\n层次", Some(Field::PostLevel)),
            ("现领导职务层次", Some(Field::PostLevel)),
            ("单位（部门）", Some(Field::Unit)),
            ("工作单位：", Some(Field::Unit)),
            ("单位类型（区直/镇街）", Some(Field::UnitType)),
            ("所属 系统", Some(Field::System)),
            ("负责派驻组", Some(Field::ResidentGroup)),
            ("片　区", Some(Field::Area)),
            ("系统登录名", None),
            ("原工作单位", None),
            ("配偶身份证号", None),
            ("紧急联系人手机", None),
            ("参加工作时间", None),
            ("入党时间", None),
            ("序号", None),
            ("性别", None),
            ("请各单位于月底前填写本人的身份证号并核对无误", None),
            ("", None),
        ] {
            assert_eq!(field_of(heading).map(|(field, _)| field), field, "{heading}");
        }
    }
}
