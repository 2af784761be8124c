// One question: what it says, where it is in its life, what can be done with it, what happened to it.

import { get, post, request } from "./api.js";
import { fill, h } from "./dom.js";
import * as f from "./format.js";
import { aboutQuestion, drawBody, stateChip } from "./question.js";
import { compareVersions } from "./question-compare.js";
import { texts } from "./texts.js";
import { busy, confirmIn, failure, field, notice, setFieldError } from "./ui.js";
import { pageUrl, param, setParams } from "./url-state.js";

/** @typedef {import("./types.js").Question} Question */
/** @typedef {import("./types.js").QuestionVersion} QuestionVersion */
/** @typedef {import("./question.js").Lists} Lists */
/** @typedef {import("./dom.js").Child} Child */

const t = texts.questions;
const l = texts.questionLife;

/**
 * @typedef {{place: HTMLElement, question: Question, versions: QuestionVersion[], lists: Lists,
 *   again: (said?: Child) => Promise<void>}} Page
 */

/** @param {Question} question */
const path = (question) => `/questions/${encodeURIComponent(question.ref)}`;

/**
 * A step in the life of the question.
 * @param {Page} page
 * @param {Record<string, string>} body
 * @returns {Promise<{in_fixed_papers: {exam: string, title: string}[]}>}
 */
async function step({ question }, body) {
  return post(`${path(question)}/state-changes`, body, { etag: question.etag });
}

/** @param {Page} page @param {HTMLElement} ask */
function askSubmit(page, ask) {
  const { question } = page;
  confirmIn(ask, { title: l.submitTitle(question.ref), consequences: [l.submitWhat], confirm: l.submitGo, doing: l.acting,
    what: l.submitFailed, kept: l.nothingChanged, onconfirm: async () => {
      await step(page, { to: "submitted" });
      await page.again();
    } });
}

/** @param {Page} page @param {HTMLElement} ask */
function askWithdraw(page, ask) {
  confirmIn(ask, { title: l.withdrawTitle(page.question.ref), consequences: [l.withdrawWhat], confirm: l.withdrawGo,
    doing: l.acting, what: l.withdrawFailed, kept: l.nothingChanged, onconfirm: async () => {
      await step(page, { to: "draft" });
      await page.again();
    } });
}

/** @param {Page} page @param {HTMLElement} ask */
function askActivate(page, ask) {
  const { question } = page;
  const unproven = question.words.filter(({ proof }) => proof !== "proven" && proof !== "bound").length;
  const { in_papers: old } = question;
  confirmIn(ask, {
    title: l.activateTitle(question.ref, question.version),
    consequences: [l.activateWhat, old !== null && old !== question.version ? l.activateOld(old) : null,
      unproven > 0 ? l.activateUnproven(unproven) : null],
    ...(unproven > 0 ? { reason: { label: l.activateReason, hint: l.activateReasonHint } } : {}),
    confirm: l.activateGo, doing: l.acting, what: l.activateFailed, kept: l.nothingChanged,
    onconfirm: async (reason) => {
      await step(page, unproven > 0 ? { to: "active", unproven_reason: reason } : { to: "active" });
      await page.again();
    },
  });
}

/** @param {Page} page @param {HTMLElement} ask */
function askRetire(page, ask) {
  confirmIn(ask, {
    title: l.retireTitle(page.question.ref), consequences: [l.retireWhat, l.retireFixed],
    reason: { label: l.retireReason }, confirm: l.retireGo, doing: l.acting, danger: true, what: l.retireFailed,
    kept: l.nothingChanged,
    onconfirm: async (reason) => {
      const { in_fixed_papers: fixed } = await step(page, { to: "retired", reason });
      await page.again(fixed.length === 0 ? notice("good", l.retiredDone) : notice("warn", l.inFixedPapers(fixed.length),
        h("ul", null, fixed.map(({ exam, title }) => h("li", null,
          h("a", { href: pageUrl("exam.html", { exam }) }, title)))), h("p", null, l.inFixedPapersHow)));
    },
  });
}

/** @param {Page} page @param {HTMLElement} ask */
function askRemove({ question }, ask) {
  confirmIn(ask, { title: l.removeTitle(question.ref), consequences: [l.removeWhat,
    question.in_papers !== null && l.removeKeeps], confirm: l.removeGo, doing: l.acting, danger: true,
  what: l.removeFailed, kept: l.nothingChanged, onconfirm: async () => {
    await request("DELETE", `${path(question)}/versions/${question.version}`, { etag: question.etag });
    location.assign("/staff/questions.html?state=draft&author=me");
  } });
}

/** The reviewer's form.
 * @param {Page} page
 */
function reviewForm(page) {
  const { question } = page;
  const comment = h("textarea", { class: "input short", rows: 3, maxlength: 500 });
  const outcome = h("div", null);
  /** @param {string} decision @param {HTMLButtonElement} button */
  const decide = (decision, button) => {
    const said = comment.value.trim();
    const lacking = decision === "returned" && !said;
    setFieldError(comment, lacking ? l.commentNeeded : null);
    if (lacking) return comment.focus();
    void busy(button, l.reviewing, async () => {
      try {
        await post(`${path(question)}/reviews`, { decision, ...(said ? { comment: said } : {}) }, { etag: question.etag });
        await page.again(notice("good", decision === "approved" ? l.approved : l.sentBack));
      } catch (error) {
        fill(outcome, failure(error, { what: l.reviewFailed, kept: l.reviewKept }));
      }
    });
  };
  const approve = h("button", { type: "button", class: "button slim primary",
    onclick: () => decide("approved", approve) }, l.approve);
  const sendBack = h("button", { type: "button", class: "button slim", onclick: () => decide("returned", sendBack) },
    l.sendBack);
  return h("section", { class: "block card" }, h("h2", null, l.reviewHeading), h("p", { class: "quiet" }, l.reviewHow),
    field(l.comment, comment, { hint: l.commentHint, wide: true }), outcome, h("div", { class: "row" }, approve, sendBack));
}

