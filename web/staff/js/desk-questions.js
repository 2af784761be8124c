// 题目更正: which question of an exam is wrong, and what was ruled on so far.

import { getAll } from "./api.js";
import { examPath } from "./desk-feed.js";
import { rulingForm } from "./desk-ruling.js";
import {
  LOW_LEAST, isLow, keyWords, questionId, questionName, rightShare, rulingWords,
} from "./desk-words.js";
import { fill, h } from "./dom.js";
import * as f from "./format.js";
import { dataTable } from "./table.js";
import { texts } from "./texts.js";
import { chip, empty, failure, field, loading, notice, select } from "./ui.js";
import { pageUrl, param, setParams } from "./url-state.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./types-desk.js").ExamQuestion} ExamQuestion */
/** @typedef {import("./types-desk.js").Ruling} Ruling */
/** @typedef {import("./types-desk.js").RegradeRun} RegradeRun */

const t = texts.desk.questions;

/** @param {ExamQuestion} question */
function mark(question) {
  if (question.ruling) return chip(t.ruled, "good");
  return isLow(question) ? chip(t.low, "warn") : null;
}

/** @param {ExamQuestion} question */
function shareWords(question) {
  const share = rightShare(question);
  return share === null ? texts.common.none
    : `${f.percent(share)}（${f.count(question.correct)}/${f.count(question.answered)}）`;
}

/** @param {ExamQuestion} question */
function stem(question) {
  return question.stem || t.secureStem;
}

/** @param {Desk} desk @returns {import("./table.js").Column<ExamQuestion>[]} */
function columns(desk) {
  return [
    { key: "stem", title: t.stem, value: stem, cell: (row) => h("a", { class: "clip",
      href: desk.link({ view: "questions", question: questionId(row) }) }, stem(row)) },
    { key: "mark", title: t.mark, value: (row) => isLow(row) ? 0 : row.ruling ? 1 : 2, cell: mark },
    { key: "share", title: t.share, num: true, value: rightShare, cell: shareWords },
    { key: "papers", title: t.papers, num: true, value: (row) => row.papers, cell: (row) => f.count(row.papers) },
    { key: "kind", title: t.kind, value: (row) => texts.kinds[row.kind],
      cell: (row) => texts.kinds[row.kind] ?? row.kind },
    { key: "ref", title: t.ref, value: questionName, cell: (row) => h("span", { class: "small" }, questionName(row)) },
  ];
}

/** @param {Desk} desk @param {ExamQuestion[]} questions */
function list(desk, questions) {
  const low = questions.filter(isLow).length;
  const ruled = questions.filter((question) => question.ruling).length;
  const none = h("p", { class: "quiet", role: "status" });
  const table = dataTable({ caption: t.listOf, captionHidden: true, columns: columns(desk), rows: questions,
    sort: param("sort") || "share", onsort: (sort) => setParams({ sort }), step: 60 });
  const draw = () => {
    const [words, kind] = [param("q"), param("kind")];
    const rows = questions.filter((question) => (!kind || question.kind === kind) &&
      (!words || stem(question).includes(words) || question.question.includes(words)));
    none.textContent = rows.length > 0 ? "" : t.noMatch;
    table.element.hidden = rows.length === 0;
    table.update(rows);
  };
  const kinds = [...new Set(questions.map((question) => question.kind))];
  const kind = select([{ value: "", title: t.kindAll }, ...kinds.map((value) =>
    ({ value, title: texts.kinds[value] ?? value }))], param("kind"), { onchange: () => {
    setParams({ kind: kind.value });
    draw();
  } });
  const search = h("input", { class: "input slim", type: "search", value: param("q"), oninput: () => {
    setParams({ q: search.value.trim() });
    draw();
  } });
  draw();
  return [h("p", { class: "lead" }, t.lead(questions.length, low, ruled)),
    h("p", { class: "quiet small" }, t.rule(LOW_LEAST)),
    h("div", { class: "controls" }, field(t.kind, kind), field(t.search, search)), none, table.element];
}

/** @param {Ruling[]} rulings */
function rulingList(rulings) {
  if (rulings.length === 0) return empty(t.noRulings, t.noRulingsHow);
  /** @type {import("./table.js").Column<Ruling>[]} */
  const columns = [
    { key: "ref", title: t.ref, cell: questionName },
    { key: "what", title: t.what, cell: rulingWords },
    { key: "reason", title: t.reason, cell: (row) => row.reason },
    { key: "at", title: t.at, cell: (row) => f.shortDateTime(row.ruled_at) },
    { key: "stem", title: t.stem, cell: (row) => h("span", { class: "clip small" }, row.stem || t.secureStem) },
  ];
  return dataTable({ caption: t.rulings, captionHidden: true, columns, rows: rulings }).element;
}

