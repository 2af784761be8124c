// Talks to /api/v1: cookies carry the session, a lapsed one is renewed once, every failure is a Problem.

import { texts } from "./texts.js";

const BASE = "/api/v1";
/** Pages of a list that are followed at most: 500 × 200 = 100,000 rows. */
const PAGES_MAX = 500;

/** A request that failed, in words for the person at the page. */
export class Problem extends Error {
  /**
   * @param {{status: number, type: string, title: string, detail?: string, requestId?: string | null,
   *   errors?: {field: string, reason: string}[], retryAfterSeconds?: number | null, uncertain?: boolean}} init
   */
  constructor(init) {
    super(init.title);
    this.status = init.status;
    this.type = init.type;
    this.title = init.title;
    this.detail = init.detail ?? "";
    this.requestId = init.requestId ?? null;
    this.errors = init.errors ?? [];
    this.retryAfterSeconds = init.retryAfterSeconds ?? null;
    /** Whether what was asked for may have been done all the same. */
    this.uncertain = init.uncertain ?? false;
    /** Whether asking for the same again can't do it twice. */
    this.repeatable = false;
  }
}

/**
 * @typedef {Record<string, string | number | boolean | null | undefined>} Params
 * @typedef {{params?: Params, body?: unknown, form?: FormData, etag?: string, signal?: AbortSignal,
 *   key?: string}} Options `key`: the Idempotency-Key of a POST that may have been sent before
 */

/** @param {Params} params */
function queryOf(params) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== null && value !== "") query.set(name, String(value));
  }
  const text = query.toString();
  return text ? `?${text}` : "";
}

/**
 * The address of an API resource, for links and images.
 * @param {string} path
 * @param {Params} [params]
 */
export function apiUrl(path, params = {}) {
  return `${BASE}${path}${queryOf(params)}`;
}

/** A random key; `crypto.randomUUID` does not exist over plain HTTP. */
export function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {string} method
 * @param {string} url
 * @param {Options} options
 * @param {string} idempotencyKey
 */
async function send(method, url, options, idempotencyKey) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  if (options.etag) headers["If-Match"] = options.etag.includes('"') ? options.etag : `"${options.etag}"`;
  if (method === "POST") headers["Idempotency-Key"] = idempotencyKey;
  const body = options.form ?? (options.body === undefined ? null : JSON.stringify(options.body));
  try {
    return await fetch(url, { method, headers, body, credentials: "same-origin", signal: options.signal ?? null });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem({
      status: 0,
      type: "network",
      title: texts.problem.network,
      detail: texts.problem.networkHow,
      uncertain: method !== "GET",
    });
  }
}

/** Answers after which a write may have happened: the server broke off, or a proxy gave up waiting for it. */
const UNCERTAIN = [500, 502, 504];

/**
 * @param {Response} response
 * @param {string} method
 * @returns {Promise<Problem>}
 */
async function problemOf(response, method) {
  /** @type {Record<string, unknown>} */
  let body = {};
  try {
    const parsed = await response.json();
    if (parsed && typeof parsed === "object") body = parsed;
  } catch {
    // A proxy's page: the status alone must do.
  }
  const retry = Number(response.headers.get("Retry-After"));
  const errors = Array.isArray(body["errors"]) ? body["errors"] : [];
  return new Problem({
    status: response.status,
    type: String(body["type"] ?? "unknown"),
    title: String(body["title"] ?? texts.problem.byStatus(response.status)),
    detail: typeof body["detail"] === "string" ? body["detail"] : "",
    requestId: typeof body["request_id"] === "string" ? body["request_id"] : response.headers.get("X-Request-Id"),
    errors: errors.map((error) => ({ field: String(error?.field ?? ""), reason: String(error?.reason ?? "") })),
    retryAfterSeconds: Number.isFinite(retry) && retry > 0 ? retry : null,
    uncertain: method !== "GET" && UNCERTAIN.includes(response.status),
  });
}

/** @type {Promise<boolean> | null} */
let renewing = null;

