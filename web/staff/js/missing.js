// Who has not taken the test, and the text that goes into the work group.

import { getAll } from "./api.js";
import { fill, h } from "./dom.js";
import * as f from "./format.js";
import { texts } from "./texts.js";
import { copyFrom, empty, failure, loading } from "./ui.js";

/** @typedef {import("./types.js").MissingPerson} MissingPerson */
/** @typedef {import("./types.js").ExamSummary} ExamSummary */

const t = texts.missing;

/**
 * The text for the work group: names by unit, deadline, link.
 * @param {ExamSummary} exam
 * @param {MissingPerson[]} people
 * @param {number} nowMs
 */
export function groupText(exam, people, nowMs) {
  /** @type {Map<string, string[]>} */
  const byUnit = new Map();
  for (const person of people) byUnit.set(person.unit_name, [...(byUnit.get(person.unit_name) ?? []), person.name]);
  const lines = [...byUnit].map(([unit, names]) => `${unit}（${names.length}人）：${names.join("、")}`);
  return [
    t.textHead(exam.title, f.shortDateTime(nowMs), people.length),
    ...lines,
    t.textDeadline(f.shortDateTime(exam.closes_at), f.minutes(exam.duration_seconds)),
    t.textLink(`${location.origin}/exam.html?exam=${encodeURIComponent(exam.id)}`),
  ].join("\n");
}

/**
 * Keeps the section of those who are missing. The text being copied is not torn away by a refresh: only its value
 * changes.
 * @param {HTMLElement} place
 */
export function missingSection(place) {
  const outcome = h("p", { class: "quiet", role: "status" });
  const area = h("textarea", { class: "input copy-text", readonly: true, rows: 8, "aria-label": t.textLabel });
  const copy = h("button", { type: "button", class: "button slim", onclick: async () => {
    outcome.textContent = (await copyFrom(area)) ? t.copied : t.copyByHand;
  } }, t.copy);
  const count = h("p", { class: "lead-2" });
  const list = h("ul", { class: "names" });
  const whole = h("div", { class: "two" },
    h("div", null, count, list), h("div", null, h("p", { class: "label" }, t.textLabel), area,
      h("div", { class: "row" }, copy, outcome)));
  fill(place, loading(t.loading));
  let drawn = "";

  return {
    /**
     * @param {string} unit
     * @param {ExamSummary} exam
     * @param {number} nowMs
     */
    async refresh(unit, exam, nowMs) {
      /** @type {MissingPerson[]} */
      let people;
      try {
        people = await getAll(`/units/${encodeURIComponent(unit)}/missing`, { exam: exam.id });
      } catch (error) {
        drawn = "";
        fill(place, failure(error, { what: t.failed }));
        return;
      }
      if (people.length === 0) {
        drawn = "";
        fill(place, empty(t.none, t.noneHow));
        return;
      }
      if (!drawn) fill(place, whole);
      const now = JSON.stringify(people);
      if (now === drawn) return;
      drawn = now;
      count.textContent = t.count(people.length, people.filter((person) => person.state === "answering").length);
      fill(list, people.map((person) => h("li", null, person.name,
        h("span", { class: "quiet" }, ` ${person.unit_name}`),
        person.state === "answering" && h("span", { class: "state warn" }, t.answering))));
      area.value = groupText(exam, people, nowMs);
      area.rows = Math.min(18, area.value.split("\n").length + 2);
    },
  };
}
