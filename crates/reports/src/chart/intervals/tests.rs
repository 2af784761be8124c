use super::*;

fn row(label: &str, estimate: Option<(f64, f64, f64, u64)>) -> IntervalRow {
    let estimate = estimate.map(|(share, low, high, persons)| Estimate { share, low, high, persons });
    IntervalRow { label: label.to_owned(), estimate }
}

fn chart(rows: Vec<IntervalRow>) -> IntervalChart {
    IntervalChart {
        title: "乡科级副职低于全区 6.1 个百分点".to_owned(),
        measure: "掌握率".to_owned(),
        rows,
        compare: Some(("全区".to_owned(), 0.812)),
        notes: vec!["n = 2,918 人".to_owned()],
    }
}

#[test]
fn figures_stand_beside_the_marks() {
    let svg = interval_chart(&chart(vec![
        row("县处级", Some((0.821, 0.789, 0.85, 3_120))),
        row("村社区“两委”", None),
        row("坏数据", Some((f64::NAN, 0.0, 1.0, 9))),
    ]))
    .unwrap();
    for text in ["82.1%（78.9–85.0）", "3,120", "县处级", "全区 81.2%", "n = 2,918 人", "人数", "95%"] {
        assert!(svg.contains(text), "{text}");
    }
    assert_eq!(svg.matches(TOO_FEW).count(), 2);
    assert_eq!(svg.matches("<circle").count(), 1);
    assert!(!svg.contains("NaN") && !svg.contains("style="));
}

#[test]
fn the_axis_holds_all_that_is_drawn_in_whole_tens() {
    for (estimates, compare, expected) in [
        (vec![(0.82, 0.789, 0.85)], None, (6, 9)),
        (vec![(0.82, 0.789, 0.85)], Some(0.41), (4, 9)),
        (vec![(1.0, 0.95, 1.0)], None, (7, 10)),
        (vec![(0.0, 0.0, 0.04)], None, (0, 3)),
        (vec![(0.1, 0.02, 0.3), (0.9, 0.8, 0.99)], None, (0, 10)),
        (vec![], None, (0, 10)),
    ] {
        let rows = estimates.iter().map(|(share, low, high)| row("a", Some((*share, *low, *high, 9)))).collect();
        let chart = IntervalChart { compare: compare.map(|share| ("b".to_owned(), share)), ..chart(rows) };
        assert_eq!(steps(&chart), expected, "{estimates:?}");
    }
}

#[test]
fn marks_stand_where_the_axis_says() {
    let layout = Layout { label: 100, left: 124, top: 0, bottom: 10, steps: (6, 9) };
    for (share, x) in [(0.6, 124), (0.75, 124 + 190), (0.9, 124 + 380), (0.2, 124), (1.0, 124 + 380)] {
        assert_eq!(layout.x(share), x, "{share}");
    }
}

#[test]
fn the_order_is_as_given_and_too_many_rows_are_refused() {
    let svg = interval_chart(&chart(vec![row("乙单位", None), row("甲单位", None)])).unwrap();
    assert!(svg.find("乙单位").unwrap() < svg.find("甲单位").unwrap());
    let error = interval_chart(&chart(vec![row("a", None); 301])).unwrap_err();
    assert!(error.to_string().contains("行共 301 项，最多 300 项"));
}

#[test]
fn thousands_are_kept_apart() {
    for (count, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
        assert_eq!(grouped(count), text);
    }
}
