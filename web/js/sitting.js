/**
 * A sitting: an attempt while it is answered, from its first question to the hand-in. What is shown as saved is what
 * the server has confirmed; the deadline is the server's.
 */
import { isAnswered, numberGrid, openSheet, questionView } from "./answer-sheet.js";
import { api, isProblem, NetworkError, signInAddress } from "./api.js";
import { formatCountdown, formatInstantNear, formatLeft } from "./clock.js";
import * as dom from "./dom.js";
import { Outbox } from "./outbox.js";
import { T } from "./texts.js";

/** @typedef {import("./types.js").Announcement} Announcement */
/** @typedef {import("./types.js").Context} Context */
/** @typedef {import("./types.js").Memory} Memory */
/** @typedef {import("./types.js").SaveState} SaveState */
/** @typedef {import("./answer-sheet.js").QuestionView} QuestionView */
/**
 * @typedef {object} After what follows a sitting
 * @property {(receipt: import("./types.js").Receipt, timeUp: boolean) => void} done
 * @property {(closed: import("./types.js").Closed) => void} closed
 * @property {() => void} voided
 * @property {(pending: number) => void} takenOver
 * @property {(problem: import("./api.js").Problem) => void} failed
 */

const { button, byId, el, fill, link } = dom;

/** How often deadline, announcements and epoch are asked for, and how often at most. */
const POLL_MS = 30000;
const POLL_LEAST_MS = 3000;
const TICK_MS = 500;
/** From here on the countdown is amber. */
const SOON_MS = 5 * 60000;
/** Announced to screen readers. */
const WARN_MINUTES = [10, 5, 1];
/** At the deadline everybody hands in: not all in the same moment. */
const DEADLINE_SPREAD_MS = 1500;
const DEADLINE_RETRY_MS = 3000;

/** @param {string} attempt @returns {Memory | null} */
export function recallAttempt(attempt) {
  const text = dom.recall(`attempt.${attempt}`);
  try {
    return text ? JSON.parse(text) : null;
  } catch (malformed) {
    return null;
  }
}

/** One attempt being answered. */
export class Sitting {
  /** @param {Context} context @param {import("./types.js").Attempt} attempt @param {After} after */
  constructor(context, attempt, after) {
    this.after = after;
    this.clock = context.clock;
    this.attempt = attempt;
    this.slots = attempt.slots;
    this.deadline = Date.parse(attempt.deadline);
    const memory = recallAttempt(attempt.id);
    this.position = Math.min(memory ? memory.position : 0, this.slots.length - 1);
    /** @type {Set<number>} */
    this.marked = new Set(memory ? memory.marked : []);
    /** @type {Set<string>} */
    this.dismissed = new Set(memory ? memory.dismissed : []);
    /** @type {Map<string, boolean>} whether a passage is unfolded */
    this.passages = new Map();
    /** @type {QuestionView | null} */
    this.question = null;
    /** @type {{ close: () => void } | null} */
    this.sheet = null;
    /** @type {"question" | "review" | "handing_in" | "time_up" | "over"} */
    this.view = "question";
    /** @type {Announcement[]} */
    this.announcements = [];
    /** @type {string | null} */
    this.etag = null;
    this.polled = 0;
    this.pollDue = 0;
    this.shownAt = 0;
    this.timedOut = false;
    this.stripSignature = "";
    this.timerText = "";
    this.timerAbout = false;
    this.handInSignature = "";
    this.warned = WARN_MINUTES.filter((minutes) => this.left() <= minutes * 60000);
    /** @type {number | null} */
    this.supersededSlot = null;
    this.outbox = new Outbox({
      store: context.store,
      account: context.account,
      attempt: attempt.id,
      epoch: attempt.epoch,
      token: attempt.token,
      now: context.clock.now,
      events: this.outboxEvents(),
    });
    /** @type {(() => void)[]} */
    this.undo = [];
  }

