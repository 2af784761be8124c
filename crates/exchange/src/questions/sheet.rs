//! Tables with a question in each row: workbooks, delimited files, tables of a document.

use super::citation::{article_no, place_no, sources_of};
use super::headings::{Column, column_of, looks_like_headings};
use super::key::KeyText;
use super::office_lines::{split_options, without_letter};
use super::raw::{Raw, RawOption};
use super::words::truth_of;
use super::{Format, Limits, ParsedFile, QuestionFileError, Source};
use crate::grid::{Cell, GridRow, Sheet, Visibility};
use organisation::text::shorten;
use std::collections::BTreeMap;

/// Headings are looked for in so many rows with something in them.
const HEADER_SEARCH_ROWS: usize = 40;
/// Citations of one row.
const MAX_CITATIONS: usize = 12;

/// # Errors
/// The workbook cannot be read, or has no table of questions.
pub(super) fn read(file_name: &str, bytes: &[u8], limits: &Limits) -> Result<ParsedFile, QuestionFileError> {
    let sheets = crate::read_sheets(file_name, bytes, &limits.of_sheets())?;
    let is_text = !bytes.starts_with(b"PK") && !bytes.starts_with(&crate::format::CFB_MAGIC);
    let mut file = ParsedFile::of(if is_text { Format::Csv } else { Format::Xlsx });
    let mut found = false;
    for sheet in &sheets {
        if sheet.visibility == Visibility::Hidden {
            file.warn(Some(&sheet.name), None, "工作表是隐藏的，没有读取；如需导入请取消隐藏");
        } else if let Some(header) = Header::find(sheet) {
            found = true;
            read_sheet(sheet, &header, &mut file, limits)?;
        } else if !sheet.rows.is_empty() {
            file.warn(Some(&sheet.name), None, "没有找到表头（至少要有“题干”和“答案”），工作表没有读取");
        }
    }
    if found {
        Ok(file)
    } else {
        Err(QuestionFileError::none("表头至少要有“题干”和“答案”两列；可从题库页下载模板"))
    }
}

/// The headings of a sheet.
pub(super) struct Header {
    place: usize,
    columns: BTreeMap<Column, u32>,
}

impl Header {
    pub(super) fn find(sheet: &Sheet) -> Option<Self> {
        let rows = sheet.rows.iter().take(HEADER_SEARCH_ROWS).enumerate();
        let (place, row) = rows.into_iter().find(|(_, row)| {
            let cells: Vec<&str> = row.cells.iter().filter_map(|(_, cell)| plain_text(cell)).collect();
            looks_like_headings(&cells, true)
        })?;
        let mut columns = BTreeMap::new();
        for (at, cell) in &row.cells {
            // Of two columns of one name the left one counts.
            if let Some(column) = plain_text(cell).and_then(column_of) {
                columns.entry(column).or_insert(*at);
            }
        }
        Some(Self { place, columns })
    }
}

fn plain_text(cell: &Cell) -> Option<&str> {
    match cell {
        Cell::Text(text) => Some(text),
        _ => None,
    }
}

/// A row under its headings.
struct Reader<'a> {
    sheet: &'a Sheet,
    header: &'a Header,
    row: &'a GridRow,
}

impl Reader<'_> {
    fn cell(&self, column: Column) -> Option<&Cell> {
        let at = *self.header.columns.get(&column)?;
        self.row.get(at).or_else(|| self.merged(column, at))
    }

    /// What holds for several rows may stand in a merged cell; a stem and its answers never do.
    fn merged(&self, column: Column, at: u32) -> Option<&Cell> {
        let spreads = matches!(
            column,
            Column::Kind | Column::Passage | Column::Law | Column::Edition | Column::Topics | Column::Pool
        );
        let number = self.row.number;
        let merge = self.sheet.merges.iter().find(|merge| {
            spreads
                && (merge.first_row..=merge.last_row).contains(&number)
                && (merge.first_column..=merge.last_column).contains(&at)
        })?;
        let first = self.sheet.rows.iter().find(|row| row.number == merge.first_row)?;
        first.get(merge.first_column)
    }

    fn text(&self, column: Column, raw: &mut Raw) -> Option<String> {
        let text = match self.cell(column)? {
            Cell::Text(text) => text.trim().to_owned(),
            Cell::Number(number) => number_text(*number),
            Cell::Date(day) => day.to_string(),
            Cell::Bool(truth) => truth.to_string(),
            Cell::Error(error) => {
                raw.error("", format!("有一格是错误值 {}（公式算不出来），请改正", shorten(error, 20)));
                return None;
            }
        };
        (!text.is_empty()).then_some(text)
    }
}

