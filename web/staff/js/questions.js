// 题库: find questions; one in full, with its key, why the others are wrong, and its legal basis.

import { get, getAll } from "./api.js";
import { fill, h } from "./dom.js";
import { drawQuestion, topicTitles } from "./question.js";
import { start } from "./shell.js";
import { dataTable } from "./table.js";
import { texts } from "./texts.js";
import { chip, empty, failure, field, loading, select } from "./ui.js";
import { pageUrl, param, setParams } from "./url-state.js";

/** @typedef {import("./types.js").QuestionSummary} QuestionSummary */
/** @typedef {import("./types.js").Question} Question */
/** @typedef {import("./types.js").ListEntry} ListEntry */
/** @typedef {import("./types.js").EditionSummary} EditionSummary */

const t = texts.questions;
const FILTERS = /** @type {const} */ (["query", "law", "kind", "pool", "state"]);

/** A law once, whatever its editions, by its slug.
 * @param {EditionSummary[]} editions
 * @returns {{value: string, title: string}[]}
 */
function lawChoices(editions) {
  const laws = new Map(editions.map((edition) => [edition.law, edition.short_title || edition.title]));
  return [...laws].map(([value, title]) => ({ value, title }));
}

/** @param {HTMLElement} main @param {ListEntry[]} topics @param {EditionSummary[]} editions */
function drawList(main, topics, editions) {
  const list = h("div", null);
  /** @type {QuestionSummary[]} */
  let questions = [];
  /** @type {string | null} */
  let next = null;
  let asked = 0;
  const laws = lawChoices(editions);
  /** @type {import("./table.js").Column<QuestionSummary>[]} */
  const columns = [
    { key: "stem", title: t.stem, value: (question) => question.stem, cell: (question) => [
      h("a", { href: pageUrl("questions.html", { ref: question.ref }) }, question.stem),
      h("span", { class: "cell-note" }, question.ref, question.topics.length > 0
        && ` · ${topicTitles(topics, question.topics)}`)] },
    { key: "kind", title: t.kind, value: (question) => question.kind,
      cell: (question) => texts.kinds[question.kind] ?? question.kind },
    { key: "pool", title: t.pool, value: (question) => question.pool,
      cell: (question) => t.pools[question.pool] ?? question.pool },
    { key: "level", title: t.level, value: (question) => question.level,
      cell: (question) => texts.levels[question.level] ?? question.level },
    { key: "state", title: t.state, value: (question) => question.state, cell: (question) =>
      chip(t.states[question.state] ?? question.state, question.state === "active" ? "good" : "") },
    { key: "version", title: t.version, num: true, value: (question) => question.version,
      cell: (question) => question.version },
  ];
  const table = dataTable({ caption: t.heading, captionHidden: true, columns, rows: questions });
  const shown = h("p", { class: "quiet small", role: "status" });
  const more = h("button", { type: "button", class: "button slim", onclick: () => void load(next) }, t.more);

  /** @param {string | null} after */
  const load = async (after) => {
    const turn = ++asked;
    const filters = Object.fromEntries(FILTERS.map((name) => [name, param(name)]));
    if (!after) fill(list, loading(t.loading));
    try {
      /** @type {{items: QuestionSummary[], next?: string | null}} */
      const answer = await get("/questions", { ...filters, limit: 100, after });
      if (turn !== asked) return;
      questions = after ? [...questions, ...answer.items] : answer.items;
      next = answer.next ?? null;
    } catch (error) {
      if (turn === asked) fill(list, failure(error, { what: t.failed, retry: () => void load(after) }));
      return;
    }
    if (questions.length === 0) {
      fill(list, Object.values(filters).some(Boolean) ? empty(t.noMatch, t.noMatchHow) : empty(t.none, t.noneHow));
      return;
    }
    shown.textContent = next ? t.shownFirst(questions.length) : t.shownAll(questions.length);
    table.update(questions);
    more.hidden = !next;
    fill(list, shown, table.element, more);
  };

  /** @param {string} name @param {{value: string, title: string}[]} options */
  const filter = (name, options) => {
    const control = select([{ value: "", title: texts.common.all }, ...options], param(name), {
      onchange: () => {
        setParams({ [name]: control.value });
        void load(null);
      } });
    return control;
  };
  /** @param {Record<string, string>} titles */
  const choices = (titles) => Object.entries(titles).map(([value, title]) => ({ value, title }));
  let timer = 0;
  const search = h("input", { class: "input slim", type: "search", value: param("query"), oninput: () => {
    setParams({ query: search.value.trim() });
    clearTimeout(timer);
    timer = setTimeout(() => void load(null), 250);
  } });
  fill(main, h("h1", null, t.heading), h("p", { class: "lead-2" }, t.lead),
    h("div", { class: "controls" }, field(t.search, search), field(t.law, filter("law", laws)),
      field(t.kind, filter("kind", choices(texts.kinds))), field(t.pool, filter("pool", choices(t.pools))),
      field(t.state, filter("state", choices(t.states)))), list);
  void load(null);
}

/** @param {HTMLElement} main @param {ListEntry[]} topics @param {EditionSummary[]} editions */
async function drawOne(main, topics, editions) {
  const ref = param("ref");
  /** @type {Question} */
  const question = await get(`/questions/${encodeURIComponent(ref)}`);
  document.title = `${question.ref} · ${texts.shell.brand}`;
  fill(main, h("div", { class: "head-row" }, h("h1", null, `${t.question} ${question.ref}`),
    h("a", { href: "/staff/questions.html", onclick: (/** @type {Event} */ event) => {
      // Back to the list as it was filtered, when one came from there.
      if (document.referrer.startsWith(`${location.origin}/staff/questions.html`) && history.length > 1) {
        event.preventDefault();
        history.back();
      }
    } }, t.back)), drawQuestion(question, topics, editions));
}

void start({
  page: "questions",
  roles: ["author", "reviewer", "manager"],
  async draw(main) {
    /** @type {[ListEntry[], EditionSummary[]]} */
    const [topics, editions] = await Promise.all([getAll("/topics"), getAll("/laws")]);
    if (param("ref")) await drawOne(main, topics, editions);
    else drawList(main, topics, editions);
  },
});
