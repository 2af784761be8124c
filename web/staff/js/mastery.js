// 掌握情况: how well which people master what, with intervals; the same figures as the export.

import { apiUrl, get, getAll } from "./api.js";
import { fill, h } from "./dom.js";
import * as f from "./format.js";
import { exportPanel } from "./report-job.js";
import { holds } from "./roles.js";
import { start } from "./shell.js";
import { dataTable } from "./table.js";
import { texts } from "./texts.js";
import { empty, failure, field, loading, select } from "./ui.js";
import { loadUnits } from "./units.js";
import { listParam, param, setParams } from "./url-state.js";
import { whisker } from "./whisker.js";

/** @typedef {import("./types.js").MasteryRow} MasteryRow */
/** @typedef {import("./types.js").Mastery} Mastery */
/** @typedef {import("./types.js").ExamSummary} ExamSummary */
/** @typedef {import("./units.js").UnitTree} UnitTree */

const t = texts.mastery;

/** What a table can be broken down by, in the order of the columns. */
const DIMENSIONS = /** @type {const} */ (["unit", "rank", "topic", "law", "level"]);
/** @typedef {(typeof DIMENSIONS)[number]} Dimension */
const DEFAULT_BY = "topic";

/** @returns {Dimension[]} */
function chosenBy() {
  const wanted = listParam("by");
  const by = DIMENSIONS.filter((dimension) => wanted.includes(dimension));
  return by.length > 0 ? by : [DEFAULT_BY];
}

/** The name of a row's unit, rank, topic, law or level.
 * @param {MasteryRow} row
 * @param {Dimension} dimension
 */
function titleOf(row, dimension) {
  switch (dimension) {
    case "unit": return row.unit_name ?? row.unit ?? "";
    case "rank": return row.rank_title ?? row.rank ?? "";
    case "topic": return row.topic_title ?? row.topic ?? "";
    case "law": return row.law_title ?? row.law ?? "";
    case "level": return row.level_title ?? row.level ?? "";
  }
}

/** @param {MasteryRow} row @param {Dimension[]} by */
const nameOf = (row, by) => by.map((dimension) => titleOf(row, dimension)).join(" · ");

/**
 * The page in one sentence: the highest and the lowest, and what is not shown.
 * @param {MasteryRow[]} rows
 * @param {Dimension[]} by
 */
function sentence(rows, by) {
  const shown = rows.filter((row) => !row.suppressed && row.facility !== null);
  const hidden = rows.length - shown.length;
  const sorted = [...shown].sort((a, b) => (b.facility ?? 0) - (a.facility ?? 0));
  const top = sorted[0];
  const bottom = sorted.at(-1);
  const dims = by.map((dimension) => texts.dimensions[dimension]).join(" × ");
  if (!top || !bottom) return t.sentenceNone(dims, hidden);
  /** @param {MasteryRow} row */
  const words = (row) => `${nameOf(row, by)} ${f.interval(row.facility, row.low, row.high)}`;
  if (top === bottom) return t.sentenceOne(words(top), hidden);
  const apart = top.low !== null && bottom.high !== null && top.low > bottom.high;
  return t.sentence(dims, shown.length, words(top), words(bottom), apart, hidden);
}

/**
 * @param {Dimension[]} by
 * @returns {import("./table.js").Column<MasteryRow>[]}
 */
function columns(by) {
  return [
    ...by.map((dimension) => ({
      key: dimension, title: texts.dimensions[dimension],
      value: (/** @type {MasteryRow} */ row) => titleOf(row, dimension),
      cell: (/** @type {MasteryRow} */ row) => titleOf(row, dimension),
    })),
    { key: "persons", title: t.persons, num: true, value: (row) => row.persons, cell: (row) => f.count(row.persons) },
    { key: "responses", title: t.responses, num: true, value: (row) => row.responses,
      cell: (row) => f.count(row.responses) },
    { key: "facility", title: t.facility, num: true, value: (row) => row.facility,
      cell: (row) => f.interval(row.facility, row.low, row.high) },
    { key: "whisker", title: t.whisker, cell: (row) => whisker(row.facility, row.low, row.high) },
  ];
}

/**
 * @param {ExamSummary} exam
 * @param {Dimension[]} by
 */
function chart(exam, by) {
  const kind = param("chart") === "intervals" || by.length === 1 ? "intervals" : "heatmap";
  const place = h("div", { class: "chart", tabindex: 0, role: "region", "aria-label": t.chart });
  /** @param {string} wanted */
  const draw = (wanted) => {
    const src = apiUrl("/analysis/mastery.svg", { exam: exam.id, by: by.join(","), chart: wanted });
    const image = h("img", { src, alt: t.chartAlt(by.map((d) => texts.dimensions[d]).join(" × "), wanted),
      onerror: () => fill(place, empty(t.chartFailed, t.chartFailedHow)) });
    fill(place, image, h("p", { class: "quiet small" }, t.chartSource(exam.title)));
  };
  draw(kind);
  if (by.length === 1) return place;
  const control = select([{ value: "heatmap", title: t.heatmap }, { value: "intervals", title: t.intervals }], kind, {
    onchange: () => {
      setParams({ chart: control.value });
      draw(control.value);
    },
  });
  return h("div", null, h("div", { class: "controls" }, field(t.chartKind, control)), place);
}

