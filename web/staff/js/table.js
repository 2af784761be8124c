// A table of figures: numbers at the right, sortable, rows that fold as a tree, the heading stays in sight.

import { fill, h } from "./dom.js";
import { texts } from "./texts.js";

/** @typedef {import("./dom.js").Child} Child */

/**
 * @template R
 * @typedef {object} Column
 * @property {string} key
 * @property {string} title
 * @property {boolean} [num] a figure, set at the right
 * @property {(row: R) => number | string | null | undefined} [value] what it is sorted by; without it the column is
 *   not sortable
 * @property {(row: R) => Child} cell
 */

/**
 * @template R
 * @typedef {object} Tree
 * @property {(row: R) => string} id
 * @property {(row: R) => string | null} parent
 * @property {(row: R) => boolean} [more] whether rows under this one can still be loaded
 * @property {(row: R) => Promise<void>} [load] loads them; the page then calls `update`
 * @property {Set<string>} open ids of rows that are unfolded
 */

/**
 * @template R
 * @typedef {object} Init
 * @property {string} caption
 * @property {boolean} [captionHidden]
 * @property {Column<R>[]} columns
 * @property {R[]} rows
 * @property {string} [sort] a column's key, with `-` before it for falling
 * @property {(sort: string) => void} [onsort]
 * @property {Tree<R>} [tree]
 * @property {number} [step] rows shown before one asks for more
 * @property {(row: R) => boolean} [suppressed] rows whose figures are not shown: one cell over all of them
 * @property {(row: R) => string | null} [rowClass]
 */

/** Rows shown at first, unless said otherwise. */
const STEP = 200;

/**
 * @param {number | string | null | undefined} a
 * @param {number | string | null | undefined} b
 * @param {number} sign
 */
function compare(a, b, sign) {
  // What is missing stands last, whichever way the sort goes.
  const noA = a === null || a === undefined;
  const noB = b === null || b === undefined;
  if (noA || noB) return Number(noA) - Number(noB);
  if (typeof a === "number" && typeof b === "number") return sign * (a - b);
  return sign * String(a).localeCompare(String(b), "zh-Hans-CN", { numeric: true });
}

/**
 * @template R
 * @param {Init<R>} init
 */
