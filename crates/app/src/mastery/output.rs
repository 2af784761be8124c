//! Mastery as charts and files.

use std::collections::BTreeMap;

use analytics::MasteryRow;
use api::figures::{Mastery, MasteryRow as MasteryRowView};
use reports::chart::{Estimate, HeatCell, HeatMap, IntervalChart, IntervalRow, heat_map, interval_chart};
use reports::{Column, Kind, Table, Value};

use super::parse_by;
use crate::exam_info::ExamInfo;
use crate::{App, AppError, AppResult, Principal};

/// Bars of an interval chart at the most.
const CHART_ROWS: usize = 60;

impl App {
    /// A chart of mastery as SVG: `heatmap` or `intervals`.
    ///
    /// # Errors
    /// As [`App::mastery`]; [`AppError::Invalid`] when the chart cannot show so much.
    pub fn mastery_chart(&self, principal: &Principal, exam: &str, by: &str, chart: &str) -> AppResult<String> {
        let info = self.exam_for_figures(principal, exam)?;
        let mastery = self.mastery_within(&info, &self.reach(principal)?, by)?;
        self.chart(&info, &mastery, chart)
    }

    /// A chart of a table of mastery.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the chart cannot show so much.
    pub fn chart(&self, exam: &ExamInfo, mastery: &Mastery, chart: &str) -> AppResult<String> {
        let persons = self.exam_table(exam)?.persons;
        let notes = vec![
            format!("来源：{}，首考 {persons} 人；掌握率＝得分占可得分的比例，区间为 95%", exam.row.title),
            "人数不足 5 的格及可由其推算的格不显示".to_owned(),
        ];
        let refused = |error: reports::ReportError| AppError::invalid("chart", error.to_string());
        match chart {
            "heatmap" => heat_map(&heat_map_of(mastery, notes)?).map_err(refused),
            "intervals" => interval_chart(&intervals_of(mastery, notes)).map_err(refused),
            other => Err(AppError::invalid("chart", format!("没有“{other}”这种图，可用 heatmap 或 intervals"))),
        }
    }

    /// As [`App::mastery_file`], for whoever has the files.
    ///
    /// # Errors
    /// As [`App::mastery_file`].
    pub fn mastery_bytes(&self, exam: &str, mastery: &Mastery, format: &str) -> AppResult<Vec<u8>> {
        self.mastery_file(&self.exam_info(exam)?, mastery, format)
    }

    /// A table of mastery as the bytes of a file.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for an unknown format.
    pub fn mastery_file(&self, exam: &ExamInfo, mastery: &Mastery, format: &str) -> AppResult<Vec<u8>> {
        let failed = |error: reports::ReportError| AppError::invalid("format", error.to_string());
        match format {
            "xlsx" => {
                let table = mastery_table(&exam.row.title, mastery);
                reports::xlsx(&table, self.now().as_second()).map_err(failed)
            }
            "csv" => reports::csv(&mastery_table(&exam.row.title, mastery), reports::Header::Titles).map_err(failed),
            "json" => serde_json::to_vec_pretty(mastery).map_err(|error| AppError::corrupt("mastery", error)),
            "parquet" => {
                let by = parse_by(&mastery.by.join(","))?;
                let rows: Vec<MasteryRow> = mastery.rows.iter().map(plain_row).collect();
                analytics::mastery_parquet(&rows, &by).map_err(|error| AppError::corrupt("parquet", error))
            }
            "svg" => {
                let chart = if mastery.by.len() == 2 { "heatmap" } else { "intervals" };
                Ok(self.chart(exam, mastery, chart)?.into_bytes())
            }
            other => {
                Err(AppError::invalid("format", format!("没有“{other}”这种格式，可用 xlsx、csv、parquet、json、svg")))
            }
        }
    }
}

fn plain_row(row: &MasteryRowView) -> MasteryRow {
    let number = |count: Option<i64>| count.and_then(|count| u64::try_from(count).ok());
    MasteryRow {
        unit: row.unit.clone(),
        rank: row.rank.clone(),
        topic: row.topic.clone(),
        law: row.law.clone(),
        level: row.level.clone(),
        persons: number(row.persons),
        responses: number(row.responses),
        facility: row.facility,
        low: row.low,
        high: row.high,
        suppressed: row.suppressed,
    }
}

/// The name that a person reads, in one dimension.
fn title_in(row: &MasteryRowView, dimension: &str) -> String {
    match dimension {
        "unit" => &row.unit_name,
        "rank" => &row.rank_title,
        "topic" => &row.topic_title,
        "law" => &row.law_title,
        _ => &row.level_title,
    }
    .clone()
    .unwrap_or_default()
}

fn dimension_title(dimension: &str) -> &'static str {
    match dimension {
        "unit" => "单位",
        "rank" => "职级",
        "topic" => "知识点",
        "law" => "法规",
        _ => "认知层次",
    }
}

