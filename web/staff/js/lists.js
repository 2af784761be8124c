// The lists that rosters are read by: post levels, ranks, analysis groups. Edited whole, shown before it is done.

import { get, put } from "./api.js";
import { fill, h } from "./dom.js";
import * as f from "./format.js";
import { texts } from "./texts.js";
import { busy, confirmIn, failure, field, loading, notice, select } from "./ui.js";
import { param, setParams } from "./url-state.js";

/** @typedef {import("./types.js").EditableList} EditableList */
/** @typedef {import("./types.js").ListItem} ListItem */
/** @typedef {import("./types.js").ListChange} ListChange */

const t = texts.lists;
const LISTS = ["post_level", "rank", "rank_group", "supervisee"];

/** What an edit does, line by line.
 * @param {ListChange} change
 */
function consequences(change) {
  const quoted = (/** @type {string[]} */ names) => names.map((name) => `“${name}”`).join("、");
  const lines = [
    change.added.length > 0 && t.added(quoted(change.added)),
    change.removed.length > 0 && t.removed(quoted(change.removed)),
    ...change.renamed.map(([from, to]) => t.renamed(from, to)),
    change.retired.length > 0 && t.retiredNow(quoted(change.retired)),
    change.reordered && t.reordered,
    ...change.regrouped.map((group) => t.regrouped(group.people, group.from_title, group.to_title)),
  ].filter(Boolean);
  return [...(lines.length > 0 ? lines : [t.detailsOnly]), t.past];
}

/**
 * The editor of one list.
 * @param {HTMLElement} place
 * @param {EditableList} list
 * @param {EditableList | null} groups the analysis groups, for the lists whose entries belong to one
 * @param {(said: HTMLElement) => void} saved
 */