export function dataTable(init) {
  const { columns, tree } = init;
  let rows = init.rows;
  let sort = init.sort ?? "";
  let shown = init.step ?? STEP;
  const head = h("tr", null);
  const body = h("tbody", null);
  const more = h("p", { class: "more" });
  const table = h("table", { class: "table" },
    h("caption", { class: init.captionHidden ? "sr-only" : null }, init.caption), h("thead", null, head), body);
  const element = h("div", { class: "table-box" },
    h("div", { class: "table-wrap", tabindex: 0, role: "region", "aria-label": init.caption }, table), more);

  const sorted = () => {
    const falling = sort.startsWith("-");
    const column = columns.find(({ key }) => key === sort.replace(/^-/, ""));
    const value = column?.value;
    if (!value) return rows;
    return [...rows].sort((a, b) => compare(value(a), value(b), falling ? -1 : 1));
  };

  /** Rows in the order of the tree, with their depth; folded ones are left out.
   * @returns {{row: R, depth: number, kids: boolean}[]}
   */
  const laidOut = () => {
    if (!tree) return sorted().map((row) => ({ row, depth: 0, kids: false }));
    const ids = new Set(rows.map(tree.id));
    /** @type {Map<string | null, R[]>} */
    const under = new Map();
    for (const row of sorted()) {
      const parent = tree.parent(row);
      const place = parent !== null && parent !== tree.id(row) && ids.has(parent) ? parent : null;
      under.set(place, [...(under.get(place) ?? []), row]);
    }
    /** @type {{row: R, depth: number, kids: boolean}[]} */
    const out = [];
    /** @param {string | null} parent @param {number} depth */
    const walk = (parent, depth) => {
      for (const row of under.get(parent) ?? []) {
        const id = tree.id(row);
        const kids = under.has(id) || Boolean(tree.more?.(row));
        out.push({ row, depth, kids });
        if (tree.open.has(id)) walk(id, depth + 1);
      }
    };
    walk(null, 0);
    return out;
  };

  /** @param {R} row */
  const toggle = async (row) => {
    if (!tree) return;
    const id = tree.id(row);
    if (tree.open.has(id)) tree.open.delete(id);
    else {
      tree.open.add(id);
      const loaded = rows.some((other) => tree.parent(other) === id);
      if (!loaded && tree.load) await tree.load(row);
    }
    draw();
  };

  /** @param {{row: R, depth: number, kids: boolean}} entry @param {Child} content */
  const firstCell = ({ row, depth, kids }, content) => {
    if (!tree) return content;
    const id = tree.id(row);
    const open = tree.open.has(id);
    const indent = h("span", { class: "indent" });
    indent.style.width = `${depth * 1.25}em`;
    const fold = kids
      ? h("button", { type: "button", class: "fold", "aria-expanded": String(open), "data-focus": `fold-${id}`,
        "aria-label": open ? texts.table.fold : texts.table.unfold, onclick: () => void toggle(row) },
      open ? "▾" : "▸")
      : h("span", { class: "fold none" });
    return [indent, fold, content];
  };

  /** @param {{row: R, depth: number, kids: boolean}} entry */
  const drawRow = (entry) => {
    const { row } = entry;
    const hidden = init.suppressed?.(row) ?? false;
    const first = columns.findIndex((column) => column.num);
    const visible = hidden && first > 0 ? columns.slice(0, first) : columns;
    const cells = visible.map((column, index) => {
      const content = index === 0 ? firstCell(entry, column.cell(row)) : column.cell(row);
      const cls = column.num ? "num" : null;
      return index === 0 ? h("th", { scope: "row", class: cls }, content) : h("td", { class: cls }, content);
    });
    return h("tr", { class: init.rowClass?.(row) ?? null }, cells, hidden && first > 0 &&
      h("td", { class: "suppressed", colspan: columns.length - first }, texts.table.suppressed));
  };

  /** @param {Column<R>} column */
  const drawHead = (column) => {
    const cls = column.num ? "num" : null;
    if (!column.value) return h("th", { scope: "col", class: cls }, column.title);
    const falling = sort === `-${column.key}`;
    const rising = sort === column.key;
    const next = column.num ? (falling ? column.key : `-${column.key}`) : (rising ? `-${column.key}` : column.key);
    const press = () => {
      sort = next;
      init.onsort?.(sort);
      draw();
    };
    return h("th", { scope: "col", class: cls,
      "aria-sort": rising ? "ascending" : falling ? "descending" : "none" },
    h("button", { type: "button", class: "sort", "data-focus": `sort-${column.key}`, onclick: press }, column.title,
      h("span", { "aria-hidden": "true", class: rising || falling ? "mark on" : "mark" },
        rising ? "▲" : falling ? "▼" : "↕")));
  };

  const draw = () => {
    const focused = document.activeElement instanceof HTMLElement && element.contains(document.activeElement)
      ? document.activeElement.dataset["focus"] : undefined;
    fill(head, columns.map(drawHead));
    const entries = laidOut();
    fill(body, entries.slice(0, shown).map(drawRow));
    fill(more, entries.length > shown && [
      texts.table.shownOf(shown, entries.length), " ",
      h("button", { type: "button", class: "button slim", "data-focus": "more", onclick: () => {
        shown += init.step ?? STEP;
        draw();
      } }, texts.table.more(Math.min(init.step ?? STEP, entries.length - shown))),
    ]);
    more.hidden = entries.length <= shown;
    if (focused) focusIn(element, focused);
  };
  draw();

  return {
    element,
    /** Takes new rows; sort, fold and focus stay. @param {R[]} next */
    update(next) {
      rows = next;
      draw();
    },
  };
}

/**
 * @param {HTMLElement} element
 * @param {string} mark
 */
function focusIn(element, mark) {
  const target = element.querySelector(`[data-focus="${CSS.escape(mark)}"]`);
  if (target instanceof HTMLElement) target.focus({ preventScroll: true });
}
