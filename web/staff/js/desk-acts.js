// What a manager does to a whole exam on its day: says something, stops the clock, lets it run again.

import { request } from "./api.js";
import { examPath } from "./desk-feed.js";
import { span } from "./desk-words.js";
import { fill, h } from "./dom.js";
import * as f from "./format.js";
import { texts } from "./texts.js";
import { confirmIn, field, notice, setFieldError } from "./ui.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./types-desk.js").Live} Live */
/** @typedef {import("./types-desk.js").Pause} Pause */

const t = texts.desk;

/** The length of a pause so far, in seconds. @param {Pause} pause @param {string} now */
export function pausedSeconds(pause, now) {
  return (Date.parse(pause.resumed_at ?? now) - Date.parse(pause.paused_at)) / 1000;
}

/** A note to everyone who is answering. @param {HTMLElement} place @param {Desk} desk */
export function announcePanel(place, desk) {
  const words = t.announce;
  const text = h("textarea", { class: "input short", rows: 2, maxlength: 200 });
  confirmIn(place, {
    title: words.title,
    fields: field(words.label, text, { hint: words.hint }),
    check: () => {
      const missing = text.value.trim() === "";
      setFieldError(text, missing ? words.missing : null);
      return missing ? text : null;
    },
    consequences: [words.who(f.count(desk.feed.now().total.answering)), words.later, words.final],
    confirm: words.confirm, doing: words.doing, what: words.failed, kept: words.kept,
    onconfirm: async (_reason, send) => {
      const said = text.value.trim();
      await send(`${examPath(desk.feed.exam)}/announcements`, { text: said });
      desk.say(notice("good", words.done, h("p", null, said)));
      await desk.feed.refresh();
    },
  });
}

/** Stops the clock of the exam. @param {HTMLElement} place @param {Desk} desk */
export function pausePanel(place, desk) {
  const words = t.pause;
  const { total } = desk.feed.now();
  confirmIn(place, {
    title: words.title,
    consequences: [words.notStarted(f.count(total.not_started)), words.answering(f.count(total.answering)), words.after,
      words.undo],
    reason: { label: words.reason, hint: words.reasonHint },
    confirm: words.confirm, doing: words.doing, danger: true, what: words.failed, kept: words.kept,
    onconfirm: async (reason, send) => {
      await send(`${examPath(desk.feed.exam)}/pauses`, { reason });
      desk.say(notice("good", words.done));
      await desk.feed.refresh();
    },
  });
}

/** @param {HTMLElement} place @param {Desk} desk */
function resumePanel(place, desk) {
  const words = t.pause;
  const { total, paused, server_now: now } = desk.feed.now();
  if (!paused) return;
  const length = span(pausedSeconds(paused, now));
  confirmIn(place, {
    title: words.resumeTitle,
    consequences: [words.resumeAnswering(f.count(total.answering), length),
      words.resumeOthers(f.count(total.not_started), length)],
    confirm: words.resumeGo, doing: words.resuming, what: words.resumeFailed, kept: words.resumeKept,
    onconfirm: async () => {
      const response = await request("DELETE", `${examPath(desk.feed.exam)}/pauses/current`);
      /** @type {Pause} */
      const ended = await response.json();
      desk.say(notice("good", words.resumed(span(pausedSeconds(ended, now)))));
      await desk.feed.refresh();
    },
  });
}

/**
 * The banner of a paused exam: since when, how long, why, what it means, and the way on.
 * @param {Desk} desk
 * @param {HTMLElement} place where resuming is asked about
 */
export function resumeBanner(desk, place) {
  // How long it lasts changes with every picture: no live region, or a screen reader would never be quiet.
  const title = h("p", { class: "notice-title" });
  const why = h("p", null);
  const element = h("section", { class: "notice warn paused", "aria-label": t.pausedNow }, title, why,
    h("p", null, t.pausedMeans),
    h("p", { class: "no-print" }, h("button", { type: "button", class: "button primary",
      onclick: () => resumePanel(place, desk) }, t.pause.resume)));
  return {
    element,
    /** @param {Live} live */
    show({ paused, server_now: now }) {
      if (!paused) return;
      fill(title, t.pausedFor(span(pausedSeconds(paused, now))));
      fill(why, t.pausedWhy(f.shortDateTime(paused.paused_at), paused.reason));
    },
  };
}
