// The form of an exam: from a preset or a blueprint to a draft.

import { Problem, get, getAll, post, randomKey } from "./api.js";
import { audienceControl } from "./audience.js";
import { fill, h } from "./dom.js";
import * as f from "./format.js";
import { rulesForm } from "./rules-form.js";
import { texts } from "./texts.js";
import { busy, failure, field, notice, select, setFieldError } from "./ui.js";
import { loadUnits } from "./units.js";

/** @typedef {import("./types.js").Preset} Preset */
/** @typedef {import("./types.js").Blueprint} Blueprint */
/** @typedef {import("./types.js").Exam} Exam */
/** @typedef {import("./types.js").Rules} Rules */
/** @typedef {import("./types.js").Unmet} Unmet */
/** @typedef {import("./types.js").ListEntry} ListEntry */
/** @typedef {import("./types.js").Ranks} Ranks */
/** @typedef {import("./units.js").UnitTree} UnitTree */
/** @typedef {{tree: UnitTree, ranks: ListEntry[], presets: Preset[], blueprints: Blueprint[]}} Choices */

const t = texts.examForm;
const DAY_MS = 86_400_000;
/** The kind of an exam made here; others (抽测, 任前) have ways of their own. */
const KIND = "test";

/** What the form offers.
 * @returns {Promise<Choices>}
 */
export async function loadChoices() {
  const [tree, ranks, presets, blueprints] = await Promise.all([
    loadUnits(), /** @type {Promise<Ranks>} */ (get("/ranks")),
    /** @type {Promise<Preset[]>} */ (getAll("/presets")), /** @type {Promise<Blueprint[]>} */ (getAll("/blueprints")),
  ]);
  return { tree, ranks: ranks.items, presets, blueprints };
}

/** @param {Unmet[]} unmet */
export function unmetNotice(unmet) {
  return notice("bad", t.unmet, h("ul", null, unmet.map((line) =>
    h("li", null, t.unmetLine(line.constraint, line.missing)))), h("p", null, t.unmetHow));
}

/** @param {Blueprint | undefined} blueprint */
function blueprintWords(blueprint) {
  if (!blueprint) return "";
  const sections = blueprint.sections.map((section) => t.section(section.title, section.count,
    section.marks_each === null ? "" : f.marks(section.marks_each)));
  return t.blueprint(blueprint.questions, f.marks(blueprint.marks), sections.join("，"));
}

/** The beginning of a default window: the next full hour tomorrow at nine in Beijing.
 * @param {number} nowMs
 */
function defaultOpening(nowMs) {
  return `${f.toLocalInput(nowMs + DAY_MS).slice(0, 10)}T09:00`;
}

/** @param {number} nowMs */
function defaultClosing(nowMs) {
  return `${f.toLocalInput(nowMs + 5 * DAY_MS).slice(0, 10)}T17:30`;
}

/**
 * @param {Choices} choices
 * @param {Exam | null} exam the draft that is edited, or null for a new one
 * @param {{save: (body: Record<string, unknown>) => Promise<void>, cancel: () => void}} act
 */
