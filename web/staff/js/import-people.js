// 花名册 in: choose a file, look at what it would change, take it over or not, take it back.

import { get, post, postForm } from "./api.js";
import { fill, h } from "./dom.js";
import * as f from "./format.js";
import { correctedRows, problemEditor } from "./import-rows.js";
import { dataTable } from "./table.js";
import { texts } from "./texts.js";
import { busy, chip, confirmIn, empty, failure, field, notice, select } from "./ui.js";

/** @typedef {import("./types.js").Import} Import */
/** @typedef {import("./types.js").PeoplePreview} PeoplePreview */
/** @typedef {import("./types.js").ImportProblem} ImportProblem */
/** @typedef {import("./types.js").ImportRow} ImportRow */

const t = texts.importPeople;
/** The largest file that the server takes. */
export const FILE_MAX_BYTES = 32 * 1024 * 1024;
/** Over this share of people leaving, the number is asked for (CONTRACT §1). */
const LEFT_ASKED_OVER = 0.05;

/** @param {Import} made @returns {PeoplePreview} */
const previewOf = (made) => /** @type {PeoplePreview} */ (made.preview);

/** @param {string} name @param {number} n */
const figure = (name, n) => h("div", { class: "figure" }, h("dt", null, name), h("dd", null, f.count(n)));

/** Problems with where they stand: sheet, row, field, value, reason.
 * @param {ImportProblem[]} problems
 */
export function problemTable(problems) {
  return dataTable({
    caption: t.problems, captionHidden: true, rows: problems, step: 100,
    columns: [
      { key: "severity", title: t.severity, value: (p) => p.severity,
        cell: (p) => p.severity === "error" ? chip(t.error, "bad") : chip(t.warning, "warn") },
      { key: "sheet", title: t.sheet, value: (p) => p.sheet, cell: (p) => p.sheet ?? texts.common.none },
      { key: "row", title: t.row, num: true, value: (p) => p.row, cell: (p) => p.row ?? texts.common.none },
      { key: "field", title: t.field, value: (p) => p.field, cell: (p) => p.field ?? texts.common.none },
      { key: "value", title: t.value, value: (p) => p.value, cell: (p) => p.value || texts.common.none },
      { key: "reason", title: t.reason, value: (p) => p.reason, cell: (p) => p.reason },
    ],
  }).element;
}

/** @param {ImportRow[]} rows */
function rowTable(rows) {
  return dataTable({
    caption: t.rows, captionHidden: true, rows, step: 100,
    columns: [
      { key: "change", title: t.change, value: (row) => row.change,
        cell: (row) => chip(t.changes[row.change] ?? row.change, row.change === "left" ? "warn" : "") },
      { key: "name", title: t.name, value: (row) => row.name, cell: (row) => row.name },
      { key: "key", title: t.key, value: (row) => row.key, cell: (row) => row.key },
      { key: "unit", title: t.unit, value: (row) => row.unit, cell: (row) => row.unit },
      { key: "fields", title: t.fields, cell: (row) => (row.fields ?? []).map((change) => h("div", null,
        t.fieldChange(texts.fields[change.field] ?? change.field, change.before, change.after))) },
      { key: "where", title: t.where, cell: (row) => row.sheet && row.row !== null ? t.whereIs(row.sheet, row.row) : t.notInFile },
    ],
  }).element;
}

/** @param {NonNullable<PeoplePreview["units_changed"]>} units */
function unitsTable(units) {
  return dataTable({
    caption: t.unitsChanged, captionHidden: true, rows: units, step: 20,
    columns: [
      { key: "change", title: t.change, value: (unit) => unit.change,
        cell: (unit) => chip(t.unitChanges[unit.change] ?? unit.change) },
      { key: "unit", title: t.unit, value: (unit) => unit.unit, cell: (unit) => unit.unit },
      { key: "fields", title: t.fields, cell: (unit) => unit.fields.map((change) => h("div", null,
        t.fieldChange(change.field, change.before, change.after))) },
    ],
  }).element;
}

