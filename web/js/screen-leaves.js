/**
 * Leaving the exam page: counted where the rules of the exam say so, and loaded only then. What is counted waits on the
 * phone until the server has it. A short look away, a reload or a turned-away call is no leave; a leave loses no answer.
 */
import { clock, NetworkError, request } from "./api.js";
import * as dom from "./dom.js";
import { recall, remember } from "./store.js";
import { T } from "./texts.js";

/** @typedef {import("./types.js").LeaveReport} LeaveReport */

const RETRY_MS = 15000;
const DAY_MS = 86400000;

/** Counts the leaves of one sitting. */
export class ScreenLeaves {
  /** @param {import("./sitting.js").Sitting} sitting @param {import("./types.js").ScreenLeavesRule} rule */
  constructor(sitting, rule) {
    this.sitting = sitting;
    this.rule = rule;
    this.counted = rule.counted;
    this.key = `leaves.${sitting.attempt.id}`;
    /** @type {LeaveReport[]} what the server does not know yet */
    this.waiting = [];
    /** @type {number | null} when the page went out of sight, by the clock that stands still while the phone sleeps */
    this.hiddenAt = null;
    this.sending = false;
    const timer = window.setInterval(() => void this.send(), RETRY_MS);
    sitting.undo.push(
      () => window.clearInterval(timer),
      dom.on(document, "visibilitychange", () => (document.visibilityState === "hidden" ? this.leave() : this.comeBack())),
      dom.on(window, "online", () => void this.send()),
    );
    this.takeUp();
    this.keepAwake();
    void this.send();
  }

  /** What was noted before the page went: leaves not sent yet, and one that a killed browser did not come back from. */
  takeUp() {
    try {
      const noted = JSON.parse(recall(this.key) || "{}");
      this.waiting = noted.waiting || [];
      if (noted.since) this.note(Date.now() - noted.since);
    } catch (error) {
      this.waiting = [];
    }
    this.keep(null);
  }

  /** @param {number | null} since when the page went out of sight, while it is */
  keep(since) {
    remember(this.key, this.waiting.length > 0 || since !== null ? JSON.stringify({ waiting: this.waiting, since }) : null);
  }

  /** A screen that stays on is no leave; browsers can hold it over HTTPS. */
  keepAwake() {
    const { wakeLock } = /** @type {{ wakeLock?: { request: (what: string) => Promise<unknown> } }} */ (
      /** @type {unknown} */ (navigator)
    );
    if (wakeLock) wakeLock.request("screen").catch(() => undefined);
  }

  leave() {
    this.hiddenAt = performance.now();
    this.keep(Date.now());
  }

  comeBack() {
    if (this.hiddenAt !== null) this.note(performance.now() - this.hiddenAt);
    this.hiddenAt = null;
    this.keep(null);
    this.keepAwake();
    void this.send();
  }

  /** @param {number} away for how long the page was out of sight, in milliseconds */
  note(away) {
    const ms = Math.round(Math.min(Math.max(away, 0), DAY_MS));
    if (ms < this.rule.from_seconds * 1000 || this.sitting.view === "over" || this.sitting.view === "handing_in") return;
    const leave = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;
    this.waiting.push({ leave, away_ms: ms, left_at: new Date(clock.now() - ms).toISOString() });
    this.tell(Math.round(ms / 1000));
  }

  /** @param {number} seconds */
  tell(seconds) {
    const { most, hand_in: handIn } = this.rule;
    const counted = this.counted + this.waiting.length;
    const over = counted > most;
    const words = over && handIn ? T.exam.leftHandIn(most) : T.exam.left(seconds, counted, most);
    this.sitting.leaveNote = over && !handIn ? words + T.exam.leftOver : words;
    dom.announce(this.sitting.leaveNote, true);
    this.sitting.showStrips(this.sitting.outbox.state());
    if (over && handIn) this.sitting.handIn();
  }

  async send() {
    if (this.sending || this.sitting.outbox.gate) return;
    this.sending = true;
    try {
      while (this.waiting.length > 0) {
        const { leave, ...body } = this.waiting[0];
        const { id, epoch } = this.sitting.attempt;
        const path = `/attempts/${encodeURIComponent(id)}/screen-leaves/${encodeURIComponent(leave)}`;
        const token = this.sitting.outbox.token;
        const reply = await request("PUT", path, { token, body: { ...body, epoch } }).catch((error) => {
          if (error instanceof NetworkError) throw error;
          // Closed, taken over, or refused: nobody asks any more.
          return null;
        });
        this.waiting.shift();
        if (reply) this.counted = /** @type {{ counted: number }} */ (reply.data).counted;
        this.keep(null);
      }
    } catch (error) {
      // Without a network they wait.
    } finally {
      this.sending = false;
    }
  }
}
