//! Moodle's GIFT: `::title:: stem {=right ~wrong#feedback ####general feedback}`.

use super::gift_answers::{Answers, read_answers};
use super::key::KeyText;
use super::raw::{BLANK, Raw};
use super::{Format, Limits, ParsedFile, QuestionFileError};

/// # Errors
/// No question, or too many.
pub(super) fn read(text: &str, limits: &Limits) -> Result<ParsedFile, QuestionFileError> {
    let mut file = ParsedFile::of(Format::Gift);
    let mut category: Option<String> = None;
    for block in blocks(text) {
        if let Some(path) = block.text.trim().strip_prefix("$CATEGORY:") {
            // $course$/top/廉洁纪律: the last name is the nearest to a topic.
            category = path
                .trim()
                .rsplit('/')
                .next()
                .map(str::trim)
                .filter(|name| !name.is_empty() && !name.starts_with('$'))
                .map(str::to_owned);
            continue;
        }
        match read_block(&block) {
            Ok(mut raw) => {
                raw.topics = raw.topics.or_else(|| category.clone());
                limits.check_questions(file.questions.len().saturating_add(1))?;
                file.questions.push(raw.into_question(limits));
            }
            Err(reason) => file.refuse(None, Some(block.line), reason),
        }
    }
    if file.questions.is_empty() && file.problems.is_empty() {
        return Err(QuestionFileError::none("GIFT 的每道题后面有 {=对 ~错} 这样的答案"));
    }
    Ok(file)
}

/// Lines between blank lines, without comments.
struct Block {
    line: u32,
    text: String,
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open: Option<Block> = None;
    let mut depth = 0_i64;
    for (line, no) in text.trim_start_matches('\u{FEFF}').lines().zip(1_u32..) {
        let trimmed = line.trim();
        if depth <= 0 && trimmed.is_empty() {
            blocks.extend(open.take());
            depth = 0;
            continue;
        }
        if trimmed.starts_with("//") {
            continue;
        }
        if trimmed.starts_with("$CATEGORY:") {
            blocks.extend(open.take());
            blocks.push(Block { line: no, text: trimmed.to_owned() });
            continue;
        }
        depth += braces(line);
        match &mut open {
            Some(block) => {
                block.text.push('\n');
                block.text.push_str(line);
            }
            None => open = Some(Block { line: no, text: line.to_owned() }),
        }
    }
    blocks.extend(open);
    blocks
}

/// Braces that open less those that close; escaped ones do not count.
fn braces(line: &str) -> i64 {
    let mut count = 0;
    let mut escaped = false;
    for sign in line.chars() {
        match sign {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' => count += 1,
            '}' => count -= 1,
            _ => {}
        }
    }
    count
}

/// The place of the first of these signs that is not escaped.
pub(super) fn find_bare(text: &str, signs: &[char]) -> Option<usize> {
    let mut escaped = false;
    for (at, sign) in text.char_indices() {
        match sign {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            sign if signs.contains(&sign) => return Some(at),
            _ => {}
        }
    }
    None
}

fn read_block(block: &Block) -> Result<Raw, String> {
    let mut raw = Raw::at(block.line);
    let mut text = block.text.trim();
    if let Some(rest) = text.strip_prefix("::")
        && let Some((title, rest)) = rest.split_once("::")
    {
        raw.reference = Some(plain(title, false));
        text = rest.trim();
    }
    let (is_html, text) = format_of(text);
    let open = find_bare(text, &['{']).ok_or("这一段没有 {答案}，没有读入")?;
    let (before, rest) = text.split_at(open);
    let rest = rest.get(1..).unwrap_or_default();
    let close = find_bare(rest, &['}']).ok_or("答案的 { 没有 } 结束，没有读入")?;
    let (inside, behind) = rest.split_at(close);
    let behind = behind.get(1..).unwrap_or_default().trim();
    let answers = read_answers(inside, is_html)?;
    let (before, behind) = (plain(before, is_html), plain(behind, is_html));
    let is_blank = matches!(answers, Answers::Words { .. });
    raw.stem = match (behind.is_empty(), is_blank) {
        (true, true) if !before.contains(BLANK) => format!("{before}{BLANK}"),
        (true, _) => before,
        (false, true) => format!("{before}{BLANK}{behind}"),
        (false, false) => format!("{before}（　　）{behind}"),
    };
    fill(&mut raw, answers);
    Ok(raw)
}

fn fill(raw: &mut Raw, answers: Answers) {
    match answers {
        Answers::Choice { options, right, multiple, explanation } => {
            raw.kind = Some(if multiple { "multiple" } else { "single" }.to_owned());
            raw.options = options;
            raw.key = if right.is_empty() { KeyText::Missing } else { KeyText::Places(right) };
            raw.explanation = explanation;
        }
        Answers::Truth { truth, misconception, explanation } => {
            raw.kind = Some("judgement".to_owned());
            raw.key = KeyText::Truth(truth);
            raw.misconception = misconception.filter(|_| !truth);
            raw.explanation = explanation;
        }
        Answers::Words { words, explanation } => {
            raw.kind = Some("blank".to_owned());
            raw.key = KeyText::Blanks(vec![words]);
            raw.explanation = explanation;
        }
        Answers::Essay { explanation } => {
            raw.kind = Some("essay".to_owned());
            raw.explanation = explanation;
        }
    }
}

/// `[html]` and its like before a text.
pub(super) fn format_of(text: &str) -> (bool, &str) {
    for (mark, is_html) in [("[html]", true), ("[moodle]", true), ("[plain]", false), ("[markdown]", false)] {
        if let Some(rest) = text.strip_prefix(mark) {
            return (is_html, rest.trim_start());
        }
    }
    (false, text)
}

/// A text without escapes, and without tags where it is a page's.
pub(super) fn plain(text: &str, is_html: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut signs = text.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' => match signs.next() {
                Some('n') => out.push('\n'),
                Some(escaped) => out.push(escaped),
                None => {}
            },
            sign => out.push(sign),
        }
    }
    if is_html {
        out = without_tags(&out);
    }
    out.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('<') {
        out.push_str(before);
        match behind.split_once('>') {
            Some((tag, after)) => {
                if ["br", "p", "/p", "div", "li"]
                    .iter()
                    .any(|name| tag.trim_end_matches(['/', ' ']).eq_ignore_ascii_case(name))
                {
                    out.push('\n');
                }
                rest = after;
            }
            None => {
                out.push('<');
                rest = behind;
            }
        }
    }
    out.push_str(rest);
    for (entity, sign) in
        [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
    {
        out = out.replace(entity, sign);
    }
    out
}
