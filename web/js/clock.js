/**
 * The server's clock, as far as the phone can know it, and how instants and durations are written.
 *
 * Time passes by `performance.now()`, which does not jump when somebody sets the phone's clock. A phone that slept may
 * have stopped it, though: when the wall clock tells another story the clock says that it is uncertain, and whoever
 * holds it asks the server.
 */
import { T } from "./texts.js";

/** How far wall clock and `performance.now()` may drift apart before the clock calls itself uncertain. */
const DRIFT_LIMIT_MS = 2000;

/** China has one time zone and no summer time. */
const SHANGHAI_OFFSET_MS = 8 * 3600 * 1000;

/**
 * @param {{ steady?: () => number, wall?: () => number }} [sources]
 * @returns {import("./types.js").Clock}
 */
export function createClock(sources = {}) {
  const steady = sources.steady || (() => performance.now());
  const wall = sources.wall || (() => Date.now());
  // Until the first reply the phone's own clock has to do.
  let offset = wall() - steady();
  let error = Infinity;
  let drift = wall() - steady();

  return {
    now: () => steady() + offset,

    sync(serverNow, sentAt, receivedAt) {
      const instant = Date.parse(serverNow);
      if (Number.isNaN(instant)) return;
      // The server looked at its clock at some moment between sending and receiving.
      const half = Math.max(0, receivedAt - sentAt) / 2;
      const measured = instant - (sentAt + half);
      const slept = Math.abs(wall() - steady() - drift) > DRIFT_LIMIT_MS;
      // A slow reply says less than a fast one; it is believed only if it proves the old measurement wrong.
      if (slept || half <= error || Math.abs(measured - offset) > half + error) {
        offset = measured;
        error = half;
      }
      drift = wall() - steady();
    },

    uncertain: () => Math.abs(wall() - steady() - drift) > DRIFT_LIMIT_MS,
  };
}

/**
 * 12:05, or 1:02:05. Rounds up, so that 0:00 is shown only when the time is over.
 *
 * @param {number} ms
 * @returns {string}
 */
export function formatCountdown(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const tail = `${pad(minutes)}:${pad(seconds % 60)}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

/** @param {number} number */
function pad(number) {
  return number < 10 ? `0${number}` : String(number);
}

/** @param {number | string} instant */
function inShanghai(instant) {
  const ms = typeof instant === "number" ? instant : Date.parse(instant);
  return new Date(ms + SHANGHAI_OFFSET_MS);
}

/**
 * 2026年11月24日 17:30
 *
 * @param {number | string} instant
 */
export function formatInstant(instant) {
  const local = inShanghai(instant);
  return `${formatDay(instant)} ${pad(local.getUTCHours())}:${pad(local.getUTCMinutes())}`;
}

/** @param {number | string} instant */
export function formatDay(instant) {
  const local = inShanghai(instant);
  return T.day(local.getUTCFullYear(), local.getUTCMonth() + 1, local.getUTCDate());
}

/**
 * 17:30 on the same day, the whole date on another.
 *
 * @param {number | string} instant
 * @param {number} now
 */
export function formatInstantNear(instant, now) {
  if (formatDay(instant) !== formatDay(now)) return formatInstant(instant);
  const local = inShanghai(instant);
  return `${pad(local.getUTCHours())}:${pad(local.getUTCMinutes())}`;
}

/**
 * How much is left, in words: 2 天 3 小时, 3 小时 5 分钟, 5 分钟.
 *
 * @param {number} ms
 */
export function formatLeft(ms) {
  const minutes = Math.max(0, Math.floor(ms / 60000));
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  return T.left(days, hours, minutes % 60);
}