  /** @returns {import("./types.js").OutboxEvents} */
  outboxEvents() {
    return {
      onState: (state) => this.showState(state),
      onReply: (reply, sentAt, receivedAt) => this.heard(reply, sentAt, receivedAt),
      onSuperseded: (slot) => this.superseded(slot),
      onReceipt: (receipt) => this.over(() => this.after.done(receipt, this.timedOut)),
      onClosed: (closed) => this.over(() => this.after.closed(closed)),
      onTakenOver: () => this.takenOver(),
      onFailed: (problem) => this.over(() => this.after.failed(problem)),
    };
  }

  left() {
    return this.deadline - this.clock.now();
  }

  late() {
    return this.left() <= 0;
  }

  async start() {
    await this.outbox.load(this.attempt.answers);
    this.frame();
    this.listen();
    if (this.outbox.handInRecord) this.showHandingIn();
    else this.showQuestion();
    this.tick();
    void this.outbox.pump();
    void this.poll();
  }

  listen() {
    /** @param {EventTarget} target @param {string} type @param {(event: Event) => void} listener */
    const on = (target, type, listener) => {
      target.addEventListener(type, listener);
      this.undo.push(() => target.removeEventListener(type, listener));
    };
    on(window, "online", () => void this.outbox.wake());
    on(window, "pagehide", () => this.leave());
    on(window, "beforeunload", (event) => {
      if (!this.outbox.state().durable) event.preventDefault();
    });
    on(document, "visibilitychange", () => {
      if (document.visibilityState === "hidden") this.leave();
      else this.comeBack();
    });
    const timer = window.setInterval(() => this.tick(), TICK_MS);
    this.undo.push(() => window.clearInterval(timer));
  }

  leave() {
    if (this.question) this.question.commit();
    this.outbox.flushOnExit();
  }

  comeBack() {
    this.tick();
    void this.outbox.wake();
    void this.poll();
  }

  /** Everything that belongs to this sitting stops. @param {() => void} next */
  over(next) {
    this.view = "over";
    for (const undo of this.undo) undo();
    if (this.sheet) this.sheet.close();
    next();
  }

  takenOver() {
    const pending = this.outbox.pending().length;
    this.outbox.stopped = true;
    this.over(() => this.after.takenOver(pending));
  }

  remember() {
    /** @type {Memory} */
    const memory = {
      epoch: this.attempt.epoch,
      position: this.position,
      marked: Array.from(this.marked),
      dismissed: Array.from(this.dismissed),
    };
    dom.remember(`attempt.${this.attempt.id}`, JSON.stringify(memory));
  }

  /* Bar, strips and foot */

  frame() {
    const bar = byId("bar");
    const foot = byId("foot");
    this.where = el("p", { class: "bar-where" });
    this.timer = el("p", { class: "bar-clock", role: "timer" });
    this.saving = el("p", { class: "bar-save" });
    this.progress = el("span");
    fill(
      bar,
      el("div", { class: "bar-row" }, this.where, dom.largeSwitch(), this.timer),
      this.saving,
      el("div", { class: "bar-progress", "aria-hidden": "true" }, this.progress),
    );
    this.previous = button(T.exam.previous, () => this.go(this.position - 1), "button");
    this.card = button("", () => this.openSheet(), "button card-button");
    this.next = button("", () => this.go(this.position + 1), "button primary");
    fill(foot, this.previous, this.card, this.next);
    bar.hidden = false;
    byId("masthead").hidden = true;
    document.body.classList.add("sitting");
    this.showState(this.outbox.state());
  }

  /** @param {SaveState} state */
  showState(state) {
    if (!this.saving || this.view === "over") return;
    const text = saveText(state);
    const changed = this.saving.textContent !== text;
    this.saving.textContent = text;
    this.saving.className = `bar-save ${state.refused.length > 0 ? "refused" : state.kind}`;
    if (changed && state.kind !== "saving" && state.kind !== "idle") dom.announce(text);
    this.showCard();
    this.showStrips();
    if (this.view === "handing_in") this.showHandingIn();
  }

  showCard() {
    const answered = this.slots.filter(({ slot }) => isAnswered(this.outbox.response(slot))).length;
    if (this.card) this.card.textContent = T.exam.sheet(answered, this.slots.length);
    if (this.progress) this.progress.style.width = `${(100 * answered) / this.slots.length}%`;
  }