/** Renews the session once for all requests that wait for it. */
function renew() {
  renewing ??= fetch(`${BASE}/sessions/current/renewals`, { method: "POST", credentials: "same-origin" })
    .then((response) => response.ok, () => false)
    .finally(() => {
      renewing = null;
    });
  return renewing;
}

/** Leaves for the sign-in page, which leads back here. */
export function toSignIn() {
  const here = location.pathname + location.search;
  location.assign(`/index.html?next=${encodeURIComponent(here)}`);
}

/**
 * One request. Resolves to the response when it is a good one.
 * @param {string} method
 * @param {string} path below /api/v1, or whole when it begins with /api/
 * @param {Options} [options]
 * @returns {Promise<Response>}
 */
export async function request(method, path, options = {}) {
  const url = path.startsWith("/api/") ? path + queryOf(options.params ?? {}) : apiUrl(path, options.params);
  const key = options.key ?? randomKey();
  let response = await send(method, url, options, key);
  if (response.status === 401 && (await renew())) response = await send(method, url, options, key);
  if (response.ok) return response;
  const problem = await problemOf(response, method);
  if (problem.status === 401) toSignIn();
  throw problem;
}

/**
 * @template T
 * @param {string} method
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<T>}
 */
async function json(method, path, options) {
  const response = await request(method, path, options);
  if (response.status === 204) return /** @type {T} */ (undefined);
  const text = await response.text();
  return /** @type {T} */ (text ? JSON.parse(text) : undefined);
}

/**
 * @template T
 * @param {string} path
 * @param {Params} [params]
 * @param {AbortSignal} [signal]
 * @returns {Promise<T>}
 */
export function get(path, params = {}, signal) {
  return json("GET", path, signal ? { params, signal } : { params });
}

/**
 * @template T
 * @param {string} path
 * @param {unknown} [body]
 * @param {{etag?: string}} [options]
 * @returns {Promise<T>}
 */
export function post(path, body = {}, options = {}) {
  return json("POST", path, { body, ...options });
}

/**
 * Sends one act, as often as it takes: after an uncertain end the same body goes out under the same key, so that it is
 * done once. A clear refusal ends that, for the state that it rests on may change.
 * @returns {<T>(path: string, body?: unknown) => Promise<T>}
 */
export function onceOnly() {
  let key = randomKey();
  let sent = "";
  let uncertain = false;
  return async (path, body = {}) => {
    const wanted = JSON.stringify([path, body]);
    if (sent !== wanted) {
      key = randomKey();
      sent = wanted;
      uncertain = false;
    }
    try {
      return await json("POST", path, { body, key });
    } catch (error) {
      if (error instanceof Problem) {
        error.repeatable = true;
        uncertain ||= error.uncertain;
      }
      if (!uncertain) sent = "";
      throw error;
    }
  };
}

/**
 * @template T
 * @param {string} path
 * @param {FormData} form
 * @returns {Promise<T>}
 */
export function postForm(path, form) {
  return json("POST", path, { form });
}

/**
 * @template T
 * @param {string} path
 * @param {unknown} body
 * @param {string} etag
 * @returns {Promise<T>}
 */
export function patch(path, body, etag) {
  return json("PATCH", path, { body, etag });
}

/**
 * @template T
 * @param {string} path
 * @param {unknown} body
 * @param {string} etag
 * @returns {Promise<T>}
 */
export function put(path, body, etag) {
  return json("PUT", path, { body, etag });
}

/**
 * @template T
 * @param {string} path
 * @returns {Promise<T>}
 */
export function del(path) {
  return json("DELETE", path);
}

/**
 * A whole list, page after page.
 * @template T
 * @param {string} path
 * @param {Params} [params]
 * @returns {Promise<T[]>}
 */
export async function getAll(path, params = {}) {
  /** @type {T[]} */
  const items = [];
  /** @type {string | null} */
  let after = null;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    /** @type {{items: T[], next?: string | null}} */
    const answer = await get(path, { limit: 200, ...params, after });
    items.push(...answer.items);
    after = answer.next ?? null;
    if (!after) break;
  }
  return items;
}
