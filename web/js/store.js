/**
 * What this phone keeps: answers and hand-ins (交卷) for as long as their attempt runs, the paper of a running attempt,
 * so that a reload shows it at once, and a few small things in localStorage.
 *
 * Everything is keyed by account first: two people may share a phone. Pages of one attempt in several tabs write to
 * the same records; `newest` decides which one stays. Bringing it all to the server is the work of outbox.js.
 */

/** @typedef {import("./types.js").AnswerValue} AnswerValue */
/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").HandIn} HandIn */
/** @typedef {import("./types.js").Leftover} Leftover */
/** @typedef {import("./types.js").Paper} Paper */
/** @typedef {import("./types.js").SavedAnswers} SavedAnswers */
/** @typedef {import("./types.js").Store} Store */

/** The disk of an old phone may hang; nothing waits for it longer than this, in milliseconds. */
const DISK_PATIENCE_MS = 3000;
const TABLES = ["answers", "hand_ins", "papers", "notes"];

/**
 * Where a record lies: account, attempt and slot, or account and exam for a paper.
 *
 * @param {(string | number)[]} parts
 */
export function keyOf(...parts) {
  return parts.join("/");
}

/** @param {AnswerValue | undefined} a @param {AnswerValue | undefined} b */
export function sameAnswer(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Which record of a slot stays when one is written over another. Order is (epoch, revision). A new answer always
 * stays: where another tab has counted on meanwhile it goes above. What the server holds never covers a newer answer.
 *
 * @param {Entry | undefined} held
 * @param {Entry} entry
 * @returns {Entry}
 */
export function newest(held, entry) {
  if (!held || entry.epoch > held.epoch) return entry;
  if (held.epoch > entry.epoch) return held;
  if (entry.revision > held.revision) return entry;
  const same = sameAnswer(entry.response, held.response);
  if (entry.revision === held.revision && (same || entry.acked)) return same && held.acked ? held : entry;
  return entry.acked ? held : { ...entry, revision: held.revision + 1 };
}

/**
 * The disk's promise, or a failure when it takes too long.
 *
 * @template V
 * @param {Promise<V>} promise
 * @returns {Promise<V>}
 */
export function patiently(promise) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("too slow")), DISK_PATIENCE_MS);
    const stop = () => clearTimeout(timer);
    promise.then(resolve, reject).then(stop, stop);
  });
}


/** @returns {Promise<IDBDatabase>} */
function openDatabase() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("zhijie-outbox", 2);
    opening.onupgradeneeded = () => {
      for (const name of TABLES) {
        if (!opening.result.objectStoreNames.contains(name)) opening.result.createObjectStore(name, { keyPath: "key" });
      }
    };
    opening.onsuccess = () => {
      // A page of a later version must not wait for this one.
      opening.result.onversionchange = () => opening.result.close();
      resolve(opening.result);
    };
    opening.onerror = () => reject(opening.error);
  });
}

/** @param {string} prefix */
const range = (prefix) => IDBKeyRange.bound(`${prefix}/`, `${prefix}/\uffff`);

/** @param {IDBDatabase} database @returns {Store} */
function databaseStore(database) {
  let connection = database;
  /** @typedef {(table: (name: string) => IDBObjectStore) => void} Work */
  /** @param {string[]} names @param {IDBTransactionMode} mode @param {Work} work @param {IDBTransactionDurability} durability @returns {Promise<void>} */
  const once = (names, mode, work, durability) =>
    new Promise((resolve, reject) => {
      const transaction = connection.transaction(names, mode, { durability });
      transaction.oncomplete = () => resolve();
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
      work((name) => transaction.objectStore(name));
    });
  // iOS drops the connection of a page that was in the background: then it is opened again, once.
  /** @param {string[]} names @param {IDBTransactionMode} mode @param {Work} work @param {IDBTransactionDurability} [durability] strict: outlives the battery, too */
  const transact = (names, mode, work, durability = "default") =>
    once(names, mode, work, durability).catch(async (error) => {
      if (error && error.name === "QuotaExceededError") throw error;
      connection = await openDatabase();
      return once(names, mode, work, durability);
    });
  /** @param {IDBKeyRange | undefined} keys all where there is none @param {string[]} names @returns {Promise<any[][]>} nothing where the disk does not answer */
  const readAll = async (keys, names) => {
    const found = names.map(() => /** @type {any[]} */ ([]));
    const reading = transact(names, "readonly", (table) => {
      names.forEach((name, index) => {
        const asked = table(name).getAll(keys);
        asked.onsuccess = () => (found[index] = asked.result);
      });
    });
    await patiently(reading).catch(() => undefined);
    return found;
  };

  return {
    durable: true,
    async load(prefix) {
      const [entries, handIns] = await readAll(range(prefix), ["answers", "hand_ins"]);
      return { entries, handIns };
    },
    async putAnswer(entry) {
      let kept = entry;
      await transact(["answers"], "readwrite", (table) => {
        const answers = table("answers");
        const reading = answers.get(entry.key);
        reading.onsuccess = () => {
          kept = newest(reading.result, entry);
          if (kept !== reading.result) answers.put(kept);
        };
      }, entry.acked ? "default" : "strict");
      return kept;
    },
    put: (name, record) => transact([name], "readwrite", (table) => void table(name).put(record), name === "hand_ins" ? "strict" : "default"),
    papers: async () => (await readAll(undefined, ["papers"]))[0],
    note: async (key) => (await readAll(IDBKeyRange.only(key), ["notes"]))[0].map(({ value }) => value)[0],
    remove: (name, prefix) => transact([name], "readwrite", (table) => void table(name).delete(range(prefix))),
  };
}

