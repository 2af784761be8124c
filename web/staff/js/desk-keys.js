// The controls for a new key of a question: by kind, any number of keys that are right.

import { fill, h } from "./dom.js";
import { texts } from "./texts.js";

/** @typedef {import("./types-desk.js").ExamQuestion} ExamQuestion */
/** @typedef {import("./types-desk.js").QuestionKey} QuestionKey */
/** @typedef {{element: HTMLElement, keys: () => QuestionKey[], missing: string, first: () => HTMLElement | null}} KeyFields
 * `keys` is empty while something is missing */

const t = texts.desk.ruling;

/**
 * @param {string} legend
 * @param {{value: string, title: string}[]} options
 * @param {ReadonlySet<unknown>} chosen
 * @param {() => void} onchange
 */
function checks(legend, options, chosen, onchange) {
  const boxes = options.map((option) => h("input", { type: "checkbox", value: option.value, onchange,
    checked: chosen.has(option.value) }));
  return {
    element: h("fieldset", { class: "field" }, h("legend", { class: "label" }, legend), boxes.map((box, index) =>
      h("label", { class: "check line" }, box, h("span", null, options[index]?.title)))),
    chosen: () => boxes.filter((box) => box.checked).map((box) => box.value),
    first: () => boxes[0] ?? null,
  };
}

/** @param {ExamQuestion} question */
function titled(question) {
  return question.options.map(({ id, text }) => ({ value: id, title: `${id.toUpperCase()}. ${text}` }));
}

/** @param {ExamQuestion} question @param {() => void} onchange @returns {KeyFields} */
function ofSingle(question, onchange) {
  const box = checks(t.single, titled(question), new Set([question.key].flat()), onchange);
  return { element: box.element, keys: () => box.chosen().map((id) => [id]), missing: t.keyMissing, first: box.first };
}

/** @param {ExamQuestion} question @param {() => void} onchange @returns {KeyFields} */
function ofJudgement(question, onchange) {
  const box = checks(t.judgement, [{ value: "true", title: texts.questions.true },
    { value: "false", title: texts.questions.false }], new Set([String(question.key)]), onchange);
  return { element: box.element, keys: () => box.chosen().map((value) => value === "true"), missing: t.keyMissing,
    first: box.first };
}

/** @param {ExamQuestion} question @param {() => void} onchange @returns {KeyFields} */
function ofMultiple(question, onchange) {
  const place = h("div", null);
  /** @type {ReturnType<typeof checks>[]} */
  const combinations = [];
  const draw = () => fill(place, combinations.map((box) => box.element), combinations.length > 1 &&
    h("button", { type: "button", class: "linklike tight", onclick: () => {
      combinations.pop();
      draw();
      onchange();
    } }, t.remove),
  h("button", { type: "button", class: "button slim", onclick: () => {
    add(new Set());
    onchange();
    combinations[combinations.length - 1]?.first()?.focus();
  } }, t.another));
  /** @param {ReadonlySet<unknown>} chosen */
  const add = (chosen) => {
    const legend = combinations.length === 0 ? t.multiple : t.combination(combinations.length + 1);
    combinations.push(checks(legend, titled(question), chosen, onchange));
    draw();
  };
  add(new Set([question.key].flat()));
  const empty = () => combinations.find((box) => box.chosen().length === 0);
  return { element: place, missing: t.keyMissing,
    keys: () => empty() ? [] : combinations.map((box) => box.chosen()),
    first: () => (empty() ?? combinations[0])?.first() ?? null };
}

/** @param {ExamQuestion} question @param {() => void} onchange @returns {KeyFields} */
function ofBlanks(question, onchange) {
  const blanks = Array.isArray(question.key) ? question.key : [];
  const areas = blanks.map((accepted, index) => h("textarea", { class: "input short", rows: 2, oninput: onchange,
    "aria-label": t.blank(index + 1), value: Array.isArray(accepted) ? accepted.join("\n") : accepted }));
  const lines = () => areas.map((area) => area.value.split("\n").map((line) => line.trim()).filter(Boolean));
  return {
    element: h("div", null, areas.map((area, index) => h("div", { class: "field" },
      h("p", { class: "label" }, t.blank(index + 1)), area))),
    keys: () => lines().every((accepted) => accepted.length > 0) ? [lines()] : [], missing: t.blankMissing,
    first: () => areas.find((_, index) => lines()[index]?.length === 0) ?? areas[0] ?? null,
  };
}

/**
 * Controls for the key of a question, or null where it has none that a ruling can change.
 * @param {ExamQuestion} question
 * @param {() => void} onchange
 * @returns {KeyFields | null}
 */
export function keyFields(question, onchange) {
  if (question.key === null) return null;
  switch (question.kind) {
    case "single": return ofSingle(question, onchange);
    case "multiple": return ofMultiple(question, onchange);
    case "judgement": return ofJudgement(question, onchange);
    case "blank": return ofBlanks(question, onchange);
    default: return null;
  }
}
