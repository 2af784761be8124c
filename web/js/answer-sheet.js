/**
 * The paper in hand: one question as it is answered, and 答题卡, the sheet of all of them from below.
 */
import { el, fill, focusOn, paragraphs } from "./dom.js";
import { T } from "./texts.js";

/** @typedef {import("./types.js").Slot} Slot */
/** @typedef {import("./types.js").AnswerValue} AnswerValue */
/** @typedef {import("./types.js").QuestionSettings} QuestionSettings */
/** @typedef {import("./types.js").Controls} Controls */
/** @typedef {import("./types.js").SheetItem} SheetItem */

/** How long after the last key a text is saved, in milliseconds. */
const TEXT_PAUSE_MS = 800;
/** Characters of a blank and of an essay. */
const BLANK_MAX = 200;
const ESSAY_MAX = 4000;

/** Whether a response says anything. @param {AnswerValue | undefined} response */
export function isAnswered(response) {
  if (response === null || response === undefined) return false;
  return !Array.isArray(response) || response.some((text) => text.trim() !== "");
}

/**
 * A question with its controls.
 *
 * @param {QuestionSettings} settings
 * @returns {import("./types.js").QuestionView}
 */
export function questionView(settings) {
  const { slot, onAnswer, onMark } = settings;
  const heading = el("h1", { class: "question-number", text: settings.heading });
  const stemId = `stem-${slot.slot}`;
  const stem = el("div", { class: "stem", id: stemId }, ...paragraphs(slot.stem));
  let touched = false;
  const clear = el("button", {
    class: "linklike",
    type: "button",
    text: T.exam.clear,
    hidden: !isAnswered(settings.response),
    on: { click: () => controls.clear() },
  });
  /** @param {AnswerValue} response */
  const answered = (response) => {
    touched = true;
    clear.hidden = !isAnswered(response);
    onAnswer(response);
  };
  const controls = controlsFor(slot, settings.response, stemId, answered);
  const node = el(
    "article",
    { class: "question" },
    slot.group && passageView(slot.group.passage, settings.passageOpen !== false, settings.onPassage),
    el("div", { class: "question-head" }, heading, settings.aside && el("span", { class: "quiet", text: settings.aside })),
    stem,
    controls.node,
    el("div", { class: "question-tools" }, onMark && markButton(settings.marked === true, onMark), clear),
  );
  return {
    node,
    heading,
    commit: controls.commit,
    typing: controls.typing,
    lock() {
      if (touched) controls.commit(true);
      clear.hidden = true;
      for (const control of Array.from(node.querySelectorAll("input, textarea, button"))) {
        control.setAttribute("disabled", "");
      }
    },
  };
}

/** @param {string} passage @param {boolean} open @param {((open: boolean) => void) | undefined} onToggle */
function passageView(passage, open, onToggle) {
  const details = el(
    "details",
    { class: "passage", open },
    el("summary", { text: T.exam.passage }),
    ...paragraphs(passage),
  );
  details.addEventListener("toggle", () => onToggle && onToggle(details.open));
  return details;
}

/** @param {boolean} marked @param {(marked: boolean) => void} onMark */
function markButton(marked, onMark) {
  let on = marked;
  const button = el("button", {
    class: "button slim mark",
    type: "button",
    "aria-pressed": String(on),
    text: on ? T.exam.marked : T.exam.mark,
    on: {
      click() {
        on = !on;
        button.setAttribute("aria-pressed", String(on));
        button.textContent = on ? T.exam.marked : T.exam.mark;
        onMark(on);
      },
    },
  });
  return button;
}

/**
 * @param {Slot} slot
 * @param {AnswerValue | undefined} response
 * @param {string} stemId
 * @param {(response: AnswerValue) => void} onAnswer
 * @returns {Controls}
 */
function controlsFor(slot, response, stemId, onAnswer) {
  if (slot.kind === "blank" || slot.kind === "essay") return textControls(slot, response, stemId, onAnswer);
  if (slot.kind === "judgement") {
    const options = [
      { value: "true", letter: "", text: T.exam.right },
      { value: "false", letter: "", text: T.exam.wrong },
    ];
    const chosen = typeof response === "boolean" ? [String(response)] : [];
    return choiceControls(slot, options, chosen, stemId, (values) => onAnswer(values[0] === "true"), onAnswer);
  }
  const options = (slot.options || []).map(({ id, text }) => ({ value: id, letter: id, text }));
  const chosen = Array.isArray(response) ? response : [];
  return choiceControls(slot, options, chosen, stemId, onAnswer, onAnswer);
}