/** @param {RegradeRun[]} runs */
function runList(runs) {
  if (runs.length === 0) return empty(t.noRuns, t.noRunsHow);
  /** @param {string} key @param {string} title @param {(run: RegradeRun) => number} value */
  const number = (key, title, value) => ({ key, title, num: true,
    cell: (/** @type {RegradeRun} */ run) => f.count(value(run)) });
  /** @type {import("./table.js").Column<RegradeRun>[]} */
  const columns = [
    { key: "at", title: t.at, cell: (run) => [f.shortDateTime(run.started_at), !run.finished_at && [" ",
      chip(t.running, "warn")]] },
    { key: "reason", title: t.reason, cell: (run) => run.reason },
    number("looked", t.looked, (run) => run.attempts), number("changed", t.changed, (run) => run.changed),
    number("up", t.toPassed, (run) => run.to_passed), number("down", t.toFailed, (run) => run.to_failed),
  ];
  return dataTable({ caption: t.runs, captionHidden: true, columns, rows: runs }).element;
}

/** @param {ExamQuestion} question */
function options(question) {
  if (question.options.length === 0) {
    return question.key === null ? h("p", { class: "notice plain" }, t.secure)
      : h("p", null, `${t.key}：`, h("b", null, keyWords(question.key)));
  }
  const right = new Set([question.key].flat(2));
  return [h("ul", { class: "key-options" }, question.options.map((option) =>
    h("li", { class: right.has(option.id) ? "right" : null },
      h("p", null, h("b", null, `${option.id.toUpperCase()}. `), option.text, " ",
        right.has(option.id) && chip(t.right, "good"))))),
  h("p", { class: "quiet small" }, t.letters)];
}

/** @param {HTMLElement} place @param {Desk} desk @param {ExamQuestion} question */
function one(place, desk, question) {
  const { ruling } = question;
  const form = h("div", null);
  desk.heading.textContent = t.headingOne;
  fill(place, h("p", null, h("a", { href: desk.link({ view: "questions" }) }, t.back)),
    h("div", { class: "two top wide-left" },
      h("div", { class: "card question" },
        h("p", { class: "quiet small" }, `${questionName(question)} · ${texts.kinds[question.kind] ?? question.kind}`),
        h("p", { class: "stem" }, stem(question)), options(question)),
      h("div", null,
        h("p", null, mark(question), " ", t.facts(f.count(question.papers), f.count(question.answered),
          shareWords(question))),
        ruling && notice("plain", `${t.ruled}：${rulingWords(ruling)}`,
          h("p", null, `${f.shortDateTime(ruling.ruled_at)} · ${ruling.reason}`)),
        h("p", null, h("a", { href: pageUrl("questions.html", { ref: question.question }) }, t.inBank)))),
    form);
  rulingForm(form, desk, question);
}

/** @param {HTMLElement} place @param {Desk} desk */
async function load(place, desk) {
  fill(place, loading(t.loading));
  try {
    const path = examPath(desk.feed.exam);
    /** @type {ExamQuestion[]} */
    const questions = await getAll(`${path}/questions`);
    const wanted = param("question");
    const chosen = questions.find((question) => questionId(question) === wanted);
    if (wanted && chosen) return one(place, desk, chosen);
    if (wanted) {
      return fill(place, empty(t.gone, t.goneHow, " ", h("a", { href: desk.link({ view: "questions" }) }, t.back)));
    }
    /** @type {[Ruling[], RegradeRun[]]} */
    const [rulings, runs] = await Promise.all([getAll(`${path}/rulings`), getAll(`${path}/regrades`)]);
    fill(place, questions.length > 0 ? list(desk, questions) : empty(t.none, t.noneHow),
      h("section", { class: "block" }, h("h2", null, t.rulings), rulingList(rulings)),
      h("section", { class: "block" }, h("h2", null, t.runs), runList(runs)));
  } catch (error) {
    fill(place, failure(error, { what: t.failed, retry: () => void load(place, desk) }));
  }
}

/** @param {HTMLElement} place @param {Desk} desk */
export function questionsView(place, desk) {
  desk.heading.textContent = t.heading;
  void load(place, desk);
}
