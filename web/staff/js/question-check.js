// What stands between a draft and its submission, kept up to date while one writes.

import { post } from "./api.js";
import { fill, h } from "./dom.js";
import { proofChip } from "./question.js";
import { texts } from "./texts.js";
import { setFieldError } from "./ui.js";
import { pageUrl } from "./url-state.js";

/** @typedef {import("./types.js").QuestionContent} QuestionContent */
/** @typedef {import("./types.js").QuestionCheck} QuestionCheck */
/** @typedef {import("./types.js").ContentProblem} ContentProblem */
/** @typedef {import("./question-form.js").Ctx} Ctx */

const t = texts.questionEdit;
const CHECK_AFTER_MS = 700;

/** The control of a path, or of what it lies in.
 * @param {Ctx} ctx
 * @param {string} path
 */
function controlOf({ controls }, path) {
  for (let at = path; at; at = at.replace(/(\.[^.[]+|\[\d+\])$/, "")) {
    const control = controls.get(at);
    if (control?.isConnected) return control;
    if (!/[.[]/.test(at)) break;
  }
  return null;
}

/**
 * @param {() => QuestionContent} content
 * @param {() => Ctx} ctx
 */
export function checkPanel(content, ctx) {
  const element = h("div", { class: "card", role: "status" });
  /** @type {Set<string>} */
  const seen = new Set();
  /** @type {QuestionCheck} */
  let last = { problems: [], words: [], alike: [] };
  let timer = 0;
  let turn = 0;

  /** @param {ContentProblem[]} some */
  const list = (some) => h("ul", { class: "bare" }, some.map(({ field, reason }) => {
    const control = controlOf(ctx(), field);
    return h("li", null, control ? h("button", { type: "button", class: "linklike tight", onclick: () => {
      const details = control.closest("details");
      if (details) details.open = true;
      control.focus();
    } }, reason) : reason);
  }));

  /** Puts what is wrong beside the fields that have been touched, and the whole into the panel. */
  const show = () => {
    const errors = last.problems.filter(({ severity }) => severity === "error");
    const warnings = last.problems.filter(({ severity }) => severity !== "error");
    for (const [path, control] of ctx().controls) {
      const own = errors.find(({ field }) => field === path);
      if (control.isConnected) setFieldError(control, own && seen.has(path) ? own.reason : null);
    }
    for (const [path, put] of ctx().proofs) put(last.words.find(({ field }) => field === path)?.proof);
    fill(element, h("h2", { class: "minor" }, t.check),
      errors.length === 0 ? h("p", null, t.clean) : [h("p", null, t.gaps(errors.length)), list(errors)],
      warnings.length > 0 && [h("p", { class: "label" }, t.warnings), list(warnings)],
      last.words.length > 0 ? h("p", null, t.proof, last.words.map(({ proof }) => [proofChip(proof), " "]))
        : h("p", { class: "quiet small" }, t.noProof),
      last.alike.length > 0 && [h("p", { class: "label" }, t.alike), h("ul", { class: "bare" }, last.alike.map((one) =>
        h("li", null, h("a", { href: pageUrl("questions.html", { ref: one.ref }), target: "_blank", rel: "noopener" }, one.stem),
          h("span", { class: "cell-note" }, `${one.ref} · ${t.alikeOf(one.percent)}`))))]);
  };

  const check = async () => {
    const own = ++turn;
    try {
      const reply = /** @type {QuestionCheck} */ (await post("/question-checks", content()));
      if (own !== turn) return;
      last = reply;
      show();
    } catch (error) {
      if (own !== turn) return;
      fill(element, h("h2", { class: "minor" }, t.check), h("p", { class: "quiet" }, t.checkFailed),
        error instanceof Error ? h("p", { class: "quiet small" }, error.message) : null);
    }
  };

  return {
    element,
    show,
    /** A field was written in: it is checked with the rest, a moment later. @param {string} path */
    touched(path) {
      seen.add(path);
      clearTimeout(timer);
      timer = setTimeout(() => void check(), CHECK_AFTER_MS);
    },
    /** What the server said of the stored draft. @param {{problems: ContentProblem[], words: QuestionCheck["words"]}} stored */
    put({ problems, words }) {
      last = { ...last, problems, words };
      show();
    },
  };
}