/** @param {Page} page */
function acts(page) {
  const { question } = page;
  const ask = h("div", null);
  /** @type {[string, string, (page: Page, ask: HTMLElement) => void, string][]} */
  const steps = [
    ["submit", l.submit, askSubmit, "primary"], ["activate", l.activate, askActivate, "primary"],
    ["withdraw", l.withdraw, askWithdraw, ""], ["retire", l.retire, askRetire, "danger"],
    ["delete", l.remove, askRemove, "danger"],
  ];
  const may = (/** @type {string} */ act) => question.may.includes(act);
  const edit = may("edit") ? l.edit : may("new_version") ? l.newVersion : null;
  const buttons = steps.filter(([act]) => may(act)).map(([, title, open, tone]) =>
    h("button", { type: "button", class: `button slim ${tone}`, onclick: () => open(page, ask) }, title));
  if (!edit && buttons.length === 0) return null;
  return [h("div", { class: "row" }, edit && h("a", { class: "button slim",
    href: pageUrl("question-edit.html", { ref: question.ref }) }, edit), buttons), ask];
}

/** Gaps and warnings.
 * @param {Question} question
 */
function problems({ problems: all, state }) {
  const errors = all.filter(({ severity }) => severity === "error");
  const warnings = all.filter(({ severity }) => severity !== "error");
  const list = (/** @type {typeof all} */ some) => h("ul", null, some.map(({ reason }) => h("li", null, reason)));
  return [
    errors.length > 0 && notice("warn", state === "draft" ? l.gapsSentence(errors.length) : l.warningsTitle, list(errors)),
    warnings.length > 0 && notice("plain", l.warningsTitle, list(warnings)),
  ];
}

/** @param {Page} page */
function history({ versions }) {
  return h("section", { class: "block" }, h("h2", null, l.history), versions.map((version) =>
    h("section", null, h("h3", { class: "sub" }, l.historyOf(version.version), " ", stateChip(version.state)),
      version.events.length === 0 ? h("p", { class: "quiet" }, l.noEvents)
        : h("ol", { class: "history" }, version.events.map((event) => h("li", null,
          h("b", null, l.events[event.kind] ?? event.kind),
          h("span", { class: "quiet" }, `　${l.by(event.name ?? l.someone, f.dateTime(event.at))}`),
          event.comment ? h("p", null, event.comment) : null))))));
}

/** @param {Page} page */
function versionLinks({ question, versions }) {
  if (versions.length < 2) return null;
  return h("nav", { class: "row", "aria-label": l.versions }, versions.map((version) =>
    h("a", { class: "button slim", href: pageUrl("questions.html", { ref: question.ref, version: String(version.version) }),
      "aria-current": version.version === question.version ? "page" : null },
    l.versionOf(version.version, t.states[version.state] ?? version.state))));
}

/** The version that this one is compared with: the one in papers, else the one before.
 * @param {Page} page
 */
function olderVersion({ question, versions }) {
  return versions.find(({ version, state }) => state === "active" && version < question.version)
    ?? versions.find(({ version }) => version < question.version);
}

/**
 * @param {HTMLElement} main
 * @param {Lists} lists
 * @param {Child} [said]
 */
export async function drawOne(main, lists, said) {
  const ref = encodeURIComponent(param("ref"));
  /** @type {[Question, {items: QuestionVersion[]}]} */
  const [question, { items: versions }] = await Promise.all([
    get(`/questions/${ref}`, { version: param("version") }), get(`/questions/${ref}/versions`)]);
  document.title = `${question.ref} · ${texts.shell.brand}`;
  const again = async (/** @type {Child} */ next) => {
    // What was done changed the newest version: that is what is shown.
    setParams({ version: null });
    await drawOne(main, lists, next);
    main.focus();
  };
  /** @type {Page} */
  const page = { place: main, question, versions, lists, again };
  const own = versions.find(({ version }) => version === question.version);
  const older = olderVersion(page);
  const reviews = question.may.includes("review");
  const returned = own?.state === "draft" ? own.events.filter(({ kind }) => kind === "returned").at(-1) : null;
  fill(main, h("div", { class: "head-row" }, h("h1", null, `${t.question} ${question.ref}`, " ", stateChip(question.state)),
    h("a", { href: "/staff/questions.html", onclick: (/** @type {Event} */ event) => {
      // Back to the list as it was filtered, when one came from there.
      if (document.referrer.startsWith(`${location.origin}/staff/questions.html?`) && history_().length > 1) {
        event.preventDefault();
        history_().back();
      }
    } }, t.back)),
  said ?? null,
  h("p", { class: "lead-2" }, l.sentence[question.state] ?? ""), versionLinks(page),
  returned?.comment ? notice("warn", l.events["returned"] ?? "", h("p", null, returned.comment)) : null,
  problems(question), acts(page),
  h("div", { class: "two top wide-left" },
    h("div", { class: "card question" }, drawBody(question.content, lists, question.words)),
    h("section", null, h("h2", null, t.about), aboutQuestion(question, lists))),
  older && own && (reviews || question.state !== "retired") ? h("section", { class: "block" },
    compareVersions(older, own, lists)) : null,
  reviews && reviewForm(page), history(page));
}

/** The browser's history; the name is taken here. */
const history_ = () => window.history;
