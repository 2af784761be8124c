//! Two texts side by side.

use serde::{Deserialize, Serialize};

/// What happened to a piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiffOp {
    /// In both (相同).
    Equal,
    /// Only in the first (删去).
    Delete,
    /// Only in the second (增加).
    Insert,
}

/// A piece of a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffPart {
    /// What happened to it.
    pub op: DiffOp,
    /// The piece.
    pub text: String,
}

/// The most cells of the comparison table; beyond it the middle is shown as replaced whole.
const MAX_CELLS: usize = 4_000_000;

/// The difference of two texts by characters: longest common subsequence between the common beginning and end.
///
/// The equal and deleted pieces joined are `from`, the equal and inserted ones are `to`.
pub fn text_diff(from: &str, to: &str) -> Vec<DiffPart> {
    let a: Vec<char> = from.chars().collect();
    let b: Vec<char> = to.chars().collect();
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (head_text, a) = a.split_at(head);
    let (_, b) = b.split_at(head);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, tail_text) = a.split_at(a.len() - tail);
    let (b, _) = b.split_at(b.len() - tail);

    let mut parts = Parts::default();
    head_text.iter().for_each(|&c| parts.push(DiffOp::Equal, c));
    middle(a, b, &mut parts);
    tail_text.iter().for_each(|&c| parts.push(DiffOp::Equal, c));
    parts.0
}

#[derive(Default)]
struct Parts(Vec<DiffPart>);

impl Parts {
    fn push(&mut self, op: DiffOp, c: char) {
        match self.0.last_mut() {
            Some(part) if part.op == op => part.text.push(c),
            _ => self.0.push(DiffPart { op, text: c.to_string() }),
        }
    }
}

fn middle(a: &[char], b: &[char], parts: &mut Parts) {
    let width = b.len() + 1;
    if a.is_empty() || b.is_empty() || (a.len() + 1).saturating_mul(width) > MAX_CELLS {
        a.iter().for_each(|&c| parts.push(DiffOp::Delete, c));
        b.iter().for_each(|&c| parts.push(DiffOp::Insert, c));
        return;
    }
    // lengths[i * width + j]: longest common subsequence of a[i..] and b[j..].
    let mut lengths = vec![0_u32; (a.len() + 1) * width];
    let at = |lengths: &[u32], i: usize, j: usize| lengths.get(i * width + j).copied().unwrap_or(0);
    for (i, x) in a.iter().enumerate().rev() {
        for (j, y) in b.iter().enumerate().rev() {
            let length = if x == y {
                at(&lengths, i + 1, j + 1) + 1
            } else {
                at(&lengths, i + 1, j).max(at(&lengths, i, j + 1))
            };
            if let Some(cell) = lengths.get_mut(i * width + j) {
                *cell = length;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    loop {
        match (a.get(i), b.get(j)) {
            (Some(x), Some(y)) if x == y => {
                parts.push(DiffOp::Equal, *x);
                i += 1;
                j += 1;
            }
            (Some(x), y) if y.is_none() || at(&lengths, i + 1, j) >= at(&lengths, i, j + 1) => {
                parts.push(DiffOp::Delete, *x);
                i += 1;
            }
            (_, Some(y)) => {
                parts.push(DiffOp::Insert, *y);
                j += 1;
            }
            _ => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DiffOp, text_diff};
    use proptest::prelude::*;

    fn shown(from: &str, to: &str) -> String {
        text_diff(from, to)
            .iter()
            .map(|part| match part.op {
                DiffOp::Equal => part.text.clone(),
                DiffOp::Delete => format!("[-{}]", part.text),
                DiffOp::Insert => format!("[+{}]", part.text),
            })
            .collect()
    }

    #[test]
    fn only_what_changed_is_marked() {
        let cases = [
            ("", "", ""),
            ("甲乙", "甲乙", "甲乙"),
            ("三个月内", "六个月内", "[-三][+六]个月内"),
            ("应当给予警告", "可以给予警告", "[-应当][+可以]给予警告"),
            ("甲乙丙丁", "甲丙戊丁", "甲[-乙]丙[+戊]丁"),
            ("", "新", "[+新]"),
        ];
        for (from, to, expected) in cases {
            assert_eq!(shown(from, to), expected);
        }
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_back(from in "[甲乙丙]{0,30}", to in "[甲乙丙]{0,30}") {
            let parts = text_diff(&from, &to);
            let side = |gone: DiffOp| parts.iter().filter(|part| part.op != gone).map(|part| part.text.as_str()).collect::<String>();
            prop_assert_eq!(side(DiffOp::Insert), from);
            prop_assert_eq!(side(DiffOp::Delete), to);
        }
    }
}
