/**
 * The first page: signing in, then 我的任务, what is due first. It also delivers what an exam page could not.
 */
import { api, clock, isProblem, NetworkError } from "./api.js";
import { button, byId, el, errorNotice, keepShell, link, masthead, show } from "./dom.js";
import { showNotices } from "./notices.js";
import { Outbox } from "./outbox.js";
import { signInView } from "./sign-in.js";
import { leftovers, note, noted, openStore, recall, remember } from "./store.js";
import { P } from "./texts-pages.js";
import { formatInstant, formatInstantNear, formatLeft, T } from "./texts.js";

/** @typedef {import("./types.js").Account} Account */
/** @typedef {import("./types.js").Assignment} Assignment */
/** @typedef {import("./types.js").HandIn} HandIn */
/** @typedef {import("./types.js").Leftover} Leftover */
/** @typedef {import("./types.js").Store} Store */

/* 我的任务 */

/** What can be done now comes first, the one that closes next on top. @param {Assignment[]} items */
function sorted(items) {
  const due = items.filter((item) => isDue(item)).sort((a, b) => Date.parse(a.closes_at) - Date.parse(b.closes_at));
  const upcoming = items
    .filter((item) => !isDue(item) && item.state === "upcoming")
    .sort((a, b) => Date.parse(a.opens_at) - Date.parse(b.opens_at));
  const done = items
    .filter((item) => !due.includes(item) && !upcoming.includes(item))
    .sort((a, b) => Date.parse(b.closes_at) - Date.parse(a.closes_at));
  return { due, upcoming, done };
}

/** @param {Assignment} item */
function isDue(item) {
  if (item.outcome === "exempt" || item.outcome === "deferred") return false;
  return item.state === "open" || item.state === "in_progress";
}

/** @param {Assignment} item @param {HandIn | null} waiting @returns {HTMLElement} its state, in a word */
function stateWord(item, waiting) {
  const words = P.tasks;
  if (waiting) return word(words.waiting, "warn");
  if (item.outcome === "passed") return word(T.outcome("passed"), "good");
  if (item.outcome === "failed" || item.outcome === "absent") return word(T.outcome(item.outcome), "bad");
  if (item.outcome === "exempt" || item.outcome === "deferred") return word(T.outcome(item.outcome), "");
  if (item.state === "in_progress") return word(words.inProgress, "warn");
  if (item.state === "open") return word(words.open, "good");
  if (item.state === "upcoming") return word(words.notYet, "");
  return word(item.state === "submitted" ? words.submitted : words.closed, "");
}

/** @param {string} text @param {string} kind */
function word(text, kind) {
  return el("span", { class: `state ${kind}`, text });
}

/** A hand-in that has not reached the server, in words. @param {HandIn} waiting @param {number} now */
function waitingText(waiting, now) {
  const until = Date.parse(waiting.until);
  const more = until > now ? T.handIn.offlineUntil(formatInstantNear(until, now)) : T.handIn.offlineLate;
  return `${T.handIn.offline}，${more}`;
}

/** @param {Assignment} item @param {number} now @param {boolean} first @param {HandIn | null} waiting */
function card(item, now, first, waiting) {
  const words = P.tasks;
  const closes = Date.parse(item.closes_at);
  const due = isDue(item) && !waiting;
  const when = due
    ? words.closesAt(formatInstant(closes), formatLeft(closes - now))
    : item.state === "upcoming"
      ? words.opensAt(formatInstant(item.opens_at))
      : words.closedAt(formatInstant(closes));
  const examPage = `/exam.html?exam=${encodeURIComponent(item.exam)}`;
  const resultPage = item.result_attempt && `/result.html?attempt=${encodeURIComponent(item.result_attempt)}`;
  const main = item.state === "in_progress" ? words.resume : words.start;
  const again = !due && item.state === "submitted" && item.attempts_left > 0 && closes > now;
  const unreleased = item.state === "submitted" && !item.released && item.outcome === "none";
  return el(
    "li",
    { class: "card task" },
    el("div", { class: "task-head" }, el("h3", { text: item.title }), stateWord(item, waiting)),
    el("p", { text: waiting ? waitingText(waiting, now) : when }),
    el("p", {
      class: "small quiet",
      text: words.shape(item.questions, T.minutes(item.duration_seconds), item.pass_marks, item.marks_max),
    }),
    unreleased && el("p", { class: "small quiet", text: words.notReleased }),
    (due || again) && item.attempts_used > 0 && el("p", { class: "small quiet", text: words.attemptsLeft(item.attempts_left) }),
    due && link(main, examPage, first ? "button primary block" : "button block"),
    resultPage && link(words.result, resultPage),
    again && link(words.again, examPage),
  );
}

