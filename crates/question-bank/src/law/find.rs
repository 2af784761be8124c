//! An edition by what people call it.

use super::register::Register;
use super::text::normalise_text;
use super::types::Edition;
use jiff::civil::Date;

/// What a name of a law leads to.
#[derive(Debug, Clone, PartialEq)]
pub enum Named<'a> {
    /// One edition.
    Edition(&'a Edition),
    /// A law of that name, of which no edition fits; its editions.
    OtherEditions(Vec<&'a Edition>),
    /// No law of that name.
    Nothing,
}

impl Register {
    /// The edition that a name means: the slug, the full or the short title, with or without 《》, a year in brackets,
    /// or the country before it. Without an edition the one in force on the day is meant.
    pub fn find_named(&self, name: &str, edition: Option<&str>, on: Date) -> Named<'_> {
        let (name, year) = plain(name);
        let wanted = edition.map(|edition| edition.trim().trim_end_matches(['年', '版']).to_owned()).or(year);
        let of_name: Vec<&Edition> = self
            .editions()
            .filter(|known| {
                known.law.as_str() == name
                    || known.id.as_str() == name
                    || plain(&known.title).0 == name
                    || plain(&known.short_title).0 == name
            })
            .collect();
        if let [only] = of_name.as_slice()
            && only.id.as_str() == name
        {
            return Named::Edition(only);
        }
        let fitting = |known: &&&Edition| match &wanted {
            Some(wanted) => known.edition == *wanted,
            None => known.in_force_on(on),
        };
        match of_name.iter().rev().find(fitting) {
            Some(found) => Named::Edition(found),
            None if of_name.is_empty() => Named::Nothing,
            None => Named::OtherEditions(of_name),
        }
    }
}

/// A name without brackets and the country, and the year that stood in brackets behind it.
fn plain(name: &str) -> (String, Option<String>) {
    const COUNTRY: &str = "中华人民共和国";
    let mut name = normalise_text(name);
    name.retain(|sign| !matches!(sign, '《' | '》'));
    let mut year = None;
    if let Some((before, behind)) = name.split_once('(') {
        let digits: String = behind.chars().take_while(char::is_ascii_digit).collect();
        if digits.len() == 4 {
            year = Some(digits);
            name = before.to_owned();
        }
    }
    let name = name.strip_prefix(COUNTRY).map(str::to_owned).unwrap_or(name);
    (name, year)
}

#[cfg(test)]
mod tests {
    use super::Named;
    use crate::fixtures::edition;
    use crate::law::Register;
    use jiff::civil::date;

    #[test]
    fn the_ways_in_which_offices_write_a_law() {
        let mut old = edition("jia-fa", "2010", &[]);
        old.title = "中华人民共和国甲乙法".into();
        old.superseded_on = Some(date(2020, 1, 1));
        old.effective = Some(date(2010, 1, 1));
        let mut new = edition("jia-fa", "2020", &[]);
        new.title = "中华人民共和国甲乙法".into();
        let register = Register::from_editions([old, new]).unwrap();
        let on = date(2026, 11, 24);
        let cases = [
            ("jia-fa", None, "2020"),
            ("《甲法》", None, "2020"),
            ("《中华人民共和国甲乙法》", None, "2020"),
            ("甲乙法", Some("2010"), "2010"),
            ("甲法（2010）", None, "2010"),
            ("甲法(2010年修订)", None, "2010"),
            ("甲法", Some("2020年"), "2020"),
            ("jia-fa-2010", None, "2010"),
        ];
        for (name, year, expected) in cases {
            let Named::Edition(found) = register.find_named(name, year, on) else { panic!("{name}") };
            assert_eq!(found.edition, expected, "{name}");
        }
        assert_eq!(register.find_named("丙法", None, on), Named::Nothing);
        let Named::OtherEditions(others) = register.find_named("甲法", Some("1999"), on) else { panic!() };
        assert_eq!(others.len(), 2);
        assert!(matches!(register.find_named("甲法", None, date(2005, 1, 1)), Named::OtherEditions(_)));
    }
}
