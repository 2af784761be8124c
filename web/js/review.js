/** What stands behind an answer: key and response in words, options with both marked, explanation and citations. */
import { el, paragraphs } from "./dom.js";
import { P } from "./texts-pages.js";
import { T } from "./texts.js";

/** @typedef {import("./types.js").Slot} Slot */
/** @typedef {import("./types.js").SlotResult} SlotResult */

const words = P.result;

/**
 * A key or a response in words: letters, 正确 or 错误, or texts with what is also right.
 *
 * @param {unknown} value
 */
export function inWords(value) {
  const list = Array.isArray(value) ? value : value === null || value === undefined ? [] : [value];
  return list
    .map((part) => {
      if (part === true) return T.exam.right;
      if (part === false) return T.exam.wrong;
      if (Array.isArray(part)) return part.join(` ${words.or} `);
      return String(part);
    })
    .filter((text) => text !== "")
    .join("、");
}

/** The key in words, or the keys that a ruling accepts. @param {SlotResult} slot */
export function keyInWords(slot) {
  const keys = slot.ruling ? slot.ruling.keys : [slot.key];
  return keys.map((key) => inWords(key)).join(` ${words.or} `);
}

/** @param {Slot} question @param {{ key?: unknown, response: unknown }} slot */
export function optionList(question, slot) {
  /** @param {unknown} value @returns {string[]} */
  const letters = (value) => (Array.isArray(value) ? value.map(String) : []);
  const right = letters(slot.key);
  const chosen = letters(slot.response);
  return el(
    "ul",
    { class: "review-options" },
    ...(question.options || []).map(({ id, text }) =>
      el(
        "li",
        { class: right.includes(id) ? "right" : chosen.includes(id) ? "wrong" : "" },
        el("span", { class: "option-letter", text: id }),
        el(
          "span",
          { class: "option-text" },
          text,
          right.includes(id) && el("span", { class: "state good", text: words.key }),
          chosen.includes(id) && el("span", { class: right.includes(id) ? "state" : "state bad", text: words.yours }),
        ),
      ),
    ),
  );
}

/** Why, by which article, and by which ruling against the key as it was. @param {SlotResult} slot @returns {import("./dom.js").Child[]} */
export function reasons(slot) {
  return [
    slot.ruling && el("p", { class: "notice", text: words.ruled(slot.ruling.policy, slot.ruling.reason) }),
    slot.explanation && el("h4", { text: words.why }),
    slot.explanation && el("div", null, ...paragraphs(slot.explanation)),
    ...(slot.citations || []).map(citation),
  ];
}

/** @param {import("./types.js").Citation} cited */
function citation(cited) {
  const text = cited.text || cited.gist;
  return el(
    "section",
    { class: "citation" },
    el("p", null, el("strong", { text: words.article(cited.title, cited.article) })),
    cited.words && el("p", null, el("span", { class: "quiet", text: `${words.words}：` }), el("q", { text: cited.words })),
    text && el("p", { class: "small quiet", text: cited.text ? words.text : words.gist }),
    text && el("blockquote", null, ...paragraphs(text)),
  );
}
