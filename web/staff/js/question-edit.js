// 写题: a form that may be left with gaps, with what stands between it and its submission beside it.

import { get, getAll, post } from "./api.js";
import { fill, h } from "./dom.js";
import * as f from "./format.js";
import { checkPanel } from "./question-check.js";
import { itemForm, textField } from "./question-form.js";
import { start } from "./shell.js";
import { texts } from "./texts.js";
import { busy, failure, field, notice, select } from "./ui.js";
import { pageUrl, param, setParams } from "./url-state.js";

/** @typedef {import("./types.js").Question} Question */
/** @typedef {import("./types.js").QuestionContent} QuestionContent */
/** @typedef {import("./types.js").QuestionItem} QuestionItem */
/** @typedef {import("./types.js").ListEntry} ListEntry */
/** @typedef {import("./types.js").EditionSummary} EditionSummary */
/** @typedef {import("./question-form.js").Ctx} Ctx */

const t = texts.questionEdit;
const q = texts.questions;

/** @param {Record<string, string>} titles */
const choices = (titles) => [{ value: "", title: t.choose },
  ...Object.entries(titles).map(([value, title]) => ({ value, title }))];

/** What of an item is kept when its kind changes.
 * @param {QuestionItem} item
 * @param {string} kind
 */
function ofKind(item, kind) {
  const choice = (/** @type {string | undefined} */ own) => own === "single" || own === "multiple";
  const { stem, explanation, citations, options, fixed_order: fixed } = item;
  /** @type {QuestionItem} */
  const next = { kind, stem, explanation, citations };
  if (choice(kind) && choice(item.kind)) {
    const right = typeof item.key === "string" ? [item.key] : Array.isArray(item.key) ? item.key.flat() : [];
    Object.assign(next, { options, fixed_order: fixed, key: kind === "single" ? right[0] : right.length > 0 ? right : undefined });
  }
  return next;
}

/** The topics, the main one first.
 * @param {Ctx} ctx
 * @param {QuestionContent} content
 * @param {ListEntry[]} topics
 */
function topicField(ctx, content, topics) {
  const place = h("div", { class: "field wide" });
  const draw = () => {
    const chosen = content.topics ?? [];
    const add = select([{ value: "", title: t.addTopic }, ...topics.filter(({ slug }) => !chosen.includes(slug))
      .map(({ slug, title }) => ({ value: slug, title }))], "", { "aria-label": t.addTopic, onchange: () => {
      if (add.value) content.topics = [...chosen, add.value];
      ctx.changed("topics");
      draw();
      ctx.controls.get("topics")?.focus();
    } });
    ctx.controls.set("topics", add);
    const titleOf = (/** @type {string} */ slug) => topics.find((topic) => topic.slug === slug)?.title ?? slug;
    const control = field(t.topics, add, { hint: t.topicsHint });
    fill(place, control, h("ul", { class: "chosen" }, chosen.map((slug) => h("li", null, titleOf(slug), " ",
      h("button", { type: "button", class: "linklike tight", "aria-label": t.removeTopic(titleOf(slug)), onclick: () => {
        content.topics = chosen.filter((one) => one !== slug);
        ctx.changed("topics");
        draw();
      } }, "×")))));
  };
  draw();
  return place;
}

/** @param {Ctx} ctx @param {QuestionContent} content */
function audienceField(ctx, content) {
  const boxes = Object.entries(q.audiences).map(([value, title], index) => {
    const box = h("input", { type: "checkbox", checked: (content.audience ?? []).includes(value), onchange: () => {
      const others = (content.audience ?? []).filter((one) => one !== value);
      content.audience = box.checked ? [...others, value] : others;
      ctx.changed("audience");
    } });
    if (index === 0) ctx.controls.set("audience", box);
    return h("label", { class: "check" }, box, title);
  });
  return h("fieldset", { class: "field wide" }, h("legend", { class: "label" }, t.audience), h("div", { class: "checks" }, boxes));
}

/**
 * The fields beside the body.
 * @param {Ctx} ctx
 * @param {QuestionContent} content
 * @param {{topics: ListEntry[], isNew: boolean, kind: string, setKind: (kind: string) => void}} about
 */