/** @returns {Store} */
export function memoryStore() {
  /** @type {{ [name: string]: Map<string, any> }} */
  const tables = { answers: new Map(), hand_ins: new Map(), papers: new Map(), notes: new Map() };
  /** @param {string} name @param {string} prefix */
  const under = (name, prefix) => Array.from(tables[name].values()).filter((it) => it.key.startsWith(`${prefix}/`));
  return {
    durable: false,
    load: async (prefix) => ({ entries: under("answers", prefix), handIns: under("hand_ins", prefix) }),
    async putAnswer(entry) {
      const kept = newest(tables.answers.get(entry.key), entry);
      tables.answers.set(kept.key, kept);
      return kept;
    },
    async put(name, record) {
      tables[name].set(record.key, record);
    },
    papers: async () => Array.from(tables.papers.values()),
    note: async () => undefined,
    async remove(name, prefix) {
      for (const record of under(name, prefix)) tables[name].delete(record.key);
    },
  };
}

/** IndexedDB, or memory when the browser has none, refuses or hangs. @returns {Promise<Store>} */
const open = () => patiently(openDatabase()).then(databaseStore, memoryStore);

/** Begun while other scripts are still on their way: opening takes an old phone its time, and the first reading more. */
const first = open();
first.then((store) => store.papers());
let early = /** @type {Promise<Store> | null} */ (first);

export function openStore() {
  const store = early || open();
  early = null;
  return store;
}

/* The answers of one attempt */

/** The answers of one attempt as this page and the phone's disk hold them. */
export class Answers {
  /** @param {Store} store @param {string} account @param {string} attempt @param {number} epoch */
  constructor(store, account, attempt, epoch) {
    this.store = store;
    this.account = account;
    this.attempt = attempt;
    this.epoch = epoch;
    /** @type {Map<number, Entry>} */
    this.entries = new Map();
    /** @type {Set<number>} slots whose latest answer is on its way to the disk: not to be sent yet */
    this.writing = new Set();
    /** @type {Set<number>} slots whose latest answer the disk did not take */
    this.undurable = new Set();
    this.diskFailed = false;
    /** @type {HandIn | null} */
    this.handInRecord = null;
  }

  /** Something has changed. */
  tell() {}

  /** An answer is ready to be sent. */
  async pump() {}

  /** Another tab of this phone has a newer answer. @param {number} _slot */
  changed(_slot) {}

  /**
   * Reads what the phone holds and lays it together with what the server held.
   *
   * @param {SavedAnswers} saved
   * @param {boolean} [fromPaper] whether `saved` is as old as the kept paper, so that what was confirmed since counts
   */
  async load(saved, fromPaper = false) {
    const { entries, handIns } = await this.store.load(keyOf(this.account, this.attempt));
    for (const local of entries) if (!local.acked || fromPaper) this.entries.set(local.slot, local);
    this.handInRecord = handIns[0] || null;
    this.merge(saved);
    this.tell();
  }

  /**
   * Lays what the server holds over what the phone holds. Of an answer here that the server has not heard of, and
   * another one there, the younger stays.
   *
   * @param {SavedAnswers} saved
   */
  merge(saved) {
    for (const [key, { revision, response, saved_at }] of Object.entries(saved)) {
      const slot = Number(key);
      const held = this.entries.get(slot);
      const same = held !== undefined && sameAnswer(held.response, response);
      const theirs = { ...this.blankEntry(slot), revision, response, answered_at: saved_at };
      if (!held) this.entries.set(slot, theirs);
      else if (held.revision > revision) continue;
      else if (same && held.revision === revision) this.confirm(held);
      else if (held.acked || same || Date.parse(held.answered_at) <= Date.parse(saved_at)) void this.replace(theirs);
      else if (held.epoch === this.epoch) void this.replace({ ...held, revision: revision + 1 });
    }
  }

  /** Another tab of this phone has written: its answers are this page's, too. */
  async reread() {
    const { entries, handIns } = await this.store.load(keyOf(this.account, this.attempt));
    for (const record of entries) {
      const held = this.entries.get(record.slot);
      const known = held && held.epoch === record.epoch && held.revision === record.revision && held.acked === record.acked;
      if (known || this.writing.has(record.slot) || (held && newest(held, record) !== record)) continue;
      this.entries.set(record.slot, record);
      if (!held || !sameAnswer(held.response, record.response)) this.changed(record.slot);
    }
    this.handInRecord = this.handInRecord || handIns[0] || null;
    this.tell();
    await this.pump();
  }

