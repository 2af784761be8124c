//! A question as a file has it, in words, and what is made of it.

use super::key::{KeyText, read_key};
use super::words::{audience_of, facility_of, kind_of, level_of, listed, pool_of};
use super::{Limits, ParsedQuestion, RowProblem, Source};
use organisation::text::shorten;
use question_bank::Marks;
use question_bank::draft::{Draft, DraftBody, DraftItem, DraftOption, DraftPoint};
use question_bank::question::{Audience, Kind, OptionId, Pool, QuestionRef};

/// Ids of options, in order.
pub(super) const OPTION_IDS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
/// How a blank is written.
pub(super) const BLANK: &str = "____";
/// The share expected to answer right where a file says nothing: a guess to be looked at.
const FACILITY_UNSAID: f64 = 0.7;
/// Characters of a wrong value that a message quotes.
const QUOTED_CHARS: usize = 20;

/// An option as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RawOption {
    pub(super) text: String,
    pub(super) misconception: Option<String>,
}

impl RawOption {
    pub(super) fn of(text: impl Into<String>) -> Self {
        Self { text: text.into().trim().to_owned(), misconception: None }
    }
}

/// One question, or one part of a case, in words.
#[derive(Debug, Clone, Default)]
pub(super) struct Raw {
    pub(super) sheet: Option<String>,
    pub(super) row: u32,
    pub(super) reference: Option<String>,
    /// The kind as written.
    pub(super) kind: Option<String>,
    /// The kind that the section above says.
    pub(super) section_kind: Option<Kind>,
    pub(super) stem: String,
    pub(super) options: Vec<RawOption>,
    pub(super) key: KeyText,
    pub(super) explanation: Option<String>,
    pub(super) misconception: Option<String>,
    /// Lines of “B：……”, for the options.
    pub(super) misconceptions: Option<String>,
    pub(super) fixed_order: bool,
    pub(super) points: Option<String>,
    pub(super) sources: Vec<Source>,
    pub(super) topics: Option<String>,
    pub(super) level: Option<String>,
    pub(super) pool: Option<String>,
    pub(super) audience: Option<String>,
    pub(super) facility: Option<String>,
    pub(super) facts_on: Option<String>,
    pub(super) enemies: Option<String>,
    pub(super) successor_of: Option<String>,
    pub(super) problems: Vec<RowProblem>,
}

fn quote(text: &str) -> String {
    shorten(text.trim(), QUOTED_CHARS)
}

impl Raw {
    pub(super) fn at(row: u32) -> Self {
        Self { row, ..Self::default() }
    }

    pub(super) fn error(&mut self, field: &str, reason: impl Into<String>) {
        self.problems.push(RowProblem::error(field, reason));
    }

    fn warning(&mut self, field: &str, reason: impl Into<String>) {
        self.problems.push(RowProblem::warning(field, reason));
    }

    /// The question that it makes.
    pub(super) fn into_question(mut self, limits: &Limits) -> ParsedQuestion {
        let mut draft = self.head();
        let item = self.item(limits);
        draft.body = DraftBody::Item(item);
        self.finish(draft)
    }

    /// The parts of a case under their passage; the first one says what holds for the case.
    pub(super) fn into_case(passage: &str, parts: Vec<Self>, limits: &Limits) -> Option<ParsedQuestion> {
        let mut parts = parts.into_iter();
        let mut first = parts.next()?;
        first.reference = first.reference.map(|reference| case_reference(&reference));
        let mut draft = first.head();
        let mut items = vec![first.item(limits)];
        for (mut part, at) in parts.zip(1_usize..) {
            items.push(part.item(limits));
            let own = std::mem::take(&mut part.sources).into_iter().map(|source| Source { part: at, ..source });
            first.sources.extend(own);
            let no = at.saturating_add(1);
            first.problems.extend(
                part.problems
                    .into_iter()
                    .map(|problem| RowProblem { reason: format!("第 {no} 小题：{}", problem.reason), ..problem }),
            );
        }
        draft.body = DraftBody::Case { passage: Some(clip(passage, limits)), parts: items };
        Some(first.finish(draft))
    }

    fn finish(self, draft: Draft) -> ParsedQuestion {
        ParsedQuestion {
            sheet: self.sheet,
            row: self.row,
            topics: self.topics.as_deref().map(listed).unwrap_or_default(),
            sources: self.sources,
            problems: self.problems,
            draft,
        }
    }

