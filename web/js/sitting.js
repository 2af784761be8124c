/**
 * A sitting: an attempt while it is answered, from its first question to the hand-in. What is shown as saved is what
 * the server has confirmed; the deadline is the server's.
 */
import { isAnswered, openSheet, questionView } from "./answer-sheet.js";
import { api, clock, Countdown, isProblem, NetworkError, signInAddress, StatusPoll } from "./api.js";
import * as dom from "./dom.js";
import { Outbox } from "./outbox.js";
import { memoryOf, note } from "./store.js";
import { formatInstantNear, formatLeft, T } from "./texts.js";

/** @typedef {import("./types.js").Announcement} Announcement */
/** @typedef {import("./types.js").SaveState} SaveState */

const { button, byId, el, link } = dom;

const TICK_MS = 500;
/** At the deadline everybody hands in: not all in the same moment. */
const DEADLINE_SPREAD_MS = 1500;
const DEADLINE_RETRY_MS = 3000;

/** One attempt being answered. */
export class Sitting {
  /**
   * @param {import("./types.js").Context} context @param {import("./types.js").Attempt} attempt
   * @param {boolean} fromPaper whether the attempt is as this phone kept it, and the server is still to be asked
   * @param {import("./types.js").After} after
   */
  constructor({ store, account }, attempt, fromPaper, after) {
    this.after = after;
    this.account = account;
    this.attempt = attempt;
    this.fromPaper = fromPaper;
    this.slots = attempt.slots;
    this.countdown = new Countdown(attempt.deadline);
    this.position = 0;
    /** @type {Set<number>} */
    this.marked = new Set();
    /** @type {Set<string>} */
    this.dismissed = new Set();
    /** @type {Map<string, boolean>} whether a passage is unfolded */
    this.passages = new Map();
    /** @type {import("./types.js").QuestionView | null} */
    this.question = null;
    /** @type {{ close: () => void } | null} */
    this.sheet = null;
    /** @type {"question" | "review" | "handing_in" | "time_up" | "over"} */
    this.view = "question";
    /** @type {Announcement[]} */
    this.announcements = [];
    /** @type {number[]} slots whose question was withdrawn in favour of everybody */
    this.given = [];
    this.leaveNote = "";
    this.shownAt = 0;
    this.timedOut = false;
    this.handInSignature = "";
    /** @type {number | null} */
    this.supersededSlot = null;
    const { id, epoch, token } = attempt;
    this.outbox = new Outbox({ store, account, attempt: id, epoch, token, now: clock.now, events: {
      onState: (state) => this.showState(state),
      onDeadline: (deadline) => this.setDeadline(deadline),
      onChanged: (slot, elsewhere) => this.changed(slot, elsewhere),
      onReceipt: (receipt, closed) => this.over(() => after.done(receipt, closed, this.timedOut)),
      onClosed: (closed) => this.over(() => after.closed(closed)),
      onTakenOver: () => this.takenOver(),
      onFailed: (problem) => this.over(() => after.failed(problem)),
    } });
    this.poll = new StatusPoll(id, () => this.outbox.token, {
      hear: (status) => void this.applyStatus(status),
      takenOver: () => this.takenOver(),
    });
    /** @type {(() => void)[]} */
    this.undo = [];
  }

  async start() {
    const { store } = this.outbox;
    const [memory] = await Promise.all([memoryOf(store, this.attempt.id), this.outbox.load(this.attempt.answers, this.fromPaper)]);
    if (memory) {
      this.position = Math.min(memory.position, this.slots.length - 1);
      this.marked = new Set(memory.marked);
      this.dismissed = new Set(memory.dismissed);
    }
    this.frame = dom.sittingFrame({
      previous: () => this.go(this.position - 1),
      card: () => this.openSheet(),
      next: () => this.go(this.position + 1),
    });
    this.showState(this.outbox.state());
    this.listen();
    if (this.outbox.handInRecord) this.showHandingIn();
    else this.showQuestion();
    this.tick();
    void this.outbox.pump();
  }

  listen() {
    const timer = window.setInterval(() => this.tick(), TICK_MS);
    this.undo = [
      () => window.clearInterval(timer),
      dom.on(window, "online", () => this.comeBack()),
      dom.on(window, "pagehide", () => this.leave()),
      dom.on(window, "pageshow", (event) => "persisted" in event && event.persisted && this.comeBack()),
      dom.on(window, "beforeunload", (event) => this.outbox.state().durable || event.preventDefault()),
      dom.on(document, "visibilitychange", () => (document.visibilityState === "hidden" ? this.leave() : this.comeBack())),
      dom.onOtherTab("tab", (value) => this.otherTab(value)),
      dom.onOtherTab("account", (value) => value !== this.account && this.stranger()),
    ];
  }

  leave() {
    if (this.question) this.question.commit();
    this.outbox.flushOnExit();
  }

