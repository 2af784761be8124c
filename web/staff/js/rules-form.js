// The rules of an exam (考试规则) as a form. Rules that it has no field for are kept as they came with the preset.

import { fill, h } from "./dom.js";
import * as f from "./format.js";
import { texts } from "./texts.js";
import { field, select } from "./ui.js";

/** @typedef {import("./types.js").Rules} Rules */

const t = texts.rules;

/** @param {Record<string, string>} titles */
const choices = (titles) => Object.entries(titles).map(([value, title]) => ({ value, title }));

/** @param {string | number | null | undefined} value @param {Record<string, unknown>} [props] */
const number = (value, props = {}) => h("input", { class: "input slim", type: "number", min: 0, step: "any",
  value: value ?? "", ...props });

/** @param {boolean} checked @param {string} title */
function check(checked, title) {
  const input = h("input", { type: "checkbox", checked });
  return { input, element: h("label", { class: "check" }, input, title) };
}

/**
 * `90 优秀，80 良好` as bands; anything else is null.
 * @param {string} text
 * @returns {{from: number, name: string}[] | null}
 */
export function parseBands(text) {
  /** @type {{from: number, name: string}[]} */
  const bands = [];
  for (const part of text.split(/[,，;；\n]/).map((piece) => piece.trim()).filter(Boolean)) {
    const match = /^(\d+(?:\.\d{1,2})?)\s*分?\s*([^\d\s.].*)$/.exec(part);
    if (!match?.[1] || !match[2]) return null;
    bands.push({ from: Number(match[1]), name: match[2].trim() });
  }
  return bands.sort((a, b) => b.from - a.from);
}

/** @param {Rules} rules */
function openBookValue(rules) {
  if (rules.open_book && typeof rules.open_book === "object") return "age";
  return rules.open_book === true ? "open" : "closed";
}

/** What the form has no fields for, in words.
 * @param {Rules} rules
 */
export function otherRules(rules) {
  return [
    ...(rules.section_minima ?? []).map(({ section, from }) => t.sectionMinimum(section, f.marks(from))),
    ...(rules.must_be_right ?? []).map((must) => "question" in must ? t.mustQuestion(must.question)
      : t.mustKind(texts.kinds[must.kind] ?? must.kind, must.count)),
    ...(rules.wait_seconds ? [t.wait(f.minutes(rules.wait_seconds))] : []),
    ...Object.entries(rules.clauses ?? {}).map(([ground, clause]) => t.clause(t.grounds[ground] ?? ground, clause)),
  ];
}

/** The rules in words, for a page that shows them.
 * @param {Rules} rules
 * @returns {[string, import("./dom.js").Child][]}
 */
export function rulesFacts(rules) {
  const bands = (rules.bands ?? []).map((band) => t.band(f.marks(band.from), band.name)).join("，");
  const tries = rules.attempts ?? 1;
  const book = openBookValue(rules);
  const age = rules.open_book && typeof rules.open_book === "object" ? rules.open_book.from_age : 0;
  const others = otherRules(rules);
  return [
    [t.passMarks, t.marksWord(f.marks(rules.pass_marks))],
    [t.bands, bands || texts.common.none],
    [t.attempts, tries > 1 ? t.attemptsWords(tries, t.counts[rules.count ?? "best"] ?? "",
      rules.until_passed ?? false) : t.once],
    [t.multipleRule, t.multipleRules[rules.multiple_rule ?? "partial_without_wrong"] ?? rules.multiple_rule],
    [t.releaseMarks, t.releases[rules.release_marks ?? "at_submission"]],
    [t.releaseKeys, t.releases[rules.release_keys ?? "after_window"]],
    [t.book, book === "age" ? t.openFromAge(age) : t.books[book]],
    [t.lateSyncName, t.lateSyncWords(rules.late_sync_seconds ?? 120)],
    [t.lateStart, rules.full_duration ? t.fullDuration : t.untilClosing],
    [t.shuffle, rules.shuffle === false ? texts.common.no : texts.common.yes],
    [t.waves, rules.entry_waves ? t.wavesWords(rules.entry_waves.count, f.minutes(rules.entry_waves.interval_seconds),
      t.waveBys[rules.entry_waves.by ?? "unit"] ?? "") : t.noWaves],
    [t.screen, rules.screen_leaves ? t.screenWords(rules.screen_leaves.most, rules.screen_leaves.from_seconds ?? 10,
      t.thens[rules.screen_leaves.then ?? "record"] ?? "") : t.noScreen],
    ...(rules.freeze_edits ? [/** @type {[string, string]} */ ([t.freeze, t.frozen])] : []),
    ...(rules.law_date ? [/** @type {[string, string]} */ ([t.lawDate, f.date(rules.law_date)])] : []),
    ...(others.length > 0 ? [/** @type {[string, import("./dom.js").Child]} */ ([t.others,
      h("ul", { class: "bare" }, others.map((line) => h("li", null, line)))])] : []),
  ];
}

/**
 * @param {Rules} before
 */
