//! Chinese numerals (中文数字) to integers.

/// The most that is read: up to 9999亿.
const MYRIAD: u64 = 10_000;
const HUNDRED_MILLION: u64 = 100_000_000;

/// Whether a character can stand in a Chinese numeral.
pub(crate) fn is_numeral(c: char) -> bool {
    digit(c).is_some() || small_unit(c).is_some() || large_unit(c).is_some()
}

fn digit(c: char) -> Option<u64> {
    Some(match c {
        '〇' | '零' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

fn small_unit(c: char) -> Option<u64> {
    Some(match c {
        '十' => 10,
        '百' => 100,
        '千' => 1_000,
        _ => return None,
    })
}

pub(crate) fn large_unit(c: char) -> Option<u64> {
    Some(match c {
        '万' => MYRIAD,
        '亿' => HUNDRED_MILLION,
        _ => return None,
    })
}

/// The value of a run of numeral characters, or `None` when it is not certainly one number.
///
/// Read: 十二, 一百零五, 一万五千, and figure by figure 二〇二四 or 一九九七 (with a zero, or four and more).
/// Not read, as they may mean something else: 三五 (three to five), 一百五 (150 in speech), 百, 万一.
pub(crate) fn value_of(run: &[char]) -> Option<u64> {
    if run.iter().all(|c| digit(*c).is_some()) && run.len() > 1 {
        return figure_by_figure(run);
    }
    let mut total = 0u64;
    let mut last_large = u64::MAX;
    let mut section = Section::new();
    for &c in run {
        if let Some(value) = digit(c) {
            section.digit(value)?;
        } else if let Some(unit) = small_unit(c) {
            section.unit(unit)?;
        } else {
            let unit = large_unit(c)?;
            let value = section.finish()?;
            if value == 0 || unit >= last_large {
                return None;
            }
            total = total.checked_add(value.checked_mul(unit)?)?;
            last_large = unit;
            section = Section { after_large: true, ..Section::new() };
        }
    }
    if section.is_untouched() && total > 0 {
        return Some(total);
    }
    total.checked_add(section.finish()?)
}

fn figure_by_figure(run: &[char]) -> Option<u64> {
    let certain = run.len() >= 4 || run.iter().any(|c| digit(*c) == Some(0));
    if !certain || run.len() > 12 {
        return None;
    }
    run.iter().try_fold(0u64, |value, c| value.checked_mul(10)?.checked_add(digit(*c)?))
}

/// The part of a numeral below 万: at most four figures with their units.
struct Section {
    sum: u64,
    pending: Option<u64>,
    last_unit: u64,
    zero: bool,
    touched: bool,
    after_large: bool,
}

impl Section {
    fn new() -> Self {
        Self { sum: 0, pending: None, last_unit: MYRIAD, zero: false, touched: false, after_large: false }
    }

    fn is_untouched(&self) -> bool {
        !self.touched
    }

    fn digit(&mut self, value: u64) -> Option<()> {
        self.touched = true;
        if self.pending.is_some() {
            return None;
        }
        if value == 0 {
            if self.zero {
                return None;
            }
            self.zero = true;
        } else {
            self.pending = Some(value);
        }
        Some(())
    }

    fn unit(&mut self, unit: u64) -> Option<()> {
        self.touched = true;
        let count = match self.pending.take() {
            Some(value) => value,
            None if unit == 10 && !self.zero => 1,
            None => return None,
        };
        if unit >= self.last_unit {
            return None;
        }
        self.sum = self.sum.checked_add(count.checked_mul(unit)?)?;
        self.last_unit = unit;
        self.zero = false;
        Some(())
    }

    /// The value, if the last figure is certain: after 十, after a zero, or alone.
    fn finish(self) -> Option<u64> {
        let alone = self.last_unit == MYRIAD && !self.after_large;
        match self.pending {
            Some(value) if self.last_unit == 10 || self.zero || alone => self.sum.checked_add(value),
            Some(_) => None,
            // A lone zero is 0; a zero at the end of something is unfinished.
            None if self.zero => alone.then_some(0),
            None if self.touched => Some(self.sum),
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<u64> {
        value_of(&text.chars().collect::<Vec<_>>())
    }

    #[test]
    fn reads_what_is_certain() {
        for (text, expected) in [
            ("六", Some(6)),
            ("零", Some(0)),
            ("十", Some(10)),
            ("十二", Some(12)),
            ("二十", Some(20)),
            ("九十九", Some(99)),
            ("一百", Some(100)),
            ("一百零五", Some(105)),
            ("一百一十", Some(110)),
            ("一百十", Some(110)),
            ("一百二十三", Some(123)),
            ("一千零一", Some(1_001)),
            ("三万", Some(30_000)),
            ("一万五千", Some(15_000)),
            ("一万零五百", Some(10_500)),
            ("三百万", Some(3_000_000)),
            ("二十万零三", Some(200_003)),
            ("一亿", Some(100_000_000)),
            ("二〇二四", Some(2024)),
            ("一九九七", Some(1997)),
            ("三〇", Some(30)),
            ("三五", None),
            ("一百五", None),
            ("一万五", None),
            ("百", None),
            ("万一", None),
            ("一百零", None),
            ("十十", None),
            ("一十百", None),
            ("一万亿", None),
            ("千百", None),
            ("零十", None),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    /// Writes a number as laws do. Written for the test from the usage of GB/T 15835 (零 for skipped places).
    fn write(number: u64) -> String {
        fn section(number: u64) -> String {
            let (mut out, mut skipped) = (String::new(), false);
            for (unit, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
                let figure = number / unit % 10;
                if figure == 0 {
                    skipped = !out.is_empty();
                    continue;
                }
                if skipped {
                    out.push('零');
                    skipped = false;
                }
                out.push("一二三四五六七八九".chars().nth(usize::try_from(figure).unwrap() - 1).unwrap());
                out.push_str(name);
            }
            out
        }
        if number == 0 {
            return "零".into();
        }
        let mut out = String::new();
        for (unit, name) in [(HUNDRED_MILLION, "亿"), (MYRIAD, "万"), (1, "")] {
            let part = number / unit % MYRIAD;
            if part == 0 {
                continue;
            }
            if !out.is_empty() && part < 1000 {
                out.push('零');
            }
            out.push_str(&section(part));
            out.push_str(name);
        }
        out.strip_prefix("一十").map(|rest| format!("十{rest}")).unwrap_or(out)
    }

    proptest! {
        #[test]
        fn every_written_number_is_read_back(number in 0u64..1_000_000_000_000) {
            let text = write(number);
            prop_assert_eq!(read(&text), Some(number), "{}", text);
        }

        #[test]
        fn small_numbers_are_read_back(number in 0u64..=100_000) {
            prop_assert_eq!(read(&write(number)), Some(number));
        }

        #[test]
        fn no_run_is_too_strange(text in "[〇零一二三五九十百千万亿]{0,12}") {
            let _ = read(&text);
        }
    }
}
