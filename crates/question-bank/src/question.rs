//! Questions (试题) and their file format (`docs/question-format.md`).

mod content;
mod load;
mod load_item;
mod types;
mod words;
mod write;

pub(crate) use load::load_file;
pub use load::{Bank, BankEntry, load_bank};
pub use types::{
    Answer, Authorship, Body, Citation, Item, OptionId, OptionText, Point, Question, QuestionRef, SlotRef,
};
pub use words::{Audience, Kind, Level, Pool, State};
pub use write::{FileHead, write_file};