fn mastery_table(title: &str, mastery: &Mastery) -> Table {
    let mut columns: Vec<Column> =
        mastery.by.iter().map(|name| Column::new(name, dimension_title(name), Kind::Text)).collect();
    columns.extend([
        Column::new("persons", "人数", Kind::Count),
        Column::new("responses", "题次", Kind::Count),
        Column::new("facility", "掌握率", Kind::Rate),
        Column::new("low", "95% 下限", Kind::Rate),
        Column::new("high", "95% 上限", Kind::Rate),
    ]);
    let figure = |row: &MasteryRowView, value: Option<f64>| {
        if row.suppressed { Value::Suppressed } else { Value::from(value) }
    };
    let count = |row: &MasteryRowView, value: Option<i64>| match value {
        _ if row.suppressed => Value::Suppressed,
        Some(value) => Value::Count(u64::try_from(value).unwrap_or(0)),
        None => Value::Missing,
    };
    let rows = mastery
        .rows
        .iter()
        .map(|row| {
            let mut cells: Vec<Value> = mastery.by.iter().map(|name| title_in(row, name).into()).collect();
            cells.extend([
                count(row, row.persons),
                count(row, row.responses),
                figure(row, row.facility),
                figure(row, row.low),
                figure(row, row.high),
            ]);
            cells
        })
        .collect();
    Table {
        title: format!("{title}：掌握情况"),
        columns,
        rows,
        notes: vec![
            "掌握率＝得分占可得分的比例，按首考、至少答一题的人计算；单位含下级。".to_owned(),
            "人数不足 5 的格及可由其推算的格不显示。".to_owned(),
        ],
    }
}

fn heat_map_of(mastery: &Mastery, notes: Vec<String>) -> AppResult<HeatMap> {
    let [rows_by, columns_by] = mastery.by.as_slice() else {
        return Err(AppError::invalid("by", "热力图需要两个维度，例如 rank,topic"));
    };
    let mut rows: Vec<String> = Vec::new();
    let mut columns: Vec<String> = Vec::new();
    let mut cells: BTreeMap<(String, String), HeatCell> = BTreeMap::new();
    for row in &mastery.rows {
        let (r, c) = (title_in(row, rows_by), title_in(row, columns_by));
        if !rows.contains(&r) {
            rows.push(r.clone());
        }
        if !columns.contains(&c) {
            columns.push(c.clone());
        }
        let cell = match row.facility {
            _ if row.suppressed => HeatCell::Suppressed,
            Some(share) => HeatCell::Share(share),
            None => HeatCell::Empty,
        };
        cells.insert((r, c), cell);
    }
    let grid = rows
        .iter()
        .map(|r| {
            columns.iter().map(|c| cells.get(&(r.clone(), c.clone())).copied().unwrap_or(HeatCell::Empty)).collect()
        })
        .collect();
    Ok(HeatMap {
        title: finding(mastery),
        axes: (dimension_title(rows_by).to_owned(), dimension_title(columns_by).to_owned()),
        rows,
        columns,
        cells: grid,
        measure: "掌握率".to_owned(),
        notes,
    })
}

fn intervals_of(mastery: &Mastery, notes: Vec<String>) -> IntervalChart {
    let label =
        |row: &MasteryRowView| mastery.by.iter().map(|name| title_in(row, name)).collect::<Vec<_>>().join(" · ");
    let estimate = |row: &MasteryRowView| {
        Some(Estimate {
            share: row.facility?,
            low: row.low?,
            high: row.high?,
            persons: u64::try_from(row.persons?).unwrap_or(0),
        })
    };
    IntervalChart {
        title: finding(mastery),
        measure: "掌握率".to_owned(),
        rows: mastery
            .rows
            .iter()
            .take(CHART_ROWS)
            .map(|row| IntervalRow { label: label(row), estimate: estimate(row) })
            .collect(),
        compare: None,
        notes,
    }
}

/// The sentence above a chart: where mastery is lowest among the groups shown, with its interval.
fn finding(mastery: &Mastery) -> String {
    let lowest = mastery
        .rows
        .iter()
        .filter(|row| row.facility.is_some())
        .min_by(|a, b| a.facility.unwrap_or(1.0).total_cmp(&b.facility.unwrap_or(1.0)));
    match lowest {
        Some(row) => {
            let name = mastery.by.iter().map(|name| title_in(row, name)).collect::<Vec<_>>().join("·");
            let percent = |share: Option<f64>| format!("{:.1}", share.unwrap_or_default() * 100.0);
            format!("掌握率最低的是{name}：{}%（{}–{}）", percent(row.facility), percent(row.low), percent(row.high))
        }
        None => "没有可以显示的数据".to_owned(),
    }
}
