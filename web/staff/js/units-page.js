// 单位与名单: the tree of units with its groupings, what becomes of units, and the lists that rosters are read by.

import { getAll, patch } from "./api.js";
import { fill, freshId, h } from "./dom.js";
import * as f from "./format.js";
import { listsSection } from "./lists.js";
import { start } from "./shell.js";
import { dataTable } from "./table.js";
import { texts } from "./texts.js";
import { chip, empty, failure, field, notice, select } from "./ui.js";
import { unitPanel } from "./unit-panel.js";
import { UnitTree, groupChoices } from "./units.js";
import { param, setParams } from "./url-state.js";

/** @typedef {import("./types.js").Unit} Unit */
/** @typedef {import("./types.js").Succession} Succession */

const t = texts.unitsPage;
/** Groupings in the order of the columns. */
const KINDS = ["unit_type", "system", "resident_group", "area"];
/** Events of the history that are shown. */
const EVENTS_SHOWN = 200;

/** @returns {Promise<UnitTree>} */
async function loadAll() {
  return new UnitTree(/** @type {Unit[]} */ (await getAll("/units", { limit: 1000, left: true })));
}

/** @param {Unit} unit @param {string} kind */
const groupOf = (unit, kind) => unit.groups.find(({ slug }) => slug === kind)?.name ?? "";

/** The group of a unit, or of the nearest above it that has one.
 * @param {UnitTree} tree @param {Unit} unit @param {string} kind
 */
function groupWithin(tree, unit, kind) {
  /** @type {Unit | undefined} */
  let at = unit;
  while (at && !groupOf(at, kind)) at = at.parent ? tree.byId.get(at.parent) : undefined;
  return at ? groupOf(at, kind) : "";
}

/** The page in two sentences: how many units, and which of those right below the top have no group.
 * @param {UnitTree} tree
 */
function sentence(tree) {
  const units = [...tree.byId.values()];
  const alive = units.filter((unit) => !unit.left_on);
  const people = tree.roots.reduce((sum, root) => sum + root.people, 0);
  const direct = tree.roots.flatMap((root) => tree.children(root.id)).filter((unit) => !unit.left_on);
  const lacking = KINDS.map((kind) => ({ kind, n: direct.filter((unit) => !groupOf(unit, kind)).length }))
    .filter(({ n }) => n > 0).map(({ kind, n }) => t.noGroup(t.kinds[kind] ?? kind, n));
  return [
    h("p", { class: "lead" }, t.sentence(f.count(alive.length), f.count(people), units.length - alive.length)),
    direct.length > 0 && h("p", { class: "quiet" }, lacking.length > 0 ? t.ungrouped(lacking) : t.allGrouped),
  ];
}

/**
 * The table. A row is edited in its place: code and groupings.
 * @param {{tree: UnitTree, shown: () => Unit[], open: Set<string>, act: (unit: Unit) => void,
 *   saved: (unit: Unit) => Promise<void>}} init
 */
function unitTable({ tree, shown, open, act, saved }) {
  /** @type {string | null} */
  let editing = null;
  /** @type {Map<string, HTMLInputElement>} */
  const inputs = new Map();
  const trouble = h("div", null);
  const lists = h("div", { hidden: true });
  const listId = freshId("groups");
  fill(lists, KINDS.map((kind) => h("datalist", { id: `${listId}-${kind}` },
    [...new Set([...tree.byId.values()].map((unit) => groupOf(unit, kind)).filter(Boolean))]
      .map((name) => h("option", { value: name })))));

  /** @param {Unit} unit @param {string} part @param {string} title @param {string} value */
  const input = (unit, part, title, value) => {
    const control = h("input", { class: "input slim", value: inputs.get(part)?.value ?? value, maxlength: 40,
      list: part === "code" ? null : `${listId}-${part}`, "aria-label": t.valueOf(title, unit.name),
      "data-focus": `${part}-${unit.id}` });
    inputs.set(part, control);
    return control;
  };

  /** @param {Unit} unit */
  const save = async (unit) => {
    const groups = KINDS.map((kind) => ({ kind, name: inputs.get(kind)?.value.trim() ?? "" }))
      .filter(({ name }) => name);
    const code = inputs.get("code")?.value.trim() ?? unit.code;
    try {
      /** @type {Unit} */
      const after = await patch(`/units/${encodeURIComponent(unit.id)}`,
        { groups, ...(code === unit.code ? {} : { code }) }, String(unit.version));
      editing = null;
      inputs.clear();
      await saved(after);
    } catch (error) {
      fill(trouble, failure(error, { what: t.saveFailed, kept: t.saveKept }));
    }
  };

  /** @param {Unit} unit */
  const acts = (unit) => {
    if (unit.left_on) return h("button", { type: "button", class: "linklike tight", onclick: () => act(unit),
      "aria-label": t.actFor(unit.name) }, t.history);
    if (editing === unit.id) {
      return [h("button", { type: "button", class: "linklike tight", onclick: () => void save(unit) }, t.save), " ",
        h("button", { type: "button", class: "linklike tight", onclick: () => {
          editing = null;
          inputs.clear();
          fill(trouble);
          table.update(shown());
        } }, texts.common.cancel)];
    }
    return [h("button", { type: "button", class: "linklike tight", "aria-label": t.editFor(unit.name),
      "data-focus": `edit-${unit.id}`, onclick: () => {
        editing = unit.id;
        inputs.clear();
        fill(trouble);
        table.update(shown());
        inputs.get("code")?.focus();
      } }, t.edit), " ",
    h("button", { type: "button", class: "linklike tight", "aria-label": t.actFor(unit.name),
      onclick: () => act(unit) }, t.act)];
  };

  /** @type {import("./table.js").Column<Unit>[]} */
  const columns = [
    { key: "name", title: t.name, cell: (unit) => [unit.name, unit.left_on && [" ", chip(t.left, "warn")]] },
    { key: "code", title: t.code, cell: (unit) => editing === unit.id ? input(unit, "code", t.code, unit.code)
      : unit.code },
    ...KINDS.map((kind) => ({ key: kind, title: t.kinds[kind] ?? kind, cell: (/** @type {Unit} */ unit) =>
      editing === unit.id ? input(unit, kind, t.kinds[kind] ?? kind, groupOf(unit, kind))
        : groupOf(unit, kind) || (kind === "unit_type" ? h("span", { class: "quiet" }, unit.kind_title)
          : texts.common.none) })),
    { key: "people", title: t.people, num: true, cell: (unit) => f.count(unit.people) },
    { key: "act", title: t.acts, cell: (unit) => h("span", { class: "acts" }, acts(unit)) },
  ];
  const table = dataTable({ caption: t.units, captionHidden: true, columns, rows: shown(), tree: {
    id: (unit) => unit.id, parent: (unit) => unit.parent, open } });
  return { element: h("div", null, trouble, lists, h("p", { class: "hint" }, t.typeHint), table.element),
    update: () => table.update(shown()) };
}

