// Counts and rates of a unit in words and in cells. Every rate stands beside its counts and names its denominator.

import { h } from "./dom.js";
import * as f from "./format.js";
import { texts } from "./texts.js";

/** @typedef {import("./types.js").Figures} Figures */
/** @typedef {import("./types.js").Progress} Progress */
/** @typedef {import("./types.js").ResultRow} ResultRow */
/** @typedef {import("./types.js").ExamSummary} ExamSummary */

const t = texts.unit;

/** Whether it is still to be taken: before the end of its window.
 * @param {ExamSummary} exam
 */
export function running(exam) {
  return exam.state === "published" || exam.state === "open";
}

/**
 * The rate and its counts, as `71.4%（30/42）`.
 * @param {number | null} share
 * @param {number | null} part
 * @param {number | null} whole
 */
function rateWithCounts(share, part, whole) {
  if (share === null || share === undefined) return texts.common.none;
  return part === null || whole === null ? f.percent(share) : `${f.percent(share)}（${f.count(part)}/${f.count(whole)}）`;
}

/**
 * The page in one sentence.
 * @param {ExamSummary} exam
 * @param {Progress} progress
 * @param {Figures} total
 */
export function sentence(exam, progress, total) {
  if (exam.state === "published") return t.notOpen(f.count(progress.due), f.dateTime(exam.opens_at));
  const open = running(exam);
  // In the minutes after the closing some may still hand in: they are not absent yet.
  const notTaken = progress.missing + progress.absent;
  const counts = t.sentenceCounts(f.count(progress.due), f.count(progress.taken), f.count(notTaken), progress.deferred, open);
  if (total.suppressed) return `${counts}${t.sentenceSuppressed}`;
  if (progress.taken === 0) return `${counts}${t.sentenceNone}`;
  return counts + t.sentenceRates(
    rateWithCounts(total.participation, total.taken, total.due),
    rateWithCounts(total.pass_of_taken, total.passed, total.taken),
    rateWithCounts(total.pass_of_due, total.passed, total.due),
  );
}

/**
 * @param {string} name
 * @param {string} value
 * @param {string} [note]
 */
function figure(name, value, note) {
  return h("div", { class: "figure" }, h("dt", null, name), h("dd", null, value,
    note ? h("span", { class: "figure-note" }, note) : null));
}

/**
 * @param {number | null} part
 * @param {number | null} whole
 */
function of(part, whole) {
  return part === null || whole === null ? "" : `${f.count(part)} / ${f.count(whole)}`;
}

/**
 * Everyone who is counted, then the rates.
 * @param {ExamSummary} exam
 * @param {Progress} progress
 * @param {Figures} total
 * @param {number} marksMax
 */
export function figureGrid(exam, progress, total, marksMax) {
  const open = running(exam);
  const people = h("dl", { class: "figures", "aria-label": t.peopleFigures },
    figure(t.registered, f.count(progress.registered)),
    figure(t.exempt, f.count(progress.exempt)),
    figure(t.due, f.count(progress.due)),
    figure(t.taken, f.count(progress.taken), total.blank ? t.blank(total.blank) : ""),
    figure(t.deferred, f.count(progress.deferred)),
    open ? figure(t.missing, f.count(progress.missing), progress.in_progress ? t.answering(progress.in_progress) : "")
      : figure(t.absent, f.count(progress.absent + progress.missing)));
  if (total.suppressed) return [people, h("p", { class: "suppressed" }, texts.table.suppressed)];
  const rates = h("dl", { class: "figures", "aria-label": t.rateFigures },
    figure(t.participation, f.percent(total.participation), of(total.taken, total.due)),
    figure(t.passOfTaken, f.percent(total.pass_of_taken), of(total.passed, total.taken)),
    figure(t.passOfDue, f.percent(total.pass_of_due), of(total.passed, total.due)),
    figure(t.excellent, f.percent(total.excellent_of_taken), of(total.excellent, total.taken)),
    figure(t.mean, f.mean(total.mean), t.outOf(f.marks(marksMax))),
    figure(t.median, f.marks(total.median), t.outOf(f.marks(marksMax))));
  return [people, rates];
}

/**
 * @param {number | null} share
 * @param {number | null} part
 * @param {number | null} whole
 */
function rateCell(share, part, whole) {
  return [f.percent(share), h("span", { class: "cell-n" }, of(part, whole))];
}

/**
 * Columns of the tables by subunit and by rank.
 * @param {string} title of the first column
 * @param {boolean} open whether the window is still open
 * @param {(row: ResultRow) => import("./dom.js").Child} [name] what stands in the first column
 * @returns {import("./table.js").Column<ResultRow>[]}
 */
export function resultColumns(title, open, name = (row) => row.title) {
  return [
    { key: "title", title, value: (row) => row.title, cell: name },
    { key: "due", title: t.due, num: true, value: (row) => row.due, cell: (row) => f.count(row.due) },
    { key: "taken", title: t.taken, num: true, value: (row) => row.taken, cell: (row) => f.count(row.taken) },
    { key: "absent", title: open ? t.missing : t.absent, num: true, value: notTaken,
      cell: (row) => f.count(notTaken(row)) },
    { key: "participation", title: t.participation, num: true, value: (row) => row.participation,
      cell: (row) => rateCell(row.participation, row.taken, row.due) },
    { key: "pass", title: t.passOfTaken, num: true, value: (row) => row.pass_of_taken,
      cell: (row) => rateCell(row.pass_of_taken, row.passed, row.taken) },
    { key: "pass_due", title: t.passOfDue, num: true, value: (row) => row.pass_of_due,
      cell: (row) => rateCell(row.pass_of_due, row.passed, row.due) },
    { key: "mean", title: t.mean, num: true, value: (row) => row.mean, cell: (row) => f.mean(row.mean) },
    { key: "median", title: t.median, num: true, value: (row) => row.median, cell: (row) => f.marks(row.median) },
  ];
}

/**
 * Who has not handed in and was not deferred: missing while the window is open, absent afterwards.
 * @param {ResultRow} row
 */
function notTaken(row) {
  return row.due === null || row.taken === null ? null : row.due - row.taken - (row.deferred ?? 0);
}