  showStrips() {
    const state = this.outbox.state();
    const notices = this.announcements.filter((notice) => !this.dismissed.has(notice.id));
    const strips = [
      ...notices.map((notice) => this.announcementStrip(notice)),
      !state.durable && el("p", { class: "strip warn", text: T.exam.memoryOnly }),
      state.kind === "signed_out" &&
        el("p", { class: "strip warn" }, T.exam.signInAgain, link(T.exam.signInLink, signInAddress(), "linklike")),
      ...state.refused.map(({ slot, reason }) => el("p", { class: "strip bad", text: T.exam.refused(slot, reason) })),
      this.supersededSlot !== null && el("p", { class: "strip", text: T.exam.superseded(this.supersededSlot) }),
    ];
    // Rebuilt only on a change: a strip may hold the focus.
    const signature = strips.map((strip) => (strip ? strip.textContent : "")).join("\n");
    if (this.stripSignature === signature) return;
    this.stripSignature = signature;
    fill(byId("strips"), ...strips);
  }

  /** @param {Announcement} notice */
  announcementStrip(notice) {
    const dismiss = () => {
      this.dismissed.add(notice.id);
      this.remember();
      this.showStrips();
    };
    return el(
      "div",
      { class: "strip" },
      el("p", null, el("strong", { text: T.exam.notice }), "：", notice.text),
      button(T.exam.dismiss, dismiss, "linklike"),
    );
  }

  /* Questions */

  /** @param {number} position */
  go(position) {
    if (this.question) this.question.commit();
    if (position >= this.slots.length) {
      this.showReview();
      return;
    }
    this.position = Math.max(0, position);
    this.showQuestion();
  }

  /** @param {number} slot */
  goTo(slot) {
    this.go(this.slots.findIndex((each) => each.slot === slot));
  }

  showQuestion() {
    const slot = this.slots[this.position];
    this.view = "question";
    const group = slot.group ? slot.group.id : "";
    this.shownAt = performance.now();
    this.question = questionView({
      slot,
      response: this.outbox.response(slot.slot),
      marked: this.marked.has(slot.slot),
      passageOpen: this.passages.get(group) !== false,
      onAnswer: (response) => void this.outbox.answer(slot.slot, response, performance.now() - this.shownAt),
      onMark: (on) => {
        if (on) this.marked.add(slot.slot);
        else this.marked.delete(slot.slot);
        this.remember();
      },
      onPassage: (unfolded) => this.passages.set(group, unfolded),
    });
    byId("foot").hidden = false;
    if (this.where) this.where.textContent = T.exam.where(this.position + 1, this.slots.length);
    if (this.previous) this.previous.disabled = this.position === 0;
    if (this.next) this.next.textContent = this.position + 1 < this.slots.length ? T.exam.next : T.exam.finish;
    this.supersededSlot = null;
    this.showStrips();
    this.remember();
    dom.show([this.question.node], { title: T.exam.where(this.position + 1, this.slots.length), focus: false });
    dom.focusOn(this.question.heading);
  }

  sheetItems() {
    return this.slots.map((slot, index) => ({
      slot,
      done: isAnswered(this.outbox.response(slot.slot)),
      marked: this.marked.has(slot.slot),
      here: index === this.position,
    }));
  }

  openSheet() {
    if (this.question) this.question.commit();
    this.sheet = openSheet(this.sheetItems(), {
      onGo: (slot) => this.goTo(slot),
      onHandIn: () => this.showReview(),
      onClose: () => (this.sheet = null),
    });
  }

  /** Something newer than this phone's answer is on the server: it is shown, and said. @param {number} slot */
  superseded(slot) {
    // Perhaps another device has taken over.
    this.etag = null;
    void this.poll();
    window.setTimeout(() => {
      if (this.view !== "question") return;
      if (this.slots[this.position].slot === slot) this.showQuestion();
      this.supersededSlot = slot;
      this.showStrips();
    });
  }

  /* Handing in */