export function rulesForm(before) {
  const passMarks = number(before.pass_marks, { required: true });
  const bands = h("input", { class: "input slim", value: (before.bands ?? [])
    .map((band) => `${f.marks(band.from)} ${band.name}`).join("，"), autocomplete: "off" });
  const attempts = number(before.attempts ?? 1, { min: 1, step: 1 });
  const counts = select(choices(t.counts), before.count ?? "best");
  const multiple = select(choices(t.multipleRules), before.multiple_rule ?? "partial_without_wrong");
  const releaseMarks = select(choices(t.releases).filter(({ value }) => value !== "never"),
    before.release_marks ?? "at_submission");
  const releaseKeys = select(choices(t.releases), before.release_keys ?? "after_window");
  const book = select([...choices(t.books), { value: "age", title: t.byAge }], openBookValue(before), {
    onchange: () => { ageField.hidden = book.value !== "age"; } });
  const age = number(typeof before.open_book === "object" ? before.open_book?.from_age : 50, { step: 1 });
  const ageField = field(t.fromAge, age);
  ageField.hidden = book.value !== "age";
  const lateSync = number(before.late_sync_seconds ?? 120, { step: 1 });
  const lawDate = h("input", { class: "input slim", type: "date", value: before.law_date ?? "" });
  const full = check(before.full_duration ?? false, t.fullDurationCheck);
  const until = check(before.until_passed ?? false, t.untilPassed);
  const shuffle = check(before.shuffle ?? true, t.shuffleCheck);
  const waves = number(before.entry_waves?.count, { min: 2, step: 1 });
  const interval = number((before.entry_waves?.interval_seconds ?? 600) / 60, { min: 0 });
  const waveBy = select(choices(t.waveBys), before.entry_waves?.by ?? "unit");
  const leaves = number(before.screen_leaves?.most, { step: 1 });
  const away = number(before.screen_leaves?.from_seconds ?? 10, { min: 1, step: 1 });
  const then = select(choices(t.thens), before.screen_leaves?.then ?? "record");
  const freeze = check(before.freeze_edits ?? false, t.freezeCheck);
  const others = otherRules(before);
  const element = h("div", null);
  fill(element, h("div", { class: "grid" },
    field(t.passMarks, passMarks), field(t.bands, bands, { hint: t.bandsHint }),
    field(t.attempts, attempts), field(t.count, counts),
    field(t.multipleRule, multiple), field(t.releaseMarks, releaseMarks), field(t.releaseKeys, releaseKeys),
    field(t.book, book), ageField, field(t.lateSync, lateSync, { hint: t.lateSyncHint }),
    field(t.lawDate, lawDate, { hint: t.lawDateHint }),
    field(t.waveCount, waves, { hint: t.waveCountHint }), field(t.waveInterval, interval), field(t.waveBy, waveBy),
    field(t.leavesMost, leaves, { hint: t.leavesHint }), field(t.away, away), field(t.then, then)),
  h("div", { class: "checks column" }, full.element, until.element, shuffle.element, freeze.element),
  others.length > 0 && h("div", { class: "notice plain" }, h("p", null, t.othersKept),
    h("ul", null, others.map((line) => h("li", null, line)))));
  return {
    element,
    /** Controls by the names of the API's fields, for its messages. */
    controls: { pass_marks: passMarks, bands, attempts, count: counts, multiple_rule: multiple,
      release_marks: releaseMarks, release_keys: releaseKeys, open_book: book, late_sync_seconds: lateSync,
      law_date: lawDate, entry_waves: waves, "entry_waves.count": waves, "entry_waves.interval_seconds": interval,
      screen_leaves: leaves, "screen_leaves.most": leaves, "screen_leaves.from_seconds": away },
    /** @returns {{rules: Rules, problems: {control: HTMLElement, reason: string}[]}} */
    read() {
      /** @type {{control: HTMLElement, reason: string}[]} */
      const problems = [];
      const parsed = parseBands(bands.value);
      if (!parsed) problems.push({ control: bands, reason: t.bandsWrong });
      if (passMarks.value === "" || Number(passMarks.value) < 0) {
        problems.push({ control: passMarks, reason: t.passMarksWrong });
      }
      if (!(Number(attempts.value) >= 1)) problems.push({ control: attempts, reason: t.attemptsWrong });
      /** @type {Rules} */
      const rules = {
        ...before, pass_marks: Number(passMarks.value), bands: parsed ?? [], attempts: Number(attempts.value),
        count: counts.value, multiple_rule: multiple.value, release_marks: releaseMarks.value,
        release_keys: releaseKeys.value, late_sync_seconds: Number(lateSync.value), full_duration: full.input.checked,
        until_passed: until.input.checked, shuffle: shuffle.input.checked, freeze_edits: freeze.input.checked,
        entry_waves: waves.value === "" ? null : { count: Number(waves.value),
          interval_seconds: Math.round(Number(interval.value) * 60), by: waveBy.value },
        screen_leaves: leaves.value === "" ? null : { most: Number(leaves.value), from_seconds: Number(away.value),
          then: then.value },
        open_book: book.value === "age" ? { from_age: Number(age.value) } : book.value === "open",
      };
      if (lawDate.value) rules.law_date = lawDate.value;
      else delete rules.law_date;
      return { rules, problems };
    },
  };
}
