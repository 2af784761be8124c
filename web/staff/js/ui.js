// Small pieces that every page uses: notices, failures, confirmations, fields.

import { Problem, onceOnly } from "./api.js";
import { fill, freshId, h } from "./dom.js";
import { texts } from "./texts.js";

/** @typedef {import("./dom.js").Child} Child */

/**
 * @param {"plain" | "good" | "warn" | "bad"} kind
 * @param {Child} title
 * @param {...Child} body
 */
export function notice(kind, title, ...body) {
  return h("div", { class: `notice ${kind}`, role: kind === "bad" ? "alert" : "status" },
    h("p", { class: "notice-title" }, title), ...body);
}

/** A state in a word, with its colour.
 * @param {string} word
 * @param {"" | "good" | "warn" | "bad"} [tone]
 */
export function chip(word, tone = "") {
  return h("span", { class: `state ${tone}` }, word);
}

/** An exam's state in a word.
 * @param {string} state
 */
export function examChip(state) {
  const tone = state === "open" ? "good" : state === "draft" ? "warn" : state === "cancelled" ? "bad" : "";
  return chip(texts.examStates[state] ?? state, tone);
}

/**
 * What went wrong: what happened, whether anything was lost, what to do, and a number to quote.
 * @param {unknown} error
 * @param {{what: string, kept?: string, retry?: () => void}} about
 */
export function failure(error, { what, kept, retry }) {
  const problem = error instanceof Problem ? error : new Problem({
    status: 0, type: "page", title: texts.problem.page, detail: error instanceof Error ? error.message : String(error),
  });
  const wait = problem.retryAfterSeconds ? texts.problem.waitSeconds(problem.retryAfterSeconds) : null;
  return notice("bad", what,
    h("p", null, problem.title, problem.detail ? h("br") : null, problem.detail || null),
    problem.errors.length > 0 && h("ul", null, problem.errors.map(({ field, reason }) =>
      h("li", null, field ? `${texts.fields[field] ?? field}：` : null, reason))),
    // What the page would say of an unchanged state is no longer known to be true.
    h("p", null, problem.uncertain
      ? problem.repeatable ? texts.problem.uncertainOnce : texts.problem.uncertain
      : kept ?? texts.problem.nothingLost, wait),
    h("p", { class: "quiet small" },
      problem.requestId ? texts.problem.number(problem.requestId) : texts.problem.noNumber),
    retry && h("p", null, h("button", { type: "button", class: "button slim", onclick: retry }, texts.common.retry)),
  );
}

/** What comes here, and how.
 * @param {string} title
 * @param {...Child} how
 */
export function empty(title, ...how) {
  return h("div", { class: "empty" }, h("p", { class: "empty-title" }, title),
    how.length > 0 && h("p", null, ...how));
}

/** @param {string} text */
export function loading(text) {
  return h("p", { class: "loading", role: "status" }, text);
}

/**
 * A labelled control with hint; `error` can be set later by {@link setFieldError}.
 * @param {string} label
 * @param {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} control
 * @param {{hint?: Child, wide?: boolean}} [options]
 */
export function field(label, control, { hint, wide } = {}) {
  const id = control.id || freshId("f");
  control.id = id;
  const parts = [];
  if (hint) parts.push(`${id}-hint`);
  parts.push(`${id}-error`);
  control.setAttribute("aria-describedby", parts.join(" "));
  return h("div", { class: wide ? "field wide" : "field" },
    h("label", { for: id }, label),
    control,
    hint && h("p", { class: "hint", id: `${id}-hint` }, hint),
    h("p", { class: "error", id: `${id}-error`, hidden: true }));
}

/**
 * @param {HTMLElement} control
 * @param {string | null} message
 */
export function setFieldError(control, message) {
  const place = document.getElementById(`${control.id}-error`);
  if (message) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
  if (place) {
    place.textContent = message ?? "";
    place.hidden = !message;
  }
}

/**
 * @param {{value: string, title: string, disabled?: boolean}[]} options
 * @param {string} value
 * @param {Record<string, unknown>} [props]
 */
export function select(options, value, props = {}) {
  return h("select", { class: "input slim", value, ...props },
    options.map((option) => h("option", { value: option.value, disabled: option.disabled }, option.title)));
}

/**
 * Runs work while a button says so and cannot be pressed again.
 * @param {HTMLButtonElement} button
 * @param {string} doing
 * @param {() => Promise<void>} work
 */
export async function busy(button, doing, work) {
  if (button.getAttribute("aria-disabled") === "true") return;
  const label = button.textContent ?? "";
  button.setAttribute("aria-disabled", "true");
  button.textContent = doing;
  try {
    await work();
  } finally {
    button.removeAttribute("aria-disabled");
    button.textContent = label;
  }
}

/**
 * @typedef {{title: string, consequences: Child[] | HTMLUListElement, fields?: Child, check?: () => HTMLElement | null,
 *   reason?: {label: string, hint?: string}, number?: {label: string, expected: number}, confirm: string, doing: string,
 *   danger?: boolean, what: string, kept?: string,
 *   onconfirm: (reason: string, send: ReturnType<typeof onceOnly>) => Promise<void>, oncancel?: () => void}} Confirmation
 * `fields` are asked before the consequences, which may depend on them; `check` marks what is wrong in them and returns
 * the first such control. `send` posts so that a second press after a lost reply does nothing twice.
 */

/**
 * Asks before a consequential act, in the page: what will happen, to how many, why; then does it.
 * The panel is put into `place` and takes the focus; cancelling gives it back.
 * @param {HTMLElement} place
 * @param {Confirmation} ask
 */
