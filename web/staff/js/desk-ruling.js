// A ruling on one question: what it would change is always tried first, then it is confirmed with a reason.

import { post } from "./api.js";
import { examPath } from "./desk-feed.js";
import { keyFields } from "./desk-keys.js";
import { questionName, rulingWords } from "./desk-words.js";
import { fill, h } from "./dom.js";
import * as f from "./format.js";
import { dataTable } from "./table.js";
import { texts } from "./texts.js";
import { busy, chip, confirmIn, failure, notice, radios } from "./ui.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./types-desk.js").ExamQuestion} ExamQuestion */
/** @typedef {import("./types-desk.js").QuestionKey} QuestionKey */
/** @typedef {import("./types-desk.js").Regrade} Regrade */
/** @typedef {import("./types-desk.js").Score} Score */
/** @typedef {import("./types-desk.js").ScoreChange} ScoreChange */
/** @typedef {{policy: string, keys: QuestionKey[]}} Wanted */

const t = texts.desk.ruling;
/** A trial must give a reason too, though nothing is written. */
const TRIAL = "试算";
/** Not a policy of its own: by the key as it was written. */
const RESTORE = "restore";

/** @param {Score} score */
function scoreWords({ marks, verdict }) {
  return t.score(f.marks(marks), t.verdicts[verdict] ?? verdict);
}

/** @param {ScoreChange} row */
function flip({ before, after }) {
  if (before.verdict === after.verdict) return t.same;
  return after.verdict === "passed" ? chip(t.up, "good") : chip(t.down, "bad");
}

/** @param {string} title @param {Desk} desk @param {Regrade} report */
function changes(title, desk, report) {
  if (report.items.length === 0) return null;
  /** @type {import("./table.js").Column<ScoreChange>[]} */
  const columns = [
    { key: "name", title: t.name, value: (row) => row.name,
      cell: (row) => h("a", { href: desk.link({ view: "person", person: row.person }) }, row.name) },
    { key: "unit", title: t.unit, value: (row) => row.unit_name, cell: (row) => row.unit_name },
    { key: "before", title: t.before, num: true, value: (row) => row.before.marks,
      cell: (row) => scoreWords(row.before) },
    { key: "after", title: t.after, num: true, value: (row) => row.after.marks,
      cell: (row) => scoreWords(row.after) },
    { key: "flip", title: t.flip, value: (row) => row.before.verdict === row.after.verdict ? 1 : 0, cell: flip },
  ];
  return h("div", null, h("h3", null, title),
    report.items.length < report.changed && h("p", { class: "quiet small" }, t.firstOnes(report.items.length)),
    dataTable({ caption: title, captionHidden: true, columns, rows: report.items, step: 50 }).element);
}

/** @param {Regrade} report @returns {[string, string, string]} */
function tally({ changed, to_passed: up, to_failed: down }) {
  return [f.count(changed), f.count(up), f.count(down)];
}

/**
 * @param {HTMLElement} place
 * @param {Desk} desk
 * @param {ExamQuestion} question
 */
export function rulingForm(place, desk, question) {
  const outcome = h("div", null);
  const ask = h("div", null);
  // What was tried is no longer what would be done once anything changes.
  const forget = () => {
    fill(outcome);
    fill(ask);
  };
  const keys = keyFields(question, forget);
  const keyPlace = h("div", { hidden: true }, keys?.element);
  const explain = h("p", { class: "quiet", "aria-live": "polite" });
  const keyError = h("p", { class: "error", hidden: true, role: "alert" });
  const policies = ["give_to_all", "give_to_answered", ...(keys ? ["by_key"] : []),
    ...(question.ruling ? [RESTORE] : [])];
  const policy = radios(t.policy, policies.map((value) => ({ value,
    title: value === RESTORE ? t.restore : t.policies[value] ?? value })), (chosen) => {
    forget();
    keyError.hidden = true;
    keyPlace.hidden = chosen !== "by_key";
    explain.textContent = t.explain[chosen] ?? "";
  });

  /** What is asked for, or null with the focus on what is missing. @returns {Wanted | null} */
  const wanted = () => {
    const chosen = policy.value();
    if (!chosen) {
      policy.missing(t.policyMissing)?.focus();
      return null;
    }
    if (chosen === RESTORE) return { policy: "by_key", keys: [] };
    if (chosen !== "by_key" || !keys) return { policy: chosen, keys: [] };
    const right = keys.keys();
    keyError.hidden = right.length > 0;
    keyError.textContent = keys.missing;
    if (right.length > 0) return { policy: chosen, keys: right };
    keys.first()?.focus();
    return null;
  };
  /** @param {Wanted} ruling @param {string} reason */
  const rulings = (ruling, reason) => [{ question: question.question, version: question.version,
    ...(question.part === null ? {} : { part: question.part }), ...ruling, reason }];
  const path = `${examPath(desk.feed.exam)}/regrades`;
  const go = h("button", { type: "submit", class: "button primary" }, t.try);

  const attempt = () => busy(go, t.trying, async () => {
    const ruling = wanted();
    if (!ruling) return;
    forget();
    try {
      /** @type {Regrade} */
      const report = await post(path, { dry_run: true, rulings: rulings(ruling, TRIAL) });
      const words = report.changed > 0 ? t.tried(f.count(report.attempts), ...tally(report))
        : t.triedNone(f.count(report.attempts));
      fill(outcome, h("div", { class: "tried" }, notice(report.to_failed > 0 ? "warn" : "plain", words),
        changes(t.list, desk, report)));
      askRuling(ask, desk, question, { ruling, report, path,
        send: (reason) => ({ rulings: rulings(ruling, reason), reason }),
        done: (element) => fill(place, element) });
    } catch (error) {
      fill(outcome, failure(error, { what: t.tryFailed }));
    }
  });
  fill(place, h("section", { class: "block" }, h("h2", null, t.heading),
    h("form", { class: "ruling", novalidate: true, onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      void attempt();
    } }, policy.element, explain, keyPlace, keyError,
    h("div", { class: "row" }, go, h("span", { class: "quiet small" }, t.tryNote))), outcome, ask));
}

/**
 * Asks for the reason and does it. Stands below the trial that it rests on.
 * @param {HTMLElement} place
 * @param {Desk} desk
 * @param {ExamQuestion} question
 * @param {{ruling: Wanted, report: Regrade, send: (reason: string) => unknown, path: string,
 *   done: (element: HTMLElement) => void}} init
 */
function askRuling(place, desk, question, { ruling, report, send: body, path, done }) {
  confirmIn(place, {
    title: t.confirmTitle(questionName(question), rulingWords(ruling)),
    consequences: [t.changes(...tally(report)), report.changed > 0 && t.told(f.count(report.changed)), t.later, t.keeps],
    reason: { label: t.reason, hint: t.reasonHint },
    confirm: t.confirm, doing: t.doing, danger: true, what: t.failed, kept: t.kept,
    onconfirm: async (reason, send) => {
      /** @type {Regrade} */
      const result = await send(path, body(reason));
      done(h("section", { class: "block" }, changes(t.listDone, desk, result),
        h("p", null, h("a", { href: desk.link({ view: "questions" }) }, texts.desk.questions.back))));
      desk.say(notice("good", t.done(f.count(result.attempts), ...tally(result))));
    },
  });
}
