// What one slot asks, to be written: fields by kind, options with what one believes who takes them, legal bases.

import { fill, freshId, h } from "./dom.js";
import { citationForm } from "./question-citation.js";
import { texts } from "./texts.js";
import { field } from "./ui.js";

/** @typedef {import("./types.js").QuestionItem} QuestionItem */
/** @typedef {import("./types.js").QuestionOption} QuestionOption */
/** @typedef {import("./types.js").EditionSummary} EditionSummary */

/**
 * What all parts of the form share. `controls` finds the control of a content path, to show what is wrong with it.
 * @typedef {{editions: EditionSummary[], controls: Map<string, HTMLElement>,
 *   proofs: Map<string, (word: string | undefined) => void>, changed: (path: string) => void}} Ctx
 */

const t = texts.questionEdit;
const LETTERS = ["a", "b", "c", "d", "e", "f"];
const OPTIONS_AT_FIRST = 4;
export const BLANK = "____";

/** The ids of the right options of a choice.
 * @param {QuestionItem} item
 * @returns {string[]}
 */
function rightOf(item) {
  if (typeof item.key === "string") return [item.key];
  return Array.isArray(item.key) ? item.key.flat() : [];
}

/** @param {QuestionItem} item @param {string[]} right */
function setRight(item, right) {
  if (right.length === 0) item.key = undefined;
  else item.key = item.kind === "single" ? right[0] : [...right].sort();
}

/** A text control of a content path.
 * @param {Ctx} ctx
 * @param {string} path
 * @param {string} label
 * @param {string | undefined} value
 * @param {(text: string | undefined) => void} set
 * @param {{rows?: number, hint?: string}} [options]
 */
export function textField(ctx, path, label, value, set, { rows, hint } = {}) {
  const control = rows ? h("textarea", { class: "input", rows, value: value ?? "" })
    : h("input", { class: "input", value: value ?? "", autocomplete: "off" });
  control.addEventListener("input", () => {
    set(control.value.trim() || undefined);
    ctx.changed(path);
  });
  ctx.controls.set(path, control);
  return { control, element: field(label, control, { wide: true, ...(hint ? { hint } : {}) }) };
}

/** A place for what is wrong with a group of controls.
 * @param {HTMLElement} control
 */
function groupError(control) {
  control.id = control.id || freshId("g");
  return h("p", { class: "error", id: `${control.id}-error`, hidden: true });
}

/** @param {Ctx} ctx @param {string} path @param {QuestionItem} item @param {() => void} redraw */
function choiceFields(ctx, path, item, redraw) {
  /** @type {QuestionOption[]} */
  const options = item.options ??= LETTERS.slice(0, OPTIONS_AT_FIRST).map((id) => ({ id }));
  const name = freshId("right");
  const right = rightOf(item);
  const single = item.kind === "single";
  /** @param {QuestionOption} option @param {number} index */
  const row = (option, index) => {
    const id = option.id = LETTERS[index] ?? "";
    const letter = id.toUpperCase();
    const at = `${path}.options[${index}]`;
    const isRight = right.includes(id);
    const mark = h("input", { type: single ? "radio" : "checkbox", name, checked: isRight, "aria-label": t.isRight(letter),
      onchange: () => {
        setRight(item, single ? [id] : mark.checked ? [...rightOf(item), id] : rightOf(item).filter((one) => one !== id));
        ctx.changed(`${path}.key`);
        redraw();
        document.getElementById(focusId(index))?.focus();
      } });
    mark.id = focusId(index);
    if (index === 0) ctx.controls.set(`${path}.key`, mark);
    const text = h("input", { class: "input", value: option.text ?? "", autocomplete: "off", "aria-label": t.option(letter),
      oninput: () => {
        option.text = text.value.trim() || undefined;
        ctx.changed(`${at}.text`);
      } });
    ctx.controls.set(`${at}.text`, text);
    const why = h("input", { class: "input", value: option.misconception ?? "", autocomplete: "off",
      placeholder: t.misconceptionOf(letter), "aria-label": t.misconceptionOf(letter), oninput: () => {
        option.misconception = why.value.trim() || undefined;
        ctx.changed(`${at}.misconception`);
      } });
    ctx.controls.set(`${at}.misconception`, why);
    const remove = h("button", { type: "button", class: "button slim", "aria-label": t.removeOption(letter), onclick: () => {
      const kept = rightOf(item).filter((one) => one !== id);
      options.splice(index, 1);
      // Those behind it move up, and their letters with them.
      setRight(item, kept.map((one) => (one > id ? LETTERS[LETTERS.indexOf(one) - 1] ?? one : one)));
      for (const citation of item.citations ?? []) citation.supports = undefined;
      ctx.changed(`${path}.options`);
      redraw();
    } }, "×");
    return h("div", { class: isRight ? "option-row right" : "option-row" }, h("label", { class: "check" }, mark, letter),
      h("div", { class: "option-texts" }, h("div", null, text, groupError(text)),
        isRight ? null : h("div", null, why, groupError(why))), options.length > 3 ? remove : null);
  };
  /** @param {number} index */
  const focusId = (index) => `${name}-${index}`;
  if (!single && typeof item.key === "string") item.key = [item.key];
  const rows = options.map(row);
  const first = /** @type {HTMLElement} */ (ctx.controls.get(`${path}.key`));
  const fixed = h("input", { type: "checkbox", checked: item.fixed_order, onchange: () => {
    item.fixed_order = fixed.checked || undefined;
    ctx.changed(`${path}.fixed_order`);
  } });
  const more = h("button", { type: "button", class: "button slim", onclick: () => {
    options.push({});
    ctx.changed(`${path}.options`);
    redraw();
  } }, t.addOption);
  ctx.controls.set(`${path}.options`, more);
  return h("fieldset", { class: "field wide" }, h("legend", { class: "label" }, t.options), h("p", { class: "hint" }, t.optionsHint),
    rows, groupError(first), groupError(more), h("div", { class: "row" }, options.length < LETTERS.length ? more : null,
      h("label", { class: "check" }, fixed, t.fixedOrder)));
}

