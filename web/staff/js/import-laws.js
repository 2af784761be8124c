// Texts of laws in: a file is recognised, compared with the register article by article, and taken over.

import { post, postForm } from "./api.js";
import { fill, h } from "./dom.js";
import { problemTable, FILE_MAX_BYTES } from "./import-people.js";
import { dataTable } from "./table.js";
import { texts } from "./texts.js";
import { busy, chip, confirmIn, empty, failure, field, notice } from "./ui.js";

/** @typedef {import("./types.js").Import} Import */
/** @typedef {import("./types.js").LawsPreview} LawsPreview */
/** @typedef {import("./types.js").EditionPreview} EditionPreview */

const t = texts.importLaws;

/** @param {string} result */
function resultChip(result) {
  const tone = result === "same" ? "good" : result === "punctuation_only" ? "" : "warn";
  return chip(t.results[result] ?? result, tone);
}

/** @param {EditionPreview} edition */
function drawEdition(edition) {
  const clean = edition.different + edition.missing + edition.extra === 0;
  // The server names only the articles that are not the same.
  const table = dataTable({
    caption: t.articlesOf(edition.title), captionHidden: true, rows: edition.details, step: 60,
    columns: [
      { key: "label", title: t.article, cell: (detail) => detail.label },
      { key: "result", title: t.result, value: (detail) => detail.result, cell: (detail) => [resultChip(detail.result),
        detail.text_of ? h("span", { class: "cell-note" }, t.numberingOff(detail.text_of)) : null,
        detail.expected_length !== undefined && detail.length !== undefined
          ? h("span", { class: "cell-note" }, t.lengths(detail.expected_length, detail.length)) : null] },
    ],
  });
  return h("section", { class: "card" }, h("h3", null, edition.title, " ",
    chip(clean ? t.clean : t.notClean, clean ? "good" : "warn")),
  h("p", null, t.counts(edition)),
  !clean && h("p", { class: "quiet" }, t.notCleanHow),
  edition.details.length > 0 && h("details", { open: !clean }, h("summary", null,
    t.showOdd(edition.details.length)), table.element));
}

/**
 * @param {HTMLElement} place
 * @param {Import} made
 * @param {() => void} again
 */
function drawPreview(place, made, again) {
  const preview = /** @type {LawsPreview} */ (made.preview);
  const ask = h("div", null);
  const path = `/imports/${encodeURIComponent(made.id)}`;
  const articles = preview.editions.reduce((sum, edition) => sum + edition.articles, 0);
  const proven = preview.editions.reduce((sum, edition) => sum + edition.same + edition.punctuation_only, 0);
  /** @param {Import} after */
  const show = (after) => drawPreview(place, { ...made, ...after }, again);
  const commit = () => confirmIn(ask, {
    title: t.commitTitle(made.file_name), consequences: [t.commitWhat(preview.editions.length, proven),
      proven < articles ? t.commitSkips : null, t.commitUse, t.commitUndo],
    confirm: t.commitGo, doing: t.committing, what: t.commitFailed, kept: t.commitKept,
    onconfirm: async () => show(/** @type {Import} */ (await post(`${path}/commit`))),
  });
  const head = made.state === "committed" ? notice("good", t.committed(made.file_name))
    : notice("plain", t.previewed(made.file_name, preview.editions.length, articles));
  fill(place, head, h("div", { class: "stack" }, preview.editions.map(drawEdition)),
    preview.editions.length === 0 && empty(t.nothingFound, t.nothingFoundHow),
    preview.problems.length > 0 && h("section", { class: "block" }, h("h3", null, t.problems),
      problemTable(preview.problems)),
    ask,
    h("div", { class: "row" },
      made.state === "previewed" && preview.editions.length > 0 && h("button", { type: "button",
        class: "button primary", onclick: commit }, t.commit),
      h("button", { type: "button", class: "button", onclick: again },
        made.state === "previewed" ? t.drop : t.another)));
}

/** @param {HTMLElement} place */
export function importLaws(place) {
  const file = h("input", { class: "input slim", type: "file", accept: ".docx,.html,.htm,.txt,.json,.jsonl" });
  const outcome = h("div", null);
  const submit = h("button", { type: "submit", class: "button slim" }, t.look);
  const draw = () => {
    file.value = "";
    fill(outcome);
    fill(place, h("p", { class: "quiet" }, t.how), h("form", { onsubmit }, field(t.file, file, { hint: t.fileHint }),
      submit), outcome);
  };
  /** @param {Event} event */
  const onsubmit = (event) => {
    event.preventDefault();
    const chosen = file.files?.[0];
    if (!chosen) {
      fill(outcome, notice("bad", t.noFile));
      return file.focus();
    }
    if (chosen.size > FILE_MAX_BYTES) {
      fill(outcome, notice("bad", texts.importPeople.tooLarge(Math.ceil(chosen.size / 1024 / 1024),
        FILE_MAX_BYTES / 1024 / 1024)));
      return;
    }
    void busy(submit, t.reading, async () => {
      const form = new FormData();
      form.set("kind", "laws");
      form.set("file", chosen);
      try {
        drawPreview(place, /** @type {Import} */ (await postForm("/imports", form)), draw);
      } catch (error) {
        fill(outcome, failure(error, { what: t.readFailed, kept: t.readKept }));
      }
    });
  };
  draw();
}
