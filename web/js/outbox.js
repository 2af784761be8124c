/**
 * The outbox: every answer is written on the phone first, then sent, and counts as saved only when the server's reply
 * holds that very answer. What could not be sent waits, through a reload, a killed page, and a sign-out; so does a
 * hand-in (交卷) made off line.
 *
 * Order on the server is (epoch, revision). Revisions count on from the highest that phone or server know.
 *
 * Disk and sending stand in one file because the exam page may load no more than eight.
 */
import { api, isProblem, NetworkError, Problem } from "./api.js";

/** @typedef {import("./types.js").AnswerValue} AnswerValue */
/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").HandIn} HandIn */
/** @typedef {import("./types.js").Leftover} Leftover */
/** @typedef {import("./types.js").Store} Store */

/** Answers in one request. */
const BATCH_MAX = 50;
/** Waiting before trying again: doubles from the first to the second. */
const RETRY_FIRST_MS = 1000;
const RETRY_MOST_MS = 30000;
/** Resending everything when the server says that answers are missing. */
const MISSING_RETRIES = 3;
/** The disk of an old phone may hang; nothing waits for it longer than this, in milliseconds. */
const DISK_PATIENCE_MS = 3000;

/* The attempt's answers */

/** Holds the answers of one attempt and brings them to the server. */
export class Outbox {
  /** @param {import("./types.js").OutboxSettings} settings */
  constructor(settings) {
    this.store = settings.store;
    this.account = settings.account;
    this.attempt = settings.attempt;
    this.epoch = settings.epoch;
    this.token = settings.token;
    this.now = settings.now;
    this.events = settings.events || {};
    this.transport = settings.transport || api;
    this.random = settings.random || Math.random;
    this.later = settings.later || ((work, ms) => window.setTimeout(work, ms));
    /** @type {Map<number, Entry>} */
    this.entries = new Map();
    /** @type {Map<number, string>} answers that the server will never take, with its reason */
    this.refused = new Map();
    /** @type {Set<number>} slots answered on this page, so that their answer is the person's latest */
    this.fresh = new Set();
    /** @type {Set<number>} slots whose latest answer is not on the disk */
    this.undurable = new Set();
    /** @type {HandIn | null} */
    this.handInRecord = null;
    /** @type {"" | "offline" | "busy" | "signed_out"} */
    this.trouble = "";
    /** @type {import("./types.js").Closed | null} */
    this.closed = null;
    this.stopped = false;
    this.running = false;
    this.oneByOne = false;
    this.failures = 0;
    this.missing = 0;
    this.timer = 0;
  }

  /**
   * Reads what the phone holds and lays it over what the server holds.
   *
   * @param {{ [slot: string]: import("./types.js").SavedAnswer }} saved
   */
  async load(saved) {
    const prefix = keyOf(this.account, this.attempt);
    const kept = await patiently(this.store.load(prefix)).catch(() => ({ entries: [], handIns: [] }));
    for (const [slot, { revision, response, saved_at }] of Object.entries(saved)) {
      this.entries.set(Number(slot), { ...this.blankEntry(Number(slot)), revision, response, answered_at: saved_at });
    }
    for (const local of kept.entries) this.overlay(local);
    this.handInRecord = kept.handIns[0] || null;
    // What was left over may be late: sent as answers it is kept for review even after the end.
    if (this.pending().length > 0) this.failures = 1;
    this.tell();
  }

  /** @param {number} slot @returns {Entry} */
  blankEntry(slot) {
    const { account, attempt, epoch } = this;
    const key = keyOf(account, attempt, slot);
    return { key, account, attempt, slot, epoch, revision: 0, response: null, answered_at: "", elapsed_ms: 0, acked: true };
  }

  /** @param {Entry} local */
  overlay(local) {
    const server = this.entries.get(local.slot);
    if (local.acked) return;
    if (!server || local.revision > server.revision) {
      this.entries.set(local.slot, local);
    } else if (!sameAnswer(local.response, server.response) && isLater(local.answered_at, server.answered_at)) {
      // Another page of this phone counted on meanwhile, but this answer is the younger one.
      const revision = local.epoch === this.epoch ? server.revision + 1 : local.revision;
      this.entries.set(local.slot, { ...local, revision });
    }
  }

