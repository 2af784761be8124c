//! Questions in the usual office style: numbered stems, lettered options, 答案：, 解析：.

use super::citation::sources_of;
use super::key::{KeyText, letters};
use super::office_answers::{AnswerEntry, assign, read_answers};
use super::office_lines::{Label, is_answer_heading, numbered, options_on, section_kind, segments};
use super::raw::{Raw, RawOption};
use super::words::truth_of;
use super::{FileProblem, Format, Limits, ParsedFile, QuestionFileError};
use question_bank::Severity;
use question_bank::question::Kind;

/// Lines looked ahead for the first option of a stem.
const LOOK_AHEAD_LINES: usize = 4;
/// What is put in place of a key that stood in the brackets of a stem.
const EMPTY_BRACKETS: &str = "（　　）";

/// A number that the program gives to a paragraph: it does not stand in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Auto {
    /// 1. 2. 3. of a list.
    Number(u32),
    /// A. B. C.
    Letter,
}

/// A line, or a paragraph of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) no: u32,
    pub(super) text: String,
    pub(super) auto: Option<Auto>,
}

/// # Errors
/// No question, or too many lines.
pub(super) fn read_text(text: &str, limits: &Limits) -> Result<ParsedFile, QuestionFileError> {
    let lines: Vec<Line> = text
        .trim_start_matches('\u{FEFF}')
        .split('\n')
        .zip(1_u32..)
        .map(|(line, no)| Line { no, text: line.trim().to_owned(), auto: None })
        .filter(|line| !line.text.is_empty())
        .collect();
    read_lines(&lines, Format::Text, limits)
}

/// # Errors
/// No question, or too many lines.
pub(super) fn read_lines(lines: &[Line], format: Format, limits: &Limits) -> Result<ParsedFile, QuestionFileError> {
    if lines.len() > limits.lines {
        return Err(QuestionFileError::TooManyLines { limit: limits.lines });
    }
    let mut reader = Reader::default();
    let mut answers: Vec<AnswerEntry> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        // One lonely 参考答案 is the label of the question above; over a list it follows questions without keys.
        if is_answer_heading(&line.text) && reader.all_wait_for_keys() {
            answers = read_answers(lines.get(at + 1..).unwrap_or_default());
            break;
        }
        reader.line(lines, at, line);
        limits.check_questions(reader.done.len())?;
    }
    reader.close();
    let mut problems = std::mem::take(&mut reader.problems);
    assign(&mut reader.done, answers, &mut problems);
    let mut file = ParsedFile::of(format);
    file.questions = reader.done.into_iter().map(|done| finished(done.raw).into_question(limits)).collect();
    file.problems = problems;
    if file.questions.is_empty() {
        return Err(QuestionFileError::none("每道题应以题号开头（如“1. ……”），选项写成“A. ……”，答案写成“答案：B”"));
    }
    Ok(file)
}

/// A question that was read, with its number in its section.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) number: u32,
    pub(super) raw: Raw,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Stem,
    Option,
    Labelled(Label),
}

#[derive(Debug)]
struct Open {
    number: u32,
    list: Option<u32>,
    raw: Raw,
    field: Field,
    /// The last number of an enumeration inside an explanation.
    enumerated: Option<u32>,
}

#[derive(Debug, Default)]
struct Reader {
    section: Option<Kind>,
    open: Option<Open>,
    done: Vec<Done>,
    /// Lines that belong to no question yet: a title, or a stem without a number.
    pending: Vec<(u32, String)>,
    numbers_seen: bool,
    problems: Vec<FileProblem>,
}

impl Reader {
    fn all_wait_for_keys(&self) -> bool {
        let open = self.open.iter().map(|open| &open.raw);
        let mut all = self.done.iter().map(|done| &done.raw).chain(open).peekable();
        all.peek().is_some() && all.all(|raw| raw.key == KeyText::Missing && key_in_stem(&raw.stem).is_none())
    }

    fn line(&mut self, lines: &[Line], at: usize, line: &Line) {
        if line.auto.is_none()
            && let Some(kind) = section_kind(&line.text)
        {
            self.close();
            self.pending.clear();
            self.section = kind;
            return;
        }
        for (label, text) in segments(&line.text) {
            match label {
                None => self.plain(lines, at, line, text),
                Some(label) => self.labelled(line.no, label, text),
            }
        }
    }

    fn plain(&mut self, lines: &[Line], at: usize, line: &Line, text: &str) {
        if let Some(options) = self.options_of(line, text) {
            self.take_options(line.no, options);
            return;
        }
        let number = match line.auto {
            Some(Auto::Number(list)) => Some((self.next_number(), text, Some(list))),
            _ => numbered(text).map(|(number, rest)| (number, rest, None)),
        };
        if let Some((number, rest, list)) = number
            && self.begins(number, list, has_options_below(lines, at))
        {
            self.begin(line.no, number, list, rest);
            self.numbers_seen = true;
            return;
        }
        if let (Some((number, ..)), Some(open)) = (number, &mut self.open) {
            open.enumerated = Some(number);
        }
        if self.is_over() || (!self.numbers_seen && self.in_explanation() && has_options_below(lines, at)) {
            self.close();
        }
        match &mut self.open {
            Some(open) => append(open, text),
            None => self.pending.push((line.no, text.to_owned())),
        }
    }

