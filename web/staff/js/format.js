// Figures and times as people read them. Days and hours are those of Beijing, wherever the computer stands.

import { texts } from "./texts.js";

const EAST_8_MS = 8 * 3600 * 1000;

/** @param {number} n */
const two = (n) => String(n).padStart(2, "0");

/**
 * Parts of an instant in Beijing.
 * @param {string | number} instant RFC 3339, or milliseconds
 */
function parts(instant) {
  const ms = typeof instant === "number" ? instant : Date.parse(instant);
  const at = new Date(ms + EAST_8_MS);
  return {
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
  };
}

/** 2026年11月24日 17:30.
 * @param {string | number | null | undefined} instant
 */
export function dateTime(instant) {
  if (instant === null || instant === undefined || instant === "") return texts.common.none;
  const p = parts(instant);
  if (Number.isNaN(p.year)) return String(instant);
  return `${p.year}年${p.month}月${p.day}日 ${two(p.hour)}:${two(p.minute)}`;
}

/** 11月24日 17:30.
 * @param {string | number} instant
 */
export function shortDateTime(instant) {
  const p = parts(instant);
  return `${p.month}月${p.day}日 ${two(p.hour)}:${two(p.minute)}`;
}

/** 17:30:05.
 * @param {string | number} instant
 */
export function clockTime(instant) {
  const p = parts(instant);
  return `${two(p.hour)}:${two(p.minute)}:${two(p.second)}`;
}

/** 2026年11月24日, from a day (2026-11-24) or an instant.
 * @param {string | null | undefined} day
 */
export function date(day) {
  if (!day) return texts.common.none;
  const plain = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (plain) return `${plain[1]}年${Number(plain[2])}月${Number(plain[3])}日`;
  const p = parts(day);
  return `${p.year}年${p.month}月${p.day}日`;
}

/** What `<input type="datetime-local">` holds for an instant.
 * @param {string | number} instant
 */
export function toLocalInput(instant) {
  const p = parts(instant);
  return `${p.year}-${two(p.month)}-${two(p.day)}T${two(p.hour)}:${two(p.minute)}`;
}

/** The instant (RFC 3339) that such an input means.
 * @param {string} value
 */
export function fromLocalInput(value) {
  return `${value.slice(0, 16)}:00+08:00`;
}

/** A count, or a dash where there is none.
 * @param {number | null | undefined} n
 */
export function count(n) {
  return n === null || n === undefined ? texts.common.none : n.toLocaleString("zh-CN");
}

/**
 * The hundred-fold with one decimal. Rounding never makes the whole out of less than the whole (99.96 → 99.9), nor
 * nothing out of something.
 * @param {number} share from 0 to 1
 */
function hundredfold(share) {
  const rounded = Math.round(share * 1000) / 10;
  if (share < 1 && rounded >= 100) return "99.9";
  if (share > 0 && rounded <= 0) return "0.1";
  return rounded.toFixed(1);
}

/** 82.1%, or a dash.
 * @param {number | null | undefined} share from 0 to 1
 */
export function percent(share) {
  return share === null || share === undefined ? texts.common.none : `${hundredfold(share)}%`;
}

/** 82.1%（78.9–85.0）.
 * @param {number | null} share
 * @param {number | null} low
 * @param {number | null} high
 */
export function interval(share, low, high) {
  if (share === null) return texts.common.none;
  if (low === null || high === null) return percent(share);
  return `${hundredfold(share)}%（${hundredfold(low)}–${hundredfold(high)}）`;
}

/** A mark: at most two decimals, without trailing zeros.
 * @param {number | null | undefined} marks
 */
export function marks(marks) {
  return marks === null || marks === undefined ? texts.common.none : String(Math.round(marks * 100) / 100);
}

/** A mean of marks: always two decimals, so that a column of them lines up.
 * @param {number | null | undefined} marks
 */
export function mean(marks) {
  return marks === null || marks === undefined ? texts.common.none : marks.toFixed(2);
}

/** 60 分钟.
 * @param {number} seconds
 */
export function minutes(seconds) {
  return texts.common.minutes(Math.round((seconds / 60) * 10) / 10);
}
