/**
 * The first page: signing in, then 我的任务, what is due first. It also delivers what an exam page could not.
 */
import { api, isProblem, NetworkError } from "./api.js";
import { createClock, formatInstant, formatLeft } from "./clock.js";
import { button, byId, el, errorNotice, field, link, masthead, show } from "./dom.js";
import { showNotices } from "./notices.js";
import { leftovers, openStore, Outbox } from "./outbox.js";
import { T } from "./texts.js";

/** @typedef {import("./types.js").Account} Account */
/** @typedef {import("./types.js").Assignment} Assignment */

/** Where to go after signing in: a page of ours, or nowhere. */
function nextPage() {
  const next = new URLSearchParams(window.location.search).get("next") || "";
  return /^\/[A-Za-z0-9]/.test(next) ? next : null;
}

/* Signing in */

function signInView() {
  const words = T.signIn;
  masthead();
  const login = field({
    id: "login",
    label: words.login,
    hint: words.loginHint,
    input: { type: "text", autocomplete: "username", autocapitalize: "none", spellcheck: "false" },
  });
  const password = field({
    id: "password",
    label: words.password,
    input: { type: "password", autocomplete: "current-password" },
  });
  const problem = el("div");
  const submit = el("button", { class: "button primary block", type: "submit", text: words.submit });
  const form = el("form", { novalidate: true }, problem, login.node, password.node, showPassword(password.input), submit);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    login.fail(login.input.value.trim() === "" ? words.missing : null);
    password.fail(password.input.value === "" ? words.missing : null);
    const missing = [login, password].find((each) => each.input.hasAttribute("aria-invalid"));
    if (missing) {
      missing.input.focus();
      return;
    }
    submit.disabled = true;
    submit.textContent = words.busy;
    api.signIn(login.input.value.trim(), password.input.value).then(enter, (error) => {
      submit.disabled = false;
      submit.textContent = words.submit;
      problem.textContent = "";
      problem.append(errorNotice(error));
      if (isProblem(error, "activation-required")) problem.append(link(words.activate, "/activate.html"));
    });
  });
  show(
    [
      el("h1", { text: words.title }),
      el("p", { class: "quiet", text: nextPage() ? words.again : words.lead }),
      form,
      el("p", { class: "after-form" }, el("a", { class: "linklike", href: "/activate.html", text: words.activate })),
      el("p", { class: "small quiet", text: words.help }),
    ],
    { title: words.title, focus: false },
  );
}

/** @param {HTMLInputElement} input */
function showPassword(input) {
  const box = el("input", { type: "checkbox", id: "show-password" });
  box.addEventListener("change", () => {
    input.type = box.checked ? "text" : "password";
  });
  return el("p", { class: "check" }, box, el("label", { for: "show-password", text: T.signIn.showPassword }));
}

function enter() {
  const next = nextPage();
  if (next) window.location.replace(next);
  else void main();
}

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

/** @param {Assignment} item @returns {HTMLElement} its state, in a word */
function stateWord(item) {
  const words = T.tasks;
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

/** @param {Assignment} item @param {number} now @param {boolean} first */
function card(item, now, first) {
  const words = T.tasks;
  const closes = Date.parse(item.closes_at);
  const due = isDue(item);
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
    el("div", { class: "task-head" }, el("h3", { text: item.title }), stateWord(item)),
    el("p", { text: when }),
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

/** @param {string} title @param {Assignment[]} items @param {number} now @param {boolean} [primary] */
function section(title, items, now, primary = false) {
  if (items.length === 0) return null;
  const cards = items.map((item, index) => card(item, now, primary && index === 0));
  return el("section", null, el("h2", { text: title }), el("ul", { class: "cards" }, ...cards));
}

/** @param {Account} account @param {Assignment[]} items @param {number} now */
function tasksView(account, items, now) {
  const words = T.tasks;
  masthead(el("a", { class: "linklike", href: "/account.html", text: T.account }));
  const { due, upcoming, done } = sorted(items);
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
      section(words.due, due, now, true),
      section(words.upcoming, upcoming, now),
      el(
        "section",
        null,
        el("h2", { text: words.trial }),
        el("div", { class: "card" }, el("p", { text: words.trialLead }), link(words.trialStart, "/exam.html?exam=trial")),
      ),
      section(words.done, done, now),
    ],
    { title: words.title },
  );
}

/* What an exam page could not deliver */

/** @param {Account} account @param {Assignment[]} items @param {() => number} now */
async function deliver(account, items, now) {
  const store = await openStore();
  // An open attempt is delivered by its own page, where the person sees it.
  const open = items.filter((item) => item.state === "in_progress").map((item) => item.attempt);
  for (const left of await leftovers(store, account.id)) {
    if (!open.includes(left.attempt) || left.handIn) await deliverOne(store, account.id, left, now);
  }
}

/**
 * @param {import("./types.js").Store} store
 * @param {string} account
 * @param {import("./types.js").Leftover} left
 * @param {() => number} now
 */
async function deliverOne(store, account, left, now) {
  const words = T.tasks;
  tellDelivery(words.delivering(left.pending), "");
  const outbox = new Outbox({
    store,
    account,
    attempt: left.attempt,
    epoch: left.epoch,
    token: null,
    now,
    events: {
      onState(state) {
        if (state.kind === "saved" && state.pending === 0 && !state.handingIn) tellDelivery(words.delivered, "good");
        else if (state.kind === "offline" || state.kind === "busy") tellDelivery(words.undelivered, "warn");
      },
      onReceipt: () => tellDelivery(words.handedIn, "good"),
      onClosed: (closed) => tellDelivery(closed.keptForReview ? words.deliveredLate : words.delivered, "warn"),
      onTakenOver: () => tellDelivery(T.takenOver.text, "warn"),
      onFailed: (problem) => tellDelivery(problem.title, "bad"),
    },
  });
  window.addEventListener("online", () => void outbox.wake());
  await outbox.load({});
  await outbox.pump();
}

/** @param {string} text @param {string} kind */
function tellDelivery(text, kind) {
  const place = document.getElementById("delivery");
  if (!place) return;
  place.className = `notice ${kind}`;
  place.textContent = text;
}

/* The page */

async function main() {
  const clock = createClock();
  try {
    const [me, assignments] = await Promise.all([api.me(), api.assignments()]);
    clock.sync(assignments.data.server_now, assignments.sentAt, assignments.receivedAt);
    tasksView(me.data, assignments.data.items, clock.now());
    void showNotices(byId("notices"));
    await deliver(me.data, assignments.data.items, clock.now);
  } catch (error) {
    if (isProblem(error, "not-signed-in")) {
      signInView();
      return;
    }
    masthead();
    const again = () => void main();
    show([el("h1", { text: T.notOpened }), errorNotice(error), button(T.retry, again, "button primary block")], {
      title: T.notOpened,
    });
    if (error instanceof NetworkError) window.addEventListener("online", again, { once: true });
  }
}

void main();
