// Who is where, by unit; how the servers do; what was done today.

import { announcePanel, pausePanel, pausedSeconds } from "./desk-acts.js";
import { extendPanel } from "./desk-extend.js";
import { getLive } from "./desk-feed.js";
import { gigabytes, handedIn, liveSentence, serverWords, span, started } from "./desk-words.js";
import { fill, h } from "./dom.js";
import * as f from "./format.js";
import { dataTable } from "./table.js";
import { texts } from "./texts.js";
import { chip, empty, field, notice, refill } from "./ui.js";
import { param, setParams } from "./url-state.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./types-desk.js").Live} Live */
/** @typedef {import("./types-desk.js").LiveUnit} LiveUnit */
/** @typedef {import("./types-desk.js").NodeLine} NodeLine */

const t = texts.desk;

/** @param {string} name @param {number} value @param {string | null} [note] */
function figure(name, value, note) {
  return h("div", { class: "figure" }, h("dt", null, name), h("dd", null, f.count(value),
    note && h("span", { class: "figure-note" }, note)));
}

/** @param {Live} live */
function figures({ total }) {
  return h("dl", { class: "figures" },
    figure(t.due, total.due, total.exempt > 0 ? `${t.exempt} ${f.count(total.exempt)}` : null),
    figure(t.notStarted, total.not_started), figure(t.answering, total.answering),
    figure(t.handedIn, handedIn(total), total.auto_submitted > 0 ? t.ofThemAuto(f.count(total.auto_submitted)) : null),
    total.voided > 0 && figure(t.voided, total.voided), total.deferred > 0 && figure(t.deferred, total.deferred),
    total.second_device > 0 && figure(t.devices, total.second_device, t.devicesNote),
    total.left_too_often > 0 && figure(t.leftTooOften, total.left_too_often, t.leftTooOftenNote));
}

/**
 * @param {((unit: LiveUnit) => void) | null} extend null once nobody's time can be changed
 * @returns {import("./table.js").Column<LiveUnit>[]}
 */
function columns(extend) {
  /** @param {string} key @param {string} title @param {(row: LiveUnit) => number} value */
  const number = (key, title, value) => ({ key, title, num: true, value,
    cell: (/** @type {LiveUnit} */ row) => f.count(value(row)) });
  return [
    { key: "unit", title: t.unit, value: (row) => row.title, cell: (row) => row.title },
    number("due", t.due, (row) => row.due),
    { key: "begun", title: t.begun, num: true, value: (row) => row.due > 0 ? started(row) / row.due : null,
      cell: (row) => [f.percent(row.due > 0 ? started(row) / row.due : null),
        h("span", { class: "cell-n" }, `${f.count(started(row))}/${f.count(row.due)}`)] },
    number("not", t.notStarted, (row) => row.not_started), number("now", t.answering, (row) => row.answering),
    number("in", t.handedIn, handedIn), number("auto", t.auto, (row) => row.auto_submitted),
    number("void", t.voided, (row) => row.voided), number("deferred", t.deferred, (row) => row.deferred),
    number("devices", t.devices, (row) => row.second_device),
    number("left", t.leftTooOften, (row) => row.left_too_often),
    ...(extend ? [{ key: "act", title: texts.roster.acts, cell: (/** @type {LiveUnit} */ row) =>
      row.unit.endsWith(OWN) ? null : h("button", { type: "button", class: "linklike tight",
        "aria-label": t.extendOf(row.title), "data-focus": `extend-${row.unit}`, onclick: () => extend(row) },
      t.extendUnit) }] : []),
  ];
}

/** The row of a unit's own people, where others of the table lie below the same unit. */
const OWN = "/own";
/** Units that are looked for below others at once. */
const FOUND_MOST = 20;

/**
 * The table by unit: what lies below a unit is loaded when it is unfolded, and kept as fresh as the rest.
 * @param {Desk} desk
 * @param {((unit: LiveUnit) => void) | null} extend
 */