/// 17, not 17.0; 0.7 as it stands.
fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 { format!("{number:.0}") } else { number.to_string() }
}

pub(super) fn read_sheet(
    sheet: &Sheet,
    header: &Header,
    file: &mut ParsedFile,
    limits: &Limits,
) -> Result<(), QuestionFileError> {
    let mut case: Option<(String, Vec<Raw>)> = None;
    for row in sheet.rows.iter().skip(header.place.saturating_add(1)) {
        let reader = Reader { sheet, header, row };
        let Some((raw, passage)) = read_row(&reader) else { continue };
        limits.check_questions(file.questions.len().saturating_add(1))?;
        let belongs = case.as_ref().is_some_and(|(own, parts)| match &passage {
            Some(passage) => passage == own && same_case(parts, &raw),
            None => names_a_part(parts, &raw),
        });
        if !belongs {
            close(&mut case, file, limits);
        }
        match (&mut case, passage) {
            (Some((_, parts)), _) => parts.push(raw),
            (None, Some(passage)) => case = Some((passage, vec![raw])),
            (None, None) => file.questions.push(raw.into_question(limits)),
        }
    }
    close(&mut case, file, limits);
    Ok(())
}

fn close(case: &mut Option<(String, Vec<Raw>)>, file: &mut ParsedFile, limits: &Limits) {
    if let Some((passage, parts)) = case.take() {
        file.questions.extend(Raw::into_case(&passage, parts, limits));
    }
}

fn case_of(raw: &Raw) -> Option<&str> {
    let reference = raw.reference.as_deref()?.trim();
    let (case, part) = reference.rsplit_once('.')?;
    part.bytes().all(|byte| byte.is_ascii_digit()).then_some(case)
}

fn same_case(parts: &[Raw], raw: &Raw) -> bool {
    match (parts.first().and_then(case_of), case_of(raw)) {
        (Some(own), Some(other)) => own == other,
        _ => true,
    }
}

fn names_a_part(parts: &[Raw], raw: &Raw) -> bool {
    let own = parts.first().and_then(case_of);
    own.is_some() && own == case_of(raw)
}

/// A row of a question, and the passage of its case; none for an empty row or headings that come again.
fn read_row(reader: &Reader<'_>) -> Option<(Raw, Option<String>)> {
    let mut raw = Raw::at(reader.row.number);
    raw.sheet = Some(reader.sheet.name.clone());
    let stem = reader.text(Column::Stem, &mut raw);
    let key = reader.text(Column::Key, &mut raw);
    if stem.as_deref().and_then(column_of) == Some(Column::Stem) {
        return None;
    }
    let options = read_options(reader, &mut raw);
    if stem.is_none() && key.is_none() && options.is_empty() {
        return None;
    }
    raw.stem = stem.unwrap_or_default();
    raw.options = options;
    raw.key = key.map_or(KeyText::Missing, KeyText::Text);
    raw.reference = reader.text(Column::Reference, &mut raw);
    raw.kind = reader.text(Column::Kind, &mut raw);
    raw.explanation = reader.text(Column::Explanation, &mut raw);
    let misconceptions = reader.text(Column::Misconceptions, &mut raw);
    if raw.options.is_empty() {
        raw.misconception = misconceptions;
    } else {
        raw.misconceptions = misconceptions;
    }
    raw.points = reader.text(Column::Points, &mut raw);
    raw.topics = reader.text(Column::Topics, &mut raw);
    raw.level = reader.text(Column::Level, &mut raw);
    raw.pool = reader.text(Column::Pool, &mut raw);
    raw.facility = reader.text(Column::Facility, &mut raw);
    raw.audience = reader.text(Column::Audience, &mut raw);
    raw.facts_on = reader.text(Column::FactsOn, &mut raw);
    raw.enemies = reader.text(Column::Enemies, &mut raw);
    raw.successor_of = reader.text(Column::Successor, &mut raw);
    raw.fixed_order = reader.text(Column::FixedOrder, &mut raw).as_deref().and_then(truth_of).unwrap_or(false);
    raw.sources = read_sources(reader, &mut raw);
    let passage = reader.text(Column::Passage, &mut raw);
    Some((raw, passage))
}

