// One question in full.

import { h } from "./dom.js";
import * as f from "./format.js";
import { texts } from "./texts.js";
import { chip, facts } from "./ui.js";
import { pageUrl } from "./url-state.js";

/** @typedef {import("./types.js").Question} Question */
/** @typedef {import("./types.js").QuestionItem} QuestionItem */
/** @typedef {import("./types.js").Citation} Citation */
/** @typedef {import("./types.js").ListEntry} ListEntry */
/** @typedef {import("./types.js").EditionSummary} EditionSummary */

const t = texts.questions;

/** @param {ListEntry[]} topics @param {string[]} slugs */
export function topicTitles(topics, slugs) {
  return slugs.map((slug) => topics.find((topic) => topic.slug === slug)?.title ?? slug).join("、");
}

/** @param {string | undefined} text */
function misconception(text) {
  return text ? h("p", { class: "quiet" }, h("span", { class: "gist-mark" }, t.misconception), text) : null;
}

/** @param {QuestionItem} item */
function drawOptions(item) {
  const right = new Set(typeof item.key === "string" ? [item.key] : Array.isArray(item.key) ? item.key.flat() : []);
  return h("ul", { class: "key-options" }, (item.options ?? []).map((option) =>
    h("li", { class: right.has(option.id) ? "right" : null },
      h("p", null, h("b", null, `${option.id.toUpperCase()}. `), option.text, " ",
        right.has(option.id) && chip(t.right, "good")),
      misconception(option.misconception))));
}

/** The key, by kind.
 * @param {QuestionItem} item
 */
function drawKey(item) {
  if (item.options) return drawOptions(item);
  if (typeof item.key === "boolean") {
    return [h("p", null, `${t.key}：`, h("b", null, item.key ? t.true : t.false)), misconception(item.misconception)];
  }
  if (Array.isArray(item.key)) {
    return [h("p", { class: "label" }, t.key), h("ol", null, item.key.map((accepted) =>
      h("li", null, Array.isArray(accepted) ? accepted.join(t.or) : accepted)))];
  }
  return [h("p", { class: "label" }, t.reference), h("p", null, item.reference),
    h("ul", null, (item.points ?? []).map((point) => h("li", null, point.text,
      h("span", { class: "quiet" }, ` ${texts.rules.marksWord(f.marks(point.marks))}`))))];
}

/**
 * @param {Citation} citation
 * @param {EditionSummary[]} editions
 */
function drawCitation(citation, editions) {
  const { law, edition, article, words, supports = [] } = citation;
  const known = editions.find((entry) => entry.law === law && entry.edition === edition);
  const name = known ? `${known.short_title || known.title}（${edition}）` : `${law} ${edition}`;
  const place = t.place(article, citation.paragraph ?? null, citation.item ?? null);
  return h("li", null,
    h("a", { href: `${pageUrl("laws.html", { law, edition })}#a-${encodeURIComponent(article)}` }, `${name} ${place}`),
    h("p", null, `${t.words}：`, h("q", null, words), supports.length > 0 &&
      h("span", { class: "quiet" }, ` ${t.supports(supports.join("、").toUpperCase())}`)));
}

/**
 * @param {QuestionItem} item
 * @param {EditionSummary[]} editions
 */
function drawItem(item, editions) {
  return [
    h("p", { class: "stem" }, item.stem),
    drawKey(item),
    item.explanation && [h("h2", { class: "minor" }, t.explanation), h("p", null, item.explanation)],
    item.citations.length > 0 && [h("h2", { class: "minor" }, t.citations), h("ul", { class: "citations" },
      item.citations.map((citation) => drawCitation(citation, editions)))],
  ];
}

/** @param {Question} question @param {EditionSummary[]} editions */
function drawBody({ content: { body } }, editions) {
  if ("item" in body) return drawItem(body.item, editions);
  return [
    h("div", { class: "passage" }, h("p", { class: "label" }, texts.preview.passage), h("p", null, body.case.passage)),
    body.case.parts.map((part, index) => h("section", { class: "card" },
      h("h2", { class: "minor" }, t.part(index + 1, texts.kinds[part.kind] ?? part.kind)), drawItem(part, editions))),
  ];
}

/** @param {Question} question @param {ListEntry[]} topics */
function aboutQuestion(question, topics) {
  const { authorship, prior_facility: prior, facts_on: factsOn, successor_of: old, enemies = [] } = question.content;
  /** @type {[string, import("./dom.js").Child][]} */
  const about = [
    [t.kind, texts.kinds[question.kind] ?? question.kind], [t.pool, t.pools[question.pool] ?? question.pool],
    [t.state, chip(t.states[question.state] ?? question.state, question.state === "active" ? "good" : "")],
    [t.level, texts.levels[question.level] ?? question.level],
    [t.topics, topicTitles(topics, question.topics) || texts.common.none],
    [t.version, String(question.version)], [t.prior, f.percent(prior)],
    [t.author, authorship.author], [t.reviewer, authorship.reviewer ?? texts.common.none],
    [t.checkedOn, f.date(authorship.checked_on)], [t.reviewBy, f.date(authorship.review_by)],
  ];
  if (factsOn) about.push([t.factsOn, f.date(factsOn)]);
  if (old) about.push([t.successorOf, h("a", { href: pageUrl("questions.html", { ref: old }) }, old)]);
  if (enemies.length > 0) about.push([t.enemies, enemies.join("、")]);
  return facts(about);
}

/**
 * @param {Question} question
 * @param {ListEntry[]} topics
 * @param {EditionSummary[]} editions
 */
export function drawQuestion(question, topics, editions) {
  return h("div", { class: "two top wide-left" },
    h("div", { class: "card question" }, drawBody(question, editions)),
    h("section", null, h("h2", null, t.about), aboutQuestion(question, topics)));
}
