//! From a template and values to bytes.

use jiff::civil::DateTime;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Array, Bytes, Datetime, Dict, Duration, IntoValue as _, Smart, dict};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, Timestamp};

use super::{Fonts, PdfError};

/// A document and what is to be said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many pages.
    pub pages: usize,
    /// Characters that no font has. On paper each is a □ that a person must fill in.
    pub lacking: Vec<char>,
}

/// What all templates import.
const BASE: Template = Template { address: "base.typ", text: include_str!("templates/base.typ"), tagged: false };
/// Activation slips: they are for paper, and half the size without tags.
pub(super) const SLIPS: Template =
    Template { address: "slips.typ", text: include_str!("templates/slips.typ"), tagged: false };

/// What a reader of the file's properties sees as the program that made it.
const CREATOR: &str = "知戒";
/// The offset of [`DateTime`]s given to documents: Asia/Shanghai.
const OFFSET_MINUTES: i32 = 8 * 60;

/// The main template of a kind of document.
pub(super) struct Template {
    /// By what others import it.
    address: &'static str,
    /// What it says.
    text: &'static str,
    /// Whether the file tells screen readers what is a heading, a table and so on.
    tagged: bool,
}

/// Sets a document. The template finds `values` as `sys.inputs.values`, the names of the fonts as `sys.inputs.fonts`.
/// `made_at` is the time in Asia/Shanghai that the file states.
///
/// # Errors
/// [`PdfError::Typesetting`]: the template is wrong.
pub(super) fn set(
    template: &Template,
    values: Dict,
    fonts: &Fonts,
    made_at: DateTime,
    lacking: Vec<char>,
) -> Result<Pdf, PdfError> {
    let outcome = lay_out(template, values, fonts, made_at).and_then(|document| {
        let options = PdfOptions {
            creator: Smart::Custom(Some(CREATOR.to_owned())),
            timestamp: typst_datetime(made_at).and_then(|at| Timestamp::new_local(at, OFFSET_MINUTES)),
            tagged: template.tagged,
            ..PdfOptions::default()
        };
        let bytes = typst_pdf::pdf(&document, &options).map_err(|errors| refused(&errors))?;
        Ok(Pdf { bytes, pages: document.pages().len(), lacking })
    });
    // The typesetter keeps what it has seen, for editors that set a text again and again: here it would only grow, and
    // hold what should be printed once.
    typst::comemo::evict(0);
    outcome
}

/// The pages, before they are a file.
pub(super) fn lay_out(
    template: &Template,
    values: Dict,
    fonts: &Fonts,
    made_at: DateTime,
) -> Result<PagedDocument, PdfError> {
    let desk = Desk::new(template, values, fonts, made_at)?;
    let set = typst::compile::<PagedDocument>(&desk);
    debug_assert!(set.warnings.is_empty(), "the template is not clean: {:?}", set.warnings);
    set.output.map_err(|errors| refused(&errors))
}

fn refused(errors: &[SourceDiagnostic]) -> PdfError {
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    PdfError::Typesetting(messages.join("; ").into())
}

/// All that the typesetter can see.
struct Desk<'a> {
    library: LazyHash<Library>,
    fonts: &'a Fonts,
    book: LazyHash<FontBook>,
    main: Source,
    base: Source,
    made_at: Option<Datetime>,
}

impl<'a> Desk<'a> {
    fn new(template: &Template, values: Dict, fonts: &'a Fonts, made_at: DateTime) -> Result<Self, PdfError> {
        let families: Array = fonts.families().iter().map(|family| family.as_str().into_value()).collect();
        let inputs = dict! { "values" => values, "fonts" => families };
        Ok(Self {
            library: LazyHash::new(Library::builder().with_inputs(inputs).build()),
            fonts,
            book: fonts.book(),
            main: source(template)?,
            base: source(&BASE)?,
            made_at: typst_datetime(made_at),
        })
    }
}

fn source(of: &Template) -> Result<Source, PdfError> {
    let path = VirtualPath::new(of.address).map_err(|error| PdfError::Typesetting(format!("{error:?}").into()))?;
    Ok(Source::new(RootedPath::new(VirtualRoot::Project, path).intern(), of.text.to_owned()))
}

fn typst_datetime(at: DateTime) -> Option<Datetime> {
    let part = |value: i8| u8::try_from(value).ok();
    Datetime::from_ymd_hms(
        i32::from(at.year()),
        part(at.month())?,
        part(at.day())?,
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let known = [&self.main, &self.base].into_iter().find(|source| source.id() == id);
        known.cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, _id: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.face(index)
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        self.made_at
    }
}
