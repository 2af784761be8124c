// Answers that came too late (留待复核): decided on one by one, with what is known of each.

import { get, getAll } from "./api.js";
import { examPath } from "./desk-feed.js";
import { attemptWord, responseWords, span } from "./desk-words.js";
import { fill, h } from "./dom.js";
import * as f from "./format.js";
import { dataTable } from "./table.js";
import { texts } from "./texts.js";
import { chip, confirmIn, empty, failure, loading, notice } from "./ui.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./types-desk.js").KeptAnswer} KeptAnswer */
/** @typedef {import("./types-desk.js").Timeline} Timeline */
/** @typedef {import("./types-desk.js").TimelineAttempt} TimelineAttempt */

const t = texts.desk.kept;

/** An answer in words; letters are those of the person's own paper. @param {KeptAnswer} answer */
function words(answer) {
  return responseWords(answer.response);
}

/** @param {string} from @param {string} to */
function secondsBetween(from, to) {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}

/** When an answer came, against the deadline once that is known.
 * @param {KeptAnswer} answer
 * @param {TimelineAttempt | null} attempt
 */
function times({ received_at: received, answered_at: claims }, attempt) {
  const late = attempt ? secondsBetween(attempt.deadline, received) : 0;
  const early = attempt && claims ? secondsBetween(claims, attempt.deadline) : null;
  return h("dl", { class: "facts tight" },
    h("div", null, h("dt", null, t.received), h("dd", null, f.clockTime(received),
      late > 0 && h("span", { class: "quiet" }, ` ${t.after(span(late))}`))),
    h("div", null, h("dt", null, t.claims), h("dd", null, claims ? f.clockTime(claims) : t.noClaim,
      early !== null && h("span", { class: "quiet" }, ` ${early >= 0
        ? t.before(span(early)) : t.afterToo(span(-early))}`))));
}

/**
 * @param {HTMLElement} place
 * @param {Desk} desk
 * @param {KeptAnswer} answer
 * @param {boolean} admitted
 * @param {() => Promise<void>} again
 */
function ask(place, desk, answer, admitted, again) {
  const { name, slot } = answer;
  confirmIn(place, {
    title: admitted ? t.admitTitle(name, slot) : t.rejectTitle(name, slot),
    consequences: [admitted ? t.admitWhat(words(answer)) : t.rejectWhat, t.told, t.final],
    reason: { label: t.reason, hint: t.reasonHint },
    confirm: admitted ? t.admitGo : t.rejectGo, doing: t.doing, danger: !admitted, what: t.failedAct, kept: t.kept,
    onconfirm: async (reason, send) => {
      await send(`/kept-answers/${encodeURIComponent(answer.id)}/decision`, { admitted, reason });
      await again();
      desk.say(notice("good", admitted ? t.admitted(name, slot) : t.rejected(name, slot)));
      await desk.feed.refresh();
    },
  });
}

/**
 * Those of one attempt: the person, the deadline, each answer with its two buttons.
 * @param {Desk} desk
 * @param {KeptAnswer[]} answers
 * @param {() => Promise<void>} again
 */
function card(desk, answers, again) {
  const [first] = answers;
  if (!first) return null;
  const about = h("p", { class: "quiet" });
  const list = h("ul", { class: "kept" });
  /** @param {TimelineAttempt | null} attempt */
  const draw = (attempt) => fill(list, answers.map((answer) => {
    const place = h("div", null);
    /** @param {string} text @param {boolean} admitted */
    const act = (text, admitted) => h("button", { type: "button", class: "button slim",
      "aria-label": t.actOf(text, answer.name, answer.slot),
      onclick: () => ask(place, desk, answer, admitted, again) }, text);
    return h("li", null, h("p", { class: "kept-answer" }, h("b", null, t.slot(answer.slot)), `　${t.response}：`,
      h("b", null, words(answer)), /^[A-Z]+$/.test(words(answer)) &&
        h("span", { class: "quiet small" }, ` ${t.onPaper}`)), times(answer, attempt),
    h("div", { class: "row" }, attempt?.state !== "voided" && act(t.admit, true), act(t.reject, false)), place);
  }));
  draw(null);
  get(`${examPath(desk.feed.exam)}/people/${encodeURIComponent(first.person)}/timeline`).then(
    (/** @type {Timeline} */ timeline) => {
      const attempt = timeline.attempts.find((one) => one.attempt === first.attempt);
      if (!attempt) return;
      fill(about, t.attemptIs(attempt.number, attemptWord(attempt), f.dateTime(attempt.deadline)),
        attempt.closed_at && t.attemptEnded(f.clockTime(attempt.closed_at)), "。",
        attempt.state === "voided" && chip(t.voided, "bad"), attempt.state === "answering" && chip(t.unmarked, "warn"));
      // What is being decided on is not drawn away.
      if (!list.querySelector("form")) draw(attempt);
    }, () => fill(about, t.attemptFailed));
  return h("section", { class: "card" }, h("h2", { class: "minor" }, first.name, h("span", { class: "quiet" },
    ` ${first.unit_name} `), h("a", { class: "small", href: desk.link({ view: "person", person: first.person }) },
    t.timeline(first.name))), about, list);
}