function headFields(ctx, content, { topics, isNew, kind, setKind }) {
  /** @param {"pool" | "level"} name @param {Record<string, string>} titles @param {string} label */
  const chosen = (name, titles, label) => {
    const control = select(choices(titles), content[name] ?? "", { onchange: () => {
      content[name] = control.value || undefined;
      ctx.changed(name);
    } });
    ctx.controls.set(name, control);
    return field(label, control);
  };
  const kindSelect = select(choices(texts.kinds), kind, { onchange: () => setKind(kindSelect.value) });
  ctx.controls.set("body.item.kind", kindSelect);
  const prior = h("input", { class: "input slim", inputmode: "decimal", value: content.prior_facility ?? "", oninput: () => {
    const number = Number(prior.value);
    content.prior_facility = prior.value.trim() && Number.isFinite(number) ? number : undefined;
    ctx.changed("prior_facility");
  } });
  ctx.controls.set("prior_facility", prior);
  const day = (/** @type {string | undefined} */ value, /** @type {(day: string | undefined) => void} */ set,
    /** @type {string} */ path) => {
    const control = h("input", { class: "input slim", type: "date", value: value ?? "", oninput: () => {
      set(control.value || undefined);
      ctx.changed(path);
    } });
    ctx.controls.set(path, control);
    return control;
  };
  const ref = isNew ? textField(ctx, "ref", t.ref, content.ref, (text) => { content.ref = text; }, { hint: t.refHint }).element
    : null;
  const authorship = content.authorship ??= {};
  return [
    h("div", { class: "controls" }, field(t.kind, kindSelect), chosen("level", texts.levels, t.level),
      chosen("pool", q.pools, t.pool), field(t.prior, prior, { hint: t.priorHint }),
      kind === "case" && field(t.factsOn, day(content.facts_on, (value) => { content.facts_on = value; }, "facts_on"),
        { hint: t.factsOnHint })),
    topicField(ctx, content, topics), audienceField(ctx, content),
    h("details", { class: "field wide" }, h("summary", null, t.more), ref,
      field(t.reviewBy, day(authorship.review_by, (value) => { authorship.review_by = value; }, "authorship.review_by"),
        { hint: t.reviewByHint }),
      textField(ctx, "enemies", t.enemies, (content.enemies ?? []).join("、"), (text) => {
        content.enemies = (text ?? "").split(/[、，,\s]+/).filter(Boolean);
      }, { hint: t.enemiesHint }).element,
      textField(ctx, "successor_of", t.successorOf, content.successor_of, (text) => { content.successor_of = text; }).element),
  ];
}

/** @param {Ctx} ctx @param {QuestionContent} content @param {() => void} redraw */
function caseForm(ctx, content, redraw) {
  const own = (content.body ??= {}).case ??= {};
  const parts = own.parts ??= [{ kind: "single" }];
  const add = h("button", { type: "button", class: "button slim", onclick: () => {
    parts.push({ kind: "single" });
    ctx.changed("body.case.parts");
    redraw();
  } }, t.addPart);
  ctx.controls.set("body.case.parts", add);
  const partKinds = Object.fromEntries(Object.entries(texts.kinds).filter(([kind]) => kind !== "case" && kind !== "essay"));
  return [
    textField(ctx, "body.case.passage", t.passage, own.passage, (text) => { own.passage = text; },
      { rows: 4, hint: t.passageHint }).element,
    parts.map((part, index) => {
      const path = `body.case.parts[${index}]`;
      const kind = select(choices(partKinds), part.kind ?? "", { onchange: () => {
        parts[index] = ofKind(part, kind.value);
        ctx.changed(`${path}.kind`);
        redraw();
      } });
      ctx.controls.set(`${path}.kind`, kind);
      return h("section", { class: "card" }, h("h2", { class: "minor" }, t.part(index + 1)), field(t.kind, kind),
        itemForm(ctx, path, part), parts.length > 1 && h("button", { type: "button", class: "button slim", onclick: () => {
          parts.splice(index, 1);
          ctx.changed("body.case.parts");
          redraw();
        } }, t.removePart(index + 1)));
    }), add];
}

/**
 * @param {HTMLElement} main
 * @param {Question | null} question
 * @param {ListEntry[]} topics
 * @param {EditionSummary[]} editions
 */
