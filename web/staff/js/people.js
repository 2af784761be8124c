// 人员: who is in the books, who can sign in; the 花名册 comes in here.

import { get } from "./api.js";
import { askNewCode } from "./activation.js";
import { fill, h } from "./dom.js";
import { importSection } from "./import-people.js";
import { SINGLE_CODE, UNIT, holds, scopeOf } from "./roles.js";
import { start } from "./shell.js";
import { dataTable } from "./table.js";
import { texts } from "./texts.js";
import { chip, empty, failure, field, loading, select } from "./ui.js";
import { groupChoices, loadUnits, unitPicker } from "./units.js";
import { pageUrl, param, setParams } from "./url-state.js";

/** @typedef {import("./types.js").Person} Person */
/** @typedef {import("./types.js").Me} Me */
/** @typedef {import("./units.js").UnitTree} UnitTree */

const t = texts.people;

/**
 * @param {HTMLElement} place
 * @param {UnitTree} tree
 * @param {Me} me
 */
function peopleSection(place, tree, me) {
  const ask = h("div", null);
  const list = h("div", null);
  const single = holds(me, SINGLE_CODE);
  const allowed = tree.within(scopeOf(me, UNIT));
  /** @type {Person[]} */
  let people = [];
  /** @type {string | null} */
  let next = null;
  let asked = 0;

  /** @type {import("./table.js").Column<Person>[]} */
  const columns = [
    { key: "name", title: t.name, value: (person) => person.name, cell: (person) => person.name },
    { key: "key", title: t.key, value: (person) => person.key, cell: (person) => person.key },
    { key: "unit", title: t.unit, value: (person) => person.unit_name, cell: (person) => person.unit_name },
    { key: "post", title: t.post, value: (person) => person.post, cell: (person) => person.post ?? texts.common.none },
    { key: "rank", title: t.rank, value: (person) => person.rank_title,
      cell: (person) => person.rank_title || texts.common.none },
    { key: "group", title: t.group, value: (person) => person.group_title, cell: (person) => person.group_title },
    { key: "status", title: t.status, value: (person) => person.status,
      cell: (person) => texts.personStatuses[person.status] ?? person.status },
    { key: "activated", title: t.activated, value: (person) => Number(person.activated),
      cell: (person) => !person.account ? chip(t.noAccount, "warn")
        : person.activated ? chip(t.yes, "good") : chip(t.no, "warn") },
    ...(single ? [{ key: "act", title: t.acts, cell: (/** @type {Person} */ person) => {
      const { account, name, activated } = person;
      return account ? h("button", { type: "button", class: "linklike tight",
        "aria-label": texts.activation.newCodeFor(name),
        onclick: () => askNewCode(ask, { account, name, activated }) }, texts.activation.newCode) : null;
    } }] : []),
  ];
  const table = dataTable({ caption: t.heading, captionHidden: true, columns, rows: people });
  const shown = h("p", { class: "quiet small", role: "status" });
  const more = h("button", { type: "button", class: "button slim", onclick: () => void load(next) }, t.more);

  /** @param {string | null} after */
  const load = async (after) => {
    const turn = ++asked;
    if (!after) fill(list, loading(t.loading));
    try {
      /** @type {{items: Person[], next?: string | null}} */
      const answer = await get("/people", { query: param("q"), unit: param("unit"), group: param("group"), limit: 100,
        after });
      if (turn !== asked) return;
      people = after ? [...people, ...answer.items] : answer.items;
      next = answer.next ?? null;
    } catch (error) {
      if (turn === asked) fill(list, failure(error, { what: t.failed, retry: () => void load(after) }));
      return;
    }
    if (people.length === 0) {
      const filtered = param("q") || param("unit") || param("group");
      fill(list, filtered ? empty(t.noMatch, t.noMatchHow)
        : empty(t.none, holds(me, ["manager"]) ? t.noneHowManager : t.noneHow));
      return;
    }
    shown.textContent = next ? t.shownFirst(people.length) : t.shownAll(people.length);
    table.update(people);
    more.hidden = !next;
    fill(list, shown, table.element, more);
  };

  let timer = 0;
  const search = h("input", { class: "input slim", type: "search", value: param("q"), oninput: () => {
    setParams({ q: search.value.trim() });
    clearTimeout(timer);
    timer = setTimeout(() => void load(null), 250);
  } });
  const slips = h("a", { class: "button slim", href: "" }, texts.activation.print);
  const aim = () => {
    const unit = param("unit") || [...allowed][0];
    slips.hidden = !unit;
    slips.href = pageUrl("slips.html", { unit });
  };
  aim();
  const groups = groupChoices(tree.byId.values());
  const group = select([{ value: "", title: texts.common.all }, ...groups], param("group"), { onchange: () => {
    setParams({ group: group.value }, { step: true });
    void load(null);
  } });
  fill(place, h("div", { class: "controls" }, field(t.search, search, { hint: t.searchHint }),
    groups.length > 0 && field(t.groupFilter, group),
    unitPicker(tree, { value: param("unit"), all: texts.units.all, allowed, label: t.unit, onchange: (unit) => {
      setParams({ unit }, { step: true });
      aim();
      void load(null);
    } }), h("div", { class: "field" }, slips)), ask, list);
  void load(null);
  return () => void load(null);
}

void start({
  page: "people",
  roles: UNIT,
  async draw(main, me) {
    const tree = await loadUnits();
    const people = h("div", null);
    const imports = h("div", null);
    const manager = holds(me, ["manager"]);
    const total = tree.roots.length;
    fill(main, h("h1", null, t.heading),
      h("p", { class: "lead-2" }, manager ? t.leadManager : t.lead),
      manager && h("section", { class: "block", id: "import" }, h("h2", null, texts.importPeople.heading), imports),
      h("section", { class: "block", id: "list" }, h("h2", null, t.listHeading), people));
    if (total === 0) {
      fill(people, empty(t.none, manager ? t.noneHowManager : t.noneHow));
      if (manager) importSection(imports, () => location.reload());
      return;
    }
    const reload = peopleSection(people, tree, me);
    if (manager) importSection(imports, reload);
  },
});
