//! Laws (法规): editions, articles, their hashes, and what changed between two editions.
//!
//! The register holds no text of a law: of each article its number, its length and two hashes. Texts are imported by
//! whoever runs the product and come in as arguments.

mod compare;
mod correspondence;
mod find;
mod register;
mod register_toml;
mod source;
mod structure;
mod text;
mod text_diff;
mod types;

pub use compare::{ArticleComparison, TextOutcome, compare_texts};
pub use correspondence::{Change, Correspondence, diff};
pub use find::Named;
pub use register::Register;
pub use source::{SourceArticle, SourceEdition, SourceLaw, parse_source};
pub use structure::{Item, Paragraph, PlaceError, find_place, paragraphs};
pub use text::{LawTexts, hash_han, hash_text, normalise_text, strip_white_space};
pub use text_diff::{DiffOp, DiffPart, text_diff};
pub use types::{Article, ArticleNo, Edition, EditionId, Jurisdiction, LawError, LawSlug, Quality, Validity};