function drawEditor(main, question, topics, editions) {
  /** @type {QuestionContent} */
  const content = question ? structuredClone(question.content) : { audience: ["all"], body: { item: { kind: "single" } } };
  let etag = question?.etag ?? "";
  let dirty = false;
  const panel = checkPanel(() => content, () => ctx);
  /** @type {Ctx} */
  const ctx = { editions, controls: new Map(), proofs: new Map(), changed: (path) => {
    dirty = true;
    state.textContent = t.unsaved;
    panel.touched(path);
  } };
  const state = h("p", { class: "quiet small", role: "status" });
  const head = h("div", null);
  const body = h("div", null);
  const kindOf = () => (content.body?.case ? "case" : content.body?.item?.kind ?? "");
  const setKind = (/** @type {string} */ kind) => {
    const item = content.body?.item ?? content.body?.case?.parts?.[0] ?? {};
    content.body = kind === "case" ? { case: { parts: [ofKind(item, "single")] } } : { item: ofKind(item, kind) };
    ctx.changed("body.item.kind");
    draw();
    ctx.controls.get("body.item.kind")?.focus();
  };
  const drawBody = () => {
    const item = (content.body ??= { item: {} }).item;
    fill(body, item ? itemForm(ctx, "body.item", item) : caseForm(ctx, content, drawBody));
    panel.show();
  };
  const draw = () => {
    ctx.controls.clear();
    ctx.proofs.clear();
    fill(head, headFields(ctx, content, { topics, isNew: !etag, kind: kindOf(), setKind }));
    drawBody();
  };
  const outcome = h("div", null);
  const save = h("button", { type: "submit", class: "button primary" }, t.save);
  const see = h("a", { class: "button slim", href: pageUrl("questions.html", { ref: question?.ref ?? "" }),
    hidden: !question }, t.see);
  const onsubmit = (/** @type {Event} */ event) => {
    event.preventDefault();
    void busy(save, t.saving, async () => {
      const isNew = !etag;
      try {
        /** @type {Question} */
        const stored = isNew ? await post("/questions", content)
          : await post(`/questions/${encodeURIComponent(content.ref ?? "")}/versions`, content, { etag });
        const before = question?.version ?? 0;
        content.ref = stored.ref;
        ({ etag } = stored);
        dirty = false;
        see.setAttribute("href", pageUrl("questions.html", { ref: stored.ref }));
        see.hidden = false;
        setParams({ ref: stored.ref });
        document.title = `${stored.ref} · ${texts.shell.brand}`;
        fill(outcome, notice("good", isNew || stored.version !== before ? t.savedNew(stored.ref, stored.version)
          : t.saved(f.clockTime(Date.now()))));
        state.textContent = "";
        if (isNew) draw();
        panel.put(stored);
      } catch (error) {
        fill(outcome, failure(error, { what: t.saveFailed, kept: t.saveKept }));
      }
    });
  };
  addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
  const changesVersion = question && question.state !== "draft";
  fill(main, h("div", { class: "head-row" }, h("h1", null, question ? t.heading(question.ref) : t.headingNew),
    h("a", { href: "/staff/questions.html" }, q.back)),
  changesVersion && notice("plain", t.newVersionNote(question.version, q.states[question.state] ?? "")),
  h("div", { class: "two top wide-left" },
    h("form", { class: "form", onsubmit, novalidate: true }, head, body, outcome, state, h("div", { class: "row" }, save, see)),
    h("aside", { class: "check-panel", "aria-label": t.check }, panel.element)));
  draw();
  if (question) panel.put(question);
  else panel.touched("");
}

void start({
  page: "questions",
  roles: ["author"],
  async draw(main) {
    /** @type {[ListEntry[], EditionSummary[]]} */
    const [topics, editions] = await Promise.all([getAll("/topics"), getAll("/laws")]);
    const ref = param("ref");
    if (!ref) return drawEditor(main, null, topics, editions);
    /** @type {Question} */
    const question = await get(`/questions/${encodeURIComponent(ref)}`);
    if (question.may.includes("edit") || question.may.includes("new_version")) {
      drawEditor(main, question, topics, editions);
      return;
    }
    fill(main, h("h1", null, t.heading(ref)), notice("warn", question.state === "submitted" ? t.notNow : t.notYours,
      h("p", null, h("a", { href: pageUrl("questions.html", { ref }) }, t.toQuestion))));
  },
});

