//! Aiken: a stem, options `A. …` or `A) …`, and `ANSWER: B`.

use super::key::KeyText;
use super::raw::{Raw, RawOption};
use super::{Format, Limits, ParsedFile, QuestionFileError};

/// # Errors
/// No question, or too many.
pub(super) fn read(text: &str, limits: &Limits) -> Result<ParsedFile, QuestionFileError> {
    let mut file = ParsedFile::of(Format::Aiken);
    let mut raw: Option<Raw> = None;
    for (line, no) in text.trim_start_matches('\u{FEFF}').lines().zip(1_u32..) {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        if let Some(key) = line.strip_prefix("ANSWER:") {
            match raw.take() {
                Some(mut done) => {
                    done.key = KeyText::Text(key.trim().to_owned());
                    limits.check_questions(file.questions.len().saturating_add(1))?;
                    file.questions.push(done.into_question(limits));
                }
                None => file.refuse(None, Some(no), "ANSWER 前面没有题干和选项，没有读入"),
            }
            continue;
        }
        let own = raw.get_or_insert_with(|| Raw::at(no));
        match option(line, own.options.len()) {
            Some(text) => own.options.push(RawOption::of(text)),
            None if own.options.is_empty() => {
                if !own.stem.is_empty() {
                    own.stem.push('\n');
                }
                own.stem.push_str(line);
            }
            None => {
                if let Some(last) = own.options.last_mut() {
                    last.text.push_str(line);
                }
            }
        }
    }
    if let Some(rest) = raw.filter(|rest| !rest.options.is_empty()) {
        file.questions.push(rest.into_question(limits));
    }
    if file.questions.is_empty() {
        return Err(QuestionFileError::none("Aiken 的每道题以“ANSWER: B”结束"));
    }
    Ok(file)
}

/// The option of a line that begins with the letter expected.
fn option(line: &str, next: usize) -> Option<&str> {
    let letter = (b'A'..=b'Z').nth(next).map(char::from)?;
    line.strip_prefix(letter)?.strip_prefix(['.', ')']).map(str::trim)
}
