// Two versions side by side, the old one at the left: what changed is marked in words.

import { h } from "./dom.js";
import { drawCitations, drawKey, itemsOf, topicTitles } from "./question.js";
import { texts } from "./texts.js";
import { chip } from "./ui.js";

/** @typedef {import("./types.js").QuestionVersion} QuestionVersion */
/** @typedef {import("./types.js").QuestionContent} QuestionContent */
/** @typedef {import("./types.js").QuestionItem} QuestionItem */
/** @typedef {import("./question.js").Lists} Lists */
/** @typedef {import("./dom.js").Child} Child */

const t = texts.questions;
const l = texts.questionLife;

/** A value in one form, whatever the order of its fields; binds are no content.
 * @param {unknown} value
 * @returns {string}
 */
function plain(value) {
  if (Array.isArray(value)) return `[${value.map(plain).join()}]`;
  if (value && typeof value === "object") {
    const entries = Object.entries(value).filter(([name, own]) => name !== "bind" && own !== undefined);
    return `{${entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, own]) => `${name}:${plain(own)}`).join()}}`;
  }
  return JSON.stringify(value ?? null);
}

/** Whether two values say the same.
 * @param {unknown} a
 * @param {unknown} b
 */
export function same(a, b) {
  return plain(a) === plain(b);
}

/** What stands beside the body, in words.
 * @param {QuestionContent} content
 * @param {Lists} lists
 */
function aboutWords(content, { topics }) {
  return [
    [t.topics, topicTitles(topics, content.topics ?? [])], [t.level, texts.levels[content.level ?? ""]],
    [t.pool, t.pools[content.pool ?? ""]], [t.prior, content.prior_facility],
    [t.audience, (content.audience ?? []).map((one) => t.audiences[one] ?? one).join("、")],
    [t.factsOn, content.facts_on], [t.enemies, (content.enemies ?? []).join("、")], [t.successorOf, content.successor_of],
  ].filter(([, value]) => value !== undefined && value !== "").map(([name, value]) => `${name}：${value}`);
}

/** The sections of an item: heading, what is compared, how it is drawn.
 * @param {QuestionItem | undefined} item
 * @param {string} path
 * @param {Lists} lists
 * @returns {{title: string, value: unknown, draw: () => Child}[]}
 */
function sections(item, path, lists) {
  const own = item ?? {};
  const { options, key, misconception, reference, points, fixed_order: fixed } = own;
  return [
    { title: l.stem, value: own.stem, draw: () => h("p", { class: "prose" }, own.stem ?? t.missing) },
    { title: l.options, value: { options, key, misconception, reference, points, fixed },
      draw: () => drawKey(own) },
    { title: t.explanation, value: own.explanation, draw: () => h("p", { class: "prose" }, own.explanation || t.missing) },
    { title: t.citations, value: own.citations, draw: () => drawCitations(own, path, lists.editions, []) },
  ];
}

/** @param {string} title @param {boolean} changed @param {Child} left @param {Child} right */
function row(title, changed, left, right) {
  return h("section", { class: changed ? "compare changed" : "compare" },
    h("h3", null, title, " ", changed ? chip(l.changed, "warn") : chip(l.same)),
    h("div", { class: "two" }, h("div", { class: "card" }, left), h("div", { class: "card" }, right)));
}

/**
 * @param {QuestionVersion} old
 * @param {QuestionVersion} now
 * @param {Lists} lists
 */
export function compareVersions(old, now, lists) {
  const [before, after] = [itemsOf(old.content), itemsOf(now.content)];
  const isCase = Boolean(old.content.body?.case || now.content.body?.case);
  const parts = Array.from({ length: Math.max(before.length, after.length) }, (_, index) => {
    const [path, item] = after[index] ?? ["", undefined];
    const [oldPath, oldItem] = before[index] ?? ["", undefined];
    const right = sections(item, path, lists);
    return sections(oldItem, oldPath, lists).map((left, place) => {
      const other = right[place] ?? left;
      const title = isCase ? `${texts.questionEdit.part(index + 1)} · ${left.title}` : left.title;
      return row(title, !same(left.value, other.value), oldItem ? left.draw() : l.added, item ? other.draw() : null);
    });
  });
  const [oldPassage, passage] = [old.content.body?.case?.passage, now.content.body?.case?.passage];
  const about = [aboutWords(old.content, lists), aboutWords(now.content, lists)];
  const lines = (/** @type {string[]} */ words) => h("ul", { class: "bare" }, words.map((word) => h("li", null, word)));
  return [
    h("h2", null, l.compare(old.version, now.version)),
    isCase && row(texts.preview.passage, !same(oldPassage, passage), h("p", { class: "prose" }, oldPassage ?? l.added),
      h("p", { class: "prose" }, passage ?? null)),
    parts,
    row(l.about, !same(about[0], about[1]), lines(about[0] ?? []), lines(about[1] ?? [])),
  ];
}
