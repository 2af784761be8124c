// Who takes part: units chosen in a tree with check boxes, and analysis groups (ranks).

import { fill, freshId, h } from "./dom.js";
import * as f from "./format.js";
import { texts } from "./texts.js";

/** @typedef {import("./types.js").Audience} Audience */
/** @typedef {import("./types.js").ListEntry} ListEntry */
/** @typedef {import("./units.js").UnitTree} UnitTree */

const t = texts.audience;

/**
 * Units of an audience as single ids.
 * @param {UnitTree} tree
 * @param {Audience["units"]} units
 * @returns {Set<string>}
 */
export function expand(tree, units) {
  return new Set(units.flatMap(({ unit, subtree }) =>
    (subtree === false ? [unit] : tree.subtree(unit)).filter((id) => tree.byId.has(id))));
}

/**
 * Single ids as an audience: whole subtrees where they are whole.
 * @param {UnitTree} tree
 * @param {ReadonlySet<string>} chosen
 * @returns {Audience["units"]}
 */
export function compress(tree, chosen) {
  /** @type {Audience["units"]} */
  const out = [];
  /** @param {string} id */
  const walk = (id) => {
    if (tree.subtree(id).every((inner) => chosen.has(inner))) {
      out.push({ unit: id, subtree: true });
      return;
    }
    if (chosen.has(id)) out.push({ unit: id, subtree: false });
    for (const child of tree.children(id)) walk(child.id);
  };
  for (const root of tree.roots) walk(root.id);
  return out;
}

/**
 * How many people stand in these units. A unit's `people` counts those of its subunits too.
 * @param {UnitTree} tree
 * @param {ReadonlySet<string>} chosen
 */
export function peopleIn(tree, chosen) {
  let people = 0;
  for (const id of chosen) {
    const below = tree.children(id).reduce((sum, child) => sum + child.people, 0);
    people += (tree.byId.get(id)?.people ?? 0) - below;
  }
  return people;
}

/** An audience in words.
 * @param {UnitTree} tree
 * @param {ListEntry[]} ranks
 * @param {Audience} audience
 */
export function audienceWords(tree, ranks, audience) {
  const units = audience.units.map(({ unit, subtree }) =>
    subtree === false || tree.children(unit).length === 0 ? tree.name(unit) : t.withSubunits(tree.name(unit)));
  const shown = units.slice(0, 6).join("、") + (units.length > 6 ? t.andMore(units.length) : "");
  const wanted = audience.ranks ?? [];
  const titles = wanted.map((slug) => ranks.find((rank) => rank.slug === slug)?.title ?? slug);
  const people = audience.people?.length ?? 0;
  return t.words(shown || texts.common.none, titles.length > 0 ? titles.join("、") : t.allRanks,
    people > 0 ? t.certainPeople(people) : audience.exclude ? t.someExcluded : "");
}

/**
 * The control. `value()` gives the audience; fields that the page has no control for are kept as they were.
 * @param {UnitTree} tree
 * @param {ListEntry[]} ranks
 * @param {Audience | null} before
 */
export function audienceControl(tree, ranks, before) {
  const chosen = expand(tree, before?.units ?? []);
  const open = new Set(tree.roots.map((unit) => unit.id));
  const list = h("ul", { class: "tree" });
  const summary = h("p", { class: "quiet small", role: "status" });
  const legend = freshId("audience");

  /** @param {string} id */
  const stateOf = (id) => {
    const all = tree.subtree(id);
    const on = all.filter((inner) => chosen.has(inner)).length;
    return on === 0 ? "none" : on === all.length ? "all" : "some";
  };

  /** @param {string} id @param {HTMLElement} into */
  const drawNode = (id, into) => {
    const kids = tree.children(id);
    const state = stateOf(id);
    const box = h("input", { type: "checkbox", checked: state === "all", indeterminate: state === "some",
      "data-focus": `box-${id}`, onchange: () => {
        const on = state !== "all";
        for (const inner of tree.subtree(id)) {
          if (on) chosen.add(inner);
          else chosen.delete(inner);
        }
        draw(`box-${id}`);
      } });
    const expanded = open.has(id);
    const fold = kids.length === 0 ? h("span", { class: "fold none" }) : h("button", { type: "button", class: "fold",
      "aria-expanded": String(expanded), "aria-label": t.foldOf(tree.name(id)), "data-focus": `fold-${id}`,
      onclick: () => {
        if (expanded) open.delete(id);
        else open.add(id);
        draw(`fold-${id}`);
      } }, expanded ? "▾" : "▸");
    const inner = kids.length > 0 && expanded ? h("ul", null) : null;
    into.appendChild(h("li", null, fold, h("label", { class: "check" }, box, tree.name(id),
      h("span", { class: "quiet" }, ` ${f.count(tree.byId.get(id)?.people)} ${t.peopleUnit}`)), inner));
    if (inner) for (const kid of kids) drawNode(kid.id, inner);
  };

  /** @param {string} [focus] */
  const draw = (focus) => {
    fill(list);
    for (const root of tree.roots) drawNode(root.id, list);
    summary.textContent = t.chosen(chosen.size, f.count(peopleIn(tree, chosen)));
    const target = focus ? list.querySelector(`[data-focus="${CSS.escape(focus)}"]`) : null;
    if (target instanceof HTMLElement) target.focus({ preventScroll: true });
  };
  draw();

  // A group that is no longer used is offered only where it was chosen before.
  const offered = ranks.filter((rank) => !rank.retired || (before?.ranks ?? []).includes(rank.slug));
  const boxes = offered.map((rank) => h("input", { type: "checkbox", value: rank.slug,
    checked: (before?.ranks ?? []).includes(rank.slug) }));
  const element = h("div", { class: "field wide" },
    h("fieldset", { "aria-describedby": `${legend}-error` }, h("legend", { class: "label" }, t.units), summary,
      h("div", { class: "tree-box", tabindex: 0, role: "region", "aria-label": t.units }, list)),
    h("p", { class: "error", id: `${legend}-error`, hidden: true }),
    h("fieldset", { class: "field" }, h("legend", { class: "label" }, t.ranks),
      h("p", { class: "hint" }, t.ranksHint),
      h("div", { class: "checks" }, offered.map((rank, index) =>
        h("label", { class: "check" }, boxes[index], rank.title)))));
  return {
    element,
    /** The id that field errors are shown at. */
    control: Object.assign(list, { id: legend }),
    people: () => peopleIn(tree, chosen),
    /** @returns {Audience} */
    value: () => {
      const { ranks: _ranks, ...rest } = before ?? { units: [] };
      const slugs = boxes.filter((box) => box.checked).map((box) => box.value);
      return { ...rest, units: compress(tree, chosen), ...(slugs.length > 0 ? { ranks: slugs } : {}) };
    },
  };
}