function unitTable({ feed, tree }, extend) {
  /** @type {Map<string, LiveUnit>} */
  const rows = new Map();
  /** Under which row of the table each one lies. @type {Map<string, string>} */
  const parents = new Map();
  const open = new Set(/** @type {string[]} */ ([]));
  let words = param("u");
  const none = h("p", { class: "quiet", role: "status" });

  /** @param {string | null} parent @param {LiveUnit[]} units */
  const take = (parent, units) => {
    for (const row of units) {
      const own = row.unit === parent || units.some((other) => tree.byId.get(other.unit)?.parent === row.unit);
      const id = own ? row.unit + OWN : row.unit;
      rows.set(id, own ? { ...row, unit: id, title: t.ownPeople(row.title) } : row);
      if (parent !== null) parents.set(id, parent);
    }
  };
  const draw = () => {
    const all = [...rows.values()];
    const hits = new Set(all.filter((row) => row.title.includes(words)).flatMap((row) =>
      [row.unit, parents.get(row.unit) ?? row.unit]));
    const chosen = words ? all.filter((row) => hits.has(row.unit) || hits.has(parents.get(row.unit) ?? "")) : all;
    none.textContent = chosen.length > 0 ? "" : t.noMatch;
    table.element.hidden = chosen.length === 0;
    table.update(chosen);
  };
  /** @param {string} id */
  const load = async (id) => {
    take(id, (await getLive(feed.exam, id)).units);
    draw();
  };
  const table = dataTable({
    caption: t.byUnit, captionHidden: true, columns: columns(extend), rows: /** @type {LiveUnit[]} */ ([]),
    sort: param("sort"), onsort: (sort) => setParams({ sort }),
    tree: {
      id: (row) => row.unit,
      parent: (row) => parents.get(row.unit) ?? null,
      more: (row) => tree.children(row.unit).length > 0,
      open,
      load: (row) => load(row.unit).catch(() => {
        open.delete(row.unit);
      }),
    },
  });

  /** Unfolds what hides units of that name. */
  const reveal = async () => {
    const wanted = words;
    const above = new Set([...tree.byId.values()].filter((unit) => wanted && unit.name.includes(wanted) &&
      !rows.has(unit.id) && unit.parent !== null && rows.has(unit.parent)).map((unit) => unit.parent ?? ""));
    for (const id of [...above].slice(0, FOUND_MOST)) {
      if (wanted !== words) return;
      open.add(id);
      await load(id).catch(() => open.delete(id));
    }
  };
  let timer = 0;
  const search = h("input", { class: "input slim", type: "search", value: words, oninput: () => {
    words = search.value.trim();
    setParams({ u: words });
    draw();
    clearTimeout(timer);
    timer = setTimeout(() => void reveal(), 250);
  } });
  return {
    element: h("div", null, h("div", { class: "controls" }, field(t.filter, search)), none, table.element),
    /** New figures for the top and for all that is unfolded. @param {LiveUnit[]} units */
    async update(units) {
      const first = rows.size === 0;
      take(null, units);
      draw();
      const ids = [...open];
      const deeper = await Promise.allSettled(ids.map((id) => getLive(feed.exam, id)));
      deeper.forEach((answer, index) => {
        if (answer.status === "fulfilled") take(ids[index] ?? null, answer.value.units);
      });
      if (ids.length > 0) draw();
      if (first) await reveal();
    },
  };
}

/** @param {NodeLine[]} nodes */
function nodeTable(nodes) {
  /** @type {import("./table.js").Column<NodeLine>[]} */
  const columns = [
    { key: "id", title: t.server, cell: (node) => h("code", null, node.id.slice(-6)) },
    { key: "up", title: t.up, cell: (node) => f.shortDateTime(node.started_at) },
    { key: "seen", title: t.seen, cell: (node) => f.clockTime(node.seen_at) },
    { key: "saves", title: t.saves, num: true, cell: (node) => f.count(node.saves_per_second) },
    { key: "waiting", title: t.waiting, num: true, cell: (node) => f.count(node.answers_waiting) },
    { key: "most", title: t.most, num: true, cell: (node) => f.count(node.answer_queue_rows) },
    { key: "free", title: t.free, num: true,
      cell: (node) => node.disk_free_bytes === null ? texts.common.none : gigabytes(node.disk_free_bytes) },
  ];
  return dataTable({ caption: t.eachServer, captionHidden: true, columns, rows: nodes });
}