    /// What stands beside the body.
    fn head(&mut self) -> Draft {
        let mut draft = Draft { reference: self.own_reference(), ..Draft::default() };
        draft.level = self.word("level", self.level.clone(), level_of, "识记、理解、运用");
        draft.pool = self.word("pool", self.pool.clone(), pool_of, "练习、考试、保密");
        if self.pool.is_none() {
            draft.pool = Some(Pool::Exam);
        }
        for word in self.audience.as_deref().map(listed).unwrap_or_default() {
            match audience_of(&word) {
                Some(one) => draft.audience.push(one),
                None => self.error("audience", format!("适用对象“{}”不认识，请改写后再填", quote(&word))),
            }
        }
        if self.audience.is_none() {
            draft.audience.push(Audience::All);
        }
        draft.prior_facility =
            self.word("prior_facility", self.facility.clone(), facility_of, "0.05 至 0.95 的数，或者易、中、难");
        if self.facility.is_none() {
            draft.prior_facility = Some(FACILITY_UNSAID);
        }
        let unsaid: Vec<&str> = [
            (self.pool.is_none(), "题库按“考试”"),
            (self.audience.is_none(), "适用对象按“全体公职人员”"),
            (self.facility.is_none(), "预估答对率按 0.7"),
        ]
        .iter()
        .filter_map(|(unsaid, what)| unsaid.then_some(*what))
        .collect();
        if !unsaid.is_empty() {
            self.warning("", format!("文件里没有写的：{}，请核对", unsaid.join("，")));
        }
        draft.facts_on =
            self.word("facts_on", self.facts_on.clone(), |text| text.trim().parse().ok(), "2026-11-24 这样的日期");
        draft.enemies =
            self.enemies.as_deref().map(listed).unwrap_or_default().into_iter().map(QuestionRef::new).collect();
        draft.successor_of = self.successor_of.as_deref().map(|text| QuestionRef::new(text.trim()));
        draft
    }

    fn word<T>(
        &mut self,
        field: &str,
        text: Option<String>,
        read: impl Fn(&str) -> Option<T>,
        known: &str,
    ) -> Option<T> {
        let text = text?;
        let value = read(&text);
        if value.is_none() {
            self.error(field, format!("“{}”看不懂，应当是{known}", quote(&text)));
        }
        value
    }

    /// The reference, when it may be one: those of other systems are left out with a word.
    fn own_reference(&mut self) -> Option<QuestionRef> {
        let text = self.reference.clone()?;
        let text = text.trim();
        let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        // A bare number is the file's own count, not a reference.
        if text.is_empty() || text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        if text.bytes().all(good) {
            return Some(QuestionRef::new(text));
        }
        self.warning("ref", format!("题号“{}”不是小写字母、数字和连字符，将另编题号", quote(text)));
        None
    }

    fn item(&mut self, limits: &Limits) -> DraftItem {
        self.check_lengths(limits);
        let mut kind = self.kind.as_deref().and_then(kind_of).or(self.section_kind);
        if let Some(word) =
            self.kind.clone().filter(|word| kind_of(word).is_none() && super::words::plain(word) != "选择题")
        {
            self.error("kind", format!("题型“{}”不认识，应当是单选、多选、判断、填空、简答、案例之一", quote(&word)));
        }
        let (key, reference) = read_key(self, &mut kind);
        if kind == Some(Kind::Blank) {
            self.stem = with_blanks(&self.stem);
        }
        let options = match kind {
            Some(Kind::Single | Kind::Multiple) | None => self.draft_options(),
            _ => Vec::new(),
        };
        DraftItem {
            kind,
            stem: text_of(&self.stem),
            options,
            key,
            fixed_order: self.fixed_order,
            misconception: if kind == Some(Kind::Judgement) { self.misconception.clone() } else { None },
            reference,
            points: self.draft_points(),
            explanation: self.explanation.as_deref().and_then(text_of),
            citations: Vec::new(),
        }
    }

