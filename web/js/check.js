/**
 * Whether an answer is right, for practice: marks are always the server's. Blanks (填空) are compared as its scoring does
 * it (docs/scoring.md); both are held to docs/blank-vectors.json.
 */
import { sameAnswer } from "./store.js";

/** @typedef {import("./types.js").AnswerValue} AnswerValue */

/** What may stand after 两 for it to mean 二. */
const COUNTED = "个年月日天周次人名倍级档种类项款条份届位方轮票成回处千百万亿分";
/** Marks that carry no meaning at either end of an answer. */
const EDGE_MARKS = "。.,、;:!?\"'“”‘’「」《》〈〉()[]【】";
/** White space, control characters, and what has no width. */
const NOTHING = /[\s\u0000-\u001f\u007f-\u009f\u200b-\u200d\u2060\ufeff\u00ad\u0085]/g;

/** @type {{ [figure: string]: number }} */
const DIGITS = { 〇: 0, 零: 0, 一: 1, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 };
/** @type {{ [unit: string]: number }} */
const SMALL_UNITS = { 十: 10, 百: 100, 千: 1000 };
/** @type {{ [unit: string]: number }} */
const LARGE_UNITS = { 万: 1e4, 亿: 1e8 };
const MYRIAD = 1e4;
const NUMERALS = /[〇零一二三四五六七八九十百千万亿]+/g;

/**
 * Whether a response is right; nothing where only a person can tell.
 *
 * @param {import("./types.js").WrongAnswer} item
 * @param {AnswerValue} response
 * @returns {boolean | null}
 */
export function isRight(item, response) {
  const kind = item.question ? item.question.kind : "";
  if (kind === "essay") return null;
  const keys = item.ruling ? item.ruling.keys : [item.key];
  if (keys.length === 0) return null;
  if (kind === "blank") {
    const texts = Array.isArray(response) ? response : [];
    return (item.accepted || []).every((accepted, index) => blankMatches(accepted, texts[index] || ""));
  }
  const sorted = (/** @type {unknown} */ value) => (Array.isArray(value) ? value.map(String).sort() : value);
  const given = /** @type {AnswerValue} */ (sorted(response));
  return keys.some((key) => sameAnswer(given, /** @type {AnswerValue} */ (sorted(key))));
}

/** @param {string[]} accepted @param {string} text */
export function blankMatches(accepted, text) {
  const given = normaliseBlank(text);
  return given !== "" && accepted.some((answer) => normaliseBlank(answer) === given);
}

/**
 * The normal form of an answer: equal forms have the same one.
 *
 * @param {string} text
 * @returns {string}
 */
export function normaliseBlank(text) {
  const plain = text.normalize("NFKC").replace(NOTHING, "").replace(/[○◯]/g, "〇").toLowerCase();
  const counted = new RegExp(`两(?=[${COUNTED}])`, "g");
  const figures = trimmed(plain).replace(counted, "二").replace(NUMERALS, (run) => String(orElse(valueOf(run), run)));
  return joined(tokens(figures));
}

/** @template V, W @param {V | null} value @param {W} other @returns {V | W} */
const orElse = (value, other) => (value === null ? other : value);

/** @param {string} text */
function trimmed(text) {
  let [from, to] = [0, text.length];
  while (from < to && EDGE_MARKS.includes(text[from])) from += 1;
  while (to > from && EDGE_MARKS.includes(text[to - 1])) to -= 1;
  return text.slice(from, to);
}

/* Chinese numerals: read only when they are certainly one number */

/** @param {string} run @returns {number | null} */
function valueOf(run) {
  const figures = Array.from(run);
  if (run.length > 1 && figures.every((figure) => figure in DIGITS)) return figureByFigure(figures);
  let total = 0;
  let lastLarge = Infinity;
  let section = new Section(false);
  for (const figure of figures) {
    const large = LARGE_UNITS[figure];
    if (large === undefined) {
      if (!(figure in DIGITS ? section.digit(DIGITS[figure]) : section.unit(SMALL_UNITS[figure]))) return null;
      continue;
    }
    const value = section.value();
    if (value === null || value === 0 || large >= lastLarge) return null;
    total += value * large;
    lastLarge = large;
    section = new Section(true);
  }
  if (!section.touched && total > 0) return total;
  const value = section.value();
  return value === null ? null : total + value;
}

