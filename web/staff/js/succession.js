// Renaming, merging and splitting a unit: a form, then what it would do, then the thing itself.

import { getAll, post } from "./api.js";
import { fill, h } from "./dom.js";
import * as f from "./format.js";
import { texts } from "./texts.js";
import { busy, confirmIn, failure, field, loading, notice, select } from "./ui.js";
import { holdersWords, standing } from "./unit-panel.js";
import { unitPicker } from "./units.js";

/** @typedef {import("./types.js").UnitDetail} UnitDetail */
/** @typedef {import("./types.js").SuccessionOutcome} SuccessionOutcome */
/** @typedef {import("./types.js").Person} Person */
/** @typedef {import("./units.js").UnitTree} UnitTree */
/** @typedef {import("./dom.js").Child} Child */

const t = texts.unitsPage;

/** Today in Beijing, as an input of dates has it. */
function today() {
  return new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 10);
}

/** What a succession does, line by line.
 * @param {SuccessionOutcome} what
 * @returns {Child[]}
 */
function consequences(what) {
  const stay = what.roles.filter(({ follows }) => !follows);
  const follow = what.roles.filter(({ follows }) => follows);
  return [
    ...what.units.filter(({ change }) => change === "new").map((unit) => t.unitNew(unit.name, unit.to ?? "")),
    ...what.records.filter(({ people }) => people > 0).map((way) => t.peopleGo(way.from_name, way.to_name, way.people)),
    ...what.units.filter(({ change }) => change === "moved").map((unit) => t.unitMoved(unit.name, unit.to ?? "")),
    ...what.units.filter(({ change }) => change === "left").map((unit) => t.unitLeft(unit.name, f.date(what.since))),
    follow.length > 0 && t.rolesFollow(holdersWords(follow), [...new Set(follow.flatMap(({ to }) => to))].join("、")),
    stay.length > 0 && t.rolesStay(holdersWords(stay)),
    what.drafts.length > 0 && t.drafts(what.drafts.map(({ title }) => `“${title}”`).join("、")),
    what.fixed_rosters > 0 && t.fixedRosters(what.fixed_rosters),
  ];
}

/**
 * The form around the fields of one kind of succession.
 * @param {HTMLElement} place
 * @param {Child} fields
 * @param {{request: () => Record<string, unknown> | string, title: (what: SuccessionOutcome) => string, more?: Child[],
 *   go: string, done: (said?: Child) => Promise<void>}} init `request` gives a text where something is missing
 */
function frame(place, fields, { request, title, more = [], go, done }) {
  const since = h("input", { class: "input slim", type: "date", value: today(), max: today(), required: true });
  const outcome = h("div", null);
  const ask = h("div", null);
  const look = h("button", { type: "submit", class: "button slim primary" }, t.preview);
  /** @param {Event} event */
  const onsubmit = (event) => {
    event.preventDefault();
    const wanted = request();
    fill(outcome, typeof wanted === "string" ? notice("bad", wanted) : null);
    fill(ask);
    if (typeof wanted === "string") return;
    const body = { ...wanted, since: since.value };
    void busy(look, t.previewing, async () => {
      try {
        /** @type {SuccessionOutcome} */
        const what = await post("/unit-successions", { ...body, dry_run: true });
        confirmIn(ask, {
          title: title(what), consequences: [...consequences(what), ...more, t.noUndo],
          reason: { label: t.reason, hint: t.reasonHint }, confirm: go, doing: t.doing,
          danger: what.units.some(({ change }) => change === "left"), what: t.failed, kept: t.nothingDone,
          onconfirm: async (reason) => {
            await post("/unit-successions", { ...body, reason }, { etag: what.etag });
            await done(notice("good", t.done(title(what).replace("？", ""))));
          },
        });
      } catch (error) {
        fill(outcome, failure(error, { what: t.previewFailed, kept: t.nothingDone }));
      }
    });
  };
  fill(place, h("form", { class: "form", onsubmit, novalidate: true }, fields,
    field(t.since, since, { hint: t.sinceHint }), look, outcome), ask);
}

/**
 * @param {HTMLElement} place
 * @param {UnitDetail} unit
 * @param {(said?: Child) => Promise<void>} done
 */
export function renameForm(place, unit, done) {
  const name = h("input", { class: "input slim", value: unit.name, maxlength: 60 });
  frame(place, field(t.newName, name), {
    request: () => name.value.trim() ? { kind: "renamed", unit: unit.id, name: name.value.trim() } : t.nameMissing,
    title: () => t.renameTitle(unit.name, name.value.trim()), more: [t.renameKeeps, t.renameOld], go: t.renameGo, done,
  });
  name.focus();
}

/**
 * @param {HTMLElement} place
 * @param {UnitDetail} unit
 * @param {UnitTree} tree
 * @param {(said?: Child) => Promise<void>} done
 */