/** @param {HTMLElement} place */
async function historySection(place) {
  try {
    /** @type {Succession[]} */
    const events = (await getAll("/unit-successions")).slice(0, EVENTS_SHOWN);
    fill(place, events.length === 0 ? empty(t.noEvents, t.noEventsHow) : dataTable({
      caption: t.historyHeading, captionHidden: true, rows: events, step: 20,
      columns: [
        { key: "since", title: t.when, value: (event) => event.since, cell: (event) => f.date(event.since) },
        { key: "kind", title: t.acts, value: (event) => event.kind, cell: (event) => t.eventKinds[event.kind] ?? event.kind },
        { key: "what", title: t.what, cell: (event) => event.records.filter(({ from, to }) => from !== to || event.kind === "renamed")
          .map((record) => h("div", null, t.way(record.from_name, record.to_name, record.people))) },
        { key: "reason", title: t.reason, value: (event) => event.reason, cell: (event) => event.reason },
      ],
    }).element);
  } catch (error) {
    fill(place, failure(error, { what: t.historyFailed, retry: () => void historySection(place) }));
  }
}

/** @param {UnitTree} tree the units that the filters leave, those above them included */
function filtered(tree) {
  const [wanted, group, left] = [param("q"), param("group"), param("left")];
  const kept = new Set(/** @type {string[]} */ ([]));
  for (const unit of tree.byId.values()) {
    const [kind, name] = [group.slice(0, group.indexOf(":")), group.slice(group.indexOf(":") + 1)];
    const fits = (!unit.left_on || left) && (!wanted || unit.name.includes(wanted) || unit.code.includes(wanted))
      && (!group || groupWithin(tree, unit, kind) === name);
    /** @type {Unit | undefined} */
    let at = fits ? unit : undefined;
    while (at && !kept.has(at.id)) {
      kept.add(at.id);
      at = at.parent ? tree.byId.get(at.parent) : undefined;
    }
  }
  return kept;
}

/**
 * @param {HTMLElement} main
 * @param {import("./dom.js").Child} said
 */
async function draw(main, said) {
  const tree = await loadAll();
  const lists = h("div", null);
  const history = h("div", null);
  const panel = h("div", null);
  const body = h("div", null);
  const open = new Set(tree.roots.map((unit) => unit.id));
  /** @param {import("./dom.js").Child} [message] */
  const again = (message = null) => draw(main, message);
  let kept = filtered(tree);
  const shown = () => [...tree.byId.values()].filter((unit) => kept.has(unit.id));
  const table = unitTable({ tree, shown, open,
    act: (unit) => void unitPanel(panel, unit.id, tree, again),
    saved: async (unit) => again(notice("good", t.saved(unit.name))) });
  const refresh = () => {
    kept = filtered(tree);
    // What was looked for is unfolded.
    if (param("q") || param("group")) for (const id of kept) open.add(id);
    fill(body, kept.size > 0 ? table.element : empty(t.noMatch, t.noMatchHow));
    table.update();
  };
  const search = h("input", { class: "input slim", type: "search", value: param("q"), oninput: () => {
    setParams({ q: search.value.trim() });
    refresh();
  } });
  const groups = groupChoices(tree.byId.values());
  const group = select([{ value: "", title: texts.common.all }, ...groups], param("group"), { onchange: () => {
    setParams({ group: group.value }, { step: true });
    refresh();
  } });
  const left = h("input", { type: "checkbox", checked: Boolean(param("left")), onchange: () => {
    setParams({ left: left.checked ? "1" : null }, { step: true });
    refresh();
  } });
  fill(main, h("h1", null, t.heading), sentence(tree), said,
    h("section", { class: "block", id: "units" }, h("h2", null, t.units),
      tree.byId.size === 0 ? empty(t.none, t.noneHow) : [
        h("div", { class: "controls" }, field(t.search, search), groups.length > 0 && field(t.group, group),
          h("label", { class: "check" }, left, t.withLeft)),
        panel, body]),
    h("section", { class: "block", id: "history" }, h("h2", null, t.historyHeading), history),
    h("section", { class: "block", id: "lists" }, h("h2", null, texts.lists.heading), lists));
  refresh();
  listsSection(lists);
  void historySection(history);
}

void start({ page: "units", roles: ["manager"], draw: (main) => draw(main, null) });
