// One question in full; of a draft what there is of it.

import { h } from "./dom.js";
import * as f from "./format.js";
import { texts } from "./texts.js";
import { chip, facts } from "./ui.js";
import { pageUrl } from "./url-state.js";

/** @typedef {import("./types.js").Question} Question */
/** @typedef {import("./types.js").QuestionContent} QuestionContent */
/** @typedef {import("./types.js").QuestionItem} QuestionItem */
/** @typedef {import("./types.js").Citation} Citation */
/** @typedef {import("./types.js").WordsProof} WordsProof */
/** @typedef {import("./types.js").ListEntry} ListEntry */
/** @typedef {import("./types.js").EditionSummary} EditionSummary */
/** @typedef {{topics: ListEntry[], editions: EditionSummary[]}} Lists */

const t = texts.questions;

/** @param {ListEntry[]} topics @param {string[]} slugs */
export function topicTitles(topics, slugs) {
  return slugs.map((slug) => topics.find((topic) => topic.slug === slug)?.title ?? slug).join("、");
}

/** @param {string} state */
export function stateChip(state) {
  const tone = state === "active" ? "good" : state === "draft" ? "warn" : "";
  return chip(t.states[state] ?? state, tone);
}

/** @param {string} proof */
export function proofChip(proof) {
  const tone = proof === "proven" || proof === "bound" ? "good" : proof === "not_proven" ? "warn" : "bad";
  return chip(t.proofs[proof] ?? proof, tone);
}

/** The items with their paths: one, or the parts of a case.
 * @param {QuestionContent} content
 * @returns {[string, QuestionItem][]}
 */
export function itemsOf(content) {
  const { body } = content;
  if (body?.case) return (body.case.parts ?? []).map((part, index) => [`body.case.parts[${index}]`, part]);
  return [["body.item", body?.item ?? {}]];
}

/** @param {string | undefined} text */
function misconception(text) {
  return text ? h("p", { class: "quiet" }, h("span", { class: "gist-mark" }, t.misconception), text) : null;
}

/** The ids of the right options.
 * @param {QuestionItem} item
 */
export function rightOptions(item) {
  return new Set(typeof item.key === "string" ? [item.key] : Array.isArray(item.key) ? item.key.flat() : []);
}

/** @param {QuestionItem} item */
function drawOptions(item) {
  const right = rightOptions(item);
  return h("ul", { class: "key-options" }, (item.options ?? []).map((option) => {
    const id = option.id ?? "";
    return h("li", { class: right.has(id) ? "right" : null },
      h("p", null, h("b", null, `${id.toUpperCase()}. `), option.text ?? t.missing, " ",
        right.has(id) && chip(t.right, "good")),
      misconception(option.misconception));
  }));
}

/** The key, by kind.
 * @param {QuestionItem} item
 */
export function drawKey(item) {
  if (item.options && item.options.length > 0) return drawOptions(item);
  if (typeof item.key === "boolean") {
    return [h("p", null, `${t.key}：`, h("b", null, item.key ? t.true : t.false)), misconception(item.misconception)];
  }
  if (Array.isArray(item.key)) {
    return [h("p", { class: "label" }, t.key), h("ol", null, item.key.map((accepted) =>
      h("li", null, Array.isArray(accepted) ? accepted.join(t.or) : accepted)))];
  }
  if (item.kind !== "essay") return h("p", null, `${t.key}：${t.missing}`);
  return [h("p", { class: "label" }, t.reference), h("p", { class: "prose" }, item.reference ?? t.missing),
    h("ul", null, (item.points ?? []).map((point) => h("li", null, point.text,
      h("span", { class: "quiet" }, ` ${texts.rules.marksWord(f.marks(point.marks ?? 0))}`))))];
}

/**
 * @param {Citation} citation
 * @param {EditionSummary[]} editions
 * @param {string | undefined} proof
 */