    /// The options on a line, when options may come here.
    fn options_of(&self, line: &Line, text: &str) -> Option<Vec<String>> {
        let next = match &self.open {
            Some(open) if matches!(open.field, Field::Stem | Field::Option) => open.raw.options.len(),
            _ => 0,
        };
        let may_begin =
            next > 0 || self.open.as_ref().is_some_and(|open| open.field == Field::Stem) || !self.pending.is_empty();
        if line.auto == Some(Auto::Letter) && may_begin {
            return Some(vec![text.to_owned()]);
        }
        options_on(text, next).filter(|_| may_begin)
    }

    fn take_options(&mut self, no: u32, options: Vec<String>) {
        let fits = self.open.as_ref().is_some_and(|open| matches!(open.field, Field::Stem | Field::Option));
        if !fits {
            self.begin_pending(no);
        }
        if let Some(open) = &mut self.open {
            open.raw.options.extend(options.into_iter().map(RawOption::of));
            open.field = Field::Option;
        }
    }

    fn next_number(&self) -> u32 {
        self.open
            .as_ref()
            .map(|open| open.number)
            .or(self.done.last().map(|done| done.number))
            .unwrap_or(0)
            .saturating_add(1)
    }

    /// Whether a numbered line begins a question: inside an explanation it may be its own enumeration.
    fn begins(&self, number: u32, list: Option<u32>, options_below: bool) -> bool {
        let Some(open) = &self.open else { return true };
        if options_below || (list.is_some() && list == open.list) {
            return true;
        }
        let is_next = number == open.number.saturating_add(1);
        match open.field {
            Field::Stem => is_next,
            Field::Option => number > open.number || number == 1,
            Field::Labelled(Label::Answer) => {
                is_next
                    || (number > open.number && is_short_key(&open.raw.key))
                    || (number == 1 && is_short_key(&open.raw.key))
            }
            // 1. 2. 3. inside an explanation go on with themselves.
            Field::Labelled(_) => is_next && open.enumerated.and_then(|last| last.checked_add(1)) != Some(number),
        }
    }

    fn begin(&mut self, no: u32, number: u32, list: Option<u32>, stem: &str) {
        self.close();
        for (line, text) in std::mem::take(&mut self.pending) {
            // A title above the first question is no loss.
            if !self.done.is_empty() {
                let short = organisation::text::shorten(&text, 20);
                self.warn(line, format!("“{short}”没有归到任何题目，请核对"));
            }
        }
        let mut raw = Raw::at(no);
        raw.section_kind = self.section;
        raw.stem = stem.to_owned();
        self.open = Some(Open { number, list, raw, field: Field::Stem, enumerated: None });
    }

    /// A stem without a number: what stood before the options or the answer. Of several lines the last one is the stem
    /// when no question stood before: the others are a title.
    fn begin_pending(&mut self, no: u32) {
        let pending = std::mem::take(&mut self.pending);
        let number = self.next_number();
        let first = pending.first().map_or(no, |(line, _)| *line);
        let lines: Vec<String> = if self.done.is_empty() && self.open.is_none() {
            pending.into_iter().next_back().map(|(_, text)| text).into_iter().collect()
        } else {
            pending.into_iter().map(|(_, text)| text).collect()
        };
        self.begin(first, number, None, &lines.join("\n"));
    }

    fn labelled(&mut self, no: u32, label: Label, text: &str) {
        if label == Label::Answer && !self.pending.is_empty() && (self.open.is_none() || self.is_over()) {
            self.close();
            self.begin_pending(no);
        }
        let Some(open) = &mut self.open else {
            self.warn(no, "这一行前面没有题目，没有读入");
            return;
        };
        open.field = Field::Labelled(label);
        open.enumerated = None;
        let raw = &mut open.raw;
        let set = |field: &mut Option<String>| *field = Some(text.to_owned()).filter(|text| !text.is_empty());
        match label {
            Label::Answer if text.is_empty() => {}
            Label::Answer => raw.key = KeyText::Text(text.to_owned()),
            Label::Explanation => set(&mut raw.explanation),
            Label::Source => {
                raw.sources = sources_of(text);
                if raw.sources.is_empty() {
                    raw.error(
                        "citations",
                        format!("依据“{}”里没有认出《法规》第几条", organisation::text::shorten(text, 20)),
                    );
                }
            }
            Label::Topics => set(&mut raw.topics),
            Label::Level => set(&mut raw.level),
            Label::Pool => set(&mut raw.pool),
            Label::Facility => set(&mut raw.facility),
            Label::Audience => set(&mut raw.audience),
            Label::Misconception => {
                set(if raw.options.is_empty() { &mut raw.misconception } else { &mut raw.misconceptions })
            }
            Label::Points => set(&mut raw.points),
            Label::Kind => set(&mut raw.kind),
            Label::Reference => set(&mut raw.reference),
        }
    }