export function confirmIn(place, ask) {
  const before = document.activeElement;
  const send = onceOnly();
  const titleId = freshId("confirm");
  const outcome = h("div", null);
  const reason = ask.reason ? h("textarea", { class: "input short", rows: 2, maxlength: 500 }) : null;
  const number = ask.number ? h("input", { class: "input slim", inputmode: "numeric", autocomplete: "off" }) : null;
  const go = h("button", { type: "submit", class: ask.danger ? "button slim danger" : "button slim primary" },
    ask.confirm);
  const close = () => {
    fill(place);
    if (before instanceof HTMLElement && before.isConnected) before.focus();
    ask.oncancel?.();
  };
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    const wrong = ask.check?.() ?? null;
    const why = reason?.value.trim() ?? "";
    if (reason) setFieldError(reason, why ? null : texts.common.reasonNeeded);
    const wrongNumber = Boolean(number && ask.number && Number(number.value.trim()) !== ask.number.expected);
    if (number && ask.number) {
      setFieldError(number, wrongNumber ? texts.common.numberWrong(ask.number.expected) : null);
    }
    if (wrong) return wrong.focus();
    if (reason && !why) return reason.focus();
    if (number && wrongNumber) return number.focus();
    void busy(go, ask.doing, async () => {
      try {
        await ask.onconfirm(why, send);
        if (form.isConnected) fill(place);
      } catch (error) {
        fill(outcome, failure(error, ask.kept ? { what: ask.what, kept: ask.kept } : { what: ask.what }));
      }
    });
  };
  const form = h("form", { class: ask.danger ? "confirm danger" : "confirm", "aria-labelledby": titleId,
    onsubmit: submit, novalidate: true },
    h("h2", { class: "minor", id: titleId, tabindex: -1 }, ask.title),
    ask.fields,
    ask.consequences instanceof HTMLElement ? ask.consequences
      : h("ul", null, ask.consequences.filter(Boolean).map((line) => h("li", null, line))),
    reason && ask.reason && field(ask.reason.label, reason, { hint: ask.reason.hint }),
    number && ask.number && field(ask.number.label, number),
    outcome,
    h("div", { class: "row" }, go,
      h("button", { type: "button", class: "button slim", onclick: close }, texts.common.cancel)));
  fill(place, form);
  byTitle(form)?.focus();
  form.scrollIntoView({ block: "nearest" });
}

/**
 * A choice of one among few, each with its words in full.
 * @param {string} legend
 * @param {{value: string, title: string}[]} options
 * @param {(value: string) => void} onchange
 * @param {string} [value]
 */
export function radios(legend, options, onchange, value) {
  const name = freshId("radio");
  const error = h("p", { class: "error", id: `${name}-error`, hidden: true });
  const inputs = options.map((option) => h("input", { type: "radio", name, value: option.value,
    checked: option.value === value, "aria-describedby": error.id, onchange: () => {
      error.hidden = true;
      onchange(option.value);
    } }));
  const element = h("fieldset", { class: "field" }, h("legend", { class: "label" }, legend),
    inputs.map((input, index) => h("label", { class: "check line" }, input, h("span", null, options[index]?.title))),
    error);
  return {
    element,
    value: () => inputs.find((input) => input.checked)?.value ?? "",
    /** Marks the choice as missing and returns the control to go to. @param {string} message */
    missing(message) {
      error.textContent = message;
      error.hidden = false;
      return inputs[0] ?? null;
    },
  };
}

/** @param {HTMLElement} form */
function byTitle(form) {
  return form.querySelector("h2");
}

/**
 * Copies text; where the browser does not allow it (plain HTTP), selects it for the person to copy.
 * @param {HTMLTextAreaElement} area
 * @returns {Promise<boolean>} whether it is in the clipboard
 */
export async function copyFrom(area) {
  try {
    await navigator.clipboard.writeText(area.value);
    return true;
  } catch {
    area.focus();
    area.select();
    return document.execCommand("copy");
  }
}

/** What {@link refill} put into an element last. @type {WeakMap<Element, string>} */
const filledFor = new WeakMap();

/**
 * Replaces what an element holds when that has changed: a refresh must not take away focus, folds or what is read.
 * @param {HTMLElement} element
 * @param {unknown} facts what is shown rests on
 * @param {() => Child} build
 */
export function refill(element, facts, build) {
  const now = JSON.stringify(facts) ?? "";
  if (filledFor.get(element) === now) return;
  filledFor.set(element, now);
  fill(element, build());
}

/** Name and value pairs.
 * @param {[string, Child][]} pairs
 */
export function facts(pairs) {
  return h("dl", { class: "facts" }, pairs.map(([name, value]) => h("div", null, h("dt", null, name),
    h("dd", null, value))));
}

/** A timer that rests while the page is hidden and runs at once when it shows again.
 * @param {() => Promise<void> | void} work
 * @param {number} everyMs
 * @returns {() => void} stops it
 */
export function whileVisible(work, everyMs) {
  let timer = 0;
  let stopped = false;
  const turn = async () => {
    clearTimeout(timer);
    if (stopped || document.hidden) return;
    await work();
    if (!stopped) timer = setTimeout(turn, everyMs);
  };
  const shown = () => {
    if (!document.hidden) void turn();
  };
  document.addEventListener("visibilitychange", shown);
  timer = setTimeout(turn, everyMs);
  return () => {
    stopped = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", shown);
  };
}