fn read_options(reader: &Reader<'_>, raw: &mut Raw) -> Vec<RawOption> {
    let mut options: Vec<RawOption> = Vec::new();
    for column in reader.header.columns.keys() {
        let Column::Option(place) = column else { continue };
        let text = reader.text(*column, raw).unwrap_or_default();
        let text = without_letter(&text, *place).to_owned();
        // An empty cell between options keeps its place: the letters of the key must not slip.
        if *place < reader.header.columns.len() {
            options.resize(options.len().max(place.saturating_add(1)), RawOption::default());
            if let Some(option) = options.get_mut(*place) {
                *option = RawOption::of(text);
            }
        }
    }
    while options.last().is_some_and(|option| option.text.is_empty()) {
        options.pop();
    }
    if options.is_empty()
        && let Some(text) = reader.text(Column::Options, raw)
    {
        options = split_options(&text).into_iter().map(RawOption::of).collect();
    }
    options
}

/// The columns of a citation, one citation on a line; else the basis in words.
fn read_sources(reader: &Reader<'_>, raw: &mut Raw) -> Vec<Source> {
    let mut lines = |column: Column| -> Vec<String> {
        // An empty line keeps its place: the second citation has its paragraph on the second line.
        let text = match reader.cell(column) {
            Some(Cell::Text(text)) => text.clone(),
            _ => reader.text(column, raw).unwrap_or_default(),
        };
        text.split('\n').map(|line| line.trim().to_owned()).collect()
    };
    let [laws, editions, articles, paragraphs, items, words, supports] = [
        Column::Law,
        Column::Edition,
        Column::Article,
        Column::Paragraph,
        Column::Item,
        Column::Words,
        Column::Supports,
    ]
    .map(&mut lines);
    let in_words = reader.text(Column::Source, raw);
    let count = [&laws, &articles, &words].iter().map(|lines| lines.len()).max().unwrap_or(0).min(MAX_CITATIONS);
    let of = |lines: &[String], at: usize| lines.get(at).filter(|line| !line.is_empty()).cloned();
    // One law over several lines is said once.
    let common = |lines: &[String], at: usize| if lines.len() == 1 { of(lines, 0) } else { of(lines, at) };
    let mut sources = Vec::new();
    for at in 0..count {
        let (law, article, word) = (common(&laws, at), of(&articles, at), of(&words, at));
        if article.is_none() && word.is_none() && (law.is_none() || count > 1) {
            continue;
        }
        let numbered = |raw: &mut Raw, text: Option<String>, what: &str| {
            let number = text.as_deref().map(place_no);
            if number == Some(None) {
                let text = shorten(text.as_deref().unwrap_or_default(), 20);
                raw.error("citations", format!("{what}“{text}”看不懂，应写数字"));
            }
            number.flatten()
        };
        let number = article.as_deref().map(article_no);
        if number == Some(None) {
            let text = shorten(article.as_deref().unwrap_or_default(), 20);
            raw.error("citations", format!("条“{text}”看不懂，应写作 17 或者第十七条之一"));
        }
        sources.push(Source {
            part: 0,
            law: law.unwrap_or_default(),
            edition: common(&editions, at),
            article: number.flatten(),
            paragraph: numbered(raw, of(&paragraphs, at), "款"),
            item: numbered(raw, of(&items, at), "项"),
            words: word,
            supports: of(&supports, at)
                .map(|text| text.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_string()).collect())
                .unwrap_or_default(),
        });
    }
    if let Some(text) = in_words.filter(|_| sources.iter().all(|source| source.article.is_none())) {
        let mut found = sources_of(&text);
        if found.is_empty() {
            raw.error("citations", format!("依据“{}”里没有认出《法规》第几条", shorten(&text, 20)));
        }
        let own_words = words.into_iter().find(|word| !word.is_empty());
        if let [only] = found.as_mut_slice()
            && only.words.is_none()
        {
            only.words = own_words;
        }
        return found;
    }
    sources
}
