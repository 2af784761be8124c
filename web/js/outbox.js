/**
 * The outbox: every answer is written on the phone first, then sent, and counts as saved only when the server's reply
 * holds that very answer. What could not be sent waits, through a reload, a killed browser, and a sign-out; so does a
 * hand-in (交卷) made off line. docs/outbox.md has its states and what it promises.
 *
 * Order on the server is (epoch, revision). Revisions count on from the highest that phone or server know.
 */
import { api, isProblem, NetworkError, Problem } from "./api.js";
import { Answers, keyOf, patiently, sameAnswer } from "./store.js";

/** @typedef {import("./types.js").AnswerValue} AnswerValue */
/** @typedef {import("./types.js").Entry} Entry */

/** Answers in one request. */
const BATCH_MAX = 50;
/** Bytes of what a page that goes away may send along: browsers allow 64 KiB for all such requests together. */
const KEEPALIVE_BYTES = 60 * 1024;
/** Waiting before trying again: doubles from the first to the second, and varies by a quarter either way. */
const RETRY_FIRST_MS = 1000;
const RETRY_MOST_MS = 15000;
/** Resending everything when the server says that answers are missing. */
const MISSING_RETRIES = 3;

/** Brings the answers of one attempt to the server. */
export class Outbox extends Answers {
  /** @param {import("./types.js").OutboxSettings} settings */
  constructor(settings) {
    super(settings.store, settings.account, settings.attempt, settings.epoch);
    this.token = settings.token;
    this.now = settings.now;
    /** Must succeed once before anything is sent. */
    this.gate = settings.gate || null;
    this.events = settings.events || {};
    this.transport = settings.transport || api;
    this.random = settings.random || Math.random;
    this.later = settings.later || ((work, ms) => window.setTimeout(work, ms));
    /** @type {Map<number, string>} answers that the server will never take, with its reason */
    this.refused = new Map();
    /** @type {Set<number>} slots answered on this page, so that their answer is the person's latest */
    this.fresh = new Set();
    /** @type {"" | "offline" | "busy" | "signed_out"} */
    this.trouble = "";
    /** @type {import("./types.js").Closed | null} */
    this.closed = null;
    this.stopped = false;
    this.running = false;
    /** Whether answers go before the hand-in, not with it: what may be late is then kept for review, and said to be. */
    this.apart = false;
    this.oneByOne = false;
    this.failures = 0;
    this.missing = 0;
    this.timer = 0;
    this.flushed = "";
  }

  /** @param {import("./types.js").SavedAnswers} saved @param {boolean} [fromPaper] */
  async load(saved, fromPaper = false) {
    await super.load(saved, fromPaper);
    this.apart = this.pending().length > 0;
  }

  /* What is said of it */

  /** @returns {Entry[]} what the server has not confirmed, in order of slots */
  pending() {
    return Array.from(this.entries.values())
      .filter((entry) => !entry.acked && !this.refused.has(entry.slot))
      .sort((a, b) => a.slot - b.slot);
  }

  /** @returns {import("./types.js").SaveState} */
  state() {
    const pending = this.pending();
    const waiting = pending.length > 0 || this.handInRecord !== null;
    const calm = this.entries.size > 0 ? "saved" : "idle";
    return {
      kind: waiting ? this.trouble || (pending.length > 0 ? "saving" : calm) : calm,
      pending: pending.length,
      durable: !pending.some((entry) => this.undurable.has(entry.slot)),
      disk: !this.store.durable ? "none" : this.diskFailed ? "full" : "ok",
      refused: Array.from(this.refused, ([slot, reason]) => ({ slot, reason })),
      handingIn: this.handInRecord !== null,
    };
  }

  /** @param {number} slot @param {boolean} [elsewhere] whether on another device */
  changed(slot, elsewhere = false) {
    if (!this.stopped && this.events.onChanged) this.events.onChanged(slot, elsewhere);
  }

  tell() {
    if (!this.stopped && this.events.onState) this.events.onState(this.state());
  }

  /* What the person does */

  /**
   * The person's answer: on the disk, then on the way.
   *
   * @param {number} slot
   * @param {AnswerValue} response
   * @param {number} elapsedMs
   */
  async answer(slot, response, elapsedMs) {
    if (this.stopped || this.handInRecord) return;
    const old = this.entries.get(slot);
    if (old && !this.refused.has(slot) && sameAnswer(old.response, response)) return;
    /** @type {Entry} */
    const entry = {
      ...this.blankEntry(slot),
      revision: (old ? old.revision : 0) + 1,
      response,
      answered_at: new Date(this.now()).toISOString(),
      elapsed_ms: Math.round(elapsedMs),
      acked: false,
    };
    this.refused.delete(slot);
    this.fresh.add(slot);
    await this.replace(entry);
  }