  showReview() {
    this.view = "review";
    this.question = null;
    byId("foot").hidden = true;
    const items = this.sheetItems();
    const open = items.filter((item) => !item.done);
    const marked = items.filter((item) => item.marked && item.done);
    const pending = this.outbox.state().pending;
    /** @param {typeof items} some */
    const grid = (some) => numberGrid(some.map((item) => ({ ...item, here: false })), (slot) => this.goTo(slot));
    dom.show(
      [
        el("h1", { text: T.handIn.title }),
        el("p", { class: open.length > 0 ? "notice warn" : "notice good" },
          open.length > 0 ? T.handIn.open(open.map((item) => item.slot.slot)) : T.handIn.allDone),
        open.length > 0 && el("p", { text: T.handIn.go }),
        open.length > 0 && grid(open),
        marked.length > 0 && el("p", { text: T.handIn.marked(marked.length) }),
        marked.length > 0 && grid(marked),
        pending > 0 && el("p", { class: "notice", text: T.handIn.pending(pending) }),
        el("p", { class: "final", text: `${T.handIn.final}${T.handIn.time(formatLeft(this.left()))}` }),
        el("div", { class: "stack" },
          button(T.handIn.confirm, () => this.handIn(), "button primary block"),
          button(T.handIn.back, () => this.showQuestion())),
      ],
      { title: T.handIn.title },
    );
  }

  handIn() {
    void this.outbox.handIn();
    this.showHandingIn();
  }

  showHandingIn() {
    if (this.view === "over") return;
    const first = this.view !== "handing_in";
    this.view = "handing_in";
    this.question = null;
    byId("foot").hidden = true;
    const state = this.outbox.state();
    const until = this.late() ? null : formatInstantNear(this.deadline, this.clock.now());
    const signature = `${state.kind} ${state.pending} ${until}`;
    if (!first && signature === this.handInSignature) return;
    this.handInSignature = signature;
    dom.show(handingInView(state, until, () => void this.outbox.wake()), { title: T.handIn.sending, focus: first });
  }

  /* Time */

  /** @param {{ deadline?: string, server_now?: string }} reply @param {number} sentAt @param {number} receivedAt */
  heard(reply, sentAt, receivedAt) {
    if (reply.server_now) this.clock.sync(reply.server_now, sentAt, receivedAt);
    const deadline = reply.deadline ? Date.parse(reply.deadline) : this.deadline;
    if (deadline === this.deadline || Number.isNaN(deadline)) return;
    this.deadline = deadline;
    this.warned = WARN_MINUTES.filter((minutes) => this.left() <= minutes * 60000);
    dom.announce(T.exam.extended(formatInstantNear(deadline, this.clock.now())), true);
  }

  tick() {
    if (this.view === "over" || !this.timer) return;
    const left = this.left();
    const uncertain = this.clock.uncertain();
    const text = formatCountdown(left);
    if (text !== this.timerText || uncertain !== this.timerAbout) {
      fill(this.timer, el("span", { class: "bar-clock-word", text: uncertain ? T.exam.about : T.exam.remaining }), ` ${text}`);
      this.timerText = text;
      this.timerAbout = uncertain;
    }
    this.timer.className = left <= SOON_MS ? "bar-clock soon" : "bar-clock";
    for (const minutes of WARN_MINUTES) {
      if (left > minutes * 60000 || this.warned.includes(minutes)) continue;
      this.warned.push(minutes);
      if (left > 0) dom.announce(T.exam.minutesLeft(minutes), minutes === 1);
    }
    if (left <= 0 && (this.view === "question" || this.view === "review")) void this.timeUp();
    const due = performance.now() > this.pollDue;
    if (document.visibilityState !== "hidden" && (due || uncertain)) void this.poll();
  }

  /** Asks for deadline, announcements and epoch; not more often than every few seconds. */
  async poll() {
    const now = performance.now();
    if (this.view === "over" || (this.polled > 0 && now - this.polled < POLL_LEAST_MS)) return;
    this.polled = now;
    this.pollDue = now + POLL_MS * (0.9 + Math.random() / 5);
    try {
      const etag = this.clock.uncertain() ? null : this.etag;
      const reply = await api.attemptStatus(this.attempt.id, this.outbox.token, etag);
      if (reply.status === 304) return;
      this.etag = reply.etag;
      this.heard(reply.data, reply.sentAt, reply.receivedAt);
      this.applyStatus(reply.data);
    } catch (error) {
      if (isProblem(error, "attempt-taken-over")) this.takenOver();
      // Anything else is told by the state of saving.
    }
  }

