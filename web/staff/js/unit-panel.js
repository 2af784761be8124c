// One unit: what it is, what became of it, and what can be done with it.

import { get, patch, post } from "./api.js";
import { fill, h } from "./dom.js";
import * as f from "./format.js";
import { mergeForm, renameForm, splitForm } from "./succession.js";
import { texts } from "./texts.js";
import { busy, confirmIn, facts, failure, field, loading, notice, setFieldError } from "./ui.js";
import { UnitTree, unitPicker } from "./units.js";

/** @typedef {import("./types.js").Unit} Unit */
/** @typedef {import("./types.js").UnitDetail} UnitDetail */
/** @typedef {import("./dom.js").Child} Child */

const t = texts.unitsPage;
/** Names of people that a line lists. */
const NAMED = 4;

/** Some people with their roles, in words.
 * @param {import("./types.js").RoleHolder[]} holders
 */
export function holdersWords(holders) {
  const names = holders.slice(0, NAMED).map(({ name, role_title }) => t.holder(name, role_title)).join("、");
  return holders.length > NAMED ? names + t.more(holders.length) : names;
}

/** The tree of the units that exist today, without one and what is below it.
 * @param {UnitTree} tree
 * @param {string | null} without
 */
export function standing(tree, without) {
  const out = new Set(without ? tree.subtree(without) : []);
  return new UnitTree([...tree.byId.values()].filter((unit) => !unit.left_on && !out.has(unit.id)));
}

/** @param {UnitTree} tree @param {string} id */
export function pathOf(tree, id) {
  const names = [];
  for (let at = tree.byId.get(id); at; at = at.parent ? tree.byId.get(at.parent) : undefined) names.unshift(at.name);
  return names.join(" / ");
}

/** @param {UnitDetail} unit */
function historyOf(unit) {
  if (unit.history.length === 0) return t.noHistory;
  return h("ul", { class: "bare" }, unit.history.map((event) => h("li", null, f.date(event.since), " ",
    t.eventKinds[event.kind] ?? event.kind, "：",
    event.records.filter(({ from, to }) => from !== to || event.kind === "renamed")
      .map(({ from_name, to_name, people }) => t.way(from_name, to_name, people)).join("；"), `（${event.reason}）`)));
}

/**
 * @param {HTMLElement} place
 * @param {UnitDetail} unit
 * @param {UnitTree} tree
 * @param {(said?: Child) => Promise<void>} done
 */
function moveForm(place, unit, tree, done) {
  const others = standing(tree, unit.id);
  let to = "";
  const outcome = h("div", null);
  const ask = h("div", null);
  const go = h("button", { type: "submit", class: "button slim" }, t.preview);
  const path = `/units/${encodeURIComponent(unit.id)}`;
  const picker = unitPicker(others, { value: "", all: texts.common.none, label: t.moveTo, onchange: (id) => { to = id; } });
  /** @param {Event} event */
  const onsubmit = (event) => {
    event.preventDefault();
    fill(outcome, to ? null : notice("bad", t.unitMissing));
    if (!to) return;
    void busy(go, t.previewing, async () => {
      try {
        /** @type {UnitDetail} */
        const shown = await patch(path, { parent: to, dry_run: true }, unit.etag);
        const what = shown.consequences;
        confirmIn(ask, {
          title: t.moveTitle(unit.name, others.name(to)),
          consequences: [what && t.moveMany(what.units, f.count(what.people)),
            what && what.gain.length > 0 && t.gain(holdersWords(what.gain)),
            what && what.lose.length > 0 && t.lose(holdersWords(what.lose)),
            what && what.gain.length + what.lose.length === 0 && t.noOneChanges, t.movePast],
          reason: { label: t.reason, hint: t.reasonHint }, confirm: t.moveGo, doing: t.doing, what: t.failed,
          kept: t.nothingDone,
          onconfirm: async (reason) => {
            await patch(path, { parent: to, reason }, unit.etag);
            await done(notice("good", t.done(t.moveTitle(unit.name, others.name(to)).replace("？", ""))));
          },
        });
      } catch (error) {
        fill(outcome, failure(error, { what: t.previewFailed, kept: t.nothingDone }));
      }
    });
  };
  fill(place, h("form", { class: "form", onsubmit }, picker, go, outcome), ask);
}

/**
 * @param {HTMLElement} place
 * @param {UnitDetail} unit
 * @param {(said?: Child) => Promise<void>} done
 */
function childForm(place, unit, done) {
  const name = h("input", { class: "input slim", maxlength: 60 });
  const code = h("input", { class: "input slim", maxlength: 40 });
  const outcome = h("div", null);
  const go = h("button", { type: "submit", class: "button slim primary" }, t.create);
  /** @param {Event} event */
  const onsubmit = (event) => {
    event.preventDefault();
    setFieldError(name, name.value.trim() ? null : t.nameMissing);
    if (!name.value.trim()) return name.focus();
    void busy(go, t.creating, async () => {
      try {
        await post("/units", { name: name.value.trim(), parent: unit.id, code: code.value.trim() || null });
        await done(notice("good", t.saved(name.value.trim())));
      } catch (error) {
        fill(outcome, failure(error, { what: t.createFailed, kept: t.nothingDone }));
      }
    });
  };
  fill(place, h("form", { class: "form", onsubmit, novalidate: true }, h("h3", null, t.createTitle(unit.name)),
    h("div", { class: "grid" }, field(t.name, name), field(t.code, code, { hint: t.codeHint })), go, outcome));
  name.focus();
}

/**
 * Opens a unit in `place`.
 * @param {HTMLElement} place
 * @param {string} id
 * @param {UnitTree} tree
 * @param {(said?: Child) => Promise<void>} done draws the page anew
 */
export async function unitPanel(place, id, tree, done) {
  fill(place, loading(texts.common.loading));
  /** @type {UnitDetail} */
  let unit;
  try {
    unit = await get(`/units/${encodeURIComponent(id)}`);
  } catch (error) {
    return fill(place, failure(error, { what: t.detailFailed }));
  }
  const form = h("div", null);
  const title = h("h3", { tabindex: -1 }, unit.name);
  const top = unit.parent === null;
  /** @param {string} text @param {() => void} act */
  const button = (text, act) => h("button", { type: "button", class: "button slim", onclick: act }, text);
  fill(place, h("section", { class: "card" }, title,
    facts([[t.path, pathOf(tree, id)], [t.code, unit.code], [t.direct, f.count(unit.people_directly)],
      [t.history, historyOf(unit)]]),
    unit.left_on ? notice("plain", t.leftOn(f.date(unit.left_on))) : h("div", { class: "row" },
      button(t.rename, () => renameForm(form, unit, done)),
      !top && button(t.merge, () => mergeForm(form, unit, tree, done)),
      !top && button(t.split, () => splitForm(form, unit, tree, done)),
      !top && button(t.move, () => moveForm(form, unit, tree, done)),
      button(t.child, () => childForm(form, unit, done)),
      button(t.close, () => fill(place))), form));
  title.focus();
  place.scrollIntoView({ block: "nearest" });
}