  /** @param {number} slot @returns {AnswerValue | undefined} */
  response(slot) {
    const entry = this.entries.get(slot);
    return entry ? entry.response : undefined;
  }

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
      durable: pending.every((entry) => !this.undurable.has(entry.slot)),
      refused: Array.from(this.refused, ([slot, reason]) => ({ slot, reason })),
      handingIn: this.handInRecord !== null,
    };
  }

  tell() {
    if (!this.stopped && this.events.onState) this.events.onState(this.state());
  }

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
    this.entries.set(slot, entry);
    this.refused.delete(slot);
    this.fresh.add(slot);
    this.undurable.add(slot);
    this.tell();
    await this.keep(entry);
    this.tell();
    await this.pump();
  }

  /** @param {Entry} entry */
  async keep(entry) {
    try {
      await patiently(this.store.put("answers", entry));
      if (this.store.durable && this.entries.get(entry.slot) === entry) this.undurable.delete(entry.slot);
    } catch (full) {
      // It stays in `undurable`, and the page says so.
    }
  }

  /** The person hands in (交卷). It is delivered now, or when the network is back. */
  async handIn() {
    if (this.stopped || this.handInRecord) return;
    const { account, attempt, epoch } = this;
    const requested_at = new Date(this.now()).toISOString();
    this.handInRecord = { key: keyOf(account, attempt, 0), account, attempt, epoch, requested_at };
    this.tell();
    await patiently(this.store.put("hand_ins", this.handInRecord)).catch(() => undefined);
    await this.pump();
  }

  /** Tries at once: the network is back, the page is looked at again. */
  wake() {
    clearTimeout(this.timer);
    this.timer = 0;
    return this.pump();
  }

  /** The page goes away: what is pending is sent along, without waiting for the reply. */
  flushOnExit() {
    if (this.stopped) return;
    for (const epoch of new Set(this.pending().map((entry) => entry.epoch))) {
      const saves = this.pending().filter((entry) => entry.epoch === epoch).map(toSave);
      this.transport.saveMany(this.attempt, this.token, epoch, saves, true).catch(() => undefined);
    }
  }

  /** Sends until nothing is left. One at a time, so that replies come in order. */
  async pump() {
    if (this.running || this.stopped || this.timer) return;
    this.running = true;
    try {
      for (let batch = this.nextBatch(); !this.stopped; batch = this.nextBatch()) {
        if (batch.length > 0) await this.sendBatch(batch);
        else if (this.handInRecord) await this.sendHandIn();
        else break;
        this.failures = 0;
        this.trouble = "";
        this.tell();
      }
    } catch (error) {
      this.fail(error);
    } finally {
      this.running = false;
    }
    if (this.closed && !this.stopped && this.pending().length === 0) this.finish(() => this.tellClosed());
    this.tell();
  }

  /** The next answers to send: of one epoch, the oldest first. A hand-in takes the current ones along. */
  nextBatch() {
    const taken = this.handInRecord && this.failures === 0 && !this.closed ? this.epoch : Infinity;
    const pending = this.pending().filter((entry) => entry.epoch < taken);
    const oldest = Math.min(...pending.map((entry) => entry.epoch));
    return pending.filter((entry) => entry.epoch === oldest).slice(0, this.oneByOne ? 1 : BATCH_MAX);
  }

  /** @param {Entry[]} batch */
  async sendBatch(batch) {
    const epoch = batch[0].epoch;
    try {
      if (batch.length === 1) {
        const reply = await this.transport.saveOne(this.attempt, this.token, epoch, toSave(batch[0]));
        this.heard(reply);
        this.settle(batch[0], reply.data);
      } else {
        const reply = await this.transport.saveMany(this.attempt, this.token, epoch, batch.map(toSave));
        this.heard(reply);
        this.settleAll(batch, reply.data.outcomes);
      }
    } catch (error) {
      if (!this.absorb(error, batch)) throw error;
    }
  }

  /** @param {Entry[]} batch @param {import("./types.js").SlotOutcome[]} outcomes */
  settleAll(batch, outcomes) {
    // An outcome without a response says less than a reply to a single save: those are sent again alone.
    this.oneByOne = false;
    for (const sent of batch) {
      const outcome = outcomes.find((each) => each.slot === sent.slot);
      if (!outcome || (outcome.outcome === "superseded" && outcome.response === undefined)) this.oneByOne = true;
      else this.settle(sent, outcome);
    }
  }

  /**
   * @param {Entry} sent
   * @param {{ outcome: string, revision: number, response?: AnswerValue, reason?: string }} reply
   */
  settle(sent, reply) {
    if (reply.outcome === "invalid") {
      if (this.entries.get(sent.slot) === sent) this.refused.set(sent.slot, reply.reason || "");
      return;
    }
    const same = reply.response === undefined || sameAnswer(reply.response, sent.response);
    if (reply.outcome === "stored" && reply.revision === sent.revision && same) {
      this.confirm(sent);
      return;
    }
    const current = this.entries.get(sent.slot);
    if (this.events.onSuperseded) this.events.onSuperseded(sent.slot);
    if (current !== sent) return;
    // Answered on this page: the person's latest word goes above what another page of theirs has sent, once.
    const again = this.fresh.delete(sent.slot) && sent.epoch === this.epoch;
    const revision = Math.max(reply.revision, sent.revision) + 1;
    if (again) this.replace({ ...sent, revision });
    else this.replace({ ...sent, revision: reply.revision, response: reply.response === undefined ? null : reply.response, acked: true });
  }

  /** @param {Entry} sent */
  confirm(sent) {
    if (this.entries.get(sent.slot) === sent) this.replace({ ...sent, acked: true });
  }

  /** @param {Entry} entry */
  replace(entry) {
    this.entries.set(entry.slot, entry);
    void this.keep(entry);
  }

  async sendHandIn() {
    const all = Array.from(this.entries.values());
    /** @type {{ [slot: string]: number }} */
    const revisions = {};
    for (const entry of all) if (!this.refused.has(entry.slot)) revisions[String(entry.slot)] = entry.revision;
    const answers = (this.missing > 0 ? all : this.pending()).map(toSave);
    const epoch = this.handInRecord ? this.handInRecord.epoch : this.epoch;
    try {
      const reply = await this.transport.submit(this.attempt, this.token, { epoch, answers, revisions });
      this.finish(() => this.events.onReceipt && this.events.onReceipt(reply.data));
    } catch (error) {
      if (!this.absorb(error, [])) throw error;
    }
  }

  /** @param {import("./types.js").Reply<{ deadline?: string, server_now?: string }>} reply */
  heard(reply) {
    if (this.events.onReply) this.events.onReply(reply.data, reply.sentAt, reply.receivedAt);
  }

  /**
   * Takes a refusal that has its own way on; false for those that mean waiting.
   *
   * @param {unknown} error
   * @param {Entry[]} batch what was sent; nothing for a hand-in
   * @returns {boolean}
   */
  absorb(error, batch) {
    if (!(error instanceof Problem)) return false;
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
    } else if (batch.length > 1 && [400, 413, 422].includes(error.status)) {
      this.oneByOne = true;
    } else if (batch.length === 1 && [400, 413, 422].includes(error.status)) {
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
    void this.store.remove(keyOf(this.account, this.attempt)).catch(() => undefined);
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
    const backoff = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** (this.failures - 1));
    const wait = Math.max(problem ? problem.retryAfterMs : 0, backoff) * (0.75 + this.random() / 2);
    this.timer = this.later(() => void this.wake(), wait);
  }
}