  /** @param {import("./types.js").AttemptStatus} status @returns {boolean} whether answering goes on */
  applyStatus(status) {
    if (/** @type {string} */ (this.view) === "over") return false;
    const news = (status.announcements || []).filter((each) => !this.announcements.some(({ id }) => id === each.id));
    for (const notice of news) if (!this.dismissed.has(notice.id)) dom.announce(`${T.exam.notice}：${notice.text}`);
    this.announcements = status.announcements || [];
    this.showStrips();
    if (status.epoch > this.attempt.epoch) {
      this.takenOver();
    } else if (status.state === "voided") {
      this.outbox.stopped = true;
      this.over(this.after.voided);
    } else if (status.state !== "answering") {
      if (this.view !== "handing_in") this.handIn();
    } else {
      return true;
    }
    return false;
  }

  /** The deadline: asks whether it has been moved, then hands in. */
  async timeUp() {
    this.view = "time_up";
    this.timedOut = true;
    if (this.question) this.question.lock();
    if (this.sheet) this.sheet.close();
    this.question = null;
    byId("foot").hidden = true;
    dom.announce(T.handIn.timeUp, true);
    dom.show([el("h1", { text: T.handIn.timeUp }), el("p", { text: T.handIn.timeUpDetail })], { title: T.handIn.timeUp });
    await pause(Math.random() * DEADLINE_SPREAD_MS);
    for (;;) {
      try {
        const reply = await api.attemptStatus(this.attempt.id, this.outbox.token, null);
        this.heard(reply.data, reply.sentAt, reply.receivedAt);
        if (!this.applyStatus(reply.data)) return;
        this.timedOut = this.left() <= 0;
        if (this.timedOut) this.handIn();
        else this.showQuestion();
        return;
      } catch (error) {
        if (/** @type {string} */ (this.view) === "over") return;
        if (isProblem(error, "not-signed-in") && this.outbox.token) this.outbox.token = null;
        if (!(error instanceof NetworkError)) return this.handIn();
        const state = this.outbox.state();
        dom.show(handingInView({ ...state, kind: "offline" }, null, null), { title: T.handIn.timeUp, focus: false });
        await pause(DEADLINE_RETRY_MS);
      }
    }
  }
}

/** @param {number} ms @returns {Promise<void>} */
function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** @param {SaveState} state */
function saveText({ kind, pending, durable, refused }) {
  if (refused.length > 0 && (kind === "saved" || kind === "idle")) return T.save.refused(refused.map(({ slot }) => slot));
  if (kind === "offline") return durable ? T.save.offline(pending) : T.save.offlineMemory(pending);
  if (kind === "busy") return durable ? T.save.busy(pending) : T.save.busyMemory(pending);
  if (kind === "signed_out") return T.save.signedOut(pending);
  return T.save[kind];
}

/**
 * @param {SaveState} state
 * @param {string | null} until when the network is needed at last; nothing when that has passed
 * @param {(() => void) | null} retry
 * @returns {dom.Child[]}
 */
export function handingInView(state, until, retry) {
  const words = T.handIn;
  if (state.kind === "signed_out") {
    return [
      el("h1", { text: words.offline }),
      el("p", { class: "notice warn", text: T.exam.signInAgain }),
      link(T.exam.signInLink, signInAddress(), "button primary block"),
    ];
  }
  if (state.kind !== "offline" && state.kind !== "busy") {
    return [el("h1", { text: words.sending }), el("p", { text: words.sendingDetail })];
  }
  return [
    el("h1", { text: state.kind === "busy" ? words.busy : retry ? words.offline : words.timeUp }),
    el("p", { class: "notice warn", role: "status" },
      state.kind === "busy" ? T.save.busy(state.pending) : until ? words.offlineUntil(until) : retry ? words.offlineLate : words.timeUpOffline),
    state.pending > 0 && el("p", { text: words.pending(state.pending) }),
    el("p", { text: state.durable ? words.offlineReload : words.offlineMemory }),
    retry && button(words.now, retry),
  ];
}