export function examForm(choices, exam, act) {
  const { tree, ranks, presets, blueprints } = choices;
  const firstPreset = exam ? undefined : presets[0];
  const title = h("input", { class: "input", maxlength: 80, value: exam?.title ?? "", autocomplete: "off" });
  const preset = select([...presets.map(({ slug, title: name }) => ({ value: slug, title: name })),
    { value: "", title: t.noPreset }], firstPreset?.slug ?? "");
  const presetNote = h("p", { class: "hint" });
  const blueprint = select(blueprints.map(({ id, title: name }) => ({ value: id, title: name })),
    exam?.blueprint ?? firstPreset?.blueprint ?? blueprints[0]?.id ?? "");
  const blueprintNote = h("p", { class: "hint" });
  const paper = select([...(exam?.paper ? [{ value: "keep", title: t.paperKeep }] : []),
    { value: "each", title: t.paperEach }, { value: "one", title: t.paperOne }], exam?.paper ? "keep" : "each");
  const opens = h("input", { class: "input slim", type: "datetime-local",
    value: exam ? f.toLocalInput(exam.opens_at) : defaultOpening(Date.now()) });
  const closes = h("input", { class: "input slim", type: "datetime-local",
    value: exam ? f.toLocalInput(exam.closes_at) : defaultClosing(Date.now()) });
  const duration = h("input", { class: "input slim", type: "number", min: 1, max: 600, step: 1,
    value: Math.round((exam?.duration_seconds ?? firstPreset?.duration_seconds ?? 3600) / 60) });
  const audience = audienceControl(tree, ranks, exam?.audience ?? null);
  const rulesPlace = h("div", null);
  let rules = rulesForm(exam?.rules ?? firstPreset?.rules ?? { pass_marks: 60 });
  fill(rulesPlace, rules.element);
  const outcome = h("div", null);

  const currentBlueprint = () => blueprints.find(({ id }) => id === blueprint.value);
  const describe = () => {
    presetNote.textContent = presets.find(({ slug }) => slug === preset.value)?.note ?? t.noPresetNote;
    blueprintNote.textContent = blueprintWords(currentBlueprint());
  };
  preset.addEventListener("change", () => {
    const chosen = presets.find(({ slug }) => slug === preset.value);
    if (chosen) {
      blueprint.value = chosen.blueprint;
      duration.value = String(Math.round(chosen.duration_seconds / 60));
      rules = rulesForm(chosen.rules);
      fill(rulesPlace, rules.element);
    }
    describe();
  });
  blueprint.addEventListener("change", () => {
    // Another blueprint asks for another paper.
    if (paper.value === "keep") paper.value = "one";
    describe();
  });
  describe();

  /** @returns {{control: HTMLElement, reason: string}[]} */
  const problemsOf = () => {
    const problems = [];
    if (!title.value.trim()) problems.push({ control: title, reason: t.titleMissing });
    if (!blueprint.value && paper.value !== "keep") problems.push({ control: blueprint, reason: t.blueprintMissing });
    if (audience.value().units.length === 0) problems.push({ control: audience.control, reason: t.audienceMissing });
    if (!opens.value) problems.push({ control: opens, reason: t.timeMissing });
    if (!closes.value) problems.push({ control: closes, reason: t.timeMissing });
    else if (opens.value && closes.value <= opens.value) problems.push({ control: closes, reason: t.closesFirst });
    if (!(Number(duration.value) > 0)) problems.push({ control: duration, reason: t.durationWrong });
    const total = paper.value === "keep" ? exam?.marks_max : currentBlueprint()?.marks;
    const { pass_marks: pass } = rules.controls;
    if (total !== undefined && Number(pass.value) > total) {
      problems.push({ control: pass, reason: t.passOverTotal(f.marks(total)) });
    }
    return [...problems, ...rules.read().problems];
  };

  /** @returns {Record<string, HTMLElement>} */
  const controls = () => ({ title, blueprint, paper, opens_at: opens, closes_at: closes, duration_seconds: duration,
    audience: audience.control, ...rules.controls });

  /** @param {{control: HTMLElement, reason: string}[]} problems */
  const mark = (problems) => {
    for (const control of Object.values(controls())) setFieldError(control, null);
    for (const { control, reason } of problems) setFieldError(control, reason);
  };

  /** The server's field problems beside their fields.
   * @param {unknown} error
   */
  const markFromServer = (error) => {
    if (!(error instanceof Problem)) return;
    const known = controls();
    mark(error.errors.flatMap(({ field: name, reason }) => {
      const key = name.replace(/^rules\./, "").split(/[.[]/)[0] ?? "";
      const control = known[key];
      return control ? [{ control, reason }] : [];
    }));
  };

  /** A fixed paper is assembled first; what can't be met is shown and nothing is saved.
   * @param {Rules} read
   * @returns {Promise<{paper: string} | {blueprint: string} | null>}
   */
  const source = async (read) => {
    if (paper.value === "keep" && exam?.paper) return { paper: exam.paper };
    if (paper.value === "each") return { blueprint: blueprint.value };
    const made = /** @type {{id: string, unmet: Unmet[]}} */ (await post("/papers", { blueprint: blueprint.value,
      seed: randomKey(), forms: 1, law_date: read.law_date ?? opens.value.slice(0, 10) }));
    if (made.unmet.length === 0) return { paper: made.id };
    fill(outcome, unmetNotice(made.unmet));
    return null;
  };

  const submit = h("button", { type: "submit", class: "button primary" }, exam ? t.saveChanges : t.saveDraft);
  /** @param {Event} event */
  const onsubmit = (event) => {
    event.preventDefault();
    fill(outcome);
    const problems = problemsOf();
    mark(problems);
    const firstProblem = problems[0];
    if (firstProblem) {
      fill(outcome, notice("bad", t.problems(problems.length), h("p", null, t.problemsHow)));
      firstProblem.control.scrollIntoView({ block: "center" });
      firstProblem.control.focus();
      return;
    }
    const read = rules.read().rules;
    void busy(submit, t.saving, async () => {
      try {
        const from = await source(read);
        if (!from) return;
        await act.save({ title: title.value.trim(), kind: exam?.kind ?? KIND, ...from, rules: read,
          audience: audience.value(), opens_at: f.fromLocalInput(opens.value),
          closes_at: f.fromLocalInput(closes.value), duration_seconds: Math.round(Number(duration.value) * 60) });
      } catch (error) {
        markFromServer(error);
        fill(outcome, failure(error, { what: t.failed, kept: t.failedKept }));
      }
    });
  };

  return h("form", { class: "form", novalidate: true, onsubmit },
    h("fieldset", { class: "block" }, h("legend", null, h("h2", null, t.what)),
      field(t.title, title, { hint: t.titleHint, wide: true }),
      h("div", { class: "grid" },
        h("div", null, field(t.preset, preset), presetNote),
        h("div", null, field(t.blueprintField, blueprint), blueprintNote),
        field(t.paper, paper, { hint: t.paperHint }))),
    h("fieldset", { class: "block" }, h("legend", null, h("h2", null, t.who)), audience.element),
    h("fieldset", { class: "block" }, h("legend", null, h("h2", null, t.when)), h("div", { class: "grid" },
      field(t.opens, opens, { hint: t.beijing }), field(t.closes, closes, { hint: t.closesHint }),
      field(t.duration, duration, { hint: t.durationHint }))),
    h("fieldset", { class: "block" }, h("legend", null, h("h2", null, t.how)), rulesPlace),
    outcome,
    h("div", { class: "row" }, submit,
      h("button", { type: "button", class: "button", onclick: act.cancel }, texts.common.cancel)),
    h("p", { class: "quiet small" }, t.draftNote));
}
