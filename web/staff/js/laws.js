// 法规: which editions are known, when they hold, whether their texts were imported, and what stands in them.

import { get, getAll } from "./api.js";
import { fill, h } from "./dom.js";
import * as f from "./format.js";
import { importLaws } from "./import-laws.js";
import { holds } from "./roles.js";
import { start } from "./shell.js";
import { dataTable } from "./table.js";
import { texts } from "./texts.js";
import { chip, empty, facts, field } from "./ui.js";
import { pageUrl, param, setParams } from "./url-state.js";

/** @typedef {import("./types.js").EditionSummary} EditionSummary */
/** @typedef {import("./types.js").Edition} Edition */
/** @typedef {import("./types.js").Article} Article */

const t = texts.laws;

/** Today in Beijing, as 2026-11-24. */
const today = () => f.toLocalInput(Date.now()).slice(0, 10);

/** Whether it holds today.
 * @param {{effective: string | null, superseded_on: string | null}} edition
 */
function force(edition) {
  if (edition.effective && edition.effective > today()) return "future";
  return edition.superseded_on && edition.superseded_on <= today() ? "past" : "now";
}

/** @param {{effective: string | null, superseded_on: string | null}} edition */
function forceChip(edition) {
  const state = force(edition);
  return chip(t.force[state], state === "now" ? "good" : state === "future" ? "warn" : "");
}

/** @param {EditionSummary} edition */
function textsCell(edition) {
  const { articles, texts_imported: imported } = edition;
  if (imported === 0) return chip(t.noTexts, "warn");
  return imported >= articles ? chip(t.allTexts, "good") : chip(t.someTexts(imported, articles), "warn");
}

/** @param {HTMLElement} main @param {EditionSummary[]} editions @param {boolean} mayImport */
function drawList(main, editions, mayImport) {
  const imports = h("div", null);
  const imported = editions.filter((edition) => edition.texts_imported > 0).length;
  const now = editions.filter((edition) => force(edition) === "now").length;
  const chosen = () => {
    const q = param("q");
    const state = param("force");
    return editions.filter((edition) => (!q || edition.title.includes(q) || edition.short_title.includes(q)
      || edition.issuer.includes(q)) && (!state || force(edition) === state));
  };
  const table = dataTable({
    caption: t.heading, captionHidden: true, rows: chosen(), sort: param("sort"),
    onsort: (sort) => setParams({ sort }),
    columns: [
      { key: "title", title: t.title, value: (edition) => edition.title, cell: (edition) => [
        h("a", { href: pageUrl("laws.html", { law: edition.law, edition: edition.edition }) },
          `${edition.short_title || edition.title}（${edition.edition}）`),
        h("span", { class: "cell-note" }, edition.issuer)] },
      { key: "force", title: t.state, value: (edition) => force(edition), cell: forceChip },
      { key: "effective", title: t.effective, value: (edition) => edition.effective,
        cell: (edition) => f.date(edition.effective) },
      { key: "superseded", title: t.superseded, value: (edition) => edition.superseded_on,
        cell: (edition) => edition.superseded_on ? f.date(edition.superseded_on) : texts.common.none },
      { key: "articles", title: t.articles, num: true, value: (edition) => edition.articles,
        cell: (edition) => f.count(edition.articles) },
      { key: "texts", title: t.texts, value: (edition) => edition.texts_imported, cell: textsCell },
    ],
  });
  const shown = h("p", { class: "quiet small", role: "status" });
  const redraw = () => {
    const rows = chosen();
    table.update(rows);
    table.element.hidden = rows.length === 0;
    shown.textContent = rows.length === 0 ? t.noMatch : t.shown(rows.length, editions.length);
  };
  const search = h("input", { class: "input slim", type: "search", value: param("q"), oninput: () => {
    setParams({ q: search.value.trim() });
    redraw();
  } });
  const state = h("select", { class: "input slim", value: param("force"), onchange: () => {
    setParams({ force: state.value });
    redraw();
  } }, h("option", { value: "" }, texts.common.all), Object.entries(t.force).map(([value, title]) =>
    h("option", { value }, title)));
  redraw();
  fill(main, h("h1", null, t.heading), h("p", { class: "lead" }, t.sentence(editions.length, now, imported)),
    h("p", { class: "quiet" }, t.why),
    h("div", { class: "controls" }, field(t.search, search), field(t.state, state)), shown, table.element,
    h("section", { class: "block", id: "import" }, h("h2", null, t.importHeading), imports));
  if (mayImport) importLaws(imports);
  else fill(imports, h("p", { class: "quiet" }, t.importNotYours));
}

/** @param {Article} article */
function drawArticle(article) {
  const inForce = article.validity === "in_force";
  return h("section", { class: "article", id: `a-${article.no}` },
    h("h2", { class: "article-no" }, article.label, " ", !inForce && chip(t.validity[article.validity] ?? article.validity, "warn")),
    article.text ? h("p", { class: "law-text" }, article.text)
      : article.gist ? h("p", null, h("span", { class: "gist-mark" }, t.gist), article.gist)
        : h("p", { class: "quiet" }, t.noTextNoGist),
    article.text && article.gist && h("p", { class: "quiet" }, h("span", { class: "gist-mark" }, t.gist),
      article.gist));
}

/** @param {HTMLElement} main */
async function drawEdition(main) {
  const law = encodeURIComponent(param("law"));
  /** @type {Edition} */
  const edition = await get(`/laws/${law}/editions/${encodeURIComponent(param("edition"))}`);
  document.title = `${edition.short_title || edition.title} · ${texts.shell.brand}`;
  const list = h("div", null);
  const shown = h("p", { class: "quiet small", role: "status" });
  const only = h("input", { type: "checkbox", checked: Boolean(param("known")), onchange: () => {
    setParams({ known: only.checked ? "1" : null });
    draw();
  } });
  const search = h("input", { class: "input slim", type: "search", value: param("q"), oninput: () => {
    setParams({ q: search.value.trim() });
    draw();
  } });
  const draw = () => {
    const q = param("q");
    const rows = edition.articles.filter((article) => (!only.checked || article.gist || article.text)
      && (!q || article.label.includes(q) || article.no === q || article.text?.includes(q)
        || article.gist?.includes(q)));
    shown.textContent = t.articlesShown(rows.length, edition.articles.length);
    fill(list, rows.length === 0 ? empty(t.noArticle) : rows.map(drawArticle));
  };
  draw();
  fill(main, h("div", { class: "head-row" }, h("h1", null, `${edition.title}（${edition.edition}）`, " ",
    forceChip(edition)), h("a", { href: "/staff/laws.html" }, t.back)),
  facts([[t.issuer, edition.issuer], [t.effective, f.date(edition.effective)],
    [t.superseded, edition.superseded_on ? f.date(edition.superseded_on) : t.stillInForce],
    [t.texts, t.textsOf(edition.texts_imported, edition.articles.length)]]),
  edition.texts_imported === 0 && h("p", { class: "notice plain" }, t.onlyGists),
  h("div", { class: "controls" }, field(t.searchArticle, search),
    h("div", { class: "field" }, h("label", { class: "check" }, only, t.onlyKnown))), shown, list);
}

void start({
  page: "laws",
  roles: ["author", "reviewer", "manager", "analyst"],
  async draw(main, me) {
    if (param("law")) return drawEdition(main);
    /** @type {EditionSummary[]} */
    const editions = await getAll("/laws");
    drawList(main, editions, holds(me, ["manager"]));
  },
});
