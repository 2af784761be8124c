//! One row of a roster as it was read, and what was wrong with it.

use crate::unit::GroupKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A column of a roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// 工号
    StaffNo,
    /// 身份证号
    IdNumber,
    /// 手机号
    Phone,
    /// 姓名
    Name,
    /// 单位: a name, or a path such as 区财政局/办公室.
    Unit,
    /// 单位编码
    UnitCode,
    /// 上级单位
    ParentUnit,
    /// 科室, within the unit.
    Department,
    /// 领导职务层次
    PostLevel,
    /// 职级
    Rank,
    /// 人员类别
    Category,
    /// 岗位（职务）
    Post,
    /// 政治面貌
    Party,
    /// 监察对象类别
    Supervisee,
    /// 出生年月
    Born,
    /// 状态
    Status,
    /// 借调（挂职）单位
    SecondedUnit,
    /// 单位类型, of the unit
    UnitType,
    /// 系统, of the unit
    System,
    /// 派驻组, of the unit
    ResidentGroup,
    /// 片区, of the unit
    Area,
}

impl Field {
    /// All columns, in the order in which the template has them.
    pub const ALL: [Self; 21] = [
        Self::StaffNo,
        Self::IdNumber,
        Self::Phone,
        Self::Name,
        Self::Unit,
        Self::UnitCode,
        Self::ParentUnit,
        Self::Department,
        Self::PostLevel,
        Self::Rank,
        Self::Category,
        Self::Post,
        Self::Party,
        Self::Supervisee,
        Self::Born,
        Self::Status,
        Self::SecondedUnit,
        Self::UnitType,
        Self::System,
        Self::ResidentGroup,
        Self::Area,
    ];

    /// Columns that say something of a unit, and nothing of a person.
    pub const OF_UNITS: [Self; 7] =
        [Self::Unit, Self::UnitCode, Self::ParentUnit, Self::UnitType, Self::System, Self::ResidentGroup, Self::Area];

    /// The heading that we write ourselves and use in messages.
    pub fn title(self) -> &'static str {
        match self {
            Self::StaffNo => "工号",
            Self::IdNumber => "身份证号",
            Self::Phone => "手机号",
            Self::Name => "姓名",
            Self::Unit => "单位",
            Self::UnitCode => "单位编码",
            Self::ParentUnit => "上级单位",
            Self::Department => "科室",
            Self::PostLevel => "领导职务层次",
            Self::Rank => "职级",
            Self::Category => "人员类别",
            Self::Post => "岗位",
            Self::Party => "政治面貌",
            Self::Supervisee => "监察对象类别",
            Self::Born => "出生年月",
            Self::Status => "状态",
            Self::SecondedUnit => "借调单位",
            Self::UnitType => GroupKind::UnitType.title(),
            Self::System => GroupKind::System.title(),
            Self::ResidentGroup => GroupKind::ResidentGroup.title(),
            Self::Area => GroupKind::Area.title(),
        }
    }

    /// The word in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::StaffNo => "staff_no",
            Self::IdNumber => "id_number",
            Self::Phone => "phone",
            Self::Name => "name",
            Self::Unit => "unit",
            Self::UnitCode => "unit_code",
            Self::ParentUnit => "parent_unit",
            Self::Department => "department",
            Self::PostLevel => "post_level",
            Self::Rank => "rank",
            Self::Category => "category",
            Self::Post => "post",
            Self::Party => "party",
            Self::Supervisee => "supervisee",
            Self::Born => "born",
            Self::Status => "status",
            Self::SecondedUnit => "seconded_unit",
            Self::UnitType => "unit_type",
            Self::System => "system",
            Self::ResidentGroup => "resident_group",
            Self::Area => "area",
        }
    }

    /// The column of a slug; `key` is the staff number (工号), the first of the keys.
    pub fn from_slug(slug: &str) -> Option<Self> {
        if slug == "key" {
            return Some(Self::StaffNo);
        }
        Self::ALL.into_iter().find(|field| field.slug() == slug)
    }

    /// The grouping that a column holds.
    pub fn group_kind(self) -> Option<GroupKind> {
        match self {
            Self::UnitType => Some(GroupKind::UnitType),
            Self::System => Some(GroupKind::System),
            Self::ResidentGroup => Some(GroupKind::ResidentGroup),
            Self::Area => Some(GroupKind::Area),
            _ => None,
        }
    }
}

/// By what a person is known across imports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// 工号
    StaffNo,
    /// 身份证号 (stored as a keyed hash)
    IdNumber,
    /// 手机号
    Phone,
}

impl KeyKind {
    /// The order in which keys are tried where nothing else is configured.
    pub const DEFAULT: [Self; 3] = [Self::StaffNo, Self::IdNumber, Self::Phone];

    /// Its column.
    pub fn field(self) -> Field {
        match self {
            Self::StaffNo => Field::StaffNo,
            Self::IdNumber => Field::IdNumber,
            Self::Phone => Field::Phone,
        }
    }
}

/// One person's row, its cells cleaned. A column that the sheet lacks, or an empty cell, is not in `fields`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParsedRow {
    /// Name of the sheet; for csv the name of the file.
    pub sheet: String,
    /// Row in the sheet, from 1.
    pub row: u32,
    /// Values by column: an ID number proved, a birth month as `1985-07`, everything else as cleaned text.
    pub fields: BTreeMap<Field, String>,
    /// An error was found in the row: it changes nobody, but in `full` mode it keeps its person from leaving.
    pub refused: bool,
}

impl ParsedRow {
    /// The value of a column.
    pub fn get(&self, field: Field) -> Option<&str> {
        self.fields.get(&field).map(String::as_str)
    }

    /// 《表》第 n 行, for messages.
    pub fn place(&self) -> String {
        format!("《{}》第 {} 行", self.sheet, self.row)
    }
}

/// How grave a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The row, or the sheet, is refused.
    Error,
    /// It is taken, but somebody should look.
    Warning,
}

/// Something wrong or doubtful in a roster, said in Chinese to the person who imports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The sheet.
    pub sheet: Option<String>,
    /// The row in it, from 1; none when it concerns the sheet or the file.
    pub row: Option<u32>,
    /// The column's title.
    pub field: Option<String>,
    /// What stands there; ID numbers with their middle hidden.
    pub value: Option<String>,
    /// Error or warning.
    pub severity: Severity,
    /// What is wrong and what to do.
    pub reason: String,
}

impl Problem {
    /// A problem of a whole sheet, or of the file.
    pub fn of_sheet(sheet: Option<&str>, severity: Severity, reason: impl Into<String>) -> Self {
        Self { sheet: sheet.map(str::to_owned), row: None, field: None, value: None, severity, reason: reason.into() }
    }

    /// A problem of one cell, or of a row when no field is given.
    pub fn of_row(
        sheet: &str,
        row: u32,
        field: Option<Field>,
        value: Option<&str>,
        severity: Severity,
        reason: impl Into<String>,
    ) -> Self {
        let shown = value.map(|value| match field {
            Some(Field::IdNumber) => crate::id_number::mask(value),
            _ => crate::text::shorten(value, 60),
        });
        Self {
            sheet: Some(sheet.to_owned()),
            row: Some(row),
            field: field.map(|field| field.title().to_owned()),
            value: shown,
            severity,
            reason: reason.into(),
        }
    }
}
