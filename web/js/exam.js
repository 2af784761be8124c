/**
 * The exam page: before a test, resuming one, and after it. What lies between is sitting.js. A reload at any moment is
 * safe.
 */
import { api, isProblem, NetworkError, Problem, signInAddress } from "./api.js";
import { createClock, formatInstant, formatLeft } from "./clock.js";
import * as dom from "./dom.js";
import { leftovers, openStore, Outbox } from "./outbox.js";
import { handingInView, recallAttempt, Sitting } from "./sitting.js";
import { T } from "./texts.js";

/** @typedef {import("./types.js").Assignment} Assignment */
/** @typedef {import("./types.js").Context} Context */

const { button, byId, el, fill, link } = dom;

const TRIAL = "trial";

/** Where this phone remembers the attempt that it is holding. @param {string} exam */
const runningKey = (exam) => `running.${exam}`;

/** An opaque name of this phone. `crypto.randomUUID` does not exist over plain HTTP. */
function deviceId() {
  const known = dom.recall("device");
  if (known) return known;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const made = Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
  dom.remember("device", made);
  return made;
}

/** The page outside a test: the head instead of bar and foot. */
function quietFrame() {
  byId("bar").hidden = true;
  byId("foot").hidden = true;
  byId("masthead").hidden = false;
  fill(byId("strips"));
  document.body.classList.remove("sitting");
}

/** @param {string} title @param {dom.Child[]} body */
function showPage(title, body) {
  quietFrame();
  dom.show([el("h1", { text: title }), ...body], { title });
}

/* Before */

/**
 * @param {Context} context
 * @param {EarlyStatus | null} early
 */
async function open(context, early) {
  const { assignment } = context;
  const attempt = assignment ? assignment.attempt : dom.recall(runningKey(TRIAL));
  const left = attempt ? (await leftovers(context.store, context.account)).find((it) => it.attempt === attempt) : null;
  const running = context.exam === TRIAL || (assignment && assignment.state === "in_progress");
  if (attempt && left && (left.handIn || !running)) {
    return finishOnly(context, attempt, left.epoch);
  }
  if (attempt && running && early && early.attempt === attempt && (await resume(context, early))) return undefined;
  return before(context);
}

/** @typedef {{ attempt: string, reply: Promise<import("./types.js").Reply<import("./types.js").AttemptStatus> | null> }} EarlyStatus */

/** Asks how the attempt stands that this phone is holding, if any. @param {string} exam @returns {EarlyStatus | null} */
function askEarly(exam) {
  const attempt = dom.recall(runningKey(exam));
  if (!attempt || !recallAttempt(attempt)) return null;
  const reply = api.attemptStatus(attempt, null, null).catch((error) => {
    if (error instanceof Problem && [404, 409].includes(error.status)) return null;
    throw error;
  });
  // Awaited later, if at all: until then a failure is nobody's.
  reply.catch(() => undefined);
  return { attempt, reply };
}

/**
 * Goes on with the attempt that this phone is holding; false when the person is to be asked first.
 *
 * @param {Context} context
 * @param {EarlyStatus} early
 */
async function resume(context, { attempt, reply }) {
  const memory = recallAttempt(attempt);
  const status = await reply;
  if (!memory || !status || status.data.epoch !== memory.epoch || status.data.state !== "answering") return false;
  context.clock.sync(status.data.server_now, status.sentAt, status.receivedAt);
  // Starting now could open a second paper: what has run out is only handed in.
  if (Date.parse(status.data.deadline) <= context.clock.now()) return finishOnly(context, attempt, memory.epoch);
  await begin(context);
  return true;
}