export function mergeForm(place, unit, tree, done) {
  const choices = standing(tree, unit.id);
  /** @type {string[]} */
  const others = [];
  let into = "";
  let next = "";
  const target = h("div", null);
  const chosen = h("ul", { class: "bare" });
  const name = h("input", { class: "input slim", maxlength: 60 });
  const code = h("input", { class: "input slim", maxlength: 40 });
  const how = select([{ value: "into", title: t.mergeInto }, { value: "new", title: t.mergeNew }], "into",
    { onchange: () => drawTarget() });
  const drawTarget = () => fill(target, how.value === "into"
    ? unitPicker(choices, { value: into, all: texts.common.none, label: t.into, onchange: (id) => { into = id; } })
    : h("div", { class: "grid" }, field(t.name, name), field(t.code, code, { hint: t.codeHint })));
  const drawOthers = () => fill(chosen, others.map((id) => h("li", null, choices.name(id), " ",
    h("button", { type: "button", class: "linklike tight", "aria-label": t.removeOther(choices.name(id)),
      onclick: () => {
        others.splice(others.indexOf(id), 1);
        drawOthers();
      } }, texts.lists.remove))));
  drawTarget();
  const fields = [field(t.mergeHow, how), target,
    h("div", { class: "controls" },
      unitPicker(choices, { value: "", all: texts.common.none, label: t.others, onchange: (id) => { next = id; } }),
      h("button", { type: "button", class: "button slim", onclick: () => {
        if (next && !others.includes(next)) others.push(next);
        drawOthers();
      } }, t.addOther)), chosen];
  frame(place, fields, {
    request: () => {
      const units = [unit.id, ...others];
      if (how.value === "into") return into ? { kind: "merged", units, into } : t.unitMissing;
      if (!name.value.trim()) return t.nameMissing;
      return { kind: "merged", units, into_new: { name: name.value.trim(), code: code.value.trim() || null } };
    },
    title: () => t.mergeTitle([unit.name, ...others.map((id) => choices.name(id))].map((one) => `“${one}”`).join("、"),
      how.value === "into" ? choices.name(into) : name.value.trim()),
    go: t.mergeGo, done,
  });
  how.focus();
}

/**
 * @param {HTMLElement} place
 * @param {UnitDetail} unit
 * @param {UnitTree} tree
 * @param {(said?: Child) => Promise<void>} done
 */
export async function splitForm(place, unit, tree, done) {
  fill(place, loading(t.loadingPeople));
  /** @type {Person[]} */
  let people;
  try {
    const all = /** @type {Person[]} */ (await getAll("/people", { unit: unit.id }));
    people = all.filter((person) => person.unit === unit.id);
  } catch (error) {
    return fill(place, failure(error, { what: t.peopleFailed, retry: () => void splitForm(place, unit, tree, done) }));
  }
  const children = tree.children(unit.id).filter((child) => !child.left_on);
  const keep = h("input", { type: "checkbox", checked: true, onchange: () => drawChoices() });
  /** @type {HTMLInputElement[]} */
  const names = [];
  /** Where everybody and everything goes: the number of the part, 0 for the old unit. @type {Map<string, number>} */
  const goes = new Map();
  const parts = h("div", { class: "grid" });
  const choices = h("div", null);

  const addPart = () => {
    const input = h("input", { class: "input slim", maxlength: 60, onchange: () => drawChoices() });
    names.push(input);
    parts.append(field(t.partName(names.length), input));
  };
  /** @param {string} id @param {string} name */
  const choose = (id, name) => {
    const control = select([{ value: "0", title: keep.checked ? t.stay : t.notAssigned },
      ...names.map((input, index) => ({ value: String(index + 1), title: t.part(index + 1, input.value.trim()) }))],
    String(goes.get(id) ?? 0), { "aria-label": t.goesTo(name), onchange: () => goes.set(id, Number(control.value)) });
    return h("li", null, control, " ", name);
  };
  const drawChoices = () => fill(choices,
    people.length > 0 && [h("h4", { class: "sub" }, t.splitPeople), h("ul", { class: "names many" },
      people.map((person) => choose(person.id, `${person.name}（${person.post ?? person.key}）`)))],
    children.length > 0 && [h("h4", { class: "sub" }, t.splitUnits), h("ul", { class: "names many" },
      children.map((child) => choose(child.id, child.name)))]);
  addPart();
  drawChoices();
  const fields = [h("label", { class: "check" }, keep, t.splitKeep), parts,
    h("button", { type: "button", class: "button slim", onclick: () => {
      addPart();
      drawChoices();
    } }, t.addPart), choices];
  /** @param {{id: string}[]} all @param {number} part */
  const of = (all, part) => all.filter(({ id }) => (goes.get(id) ?? 0) === part).map(({ id }) => id);
  frame(place, fields, {
    request: () => names.every((input) => input.value.trim()) ? { kind: "split", unit: unit.id, keep: keep.checked,
      parts: names.map((input, index) => ({ unit: { name: input.value.trim() }, people: of(people, index + 1),
        units: of(children, index + 1) })) } : t.nameMissing,
    title: () => t.splitTitle(unit.name), go: t.splitGo, done,
  });
  names[0]?.focus();
}
