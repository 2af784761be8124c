// 应考名单: everyone of an exam, with leave and exemption.

import { del, get, post } from "./api.js";
import { fill, h } from "./dom.js";
import * as f from "./format.js";
import { dataTable } from "./table.js";
import { texts } from "./texts.js";
import { chip, confirmIn, empty, failure, field, loading, select } from "./ui.js";
import { unitPicker } from "./units.js";
import { param, setParams } from "./url-state.js";

/** @typedef {import("./types.js").RosterEntry} RosterEntry */
/** @typedef {import("./types.js").ListEntry} ListEntry */
/** @typedef {import("./types.js").Exam} Exam */
/** @typedef {import("./units.js").UnitTree} UnitTree */

const t = texts.roster;

/** @param {string} status */
function statusChip(status) {
  return chip(t.statuses[status] ?? status, status === "due" ? "" : "warn");
}

/**
 * @param {HTMLElement} place
 * @param {{exam: Exam, tree: UnitTree, changed: () => void}} init
 */
export function rosterSection(place, { exam, tree, changed }) {
  const base = `/exams/${encodeURIComponent(exam.id)}`;
  const ask = h("div", null);
  const list = h("div", null);
  /** @type {RosterEntry[]} */
  let entries = [];
  /** @type {string | null} */
  let next = null;
  let asked = 0;
  const editable = exam.state === "published" || exam.state === "open" || exam.state === "closed";
  const shown = h("p", { class: "quiet small", role: "status" });

  /** @param {RosterEntry} entry @param {"leaves" | "exemptions"} kind */
  const grant = (entry, kind) => {
    const leave = kind === "leaves";
    confirmIn(ask, {
      title: leave ? t.leaveTitle(entry.name) : t.exemptTitle(entry.name),
      consequences: [`${entry.unit_name} · ${entry.rank_title}`, leave ? t.leaveWhat : t.exemptWhat,
        leave ? t.leaveUndo : t.exemptUndo],
      reason: { label: t.reason, hint: leave ? t.leaveHint : t.exemptHint },
      confirm: leave ? t.leaveGo : t.exemptGo, doing: texts.common.saving, what: t.failed, kept: t.failedKept,
      onconfirm: async (reason) => {
        await post(`${base}/${kind}`, { person: entry.person, reason });
        await reload();
        changed();
      },
    });
  };

  /** @param {RosterEntry} entry */
  const revoke = (entry) => confirmIn(ask, {
    title: t.revokeTitle(entry.name, t.statuses[entry.status] ?? ""), consequences: [t.revokeWhat, entry.reason ? t.revokeReason(entry.reason) : null],
    confirm: t.revokeGo, doing: texts.common.saving, what: t.failed, kept: t.failedKept,
    onconfirm: async () => {
      await del(`${base}/leaves/${encodeURIComponent(entry.person)}`);
      await reload();
      changed();
    },
  });

  /** @param {string} label @param {string} name @param {() => void} press */
  const act = (label, name, press) => h("button", { type: "button", class: "linklike tight",
    "aria-label": t.actFor(label, name), onclick: press }, label);

  /** @type {import("./table.js").Column<RosterEntry>[]} */
  const columns = [
    { key: "name", title: t.name, value: (entry) => entry.name, cell: (entry) => entry.name },
    { key: "unit", title: t.unit, value: (entry) => entry.unit_name, cell: (entry) => entry.unit_name },
    { key: "rank", title: t.rank, value: (entry) => entry.rank_title, cell: (entry) => entry.rank_title },
    { key: "status", title: t.status, value: (entry) => entry.status, cell: (entry) => [statusChip(entry.status),
      entry.reason && h("span", { class: "cell-note" }, entry.reason)] },
    { key: "state", title: t.state, value: (entry) => entry.state,
      cell: (entry) => t.states[entry.state] ?? entry.state },
    ...(exam.rules.entry_waves ? [{ key: "entry", title: t.entry,
      value: (/** @type {RosterEntry} */ entry) => entry.entry_at ?? null,
      cell: (/** @type {RosterEntry} */ entry) => entry.entry_at ? f.shortDateTime(entry.entry_at) : null }] : []),
    { key: "marks", title: t.marks, num: true, value: (entry) => entry.marks, cell: (entry) => f.marks(entry.marks) },
    { key: "act", title: t.acts, cell: (entry) => !editable ? null : entry.status !== "due"
      ? act(t.revoke, entry.name, () => revoke(entry))
      : entry.state === "not_started" || entry.state === "absent"
        ? h("span", { class: "acts" }, act(t.leave, entry.name, () => grant(entry, "leaves")),
          act(t.exempt, entry.name, () => grant(entry, "exemptions")))
        : null },
  ];
  const table = dataTable({ caption: t.heading, captionHidden: true, columns, rows: entries });
  const moreButton = h("button", { type: "button", class: "button slim", onclick: () => void load(next) }, t.more);

  const filters = () => ({ unit: param("unit"), status: param("status"), query: param("q") });

  /** @param {string | null} after */
  const load = async (after) => {
    const turn = ++asked;
    if (!after) fill(list, loading(t.loading));
    try {
      /** @type {{items: RosterEntry[], next?: string | null}} */
      const answer = await get(`${base}/roster`, { ...filters(), limit: 200, after });
      if (turn !== asked) return;
      entries = after ? [...entries, ...answer.items] : answer.items;
      next = answer.next ?? null;
    } catch (error) {
      if (turn === asked) fill(list, failure(error, { what: t.loadFailed, retry: () => void load(after) }));
      return;
    }
    if (entries.length === 0) {
      const filtered = Object.values(filters()).some(Boolean);
      fill(list, filtered ? empty(t.noMatch, t.noMatchHow) : empty(t.none, t.noneHow));
      return;
    }
    table.update(entries);
    shown.textContent = next ? t.shownFirst(entries.length) : t.shownAll(entries.length);
    moreButton.hidden = !next;
    fill(list, shown, table.element, moreButton);
  };
  const reload = () => load(null);

  const status = select([{ value: "", title: texts.common.all },
    ...Object.entries(t.statuses).map(([value, title]) => ({ value, title }))], param("status"), {
    onchange: () => {
      setParams({ status: status.value });
      void reload();
    } });
  let timer = 0;
  const search = h("input", { class: "input slim", type: "search", value: param("q"), oninput: () => {
    setParams({ q: search.value.trim() });
    clearTimeout(timer);
    timer = setTimeout(() => void reload(), 250);
  } });
  fill(place, h("div", { class: "controls" },
    unitPicker(tree, { value: param("unit"), all: texts.units.all, label: t.unit, onchange: (unit) => {
      setParams({ unit });
      void reload();
    } }), field(t.status, status), field(t.search, search)), ask, list);
  void reload();
}
