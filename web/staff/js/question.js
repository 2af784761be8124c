// One question in full.

import { h } from "./dom.js";
import * as f from "./format.js";
import { texts } from "./texts.js";
import { chip, facts } from "./ui.js";
import { pageUrl } from "./url-state.js";

/** @typedef {import("./types.js").Question} Question */
/** @typedef {import("./types.js").QuestionContent} QuestionContent */
/** @typedef {import("./types.js").Citation} Citation */
/** @typedef {import("./types.js").ListEntry} ListEntry */
/** @typedef {import("./types.js").EditionSummary} EditionSummary */

const t = texts.questions;

/** @param {ListEntry[]} topics @param {string[]} slugs */
export function topicTitles(topics, slugs) {
  return slugs.map((slug) => topics.find((topic) => topic.slug === slug)?.title ?? slug).join("、");
}

/** @param {QuestionContent} content */
function drawOptions(content) {
  const key = Array.isArray(content.key) ? content.key.map(String) : [];
  return h("ul", { class: "key-options" }, (content.options ?? []).map((option) => {
    const right = key.includes(option.id);
    return h("li", { class: right ? "right" : null },
      h("p", null, h("b", null, `${option.id.toUpperCase()}. `), option.text, " ", right && chip(t.right, "good")),
      option.misconception && h("p", { class: "quiet" }, h("span", { class: "gist-mark" }, t.misconception),
        option.misconception));
  }));
}

/** The key of the kinds that have no options.
 * @param {QuestionContent} content
 */
function drawKey(content) {
  if (content.options?.length) return drawOptions(content);
  if (typeof content.key === "boolean") {
    return [h("p", null, `${t.key}：`, h("b", null, content.key ? t.true : t.false)),
      content.misconception && h("p", { class: "quiet" }, h("span", { class: "gist-mark" }, t.misconception),
        content.misconception)];
  }
  if (Array.isArray(content.key)) {
    return [h("p", { class: "label" }, t.key), h("ol", null, content.key.map((accepted) => h("li", null,
      Array.isArray(accepted) ? accepted.map(String).join(t.or) : String(accepted))))];
  }
  if (content.reference) {
    return [h("p", { class: "label" }, t.reference), h("p", null, content.reference),
      h("ul", null, (content.points ?? []).map((point) => h("li", null, point.text,
        h("span", { class: "quiet" }, ` ${texts.rules.marksWord(f.marks(point.marks))}`))))];
  }
  return null;
}

/**
 * @param {Citation} citation
 * @param {EditionSummary[]} editions
 */
function drawCitation(citation, editions) {
  const edition = editions.find(({ law, edition: year }) => law === citation.law && year === citation.edition);
  const name = citation.title ?? (edition ? `${edition.short_title || edition.title}（${edition.edition}）`
    : `${citation.law ?? ""} ${citation.edition ?? ""}`);
  const place = t.place(citation.article, citation.paragraph ?? null, citation.item ?? null);
  return h("li", null,
    citation.law && citation.edition ? h("a", { href: `${pageUrl("laws.html", { law: citation.law,
      edition: citation.edition })}#a-${encodeURIComponent(citation.article)}` }, `${name} ${place}`) : `${name} ${place}`,
    h("p", null, `${t.words}：`, h("q", null, citation.words), (citation.supports ?? []).length > 0 &&
      h("span", { class: "quiet" }, ` ${t.supports((citation.supports ?? []).join("、").toUpperCase())}`)),
    citation.text ? h("p", { class: "law-text" }, citation.text)
      : citation.gist && h("p", { class: "quiet" }, h("span", { class: "gist-mark" }, texts.laws.gist), citation.gist));
}

/**
 * @param {QuestionContent} content
 * @param {EditionSummary[]} editions
 * @returns {import("./dom.js").Child}
 */
function drawContent(content, editions) {
  const citations = content.citation ?? content.citations ?? [];
  const parts = content.part ?? content.parts ?? [];
  return [
    content.passage && h("div", { class: "passage" }, h("p", { class: "label" }, texts.preview.passage),
      h("p", null, content.passage)),
    content.stem && h("p", { class: "stem" }, content.stem),
    drawKey(content),
    content.explanation && [h("h2", { class: "minor" }, t.explanation), h("p", null, content.explanation)],
    citations.length > 0 && [h("h2", { class: "minor" }, t.citations), h("ul", { class: "citations" },
      citations.map((citation) => drawCitation(citation, editions)))],
    parts.map((part, index) => h("section", { class: "card" }, h("h2", { class: "minor" },
      t.part(index + 1, texts.kinds[part.kind] ?? part.kind)), drawContent(part, editions))),
  ];
}

/**
 * @param {Question} question
 * @param {ListEntry[]} topics
 * @param {EditionSummary[]} editions
 */
export function drawQuestion(question, topics, editions) {
  const { content } = question;
  const titles = topicTitles(topics, question.topics);
  /** @type {[string, import("./dom.js").Child][]} */
  const about = [
    [t.kind, texts.kinds[question.kind] ?? question.kind], [t.pool, t.pools[question.pool] ?? question.pool],
    [t.state, chip(t.states[question.state] ?? question.state, question.state === "active" ? "good" : "")],
    [t.level, texts.levels[question.level] ?? question.level], [t.topics, titles || texts.common.none],
    [t.version, String(question.version)],
  ];
  if (content.prior_facility !== undefined) about.push([t.prior, f.percent(content.prior_facility)]);
  if (content.facts_on) about.push([t.factsOn, f.date(content.facts_on)]);
  if (content.author) about.push([t.author, content.author]);
  if (content.reviewer) about.push([t.reviewer, content.reviewer]);
  if (content.checked_on) about.push([t.checkedOn, f.date(content.checked_on)]);
  if (content.review_by) about.push([t.reviewBy, f.date(content.review_by)]);
  if (content.successor_of) about.push([t.successorOf, content.successor_of]);
  if (content.enemies?.length) about.push([t.enemies, content.enemies.join("、")]);
  return h("div", { class: "two top wide-left" },
    h("div", { class: "card question" }, drawContent(content.stem || content.passage ? content
      : { ...content, stem: question.stem }, editions)),
    h("section", null, h("h2", null, t.about), facts(about)));
}