    /// Whether nothing can follow what was read: a key of letters or a truth has no second line.
    fn is_over(&self) -> bool {
        self.open
            .as_ref()
            .is_some_and(|open| open.field == Field::Labelled(Label::Answer) && is_short_key(&open.raw.key))
    }

    fn in_explanation(&self) -> bool {
        self.open.as_ref().is_some_and(|open| matches!(open.field, Field::Labelled(_)))
    }

    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            self.done.push(Done { number: open.number, raw: open.raw });
        }
    }

    fn warn(&mut self, line: u32, reason: impl Into<String>) {
        self.problems.push(FileProblem {
            sheet: None,
            row: Some(line),
            severity: Severity::Warning,
            reason: reason.into(),
        });
    }
}

fn is_short_key(key: &KeyText) -> bool {
    matches!(key, KeyText::Text(text) if letters(text).is_some() || truth_of(text).is_some())
}

/// Whether the first option of a choice comes within the next lines, before anything else begins.
fn has_options_below(lines: &[Line], at: usize) -> bool {
    for line in lines.iter().skip(at + 1).take(LOOK_AHEAD_LINES) {
        if line.auto == Some(Auto::Letter) || options_on(&line.text, 0).is_some() {
            return true;
        }
        let is_label = segments(&line.text).first().is_some_and(|(label, _)| label.is_some());
        if is_label
            || matches!(line.auto, Some(Auto::Number(_)))
            || numbered(&line.text).is_some()
            || section_kind(&line.text).is_some()
        {
            return false;
        }
    }
    false
}

/// Goes on with what was being read.
fn append(open: &mut Open, text: &str) {
    let raw = &mut open.raw;
    let target = match open.field {
        Field::Stem => &mut raw.stem,
        Field::Option => match raw.options.last_mut() {
            Some(option) => &mut option.text,
            None => &mut raw.stem,
        },
        Field::Labelled(Label::Answer) => {
            let mut own = match std::mem::take(&mut raw.key) {
                KeyText::Text(text) => text,
                _ => String::new(),
            };
            join(&mut own, text);
            raw.key = KeyText::Text(own);
            return;
        }
        Field::Labelled(Label::Points) => raw.points.get_or_insert_default(),
        Field::Labelled(Label::Misconception) if !raw.options.is_empty() => {
            let lines = raw.misconceptions.get_or_insert_default();
            lines.push('\n');
            lines.push_str(text);
            return;
        }
        Field::Labelled(_) => raw.explanation.get_or_insert_default(),
    };
    join(target, text);
}

/// A line that ended a sentence stays a line; one that was broken in the middle is mended.
fn join(target: &mut String, text: &str) {
    if target.ends_with(['。', '；', '：', '？', '！', ':', ';', '?']) {
        target.push('\n');
    }
    target.push_str(text);
}

/// Takes a key out of the brackets of the stem where no other was given.
fn finished(mut raw: Raw) -> Raw {
    let Some((from, until, key)) = key_in_stem(&raw.stem) else { return raw };
    let is_truth = raw.options.is_empty();
    let fits = if is_truth { truth_of(&key).is_some() } else { letters(&key).is_some() };
    if !fits {
        return raw;
    }
    if raw.key == KeyText::Missing {
        raw.key = KeyText::Text(key);
    }
    let (before, behind) = (raw.stem.get(..from).unwrap_or_default(), raw.stem.get(until..).unwrap_or_default());
    raw.stem =
        if is_truth { format!("{}{}", before.trim_end(), behind) } else { format!("{before}{EMPTY_BRACKETS}{behind}") };
    raw
}

/// The last brackets of a stem that hold nothing but a key: where they begin and end, and the key.
fn key_in_stem(stem: &str) -> Option<(usize, usize, String)> {
    let (from, open) = stem.char_indices().rev().find(|(_, sign)| matches!(sign, '（' | '('))?;
    let inside = stem.get(from + open.len_utf8()..)?;
    let (length, close) = inside.char_indices().find(|(_, sign)| matches!(sign, '）' | ')'))?;
    let key = inside.get(..length)?.trim();
    let folded = organisation::text::squeeze(key);
    let is_letters = !folded.is_empty()
        && folded.len() <= 8
        && folded.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b',')
        && letters(key).is_some();
    let is_sign = matches!(folded.as_str(), "√" | "×" | "✓" | "✔" | "✗" | "✘" | "对" | "错");
    let until = from + open.len_utf8() + length + close.len_utf8();
    (is_letters || is_sign).then(|| (from, until, key.to_owned()))
}
