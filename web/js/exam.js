/**
 * The exam page: before a test, going on with one after a reload, and after it. What lies between is sitting.js. A
 * reload at any moment is safe: a paper that this phone is answering is shown from its own disk, then the server is
 * asked.
 */
import { numberGrid } from "./answer-sheet.js";
import { api, clock, isProblem, NetworkError, signInAddress } from "./api.js";
import * as dom from "./dom.js";
import { Sitting } from "./sitting.js";
import { keyOf, leftovers, memoryOf, note, noted, openStore, recall, remember } from "./store.js";
import { formatInstant, formatLeft, T } from "./texts.js";

/** @typedef {import("./types.js").Assignment} Assignment */
/** @typedef {import("./types.js").Attempt} Attempt */
/** @typedef {import("./types.js").Context} Context */

const { button, el, fill, link } = dom;

const TRIAL = "trial";

/** Where this phone remembers which attempt it is holding. @param {string | null} account @param {string} exam */
const runningKey = (account, exam) => `running.${account}.${exam}`;

/** @param {string} title @param {dom.Child[]} body */
function showPage(title, body) {
  dom.quietFrame();
  dom.show([el("h1", { text: title }), ...body], { title });
}

/* Going on */

/**
 * Goes on with a paper that this phone holds, without asking anybody first.
 *
 * @param {Context} context
 * @param {import("./types.js").Paper} paper
 */
async function resume(context, paper) {
  clock.assume(paper.ahead_ms);
  const { attempt } = paper;
  const sitting = new Sitting(context, attempt, true, whatFollows(context, attempt.id));
  sitting.outbox.gate = () => verify(context, sitting);
  await sitting.start();
  watch(sitting);
}

/** Where the exam counts how often its page is left; the script for it comes only then. @param {Sitting} sitting */
function watch(sitting) {
  const rule = sitting.attempt.screen_leaves;
  if (!rule) return;
  // Without the script nothing is counted.
  import("./screen-leaves.js").then(({ ScreenLeaves }) => new ScreenLeaves(sitting, rule)).catch(() => undefined);
}

/**
 * The first word from the server after a reload: whose session this is, and how the attempt stands. Nothing is sent
 * before.
 *
 * @param {Context} context
 * @param {Sitting} sitting
 */
async function verify(context, sitting) {
  const { id, token } = sitting.attempt;
  const { data } = await api.attemptStatus(id, null, null).catch((error) => {
    // The session is gone: the attempt's own token still saves.
    if (isProblem(error, "not-signed-in")) return api.attemptStatus(id, token, null);
    if (isProblem(error, "not-found")) sitting.stranger();
    throw error;
  });
  if (data.token) sitting.outbox.token = data.token;
  if (sitting.applyStatus(data)) {
    const { deadline, answers = {} } = data;
    keepPaper(context, { ...sitting.attempt, token: data.token || token, deadline, answers });
  }
}

/** @param {Context} context @param {Attempt} attempt */
function keepPaper({ store, account, exam }, attempt) {
  const paper = { key: keyOf(account, exam, "paper"), account, exam, attempt, ahead_ms: clock.ahead() };
  // Without it a reload asks the server for the paper.
  store.put("papers", paper).catch(() => undefined);
}

/** @param {Context} context */
function forgetPaper({ store, account, exam }) {
  remember(runningKey(account, exam), null);
  store.remove("papers", keyOf(account, exam)).catch(() => undefined);
}

/** Starts, or goes on where no paper is kept. @param {Context} context */
async function begin(context) {
  const { data: attempt } = await api.startAttempt(context.exam, dom.deviceId());
  remember(runningKey(context.account, context.exam), attempt.id);
  const sitting = new Sitting(context, attempt, false, whatFollows(context, attempt.id));
  await sitting.start();
  watch(sitting);
  keepPaper(context, attempt);
}