/** @param {PeoplePreview} preview */
function changes(preview) {
  const { people, units } = preview;
  return [
    h("dl", { class: "figures", "aria-label": t.peopleCounts }, figure(t.changes["new"] ?? "", people.new),
      figure(t.changes["changed"] ?? "", people.changed), figure(t.changes["moved"] ?? "", people.moved),
      figure(t.changes["left"] ?? "", people.left), figure(t.changes["unchanged"] ?? "", people.unchanged)),
    units.new + units.renamed + units.left > 0 && h("p", null, t.units(units.new, units.renamed, units.left)),
    units.regrouped > 0 && h("p", null, t.regrouped(units.regrouped)),
  ];
}

/**
 * @param {HTMLElement} place
 * @param {Import} made
 * @param {{changed: (after: Import | null) => void}} act
 */
function drawPreview(place, made, act) {
  const preview = previewOf(made);
  const { people } = preview;
  const errors = preview.problems.filter(({ severity }) => severity === "error");
  const rows = (preview.rows ?? []).filter(({ change }) => change !== "unchanged");
  const { units } = preview;
  const changing = people.new + people.changed + people.moved + people.left;
  const anything = changing + units.new + units.renamed + units.left + (units.regrouped ?? 0) > 0;
  const known = people.changed + people.moved + people.left + people.unchanged;
  const many = people.left > known * LEFT_ASKED_OVER && people.left > 0;
  const ask = h("div", null);
  const path = `/imports/${encodeURIComponent(made.id)}`;
  const commit = () => confirmIn(ask, {
    title: t.commitTitle(made.file_name),
    consequences: [t.commitChange(people.new, people.changed, people.moved),
      people.left > 0 ? t.commitLeft(people.left) : null,
      errors.length > 0 ? t.commitSkips(errors.length) : null, t.commitUndo],
    ...(many ? { number: { label: t.commitNumber(people.left), expected: people.left } } : {}),
    confirm: t.commitGo, doing: t.committing, danger: people.left > 0, what: t.commitFailed, kept: t.commitFailedKept,
    onconfirm: async () => {
      /** @type {Import} */
      const after = await post(`${path}/commit`, people.left > 0 ? { confirm_left: people.left } : {},
        made.etag ? { etag: made.etag } : {});
      act.changed({ ...made, ...after });
    },
  });
  const undo = () => confirmIn(ask, {
    title: t.undoTitle(made.file_name), consequences: [t.undoWhat(changing), t.undoAccounts], confirm: t.undoGo,
    doing: t.undoing, danger: true, what: t.undoFailed, kept: t.undoFailedKept,
    onconfirm: async () => {
      /** @type {Import} */
      const after = await post(`${path}/undo`);
      act.changed({ ...made, ...after });
    },
  });
  const head = made.state === "committed" ? notice("good", t.committed(made.file_name))
    : made.state === "undone" ? notice("warn", t.undone(made.file_name))
      : notice(errors.length > 0 ? "warn" : "plain", t.previewed(made.file_name, changing, errors.length),
        h("p", null, t.nothingYet));
  fill(place, head, changes(preview),
    h("div", { class: "row" },
      made.state === "previewed" && h("button", { type: "button", class: "button primary", disabled: !anything,
        onclick: commit }, t.commit),
      made.state === "committed" && h("button", { type: "button", class: "button slim danger", onclick: undo }, t.undo),
      h("button", { type: "button", class: "button", onclick: () => act.changed(null) },
        made.state === "previewed" ? t.drop : t.another)),
    made.state === "previewed" && !anything && h("p", { class: "quiet" }, t.nothingToDo),
    ask, correctedRows(made, preview, act.changed),
    preview.problems.length > 0 && h("section", { class: "block" },
      h("h3", null, t.problemsTitle(errors.length, preview.problems.length - errors.length)),
      h("p", { class: "quiet" }, t.problemsHow), problemEditor(made, preview, act.changed)),
    (preview.units_changed ?? []).length > 0 && h("section", { class: "block" }, h("h3", null, t.unitsChanged),
      unitsTable(preview.units_changed ?? [])),
    rows.length > 0 && h("section", { class: "block" }, h("h3", null, t.rowsTitle(rows.length, changing)),
      rowTable(rows)));
}

