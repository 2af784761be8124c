// One person: can they start now, why not, what to answer, what to do, and what happened so far.

import { askNewCode } from "./activation.js";
import { get } from "./api.js";
import { reopenPanel, voidPanel } from "./desk-attempt.js";
import { extendOnePanel } from "./desk-extend.js";
import { examPath } from "./desk-feed.js";
import { attemptWord, openAttempt, remedy } from "./desk-words.js";
import { fill, h } from "./dom.js";
import * as f from "./format.js";
import { dataTable } from "./table.js";
import { texts } from "./texts.js";
import { chip, empty, facts, failure, field, loading, refill } from "./ui.js";
import { pageUrl, param, setParams } from "./url-state.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./types.js").RosterEntry} RosterEntry */
/** @typedef {import("./types-desk.js").Timeline} Timeline */
/** @typedef {import("./types-desk.js").TimelineAttempt} TimelineAttempt */

const t = texts.desk.person;
/** People listed for one search. */
const FOUND_MOST = 30;

/** A search that keeps its words in the address. @param {HTMLElement} place @param {Desk} desk */
function searchSection(place, desk) {
  const input = h("input", { class: "input slim", type: "search", autocomplete: "off", value: param("q") });
  const found = h("div", { role: "status" });

  const search = async () => {
    const query = input.value.trim();
    if (!query) return input.focus();
    setParams({ q: query });
    fill(found, loading(t.searching));
    try {
      /** @type {{items: RosterEntry[], next?: string | null}} */
      const { items, next } = await get(`${examPath(desk.feed.exam)}/roster`, { query, limit: FOUND_MOST });
      if (items.length === 0) return fill(found, empty(t.nobody, t.nobodyHow));
      fill(found, h("ul", { class: "names wide" }, items.map((entry) => h("li", null,
        h("a", { href: desk.link({ view: "person", person: entry.person, q: query }) }, entry.name),
        h("span", { class: "quiet" }, ` ${entry.unit_name} · ${entry.rank_title}`),
        chip(entry.status === "due" ? texts.roster.states[entry.state] ?? entry.state
          : texts.roster.statuses[entry.status] ?? entry.status, entry.state === "answering" ? "good" : "")))),
      next && h("p", { class: "quiet small" }, t.more));
    } catch (error) {
      fill(found, failure(error, { what: t.searchFailed }));
    }
  };
  fill(place, h("form", { class: "controls no-print", role: "search", onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    void search();
  } }, field(t.search, input), h("button", { type: "submit", class: "button slim" }, t.find)), found);
  return { search, input };
}

/** @param {Timeline} timeline */
function verdict(timeline) {
  if (timeline.can_start && openAttempt(timeline)) return chip(t.answeringNow, "good");
  return timeline.can_start ? chip(t.can, "good") : chip(t.cannot, "bad");
}

/**
 * What can be done, what helps first.
 * @param {Desk} desk
 * @param {HTMLElement} ask
 * @param {Timeline} timeline
 * @param {() => void} again
 */
function whatToDo(desk, ask, timeline, again) {
  const { state, paused } = desk.feed.now();
  const first = remedy(timeline, { state, paused });
  /** @param {string} text @param {() => void} onclick @param {boolean} leads */
  const button = (text, onclick, leads) => h("button", { type: "button", onclick,
    class: leads ? "button slim primary" : "button slim" }, text);
  const disabled = timeline.account_state === "disabled";
  const code = !disabled && button(t.code, () => askNewCode(ask, { account: timeline.account, name: timeline.name,
    activated: timeline.account_state === "active" }, again), first === "code");
  const extend = (state === "open" || state === "closed" || state === "published") && timeline.status === "due" &&
    button(t.extend, () => extendOnePanel(ask, desk, timeline, again), first === "extend");
  const roster = h("a", { class: first === "roster" ? "button slim primary" : "button slim",
    href: pageUrl("exam.html", { id: desk.feed.exam, q: timeline.name }) }, t.roster);
  const people = disabled && h("a", { class: "button slim primary", href: "/staff/people.html#list" }, t.next["people"]);
  const words = first ? h("p", null, h("b", null, `${t.suggested}：`), t.next[first], "。")
    : h("p", { class: "quiet" }, timeline.can_start ? t.nothing : t.wait);
  return h("div", { class: "no-print" }, words, h("div", { class: "row" }, people, code, extend, roster));
}

/**
 * @param {Desk} desk
 * @param {HTMLElement} ask
 * @param {Timeline} timeline
 * @param {() => void} again
 */
