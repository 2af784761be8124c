use measurement::facility::estimate;
use polars::prelude::{ParquetReader, SerReader};

use super::*;
use crate::ResponseRow;

fn response(person: &str, path: &str, rank: &str, topic: &str, fraction: f64) -> ResponseRow {
    ResponseRow {
        attempt: format!("a-{person}"),
        person: person.to_owned(),
        unit_path: path.to_owned(),
        unit: path.trim_end_matches('/').rsplit('/').next().unwrap().to_owned(),
        rank: rank.to_owned(),
        question: format!("q-{topic}"),
        version: 1,
        slot: 1,
        topic: topic.to_owned(),
        law: "jlcf".to_owned(),
        level: "识记".to_owned(),
        kind: "single".to_owned(),
        fraction,
        marks_centi: 0,
        marks_max_centi: 100,
        elapsed_ms: None,
        chosen: None,
    }
}

/// 6 persons in d/s/v1, 7 in d/s/v2 and 8 in d/t; the i-th has i mod 3 halves right in topic x (two questions), and
/// y right if i is even; ranks alternate.
fn sample() -> Vec<ResponseRow> {
    let mut rows = Vec::new();
    for (path, persons) in [("d/s/v1/", 6_u32), ("d/s/v2/", 7), ("d/t/", 8)] {
        for at in 0..persons {
            let person = format!("{path}{at}");
            let rank = if at % 2 == 0 { "clerk" } else { "section" };
            let halves = f64::from(at % 3) / 2.0;
            rows.push(response(&person, path, rank, "x", halves));
            rows.push(response(&person, path, rank, "x", 0.5));
            rows.push(response(&person, path, rank, "y", f64::from(1 - at % 2)));
        }
    }
    rows
}

const EVERYTHING: &dyn Fn(Option<&str>, Option<&str>) -> bool = &|_, _| true;

fn ask(rows: &[ResponseRow], by: &[Dimension]) -> Vec<MasteryRow> {
    let table = ResponseTable::from_rows(rows).unwrap();
    mastery(&table, &MasteryQuery { by, roll_up: RollUp::Path, scope: None, is_shown: EVERYTHING }).unwrap()
}

/// The same figure without an engine.
fn by_hand(rows: &[ResponseRow], of: impl Fn(&ResponseRow) -> bool) -> MasteryRow {
    let mut persons: BTreeMap<&str, (f64, u64)> = BTreeMap::new();
    for row in rows.iter().filter(|row| of(row)) {
        let sums = persons.entry(&row.person).or_default();
        *sums = (sums.0 + row.fraction, sums.1 + 1);
    }
    let found = estimate(persons.into_values()).unwrap();
    let rounded = |value: f64| Some((value * 1e9).round() / 1e9);
    MasteryRow {
        persons: Some(found.persons),
        responses: Some(found.responses),
        facility: rounded(found.facility),
        low: rounded(found.low),
        high: rounded(found.high),
        suppressed: found.persons < 5,
        ..MasteryRow::default()
    }
}

fn near(a: Option<f64>, b: Option<f64>) -> bool {
    a.zip(b).is_some_and(|(a, b)| (a - b).abs() < 2e-9)
}

#[test]
fn agrees_with_sums_by_hand_in_every_row() {
    let rows = sample();
    for by in [
        vec![],
        vec![Dimension::Unit],
        vec![Dimension::Rank, Dimension::Topic],
        vec![Dimension::Topic, Dimension::Unit],
        vec![Dimension::Law, Dimension::Level],
    ] {
        let found = ask(&rows, &by);
        for row in &found {
            let expected = by_hand(&rows, |response| {
                row.unit.as_ref().is_none_or(|unit| format!("/{}", response.unit_path).contains(&format!("/{unit}/")))
                    && row.rank.as_ref().is_none_or(|rank| response.rank == *rank)
                    && row.topic.as_ref().is_none_or(|topic| response.topic == *topic)
            });
            assert_eq!((row.persons, row.responses), (expected.persons, expected.responses), "{row:?}");
            assert!(near(row.facility, expected.facility), "{row:?} {expected:?}");
            assert!(near(row.low, expected.low) && near(row.high, expected.high), "{row:?} {expected:?}");
        }
    }
}

#[test]
fn each_unit_with_people_below_it_has_a_row_in_order() {
    let found = ask(&sample(), &[Dimension::Unit, Dimension::Topic]);
    let keys: Vec<String> =
        found.iter().map(|row| format!("{}/{}", row.unit.as_ref().unwrap(), row.topic.as_ref().unwrap())).collect();
    assert_eq!(keys, ["d/x", "d/y", "s/x", "s/y", "t/x", "t/y", "v1/x", "v1/y", "v2/x", "v2/y"]);
    let persons: Vec<u64> = found.iter().filter_map(|row| row.persons).collect();
    assert_eq!(persons, [21, 21, 13, 13, 8, 8, 6, 6, 7, 7]);
    assert_eq!(found[0].responses, Some(42));
}

#[test]
fn a_scope_counts_only_what_is_below_it() {
    let table = ResponseTable::from_rows(&sample()).unwrap();
    let asked = std::cell::RefCell::new(Vec::new());
    let is_shown = |unit: Option<&str>, rank: Option<&str>| {
        asked.borrow_mut().push((unit.map(str::to_owned), rank.map(str::to_owned)));
        true
    };
    let query = |by| MasteryQuery { by, roll_up: RollUp::Path, scope: Some("s"), is_shown: &is_shown };
    let whole = mastery(&table, &query(&[])).unwrap();
    assert_eq!(whole.iter().map(|row| row.persons).collect::<Vec<_>>(), [Some(13)]);
    assert_eq!(asked.take(), [(Some("s".to_owned()), None)]);
    let units = mastery(&table, &query(&[Dimension::Unit])).unwrap();
    assert_eq!(units.iter().filter_map(|row| row.key(Dimension::Unit)).collect::<Vec<_>>(), ["s", "v1", "v2"]);
    let query = MasteryQuery { scope: Some("nowhere"), ..query(&[Dimension::Unit]) };
    assert_eq!(mastery(&table, &query).unwrap(), []);
}

