//! Numbers as laws write them: 一千二百六十, 一〇二, 17, １７.

/// No law has more articles.
const LARGEST: u32 = 9_999;

fn digit(sign: char) -> Option<u32> {
    match sign {
        '〇' | '○' | '零' => Some(0),
        '一' => Some(1),
        '二' | '两' => Some(2),
        '三' => Some(3),
        '四' => Some(4),
        '五' => Some(5),
        '六' => Some(6),
        '七' => Some(7),
        '八' => Some(8),
        '九' => Some(9),
        '０'..='９' => u32::from(sign).checked_sub(u32::from('０')),
        _ => sign.to_digit(10),
    }
}

fn unit(sign: char) -> Option<u32> {
    match sign {
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1_000),
        _ => None,
    }
}

pub(crate) fn is_numeral(sign: char) -> bool {
    digit(sign).is_some() || unit(sign).is_some()
}

/// The number that these signs write, if they write one from 1 to 9999.
pub(crate) fn value(signs: &str) -> Option<u32> {
    let number = if signs.chars().any(|sign| unit(sign).is_some()) { by_units(signs)? } else { by_places(signs)? };
    (1..=LARGEST).contains(&number).then_some(number)
}

/// 一〇二 or 102: each sign is a place.
fn by_places(signs: &str) -> Option<u32> {
    let mut number = 0_u32;
    for sign in signs.chars() {
        number = number.checked_mul(10)?.checked_add(digit(sign)?)?;
    }
    Some(number)
}

/// 一千二百六十: a digit before each unit, units falling.
fn by_units(signs: &str) -> Option<u32> {
    let mut total = 0_u32;
    let mut pending: Option<u32> = None;
    let mut last_unit = u32::MAX;
    for sign in signs.chars() {
        if let Some(unit) = unit(sign) {
            if unit >= last_unit {
                return None;
            }
            last_unit = unit;
            // 十七 and 一百十七 leave the 一 out.
            total = total.checked_add(pending.take().unwrap_or(1).max(1).checked_mul(unit)?)?;
        } else {
            let digit = digit(sign)?;
            if pending.is_some_and(|earlier| earlier != 0) {
                return None;
            }
            pending = Some(digit);
        }
    }
    total.checked_add(pending.unwrap_or(0))
}

/// The number in Chinese, as laws write it; for tests and for labels that a record leaves out.
pub(crate) fn chinese(number: u32) -> String {
    const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let mut text = String::new();
    let mut gap = false;
    for (size, sign) in [(1_000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let place = number / size % 10;
        if place == 0 {
            gap = !text.is_empty();
            continue;
        }
        if gap {
            text.push('零');
            gap = false;
        }
        if !(size == 10 && place == 1 && text.is_empty()) {
            text.extend(usize::try_from(place).ok().and_then(|place| DIGITS.get(place)));
        }
        text.push_str(sign);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_written() {
        for (signs, number) in [
            ("一", 1),
            ("十", 10),
            ("十七", 17),
            ("二十", 20),
            ("九十九", 99),
            ("一百", 100),
            ("一百零一", 101),
            ("一百〇一", 101),
            ("一百一十", 110),
            ("一百十七", 117),
            ("一千零一", 1_001),
            ("一千零一十", 1_010),
            ("一千二百六十", 1_260),
            ("一〇二", 102),
            ("一○二", 102),
            ("17", 17),
            ("１２６０", 1_260),
        ] {
            assert_eq!(value(signs), Some(number), "{signs}");
        }
        for signs in ["", "零", "0", "十百", "一二十", "十十", "甲", "99999", "99999999999999"] {
            assert_eq!(value(signs), None, "{signs}");
        }
    }

    #[test]
    fn every_number_reads_back() {
        for number in 1..=LARGEST {
            assert_eq!(value(&chinese(number)), Some(number));
        }
        assert_eq!(chinese(1_260), "一千二百六十");
        assert_eq!(chinese(1_001), "一千零一");
        assert_eq!(chinese(12), "十二");
        assert_eq!(chinese(212), "二百一十二");
    }
}
