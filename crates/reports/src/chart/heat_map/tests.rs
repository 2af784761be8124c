use super::*;

fn map() -> HeatMap {
    HeatMap {
        title: "“处分适用”是全区最弱的主题".to_owned(),
        axes: ("单位".to_owned(), "主题".to_owned()),
        rows: vec!["区纪委监委".to_owned(), "第三派驻纪检监察组及其所监督的全部单位和下属事业单位".to_owned()],
        columns: vec!["政治纪律".to_owned(), "监督执纪工作规则与程序".to_owned(), "廉洁".to_owned()],
        cells: vec![
            vec![HeatCell::Share(0.456), HeatCell::Share(0.9), HeatCell::Empty],
            vec![HeatCell::Share(0.599_9), HeatCell::Suppressed, HeatCell::Share(f64::NAN)],
        ],
        measure: "掌握率".to_owned(),
        notes: vec!["n = 2,918 人".to_owned(), "来源：2026 年网络测试 <A&B>".to_owned()],
    }
}

#[test]
fn every_cell_has_its_number_or_its_mark() {
    let svg = heat_map(&map()).unwrap();
    for text in
        ["45.6", "90.0", "60.0", "—", TOO_FEW, "低于 50", "90 以上", "区纪委监委", "n = 2,918 人", "role=\"img\""]
    {
        assert!(svg.contains(text), "{text}");
    }
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "no nonsense");
    assert!(svg.contains("&lt;A&amp;B&gt;") && !svg.contains("<A&B>"), "texts are escaped");
    assert!(
        svg.contains("第三派驻") && svg.contains('…') && !svg.contains("下属事业单位</text>"),
        "long names are cut"
    );
    assert!(!svg.contains("style="), "a strict content security policy allows no style attribute");
}

#[test]
fn the_legend_of_withheld_cells_stands_only_where_there_are_some() {
    let mut plain = map();
    plain.cells[1][1] = HeatCell::Share(0.7);
    assert!(!heat_map(&plain).unwrap().contains(TOO_FEW));
}

#[test]
fn shades_grow_darker_the_weaker_the_share() {
    let light = |color: RGBColor| 2 * u32::from(color.0) + 7 * u32::from(color.1) + u32::from(color.2);
    for pair in [0.1, 0.55, 0.65, 0.75, 0.85, 0.95].windows(2) {
        assert!(light(shade(pair[0])) + 200 < light(shade(pair[1])), "{pair:?}");
    }
    assert_eq!(shade(0.9), shade(1.0));
    assert_ne!(shade(0.9), shade(0.899_999));
}

#[test]
fn the_picture_is_deterministic_and_may_be_empty() {
    assert_eq!(heat_map(&map()).unwrap(), heat_map(&map()).unwrap());
    let empty = HeatMap { rows: vec![], columns: vec![], cells: vec![], ..map() };
    assert!(heat_map(&empty).unwrap().contains("</svg>"));
}

#[test]
fn what_does_not_fit_is_refused() {
    let many = HeatMap { rows: vec!["a".to_owned(); 201], cells: vec![vec![HeatCell::Empty; 3]; 201], ..map() };
    assert!(heat_map(&many).unwrap_err().to_string().contains("行共 201 项，最多 200 项"));
    for cells in [
        vec![vec![HeatCell::Empty; 3]],
        vec![vec![HeatCell::Empty; 3], vec![HeatCell::Empty; 2]],
        vec![vec![HeatCell::Empty; 3]; 3],
    ] {
        assert!(matches!(heat_map(&HeatMap { cells, ..map() }), Err(ReportError::RowWidth { .. })));
    }
}
