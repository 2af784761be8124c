//! The citizen identity number (公民身份号码), GB 11643-1999: six digits of area, eight of birth date, three of
//! sequence, and a check character by ISO 7064:1983 MOD 11-2.

use crate::person::YearMonth;
use jiff::civil::Date;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];

/// Why a text is not an identity number; the message is for the person who imports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdNumberError {
    /// Not 18 characters.
    #[error("身份证号应为 18 位，这里是 {0} 位，请核对")]
    Length(usize),
    /// Something else than 17 digits and a digit or X.
    #[error("身份证号只能是 17 位数字加一位数字或 X，请核对")]
    Characters,
    /// The digits 7 to 14 are no date.
    #[error("身份证号第 7 至 14 位不是有效的出生日期，请核对")]
    BirthDate,
    /// The check character is not that of the digits.
    #[error("身份证号校验位不对，可能有一位写错，请核对")]
    Check,
}

/// A number that was proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdNumber {
    /// The 18 characters, X in upper case.
    pub text: String,
    /// Date of birth.
    pub born: Date,
}

impl IdNumber {
    /// Proves a cleaned text (no spaces, half-width). A small x is taken as X.
    ///
    /// # Errors
    /// Says which part is wrong.
    pub fn parse(text: &str) -> Result<Self, IdNumberError> {
        let text = text.to_ascii_uppercase();
        let length = text.chars().count();
        if length != 18 {
            return Err(IdNumberError::Length(length));
        }
        let digits: Vec<u32> = text.chars().take(17).filter_map(|c| c.to_digit(10)).collect();
        let last = text.chars().last().unwrap_or(' ');
        if digits.len() != 17 || !(last.is_ascii_digit() || last == 'X') {
            return Err(IdNumberError::Characters);
        }
        let number = |from: usize, count: usize| {
            digits.iter().skip(from).take(count).fold(0_i16, |sum, d| sum * 10 + i16::try_from(*d).unwrap_or(0))
        };
        let part = |from| i8::try_from(number(from, 2)).map_err(|_| IdNumberError::BirthDate);
        let born = Date::new(number(6, 4), part(10)?, part(12)?).map_err(|_| IdNumberError::BirthDate)?;
        if born.year() < 1900 {
            return Err(IdNumberError::BirthDate);
        }
        if check_character(&digits) != Some(last) {
            return Err(IdNumberError::Check);
        }
        Ok(Self { text, born })
    }

    /// Year and month of birth (出生年月).
    pub fn born_month(&self) -> Option<YearMonth> {
        YearMonth::new(self.born.year(), self.born.month())
    }

    /// The last four characters, the only part that is kept in clear.
    pub fn last4(&self) -> String {
        self.text.chars().skip(14).collect()
    }
}

/// The check character of 17 digits (GB 11643-1999, appendix: MOD 11-2).
fn check_character(digits: &[u32]) -> Option<char> {
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(d, w)| d * w).sum();
    CHECKS.get(usize::try_from(sum % 11).ok()?).copied()
}

/// A number with its middle hidden, for messages: `110105********002X`.
pub fn mask(text: &str) -> String {
    let count = text.chars().count();
    if count <= 10 {
        return text.chars().enumerate().map(|(i, c)| if i < 2 { c } else { '*' }).collect();
    }
    text.chars().enumerate().map(|(i, c)| if i < 6 || i + 4 >= count { c } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The two examples printed in GB 11643-1999 itself (4.2): 11010519491231002X and 440524188001010014.
    #[test]
    fn the_standards_example() {
        let number = IdNumber::parse("11010519491231002x").unwrap();
        assert_eq!(number.text, "11010519491231002X");
        assert_eq!(number.born, jiff::civil::date(1949, 12, 31));
        assert_eq!(number.last4(), "002X");
        let digits: Vec<u32> = "44052418800101001".chars().filter_map(|c| c.to_digit(10)).collect();
        assert_eq!(check_character(&digits), Some('4'));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, error) in [
            ("", IdNumberError::Length(0)),
            ("110105194912310", IdNumberError::Length(15)),
            ("1101051949123100200", IdNumberError::Length(19)),
            ("11010519491231002A", IdNumberError::Characters),
            ("1101051949X2310021", IdNumberError::Characters),
            ("110105194913310021", IdNumberError::BirthDate),
            ("110105194902300021", IdNumberError::BirthDate),
            ("110105194912310021", IdNumberError::Check),
            ("11010519491232002X", IdNumberError::BirthDate),
            ("11010591491231002X", IdNumberError::Check),
        ] {
            assert_eq!(IdNumber::parse(text).unwrap_err(), error, "{text}");
        }
    }

    #[test]
    fn every_single_wrong_digit_is_found() {
        let right = "11010519491231002X";
        for place in 0..17 {
            for digit in '0'..='9' {
                let wrong: String =
                    right.chars().enumerate().map(|(i, c)| if i == place { digit } else { c }).collect();
                assert_eq!(IdNumber::parse(&wrong).is_ok(), wrong == right, "{wrong}");
            }
        }
    }

    #[test]
    fn masked() {
        assert_eq!(mask("11010519491231002X"), "110105********002X");
        assert_eq!(mask("1.10105E+17"), "1.1010*E+17");
        assert_eq!(mask("12345"), "12***");
        assert_eq!(mask(""), "");
    }
}