/** @param {Entry} entry @returns {import("./types.js").SlotSave} */
function toSave({ slot, revision, response, answered_at, elapsed_ms }) {
  return { slot, revision, response, answered_at, elapsed_ms };
}

/** @param {AnswerValue | undefined} a @param {AnswerValue | undefined} b */
export function sameAnswer(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** @param {string} a @param {string} b */
function isLater(a, b) {
  return Date.parse(a) > Date.parse(b);
}

/* The phone's disk: IndexedDB, or memory where the browser has none, refuses or hangs */

/**
 * Records are keyed by account, attempt and slot: two people may share a phone.
 *
 * @param {string} account @param {string} [attempt] @param {number} [slot]
 */
function keyOf(account, attempt, slot) {
  return [account, attempt, slot].filter((part) => part !== undefined).join("/");
}

/**
 * Opens IndexedDB, or memory when the browser has none, refuses or hangs.
 *
 * @returns {Promise<Store>}
 */
export function openStore() {
  return patiently(openDatabase()).then(databaseStore, memoryStore);
}

/** @returns {Promise<IDBDatabase>} */
function openDatabase() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("zhijie-outbox", 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("answers", { keyPath: "key" });
      opening.result.createObjectStore("hand_ins", { keyPath: "key" });
    };
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
    opening.onblocked = () => reject(new Error("blocked"));
  });
}