/** @param {Ctx} ctx @param {string} path @param {QuestionItem} item @param {() => void} redraw */
function judgementFields(ctx, path, item, redraw) {
  const name = freshId("truth");
  const radio = (/** @type {boolean} */ truth, /** @type {string} */ title) => {
    const control = h("input", { type: "radio", name, checked: item.key === truth, onchange: () => {
      item.key = truth;
      if (truth) item.misconception = undefined;
      ctx.changed(`${path}.key`);
      redraw();
      document.getElementById(`${name}-${truth}`)?.focus();
    } });
    control.id = `${name}-${truth}`;
    if (truth) ctx.controls.set(`${path}.key`, control);
    return h("label", { class: "check" }, control, title);
  };
  const yes = radio(true, t.right);
  const no = radio(false, t.wrong);
  const first = /** @type {HTMLElement} */ (ctx.controls.get(`${path}.key`));
  return [h("fieldset", { class: "field wide" }, h("legend", { class: "label" }, t.key), h("div", { class: "checks" }, yes, no),
    groupError(first)),
  item.key === false && textField(ctx, `${path}.misconception`, t.misconception, item.misconception, (text) => {
    item.misconception = text;
  }).element];
}

/** @param {Ctx} ctx @param {string} path @param {QuestionItem} item */
function blankFields(ctx, path, item) {
  const count = (item.stem ?? "").split(BLANK).length - 1;
  const key = Array.isArray(item.key) && item.key.every(Array.isArray) ? /** @type {string[][]} */ (item.key) : [];
  item.key = Array.from({ length: count }, (_, index) => key[index] ?? []);
  const answers = item.key;
  if (count === 0) return h("p", { class: "quiet" }, t.noBlank);
  return answers.map((accepted, index) => {
    const control = h("input", { class: "input", value: accepted.join(" / "), autocomplete: "off", oninput: () => {
      answers[index] = control.value.split(/[/／]/).map((one) => one.trim()).filter(Boolean);
      ctx.changed(`${path}.key`);
    } });
    if (index === 0) ctx.controls.set(`${path}.key`, control);
    return field(t.blank(index + 1), control, { wide: true, hint: t.blankHint });
  });
}

