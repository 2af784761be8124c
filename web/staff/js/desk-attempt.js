// Incidents of one attempt: void it (作废), or let the person go on (恢复作答).

import { get } from "./api.js";
import { minutesField } from "./desk-extend.js";
import { examPath } from "./desk-feed.js";
import { fill, h } from "./dom.js";
import * as f from "./format.js";
import { texts } from "./texts.js";
import { confirmIn, notice, radios } from "./ui.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./types.js").Exam} Exam */
/** @typedef {import("./types-desk.js").AttemptChanged} AttemptChanged */
/** @typedef {import("./types-desk.js").Timeline} Timeline */
/** @typedef {import("./types-desk.js").TimelineAttempt} TimelineAttempt */

const t = texts.desk;

/** @param {string[]} lines @param {HTMLUListElement} list */
function drawLines(list, lines) {
  fill(list, lines.filter(Boolean).map((line) => h("li", null, line)));
}

/**
 * @param {HTMLElement} place
 * @param {Desk} desk
 * @param {Timeline} timeline
 * @param {TimelineAttempt} attempt
 * @param {() => void} again
 */
export function voidPanel(place, desk, timeline, attempt, again) {
  const words = t.void;
  const list = h("ul", { "aria-live": "polite" });
  const draw = () => drawLines(list, [words.means[kind.value()] ?? "",
    attempt.state === "answering" ? words.answering : words.marked, words.told, words.final]);
  const kind = radios(words.kind, ["annulled", "disqualified"].map((value) =>
    ({ value, title: words.kinds[value] ?? value })), draw);
  draw();
  confirmIn(place, {
    title: words.title(timeline.name, attempt.number), fields: kind.element, consequences: list,
    check: () => kind.value() ? null : kind.missing(words.kindMissing),
    reason: { label: words.reason, hint: words.reasonHint },
    confirm: words.confirm, doing: words.doing, danger: true, what: words.failed, kept: words.kept,
    onconfirm: async (reason, send) => {
      const chosen = kind.value();
      await send(`/attempts/${encodeURIComponent(attempt.attempt)}/voidings`, { reason, kind: chosen });
      desk.say(notice("good", words.done(timeline.name, t.person.voidings[chosen] ?? chosen)));
      again();
      await desk.feed.refresh();
    },
  });
}

/**
 * @param {HTMLElement} place
 * @param {Desk} desk
 * @param {Timeline} timeline
 * @param {TimelineAttempt} attempt
 * @param {TimelineAttempt | undefined} other one that is still being answered
 * @param {() => void} again
 */
export function reopenPanel(place, desk, timeline, attempt, other, again) {
  const words = t.reopen;
  const list = h("ul", { "aria-live": "polite" });
  let keysOut = false;
  const draw = () => drawLines(list, [words.open(length.value() ?? 0), words.marked, keysOut ? words.keys : "",
    other ? words.other : "", words.told, words.final]);
  const length = minutesField(words.minutes, words.minutesHint, draw);
  draw();
  // Whether the keys may have been seen is a rule of the exam; the server says so again once it is done.
  get(examPath(desk.feed.exam)).then((/** @type {Exam} */ exam) => {
    keysOut = exam.rules.release_keys === "at_submission";
    draw();
  }, () => undefined);
  confirmIn(place, {
    title: words.title(timeline.name, attempt.number), fields: length.element, consequences: list, check: length.check,
    reason: { label: words.reason, hint: words.reasonHint },
    confirm: words.confirm, doing: words.doing, what: words.failed, kept: words.kept,
    onconfirm: async (reason, send) => {
      /** @type {AttemptChanged} */
      const changed = await send(`/attempts/${encodeURIComponent(attempt.attempt)}/reopenings`,
        { reason, seconds: (length.value() ?? 0) * 60 });
      desk.say(notice(changed.warnings.length > 0 ? "warn" : "good",
        words.done(timeline.name, f.shortDateTime(changed.deadline)),
        changed.warnings.map((line) => h("p", null, line))));
      again();
      await desk.feed.refresh();
    },
  });
}
