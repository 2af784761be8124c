// 题库: find questions, what is waiting for whom; one in full with all that can be done with it.

import { get, getAll } from "./api.js";
import { fill, h } from "./dom.js";
import * as f from "./format.js";
import { stateChip, topicTitles } from "./question.js";
import { drawOne } from "./question-page.js";
import { holds } from "./roles.js";
import { start } from "./shell.js";
import { dataTable } from "./table.js";
import { texts } from "./texts.js";
import { chip, empty, failure, field, loading, select } from "./ui.js";
import { pageUrl, param, setParams } from "./url-state.js";

/** @typedef {import("./types.js").QuestionSummary} QuestionSummary */
/** @typedef {import("./types.js").ListEntry} ListEntry */
/** @typedef {import("./types.js").EditionSummary} EditionSummary */
/** @typedef {import("./types.js").Me} Me */

const t = texts.questions;
const FILTERS = /** @type {const} */ (["query", "law", "topic", "kind", "pool", "state", "author", "gaps"]);

/** A law once, whatever its editions, by its slug.
 * @param {EditionSummary[]} editions
 * @returns {{value: string, title: string}[]}
 */
export function lawChoices(editions) {
  const laws = new Map(editions.map((edition) => [edition.law, edition.short_title || edition.title]));
  return [...laws].map(([value, title]) => ({ value, title }));
}

/** @param {QuestionSummary} question */
function stateCell(question) {
  const { version, in_papers: inPapers, working } = question;
  return [
    stateChip(question.state),
    inPapers !== null && inPapers !== version ? h("span", { class: "cell-note" }, t.alsoInPapers(inPapers)) : null,
    working ? h("span", { class: "cell-note" }, t.alsoWorked(working.version, t.states[working.state] ?? "")) : null,
  ];
}

/** @param {QuestionSummary} question */
function gapsCell({ gaps, unproven, state }) {
  return [gaps > 0 && state === "draft" ? chip(t.gaps(gaps), "warn") : null, " ",
    unproven > 0 ? chip(t.unproven(unproven)) : null];
}

/** @param {ListEntry[]} topics @returns {import("./table.js").Column<QuestionSummary>[]} */
function columnsOf(topics) {
  return [
    { key: "stem", title: t.stem, value: (question) => question.stem, cell: (question) => [
      h("a", { href: pageUrl("questions.html", { ref: question.ref, version: String(question.version) }) },
        question.stem || t.missing),
      h("span", { class: "cell-note" }, question.ref, question.topics.length > 0
        && ` · ${topicTitles(topics, question.topics)}`)] },
    { key: "kind", title: t.kind, value: (question) => question.kind,
      cell: (question) => texts.kinds[question.kind] ?? texts.common.none },
    { key: "pool", title: t.pool, value: (question) => question.pool,
      cell: (question) => t.pools[question.pool] ?? texts.common.none },
    { key: "level", title: t.level, value: (question) => question.level,
      cell: (question) => texts.levels[question.level] ?? texts.common.none },
    { key: "state", title: t.state, value: (question) => question.state, cell: stateCell },
    { key: "gaps", title: texts.importQuestions.problems, value: (question) => question.gaps * 100 + question.unproven,
      cell: gapsCell },
    { key: "version", title: t.version, num: true, value: (question) => question.version,
      cell: (question) => question.version },
    { key: "updated", title: t.updated, value: (question) => question.updated_at,
      cell: (question) => f.shortDateTime(question.updated_at) },
  ];
}

