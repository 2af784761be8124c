// What the desk says of the figures it gets: sentences, limits, answers and keys in words. No page, no network.

import * as f from "./format.js";
import { desk } from "./texts-desk.js";
import { texts } from "./texts.js";

/** @typedef {import("./types-desk.js").Live} Live */
/** @typedef {import("./types-desk.js").LiveCounts} LiveCounts */
/** @typedef {import("./types-desk.js").ExamQuestion} ExamQuestion */
/** @typedef {import("./types-desk.js").QuestionKey} QuestionKey */
/** @typedef {import("./types-desk.js").Response} Response */
/** @typedef {import("./types-desk.js").Timeline} Timeline */
/** @typedef {import("./types-desk.js").TimelineAttempt} TimelineAttempt */

const GIB = 1024 ** 3;
/** Below this a disk must be cleared, in bytes: an exam of a district with its log stays far under it. */
export const DISK_LEAST_BYTES = 2 * GIB;
/** From this share on a queue of answers is no passing wave. */
const QUEUE_WARN_SHARE = 0.5;
/** Answers to a question from which on its share of right ones says anything. */
export const LOW_LEAST = 10;
/** Shares of right answers below which a key is doubted: about what guessing would bring. */
const LOW_SHARES = /** @type {Record<string, number>} */ ({ single: 0.3, judgement: 0.4, multiple: 0.1, blank: 0.1 });

/** 12 分 30 秒.
 * @param {number} seconds
 */
export function span(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return desk.span(Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60);
}

/** 12.3 GB.
 * @param {number} bytes
 */
export function gigabytes(bytes) {
  return `${(bytes / GIB).toFixed(1)} GB`;
}

/** Those who have begun. @param {LiveCounts} counts */
export function started(counts) {
  return counts.answering + handedIn(counts) + counts.voided;
}

/** Those who have handed in, by themselves or by the deadline. @param {LiveCounts} counts */
export function handedIn(counts) {
  return counts.submitted + counts.auto_submitted;
}

/** The desk in one sentence. @param {Live} live */
export function liveSentence({ state, opens_at, closes_at, total }) {
  const n = f.count;
  if (state === "published") return desk.notOpen(f.dateTime(opens_at), n(total.due));
  if (state === "cancelled") return desk.cancelled;
  const counts = desk.counts(n(started(total)), n(total.due), n(total.answering), n(handedIn(total)));
  const rest = [total.voided > 0 ? desk.voidedToo(n(total.voided)) : "",
    total.deferred > 0 ? desk.deferredToo(n(total.deferred)) : ""].join("");
  const over = state === "open" ? "" : desk.over(f.shortDateTime(closes_at));
  return `${over}${counts}${rest}。`;
}

/**
 * How the servers do, in words with the limits.
 * @param {Live} live
 * @returns {{text: string, tone: "good" | "warn" | "bad"}}
 */
export function serverWords({ nodes, saves_per_second, answers_waiting }) {
  if (nodes.length === 0) return { text: desk.noNodes, tone: "warn" };
  const queue = nodes.reduce((sum, node) => sum + node.answer_queue_rows, 0);
  const disks = nodes.map((node) => node.disk_free_bytes).filter((free) => free !== null);
  const least = disks.length > 0 ? Math.min(...disks) : null;
  const tight = least !== null && least < DISK_LEAST_BYTES;
  const full = nodes.some((node) => node.answers_waiting >= node.answer_queue_rows * QUEUE_WARN_SHARE);
  const text = [
    desk.nodes(nodes.length, f.count(saves_per_second)),
    answers_waiting === 0 ? desk.noQueue(f.count(queue)) : desk.queue(f.count(answers_waiting), f.count(queue), full),
    least === null ? desk.diskUnknown : desk.disk(gigabytes(least), gigabytes(DISK_LEAST_BYTES), tight),
  ].join("");
  return { text, tone: tight ? "bad" : full ? "warn" : "good" };
}

/** An answer as it was given on the person's own paper. @param {Response} response */
export function responseWords(response) {
  if (typeof response === "boolean") return response ? texts.questions.true : texts.questions.false;
  const given = (response ?? []).filter((part) => part !== "");
  if (given.length === 0) return desk.kept.cleared;
  return given.every((part) => /^[A-Z]$/.test(part)) ? given.join("") : given.join("；");
}

/** A key in words. @param {QuestionKey} key */
export function keyWords(key) {
  if (typeof key === "boolean") return key ? texts.questions.true : texts.questions.false;
  if (key === null) return texts.common.none;
  if (typeof key === "string") return key.toUpperCase();
  return key.map((part) => Array.isArray(part) ? part.join(texts.questions.or) : part.toUpperCase())
    .join(key.some((part) => Array.isArray(part)) ? "；" : "");
}

/** A ruling in words. @param {{policy: string, keys: QuestionKey[]}} ruling */
export function rulingWords({ policy, keys }) {
  if (policy !== "by_key") return desk.ruling.policies[policy] ?? policy;
  return keys.length === 0 ? desk.ruling.asWritten : desk.ruling.alsoRight(keys.map(keyWords).join(texts.questions.or));
}

/** The share of right answers among those given, or null where there are none.
 * @param {ExamQuestion} question
 */
export function rightShare({ answered, correct }) {
  return answered > 0 ? Math.min(1, correct / answered) : null;
}

/** Whether a question's key is to be doubted: fewer right answers than guessing would bring, and not ruled on yet.
 * @param {ExamQuestion} question
 */
export function isLow(question) {
  const share = rightShare(question);
  const limit = LOW_SHARES[question.kind];
  return !question.ruling && share !== null && limit !== undefined && question.answered >= LOW_LEAST && share < limit;
}

/** Which question it is, as in an address. @param {{question: string, version: number, part: number | null}} question */
export function questionId({ question, version, part }) {
  return [question, version, part ?? ""].join("~");
}

/** How a question is called. @param {{question: string, version: number, part: number | null}} question */
export function questionName({ question, part }) {
  return part === null ? question : desk.questions.partOf(question, part);
}

/** An attempt that still takes answers. @param {Timeline} timeline */
export function openAttempt({ attempts }) {
  return attempts.find((attempt) => attempt.state === "answering");
}

/**
 * What helps a person most, given what stands in the way; null where nothing does, or where only waiting helps.
 * @param {Timeline} timeline
 * @param {{state: string, paused: unknown}} exam
 * @returns {"code" | "people" | "roster" | "resume" | "extend" | null}
 */
export function remedy(timeline, { state, paused }) {
  if (timeline.can_start) return null;
  if (timeline.account_state === "disabled") return "people";
  if (timeline.account_state === "inactive") return "code";
  if (timeline.status !== "due") return "roster";
  if (paused) return "resume";
  if (state === "published") return null;
  // Nothing of the exam stands in the way: it is the sign-in, locked after wrong passwords.
  if (openAttempt(timeline) || (state === "open" && timeline.attempts.length === 0)) return "code";
  return timeline.attempts.length === 0 ? "extend" : null;
}

/** The state of an attempt in a word. @param {Pick<TimelineAttempt, "state" | "voiding">} attempt */
export function attemptWord({ state, voiding }) {
  if (state === "voided") return desk.person.voidings[voiding ?? "annulled"] ?? desk.person.attemptStates["voided"] ?? "";
  return desk.person.attemptStates[state] ?? state;
}