  comeBack() {
    this.tick();
    void this.outbox.wake();
    this.askSoon();
  }

  askSoon() {
    if (this.view !== "over" && !this.outbox.gate) this.poll.soon();
  }

  /** @param {string | null} value */
  otherTab(value) {
    if (!value || value.split(" ")[0] !== this.attempt.id) return;
    void this.outbox.reread();
    this.askSoon();
  }

  /** Somebody else is signed in on this phone now: nothing of this attempt is shown or sent here any more. */
  stranger() {
    this.outbox.stopped = true;
    this.over(() => window.location.replace("/index.html"));
  }

  /** Everything that belongs to this sitting stops. @param {() => void} next */
  over(next) {
    this.view = "over";
    for (const undo of this.undo) undo();
    if (this.sheet) this.sheet.close();
    next();
  }

  takenOver() {
    if (this.view === "over") return;
    const pending = this.outbox.pending().length;
    this.outbox.stopped = true;
    this.over(() => this.after.takenOver(pending));
  }

  remember() {
    const { epoch, id } = this.attempt;
    const [marked, dismissed] = [Array.from(this.marked), Array.from(this.dismissed)];
    void note(this.outbox.store, `attempt.${id}`, JSON.stringify({ epoch, position: this.position, marked, dismissed }));
  }

  /* Bar and strips */

  /** @param {SaveState} state */
  showState(state) {
    if (!this.frame || this.view === "over") return;
    this.frame.saving(state);
    this.frame.answered(this.slots.filter(({ slot }) => isAnswered(this.outbox.response(slot))).length, this.slots.length);
    this.showStrips(state);
    if (state.handingIn) this.showHandingIn();
  }

  /** @param {SaveState} state */
  showStrips(state) {
    const words = T.exam;
    const { paused } = this.countdown;
    const warn = (/** @type {string} */ text) => el("p", { class: "strip warn", text });
    const strips = [
      ...this.announcements.filter(({ id }) => !this.dismissed.has(id)).map((notice) => this.announcementStrip(notice)),
      paused && warn(words.paused(paused.reason)),
      this.given.length > 0 && el("p", { class: "strip", text: words.given(this.given) }),
      state.disk === "none" && warn(words.noDisk),
      state.disk === "full" && warn(words.diskFull),
      this.leaveNote && warn(this.leaveNote),
      this.guessing() && warn(words.guessed),
      state.kind === "signed_out" &&
        el("p", { class: "strip warn" }, words.signInAgain, link(words.signInLink, signInAddress(), "linklike")),
      ...state.refused.map(({ slot, reason }) => el("p", { class: "strip bad", text: words.refused(slot, reason) })),
      this.supersededSlot !== null && el("p", { class: "strip", text: words.superseded(this.supersededSlot) }),
    ];
    if (this.frame) this.frame.strips(strips);
  }

  /** @param {Announcement} notice */
  announcementStrip(notice) {
    const dismiss = () => {
      this.dismissed.add(notice.id);
      this.remember();
      this.showStrips(this.outbox.state());
    };
    const text = el("p", null, el("strong", { text: T.exam.notice }), "：", notice.text);
    return el("div", { class: "strip" }, text, button(T.exam.dismiss, dismiss, "linklike"));
  }

  /* Questions */

  /** @param {number} position */
  go(position) {
    if (this.question) this.question.commit(true);
    if (position >= this.slots.length) {
      this.showReview();
      return;
    }
    this.position = Math.max(0, position);
    this.supersededSlot = null;
    this.showQuestion();
  }

  /** @param {number} slot */
  goTo(slot) {
    this.go(this.slots.findIndex((each) => each.slot === slot));
  }

  showQuestion() {
    const slot = this.slots[this.position];
    const where = T.exam.where(this.position + 1, this.slots.length);
    const group = slot.group ? slot.group.id : "";
    this.view = "question";
    this.shownAt = performance.now();
    this.question = questionView({
      slot,
      heading: T.exam.heading(slot.slot, T.kind(slot.kind)),
      aside: T.exam.worth(slot.marks),
      response: this.outbox.response(slot.slot),
      marked: this.marked.has(slot.slot),
      passageOpen: this.passages.get(group),
      onAnswer: (response) => void this.outbox.answer(slot.slot, response, performance.now() - this.shownAt),
      onMark: (on) => {
        if (on) this.marked.add(slot.slot);
        else this.marked.delete(slot.slot);
        this.remember();
      },
      onPassage: (unfolded) => this.passages.set(group, unfolded),
    });
    byId("foot").hidden = false;
    if (this.frame) this.frame.where(this.position + 1, this.slots.length);
    this.showStrips(this.outbox.state());
    this.remember();
    dom.show([this.question.node], { title: where, focus: false });
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
    if (this.question) this.question.commit(true);
    this.sheet = openSheet(this.sheetItems(), {
      onGo: (slot) => this.goTo(slot),
      onHandIn: () => this.showReview(),
      onClose: () => (this.sheet = null),
    });
  }

