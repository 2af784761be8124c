// 导入题目: a file is read, shown row by row, and what is chosen of it becomes drafts.

import { get, post, postForm } from "./api.js";
import { fill, h } from "./dom.js";
import * as f from "./format.js";
import { FILE_MAX_BYTES, problemTable } from "./import-people.js";
import { start } from "./shell.js";
import { dataTable } from "./table.js";
import { texts } from "./texts.js";
import { busy, chip, confirmIn, empty, failure, field, notice } from "./ui.js";
import { pageUrl } from "./url-state.js";

/** @typedef {import("./types.js").Import} Import */
/** @typedef {import("./types.js").QuestionsPreview} QuestionsPreview */
/** @typedef {import("./types.js").QuestionRow} QuestionRow */

const t = texts.importQuestions;

/** The key in words. @param {QuestionRow} row */
function keyWords({ key }) {
  return key.map((one) => (typeof one === "boolean" ? (one ? texts.questions.true : texts.questions.false)
    : Array.isArray(one) ? one.join("/") : one)).join("、") || texts.common.none;
}

/** Options and explanation, of a case those of its parts.
 * @param {QuestionRow} row
 * @returns {import("./dom.js").Child}
 */
function detailsOf(row) {
  if (row.parts) return row.parts.map((part) => [h("p", null, part.stem), detailsOf(part)]);
  return [row.options.length > 0 ? h("ol", { type: "A" }, row.options.map((option) => h("li", null, option)))
    : h("p", { class: "quiet" }, t.noOptions),
  h("p", null, `${t.answer}：${keyWords(row)}`), row.explanation && h("p", { class: "quiet" }, row.explanation)];
}

/** @param {QuestionRow} row */
function problemsCell(row) {
  const { problems, gaps, duplicates } = row;
  const said = problems.map(({ severity, reason }) => h("p", null,
    chip(severity === "error" ? texts.importPeople.error : texts.importPeople.warning, severity === "error" ? "bad" : "warn"),
    " ", reason));
  const alike = duplicates.map((one) => h("p", { class: "quiet" }, one.row !== null ? t.alikeRow(one.row, one.percent)
    : h("a", { href: pageUrl("questions.html", { ref: one.ref }), target: "_blank", rel: "noopener" },
      t.alike(one.ref, one.percent))));
  return [row.blocked && chip(t.blocked, "bad"), row.is_duplicate && chip(t.same, "warn"), said,
    gaps.length > 0 ? h("details", null, h("summary", null, t.missing(gaps.length)),
      h("ul", { class: "bare" }, gaps.map(({ reason }) => h("li", null, reason))))
      : problems.length === 0 && chip(t.fine, "good"), alike];
}

/**
 * @param {HTMLElement} place
 * @param {Import} made
 * @param {(after: Import | null) => void} shown
 */
function drawPreview(place, made, shown) {
  const preview = /** @type {QuestionsPreview} */ (made.preview);
  const rows = preview.rows ?? [];
  const open = made.state === "previewed";
  // What the bank already has is left out unless somebody asks for it.
  const taken = new Set(rows.filter((row) => !row.blocked && !row.is_duplicate).map(({ n }) => n));
  const ask = h("div", null);
  const path = `/imports/${encodeURIComponent(made.id)}`;
  const commit = () => confirmIn(ask, {
    title: t.commitTitle(made.file_name),
    consequences: [t.commitWhat(taken.size), rows.length > taken.size ? t.commitSkips(rows.length - taken.size) : null,
      t.commitUndo],
    confirm: t.commitGo, doing: t.committing, what: t.commitFailed, kept: t.commitKept,
    onconfirm: async () => {
      const skip = rows.filter(({ n }) => !taken.has(n)).map(({ n }) => n);
      /** @type {Import} */
      const after = await post(`${path}/commit`, { skip_rows: skip });
      shown({ ...made, ...after });
    },
  });
  const undo = () => confirmIn(ask, { title: t.undoTitle(made.file_name), consequences: [t.undoWhat], confirm: t.undoGo,
    doing: t.undoing, danger: true, what: t.undoFailed, kept: t.undoKept, onconfirm: async () => {
      shown({ ...made, .../** @type {Import} */ (await post(`${path}/undo`)) });
    } });
  const go = h("button", { type: "button", class: "button primary", onclick: commit });
  const count = () => {
    go.textContent = taken.size > 0 ? t.commit(taken.size) : t.nothing;
    go.toggleAttribute("disabled", taken.size === 0);
  };
  count();
  const box = (/** @type {QuestionRow} */ row) => {
    const control = h("input", { type: "checkbox", checked: taken.has(row.n), disabled: row.blocked,
      "aria-label": t.takeRow(row.n), onchange: () => {
        if (control.checked) taken.add(row.n);
        else taken.delete(row.n);
        count();
      } });
    return control;
  };
  const table = dataTable({
    caption: t.question, captionHidden: true, rows, step: 100,
    columns: [
      { key: "stem", title: t.question, cell: (row) => [open && h("label", { class: "check" }, box(row), t.take),
        h("p", null, row.stem || texts.questions.missing), h("span", { class: "cell-note" }, [row.ref,
          row.kind ? texts.kinds[row.kind] : t.unknownKind, row.sheet ?? "", t.row(row.row)].filter(Boolean).join(" · ")),
        h("details", null, h("summary", null, t.details), detailsOf(row))] },
      { key: "key", title: t.answer, cell: keyWords },
      { key: "problems", title: t.problems, value: (row) => row.problems.length + row.gaps.length, cell: problemsCell },
    ],
  });
  const format = t.formats[preview.format] ?? preview.format;
  const head = made.state === "committed" ? notice("good", t.committed(made.file_name, rows.length),
    h("p", null, h("a", { href: "/staff/questions.html?state=draft&author=me" }, t.toDrafts)))
    : made.state === "undone" ? notice("warn", t.undone(made.file_name))
      : notice("plain", t.previewed(made.file_name, format, rows.length),
        h("p", null, t.counts(preview.counts.errors, rows.filter(({ gaps }) => gaps.length > 0).length,
          preview.counts.duplicates)));
  fill(place, head, h("div", { class: "row" }, open && go,
    made.state === "committed" && h("button", { type: "button", class: "button slim danger", onclick: undo }, t.undo),
    h("button", { type: "button", class: "button", onclick: () => shown(null) }, open ? t.drop : t.another)), ask,
  preview.problems.length > 0 && h("section", { class: "block" }, h("h2", null, t.fileProblems),
    problemTable(preview.problems)),
  rows.length > 0 && table.element);
}

