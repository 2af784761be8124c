// 单位成绩: how a unit does in a test, and who is still missing. Live while the window is open.

import { get, getAll } from "./api.js";
import { activationSection } from "./activation.js";
import { fill, h } from "./dom.js";
import { figureGrid, resultColumns, running, sentence } from "./figures.js";
import * as f from "./format.js";
import { missingSection } from "./missing.js";
import { FIGURES, UNIT, scopeOf } from "./roles.js";
import { start } from "./shell.js";
import { dataTable } from "./table.js";
import { texts } from "./texts.js";
import { empty, examChip, failure, field, loading, select, whileVisible } from "./ui.js";
import { loadUnits, unitPicker } from "./units.js";
import { param, setParams } from "./url-state.js";

/** @typedef {import("./types.js").Me} Me */
/** @typedef {import("./types.js").ExamSummary} ExamSummary */
/** @typedef {import("./types.js").Progress} Progress */
/** @typedef {import("./types.js").Results} Results */
/** @typedef {import("./types.js").ResultRow} ResultRow */
/** @typedef {import("./units.js").UnitTree} UnitTree */

const t = texts.unit;
/** How often figures are asked for while the window is open. */
const REFRESH_MS = 10_000;

/** The exam that is most likely meant: an open one, else the one that closed last, else the next.
 * @param {ExamSummary[]} exams
 */
function likely(exams) {
  /** @param {string[]} states */
  const of = (...states) => exams.filter((exam) => states.includes(exam.state));
  const closed = of("closed", "sealed").sort((a, b) => Date.parse(b.closes_at) - Date.parse(a.closes_at));
  return of("open")[0] ?? closed[0] ?? of("published")[0];
}

/**
 * @param {string} unit
 * @param {string} exam
 * @param {string} by
 * @returns {Promise<Results>}
 */
function results(unit, exam, by) {
  return get(`/units/${encodeURIComponent(unit)}/results`, { exam, by, count: param("count") || "first" });
}

/**
 * The table by subunit: a tree that folds; what lies deeper is loaded when it is unfolded.
 * @param {UnitTree} tree
 * @param {string} unit
 * @param {ExamSummary} exam
 * @param {ResultRow[]} firstRows
 */
function subunitTable(tree, unit, exam, firstRows) {
  /** @type {Map<string, ResultRow>} */
  const rows = new Map(firstRows.map((row) => [row.key, row]));
  /** The unit that a row stood under when the roster was fixed; it may stand elsewhere today. @type {Map<string, string>} */
  const under = new Map();
  const open = new Set(/** @type {string[]} */ ([]));
  /** @param {ResultRow[]} more @param {string} [parent] */
  const take = (more, parent) => {
    for (const row of more) {
      if (row.key !== unit || !rows.has(row.key)) rows.set(row.key, row);
      if (parent) under.set(row.key, parent);
    }
  };
  const table = dataTable({
    caption: t.bySubunit, captionHidden: true, columns: resultColumns(t.subunit, running(exam)),
    rows: [...rows.values()], sort: param("sort"), onsort: (sort) => setParams({ sort }),
    suppressed: (row) => row.suppressed,
    tree: {
      id: (row) => row.key,
      // The row of the unit's own people stands beside its subunits, not above them.
      parent: (row) => under.get(row.key) ?? null,
      more: (row) => row.key !== unit && (tree.children(row.key).length > 0 || Boolean(tree.byId.get(row.key)?.left_on)),
      open,
      load: async (row) => {
        take((await results(row.key, exam.id, "subunit")).rows.filter((child) => child.key !== row.key), row.key);
        table.update([...rows.values()]);
      },
    },
  });
  return {
    element: table.element,
    /** New figures for the top and for all that is unfolded. @param {ResultRow[]} next */
    async update(next) {
      take(next);
      const deeper = await Promise.all([...open].map((id) => results(id, exam.id, "subunit")));
      deeper.forEach((answer, index) => take(answer.rows.filter((row) => row.key !== [...open][index]), [...open][index]));
      table.update([...rows.values()]);
    },
  };
}

/** @param {import("./dom.js").Child} title @param {HTMLElement} body */
function section(title, body) {
  return h("section", { class: "block" }, h("h2", null, title), body);
}

/**
 * Draws the page for a unit and an exam and keeps it fresh.
 * @param {HTMLElement} place
 * @param {{tree: UnitTree, unit: string, exam: ExamSummary, me: Me, names: boolean}} chosen `names`: the account may see
 *   who is missing in this unit
 * @returns {() => void} stops the refresh
 */