/** Whether this phone was answering an attempt that nothing has changed since. @param {Context} context @param {string} attempt */
async function isStillHere({ store }, attempt) {
  const [memory, reply] = await Promise.all([memoryOf(store, attempt), api.attemptStatus(attempt, null, null).catch(() => null)]);
  if (!memory || !reply) return false;
  const { epoch, state, deadline } = reply.data;
  // Starting after the end could open a second paper.
  return epoch === memory.epoch && state === "answering" && Date.parse(deadline) > clock.now();
}

/**
 * The page of an exam that this phone holds no paper of.
 *
 * @param {Context} context
 */
async function open(context) {
  const { store, account, exam, assignment } = context;
  const here = recall(runningKey(account, exam));
  const running = exam === TRIAL ? here : assignment && assignment.state === "in_progress" && assignment.attempt;
  if (running && running === here && (await isStillHere(context, running))) return begin(context);
  const left = await leftovers(store, account);
  // 我的任务 delivers what is left over of an attempt that is not answered any more.
  if (!running && assignment && left.some((it) => it.attempt === assignment.attempt)) {
    return window.location.replace("/index.html");
  }
  return before(context);
}

/* Before */

/** @param {Context} context */
function before(context) {
  const { assignment } = context;
  if (context.exam === TRIAL) {
    showPage(T.before.trialTitle, [
      el("p", { text: T.before.trialText }),
      ...networkAdvice(),
      startButton(context, T.before.trialStart),
    ]);
    return;
  }
  if (!assignment) {
    showPage(T.before.unknown, [el("p", { text: T.before.unknownText }), link(T.home, "/index.html")]);
    return;
  }
  const blocked = whyNot(assignment);
  if (blocked) {
    const result = assignment.result_attempt;
    showPage(blocked.title, [
      el("p", { text: assignment.title }),
      blocked.text && el("p", { text: blocked.text }),
      result && link(T.done.result, `/result.html?attempt=${encodeURIComponent(result)}`),
      link(T.home, "/index.html"),
    ]);
    return;
  }
  const elsewhere = assignment.state === "in_progress";
  showPage(assignment.title, [
    assignmentFacts(assignment, clock.now()),
    ...dom.paragraphs(assignment.instructions || ""),
    ...networkAdvice(),
    elsewhere && el("p", { class: "notice warn", text: T.before.elsewhere }),
    startButton(context, elsewhere ? T.before.continueHere : T.before.start),
  ]);
}

/** @param {Assignment} assignment @returns {{ title: string, text: string } | null} why it cannot be started */
function whyNot(assignment) {
  if (assignment.outcome === "exempt" || assignment.outcome === "deferred") {
    return { title: assignment.outcome === "exempt" ? T.before.exempt : T.outcome("deferred"), text: "" };
  }
  if (assignment.state === "upcoming") {
    return { title: T.before.upcoming, text: T.before.upcomingText(formatInstant(assignment.opens_at)) };
  }
  if (assignment.state === "closed") return { title: T.before.closed, text: T.before.closedText };
  if (assignment.state === "submitted" && assignment.attempts_left < 1) return { title: T.before.used, text: "" };
  return null;
}

/** @param {Assignment} assignment @param {number} now */
function assignmentFacts(assignment, now) {
  const words = T.before;
  const left = Date.parse(assignment.closes_at) - now;
  const running = assignment.state === "in_progress";
  const short = !running && left < assignment.duration_seconds * 1000;
  return el(
    "div",
    null,
    dom.facts([
      [words.questions, words.questionsText(assignment.questions, assignment.marks_max)],
      [words.duration, T.minutes(assignment.duration_seconds)],
      [words.pass, T.marks(assignment.pass_marks)],
      [words.attempts, !running && words.attemptsText(assignment.attempts_left, assignment.attempts_used)],
      [words.until, formatInstant(assignment.closes_at)],
      [words.book, assignment.open_book === undefined ? "" : assignment.open_book ? words.openBook : words.closedBook],
    ]),
    short && el("p", { class: "notice warn", text: words.short(formatLeft(left)) }),
  );
}