/** @param {HTMLElement} place */
function drawImport(place) {
  const file = h("input", { class: "input slim", type: "file", accept: ".xlsx,.xls,.csv,.docx,.txt,.gift,.json,.jsonl,.toml" });
  const outcome = h("div", null);
  const past = h("div", null);
  const submit = h("button", { type: "submit", class: "button primary" }, t.look);
  /** @param {Import | null} made */
  const show = (made) => {
    if (made) drawPreview(place, made, show);
    else draw();
  };
  /** @param {Event} event */
  const onsubmit = (event) => {
    event.preventDefault();
    const chosen = file.files?.[0];
    if (!chosen) {
      fill(outcome, notice("bad", t.noFile));
      return file.focus();
    }
    if (chosen.size > FILE_MAX_BYTES) {
      fill(outcome, notice("bad", texts.importPeople.tooLarge(Math.ceil(chosen.size / 1024 / 1024),
        FILE_MAX_BYTES / 1024 / 1024)));
      return;
    }
    void busy(submit, t.reading, async () => {
      const form = new FormData();
      form.set("kind", "questions");
      form.set("file", chosen);
      try {
        show(/** @type {Import} */ (await postForm("/imports", form)));
      } catch (error) {
        fill(outcome, failure(error, { what: t.readFailed, kept: t.readKept }));
      }
    });
  };
  const drawPast = async () => {
    try {
      /** @type {{items: Import[]}} */
      const { items } = await get("/imports");
      const own = items.filter(({ kind }) => kind === "questions");
      fill(past, own.length === 0 ? empty(t.noneYet, t.noneYetHow) : dataTable({ caption: t.past, captionHidden: true, rows: own,
        columns: [
          { key: "at", title: texts.importPeople.at, cell: (made) => f.dateTime(made.created_at) },
          { key: "file", title: t.file, cell: (made) => h("button", { type: "button", class: "linklike tight",
            onclick: () => void open(made.id) }, made.file_name) },
          { key: "state", title: texts.importPeople.state, cell: (made) => chip(texts.importPeople.states[made.state]
            ?? made.state, made.state === "committed" ? "good" : made.state === "undone" ? "warn" : "") },
        ] }).element);
    } catch (error) {
      fill(past, failure(error, { what: t.pastFailed, retry: () => void drawPast() }));
    }
  };
  /** @param {string} id */
  const open = async (id) => {
    try {
      show(/** @type {Import} */ (await get(`/imports/${encodeURIComponent(id)}`)));
    } catch (error) {
      fill(outcome, failure(error, { what: t.openFailed }));
    }
  };
  const draw = () => {
    file.value = "";
    fill(outcome);
    fill(place, h("p", { class: "quiet" }, t.how, " ", h("a", { href: "/api/v1/question-template" }, t.template)),
      h("form", { class: "form", onsubmit }, field(t.file, file, { hint: t.fileHint }), outcome, submit),
      h("h2", { class: "sub" }, t.past), past);
    void drawPast();
  };
  draw();
}

void start({
  page: "questions",
  roles: ["author"],
  draw(main) {
    const place = h("div", null);
    fill(main, h("div", { class: "head-row" }, h("h1", null, t.heading), h("a", { href: "/staff/questions.html" },
      texts.questions.back)), h("p", { class: "lead-2" }, t.lead), place);
    drawImport(place);
  },
});