  /** @param {number} slot @returns {Entry} */
  blankEntry(slot) {
    const { account, attempt, epoch } = this;
    const key = keyOf(account, attempt, slot);
    return { key, account, attempt, slot, epoch, revision: 0, response: null, answered_at: "", elapsed_ms: 0, acked: true };
  }

  /** @param {number} slot @returns {AnswerValue | undefined} */
  response(slot) {
    const entry = this.entries.get(slot);
    return entry ? entry.response : undefined;
  }

  /** @param {Entry} sent */
  confirm(sent) {
    if (this.entries.get(sent.slot) === sent && !sent.acked) void this.replace({ ...sent, acked: true });
  }

  /** Holds an answer in place of another: on the disk first, then it may be sent. @param {Entry} entry */
  async replace(entry) {
    this.entries.set(entry.slot, entry);
    if (entry.acked) this.writing.delete(entry.slot);
    else this.writing.add(entry.slot);
    this.tell();
    await this.keep(entry);
    if (this.entries.get(entry.slot) === entry) this.writing.delete(entry.slot);
    this.tell();
    if (!entry.acked) await this.pump();
  }

  /** @param {Entry} entry */
  async keep(entry) {
    const isCurrent = () => this.entries.get(entry.slot) === entry;
    try {
      const kept = await patiently(this.store.putAnswer(entry));
      if (this.diskFailed) this.keepAgain();
      if (isCurrent() && (this.store.durable || entry.acked)) this.undurable.delete(entry.slot);
      // Another tab has counted on meanwhile: this page goes on from there.
      if (isCurrent() && kept !== entry) {
        this.entries.set(entry.slot, kept);
        this.writing.delete(entry.slot);
      }
    } catch (full) {
      this.diskFailed = true;
      if (isCurrent() && !entry.acked) this.undurable.add(entry.slot);
    }
    if (isCurrent() && !this.store.durable && !entry.acked) this.undurable.add(entry.slot);
    this.tellTabs();
  }

  /** There is room again: what was refused is written now. */
  keepAgain() {
    this.diskFailed = false;
    for (const slot of this.undurable) {
      const entry = this.entries.get(slot);
      if (entry) void this.keep(entry);
    }
  }

  tellTabs() {
    remember("tab", `${this.attempt} ${Math.random()}`);
  }
}

/**
 * Attempts of this account that still hold something undelivered on this phone.
 *
 * @param {Store} store
 * @param {string} account
 * @returns {Promise<Leftover[]>}
 */
export async function leftovers(store, account) {
  const { entries, handIns } = await store.load(account);
  /** @type {Map<string, Leftover>} */
  const found = new Map();
  const of = (/** @type {Entry | HandIn} */ { attempt, epoch }) => {
    const leftover = found.get(attempt) || { attempt, epoch, pending: 0, handIn: null };
    leftover.epoch = Math.max(leftover.epoch, epoch);
    found.set(attempt, leftover);
    return leftover;
  };
  for (const handIn of handIns) of(handIn).handIn = handIn;
  for (const entry of entries.filter((each) => !each.acked)) of(entry).pending += 1;
  return Array.from(found.values());
}

/* Small things. The browser may refuse (private mode, full): then it forgets, and nothing else happens. */

/** @param {string} key @returns {string | null} */
export function recall(key) {
  try {
    return window.localStorage.getItem(`zhijie.${key}`);
  } catch (refused) {
    return null;
  }
}

/**
 * @param {string} key
 * @param {string | null} value
 */
export function remember(key, value) {
  try {
    if (value === null) window.localStorage.removeItem(`zhijie.${key}`);
    else window.localStorage.setItem(`zhijie.${key}`, value);
  } catch (refused) {
    // Nothing depends on it.
  }
}

/* Those that must outlive a killed browser: localStorage is written to the disk some time later only, IndexedDB at once. */

/** @param {Store} store @param {string} key @param {string | null} value */
export function note(store, key, value) {
  remember(key, value);
  return patiently(store.put("notes", { key, value })).catch(() => undefined);
}

/** @param {Store} store @param {string} key @returns {Promise<string | null>} */
export async function noted(store, key) {
  const local = recall(key);
  // Emptied elsewhere: the staff pages sign out without opening the disk.
  if (local === "") return null;
  const value = await store.note(key);
  return value === undefined ? local : value;
}

/** What this phone remembers of an attempt's page. @param {Store} store @param {string} attempt @returns {Promise<import("./types.js").Memory | null>} */
export async function memoryOf(store, attempt) {
  const text = await noted(store, `attempt.${attempt}`);
  try {
    return text ? JSON.parse(text) : null;
  } catch (malformed) {
    return null;
  }
}