/**
 * Rows that the filter of the page lets through: a word in any name, or a unit and all under it.
 * @param {MasteryRow[]} rows
 * @param {Dimension[]} by
 */
function filtered(rows, by) {
  const wanted = param("q").trim();
  return wanted ? rows.filter((row) => nameOf(row, by).includes(wanted)) : rows;
}

/**
 * @param {HTMLElement} place
 * @param {{exam: ExamSummary, by: Dimension[], tree: UnitTree, mayExport: boolean}} chosen
 */
async function show(place, { exam, by, tree, mayExport }) {
  fill(place, loading(t.loading));
  /** @type {Mastery} */
  let answer;
  try {
    answer = await get("/analysis/mastery", { exam: exam.id, by: by.join(",") });
  } catch (error) {
    fill(place, failure(error, { what: t.failed, retry: () => void show(place, { exam, by, tree, mayExport }) }));
    return;
  }
  if (exam.id !== chosenExam || by.join() !== chosenBy().join()) return;
  const { rows } = answer;
  if (rows.length === 0) {
    fill(place, empty(t.none, t.noneHow));
    return;
  }
  const onlyUnit = by.length === 1 && by[0] === "unit";
  const table = dataTable({
    caption: t.tableOf(exam.title), captionHidden: true, columns: columns(by), rows: filtered(rows, by),
    sort: param("sort"), onsort: (sort) => setParams({ sort }), suppressed: (row) => row.suppressed,
    ...(onlyUnit ? { tree: {
      id: (/** @type {MasteryRow} */ row) => row.unit ?? "",
      parent: (/** @type {MasteryRow} */ row) => tree.byId.get(row.unit ?? "")?.parent ?? null,
      open: new Set(tree.roots.map((unit) => unit.id)),
    } } : {}),
  });
  const shownOf = h("p", { class: "quiet small", role: "status" });
  const say = () => {
    const n = filtered(rows, by).length;
    shownOf.textContent = n === rows.length ? t.allRows(n) : t.someRows(n, rows.length);
  };
  const search = h("input", { class: "input slim", type: "search", value: param("q"), oninput: () => {
    setParams({ q: search.value.trim() });
    table.update(filtered(rows, by));
    say();
  } });
  say();
  fill(place, h("p", { class: "lead" }, sentence(rows, by)), chart(exam, by),
    h("section", { class: "block" }, h("h2", null, t.tableTitle),
      h("div", { class: "controls" }, field(t.filter, search)), shownOf, table.element),
    mayExport && h("section", { class: "block" }, h("h2", null, t.exportTitle),
      h("p", { class: "quiet" }, t.exportHow(rows.length)),
      exportPanel(() => ({ exam: exam.id, by: by.join(",") }))),
    h("p", { class: "quiet small" }, t.note));
}

let chosenExam = "";

void start({
  page: "mastery",
  roles: ["analyst", "supervisor", "leader"],
  async draw(main, me) {
    /** @type {[UnitTree, ExamSummary[]]} */
    const [tree, all] = await Promise.all([loadUnits(), getAll("/exams")]);
    const exams = all.filter((exam) => ["open", "closed", "sealed"].includes(exam.state))
      .sort((a, b) => Date.parse(b.closes_at) - Date.parse(a.closes_at));
    const heading = h("h1", null, t.heading);
    const first = exams.find((exam) => exam.state !== "open") ?? exams[0];
    if (!first) return fill(main, heading, empty(t.noExams, t.noExamsHow));
    const controls = h("div", { class: "controls" });
    const body = h("div", null);
    /** @param {boolean} withControls */
    const draw = (withControls) => {
      const exam = exams.find((entry) => entry.id === param("exam")) ?? first;
      chosenExam = exam.id;
      const by = chosenBy();
      void show(body, { exam, by, tree, mayExport: holds(me, ["analyst"]) });
      if (!withControls) return;
      const examControl = select(exams.map((entry) => ({ value: entry.id,
        title: `${entry.title}（${texts.examStates[entry.state] ?? entry.state}）` })), exam.id, {
        onchange: () => choose({ exam: examControl.value }) });
      const boxes = DIMENSIONS.map((dimension) => {
        const box = h("input", { type: "checkbox", checked: by.includes(dimension), value: dimension, onchange: () => {
          const now = boxes.filter(({ input }) => input.checked).map(({ input }) => input.value);
          if (now.length === 0) box.checked = true;
          else choose({ by: now.join(","), sort: null, chart: null });
        } });
        return { input: box, label: h("label", { class: "check" }, box, texts.dimensions[dimension]) };
      });
      fill(controls, field(t.exam, examControl), h("fieldset", { class: "field" },
        h("legend", { class: "label" }, t.by), h("div", { class: "checks" }, boxes.map(({ label }) => label))));
    };
    /** @param {Record<string, string | null>} change */
    const choose = (change) => {
      setParams(change, { step: true });
      draw(false);
    };
    addEventListener("popstate", () => draw(true));
    fill(main, heading, controls, body);
    draw(true);
  },
});