/**
 * Whole-width rows with their letters: radios, or boxes with a count.
 *
 * @param {Slot} slot
 * @param {{ value: string, letter: string, text: string }[]} options
 * @param {string[]} chosen
 * @param {string} stemId
 * @param {(values: string[]) => void} onChoose
 * @param {(cleared: null) => void} onClear
 * @returns {Controls}
 */
function choiceControls(slot, options, chosen, stemId, onChoose, onClear) {
  const multiple = slot.kind === "multiple";
  const count = el("span", { text: T.exam.chosen(chosen.length) });
  /** @type {HTMLInputElement[]} */
  const inputs = [];
  const values = () => inputs.filter((input) => input.checked).map((input) => input.value);
  const changed = () => {
    const now = values();
    count.textContent = T.exam.chosen(now.length);
    if (now.length === 0) onClear(null);
    else onChoose(now);
  };
  const rows = options.map(({ value, letter, text }) => {
    const input = el("input", {
      class: "sr-only",
      type: multiple ? "checkbox" : "radio",
      name: `slot-${slot.slot}`,
      value,
      on: { change: changed },
    });
    input.checked = chosen.includes(value);
    inputs.push(input);
    return el(
      "label",
      { class: multiple ? "option box" : "option" },
      input,
      el(
        "span",
        { class: "option-row" },
        el("span", { class: "option-sign", "aria-hidden": "true" }),
        letter && el("span", { class: "option-letter", text: letter }),
        el("span", { class: "option-text", text }),
      ),
    );
  });
  const hint =
    multiple && el("p", { class: "choice-hint" }, el("strong", { text: T.exam.multipleHint }), "，", count);
  return {
    node: el(
      "div",
      { class: "options", role: multiple ? "group" : "radiogroup", "aria-labelledby": stemId },
      hint,
      ...rows,
    ),
    commit() {},
    typing: () => false,
    clear() {
      for (const input of inputs) input.checked = false;
      changed();
      if (inputs[0]) inputs[0].focus();
    },
  };
}

/**
 * Blanks and essays: saved when a word of the input method is finished, after a pause, and on leaving the field.
 *
 * @param {Slot} slot
 * @param {AnswerValue | undefined} response
 * @param {string} stemId
 * @param {(response: AnswerValue) => void} onAnswer
 * @returns {Controls}
 */
function textControls(slot, response, stemId, onAnswer) {
  const count = slot.kind === "essay" ? 1 : Math.max(1, slot.blanks || 1);
  const texts = Array.isArray(response) ? response : [];
  let composing = false;
  let dirty = false;
  let timer = 0;
  /** @type {(HTMLInputElement | HTMLTextAreaElement)[]} */
  const inputs = [];

  /** Half a word of the input method is no answer: it is taken when finished, or when the question is left. */
  const commit = (leaving = false) => {
    window.clearTimeout(timer);
    if (!dirty || (composing && !leaving)) return;
    dirty = false;
    const values = inputs.map((input) => input.value);
    onAnswer(values.every((text) => text.trim() === "") ? null : values);
  };
  const later = () => {
    dirty = true;
    window.clearTimeout(timer);
    if (!composing) timer = window.setTimeout(() => commit(), TEXT_PAUSE_MS);
  };
  const listeners = {
    input: later,
    blur: () => commit(),
    compositionstart: () => (composing = true),
    compositionend: () => {
      composing = false;
      dirty = true;
      commit();
    },
  };

  const rows = [];
  for (let n = 1; n <= count; n += 1) {
    const id = `blank-${slot.slot}-${n}`;
    const input =
      slot.kind === "essay"
        ? el("textarea", { class: "input", id, rows: 8, maxlength: ESSAY_MAX, on: listeners })
        : el("input", { class: "input", id, type: "text", autocomplete: "off", maxlength: BLANK_MAX, on: listeners });
    input.value = texts[n - 1] || "";
    input.setAttribute("aria-describedby", stemId);
    inputs.push(input);
    const label = slot.kind === "essay" ? T.exam.essay : T.exam.blank(n, count);
    rows.push(el("div", { class: "field" }, el("label", { for: id, text: label }), input));
  }
  return {
    node: el("div", { class: "blanks" }, ...rows),
    commit,
    typing: () => dirty,
    clear() {
      for (const input of inputs) input.value = "";
      composing = false;
      dirty = true;
      commit();
      if (inputs[0]) inputs[0].focus();
    },
  };
}

