//! Scoring (评分): a raw response and a versioned key give an exact fraction, the fraction gives a mark.
//!
//! Three words for three things: the *response* (作答) is what the phone sent, the *fraction* (得分率) is
//! an exact rational from 0 to 1, the *mark* (得分) is an integer in hundredths of a mark (百分之一分).
//! Raw responses are kept, so a changed key or rule is a second run over the same responses.
//!
//! Nothing here does I/O or knows the time. `docs/scoring.md` states the rules with examples.

mod blank;
mod fraction;
mod key;
mod mark;
mod numeral;
mod response;

pub use blank::{blank_matches, normalise_blank};
pub use fraction::Fraction;
pub use key::{Key, KeyError, MAX_OPTIONS, OptionId, options_in_key_order};
pub use mark::{MarkingError, MultipleRule, SlotPolicy, fraction, fraction_under, mark_centi, total_centi};
pub use response::{MAX_BLANK_CHARS, MAX_ESSAY_CHARS, Response, ResponseError, Shape};