/** 二〇二四: with a zero, or four figures and more. @param {string[]} figures @returns {number | null} */
function figureByFigure(figures) {
  const certain = figures.length >= 4 || figures.some((figure) => DIGITS[figure] === 0);
  if (!certain || figures.length > 12) return null;
  return figures.reduce((value, figure) => value * 10 + DIGITS[figure], 0);
}

/** The part of a numeral below 万: at most four figures with their units. */
class Section {
  /** @param {boolean} afterLarge */
  constructor(afterLarge) {
    this.afterLarge = afterLarge;
    this.sum = 0;
    /** @type {number | null} */
    this.pending = null;
    this.lastUnit = MYRIAD;
    this.zero = false;
    this.touched = false;
  }

  /** @param {number} value @returns {boolean} whether it can stand here */
  digit(value) {
    this.touched = true;
    if (this.pending !== null || (value === 0 && this.zero)) return false;
    if (value === 0) this.zero = true;
    else this.pending = value;
    return true;
  }

  /** @param {number} unit @returns {boolean} whether it can stand here */
  unit(unit) {
    this.touched = true;
    const count = orElse(this.pending, unit === 10 && !this.zero ? 1 : null);
    this.pending = null;
    if (count === null || unit >= this.lastUnit) return false;
    this.sum += count * unit;
    this.lastUnit = unit;
    this.zero = false;
    return true;
  }

  /** The value, if the last figure is certain: after 十, after a zero, or alone. @returns {number | null} */
  value() {
    const alone = this.lastUnit === MYRIAD && !this.afterLarge;
    if (this.pending !== null) return this.lastUnit === 10 || this.zero || alone ? this.sum + this.pending : null;
    if (this.zero) return alone ? 0 : null;
    return this.touched ? this.sum : null;
  }
}

/* Figures */

/** @typedef {{ number: boolean, text: string }} Token a number in its normal form, or one other character */

/** @param {string} text @returns {Token[]} */
function tokens(text) {
  /** @type {Token[]} */
  const found = [];
  for (let rest = text; rest !== ""; ) {
    const taken = /^(?:\d{1,3}(?:,\d{3}(?!\d))+|\d+)(?:\.\d+)?/.exec(rest);
    if (!taken) {
      const other = String.fromCodePoint(Number(rest.codePointAt(0)));
      found.push({ number: false, text: other });
      rest = rest.slice(other.length);
      continue;
    }
    rest = rest.slice(taken[0].length);
    const plain = taken[0].replace(/,/g, "");
    const product = rest[0] in LARGE_UNITS ? multiplied(plain, LARGE_UNITS[rest[0]]) : null;
    if (product !== null) rest = rest.slice(1);
    found.push({ number: true, text: orElse(product, plain.replace(/^0+(?=\d)/, "")) });
  }
  return found;
}

/** 1.5 × 10000 = 15000; nothing when that is no whole number, or too large. @param {string} decimal @param {number} unit @returns {string | null} */
function multiplied(decimal, unit) {
  const [whole, part = ""] = decimal.split(".");
  const scale = 10 ** part.length;
  const product = Number(whole + part) * unit;
  return Number.isSafeInteger(product) && product % scale === 0 ? String(product / scale) : null;
}

/** 百分之五 as 5%, 千分之三 as 3‰, 三分之二 as 2/3; 天 after a number as 日. @param {Token[]} found */
function joined(found) {
  let out = "";
  for (let at = 0; at < found.length; at += 1) {
    const [whole, ...after] = found.slice(at, at + 4);
    const sign = whole.number ? `/${whole.text}` : whole.text === "百" ? "%" : whole.text === "千" ? "‰" : "";
    if (sign && after.length === 3 && after[0].text + after[1].text === "分之" && after[2].number) {
      out += after[2].text + sign;
      at += 3;
    } else {
      const day = whole.text === "天" && at > 0 && found[at - 1].number;
      out += day ? "日" : whole.text;
    }
  }
  return out;
}