function networkAdvice() {
  return [
    el("h2", { text: T.before.network }),
    el("p", { text: T.before.networkText }),
    el("p", { text: T.before.time }),
  ];
}

/** @param {Context} context @param {string} text */
function startButton(context, text) {
  const problem = el("div");
  const start = button(text, () => {
    start.disabled = true;
    start.textContent = T.before.starting;
    begin(context).catch((error) => {
      start.disabled = false;
      start.textContent = text;
      fill(problem, dom.errorNotice(error));
    });
  }, "button primary block");
  return el("div", { class: "start" }, problem, start);
}

/* Handing in, and after */

/** @param {Context} context @param {string} attempt @returns {import("./types.js").After} */
function whatFollows(context, attempt) {
  /** @template {unknown[]} P @param {(...parts: P) => void} view @returns {(...parts: P) => void} */
  const ending = (view) => (...parts) => {
    forgetPaper(context);
    void note(context.store, `attempt.${attempt}`, null);
    view(...parts);
  };
  return {
    review: reviewView,
    handingIn: handingInView,
    done: ending((receipt, closed, timeUp) => doneView(attempt, receipt, closed, timeUp)),
    closed: ending((closed) => closedView(attempt, closed)),
    voided: ending(() => showPage(T.closed.voided, [el("p", { text: T.closed.voidedText }), link(T.home, "/index.html")])),
    takenOver(pending) {
      forgetPaper(context);
      takenOverView(context, pending);
    },
    failed: failedView,
  };
}

/** What is open before the hand-in, one tap away. @param {import("./types.js").Review} review @returns {dom.Child[]} */
function reviewView({ items, pending, left, onGo, onHandIn, onBack }) {
  const words = T.handIn;
  const grid = (/** @type {typeof items} */ some) =>
    some.length > 0 && numberGrid(some.map((item) => ({ ...item, here: false })), onGo);
  const open = items.filter((item) => !item.done);
  const marked = items.filter((item) => item.marked && item.done);
  return [
    el("h1", { text: words.title }),
    el("p", { class: open.length > 0 ? "notice warn" : "notice good" },
      open.length > 0 ? words.open(open.map((item) => item.slot.slot)) : words.allDone),
    open.length > 0 && el("p", { text: words.go }),
    grid(open),
    marked.length > 0 && el("p", { text: words.marked(marked.length) }),
    grid(marked),
    pending > 0 && el("p", { class: "notice", text: words.pending(pending) }),
    el("p", { class: "final", text: `${words.final}${words.time(left)}` }),
    el("div", { class: "stack" }, button(words.confirm, onHandIn, "button primary block"), button(words.back, onBack)),
  ];
}

/**
 * @param {import("./types.js").SaveState} state
 * @param {string | null} until when the network is needed at last; nothing when that has passed
 * @param {(() => void) | null} retry nothing when the time was up and the person has not handed in
 * @returns {dom.Child[]}
 */
function handingInView(state, until, retry) {
  const words = T.handIn;
  if (state.kind === "signed_out") {
    return [
      el("h1", { text: words.offline }),
      el("p", { class: "notice warn", text: T.exam.signInAgain }),
      link(T.exam.signInLink, signInAddress(), "button primary block"),
    ];
  }
  const busy = state.kind === "busy";
  if (state.kind !== "offline" && !busy) {
    return [el("h1", { text: words.sending }), el("p", { text: words.sendingDetail })];
  }
  const told = busy ? words.busyText : !retry ? words.timeUpOffline : until ? words.offlineUntil(until) : words.offlineLate;
  return [
    el("h1", { text: busy ? words.busy : retry ? words.offline : words.timeUp }),
    el("p", { class: "notice warn", role: "status", text: told }),
    state.pending > 0 && el("p", { text: words.pending(state.pending) }),
    el("p", { text: state.durable && state.disk !== "none" ? words.offlineReload : words.offlineMemory }),
    retry && button(words.now, retry),
  ];
}

