// One exam: what it is, its draft, publishing and cancelling, previews, the roster.

import { get, patch, post } from "./api.js";
import { audienceWords, expand, peopleIn } from "./audience.js";
import { fill, h } from "./dom.js";
import { examForm, loadChoices, unmetNotice } from "./exam-form.js";
import * as f from "./format.js";
import { previewSection } from "./preview.js";
import { rosterSection } from "./roster.js";
import { rulesFacts } from "./rules-form.js";
import { start } from "./shell.js";
import { texts } from "./texts.js";
import { confirmIn, empty, examChip, facts, failure, notice } from "./ui.js";
import { pageUrl, param, setParams } from "./url-state.js";

/** @typedef {import("./types.js").Exam} Exam */
/** @typedef {import("./types.js").Unmet} Unmet */
/** @typedef {import("./exam-form.js").Choices} Choices */

const t = texts.exam;

/** The page in one sentence. @param {Exam} exam */
function sentence(exam) {
  switch (exam.state) {
    case "draft": return t.isDraft;
    case "published": return t.isPublished(f.dateTime(exam.opens_at), f.count(exam.due));
    case "open": return t.isOpen(f.count(exam.due), f.count(exam.taken), f.dateTime(exam.closes_at));
    case "cancelled": return t.isCancelled(exam.reason ?? texts.common.none);
    default: return t.isClosed(f.count(exam.due), f.count(exam.taken));
  }
}

/** @param {Exam} exam @param {Choices} choices */
function examFacts(exam, choices) {
  const blueprint = choices.blueprints.find(({ id }) => id === exam.blueprint);
  return facts([
    [t.window, `${f.dateTime(exam.opens_at)} — ${f.dateTime(exam.closes_at)}`],
    [t.duration, f.minutes(exam.duration_seconds)],
    [t.paper, `${t.paperWords(exam.questions, f.marks(exam.marks_max))} · ${blueprint ? `${blueprint.title} · ` : ""}${exam.paper ? texts.examForm.paperOne : texts.examForm.paperEach}`],
    [t.audience, audienceWords(choices.tree, choices.ranks, exam.audience)],
    ...(exam.seed ? [/** @type {[string, import("./dom.js").Child]} */ ([t.seed,
      h("code", { class: "seed" }, exam.seed)])] : []),
  ]);
}

/** @param {Exam} exam @param {Choices} choices */
function expected(exam, choices) {
  if (exam.registered > 0) return t.goesTo(f.count(exam.registered));
  const people = peopleIn(choices.tree, expand(choices.tree, exam.audience.units));
  return exam.audience.ranks?.length ? t.goesToAtMost(f.count(people)) : t.goesToAbout(f.count(people));
}

/**
 * @param {HTMLElement} ask
 * @param {Exam} exam
 * @param {Choices} choices
 * @param {(message: HTMLElement) => void} done
 */
function askPublish(ask, exam, choices, done) {
  confirmIn(ask, {
    title: t.publishTitle(exam.title),
    consequences: [
      expected(exam, choices), t.publishFixes,
      t.publishOpens(f.dateTime(exam.opens_at), f.dateTime(exam.closes_at), f.minutes(exam.duration_seconds)),
      t.publishUndo,
    ],
    confirm: t.publishGo, doing: t.publishing, what: t.publishFailed, kept: t.publishFailedKept,
    onconfirm: async () => {
      /** @type {{roster: number, unmet: Unmet[]}} */
      const answer = await post(`/exams/${encodeURIComponent(exam.id)}/publication`, {}, { etag: exam.etag });
      done(answer.unmet.length > 0 ? unmetNotice(answer.unmet) : notice("good", t.published(f.count(answer.roster))));
    },
  });
}

/**
 * @param {HTMLElement} ask
 * @param {Exam} exam
 * @param {(message: HTMLElement) => void} done
 */
function askCancel(ask, exam, done) {
  confirmIn(ask, {
    title: t.cancelTitle(exam.title),
    consequences: exam.state === "draft" ? [t.cancelDraft, t.cancelFinal]
      : [t.cancelPeople(f.count(exam.due)), exam.taken > 0 ? t.cancelTaken(f.count(exam.taken)) : t.cancelNobody,
        t.cancelFinal],
    reason: { label: t.cancelReason, hint: t.cancelReasonHint },
    confirm: t.cancelGo, doing: t.cancelling, danger: true, what: t.cancelFailed, kept: t.cancelFailedKept,
    onconfirm: async (reason) => {
      await post(`/exams/${encodeURIComponent(exam.id)}/cancellation`, { reason }, { etag: exam.etag });
      done(notice("good", t.cancelled));
    },
  });
}