    fn draft_options(&mut self) -> Vec<DraftOption> {
        if self.options.len() > OPTION_IDS.len() {
            self.error(
                "options",
                format!("选项有 {} 个，至多 {} 个，请合并或者删去", self.options.len(), OPTION_IDS.len()),
            );
        }
        let mut options: Vec<DraftOption> = self
            .options
            .iter()
            .enumerate()
            .map(|(at, option)| DraftOption {
                id: OPTION_IDS.get(at).map(|id| OptionId::new(*id)),
                text: text_of(&option.text),
                misconception: option.misconception.as_deref().and_then(text_of),
            })
            .collect();
        for line in self.misconceptions.clone().unwrap_or_default().lines().filter(|line| !line.trim().is_empty()) {
            let at = line
                .trim()
                .split_once([':', '：'])
                .and_then(|(letter, text)| Some((super::key::letter_at(letter)?, text)));
            match at.and_then(|(at, text)| Some((options.get_mut(at)?, text))) {
                Some((option, text)) => option.misconception = text_of(text),
                None => self.error("misconception", format!("误区“{}”没有对应的选项，应写作“B：……”", quote(line))),
            }
        }
        options
    }

    fn draft_points(&mut self) -> Vec<DraftPoint> {
        let mut points = Vec::new();
        for line in self.points.clone().unwrap_or_default().lines().filter(|line| !line.trim().is_empty()) {
            let parsed = line.rsplit_once(['=', '＝']).and_then(|(text, marks)| {
                Some((text_of(text)?, Marks::parse(marks.trim().trim_end_matches('分')).ok()?))
            });
            match parsed {
                Some((text, marks)) => points.push(DraftPoint { text: Some(text), marks: Some(marks) }),
                None => self.error("points", format!("得分点“{}”应写作“内容=分值”", quote(line))),
            }
        }
        points
    }

    fn check_lengths(&mut self, limits: &Limits) {
        let long = |text: &str| text.chars().count() > limits.field_chars;
        let fields = [("stem", long(&self.stem)), ("explanation", self.explanation.as_deref().is_some_and(long))];
        let options = self.options.iter().any(|option| long(&option.text));
        for (field, is_long) in fields.into_iter().chain([("options", options)]) {
            if is_long {
                self.error(field, format!("超过 {} 个字，后面的没有读入", limits.field_chars));
            }
        }
        self.stem = clip(&self.stem, limits);
        self.explanation = self.explanation.as_deref().map(|text| clip(text, limits));
        for option in &mut self.options {
            option.text = clip(&option.text, limits);
        }
    }
}

/// `zw-040.1` names the first part of `zw-040`.
fn case_reference(reference: &str) -> String {
    let reference = reference.trim();
    match reference.rsplit_once('.') {
        Some((case, part)) if part.bytes().all(|byte| byte.is_ascii_digit()) => case.to_owned(),
        _ => reference.to_owned(),
    }
}

fn clip(text: &str, limits: &Limits) -> String {
    text.chars().take(limits.field_chars).collect()
}

pub(super) fn text_of(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Every way in which offices draw a blank becomes one: runs of underscores, and brackets with nothing in them.
pub(super) fn with_blanks(stem: &str) -> String {
    let signs: Vec<char> = stem.chars().collect();
    let mut out = String::with_capacity(stem.len());
    let mut at = 0;
    while let Some(sign) = signs.get(at) {
        let run =
            |from: usize, own: &dyn Fn(char) -> bool| signs.iter().skip(from).take_while(|sign| own(**sign)).count();
        if matches!(sign, '_' | '＿') {
            let length = run(at, &|sign| matches!(sign, '_' | '＿'));
            out.push_str(if length > 1 { BLANK } else { "_" });
            at += length;
            continue;
        }
        if matches!(sign, '(' | '（') {
            let inside = run(at + 1, &|sign| sign.is_whitespace() || matches!(sign, '_' | '＿'));
            if inside > 0 && signs.get(at + 1 + inside).is_some_and(|sign| matches!(sign, ')' | '）')) {
                out.push_str(BLANK);
                at += inside + 2;
                continue;
            }
        }
        out.push(*sign);
        at += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_however_they_are_drawn() {
        for (stem, expected) in [
            ("期间是__。", "期间是____。"),
            ("期间是＿＿＿＿＿＿和_____。", "期间是____和____。"),
            ("期间是（　　）。", "期间是____。"),
            ("期间是( ___ )。", "期间是____。"),
            ("a_b（一）()", "a_b（一）()"),
        ] {
            assert_eq!(with_blanks(stem), expected);
        }
    }

    #[test]
    fn a_part_names_its_case() {
        assert_eq!(case_reference("zw-040.1"), "zw-040");
        assert_eq!(case_reference("zw-040"), "zw-040");
        assert_eq!(case_reference("zw.x"), "zw.x");
    }
}