function attemptTable(desk, ask, timeline, again) {
  const answering = openAttempt(timeline);
  /** @param {string} text @param {string} label @param {() => void} onclick */
  const act = (text, label, onclick) => h("button", { type: "button", class: "linklike tight", "aria-label": label,
    onclick }, text);
  /** @type {import("./table.js").Column<TimelineAttempt>[]} */
  const columns = [
    { key: "n", title: t.number, cell: (row) => t.numberWords(row.number) },
    { key: "state", title: t.state, cell: (row) => chip(attemptWord(row),
      row.state === "answering" ? "good" : row.state === "voided" ? "bad" : "") },
    { key: "from", title: t.from, cell: (row) => f.shortDateTime(row.started_at) },
    { key: "deadline", title: t.deadline, cell: (row) => f.shortDateTime(row.deadline) },
    { key: "to", title: t.to, cell: (row) => row.closed_at ? f.shortDateTime(row.closed_at) : texts.common.none },
    { key: "answered", title: t.answered, num: true, cell: (row) => `${row.answered}/${row.slots}` },
    { key: "saved", title: t.saved,
      cell: (row) => row.last_saved_at ? f.clockTime(row.last_saved_at) : texts.common.none },
    { key: "devices", title: t.devices, num: true, cell: (row) => f.count(row.devices) },
    { key: "left", title: t.left, num: true, cell: (row) => f.count(row.left_screen) },
    { key: "kept", title: t.keptWaiting, num: true, cell: (row) => row.kept_for_review === 0 ? f.count(0)
      : h("a", { href: desk.link({ view: "kept" }) }, f.count(row.kept_for_review)) },
    { key: "act", title: t.acts, cell: (row) => h("span", { class: "acts" },
      row.state !== "answering" && act(t.reopen, t.reopenOf(row.number),
        () => reopenPanel(ask, desk, timeline, row, answering, again)),
      row.state !== "voided" && act(t.void, t.voidOf(row.number), () => voidPanel(ask, desk, timeline, row, again))) },
  ];
  return dataTable({ caption: t.attempts, captionHidden: true, columns, rows: timeline.attempts }).element;
}

/**
 * What happened so far.
 * @param {Desk} desk
 * @param {HTMLElement} ask
 * @param {Timeline} timeline
 * @param {() => void} again
 */
function history(desk, ask, timeline, again) {
  const devices = timeline.attempts.reduce((sum, attempt) => sum + attempt.devices, 0);
  return [
    facts([[t.unit, timeline.unit_name], [t.login, timeline.login],
      [t.account, t.accounts[timeline.account_state] ?? timeline.account_state],
      [t.status, texts.roster.statuses[timeline.status] ?? timeline.status]]),
    h("section", { class: "block" }, h("h2", null, t.attempts),
      timeline.attempts.length > 0 ? attemptTable(desk, ask, timeline, again) : empty(t.noAttempt),
      devices > 0 && h("p", { class: "notice plain" }, t.deviceNote(devices))),
    h("section", { class: "block" }, h("h2", null, t.events), timeline.events.length === 0
      ? empty(t.noEvents, t.noEventsHow)
      : h("ol", { class: "log" }, timeline.events.map((event) => h("li", null,
        h("time", { datetime: event.at, class: "quiet" }, f.shortDateTime(event.at)),
        h("span", { class: event.kind === "taken_over" ? "device" : null }, event.text))))),
  ];
}

/** @param {HTMLElement} place @param {Desk} desk @param {string} person */
function timelineSection(place, desk, person) {
  const top = h("div", null);
  // Apart from what is drawn anew: a form that is being filled in, or a code that is being copied, must stay.
  const ask = h("div", null);
  const past = h("div", { class: "no-print" });
  fill(place, loading(texts.desk.loading));
  const load = async () => {
    try {
      /** @type {Timeline} */
      const timeline = await get(`${examPath(desk.feed.exam)}/people/${encodeURIComponent(person)}/timeline`);
      desk.heading.textContent = t.headingOf(timeline.name);
      const { server_now: _, ...shown } = timeline;
      const { state, paused } = desk.feed.now();
      const again = () => void load();
      refill(top, [shown, state, paused?.id], () => [
        h("div", { class: "lead-box verdict" }, verdict(timeline), h("p", { class: "lead" }, timeline.advice)),
        whatToDo(desk, ask, timeline, again)]);
      refill(past, shown, () => history(desk, ask, timeline, again));
      if (!top.isConnected) fill(place, top, ask, past);
    } catch (error) {
      if (!top.isConnected) fill(place, failure(error, { what: t.failed, retry: () => void load() }));
    }
  };
  desk.feed.listen((_live, problem) => {
    if (!problem) void load();
  });
}

/** @param {HTMLElement} place @param {Desk} desk */
export function personView(place, desk) {
  const person = param("person");
  const search = h("div", null);
  const body = h("div", null);
  desk.heading.textContent = t.heading;
  fill(place, person ? null : h("p", { class: "lead-2" }, t.lead), search, body);
  const { search: run, input } = searchSection(search, desk);
  if (person) return timelineSection(body, desk, person);
  if (input.value) void run();
  else input.focus();
}