  /** The person hands in (交卷). It is delivered now, or when the network is back. @param {string} until the deadline */
  async handIn(until) {
    if (this.stopped || this.handInRecord) return;
    const { account, attempt, epoch } = this;
    const requested_at = new Date(this.now()).toISOString();
    this.handInRecord = { key: keyOf(account, attempt, 0), account, attempt, epoch, requested_at, until };
    this.tell();
    await patiently(this.store.put("hand_ins", this.handInRecord)).catch(() => (this.diskFailed = true));
    this.tellTabs();
    await this.pump();
  }

  /* Sending */

  /** Tries at once: the network is back, the page is looked at again. */
  wake() {
    clearTimeout(this.timer);
    this.timer = 0;
    return this.pump();
  }

  /** The page goes away: what is pending is sent along, the latest first, without waiting for the reply. */
  flushOnExit() {
    const pending = this.pending().sort((a, b) => b.revision - a.revision || (a.answered_at < b.answered_at ? 1 : -1));
    const signature = pending.map((entry) => `${entry.slot}.${entry.revision}`).join() + (this.handInRecord ? "." : "");
    if (this.stopped || this.gate || signature === "" || signature === this.flushed) return;
    this.flushed = signature;
    let room = KEEPALIVE_BYTES - JSON.stringify(this.revisions()).length;
    const fitting = pending.filter((entry) => (room -= utf8Bytes(JSON.stringify(toSave(entry))) + 1) > 0);
    const ignore = () => undefined;
    if (this.handInRecord && fitting.length === pending.length && pending.every((it) => it.epoch === this.epoch)) {
      this.transport.submit(this.attempt, this.token, this.submission(fitting), true).catch(ignore);
      return;
    }
    for (const epoch of new Set(fitting.map((entry) => entry.epoch))) {
      const saves = fitting.filter((entry) => entry.epoch === epoch).map(toSave);
      this.transport.saveMany(this.attempt, this.token, epoch, saves, true).catch(ignore);
    }
  }

  /** Sends until nothing is left. One at a time, so that replies come in order. */
  async pump() {
    if (this.running || this.stopped || this.timer) return;
    this.running = true;
    try {
      await this.pass();
      for (let batch = this.nextBatch(); !this.stopped; batch = this.nextBatch()) {
        if (batch.length > 0) await this.sendBatch(batch);
        // What is on its way to the disk comes back here when it has arrived.
        else if (this.handInRecord && this.writing.size === 0) await this.sendHandIn();
        else break;
        this.calm();
      }
    } catch (error) {
      this.fail(error);
    } finally {
      this.running = false;
    }
    if (this.closed && !this.stopped && this.pending().length === 0) this.finish(() => this.tellClosed());
    this.tell();
  }

  async pass() {
    if (!this.gate) return;
    try {
      await this.gate();
      this.gate = null;
      this.calm();
    } catch (error) {
      if (!isProblem(error, "attempt-taken-over")) throw error;
      this.absorb(error, []);
    }
  }

  calm() {
    this.failures = 0;
    this.trouble = "";
    this.tell();
  }

  /** The next answers to send: of one epoch, the oldest first. A hand-in takes the current ones along. */
  nextBatch() {
    const below = this.handInRecord && !this.apart && !this.closed ? this.epoch : Infinity;
    const pending = this.pending().filter((entry) => entry.epoch < below && !this.writing.has(entry.slot));
    const oldest = Math.min(...pending.map((entry) => entry.epoch));
    return pending.filter((entry) => entry.epoch === oldest).slice(0, this.oneByOne ? 1 : BATCH_MAX);
  }

  /** @param {Entry[]} batch */
  async sendBatch(batch) {
    const epoch = batch[0].epoch;
    try {
      if (batch.length === 1) {
        const { data } = await this.transport.saveOne(this.attempt, this.token, epoch, toSave(batch[0]));
        this.heard(data);
        await this.settle(batch[0], data);
      } else {
        const { data } = await this.transport.saveMany(this.attempt, this.token, epoch, batch.map(toSave));
        this.heard(data);
        await this.settleAll(batch, data.outcomes);
      }
    } catch (error) {
      if (!this.absorb(error, batch)) throw error;
    }
  }

  /** @param {{ deadline?: string }} reply */
  heard(reply) {
    if (this.events.onDeadline && reply.deadline) this.events.onDeadline(reply.deadline);
  }

  /** @param {Entry[]} batch @param {import("./types.js").SlotOutcome[]} outcomes */
  async settleAll(batch, outcomes) {
    // An outcome without its response proves nothing: that answer is sent again alone.
    this.oneByOne = false;
    for (const sent of batch) {
      const outcome = outcomes.find((each) => each.slot === sent.slot);
      if (outcome && (outcome.response !== undefined || outcome.outcome === "invalid")) await this.settle(sent, outcome);
      else this.oneByOne = true;
    }
  }