/** @param {IDBDatabase} database @returns {Store} */
function databaseStore(database) {
  let connection = database;
  /** @param {IDBTransactionMode} mode @param {(table: (name: string) => IDBObjectStore) => void} work @returns {Promise<void>} */
  const once = (mode, work) =>
    new Promise((resolve, reject) => {
      const transaction = connection.transaction(["answers", "hand_ins"], mode);
      transaction.oncomplete = () => resolve();
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
      work((name) => transaction.objectStore(name));
    });
  // iOS drops the connection of a page that was in the background: then it is opened again, once.
  /** @param {IDBTransactionMode} mode @param {(table: (name: string) => IDBObjectStore) => void} work */
  const transact = (mode, work) =>
    once(mode, work).catch(async () => {
      connection = await openDatabase();
      return once(mode, work);
    });
  /** @param {string} prefix */
  const range = (prefix) => IDBKeyRange.bound(`${prefix}/`, `${prefix}/\uffff`);

  return {
    durable: true,
    load(prefix) {
      /** @type {{ entries: Entry[], handIns: HandIn[] }} */
      const kept = { entries: [], handIns: [] };
      return transact("readonly", (table) => {
        const entries = table("answers").getAll(range(prefix));
        const handIns = table("hand_ins").getAll(range(prefix));
        entries.onsuccess = () => (kept.entries = entries.result);
        handIns.onsuccess = () => (kept.handIns = handIns.result);
      }).then(() => kept);
    },
    put: (name, record) => transact("readwrite", (table) => table(name).put(record)),
    remove: (prefix) =>
      transact("readwrite", (table) => {
        table("answers").delete(range(prefix));
        table("hand_ins").delete(range(prefix));
      }),
  };
}

/** @returns {Store} */
export function memoryStore() {
  /** @type {{ answers: Map<string, any>, hand_ins: Map<string, any> }} */
  const tables = { answers: new Map(), hand_ins: new Map() };
  /** @param {Map<string, any>} table @param {string} prefix */
  const under = (table, prefix) => Array.from(table.values()).filter((record) => record.key.startsWith(`${prefix}/`));
  return {
    durable: false,
    load: (prefix) =>
      Promise.resolve({ entries: under(tables.answers, prefix), handIns: under(tables.hand_ins, prefix) }),
    put(name, record) {
      tables[name].set(record.key, record);
      return Promise.resolve();
    },
    remove(prefix) {
      for (const table of [tables.answers, tables.hand_ins]) {
        for (const record of under(table, prefix)) table.delete(record.key);
      }
      return Promise.resolve();
    },
  };
}

/**
 * The disk's promise, or a failure when it takes too long.
 *
 * @template V
 * @param {Promise<V>} promise
 * @returns {Promise<V>}
 */
function patiently(promise) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("too slow")), DISK_PATIENCE_MS);
    const stop = () => clearTimeout(timer);
    promise.then(resolve, reject).then(stop, stop);
  });
}

/**
 * Attempts of this account that still hold something undelivered on this phone.
 *
 * @param {Store} store
 * @param {string} account
 * @returns {Promise<Leftover[]>}
 */
export async function leftovers(store, account) {
  const { entries, handIns } = await store.load(keyOf(account));
  /** @type {Map<string, Leftover>} */
  const found = new Map();
  const of = (/** @type {Entry | HandIn} */ { attempt, epoch }) => {
    const leftover = found.get(attempt) || { attempt, epoch, pending: 0, handIn: false };
    leftover.epoch = Math.max(leftover.epoch, epoch);
    found.set(attempt, leftover);
    return leftover;
  };
  for (const handIn of handIns) of(handIn).handIn = true;
  for (const entry of entries.filter((each) => !each.acked)) of(entry).pending += 1;
  return Array.from(found.values());
}