/* 答题卡 */

/**
 * Buttons of question numbers, under a heading wherever the kind changes.
 *
 * @param {SheetItem[]} items
 * @param {(slot: number) => void} onGo
 * @returns {HTMLElement}
 */
export function numberGrid(items, onGo) {
  const grid = el("div", { class: "sheet-groups" });
  let kind = "";
  let row = el("div");
  for (const { slot, done, marked, here } of items) {
    if (slot.kind !== kind || !row.parentNode) {
      kind = slot.kind;
      row = el("div", { class: "sheet-grid" });
      grid.append(el("p", { class: "sheet-kind small quiet", text: T.kind(kind) }), row);
    }
    row.append(
      el(
        "button",
        {
          class: `sheet-number${done ? " done" : ""}${marked ? " marked" : ""}`,
          type: "button",
          "aria-label": T.sheet.label(slot.slot, done, marked, here),
          "aria-current": here && "true",
          on: { click: () => onGo(slot.slot) },
        },
        String(slot.slot),
      ),
    );
  }
  return grid;
}

/**
 * Opens the sheet from below. It holds the keyboard until it is closed, by its button, Escape or the ground behind.
 *
 * @param {SheetItem[]} items
 * @param {{ onGo: (slot: number) => void, onHandIn: () => void, onClose: () => void }} events
 * @returns {{ close: () => void }}
 */
export function openSheet(items, events) {
  const before = document.activeElement;
  const done = items.filter((item) => item.done).length;
  const marked = items.filter((item) => item.marked).length;
  const close = () => {
    backdrop.remove();
    document.body.classList.remove("sheet-open");
    if (before instanceof HTMLElement) before.focus();
    events.onClose();
  };
  const go = (/** @type {number} */ slot) => {
    close();
    events.onGo(slot);
  };
  const handIn = () => {
    close();
    events.onHandIn();
  };
  const title = el("h2", { id: "sheet-title", text: T.sheet.title });
  /** @type {HTMLElement} */
  const panel = el("div", {
    class: "sheet",
    role: "dialog",
    "aria-modal": "true",
    "aria-labelledby": "sheet-title",
    on: {
      keydown: (/** @type {Event} */ event) => holdKeys(/** @type {KeyboardEvent} */ (event), panel, close),
    },
  });
  fill(
    panel,
    el(
      "div",
      { class: "sheet-head" },
      title,
      el("button", { class: "button slim", type: "button", text: T.sheet.close, on: { click: close } }),
    ),
    el("p", { text: T.sheet.counts(done, items.length - done, marked) }),
    el(
      "p",
      { class: "sheet-legend small", "aria-hidden": "true" },
      el("span", { class: "sheet-number done" }, "1"), T.sheet.done,
      el("span", { class: "sheet-number" }, "2"), T.sheet.open,
      el("span", { class: "sheet-number marked" }, "3"), T.sheet.marked,
    ),
    el("div", { class: "sheet-body" }, numberGrid(items, go)),
    el("button", {
      class: "button primary block",
      type: "button",
      text: T.sheet.handIn,
      on: { click: handIn },
    }),
  );
  const backdrop = el("div", { class: "sheet-backdrop" }, panel);
  backdrop.addEventListener("click", (event) => {
    if (event.target === backdrop) close();
  });
  document.body.append(backdrop);
  document.body.classList.add("sheet-open");
  focusOn(title);
  const here = panel.querySelector('[aria-current="true"]');
  if (here) here.scrollIntoView({ block: "center" });
  return { close };
}

/** @param {KeyboardEvent} event @param {HTMLElement} panel @param {() => void} close */
function holdKeys(event, panel, close) {
  if (event.key === "Escape") {
    event.preventDefault();
    close();
    return;
  }
  if (event.key !== "Tab") return;
  const stops = Array.from(panel.querySelectorAll("button"));
  const first = stops[0];
  const last = stops[stops.length - 1];
  const active = document.activeElement;
  const outside = !(active instanceof HTMLButtonElement) || !stops.includes(active);
  if (event.shiftKey ? active === first || outside : active === last) {
    event.preventDefault();
    const target = event.shiftKey ? last : first;
    if (target) target.focus();
  }
}