function editor(place, list, groups, saved) {
  /** @type {ListItem[]} */
  const items = list.items.map((item) => ({ ...item, spellings: [...item.spellings] }));
  const before = JSON.stringify(items);
  const table = h("tbody", null);
  const outcome = h("div", null);
  const ask = h("div", null);
  const ofGroups = list.list === "rank_group";

  /** @param {number} from @param {number} to */
  const move = (from, to) => {
    const [item] = items.splice(from, 1);
    if (item) items.splice(to, 0, item);
    draw(`${to < from ? "up" : "down"}-${to}`);
  };

  /** @param {ListItem} item @param {number} index */
  const row = (item, index) => {
    const label = (/** @type {string} */ what) => t.of(what, item.title);
    const title = h("input", { class: "input slim", value: item.title, maxlength: 30, "aria-label": label(t.title),
      oninput: () => { item.title = title.value; } });
    const spellings = h("input", { class: "input slim", value: item.spellings.join("、"), "aria-label": label(t.spellings),
      oninput: () => { item.spellings = spellings.value.split(/[、，,]/).map((text) => text.trim()).filter(Boolean); } });
    const offered = groups?.items.filter((group) => !group.retired || group.slug === item.group) ?? [];
    const group = groups && select([{ value: "", title: t.noGroup },
      ...offered.map(({ slug, title: name }) => ({ value: slug ?? "", title: name }))], item.group ?? "",
    { "aria-label": label(t.group), onchange: () => { item.group = group?.value || null; } });
    const category = ofGroups ? select(Object.entries(t.categories).map(([value, name]) => ({ value, title: name })),
      item.category ?? "", { "aria-label": label(t.category),
        onchange: () => { item.category = category?.value || null; } }) : null;
    const rest = h("input", { type: "radio", name: "rest", checked: item.rest, "aria-label": label(t.rest),
      onchange: () => items.forEach((other) => { other.rest = other === item; }) });
    const retired = h("input", { type: "checkbox", checked: item.retired, "aria-label": label(t.retired),
      onchange: () => { item.retired = retired.checked; } });
    return h("tr", null,
      h("td", { class: "acts" },
        h("button", { type: "button", class: "fold", disabled: index === 0, "aria-label": t.up(item.title),
          "data-focus": `up-${index}`, onclick: () => move(index, index - 1) }, "↑"),
        h("button", { type: "button", class: "fold", disabled: index === items.length - 1,
          "aria-label": t.down(item.title), "data-focus": `down-${index}`, onclick: () => move(index, index + 1) }, "↓")),
      h("td", null, title), h("td", null, spellings),
      groups && h("td", null, group), ofGroups && [h("td", null, category), h("td", null, rest)],
      h("td", { class: "num" }, f.count(item.people)), h("td", null, retired),
      h("td", null, item.people > 0 ? h("span", { class: "quiet small" }, t.inUse(item.people))
        : h("button", { type: "button", class: "linklike tight", "aria-label": t.removeFor(item.title), onclick: () => {
          items.splice(index, 1);
          draw();
        } }, t.remove)));
  };

  /** @param {string} [focus] */
  const draw = (focus) => {
    fill(table, items.map(row));
    const target = focus ? table.querySelector(`[data-focus="${CSS.escape(focus)}"]`) : null;
    if (target instanceof HTMLElement) target.focus({ preventScroll: true });
  };

  const save = h("button", { type: "submit", class: "button slim primary" }, t.save);
  const path = `/lists/${encodeURIComponent(list.list)}`;
  /** @param {Event} event */
  const onsubmit = (event) => {
    event.preventDefault();
    fill(outcome);
    fill(ask);
    if (JSON.stringify(items) === before) return fill(outcome, notice("plain", t.unchanged));
    void busy(save, t.saving, async () => {
      try {
        /** @type {EditableList} */
        const shown = await put(path, { items, dry_run: true }, list.etag);
        confirmIn(ask, {
          title: t.confirmTitle(t.names[list.list] ?? list.title),
          consequences: shown.change ? consequences(shown.change) : [], confirm: t.go, doing: t.doing,
          what: t.saveFailed, kept: t.wrongKept,
          onconfirm: async () => {
            await put(path, { items }, list.etag);
            saved(notice("good", t.saved(t.names[list.list] ?? list.title)));
          },
        });
      } catch (error) {
        fill(outcome, failure(error, { what: t.wrong, kept: t.wrongKept }));
      }
    });
  };
  draw();
  /** @param {string} title @param {boolean} [num] */
  const head = (title, num) => h("th", { scope: "col", class: num ? "num" : null }, title);
  fill(place, h("form", { onsubmit, novalidate: true },
    h("div", { class: "table-wrap", tabindex: 0, role: "region", "aria-label": t.names[list.list] ?? list.title },
      h("table", { class: "table edit-list" }, h("caption", { class: "sr-only" }, t.names[list.list] ?? list.title),
        h("thead", null, h("tr", null, head(t.order), head(t.title), head(t.spellings), groups && head(t.group),
          ofGroups && [head(t.category), head(t.rest)], head(t.people, true), head(t.retired), head(t.acts))), table)),
    h("div", { class: "row" },
      h("button", { type: "button", class: "button slim", onclick: () => {
        items.push({ title: "", spellings: [], retired: false, group: null, category: null, rest: false, people: 0 });
        draw();
        const inputs = table.querySelectorAll("tr:last-child input");
        if (inputs[0] instanceof HTMLElement) inputs[0].focus();
      } }, t.add), save), outcome), ask);
}

/** @param {HTMLElement} place */
export function listsSection(place) {
  const body = h("div", null);
  const said = h("div", null);
  const chosen = LISTS.includes(param("list")) ? param("list") : "rank";
  const which = select(LISTS.map((list) => ({ value: list, title: t.names[list] ?? list })), chosen, {
    onchange: () => {
      setParams({ list: which.value }, { step: true });
      fill(said);
      void load();
    } });
  let asked = 0;
  const load = async () => {
    const turn = ++asked;
    fill(body, loading(t.loading));
    const slug = which.value;
    try {
      /** @type {[EditableList, EditableList | null]} */
      const [list, groups] = await Promise.all([get(`/lists/${slug}`),
        slug === "post_level" || slug === "rank" ? get("/lists/rank_group") : null]);
      if (turn !== asked) return;
      editor(body, list, groups, (message) => {
        fill(said, message);
        void load();
      });
    } catch (error) {
      if (turn === asked) fill(body, failure(error, { what: t.failed, retry: () => void load() }));
    }
  };
  fill(place, h("p", { class: "quiet" }, t.lead), h("div", { class: "controls" }, field(t.which, which)), said, body);
  void load();
}
