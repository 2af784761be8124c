// 考试: every exam and its state; a new one begins here.

import { getAll, post } from "./api.js";
import { fill, h } from "./dom.js";
import { examForm, loadChoices } from "./exam-form.js";
import * as f from "./format.js";
import { start } from "./shell.js";
import { dataTable } from "./table.js";
import { texts } from "./texts.js";
import { empty, examChip, field, select } from "./ui.js";
import { pageUrl, param, setParams } from "./url-state.js";

/** @typedef {import("./types.js").ExamSummary} ExamSummary */
/** @typedef {import("./types.js").Exam} Exam */

const t = texts.exams;

/** @returns {import("./table.js").Column<ExamSummary>[]} */
function columns() {
  return [
    { key: "title", title: t.title, value: (exam) => exam.title,
      cell: (exam) => h("a", { href: pageUrl("exam.html", { id: exam.id }) }, exam.title) },
    { key: "state", title: t.state, value: (exam) => Object.keys(texts.examStates).indexOf(exam.state),
      cell: (exam) => examChip(exam.state) },
    { key: "opens", title: t.opens, value: (exam) => Date.parse(exam.opens_at),
      cell: (exam) => f.dateTime(exam.opens_at) },
    { key: "closes", title: t.closes, value: (exam) => Date.parse(exam.closes_at),
      cell: (exam) => f.dateTime(exam.closes_at) },
    { key: "questions", title: t.questions, num: true, value: (exam) => exam.questions,
      cell: (exam) => f.count(exam.questions) },
    { key: "due", title: texts.unit.due, num: true, value: (exam) => exam.due,
      cell: (exam) => exam.state === "draft" ? texts.common.none : f.count(exam.due) },
    { key: "taken", title: texts.unit.taken, num: true, value: (exam) => exam.taken,
      cell: (exam) => exam.state === "draft" ? texts.common.none : f.count(exam.taken) },
  ];
}

/** @param {HTMLElement} main @param {ExamSummary[]} exams */
function drawList(main, exams) {
  const create = h("a", { class: "button primary", href: pageUrl("exams.html", { new: "1" }) }, t.create);
  if (exams.length === 0) {
    fill(main, h("h1", null, t.heading), empty(t.none, t.noneHow), create);
    return;
  }
  const open = exams.filter((exam) => exam.state === "open").length;
  const drafts = exams.filter((exam) => exam.state === "draft").length;
  const chosen = () => {
    const state = param("state");
    const words = param("q");
    return exams.filter((exam) => (!state || exam.state === state) && (!words || exam.title.includes(words)));
  };
  const table = dataTable({ caption: t.heading, captionHidden: true, columns: columns(), rows: chosen(),
    sort: param("sort") || "-opens", onsort: (sort) => setParams({ sort }) });
  const none = h("p", { class: "quiet", role: "status" }, t.noMatch);
  const redraw = () => {
    const rows = chosen();
    none.hidden = rows.length > 0;
    table.element.hidden = rows.length === 0;
    table.update(rows);
  };
  const state = select([{ value: "", title: texts.common.all },
    ...Object.entries(texts.examStates).map(([value, title]) => ({ value, title }))], param("state"), {
    onchange: () => {
      setParams({ state: state.value });
      redraw();
    } });
  const search = h("input", { class: "input slim", type: "search", value: param("q"), oninput: () => {
    setParams({ q: search.value.trim() });
    redraw();
  } });
  redraw();
  fill(main, h("div", { class: "head-row" }, h("h1", null, t.heading), create),
    h("p", { class: "lead" }, t.sentence(exams.length, open, drafts)),
    h("div", { class: "controls" }, field(t.state, state), field(t.search, search)), none, table.element);
}

/** @param {HTMLElement} main */
async function drawNew(main) {
  const choices = await loadChoices();
  if (choices.blueprints.length === 0) {
    fill(main, h("h1", null, t.newHeading), empty(t.noBlueprints, t.noBlueprintsHow));
    return;
  }
  fill(main, h("h1", null, t.newHeading), h("p", { class: "lead-2" }, t.newLead), examForm(choices, null, {
    cancel: () => location.assign("/staff/exams.html"),
    save: async (body) => {
      /** @type {Exam} */
      const made = await post("/exams", body);
      location.assign(pageUrl("exam.html", { id: made.id, made: "1" }));
    },
  }));
}

void start({
  page: "exams",
  roles: ["manager"],
  async draw(main) {
    if (param("new")) await drawNew(main);
    else drawList(main, /** @type {ExamSummary[]} */ (await getAll("/exams")));
  },
});