/**
 * @param {HTMLElement} place
 * @param {() => void} changed called after people have changed
 */
export function importSection(place, changed) {
  const file = h("input", { class: "input slim", type: "file", accept: ".xlsx,.xls,.csv" });
  const mode = select([{ value: "add", title: t.modeAdd }, { value: "full", title: t.modeFull }], "add", {
    onchange: () => { modeNote.textContent = mode.value === "full" ? t.modeFullNote : t.modeAddNote; } });
  const modeNote = h("p", { class: "hint", role: "status" }, t.modeAddNote);
  const outcome = h("div", null);
  const past = h("div", null);
  const submit = h("button", { type: "submit", class: "button primary" }, t.look);

  /** @param {Import} made */
  const show = (made) => drawPreview(place, made, { changed: (after) => {
    if (after) show(after);
    else draw();
    if (after && after.state !== "previewed") changed();
  } });

  /** @param {Event} event */
  const onsubmit = (event) => {
    event.preventDefault();
    const chosen = file.files?.[0];
    if (!chosen) {
      fill(outcome, notice("bad", t.noFile, h("p", null, t.noFileHow)));
      return file.focus();
    }
    if (chosen.size > FILE_MAX_BYTES) {
      fill(outcome, notice("bad", t.tooLarge(Math.ceil(chosen.size / 1024 / 1024), FILE_MAX_BYTES / 1024 / 1024),
        h("p", null, t.tooLargeHow)));
      return;
    }
    void busy(submit, t.reading, async () => {
      const form = new FormData();
      form.set("kind", "people");
      form.set("mode", mode.value);
      form.set("file", chosen);
      try {
        /** @type {Import} */
        const made = await postForm("/imports", form);
        show(made);
      } catch (error) {
        fill(outcome, failure(error, { what: t.readFailed, kept: t.readFailedKept }));
      }
    });
  };

  const drawPast = async () => {
    try {
      /** @type {{items: Import[]}} */
      const { items } = await get("/imports", { limit: 10 });
      const people = items.filter(({ kind }) => kind === "people");
      fill(past, people.length === 0 ? empty(t.noneYet, t.noneYetHow) : dataTable({
        caption: t.past, captionHidden: true, rows: people,
        columns: [
          { key: "at", title: t.at, cell: (made) => f.dateTime(made.created_at) },
          { key: "file", title: t.file, cell: (made) => h("button", { type: "button", class: "linklike tight",
            onclick: () => void open(made.id) }, made.file_name) },
          { key: "state", title: t.state, cell: (made) => chip(t.states[made.state] ?? made.state,
            made.state === "committed" ? "good" : made.state === "undone" ? "warn" : "") },
          { key: "counts", title: t.counts, cell: (made) => {
            const preview = /** @type {Partial<PeoplePreview> | null} */ (made.preview);
            return preview?.people ? t.countsOf(preview.people.new, preview.people.changed + preview.people.moved,
              preview.people.left) : texts.common.none;
          } },
        ],
      }).element);
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
    fill(place, h("p", { class: "quiet" }, t.how), h("form", { onsubmit, class: "form" },
      h("div", { class: "grid" }, field(t.file, file, { hint: t.fileHint }),
        h("div", null, field(t.mode, mode), modeNote)), outcome, submit),
    h("h3", { class: "sub" }, t.past), past);
    void drawPast();
  };
  draw();
}