/**
 * @param {string} attempt
 * @param {import("./types.js").Receipt} receipt
 * @param {import("./types.js").Closed | null} closed
 * @param {boolean} timeUp
 */
function doneView(attempt, receipt, closed, timeUp) {
  const words = T.done;
  remember(`receipt.${attempt}`, receipt.receipt);
  const count = receipt.answered + receipt.unanswered.length;
  showPage(timeUp ? words.timeUp : words.title, [
    receipt.late && el("p", { class: "notice warn", text: words.late }),
    closed && keptNotice(closed),
    dom.facts([
      [words.at, formatInstant(receipt.submitted_at)],
      [words.answered, words.answeredText(receipt.answered, count)],
      [words.unanswered, receipt.unanswered.length > 0 && words.slots(receipt.unanswered)],
      [words.receipt, el("span", { class: "receipt", text: receipt.receipt })],
    ]),
    el("p", { class: "small quiet", text: words.receiptHint }),
    el("div", { class: "stack" },
      link(words.result, `/result.html?attempt=${encodeURIComponent(attempt)}`, "button primary block"),
      link(T.home, "/index.html")),
  ]);
}

/** @param {import("./types.js").Closed} closed */
function keptNotice({ keptForReview, pending }) {
  return keptForReview && pending > 0 && el("p", { class: "notice warn", text: T.closed.kept(pending) });
}

/** @param {string} attempt @param {import("./types.js").Closed} closed */
function closedView(attempt, closed) {
  showPage(T.closed.title, [
    el("p", { text: T.closed.text }),
    keptNotice(closed),
    link(T.done.result, `/result.html?attempt=${encodeURIComponent(attempt)}`),
    link(T.home, "/index.html"),
  ]);
}

/** @param {Context} context @param {number} pending */
function takenOverView(context, pending) {
  const words = T.takenOver;
  showPage(words.title, [
    el("p", { text: words.text }),
    el("p", { class: pending > 0 ? "notice warn" : "notice good", text: pending > 0 ? words.pending(pending) : words.saved }),
    el("h2", { text: words.here }),
    el("p", { text: words.hereDetail }),
    startButton(context, words.here),
    link(T.home, "/index.html"),
  ]);
}

/** @param {import("./api.js").Problem} problem */
function failedView(problem) {
  showPage(T.handIn.failed, [
    dom.errorNotice(problem, T.before.loadFailed),
    button(T.handIn.reload, () => window.location.reload(), "button primary block"),
  ]);
}

/* The page */

/** Who is signed in and what is due for them. @param {string} exam */
async function ask(exam) {
  const { account, items } = (await api.assignments()).data;
  return { account, assignment: items.find((item) => item.exam === exam) || null };
}

async function main() {
  const exam = new URLSearchParams(window.location.search).get("exam") || "";
  const known = recall("account");
  dom.masthead(link(T.home, "/index.html", "linklike"));
  try {
    // Where a paper is held here nobody need be asked first.
    const held = Boolean(known) && recall(runningKey(known, exam)) !== null;
    const asked = held ? null : ask(exam);
    // Awaited below: until then a failure is nobody's.
    if (asked) asked.catch(() => undefined);
    const store = await openStore();
    const [account, papers] = await Promise.all([noted(store, "account"), store.papers()]);
    const paper = papers.find((it) => it.account === account && it.exam === exam);
    if (paper) {
      await resume({ exam, store, account: paper.account, assignment: null }, paper);
    } else {
      const found = await (asked || ask(exam));
      void note(store, "account", found.account);
      await open({ exam, store, ...found });
    }
    dom.keepShell();
  } catch (error) {
    if (isProblem(error, "not-signed-in")) {
      window.location.replace(signInAddress());
      return;
    }
    const again = () => void main();
    showPage(T.notOpened, [dom.errorNotice(error, T.before.loadFailed), button(T.retry, again, "button primary block")]);
    if (error instanceof NetworkError) window.addEventListener("online", again, { once: true });
  }
}

void main();
