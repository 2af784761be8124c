//! Text that a person looks for, as a pattern of `LIKE`.

/// The pattern of whatever contains `text`, for `LIKE … ESCAPE '\\'`: the text's own wildcards stand for themselves.
pub(crate) fn contains(text: &str) -> String {
    format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_themselves() {
        assert_eq!(contains("张"), "%张%");
        assert_eq!(contains("50%_a\\"), "%50\\%\\_a\\\\%");
    }
}
