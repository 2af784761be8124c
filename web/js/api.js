/**
 * Speaking with the server: one function for requests, the problems it answers, renewal of the session, the calls that
 * the officials' pages make, and the server's clock as far as its replies tell it.
 */
import { T } from "./texts.js";

/** @typedef {import("./types.js").RequestOptions} RequestOptions */
/** @template D @typedef {import("./types.js").Reply<D>} Reply */

const BASE = "/api/v1";

/** How long a request may take before it counts as lost, in milliseconds. */
const TIMEOUT_MS = 12000;

/** A refusal by the server, in words for a person. */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {import("./types.js").ProblemBody} body
   * @param {number} retryAfterMs
   */
  constructor(status, body, retryAfterMs) {
    super(body.title || `HTTP ${status}`);
    this.name = "Problem";
    this.status = status;
    this.type = body.type || "";
    this.title = body.title || T.serverFailed(status);
    this.detail = body.detail || "";
    this.requestId = body.request_id || "";
    this.errors = body.errors || [];
    this.keptForReview = body.kept_for_review === true;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The request or its reply was lost on the way. */
export class NetworkError extends Error {
  constructor() {
    super("network");
    this.name = "NetworkError";
    this.title = T.networkFailed;
    this.detail = T.networkFailedDetail;
  }
}

/** @param {unknown} error @param {string} type */
export function isProblem(error, type) {
  return error instanceof Problem && error.type === type;
}

/**
 * One request. A 401 renews the session and repeats once.
 *
 * @param {string} method
 * @param {string} path under /api/v1
 * @param {RequestOptions} [options]
 * @returns {Promise<Reply<any>>}
 */
export async function request(method, path, options = {}) {
  try {
    return await once(method, path, options);
  } catch (error) {
    if (!isProblem(error, "not-signed-in") || options.renew === false || options.token) throw error;
    await renew();
    return once(method, path, options);
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {RequestOptions} options
 * @returns {Promise<Reply<any>>}
 */
async function once(method, path, options) {
  /** @type {{ [name: string]: string }} */
  const headers = { ...options.headers };
  if (options.body !== undefined) headers["content-type"] = "application/json";
  if (options.token) headers.authorization = `Bearer ${options.token}`;
  const sentAt = performance.now();
  const { response, text } = await exchange(`${BASE}${path}`, options.timeoutMs || TIMEOUT_MS, {
    method,
    headers,
    credentials: "same-origin",
    keepalive: options.keepalive === true,
    body: options.body === undefined ? undefined : JSON.stringify(options.body),
  });
  const receivedAt = performance.now();
  const data = parse(text);
  if (response.ok || response.status === 304) {
    // A login page of the network in between, or half a body, is no reply of ours.
    if (data === undefined) throw new NetworkError();
    if (data && data.server_now) clock.sync(data.server_now, sentAt, receivedAt);
    return { status: response.status, data, etag: response.headers.get("etag") };
  }
  throw new Problem(response.status, data || {}, retryAfter(response.headers.get("retry-after")));
}

/**
 * Fetches the whole body, or fails within the time limit, also where nothing can abort a request.
 *
 * @param {string} url
 * @param {number} limitMs
 * @param {RequestInit} init
 * @returns {Promise<{ response: Response, text: string }>}
 */
function exchange(url, limitMs, init) {
  const controller = typeof AbortController === "function" ? new AbortController() : null;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new NetworkError());
      if (controller) controller.abort();
    }, limitMs);
    const done = () => clearTimeout(timer);
    fetch(url, controller ? { ...init, signal: controller.signal } : init)
      .then((response) => response.text().then((text) => ({ response, text })))
      .then(resolve, () => reject(new NetworkError()))
      .then(done, done);
  });
}

/**
 * JSON, null for an empty body, undefined for anything else.
 *
 * @param {string} text
 * @returns {any}
 */
function parse(text) {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch (malformed) {
    return undefined;
  }
}

/**
 * @param {string | null} header seconds
 * @returns {number} milliseconds
 */
function retryAfter(header) {
  const seconds = Number(header);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 600) * 1000 : 0;
}

/** @type {Promise<unknown> | null} */
let renewal = null;

/** Renews the session by its refresh cookie; many callers share one renewal. */
function renew() {
  if (!renewal) {
    const forget = () => {
      renewal = null;
    };
    renewal = once("POST", "/sessions/current/renewals", {});
    renewal.then(forget, forget);
  }
  return renewal;
}

/** Where to sign in, and to come back from. */
export function signInAddress() {
  return `/index.html?next=${encodeURIComponent(window.location.pathname + window.location.search)}`;
}

