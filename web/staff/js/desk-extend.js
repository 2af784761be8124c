// More time: for all, for a unit with all below it, or for one person; first how many people it reaches.

import { examPath, getLive } from "./desk-feed.js";
import { openAttempt, span } from "./desk-words.js";
import { fill, h } from "./dom.js";
import * as f from "./format.js";
import { texts } from "./texts.js";
import { confirmIn, field, notice, radios, setFieldError } from "./ui.js";
import { unitPicker } from "./units.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./types-desk.js").Extension} Extension */
/** @typedef {import("./types-desk.js").LiveCounts} LiveCounts */
/** @typedef {import("./types-desk.js").Timeline} Timeline */

const t = texts.desk.extend;
/** The longest time in one act, in minutes: a day. */
const MINUTES_MOST = 1_440;
const MINUTES_FIRST = "10";

/**
 * A field for minutes.
 * @param {string} label
 * @param {string} hint
 * @param {() => void} [oninput]
 */
export function minutesField(label, hint, oninput) {
  const input = h("input", { class: "input slim minutes", type: "number", min: 1, max: MINUTES_MOST, step: 1,
    inputmode: "numeric", value: MINUTES_FIRST, oninput });
  const value = () => {
    const minutes = Number(input.value);
    return Number.isInteger(minutes) && minutes >= 1 && minutes <= MINUTES_MOST ? minutes : null;
  };
  return {
    element: field(label, input, { hint }),
    value,
    /** Marks a wrong value and returns the control to go to. */
    check() {
      const wrong = value() === null;
      setFieldError(input, wrong ? t.minutesWrong : null);
      return wrong ? input : null;
    },
  };
}

/**
 * @param {HTMLElement} place
 * @param {Desk} desk
 * @param {{title: string, fields: import("./dom.js").Child, lines: HTMLUListElement,
 *   minutes: ReturnType<typeof minutesField>,
 *   check: () => HTMLElement | null, scope: () => Record<string, unknown>, after?: () => void}} ask
 */
function askExtension(place, desk, { title, fields, lines, minutes, check, scope, after }) {
  confirmIn(place, {
    title, fields: [fields, minutes.element], consequences: lines, check: () => check() ?? minutes.check(),
    reason: { label: t.reason, hint: t.reasonHint },
    confirm: t.confirm, doing: t.doing, what: t.failed, kept: t.kept,
    onconfirm: async (reason, send) => {
      /** @type {Extension} */
      const done = await send(`${examPath(desk.feed.exam)}/extensions`,
        { ...scope(), seconds: (minutes.value() ?? 0) * 60, reason });
      desk.say(notice("good", t.done(done.subject_name, span(done.seconds), f.count(done.attempts))));
      after?.();
      await desk.feed.refresh();
    },
  });
}

/**
 * More time for all or for a unit.
 * @param {HTMLElement} place
 * @param {Desk} desk
 * @param {string} [first] the unit that is meant
 */
export function extendPanel(place, desk, first = "") {
  const lines = h("ul", { "aria-live": "polite" });
  /** @type {LiveCounts | null} */
  let counts = null;
  let unit = first;
  let asked = 0;
  const draw = () => {
    const minutes = length.value() ?? 0;
    fill(lines, counts === null ? h("li", null, scope.value() === "unit" && !unit ? t.unitMissing : t.counting)
      : [t.answering(f.count(counts.answering), minutes), t.notStarted(f.count(counts.not_started), minutes), t.handedIn,
        t.final].map((line) => h("li", null, line)));
  };
  const count = async () => {
    const turn = ++asked;
    counts = scope.value() === "all" ? desk.feed.now().total : null;
    draw();
    if (scope.value() === "all" || !unit) return;
    try {
      const live = await getLive(desk.feed.exam, unit);
      if (turn !== asked) return;
      counts = live.total;
      draw();
    } catch {
      if (turn === asked) fill(lines, h("li", null, t.countFailed));
    }
  };
  const length = minutesField(t.minutes, t.minutesHint, draw);
  const picker = unitPicker(desk.tree, { value: first, all: t.unitMissing, label: t.pick, onchange: (chosen) => {
    unit = chosen;
    void count();
  } });
  const scope = radios(t.who, [{ value: "all", title: t.all }, { value: "unit", title: t.unit }], (chosen) => {
    picker.hidden = chosen !== "unit";
    void count();
  }, first ? "unit" : "all");
  picker.hidden = !first;
  askExtension(place, desk, {
    title: t.title, minutes: length, lines,
    fields: [h("p", { class: "quiet small" }, t.one, h("a", { href: desk.link({ view: "person" }) }, t.oneLink), "。"),
      scope.element, picker],
    // Nothing is done to people who have not been counted.
    check: () => scope.value() === "unit" && counts === null ? picker.querySelector("select") : null,
    scope: () => scope.value() === "all" ? { all: true } : { unit },
  });
  void count();
}

/**
 * More time for one person.
 * @param {HTMLElement} place
 * @param {Desk} desk
 * @param {Timeline} timeline
 * @param {() => void} after
 */
export function extendOnePanel(place, desk, timeline, after) {
  const lines = h("ul", { "aria-live": "polite" });
  const open = openAttempt(timeline);
  const draw = () => {
    const minutes = length.value() ?? 0;
    fill(lines, h("li", null, open
      ? t.oneAnswering(timeline.name, f.clockTime(open.deadline),
        f.clockTime(Date.parse(open.deadline) + minutes * 60_000))
      : t.oneNot(timeline.name, minutes)), h("li", null, t.final));
  };
  const length = minutesField(t.minutes, t.minutesHint, draw);
  draw();
  askExtension(place, desk, {
    title: t.titleOne(timeline.name), fields: null, lines, minutes: length, check: () => null,
    scope: () => ({ person: timeline.person }), after,
  });
}