  /** Another page has answered a slot. @param {number} slot @param {boolean} elsewhere whether on another device */
  changed(slot, elsewhere) {
    if (elsewhere) this.askSoon();
    window.setTimeout(() => {
      if (this.view !== "question") return;
      const typing = this.question !== null && this.question.typing();
      if (this.slots[this.position].slot === slot && !typing) this.showQuestion();
      if (elsewhere) this.supersededSlot = slot;
      this.showStrips(this.outbox.state());
    });
  }

  /* Handing in */

  showReview() {
    this.view = "review";
    this.question = null;
    byId("foot").hidden = true;
    const view = this.after.review({
      items: this.sheetItems(),
      pending: this.outbox.state().pending,
      left: formatLeft(this.countdown.left()),
      onGo: (slot) => this.goTo(slot),
      onHandIn: () => this.handIn(),
      onBack: () => this.showQuestion(),
    });
    dom.show(view, { title: T.handIn.title });
  }

  handIn() {
    void this.outbox.handIn(new Date(this.countdown.deadline).toISOString());
    this.showHandingIn();
  }

  showHandingIn() {
    if (this.view === "over") return;
    const first = this.view !== "handing_in";
    this.view = "handing_in";
    this.question = null;
    byId("foot").hidden = true;
    const state = this.outbox.state();
    const until = this.countdown.left() > 0 ? formatInstantNear(this.countdown.deadline, clock.now()) : null;
    const signature = `${state.kind} ${state.pending} ${until}`;
    if (!first && signature === this.handInSignature) return;
    this.handInSignature = signature;
    dom.show(this.after.handingIn(state, until, () => void this.outbox.wake()), { title: T.handIn.sending, focus: first });
  }

  /* Time */

  /** @param {string} deadline an instant */
  setDeadline(deadline) {
    if (!this.countdown.move(deadline)) return;
    dom.announce(T.exam.extended(formatInstantNear(this.countdown.deadline, clock.now())), true);
  }

  /** Whether the time seems to be over by a clock that the server has not confirmed on this page. */
  guessing() {
    return !clock.heard() && this.countdown.left() <= 0;
  }

  tick() {
    if (this.view === "over" || !this.frame) return;
    const left = this.countdown.left();
    this.frame.time(left, clock.uncertain());
    for (const minutes of this.countdown.reached()) dom.announce(T.exam.minutesLeft(minutes), minutes === 1);
    if (this.guessing()) this.showStrips(this.outbox.state());
    else if (left <= 0 && (this.view === "question" || this.view === "review")) void this.timeUp();
    if (document.visibilityState !== "hidden" && !this.outbox.gate) this.poll.tick();
  }

  /** @param {import("./types.js").AttemptStatus} status @returns {boolean} whether answering goes on */
  applyStatus(status) {
    if (/** @type {string} */ (this.view) === "over") return false;
    const paused = status.paused || null;
    if (this.countdown.hearPause(paused)) dom.announce(paused ? T.exam.paused(paused.reason) : T.exam.goesOn, true);
    this.setDeadline(status.deadline);
    const given = (status.given || []).filter((slot) => !this.given.includes(slot));
    if (given.length > 0) dom.announce(T.exam.given(given));
    this.given = status.given || [];
    const news = (status.announcements || []).filter((each) => !this.announcements.some(({ id }) => id === each.id));
    for (const notice of news) if (!this.dismissed.has(notice.id)) dom.announce(`${T.exam.notice}：${notice.text}`);
    this.announcements = status.announcements || [];
    if (status.epoch > this.attempt.epoch) {
      this.takenOver();
    } else if (status.state === "voided") {
      this.outbox.stopped = true;
      this.over(this.after.voided);
    } else if (status.state !== "answering") {
      if (this.view !== "handing_in") this.handIn();
    } else {
      this.outbox.merge(status.answers || {});
      this.showStrips(this.outbox.state());
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
        if (!this.applyStatus(reply.data)) return;
        this.timedOut = this.countdown.left() <= 0;
        return this.timedOut ? this.handIn() : this.showQuestion();
      } catch (error) {
        if (/** @type {string} */ (this.view) === "over") return;
        if (isProblem(error, "not-signed-in") && this.outbox.token) this.outbox.token = null;
        if (!(error instanceof NetworkError)) return this.handIn();
        const state = this.outbox.state();
        dom.show(this.after.handingIn({ ...state, kind: "offline" }, null, null), { title: T.handIn.timeUp, focus: false });
        await pause(DEADLINE_RETRY_MS);
      }
    }
  }
}

/** @param {number} ms @returns {Promise<void>} */
function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