/** @param {Context} context */
async function begin(context) {
  const reply = await api.startAttempt(context.exam, deviceId());
  const attempt = reply.data;
  context.clock.sync(attempt.server_now, reply.sentAt, reply.receivedAt);
  dom.remember(runningKey(context.exam), attempt.id);
  const sitting = new Sitting(context, attempt, whatFollows(context, attempt.id));
  await sitting.start();
}

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
      result && link(T.tasks.result, `/result.html?attempt=${encodeURIComponent(result)}`),
      link(T.home, "/index.html"),
    ]);
    return;
  }
  const elsewhere = assignment.state === "in_progress";
  showPage(assignment.title, [
    assignmentFacts(assignment, context.clock.now()),
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

/**
 * Hands in what this phone still holds of an attempt that is not answered any more.
 *
 * @param {Context} context
 * @param {string} attempt
 * @param {number} epoch
 * @returns {Promise<true>}
 */
async function finishOnly(context, attempt, epoch) {
  const show = () => {
    if (outbox.stopped) return;
    quietFrame();
    dom.show(handingInView(outbox.state(), null, () => void outbox.wake()), { title: T.handIn.sending });
  };
  const after = whatFollows(context, attempt);
  const { store, account, clock } = context;
  const events = {
    onState: show,
    onReceipt: (/** @type {import("./types.js").Receipt} */ receipt) => after.done(receipt, false),
    onClosed: after.closed,
    onTakenOver: () => after.takenOver(outbox.pending().length),
    onFailed: after.failed,
  };
  const outbox = new Outbox({ store, account, attempt, epoch, token: null, now: clock.now, events });
  await outbox.load({});
  window.addEventListener("online", () => void outbox.wake());
  if (outbox.handInRecord) void outbox.pump();
  else void outbox.handIn();
  return true;
}

/* After */

/** @param {Context} context @param {string} attempt @returns {import("./sitting.js").After} */
function whatFollows(context, attempt) {
  return {
    done: (receipt, timeUp) => doneView(context, attempt, receipt, timeUp),
    closed: (closed) => closedView(attempt, closed.keptForReview ? closed.pending : 0),
    voided: voidedView,
    takenOver: (pending) => takenOverView(context, pending),
    failed: failedView,
  };
}

/**
 * @param {Context} context
 * @param {string} attempt
 * @param {import("./types.js").Receipt} receipt
 * @param {boolean} timeUp
 */
function doneView(context, attempt, receipt, timeUp) {
  const words = T.done;
  dom.remember(`attempt.${attempt}`, null);
  dom.remember(`receipt.${attempt}`, receipt.receipt);
  dom.remember(runningKey(context.exam), null);
  const count = receipt.answered + receipt.unanswered.length;
  showPage(timeUp ? words.timeUp : words.title, [
    receipt.late && el("p", { class: "notice warn", text: words.late }),
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

/** @param {string} attempt @param {number} kept */
function closedView(attempt, kept) {
  dom.remember(`attempt.${attempt}`, null);
  showPage(T.closed.title, [
    el("p", { text: T.closed.text }),
    kept > 0 && el("p", { class: "notice warn", text: T.closed.kept(kept) }),
    link(T.done.result, `/result.html?attempt=${encodeURIComponent(attempt)}`),
    link(T.home, "/index.html"),
  ]);
}

function voidedView() {
  showPage(T.closed.voided, [el("p", { text: T.closed.voidedText }), link(T.home, "/index.html")]);
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

/** @param {Problem} problem */
function failedView(problem) {
  showPage(T.handIn.failed, [
    dom.errorNotice(problem, T.before.loadFailed),
    button(T.handIn.reload, () => window.location.reload(), "button primary block"),
  ]);
}

/* The page */

async function main() {
  const exam = new URLSearchParams(window.location.search).get("exam") || "";
  dom.masthead(link(T.home, "/index.html", "linklike"));
  const clock = createClock();
  const early = askEarly(exam);
  try {
    const [store, me, assignments] = await Promise.all([openStore(), api.me(), api.assignments()]);
    clock.sync(assignments.data.server_now, assignments.sentAt, assignments.receivedAt);
    const assignment = assignments.data.items.find((item) => item.exam === exam) || null;
    await open({ exam, account: me.data.id, assignment, store, clock }, early);
  } catch (error) {
    if (isProblem(error, "not-signed-in")) {
      window.location.replace(signInAddress());
      return;
    }
    const again = () => void main();
    showPage(T.notOpened, [
      dom.errorNotice(error, T.before.loadFailed),
      button(T.retry, again, "button primary block"),
    ]);
    if (error instanceof NetworkError) window.addEventListener("online", again, { once: true });
  }
}

void main();