function show(place, { tree, unit, exam, me, names }) {
  const lead = h("p", { class: "lead" });
  const live = h("p", { class: "quiet small", role: "status" });
  const trouble = h("div", null);
  const grid = h("div", null);
  const bySubunit = h("div", null);
  const byRank = h("div", null);
  const missing = h("div", null);
  const activation = h("div", null);
  fill(place, loading(t.loading));
  const people = names && running(exam) ? missingSection(missing) : null;
  /** @type {ReturnType<typeof subunitTable> | null} */
  let subunits = null;
  /** @type {ReturnType<typeof dataTable<ResultRow>> | null} */
  let ranks = null;
  let stopped = false;
  const hasSubunits = tree.children(unit).length > 0 || Boolean(tree.byId.get(unit)?.left_on);

  const refresh = async () => {
    try {
      const [progress, sub, rank] = await Promise.all([
        /** @type {Promise<Progress>} */ (get(`/units/${encodeURIComponent(unit)}/progress`, { exam: exam.id })),
        results(unit, exam.id, "subunit"), results(unit, exam.id, "rank"),
      ]);
      if (stopped) return;
      if (!lead.isConnected) {
        fill(place, h("div", { class: "lead-box" }, lead, live), trouble, grid,
          hasSubunits && section(t.bySubunit, bySubunit), section(t.byRank, byRank),
          people && section(t.whoIsMissing, missing), names && section(texts.activation.title, activation));
      }
      fill(trouble);
      lead.textContent = sentence(exam, progress, sub.total);
      fill(live, examChip(exam.state), " ", t.window(f.dateTime(exam.opens_at), f.dateTime(exam.closes_at)),
        exam.state === "open" ? ` · ${t.live(f.clockTime(progress.server_now))}` : "");
      fill(grid, figureGrid(exam, progress, sub.total, sub.marks_max));
      if (hasSubunits && subunits) await subunits.update(sub.rows);
      else if (hasSubunits) fill(bySubunit, (subunits = subunitTable(tree, unit, exam, sub.rows)).element);
      if (ranks) ranks.update(rank.rows);
      else {
        ranks = dataTable({ caption: t.byRank, captionHidden: true,
          columns: resultColumns(t.rank, running(exam)), rows: rank.rows, suppressed: (row) => row.suppressed });
        fill(byRank, rank.rows.length > 0 ? ranks.element : empty(t.noRows));
      }
      await people?.refresh(unit, exam, Date.parse(progress.server_now));
    } catch (error) {
      if (stopped) return;
      const panel = failure(error, { what: t.failed, kept: lead.isConnected ? t.staleKept : texts.problem.nothingLost,
        retry: () => void refresh() });
      if (lead.isConnected) fill(trouble, panel);
      else fill(place, panel);
    }
  };
  void refresh().then(() => {
    if (!stopped && names) void activationSection(activation, unit, me);
  });
  const stop = exam.state === "open" ? whileVisible(refresh, REFRESH_MS) : () => {};
  return () => {
    stopped = true;
    stop();
  };
}

/** @param {string} chosen @param {() => void} changed */
function countPicker(chosen, changed) {
  const control = select([{ value: "first", title: t.countFirst }, { value: "all", title: t.countAll }],
    chosen || "first", { onchange: () => {
      setParams({ count: control.value === "first" ? null : control.value }, { step: true });
      changed();
    } });
  return field(t.count, control);
}

void start({
  page: "unit",
  roles: FIGURES,
  async draw(main, me) {
    /** @type {[UnitTree, ExamSummary[]]} */
    const [tree, all] = await Promise.all([loadUnits({ left: true }), getAll("/exams")]);
    const exams = all.filter((exam) => exam.state !== "draft" && exam.state !== "cancelled");
    const first = tree.roots[0];
    const heading = h("h1", null, t.heading);
    if (!first) return fill(main, heading, empty(t.noUnits, t.noUnitsHow));
    if (exams.length === 0) return fill(main, heading, empty(t.noExams, t.noExamsHow));
    const controls = h("form", { class: "controls", onsubmit: (/** @type {Event} */ event) => event.preventDefault() });
    const body = h("div", null);
    const allowed = tree.within(scopeOf(me, FIGURES));
    const named = tree.within(scopeOf(me, UNIT));
    let stop = () => {};
    /** @param {boolean} withControls redrawing them would take the focus from the one just used */
    const draw = (withControls) => {
      stop();
      const own = scopeOf(me, FIGURES).find((id) => tree.byId.has(id)) ?? first.id;
      const wantedUnit = param("unit");
      const unit = allowed.has(wantedUnit) ? wantedUnit : own;
      const exam = exams.find((entry) => entry.id === param("exam")) ?? likely(exams) ?? exams[0];
      if (!exam) return;
      heading.textContent = t.headingOf(tree.name(unit));
      stop = show(body, { tree, unit, exam, me, names: named.has(unit) });
      if (!withControls) return;
      const examControl = select(exams.map((entry) => ({ value: entry.id,
        title: `${entry.title}（${texts.examStates[entry.state] ?? entry.state}）` })), exam.id, {
        onchange: () => choose({ exam: examControl.value }) });
      fill(controls, field(t.exam, examControl),
        unitPicker(tree, { value: unit, allowed, label: t.unit, onchange: (id) => choose({ unit: id }) }),
        countPicker(param("count"), () => draw(false)));
    };
    /** @param {Record<string, string>} change */
    const choose = (change) => {
      setParams(change, { step: true });
      draw(false);
    };
    addEventListener("popstate", () => draw(true));
    fill(main, heading, controls, body);
    draw(true);
  },
});