/** Who comes in when. @param {Exam} exam */
function wavesBlock({ waves }) {
  if (waves.length === 0) return null;
  return h("section", { class: "block" }, h("h2", null, t.waves), h("ul", null, waves.map((wave) =>
    h("li", null, t.wave(wave.wave, f.dateTime(wave.opens_at), f.count(wave.people)), wave.units.length > 0 &&
      h("p", { class: "quiet small" }, wave.units.map(({ title, people }) => t.waveUnit(title, f.count(people))).join("、"))))));
}

/**
 * @param {HTMLElement} main
 * @param {string} id
 * @param {HTMLElement | null} message
 */
async function show(main, id, message) {
  /** @type {[Exam, Choices]} */
  const [exam, choices] = await Promise.all([get(`/exams/${encodeURIComponent(id)}`), loadChoices()]);
  document.title = `${exam.title} · ${texts.shell.brand}`;
  const head = h("div", { class: "head-row" }, h("h1", null, exam.title, " ", examChip(exam.state)),
    h("a", { href: "/staff/exams.html" }, t.back));
  /** @param {HTMLElement | null} [said] */
  const again = (said = null) => void show(main, id, said).catch((error) =>
    fill(main, failure(error, { what: t.failed, retry: () => location.reload() })));
  if (exam.state === "draft" && param("edit")) {
    const leave = () => setParams({ edit: null }, { step: true });
    fill(main, head, examForm(choices, exam, {
      cancel: () => {
        leave();
        again();
      },
      save: async (body) => {
        await patch(`/exams/${encodeURIComponent(id)}`, body, exam.etag);
        leave();
        again(notice("good", t.saved));
      },
    }));
    return;
  }
  const ask = h("div", null);
  const preview = h("div", null);
  const roster = h("div", null);
  const draft = exam.state === "draft";
  const cancellable = draft || exam.state === "published" || exam.state === "open";
  const lead = h("p", { class: "lead" }, sentence(exam));
  fill(main, head, message, lead,
    h("div", { class: "row" },
      draft && h("button", { type: "button", class: "button primary",
        onclick: () => askPublish(ask, exam, choices, again) }, t.publish),
      draft && h("button", { type: "button", class: "button", onclick: () => {
        setParams({ edit: "1", made: null }, { step: true });
        again();
      } }, t.edit),
      !draft && exam.state !== "cancelled" && [
        h("a", { class: exam.state === "open" ? "button slim primary" : "button slim",
          href: pageUrl("desk.html", { exam: id }) }, t.desk),
        h("a", { class: "button slim", href: pageUrl("unit.html", { exam: id }) }, t.figures)],
      cancellable && h("button", { type: "button", class: draft ? "button danger" : "button slim danger",
        onclick: () => askCancel(ask, exam, again) }, t.cancel)),
    ask,
    h("div", { class: "two top" },
      h("section", { class: "block" }, h("h2", null, t.about), examFacts(exam, choices)),
      h("section", { class: "block" }, h("h2", null, t.rules), facts(rulesFacts(exam.rules)))),
    wavesBlock(exam),
    exam.state !== "cancelled" && h("section", { class: "block" }, h("h2", null, texts.preview.heading), preview),
    h("section", { class: "block" }, h("h2", null, texts.roster.heading),
      draft ? empty(t.rosterDraft, t.rosterDraftHow) : roster));
  previewSection(preview, id);
  if (!draft) {
    rosterSection(roster, { exam, tree: choices.tree, changed: async () => {
      const now = await get(`/exams/${encodeURIComponent(id)}`).catch(() => null);
      if (now) lead.textContent = sentence(/** @type {Exam} */ (now));
    } });
  }
}

void start({
  page: "exams",
  roles: ["manager"],
  async draw(main) {
    const id = param("id");
    if (!id) return fill(main, empty(t.noId, h("a", { href: "/staff/exams.html" }, t.back)));
    addEventListener("popstate", () => void show(main, id, null));
    await show(main, id, param("made") ? notice("good", t.made) : null);
  },
});