/* The server's clock */

/** How far wall clock and `performance.now()` may drift apart before the clock calls itself uncertain. */
const DRIFT_LIMIT_MS = 2000;

/**
 * Time passes by `performance.now()`, which does not jump when somebody sets the phone's clock. A phone that slept may
 * have stopped it, though: when the wall clock tells another story the clock says that it is uncertain, and whoever
 * needs it asks the server.
 *
 * @param {{ steady?: () => number, wall?: () => number }} [sources]
 * @returns {import("./types.js").Clock}
 */
export function createClock(sources = {}) {
  const steady = sources.steady || (() => performance.now());
  const wall = sources.wall || (() => Date.now());
  let drift = wall() - steady();
  // Until the first reply the phone's own clock has to do.
  let offset = drift;
  let error = Infinity;
  const drifted = () => Math.abs(wall() - steady() - drift) > DRIFT_LIMIT_MS;

  return {
    now: () => steady() + offset,

    sync(serverNow, sentAt, receivedAt) {
      const instant = Date.parse(serverNow);
      if (Number.isNaN(instant)) return;
      // The server looked at its clock at some moment between sending and receiving.
      const half = Math.max(0, receivedAt - sentAt) / 2;
      const measured = instant - (sentAt + half);
      // A slow reply says less than a fast one; it is believed only if it proves the old measurement wrong.
      if (drifted() || half <= error || Math.abs(measured - offset) > half + error) {
        offset = measured;
        error = half;
      }
      drift = wall() - steady();
    },

    ahead: () => steady() + offset - wall(),

    assume(aheadMs) {
      if (error === Infinity) offset = wall() - steady() + aheadMs;
    },

    heard: () => error < Infinity,
    uncertain: () => error === Infinity || drifted(),
  };
}

/** The clock of this page. Every reply that says the server's time sets it. */
export const clock = createClock();

/** What is left is announced to screen readers at so many minutes. */
const WARN_MINUTES = [10, 5, 1];
/** How long a pause is believed without a word from the server. */
const PAUSE_TRUSTED_MS = 60000;

/** The time that is left of a sitting: its deadline by the server's clock, and a pause that moves it on. */
export class Countdown {
  /** @param {string} deadline an instant */
  constructor(deadline) {
    this.deadline = Date.parse(deadline);
    /** @type {{ reason: string } | null} */
    this.paused = null;
    this.pausedHeardAt = 0;
    this.ahead = this.stillAhead();
  }

  /** Milliseconds. */
  left() {
    const now = clock.now();
    // While paused the server moves the deadline on; a phone that hears nothing for long goes on counting.
    const stood = this.paused ? Math.min(now - this.pausedHeardAt, PAUSE_TRUSTED_MS) : 0;
    return this.deadline - now + stood;
  }

  /** @param {string} deadline an instant @returns {boolean} whether the person has more or less time than before */
  move(deadline) {
    const instant = Date.parse(deadline);
    if (instant === this.deadline || Number.isNaN(instant)) return false;
    this.deadline = instant;
    if (this.paused) this.pausedHeardAt = clock.now();
    else this.ahead = this.stillAhead();
    return !this.paused;
  }

  /** @param {{ reason: string } | null} paused @returns {boolean} whether a pause has begun or ended */
  hearPause(paused) {
    const changed = Boolean(paused) !== Boolean(this.paused);
    if (paused) this.pausedHeardAt = clock.now();
    this.paused = paused;
    return changed;
  }

  /** The minutes that have just been reached, once each. */
  reached() {
    const left = this.left();
    const minutes = this.ahead.filter((each) => left <= each * 60000);
    this.ahead = this.ahead.filter((each) => left > each * 60000);
    return left > 0 ? minutes : [];
  }

  stillAhead() {
    return WARN_MINUTES.filter((minutes) => this.left() > minutes * 60000);
  }
}

/* The calls */

/** @param {string} part */
const id = (part) => encodeURIComponent(part);