/** @param {HTMLElement} place */
function servers(place) {
  const words = h("p", null);
  const table = nodeTable([]);
  fill(place, words, h("details", null, h("summary", null, t.eachServer), table.element));
  return (/** @type {Live} */ live) => {
    const { text, tone } = serverWords(live);
    fill(words, chip(t.tones[tone] ?? "", tone), " ", text);
    table.update(live.nodes);
  };
}

/** What was done today, the latest first. @param {Live} live */
function log(live) {
  const entries = [
    ...live.announcements.map(({ at, text }) => ({ at, text: t.announcedIt(text) })),
    ...live.extensions.map((row) => ({ at: row.granted_at,
      text: t.extended(row.subject_name, span(row.seconds), row.attempts, row.reason) })),
    ...live.pauses.map((row) => ({ at: row.paused_at, text: t.pausedIt(row.reason) })),
    ...live.pauses.filter((row) => row.resumed_at !== null).map((row) => ({ at: row.resumed_at ?? "",
      text: t.resumedIt(span(pausedSeconds(row, live.server_now))) })),
  ].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  if (entries.length === 0) return empty(t.nothingDone, t.nothingDoneHow);
  return h("ol", { class: "log" }, entries.map(({ at, text }) => h("li", null,
    h("time", { datetime: at, class: "quiet" }, f.shortDateTime(at)), h("span", null, text))));
}

/** The acts on the whole exam. @param {Desk} desk @param {HTMLElement} ask */
function actions(desk, ask) {
  /** @param {string} text @param {() => void} onclick @param {string} [tone] */
  const button = (text, onclick, tone = "") => h("button", { type: "button",
    class: `button slim ${tone}`, onclick }, text);
  const pause = button(t.pause.go, () => pausePanel(ask, desk), "danger");
  const element = h("div", { class: "row no-print" },
    button(t.announce.go, () => announcePanel(ask, desk)), button(t.extend.go, () => extendPanel(ask, desk)), pause);
  return {
    element,
    /** @param {Live} live */
    show({ state, paused }) {
      element.hidden = state !== "open" && state !== "closed";
      pause.hidden = Boolean(paused);
    },
  };
}

/** @param {HTMLElement} place @param {Desk} desk */
export function overview(place, desk) {
  const lead = h("p", { class: "lead" });
  const fresh = h("p", { class: "quiet small" });
  const waiting = h("div", null);
  const grid = h("div", null);
  const ask = h("div", null);
  const acts = actions(desk, ask);
  const machines = h("div", null);
  const showServers = servers(machines);
  const past = h("div", null);
  const table = unitTable(desk, desk.feed.now().state === "sealed" ? null : (unit) => extendPanel(ask, desk, unit.unit));
  const byUnit = h("div", null);
  fill(place, h("div", { class: "lead-box" }, lead, fresh), waiting, acts.element, ask, grid,
    h("section", { class: "block" }, h("h2", null, t.byUnit), byUnit),
    h("section", { class: "block" }, h("h2", null, t.servers), machines),
    h("section", { class: "block" }, h("h2", null, t.done), past));
  desk.feed.listen((live, problem) => {
    if (problem) return;
    lead.textContent = liveSentence(live);
    fresh.textContent = `${t.window(f.dateTime(live.opens_at), f.dateTime(live.closes_at))} · ${
      t.fresh(f.clockTime(live.server_now))}`;
    refill(waiting, live.kept_for_review, () => live.kept_for_review > 0 && notice("warn",
      t.keptAlert(live.kept_for_review), h("p", null, h("a", { href: desk.link({ view: "kept" }) }, t.keptGo))));
    fill(grid, figures(live));
    acts.show(live);
    refill(byUnit, live.units.length > 0, () => live.units.length > 0 ? table.element : empty(t.noUnits));
    void table.update(live.units);
    showServers(live);
    refill(past, [live.announcements, live.extensions, live.pauses], () => log(live));
  });
}