/** @param {Account} account @param {Assignment[]} items @param {Leftover[]} left */
function tasksView(account, items, left) {
  const words = P.tasks;
  const now = clock.now();
  const { due, upcoming, done } = sorted(items);
  /** @param {Assignment} item */
  const handedIn = (item) => (left.find((it) => it.attempt === item.attempt) || { handIn: null }).handIn;
  /** @param {string} title @param {Assignment[]} some */
  const section = (title, some) => {
    const cards = some.map((item, index) => card(item, now, some === due && index === 0, handedIn(item)));
    return some.length > 0 && el("section", null, el("h2", { text: title }), el("ul", { class: "cards" }, ...cards));
  };
  masthead(el("a", { class: "linklike", href: "/account.html", text: T.account }));
  const isStaff = account.roles.some(({ role }) => role !== "examinee");
  const who = account.person ? `${account.name} · ${account.person.unit_name}` : account.name;
  show(
    [
      el("h1", { text: words.title }),
      el("p", { class: "quiet", text: who }),
      el("div", { id: "delivery", role: "status" }),
      el("section", { id: "notices" }),
      isStaff && el("p", null, link(words.staff, "/staff/index.html")),
      due.length === 0 &&
        el("div", { class: "notice" }, el("p", null, el("strong", { text: words.none })), el("p", { text: words.noneDetail })),
      section(words.due, due),
      section(words.upcoming, upcoming),
      el("section", null, el("h2", { text: words.practice }),
        el("ul", { class: "cards" },
          el("li", { class: "card task" }, el("h3", { text: words.wrongTitle }), el("p", { text: words.wrongLead }), link(words.wrongStart, "/practice.html")),
          el("li", { class: "card task" }, el("h3", { text: words.trial }), el("p", { text: words.trialLead }), link(words.trialStart, "/exam.html?exam=trial")))),
      section(words.done, done),
    ],
    { title: words.title },
  );
}

/** Without a network: what this phone can do all the same. @param {unknown} error @param {Store} store */
async function offlineView(error, store) {
  const words = P.tasks;
  const account = await noted(store, "account");
  const [papers, left] = account ? await Promise.all([store.papers(), leftovers(store, account)]) : [[], []];
  masthead();
  const cards = papers.filter((paper) => paper.account === account).map(({ exam, attempt, ahead_ms }) => {
    clock.assume(ahead_ms);
    const waiting = (left.find((it) => it.attempt === attempt.id) || { handIn: null }).handIn;
    const closes = Date.parse(attempt.deadline);
    return el("li", { class: "card task" },
      el("div", { class: "task-head" }, el("h3", { text: attempt.title || words.trial }), word(waiting ? words.waiting : words.inProgress, "warn")),
      el("p", { text: waiting ? waitingText(waiting, clock.now()) : words.closesAt(formatInstant(closes), formatLeft(closes - clock.now())) }),
      !waiting && link(words.resume, `/exam.html?exam=${encodeURIComponent(exam)}`, "button primary block"));
  });
  const pending = left.reduce((sum, it) => sum + it.pending, 0);
  show(
    [
      el("h1", { text: T.networkFailed }),
      cards.length > 0 && el("ul", { class: "cards" }, ...cards),
      pending > 0 && el("p", { class: "notice warn", text: words.kept(pending) }),
      cards.length === 0 && errorNotice(error),
      button(T.retry, () => void main(), cards.length > 0 ? "button block" : "button primary block"),
    ],
    { title: T.networkFailed },
  );
}

/* What an exam page could not deliver */

/** @type {[string, string] | null} what was said last of it, and how */
let told = null;

/** @param {string} text @param {string} kind */
function tellDelivery(text, kind) {
  told = [text, kind];
  const place = document.getElementById("delivery");
  if (!place) return;
  place.className = `notice ${kind}`;
  place.textContent = text;
}

/** @param {Store} store @param {string} account @param {Leftover} left */
async function deliver(store, account, left) {
  const words = P.tasks;
  tellDelivery(words.delivering(left.pending), "");
  /** @param {string} text @param {string} kind */
  const ended = (text, kind) => {
    tellDelivery(text, kind);
    // What is due may have changed.
    void main();
  };
  const outbox = new Outbox({
    store,
    account,
    attempt: left.attempt,
    epoch: left.epoch,
    token: null,
    now: clock.now,
    events: {
      onState(state) {
        if (state.kind === "saved" && state.pending === 0 && !state.handingIn) tellDelivery(words.delivered, "good");
        else if (state.kind === "offline" || state.kind === "busy") tellDelivery(words.undelivered, "warn");
      },
      onReceipt: (receipt, closed) => {
        remember(`receipt.${left.attempt}`, receipt.receipt);
        if (closed && closed.keptForReview) ended(words.deliveredLate, "warn");
        else ended(words.handedIn(receipt.receipt), "good");
      },
      onClosed: (closed) => ended(closed.keptForReview ? words.deliveredLate : words.delivered, "warn"),
      onTakenOver: () => tellDelivery(T.takenOver.text, "warn"),
      onFailed: (problem) => tellDelivery(problem.title, "bad"),
    },
  });
  window.addEventListener("online", () => void outbox.wake());
  await outbox.load({});
  await outbox.pump();
}

/* The page */

/** @type {Set<string>} attempts that this page is delivering */
const delivering = new Set();

async function main() {
  // Nobody has signed in on this phone, it seems: the form need not wait. A session that is there still counts.
  const stranger = !recall("account");
  if (stranger) signInView(() => void main());
  const storing = openStore();
  try {
    const [me, assignments] = await Promise.all([api.me(), api.assignments()]);
    const store = await storing;
    await note(store, "account", me.data.id);
    const left = await leftovers(store, me.data.id);
    tasksView(me.data, assignments.data.items, left);
    void showNotices(byId("notices"));
    if (told) tellDelivery(...told);
    for (const each of left.filter(({ attempt, pending, handIn }) => !delivering.has(attempt) && (pending > 0 || handIn))) {
      delivering.add(each.attempt);
      await deliver(store, me.data.id, each);
    }
  } catch (error) {
    if (isProblem(error, "not-signed-in")) {
      if (!stranger) signInView(() => void main());
    } else if (!stranger || (await noted(await storing, "account"))) {
      await offlineView(error, await storing);
      if (error instanceof NetworkError) window.addEventListener("online", () => void main(), { once: true });
    }
  }
  keepShell();
}

void main();
