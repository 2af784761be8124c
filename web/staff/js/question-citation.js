// A legal basis, picked: law, edition, article; the deciding words marked in the imported text, or typed.

import { get } from "./api.js";
import { fill, freshId, h } from "./dom.js";
import { proofChip } from "./question.js";
import { texts } from "./texts.js";
import { field, select } from "./ui.js";

/** @typedef {import("./types.js").Citation} Citation */
/** @typedef {import("./types.js").Edition} Edition */
/** @typedef {import("./types.js").Article} Article */
/** @typedef {import("./types.js").QuestionItem} QuestionItem */
/** @typedef {import("./question-form.js").Ctx} Ctx */

const t = texts.questionEdit;

/** Editions that were fetched, by law and edition. @type {Map<string, Promise<Edition>>} */
const fetched = new Map();

/** @param {string} law @param {string} edition @returns {Promise<Edition>} */
function editionOf(law, edition) {
  const key = `${law}/${edition}`;
  let waiting = fetched.get(key);
  if (!waiting) {
    waiting = /** @type {Promise<Edition>} */ (get(`/laws/${encodeURIComponent(law)}/editions/${encodeURIComponent(edition)}`));
    fetched.set(key, waiting);
    waiting.catch(() => fetched.delete(key));
  }
  return waiting;
}

/** The text of an article with a way to take words from it.
 * @param {Article} article
 * @param {(words: string) => void} take
 */
function articleText(article, take) {
  if (!article.text) {
    return [h("p", { class: "quiet small" }, t.noText),
      article.gist ? h("p", null, h("span", { class: "gist-mark" }, t.gist), article.gist)
        : h("p", { class: "quiet small" }, t.noGist)];
  }
  const text = h("p", { class: "law-text", tabindex: 0 }, article.text);
  const said = h("p", { class: "hint", role: "status" }, t.takeHow);
  const press = () => {
    const selection = document.getSelection();
    const words = selection?.toString().trim() ?? "";
    const inside = selection?.anchorNode && text.contains(selection.anchorNode);
    if (!words || !inside) {
      said.textContent = t.takeNothing;
      return;
    }
    said.textContent = t.takeHow;
    take(words);
  };
  return [h("p", { class: "label" }, t.text), text, said,
    h("button", { type: "button", class: "button slim", onclick: press }, t.take)];
}

/** @param {string} text */
const numberOf = (text) => {
  const number = Number(text.trim());
  return text.trim() && Number.isInteger(number) && number > 0 ? number : undefined;
};

/**
 * One citation of an item.
 * @param {Ctx} ctx
 * @param {string} path
 * @param {QuestionItem} item
 * @param {Citation} citation
 * @param {number} index
 * @param {() => void} remove
 */
export function citationForm(ctx, path, item, citation, index, remove) {
  const proof = h("span", { role: "status" });
  ctx.proofs.set(path, (word) => fill(proof, word ? proofChip(word) : null));
  const laws = [...new Map(ctx.editions.map((one) => [one.law, one.short_title || one.title]))];
  const law = select([{ value: "", title: t.choose }, ...laws.map(([value, title]) => ({ value, title }))],
    citation.law ?? "", { onchange: () => {
      citation.law = law.value || undefined;
      // Of a law one asks from the newest edition, as a rule.
      const own = ctx.editions.filter((one) => one.law === law.value);
      citation.edition = own[own.length - 1]?.edition;
      fillEditions();
      ctx.changed(`${path}.law`);
    } });
  const edition = h("select", { class: "input slim", onchange: () => {
    citation.edition = edition.value || undefined;
    void drawArticles();
    ctx.changed(`${path}.edition`);
  } });
  const article = h("input", { class: "input slim narrow", value: citation.article ?? "", autocomplete: "off", oninput: () => {
    citation.article = article.value.trim() || undefined;
    void drawArticles();
    ctx.changed(`${path}.article`);
  } });
  const list = h("datalist", { id: freshId("articles") });
  article.setAttribute("list", list.id);
  const words = h("input", { class: "input", value: citation.words ?? "", autocomplete: "off", oninput: () => {
    citation.words = words.value.trim() || undefined;
    ctx.changed(`${path}.words`);
  } });
  /** @param {"paragraph" | "item"} name */
  const number = (name) => {
    const control = h("input", { class: "input slim narrow", inputmode: "numeric", autocomplete: "off",
      value: citation[name] ?? "", oninput: () => {
        citation[name] = numberOf(control.value);
        ctx.changed(`${path}.${name}`);
      } });
    return control;
  };
  const text = h("div", null);
  const take = (/** @type {string} */ chosen) => {
    words.value = chosen;
    citation.words = chosen;
    ctx.changed(`${path}.words`);
    words.focus();
  };
  let turn = 0;
  const drawArticles = async () => {
    const own = ++turn;
    if (!citation.law || !citation.edition) {
      fill(text);
      return;
    }
    fill(text, h("p", { class: "quiet small" }, t.articleLoading));
    try {
      const found = await editionOf(citation.law, citation.edition);
      if (own !== turn) return;
      fill(list, found.articles.map((one) => h("option", { value: one.no }, one.label)));
      const chosen = found.articles.find((one) => one.no === citation.article);
      fill(text, chosen ? articleText(chosen, take) : null);
    } catch {
      if (own === turn) fill(text, h("p", { class: "error" }, t.articleFailed));
    }
  };
  const fillEditions = () => {
    const own = ctx.editions.filter((one) => one.law === citation.law);
    fill(edition, h("option", { value: "" }, t.choose), own.map((one) => h("option", { value: one.edition }, one.edition)));
    edition.value = citation.edition ?? "";
    void drawArticles();
  };
  fillEditions();
  for (const [name, control] of /** @type {const} */ ([["law", law], ["edition", edition], ["article", article],
    ["words", words]])) ctx.controls.set(`${path}.${name}`, control);
  const supports = item.kind === "multiple" ? supportBoxes(ctx, path, item, citation) : null;
  return h("fieldset", { class: "card citation" }, h("legend", null, t.citation(index + 1), " ", proof),
    h("div", { class: "controls" }, field(t.law, law), field(t.edition, edition), field(t.article, article), list,
      field(t.paragraph, number("paragraph")), field(t.item, number("item"))),
    text, field(t.words, words, { hint: t.wordsHint, wide: true }), supports,
    h("div", { class: "row" }, h("button", { type: "button", class: "button slim", "aria-label": t.removeCitation(index + 1),
      onclick: remove }, t.removeCitation(index + 1))));
}

/** Which right options rest on it.
 * @param {Ctx} ctx
 * @param {string} path
 * @param {QuestionItem} item
 * @param {Citation} citation
 */
function supportBoxes(ctx, path, item, citation) {
  const right = Array.isArray(item.key) ? item.key.flat() : [];
  const chosen = () => citation.supports ?? [];
  return h("div", { class: "field", role: "group", "aria-label": t.supports }, h("p", { class: "label" }, t.supports),
    h("div", { class: "checks" }, right.map((id) => {
      const box = h("input", { type: "checkbox", checked: chosen().includes(id), onchange: () => {
        citation.supports = box.checked ? [...chosen(), id].sort() : chosen().filter((one) => one !== id);
        ctx.changed(`${path}.supports`);
      } });
      return h("label", { class: "check" }, box, id.toUpperCase());
    })));
}