export const api = {
  /** @param {string} login @param {string} password @returns {Promise<Reply<{ account: import("./types.js").Account }>>} */
  signIn: (login, password) => request("POST", "/sessions", { body: { login, password }, renew: false }),

  /** @param {string} login @param {string} code @param {string} password @returns {Promise<Reply<{ account: import("./types.js").Account }>>} */
  activate: (login, code, password) =>
    request("POST", "/activations", { body: { login, code, password }, renew: false }),

  signOut: () => request("DELETE", "/sessions/current"),

  /** @returns {Promise<Reply<import("./types.js").Account>>} */
  me: () => request("GET", "/me"),

  /** @param {string} current @param {string} next */
  changePassword: (current, next) => request("PUT", "/me/password", { body: { current, new: next } }),

  /** @returns {Promise<Reply<{ account: string, items: import("./types.js").Assignment[], server_now: string }>>} */
  assignments: () => request("GET", "/me/assignments"),

  /** @param {string} exam @param {string} device @returns {Promise<Reply<import("./types.js").Attempt>>} */
  startAttempt: (exam, device) => request("POST", `/exams/${id(exam)}/attempts`, { body: { device } }),

  /**
   * @param {string} attempt @param {string | null} token @param {string | null} etag @param {number} [timeoutMs]
   * @returns {Promise<Reply<import("./types.js").AttemptStatus>>}
   */
  attemptStatus: (attempt, token, etag, timeoutMs) =>
    request("GET", `/attempts/${id(attempt)}`, { token, timeoutMs, headers: etag ? { "if-none-match": etag } : {} }),

  /**
   * @param {string} attempt @param {string | null} token @param {number} epoch @param {import("./types.js").SlotSave} save
   * @returns {Promise<Reply<import("./types.js").SaveReply>>}
   */
  saveOne: (attempt, token, epoch, save) => {
    const { slot, ...body } = save;
    return request("PUT", `/attempts/${id(attempt)}/answers/${slot}`, { token, body: { epoch, ...body } });
  },

  /**
   * @param {string} attempt @param {string | null} token @param {number} epoch @param {import("./types.js").SlotSave[]} answers
   * @param {boolean} [keepalive]
   * @returns {Promise<Reply<import("./types.js").BatchReply>>}
   */
  saveMany: (attempt, token, epoch, answers, keepalive) =>
    request("PUT", `/attempts/${id(attempt)}/answers`, { token, keepalive, body: { epoch, answers } }),

  /**
   * @param {string} attempt @param {string | null} token
   * @param {import("./types.js").SubmissionBody} body @param {boolean} [keepalive]
   * @returns {Promise<Reply<import("./types.js").Receipt>>}
   */
  submit: (attempt, token, body, keepalive) =>
    request("POST", `/attempts/${id(attempt)}/submission`, { token, keepalive, body }),

  /** @param {string} attempt @returns {Promise<Reply<import("./types.js").Result>>} */
  result: (attempt) => request("GET", `/attempts/${id(attempt)}/result`),

  /**
   * @param {string | null} attempt of one attempt only @param {string | null} after
   * @returns {Promise<Reply<{ items: import("./types.js").WrongAnswer[], next: string | null }>>}
   */
  wrongAnswers: (attempt, after) => {
    const asked = [attempt && `attempt=${id(attempt)}`, after && `after=${id(after)}`].filter(Boolean).join("&");
    return request("GET", `/me/wrong-answers${asked && `?${asked}`}`);
  },
};

/* How an attempt stands */

/** How often it is asked, so that an announcement is there within 10 s, and how often at most. */
const POLL_MS = 8000;
const POLL_LEAST_MS = 3000;

/** Asks how an attempt stands: deadline, announcements, answers, epoch. */
export class StatusPoll {
  /**
   * @param {string} attempt
   * @param {() => string | null} token
   * @param {{ hear: (status: import("./types.js").AttemptStatus) => void, takenOver: () => void }} events
   */
  constructor(attempt, token, events) {
    this.attempt = attempt;
    this.token = token;
    this.events = events;
    /** @type {string | null} */
    this.etag = null;
    this.askedAt = -POLL_LEAST_MS;
    this.due = 0;
  }

  /** Called every moment: asks when it is time, or when the clock has become uncertain. */
  tick() {
    if (performance.now() > this.due || clock.uncertain()) void this.ask();
  }

  /** Asks at once: something has happened. */
  soon() {
    this.etag = null;
    this.askedAt = -POLL_LEAST_MS;
    void this.ask();
  }

  async ask() {
    const now = performance.now();
    if (now - this.askedAt < POLL_LEAST_MS) return;
    this.askedAt = now;
    this.due = now + POLL_MS * (0.9 + Math.random() / 5);
    try {
      const etag = clock.uncertain() ? null : this.etag;
      const reply = await api.attemptStatus(this.attempt, this.token(), etag);
      if (reply.status === 304) return;
      this.etag = reply.etag;
      this.events.hear(reply.data);
    } catch (error) {
      if (isProblem(error, "attempt-taken-over")) this.events.takenOver();
      // Anything else is told by the state of saving.
    }
  }
}
