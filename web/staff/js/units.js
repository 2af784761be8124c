// The tree of units, and controls to choose from it.

import { getAll } from "./api.js";
import { fill, freshId, h } from "./dom.js";
import { texts } from "./texts.js";

/** @typedef {import("./types.js").Unit} Unit */

/** Units by id and by parent. A unit whose parent is not in the list is a root: scopes begin anywhere. */
export class UnitTree {
  /** @param {Unit[]} units in the order of the tree */
  constructor(units) {
    /** @type {Map<string, Unit>} */
    this.byId = new Map(units.map((unit) => [unit.id, unit]));
    /** @type {Map<string, Unit[]>} */
    this.under = new Map();
    /** @type {Unit[]} */
    this.roots = [];
    for (const unit of units) {
      if (unit.parent && this.byId.has(unit.parent)) {
        const siblings = this.under.get(unit.parent);
        if (siblings) siblings.push(unit);
        else this.under.set(unit.parent, [unit]);
      } else {
        this.roots.push(unit);
      }
    }
  }

  /** @param {string} id */
  children(id) {
    return this.under.get(id) ?? [];
  }

  /** @param {string} id */
  name(id) {
    return this.byId.get(id)?.name ?? id;
  }

  /** The unit and everything under it.
   * @param {string} id
   * @returns {string[]}
   */
  subtree(id) {
    return [id, ...this.children(id).flatMap((child) => this.subtree(child.id))];
  }

  /** The units of these subtrees. What joins several of them at the top is not among them.
   * @param {readonly string[]} scope
   * @returns {Set<string>}
   */
  within(scope) {
    return new Set(scope.filter((id) => this.byId.has(id)).flatMap((id) => this.subtree(id)));
  }

  /** Every unit with its depth, in order.
   * @returns {{unit: Unit, depth: number}[]}
   */
  flat() {
    /** @type {{unit: Unit, depth: number}[]} */
    const out = [];
    /** @param {Unit[]} units @param {number} depth */
    const walk = (units, depth) => {
      for (const unit of units) {
        out.push({ unit, depth });
        walk(this.children(unit.id), depth + 1);
      }
    };
    walk(this.roots, 0);
    return out;
  }
}

/** @param {{left?: boolean}} [options] `left`: units that have left, too
 * @returns {Promise<UnitTree>}
 */
export async function loadUnits({ left = false } = {}) {
  return new UnitTree(/** @type {Unit[]} */ (await getAll("/units", { limit: 1000, left: left || null })));
}

/** The groups that units are in, as choices of a filter: `kind:name`.
 * @param {Iterable<Unit>} units
 */
export function groupChoices(units) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const { groups } of units) {
    for (const { kind, slug, name } of groups) found.set(`${slug}:${name}`, `${kind}：${name}`);
  }
  return [...found].map(([value, title]) => ({ value, title }))
    .sort((a, b) => a.title.localeCompare(b.title, "zh-Hans-CN"));
}

/** From this many units on a field to narrow the list stands before it. */
const NARROW_FROM = 25;

/**
 * A select of units, with a field that narrows it when the list is long.
 * @param {UnitTree} tree
 * @param {{value: string, all?: string, label: string, allowed?: ReadonlySet<string>,
 *   onchange: (unit: string) => void}} init `all` is the title of the choice that means no unit in particular;
 *   units that are not `allowed` show where the others stand and can't be chosen
 */
export function unitPicker(tree, { value, all, label, allowed, onchange }) {
  const entries = tree.flat();
  const id = freshId("unit");
  const control = h("select", { class: "input slim", id, onchange: () => onchange(control.value) });
  /** @param {string} wanted */
  const draw = (wanted) => {
    const chosen = control.value || value;
    const found = entries.filter(({ unit }) => !wanted || unit.id === chosen || unit.name.includes(wanted)
      || unit.groups.some(({ name }) => name.includes(wanted)));
    fill(control, all ? h("option", { value: "" }, all) : null,
      found.map(({ unit, depth }) => h("option", { value: unit.id, disabled: allowed && !allowed.has(unit.id) }, wanted ? "" : "　".repeat(depth), unit.name, unit.left_on ? texts.units.left : "")));
    control.value = chosen;
  };
  draw("");
  const narrow = entries.length < NARROW_FROM ? null : h("input", {
    class: "input slim narrow", type: "search", placeholder: texts.units.narrow, "aria-label": texts.units.narrowLabel,
    oninput: () => draw(narrow?.value.trim() ?? ""),
  });
  return h("div", { class: "field unit-picker" }, h("label", { for: id }, label),
    h("div", { class: "joined" }, narrow, control));
}