/** @param {KeptAnswer[]} answers */
function decided(answers) {
  if (answers.length === 0) return null;
  /** @type {import("./table.js").Column<KeptAnswer>[]} */
  const columns = [
    { key: "name", title: t.name, value: (row) => row.name, cell: (row) => row.name },
    { key: "unit", title: t.unit, value: (row) => row.unit_name, cell: (row) => row.unit_name },
    { key: "slot", title: t.slotHead, num: true, value: (row) => row.slot, cell: (row) => f.count(row.slot) },
    { key: "response", title: t.response, cell: words },
    { key: "received", title: t.received, value: (row) => Date.parse(row.received_at),
      cell: (row) => f.shortDateTime(row.received_at) },
    { key: "decision", title: t.decision, value: (row) => row.decision,
      cell: (row) => chip(t.decisions[row.decision ?? ""] ?? "", row.decision === "admitted" ? "good" : "") },
    { key: "reason", title: t.reasonHead, cell: (row) => row.decision_reason },
  ];
  return h("section", { class: "block" }, h("h2", null, t.decided),
    dataTable({ caption: t.decided, captionHidden: true, columns, rows: answers }).element);
}

/** @param {KeptAnswer[]} answers those of an attempt together, by their arrival */
function byAttempt(answers) {
  /** @type {Map<string, KeptAnswer[]>} */
  const groups = new Map();
  for (const answer of answers) groups.set(answer.attempt, [...(groups.get(answer.attempt) ?? []), answer]);
  return [...groups.values()];
}

/** Attempts drawn before one asks for more: each asks for its deadline. */
const CARDS_FIRST = 20;

/**
 * @param {HTMLElement} place
 * @param {Desk} desk
 * @param {{waiting: number}} drawn how many of them wait on the page
 */
async function load(place, desk, drawn) {
  try {
    /** @type {KeptAnswer[]} */
    const all = await getAll(`${examPath(desk.feed.exam)}/kept-answers`);
    const open = all.filter((answer) => answer.decision === null);
    const groups = byAttempt(open);
    const again = () => load(place, desk, drawn);
    drawn.waiting = open.length;
    const cards = h("div", { class: "cards" });
    const more = h("button", { type: "button", class: "button slim", onclick: () => draw(groups.length) },
      texts.table.more(groups.length - CARDS_FIRST));
    /** @param {number} upTo */
    const draw = (upTo) => {
      for (const group of groups.slice(cards.children.length, upTo)) cards.append(card(desk, group, again) ?? "");
      more.hidden = groups.length <= upTo;
    };
    draw(CARDS_FIRST);
    fill(place, h("p", { class: "lead" }, t.lead(open.length)),
      all.length === 0 ? empty(t.none, t.noneHow) : h("p", { class: "quiet small" }, t.how), cards, more,
      decided(all.filter((answer) => answer.decision !== null)));
  } catch (error) {
    fill(place, failure(error, { what: t.failed, retry: () => void load(place, desk, drawn) }));
  }
}

/** @param {HTMLElement} place @param {Desk} desk */
export function keptView(place, desk) {
  desk.heading.textContent = t.heading;
  fill(place, loading(t.loading));
  const drawn = { waiting: -1 };
  desk.feed.listen((live, problem) => {
    // More came, or another manager decided: drawn anew, unless something is being decided on here.
    if (!problem && live.kept_for_review !== drawn.waiting && !place.querySelector("form")) void load(place, desk, drawn);
  });
}
