//! Codes of units (单位编码) in a roster: what they rename, and what they cannot change.

use super::{Refusal, UnitResolver, check_name, refusal};
use crate::UnitId;
use crate::roster::notes::Notes;
use crate::roster::outcome::UnitRename;
use crate::roster::row::{Field, ParsedRow, Severity};
use crate::text::squeeze;
use crate::tree::is_generated;

impl UnitResolver<'_> {
    /// A code that is known: the name may be a new one; the place in the tree is never changed by a roster.
    pub(super) fn known_code(
        &mut self,
        row: &ParsedRow,
        code: &str,
        unit: &UnitId,
        name: Option<&str>,
        notes: &mut Notes,
    ) -> Result<(), Refusal> {
        let Some(node) = self.nodes.get(unit) else { return Ok(()) };
        let Some(name) = name.filter(|name| squeeze(name) != squeeze(&node.name)) else { return Ok(()) };
        let made_now = self.new.iter().any(|new| new.id == *unit);
        let renamed = self.renamed.iter().find(|(rename, _)| rename.id == *unit);
        match renamed {
            Some((rename, _)) if squeeze(&rename.after) == squeeze(name) => Ok(()),
            Some((rename, place)) => {
                Err(refusal(format!("单位编码“{code}”在{place}叫“{}”，这里叫“{name}”，请改成一致", rename.after)))
            }
            None if made_now => {
                Err(refusal(format!("单位编码“{code}”在前面的行里叫“{}”，这里叫“{name}”，请改成一致", node.name)))
            }
            None => {
                check_name(name)?;
                let rename = UnitRename { id: unit.clone(), before: node.name.clone(), after: name.to_owned() };
                let reason = format!("单位编码“{code}”的名称由“{}”改为“{name}”，请核对", rename.before);
                notes.row(row, Some(Field::Unit), Severity::Warning, reason);
                self.renamed.push((rename, row.place()));
                Ok(())
            }
        }
    }

    pub(super) fn give_code(&mut self, row: &ParsedRow, code: &str, unit: &UnitId, notes: &mut Notes) {
        if let Some(new) = self.new.iter_mut().find(|new| new.id == *unit && is_generated(&new.code)) {
            self.by_code.remove(&new.code);
            code.clone_into(&mut new.code);
            self.by_code.insert(code.to_owned(), unit.clone());
            if let Some(node) = self.nodes.get_mut(unit) {
                code.clone_into(&mut node.code);
            }
            return;
        }
        if let Some(node) = self.nodes.get(unit) {
            let reason =
                format!("单位“{}”现在的编码是“{}”，导入不改编码；如要更改请在单位页修改", node.name, node.code);
            notes.once(row, Field::UnitCode, code, || reason);
        }
    }
}