/** @param {ListEntry[]} topics */
function listOf(topics) {
  const place = h("div", null);
  /** @type {QuestionSummary[]} */
  let questions = [];
  /** @type {string | null} */
  let next = null;
  let asked = 0;
  const table = dataTable({ caption: t.heading, captionHidden: true, columns: columnsOf(topics), rows: questions });
  const shown = h("p", { class: "quiet small", role: "status" });
  const more = h("button", { type: "button", class: "button slim", onclick: () => void load(next) }, t.more);
  /** @param {string | null} after */
  const load = async (after) => {
    const turn = ++asked;
    const filters = Object.fromEntries(FILTERS.map((name) => [name, param(name)]));
    if (!after) fill(place, loading(t.loading));
    try {
      /** @type {{items: QuestionSummary[], next?: string | null}} */
      const answer = await get("/questions", { ...filters, limit: 100, after });
      if (turn !== asked) return;
      questions = after ? [...questions, ...answer.items] : answer.items;
      next = answer.next ?? null;
    } catch (error) {
      if (turn === asked) fill(place, failure(error, { what: t.failed, retry: () => void load(after) }));
      return;
    }
    if (questions.length === 0) {
      fill(place, Object.values(filters).some(Boolean) ? empty(t.noMatch, t.noMatchHow) : empty(t.none, t.noneHow));
      return;
    }
    shown.textContent = next ? t.shownFirst(questions.length) : t.shownAll(questions.length);
    table.update(questions);
    more.hidden = !next;
    fill(place, shown, table.element, more);
  };
  return { place, load };
}

/** @param {HTMLElement} main @param {Me} me @param {ListEntry[]} topics @param {EditionSummary[]} editions */
function drawList(main, me, topics, editions) {
  const { place, load } = listOf(topics);
  /** @param {string} name @param {{value: string, title: string}[]} options */
  const filter = (name, options) => {
    const control = select([{ value: "", title: texts.common.all }, ...options], param(name), {
      onchange: () => {
        setParams({ [name]: control.value });
        void load(null);
      } });
    return control;
  };
  /** @param {string} name @param {string} on @param {string} label */
  const check = (name, on, label) => {
    const control = h("input", { type: "checkbox", checked: param(name) === on, onchange: () => {
      setParams({ [name]: control.checked ? on : null });
      void load(null);
    } });
    return h("label", { class: "check" }, control, label);
  };
  /** @param {Record<string, string>} titles */
  const choices = (titles) => Object.entries(titles).map(([value, title]) => ({ value, title }));
  let timer = 0;
  const search = h("input", { class: "input slim", type: "search", value: param("query"), oninput: () => {
    setParams({ query: search.value.trim() });
    clearTimeout(timer);
    timer = setTimeout(() => void load(null), 250);
  } });
  const here = `${location.pathname}${location.search}`;
  const author = holds(me, ["author"]);
  fill(main, h("h1", null, t.heading), h("p", { class: "lead-2" }, t.lead),
    author && h("div", { class: "row" }, h("a", { class: "button slim primary", href: "/staff/question-edit.html" }, t.write),
      h("a", { class: "button slim", href: "/staff/question-import.html" }, t.importFile)),
    h("nav", { class: "row", "aria-label": t.quick }, t.quickLinks.filter(({ roles }) => holds(me, roles)).map(
      ({ text, href }) => h("a", { class: "button slim", href, "aria-current": href === here ? "page" : null }, text))),
    h("div", { class: "controls" }, field(t.search, search), field(t.law, filter("law", lawChoices(editions))),
      field(t.topic, filter("topic", topics.map(({ slug, title }) => ({ value: slug, title })))),
      field(t.kind, filter("kind", choices(texts.kinds))), field(t.pool, filter("pool", choices(t.pools))),
      field(t.state, filter("state", choices(t.states))),
      h("div", { class: "field" }, check("gaps", "1", t.onlyGaps), author && check("author", "me", t.mine))), place);
  void load(null);
}

void start({
  page: "questions",
  roles: ["author", "reviewer", "manager"],
  async draw(main, me) {
    /** @type {[ListEntry[], EditionSummary[]]} */
    const [topics, editions] = await Promise.all([getAll("/topics"), getAll("/laws")]);
    if (param("ref")) await drawOne(main, { topics, editions });
    else drawList(main, me, topics, editions);
  },
});