function drawCitation(citation, editions, proof) {
  const { law = "", edition = "", article = "", words, supports = [] } = citation;
  const known = editions.find((entry) => entry.law === law && entry.edition === edition);
  const name = known ? `${known.short_title || known.title}（${edition}）` : `${law} ${edition}`;
  const place = article ? t.place(article, citation.paragraph ?? null, citation.item ?? null) : "";
  return h("li", null,
    known ? h("a", { href: `${pageUrl("laws.html", { law, edition })}#a-${encodeURIComponent(article)}` },
      `${name} ${place}`) : `${name} ${place}`,
    h("p", null, `${t.words}：`, words ? h("q", null, words) : t.missing, " ", proof ? proofChip(proof) : null,
      supports.length > 0 && h("span", { class: "quiet" }, ` ${t.supports(supports.join("、").toUpperCase())}`)));
}

/**
 * The citations of an item.
 * @param {QuestionItem} item
 * @param {string} path
 * @param {EditionSummary[]} editions
 * @param {WordsProof[]} words
 */
export function drawCitations(item, path, editions, words) {
  const citations = item.citations ?? [];
  if (citations.length === 0) return h("p", { class: "quiet" }, t.noCitation);
  const proof = (/** @type {number} */ index) =>
    words.find(({ field }) => field === `${path}.citations[${index}]`)?.proof;
  return h("ul", { class: "citations" },
    citations.map((citation, index) => drawCitation(citation, editions, proof(index))));
}

/**
 * @param {QuestionItem} item
 * @param {string} path
 * @param {EditionSummary[]} editions
 * @param {WordsProof[]} words
 */
function drawItem(item, path, editions, words) {
  return [
    h("p", { class: "stem prose" }, item.stem ?? t.missing),
    drawKey(item),
    [h("h2", { class: "minor" }, t.explanation), h("p", { class: "prose" }, item.explanation || t.missing)],
    [h("h2", { class: "minor" }, t.citations), drawCitations(item, path, editions, words)],
  ];
}

/**
 * The body of a question.
 * @param {QuestionContent} content
 * @param {Lists} lists
 * @param {WordsProof[]} words
 */
export function drawBody(content, { editions }, words) {
  const items = itemsOf(content);
  const passage = content.body?.case;
  if (!passage) return items.map(([path, item]) => drawItem(item, path, editions, words));
  return [
    h("div", { class: "passage" }, h("p", { class: "label" }, texts.preview.passage),
      h("p", { class: "prose" }, passage.passage ?? t.missing)),
    items.map(([path, part], index) => h("section", { class: "card" },
      h("h2", { class: "minor" }, t.part(index + 1, texts.kinds[part.kind ?? ""] ?? t.missing)),
      drawItem(part, path, editions, words))),
  ];
}

/**
 * @param {Question} question
 * @param {Lists} lists
 */
export function aboutQuestion(question, { topics }) {
  const { authorship = {}, prior_facility: prior, facts_on: factsOn, successor_of: old, enemies = [],
    audience = [] } = question.content;
  /** @type {[string, import("./dom.js").Child][]} */
  const about = [
    [t.kind, texts.kinds[question.kind] ?? (question.kind || t.missing)],
    [t.pool, t.pools[question.pool] ?? (question.pool || t.missing)],
    [t.state, stateChip(question.state)],
    [t.level, texts.levels[question.level] ?? (question.level || t.missing)],
    [t.topics, topicTitles(topics, question.topics) || t.missing],
    [t.audience, audience.map((one) => t.audiences[one] ?? one).join("、") || t.missing],
    [t.version, String(question.version)], [t.prior, prior === undefined ? t.missing : f.percent(prior)],
    [t.author, question.author_name ?? authorship.author ?? texts.common.none],
    [t.reviewer, question.reviewer_name ?? authorship.reviewer ?? texts.common.none],
    [t.checkedOn, f.date(authorship.checked_on)], [t.reviewBy, f.date(authorship.review_by)],
  ];
  if (authorship.unproven_reason) about.push([t.unprovenReason, authorship.unproven_reason]);
  if (factsOn) about.push([t.factsOn, f.date(factsOn)]);
  if (old) about.push([t.successorOf, h("a", { href: pageUrl("questions.html", { ref: old }) }, old)]);
  if (enemies.length > 0) about.push([t.enemies, enemies.join("、")]);
  return facts(about);
}
