// A paper as a given person would get it. It counts for nothing.

import { get } from "./api.js";
import { fill, h } from "./dom.js";
import * as f from "./format.js";
import { texts } from "./texts.js";
import { empty, failure, loading } from "./ui.js";

/** @typedef {import("./types.js").Person} Person */
/** @typedef {import("./types.js").Slot} Slot */

const t = texts.preview;

/** @param {Slot} slot @param {string} lastGroup */
function drawSlot(slot, lastGroup) {
  const { group } = slot;
  return h("li", { value: slot.slot, class: "slot" },
    group && group.id !== lastGroup && h("div", { class: "passage" }, h("p", { class: "label" }, t.passage),
      h("p", null, group.passage)),
    h("p", null, slot.stem, h("span", { class: "quiet small" },
      ` ${t.slot(texts.kinds[slot.kind] ?? slot.kind, f.marks(slot.marks))}`)),
    slot.options && h("ul", { class: "options" }, slot.options.map((option) =>
      h("li", null, h("b", null, `${option.id}. `), option.text))),
    slot.kind === "judgement" && h("p", { class: "quiet" }, t.judgement),
    slot.blanks ? h("p", { class: "quiet" }, t.blanks(slot.blanks)) : null);
}

/** @param {Slot[]} slots */
function drawPaper(slots) {
  let last = "";
  return h("ol", { class: "paper" }, slots.map((slot) => {
    const drawn = drawSlot(slot, last);
    last = slot.group?.id ?? "";
    return drawn;
  }));
}

/**
 * Looks a person up, then shows the paper.
 * @param {HTMLElement} place
 * @param {string} exam
 */
export function previewSection(place, exam) {
  const input = h("input", { class: "input slim", type: "search", autocomplete: "off",
    "aria-label": t.search, placeholder: t.search });
  const found = h("div", { role: "status" });
  const paper = h("div", null);

  /** @param {Person} person */
  const show = async (person) => {
    fill(paper, loading(t.loading));
    try {
      /** @type {{slots: Slot[]}} */
      const answer = await get(`/exams/${encodeURIComponent(exam)}/preview`, { person: person.id });
      const total = answer.slots.reduce((sum, slot) => sum + slot.marks, 0);
      const heading = h("h3", { tabindex: -1 }, t.paperOf(person.name, person.unit_name));
      fill(paper, h("div", { class: "card" }, heading,
        h("p", { class: "quiet" }, t.paperWords(answer.slots.length, f.marks(total))), drawPaper(answer.slots)));
      heading.focus();
    } catch (error) {
      fill(paper, failure(error, { what: t.failed }));
    }
  };

  /** @param {Event} event */
  const search = async (event) => {
    event.preventDefault();
    const query = input.value.trim();
    if (!query) return input.focus();
    fill(found, loading(t.searching));
    try {
      /** @type {{items: Person[]}} */
      const { items } = await get("/people", { query, limit: 20 });
      if (items.length === 0) {
        fill(found, empty(t.nobody, t.nobodyHow));
        return;
      }
      fill(found, h("ul", { class: "choices" }, items.map((person) => h("li", null,
        h("button", { type: "button", class: "linklike tight", onclick: () => void show(person) }, person.name),
        h("span", { class: "quiet" }, ` ${person.unit_name} · ${person.group_title || person.rank_title}`)))));
    } catch (error) {
      fill(found, failure(error, { what: t.searchFailed }));
    }
  };

  fill(place, h("p", { class: "quiet" }, t.how),
    h("form", { class: "joined", onsubmit: search }, input,
      h("button", { type: "submit", class: "button slim" }, t.find)), found, paper);
}
