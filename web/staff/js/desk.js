// 考务台: the day of an exam. One question to a view; the pause and what waits stand above each of them.

import { getAll } from "./api.js";
import { resumeBanner } from "./desk-acts.js";
import { getLive, liveFeed } from "./desk-feed.js";
import { keptView } from "./desk-kept.js";
import { overview } from "./desk-overview.js";
import { personView } from "./desk-person.js";
import { questionsView } from "./desk-questions.js";
import { fill, h } from "./dom.js";
import * as f from "./format.js";
import { start } from "./shell.js";
import { texts } from "./texts.js";
import { empty, examChip, failure, notice, refill } from "./ui.js";
import { loadUnits } from "./units.js";
import { pageUrl, param, setParams } from "./url-state.js";

/** @typedef {import("./types.js").ExamSummary} ExamSummary */
/** @typedef {import("./types-desk.js").Live} Live */
/** @typedef {import("./desk-feed.js").Feed} Feed */
/** @typedef {import("./units.js").UnitTree} UnitTree */
/** @typedef {{feed: Feed, tree: UnitTree, exam: ExamSummary, heading: HTMLElement, state: HTMLElement,
 *   say: (message: HTMLElement) => void, link: (params: Record<string, string | null>) => string}} Desk what every view works with */

const t = texts.desk;

const VIEWS = /** @type {const} */ (["overview", "person", "questions", "kept"]);
/** Exams in the order in which they are likely meant. */
const LIKELY = ["open", "published", "closed", "sealed"];

/** @param {ExamSummary[]} exams */
function chooser(exams) {
  if (exams.length === 0) {
    return [h("h1", null, t.choose), empty(t.none, t.noneHow, " ", h("a", { href: "/staff/exams.html" }, t.toExams))];
  }
  return [h("h1", null, t.choose), h("p", { class: "lead-2" }, t.chooseHow),
    h("ul", { class: "names wide" }, exams.map((exam) => h("li", null,
      h("a", { href: pageUrl("desk.html", { exam: exam.id }) }, exam.title), " ", examChip(exam.state),
      h("span", { class: "quiet" }, ` ${f.dateTime(exam.opens_at)}`))))];
}

/** The exams that have a desk, the likeliest first. @param {ExamSummary[]} all */
function withDesk(all) {
  return all.filter((exam) => LIKELY.includes(exam.state)).sort((a, b) =>
    LIKELY.indexOf(a.state) - LIKELY.indexOf(b.state) || Date.parse(b.opens_at) - Date.parse(a.opens_at));
}

/**
 * What stands above each view: how fresh the picture is, the pause, what waits.
 * @param {Desk} desk
 * @param {string} view
 */
function frame(desk, view) {
  const trouble = h("div", null);
  const paused = h("div", null);
  const kept = h("a", { href: desk.link({ view: "kept" }), "aria-current": view === "kept" ? "page" : null });
  const tabs = h("nav", { class: "views no-print", "aria-label": t.viewsLabel }, VIEWS.map((key) => key === "kept" ? kept
    : h("a", { href: desk.link({ view: key === "overview" ? null : key }),
      "aria-current": key === view ? "page" : null }, t.views[key])));
  const ask = h("div", { class: "no-print" });
  const banner = resumeBanner(desk, ask);
  /** @type {unknown} */
  let troubled = null;
  desk.feed.listen((live, problem) => {
    kept.textContent = live.kept_for_review > 0 ? t.keptWaiting(live.kept_for_review) : t.views["kept"] ?? "";
    banner.show(live);
    refill(paused, Boolean(live.paused), () => live.paused && banner.element);
    refill(desk.state, live.state, () => examChip(live.state));
    // Said once when it begins and once when it ends, not every five seconds.
    if (Boolean(problem) === Boolean(troubled)) return;
    troubled = problem;
    fill(trouble, problem ? notice("warn", t.stale, h("p", null, t.staleAt(f.clockTime(live.server_now))))
      : notice("good", t.back_again(f.clockTime(live.server_now))));
  });
  return h("div", null, tabs, trouble, paused, ask);
}

/**
 * @param {HTMLElement} main
 * @param {UnitTree} tree
 * @param {ExamSummary} exam
 * @param {Live} first
 */
function show(main, tree, exam, first) {
  const view = VIEWS.find((key) => key === param("view")) ?? "overview";
  const said = h("div", { class: "no-print" });
  const heading = h("h1", null, t.heading);
  /** @type {Desk} */
  const desk = {
    feed: liveFeed(exam.id, first), tree, exam, heading, state: h("span", null),
    say(message) {
      fill(said, message);
      message.tabIndex = -1;
      message.focus();
    },
    link: (params) => pageUrl("desk.html", { exam: exam.id, ...params }),
  };
  const body = h("div", null);
  fill(main, h("div", { class: "head-row" }, heading,
    h("p", { class: "exam-of" }, h("a", { href: pageUrl("exam.html", { id: exam.id }) }, exam.title), " ",
      desk.state, h("a", { class: "other", href: pageUrl("desk.html", { choose: "1" }) }, t.other))),
  frame(desk, view), said, body);
  switch (view) {
    case "person": return personView(body, desk);
    case "questions": return questionsView(body, desk);
    case "kept": return keptView(body, desk);
    default: return overview(body, desk);
  }
}

void start({
  page: "desk",
  roles: ["manager"],
  async draw(main) {
    /** @type {[UnitTree, ExamSummary[]]} */
    const [tree, all] = await Promise.all([loadUnits(), getAll("/exams")]);
    const exams = withDesk(all);
    const open = exams.filter((exam) => exam.state === "open");
    const wanted = exams.find((exam) => exam.id === param("exam"))
      ?? (open.length === 1 && !param("choose") ? open[0] : undefined);
    if (!wanted) return fill(main, chooser(exams));
    setParams({ exam: wanted.id, choose: null });
    document.title = `${wanted.title} · ${t.heading}`;
    try {
      show(main, tree, wanted, await getLive(wanted.id));
    } catch (error) {
      fill(main, h("h1", null, t.heading), failure(error, { what: t.failed, retry: () => location.reload() }));
    }
  },
});
