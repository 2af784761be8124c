// Problems of a previewed roster: each row can be corrected in its place, or left out; the file stays as it came.

import { patch } from "./api.js";
import { fill, h } from "./dom.js";
import { dataTable } from "./table.js";
import { texts } from "./texts.js";
import { busy, chip, failure } from "./ui.js";

/** @typedef {import("./types.js").Import} Import */
/** @typedef {import("./types.js").ImportProblem} ImportProblem */
/** @typedef {import("./types.js").PeoplePreview} PeoplePreview */

const t = texts.importPeople;

/**
 * @param {Import} made
 * @param {PeoplePreview} preview
 * @param {(after: Import) => void} changed
 */
export function problemEditor(made, preview, changed) {
  const trouble = h("div", null);
  const correctable = made.state === "previewed" && Boolean(made.etag);
  const rows = new Map((preview.problem_rows ?? []).map((row) => [row.n, row]));
  /** The problem whose value is being written. @type {ImportProblem | null} */
  let editing = null;

  /** @param {number} n @param {Record<string, string | boolean | null>} change */
  const send = async (n, change) => {
    try {
      /** @type {Import} */
      const after = await patch(`/imports/${encodeURIComponent(made.id)}/rows/${n}`, change, made.etag ?? "");
      changed(after);
    } catch (error) {
      fill(trouble, failure(error, { what: t.correctFailed, kept: t.correctKept }));
    }
  };
  /** @param {ImportProblem} problem */
  const where = (problem) => t.whereIs(problem.sheet ?? "", problem.row ?? 0);

  /** @param {ImportProblem} problem */
  const value = (problem) => {
    if (problem !== editing || !problem.n || !problem.column) return problem.value || texts.common.none;
    const { n, column } = problem;
    const shown = rows.get(n)?.fields[column] ?? problem.value ?? "";
    const input = h("input", { class: "input slim", value: shown.includes("*") ? "" : shown, maxlength: 200,
      "aria-label": t.correctedValue(problem.field ?? column), "data-focus": "correction" });
    const save = h("button", { type: "submit", class: "button slim" }, t.saveRow);
    return h("form", { class: "joined", onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      void busy(save, t.savingRow, () => send(n, { [column]: input.value.trim() || null }));
    } }, input, save);
  };

  /** @param {ImportProblem} problem */
  const acts = (problem) => {
    const { n } = problem;
    if (!correctable || !n) return null;
    if (problem === editing) {
      return h("button", { type: "button", class: "linklike tight", onclick: () => edit(null) }, texts.common.cancel);
    }
    const skip = h("button", { type: "button", class: "linklike tight", "aria-label": t.skipFor(where(problem)),
      onclick: () => void busy(skip, t.savingRow, () => send(n, { skip: true })) }, t.skip);
    return h("span", { class: "acts" }, problem.column && h("button", { type: "button", class: "linklike tight",
      "aria-label": t.correctFor(where(problem), problem.field ?? ""), onclick: () => edit(problem) }, t.correct),
    " ", skip);
  };

  /** @param {ImportProblem | null} problem */
  const edit = (problem) => {
    editing = problem;
    fill(trouble);
    table.update(preview.problems);
    const input = table.element.querySelector("[data-focus='correction']");
    if (input instanceof HTMLElement) input.focus();
  };

  const table = dataTable({
    caption: t.problems, captionHidden: true, rows: preview.problems, step: 100,
    columns: [
      { key: "severity", title: t.severity, value: (p) => p.severity,
        cell: (p) => p.severity === "error" ? chip(t.error, "bad") : chip(t.warning, "warn") },
      { key: "sheet", title: t.sheet, value: (p) => p.sheet, cell: (p) => p.sheet ?? texts.common.none },
      { key: "row", title: t.row, num: true, value: (p) => p.row, cell: (p) => p.row ?? texts.common.none },
      { key: "field", title: t.field, value: (p) => p.field, cell: (p) => p.field ?? texts.common.none },
      { key: "value", title: t.value, value: (p) => p.value, cell: value },
      { key: "reason", title: t.reason, value: (p) => p.reason, cell: (p) => p.reason },
      ...(correctable ? [{ key: "act", title: texts.lists.acts, cell: acts }] : []),
    ],
  });
  return h("div", null, trouble, preview.problems.length > 0 && table.element);
}

/**
 * What was corrected and left out so far.
 * @param {Import} made
 * @param {PeoplePreview} preview
 * @param {(after: Import) => void} changed
 */
export function correctedRows(made, preview, changed) {
  const skipped = (preview.problem_rows ?? []).filter((row) => row.skipped);
  const [corrected, left] = [preview.corrected ?? 0, preview.skipped ?? 0];
  if (corrected + left === 0) return null;
  const trouble = h("div", null);
  return h("div", null, h("p", { role: "status" }, t.correctedRows(corrected, left)), trouble,
    skipped.length > 0 && h("details", null, h("summary", null, t.skippedTitle(left)),
      h("ul", { class: "bare" }, skipped.map((row) => {
        const back = h("button", { type: "button", class: "linklike tight", onclick: () =>
          void busy(back, t.savingRow, async () => {
            try {
              changed(await patch(`/imports/${encodeURIComponent(made.id)}/rows/${row.n}`, { skip: false },
                made.etag ?? ""));
            } catch (error) {
              fill(trouble, failure(error, { what: t.correctFailed, kept: t.correctKept }));
            }
          }) }, t.unskip);
        return h("li", null, t.whereIs(row.sheet, row.row), " ", row.fields["name"] ?? row.fields["unit"] ?? "", " ",
          made.state === "previewed" && back);
      }))));
}
