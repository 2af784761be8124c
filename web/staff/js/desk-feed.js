// Keeps the picture of an exam fresh while the page is seen, and goes on when the server is away for a while.

import { get } from "./api.js";
import { whileVisible } from "./ui.js";

/** @typedef {import("./types-desk.js").Live} Live */
/** @typedef {(live: Live, problem: unknown) => void} Listener `problem` is why the picture is an old one, or null */

/** How often the picture is asked for, and how long an answer may take. */
const REFRESH_MS = 5_000;
const TIMEOUT_MS = 10_000;

/** The path of an exam in the API. @param {string} exam */
export function examPath(exam) {
  return `/exams/${encodeURIComponent(exam)}`;
}

/**
 * The picture of an exam, or of one unit of it.
 * @param {string} exam
 * @param {string} [unit]
 * @returns {Promise<Live>}
 */
export async function getLive(exam, unit) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
  try {
    return await get(`${examPath(exam)}/live`, { unit }, stop.signal);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {string} exam
 * @param {Live} first
 */
export function liveFeed(exam, first) {
  let live = first;
  /** @type {Set<Listener>} */
  const listeners = new Set();
  const refresh = async () => {
    /** @type {unknown} */
    let problem = null;
    try {
      live = await getLive(exam);
    } catch (error) {
      problem = error;
    }
    for (const listener of listeners) listener(live, problem);
  };
  whileVisible(refresh, REFRESH_MS);
  return {
    exam,
    /** The latest picture. */
    now: () => live,
    refresh,
    /** Hears of the picture at once and from now on. @param {Listener} listener */
    listen(listener) {
      listeners.add(listener);
      listener(live, null);
    },
  };
}

/** @typedef {ReturnType<typeof liveFeed>} Feed */