  /**
   * @param {Entry} sent
   * @param {{ outcome: string, revision: number, response?: AnswerValue, reason?: string }} reply
   */
  async settle(sent, reply) {
    if (reply.outcome === "invalid") {
      if (this.entries.get(sent.slot) === sent) this.refused.set(sent.slot, reply.reason || "");
      return;
    }
    if (reply.outcome === "stored" && reply.revision === sent.revision && sameAnswer(reply.response, sent.response)) {
      this.confirm(sent);
      return;
    }
    const isCurrent = this.entries.get(sent.slot) === sent;
    this.changed(sent.slot, true);
    if (!isCurrent) return;
    // Answered on this page: the person's latest word goes above what another page of theirs has sent, once.
    const again = this.fresh.delete(sent.slot) && sent.epoch === this.epoch;
    const response = reply.response === undefined ? null : reply.response;
    const revision = Math.max(reply.revision, sent.revision);
    if (again) await this.replace({ ...sent, revision: revision + 1 });
    else await this.replace({ ...sent, epoch: this.epoch, revision, response, acked: true });
  }

  /** @returns {{ [slot: string]: number }} */
  revisions() {
    /** @type {{ [slot: string]: number }} */
    const revisions = {};
    this.entries.forEach(({ revision }, slot) => {
      if (!this.refused.has(slot)) revisions[String(slot)] = revision;
    });
    return revisions;
  }

  /** @param {Entry[]} entries @returns {import("./types.js").SubmissionBody} */
  submission(entries) {
    const epoch = this.handInRecord ? this.handInRecord.epoch : this.epoch;
    return { epoch, answers: entries.map(toSave), revisions: this.revisions() };
  }

  async sendHandIn() {
    const entries = this.missing > 0 ? Array.from(this.entries.values()) : this.pending();
    try {
      const { data } = await this.transport.submit(this.attempt, this.token, this.submission(entries));
      this.finish(() => this.events.onReceipt && this.events.onReceipt(data, this.closed));
    } catch (error) {
      if (!this.absorb(error, [])) throw error;
    }
  }

  /* Refusals */

  /**
   * Takes a refusal that has its own way on; false for those that mean waiting.
   *
   * @param {unknown} error
   * @param {Entry[]} batch what was sent; nothing for a hand-in
   * @returns {boolean}
   */
  absorb(error, batch) {
    if (!(error instanceof Problem)) return false;
    const unfit = [400, 413, 422].includes(error.status);
    if (error.type === "not-signed-in" && this.token) {
      // The attempt's token has run out; whoever is signed in may go on.
      this.token = null;
    } else if (error.type === "attempt-taken-over") {
      this.stopped = true;
      if (this.events.onTakenOver) this.events.onTakenOver();
    } else if (error.type === "attempt-closed") {
      this.closeBatch(error, batch);
    } else if (error.type === "answers-missing" && this.missing < MISSING_RETRIES) {
      this.missing += 1;
    } else if (batch.length > 1 && unfit) {
      this.oneByOne = true;
    } else if (batch.length === 1 && unfit) {
      this.refused.set(batch[0].slot, error.detail || error.title);
      this.oneByOne = false;
    } else if (error.status >= 400 && error.status < 500 && ![401, 408, 429].includes(error.status)) {
      this.stopped = true;
      if (this.events.onFailed) this.events.onFailed(error);
    } else {
      return false;
    }
    return true;
  }

  /** @param {Problem} problem @param {Entry[]} batch */
  closeBatch(problem, batch) {
    const before = this.closed || { keptForReview: false, pending: 0 };
    const kept = problem.keptForReview;
    this.closed = { keptForReview: before.keptForReview || kept, pending: before.pending + (kept ? batch.length : 0) };
    for (const sent of batch) this.confirm(sent);
    if (batch.length === 0) this.finish(() => this.tellClosed());
  }

  tellClosed() {
    if (this.events.onClosed && this.closed) this.events.onClosed(this.closed);
  }

  /** The end of this attempt: nothing of it stays on the phone. @param {() => void} tell */
  finish(tell) {
    this.stopped = true;
    this.handInRecord = null;
    const prefix = keyOf(this.account, this.attempt);
    const gone = ["answers", "hand_ins"].map((name) => this.store.remove(name, prefix));
    Promise.all(gone).then(() => this.tellTabs(), () => undefined);
    tell();
  }

  /** @param {unknown} error */
  fail(error) {
    const problem = error instanceof Problem ? error : null;
    if (isProblem(error, "not-signed-in")) this.trouble = "signed_out";
    else if (error instanceof NetworkError) this.trouble = "offline";
    else if (problem) this.trouble = "busy";
    else throw error;
    this.failures += 1;
    this.apart = true;
    const backoff = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** (this.failures - 1));
    // A server that says when is never asked sooner; the jitter keeps a whole office from coming back at once.
    const told = (problem ? problem.retryAfterMs : 0) * (1 + this.random() / 4);
    this.timer = this.later(() => void this.wake(), Math.max(told, backoff * (0.75 + this.random() / 2)));
  }
}

/** @param {Entry} entry @returns {import("./types.js").SlotSave} */
function toSave({ slot, revision, response, answered_at, elapsed_ms }) {
  return { slot, revision, response, answered_at, elapsed_ms };
}

/** @param {string} text */
function utf8Bytes(text) {
  return new Blob([text]).size;
}