/** @param {Ctx} ctx @param {string} path @param {QuestionItem} item @param {() => void} redraw */
function essayFields(ctx, path, item, redraw) {
  const points = item.points ??= [{}];
  const more = h("button", { type: "button", class: "button slim", onclick: () => {
    points.push({});
    ctx.changed(`${path}.points`);
    redraw();
  } }, t.addPoint);
  ctx.controls.set(`${path}.points`, more);
  return [
    textField(ctx, `${path}.reference`, t.reference, item.reference, (text) => { item.reference = text; }, { rows: 4 }).element,
    h("fieldset", { class: "field wide" }, h("legend", { class: "label" }, t.points), points.map((point, index) => {
      const text = h("input", { class: "input", value: point.text ?? "", "aria-label": t.point(index + 1), oninput: () => {
        point.text = text.value.trim() || undefined;
        ctx.changed(`${path}.points[${index}].text`);
      } });
      const marks = h("input", { class: "input slim narrow", inputmode: "decimal", value: point.marks ?? "",
        "aria-label": t.marks(index + 1), oninput: () => {
          const number = Number(marks.value);
          point.marks = marks.value.trim() && Number.isFinite(number) ? number : undefined;
          ctx.changed(`${path}.points[${index}].marks`);
        } });
      ctx.controls.set(`${path}.points[${index}].text`, text);
      ctx.controls.set(`${path}.points[${index}].marks`, marks);
      return h("div", { class: "joined" }, text, marks, points.length > 1 ? h("button", { type: "button", class: "button slim",
        "aria-label": t.removePoint(index + 1), onclick: () => {
          points.splice(index, 1);
          ctx.changed(`${path}.points`);
          redraw();
        } }, "×") : null, groupError(text));
    }), groupError(more), more)];
}

/** @param {Ctx} ctx @param {string} path @param {QuestionItem} item @param {() => void} redraw */
function citationFields(ctx, path, item, redraw) {
  const citations = item.citations ??= [{}];
  const more = h("button", { type: "button", class: "button slim", onclick: () => {
    // The next basis is of the same law, as a rule.
    const last = citations[citations.length - 1];
    citations.push(last ? { law: last.law, edition: last.edition } : {});
    ctx.changed(`${path}.citations`);
    redraw();
  } }, t.addCitation);
  ctx.controls.set(`${path}.citations`, more);
  return h("div", { role: "group", "aria-label": t.citations }, h("p", { class: "label" }, t.citations),
    citations.map((citation, index) => citationForm(ctx, `${path}.citations[${index}]`, item, citation, index, () => {
      citations.splice(index, 1);
      ctx.changed(`${path}.citations`);
      redraw();
    })), groupError(more), more);
}

/**
 * The form of an item. It writes into the item as one types.
 * @param {Ctx} ctx
 * @param {string} path
 * @param {QuestionItem} item
 */
export function itemForm(ctx, path, item) {
  const place = h("div", null);
  const answers = h("div", null);
  const bases = h("div", null);
  const drawAnswers = () => {
    const { kind } = item;
    fill(answers, kind === "single" || kind === "multiple" ? choiceFields(ctx, path, item, redraw)
      : kind === "judgement" ? judgementFields(ctx, path, item, redraw)
        : kind === "blank" ? blankFields(ctx, path, item)
          : kind === "essay" ? essayFields(ctx, path, item, redraw) : null);
  };
  const redraw = () => {
    drawAnswers();
    fill(bases, citationFields(ctx, path, item, redraw));
  };
  const stem = textField(ctx, `${path}.stem`, t.stem, item.stem, (text) => {
    const before = item.stem;
    item.stem = text;
    const blanks = (/** @type {string | undefined} */ own) => (own ?? "").split(BLANK).length;
    if (item.kind === "blank" && blanks(before) !== blanks(text)) drawAnswers();
  }, { rows: 3, ...(item.kind === "blank" ? { hint: t.stemBlankHint } : {}) });
  const insert = item.kind === "blank" && h("button", { type: "button", class: "button slim", onclick: () => {
    const control = /** @type {HTMLTextAreaElement} */ (stem.control);
    control.setRangeText(BLANK, control.selectionStart, control.selectionEnd, "end");
    control.dispatchEvent(new Event("input"));
    control.focus();
  } }, t.insertBlank);
  fill(place, stem.element, insert, answers,
    textField(ctx, `${path}.explanation`, t.explanation, item.explanation, (text) => { item.explanation = text; },
      { rows: 3, hint: t.explanationHint }).element, bases);
  redraw();
  return place;
}
