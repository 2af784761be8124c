//! Groupings (系统、派驻组、片区、单位类型) of units in a file: one of each kind for a unit, said alike wherever it is said.

use super::UnitResolver;
use crate::UnitId;
use crate::ranks::nearest;
use crate::roster::notes::Notes;
use crate::roster::outcome::UnitRegroup;
use crate::roster::row::{Field, ParsedRow, Severity};
use crate::text::{squeeze, tidy};
use crate::unit::{GROUP_NAME_MAX_CHARS, Group, GroupKind, UnitKind};
use std::collections::BTreeSet;

/// A grouping as the file says it for a unit.
#[derive(Debug, Clone)]
pub(super) struct Said {
    kind: GroupKind,
    name: String,
    place: String,
    /// What else was said: then none of it is taken.
    otherwise: Vec<String>,
}

impl UnitResolver<'_> {
    /// Takes the groupings of a row for its unit. What contradicts another row is said with both places.
    pub(in crate::roster) fn say_groups(
        &mut self,
        row: &ParsedRow,
        unit: &UnitId,
        severity: Severity,
        notes: &mut Notes,
    ) {
        let fields = [Field::UnitType, Field::System, Field::ResidentGroup, Field::Area];
        for (field, kind) in fields.into_iter().filter_map(|field| Some((field, field.group_kind()?))) {
            let Some(name) = row.get(field).map(tidy) else { continue };
            let Some(known) = self.said.get_mut(unit).and_then(|said| said.iter_mut().find(|said| said.kind == kind))
            else {
                self.say_new(row, unit, field, kind, name, notes);
                continue;
            };
            if squeeze(&known.name) == squeeze(&name) {
                continue;
            }
            // A column beside people repeats the same mistake in many rows.
            let told =
                severity == Severity::Warning && known.otherwise.iter().any(|own| squeeze(own) == squeeze(&name));
            known.otherwise.push(name.clone());
            if told {
                continue;
            }
            let (first, place) = (known.name.clone(), known.place.clone());
            let path = self.path(unit);
            let reason = format!(
                "“{path}”的{}在{place}写的是“{first}”，这里写“{name}”；一个单位只能有一个，两处都没有采用，请改成一致",
                kind.title()
            );
            notes.row(row, Some(field), severity, reason);
        }
    }

    fn say_new(
        &mut self,
        row: &ParsedRow,
        unit: &UnitId,
        field: Field,
        kind: GroupKind,
        name: String,
        notes: &mut Notes,
    ) {
        if name.chars().count() > GROUP_NAME_MAX_CHARS {
            let reason = format!("{}超过 {GROUP_NAME_MAX_CHARS} 个字，没有采用；请核对是不是写错了列", kind.title());
            notes.once(row, field, &name, || reason);
            return;
        }
        if kind == GroupKind::UnitType && UnitKind::parse(&name).is_none() {
            let known: Vec<&str> = UnitKind::ALL.iter().skip(1).map(|kind| kind.title()).collect();
            notes.once(row, field, &name, || {
                format!("不认识的单位类型“{name}”，只作分组用，单位性质不变；认识的有：{}", known.join("、"))
            });
        } else {
            self.note_near(row, field, kind, &name, notes);
        }
        let said = Said { kind, name, place: row.place(), otherwise: Vec::new() };
        self.said.entry(unit.clone()).or_default().push(said);
    }

    /// A group that the district has not yet, and that is like one that it has, may be a slip of the pen.
    fn note_near(&self, row: &ParsedRow, field: Field, kind: GroupKind, name: &str, notes: &mut Notes) {
        let groups = self.tree.iter().filter_map(|unit| Group::name_of(&unit.groups, kind));
        let known: BTreeSet<&str> = groups.collect();
        if known.iter().any(|own| squeeze(own) == squeeze(name)) {
            return;
        }
        let near = nearest::titles(known.into_iter().map(|own| (own, own)), name);
        if !near.is_empty() {
            notes.once(row, field, name, || {
                let title = kind.title();
                format!("“{name}”是新的{title}，系统里有相近的：{}；如是笔误请改成一致", near.join("、"))
            });
        }
    }

    /// Kind and groups of a unit with what the file says of it.
    pub(super) fn regrouped(&self, unit: &UnitId, kind: UnitKind, groups: &[Group]) -> (UnitKind, Vec<Group>) {
        let (mut kind, mut groups) = (kind, groups.to_vec());
        for said in self.said.get(unit).into_iter().flatten().filter(|said| said.otherwise.is_empty()) {
            groups = Group::with(&groups, said.kind, Some(&said.name));
            // The top is the top, whatever a file calls it.
            let read = UnitKind::parse(&said.name).filter(|read| *read != UnitKind::Top);
            if let (GroupKind::UnitType, Some(read), false) = (said.kind, read, kind == UnitKind::Top) {
                kind = read;
            }
        }
        (kind, groups)
    }

    /// Units of the tree whose kind or groups the file changes, in the order of the tree.
    pub(super) fn all_regrouped(&self) -> Vec<UnitRegroup> {
        let changed = self.tree.iter().filter(|unit| self.said.contains_key(&unit.id)).filter_map(|unit| {
            let before = (unit.kind, unit.groups.clone());
            let after = self.regrouped(&unit.id, unit.kind, &unit.groups);
            (before != after).then(|| UnitRegroup { id: unit.id.clone(), path: self.path(&unit.id), before, after })
        });
        changed.collect()
    }

    /// A sheet of units never moves one.
    pub(super) fn note_other_parent(&self, row: &ParsedRow, unit: &UnitId, notes: &mut Notes) {
        let Some(said) = row.get(Field::ParentUnit).and_then(|text| self.segments(text).pop()) else { return };
        let parent = self.nodes.get(unit).and_then(|node| node.parent.as_ref()).and_then(|id| self.nodes.get(id));
        if let Some(parent) = parent.filter(|parent| squeeze(&parent.name) != squeeze(&said)) {
            let path = self.path(unit);
            let reason = format!("“{path}”现在的上级是“{}”，导入不移动单位；如要移动请在单位页办理", parent.name);
            notes.row(row, Some(Field::ParentUnit), Severity::Warning, reason);
        }
    }

    /// A new unit with the name of one that stands elsewhere may be that one.
    pub(super) fn note_namesake(&self, row: &ParsedRow, unit: &UnitId, notes: &mut Notes) {
        let Some(node) = self.nodes.get(unit) else { return };
        let others = self.by_name.get(&squeeze(&node.name)).into_iter().flatten().filter(|other| *other != unit);
        let old: Vec<String> =
            others.filter(|other| self.tree.get(other).is_some()).take(3).map(|other| self.path(other)).collect();
        if !old.is_empty() {
            let reason = format!(
                "按新单位“{}”处理；系统里已有同名单位：{}，如是同一个请在单位页移动它",
                self.path(unit),
                old.join("；")
            );
            notes.row(row, Some(Field::Unit), Severity::Warning, reason);
        }
    }
}