#[test]
fn a_map_decides_the_units_of_report_and_counts_nobody_twice() {
    let table = ResponseTable::from_rows(&sample()).unwrap();
    let map: BTreeMap<String, Vec<String>> =
        [("v1".to_owned(), vec!["new".to_owned(), "new".to_owned()]), ("v2".to_owned(), vec!["new".to_owned()])].into();
    let by = [Dimension::Unit];
    let query = MasteryQuery { by: &by, roll_up: RollUp::Map(&map), scope: None, is_shown: EVERYTHING };
    let found = mastery(&table, &query).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].unit.as_deref(), found[0].persons, found[0].responses), (Some("new"), Some(13), Some(39)));
}

#[test]
fn hidden_cells_and_few_answerers_have_no_figures() {
    let mut rows = sample();
    rows.extend((0..4).map(|at| response(&format!("d/t/{at}"), "d/t/", "clerk", "rare", 1.0)));
    let table = ResponseTable::from_rows(&rows).unwrap();
    let is_shown = |unit: Option<&str>, _: Option<&str>| unit != Some("v1");
    let by = [Dimension::Unit, Dimension::Topic];
    let query = MasteryQuery { by: &by, roll_up: RollUp::Path, scope: None, is_shown: &is_shown };
    let found = mastery(&table, &query).unwrap();
    for row in &found {
        let hidden = row.unit.as_deref() == Some("v1") || row.topic.as_deref() == Some("rare");
        assert_eq!(row.suppressed, hidden, "{row:?}");
        assert_eq!(row.persons.is_none(), hidden);
        assert_eq!(row.responses.is_none(), hidden);
        assert_eq!(row.facility.is_none() && row.low.is_none() && row.high.is_none(), hidden);
    }
    assert_eq!(found.iter().filter(|row| row.suppressed).count(), 4);
}

#[test]
fn the_order_of_the_responses_changes_nothing() {
    let rows = sample();
    let by = [Dimension::Unit, Dimension::Rank, Dimension::Topic];
    let first = ask(&rows, &by);
    for turn in [1, 7, 30] {
        let mut turned = rows.clone();
        turned.rotate_left(turn);
        turned.reverse();
        assert_eq!(ask(&turned, &by), first);
    }
}

#[test]
fn nothing_comes_from_nothing() {
    assert_eq!(ask(&[], &[Dimension::Unit]), []);
    assert_eq!(ask(&[], &[]), []);
}

#[test]
fn names_are_read_back() {
    for dimension in Dimension::ALL {
        assert_eq!(Dimension::parse(dimension.name()), Some(dimension));
    }
    assert_eq!(Dimension::parse("colour"), None);
}

#[test]
fn the_export_has_the_dimensions_and_the_figures() {
    let by = [Dimension::Unit, Dimension::Topic];
    let mut found = ask(&sample(), &by);
    found[1] =
        MasteryRow { suppressed: true, unit: Some("d".into()), topic: Some("y".into()), ..MasteryRow::default() };
    let bytes = mastery_parquet(&found, &by).unwrap();
    let frame = ParquetReader::new(std::io::Cursor::new(bytes)).finish().unwrap();
    let names: Vec<&str> = frame.get_column_names().into_iter().map(|name| name.as_str()).collect();
    assert_eq!(names, ["unit", "topic", "persons", "responses", "facility", "low", "high", "suppressed"]);
    assert_eq!(frame.height(), found.len());
    assert_eq!(frame.column("persons").unwrap().i64().unwrap().get(0), Some(21));
    assert_eq!(frame.column("persons").unwrap().i64().unwrap().get(1), None);
    assert_eq!(frame.column("facility").unwrap().f64().unwrap().get(0), found[0].facility);
    assert_eq!(frame.column("suppressed").unwrap().bool().unwrap().get(1), Some(true));
}

#[test]
fn a_table_survives_its_file() {
    let mut rows = sample();
    rows[0].elapsed_ms = Some(12_345);
    rows[0].chosen = Some("[\"B\"]".to_owned());
    let table = ResponseTable::from_rows(&rows).unwrap();
    let back = ResponseTable::from_parquet(table.to_parquet().unwrap()).unwrap();
    assert!(back.frame().equals_missing(table.frame()));
    let path = std::env::temp_dir().join(format!("zhijie-analytics-{}.parquet", std::process::id()));
    table.write_parquet(&path).unwrap();
    let read = ResponseTable::read_parquet(&path).unwrap();
    assert!(read.frame().equals_missing(table.frame()));
    assert_eq!(read.len(), rows.len());
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(ResponseTable::read_parquet(&path), Err(AnalyticsError::File { .. })));
}

#[test]
fn what_is_no_table_of_responses_is_refused() {
    assert!(matches!(ResponseTable::from_parquet(b"PAR?".to_vec()), Err(AnalyticsError::Engine(_))));
    let other = mastery_parquet(&[], &[Dimension::Unit]).unwrap();
    let error = ResponseTable::from_parquet(other).unwrap_err();
    assert!(error.to_string().contains("attempt"), "{error}");
    for fraction in [f64::NAN, -0.1, 1.1] {
        let rows = [response("p", "d/", "clerk", "x", 0.5), response("p", "d/", "clerk", "x", fraction)];
        let error = ResponseTable::from_rows(&rows).unwrap_err();
        assert!(error.to_string().contains("第 2 条"), "{error}");
    }
}
