//! Cells on their way out.

use std::borrow::Cow;

/// Would a spreadsheet take this text for a formula when a csv file is opened?
///
/// Signs after OWASP, "CSV Injection": `= + - @`, tab and carriage return; their full-width forms too, which
/// spreadsheets with Chinese settings take for the same.
pub fn looks_like_formula(text: &str) -> bool {
    text.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// A text for a csv cell: what looks like a formula gets a leading apostrophe, so that it stays text.
///
/// In xlsx write such a text as a string cell (never as a formula), with or without the apostrophe; numbers are
/// written as numbers and do not come here.
pub fn safe_text(text: &str) -> Cow<'_, str> {
    if looks_like_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_become_text() {
        for (text, safe) in [
            ("=1+1", "'=1+1"),
            ("+86 138", "'+86 138"),
            ("-5", "'-5"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("  =cmd|' /C calc'!A0", "'  =cmd|' /C calc'!A0"),
            ("＝1", "'＝1"),
            ("\t=1", "'\t=1"),
            ("张三", "张三"),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(safe_text(text), safe);
        }
    }

    proptest! {
        #[test]
        fn nothing_that_is_written_looks_like_a_formula(text in any::<String>()) {
            prop_assert!(!looks_like_formula(&safe_text(&text)));
            prop_assert!(safe_text(&text).ends_with(&text));
        }
    }
}
