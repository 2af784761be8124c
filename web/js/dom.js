/**
 * Building the page: elements from values (never from HTML text), what a screen reader hears, 大字, and the few
 * things that a browser remembers.
 */
import { T } from "./texts.js";

/** @typedef {Node | string | null | undefined | false} Child */
/** @typedef {{ [name: string]: unknown }} Properties */

/**
 * Makes an element. `class`, `text`, `on` (listeners) and `style` (through CSSOM) are special; true and false switch
 * an attribute; everything else is an attribute.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Properties | null} [properties]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") element.className = String(value);
    else if (name === "text") element.textContent = String(value);
    else if (name === "on") listen(element, /** @type {{ [type: string]: EventListener }} */ (value));
    else if (name === "style") Object.assign(element.style, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

/**
 * @param {Element} element
 * @param {{ [type: string]: EventListener }} listeners
 */
function listen(element, listeners) {
  for (const [type, listener] of Object.entries(listeners)) element.addEventListener(type, listener);
}

/**
 * @param {Element} element
 * @param {Child[]} children
 */
function append(element, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child);
  }
}

/**
 * Puts new children in place of all old ones.
 *
 * @param {Element} element
 * @param {...Child} children
 */
export function fill(element, ...children) {
  element.textContent = "";
  append(element, children);
}

/**
 * An element of the page's own HTML, which must be there.
 *
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`#${id} is missing from the page`);
  return element;
}

/**
 * Text with line breaks, a paragraph for each line.
 *
 * @param {string} text
 * @param {string} [className]
 * @returns {HTMLElement[]}
 */
export function paragraphs(text, className) {
  return text
    .split(/\n+/)
    .filter((line) => line.trim() !== "")
    .map((line) => el("p", { class: className, text: line }));
}

/** @param {string} text @param {() => void} click @param {string} [className] */
export function button(text, click, className = "button block") {
  return el("button", { class: className, type: "button", text, on: { click } });
}

/** @param {string} text @param {string} href @param {string} [className] */
export function link(text, href, className = "button block") {
  return el("a", { class: className, href, text });
}

/**
 * Names and values, as a list.
 *
 * @param {[string, Child][]} pairs
 * @returns {HTMLElement}
 */
export function facts(pairs) {
  const rows = pairs
    .filter(([, value]) => value !== null && value !== undefined && value !== false && value !== "")
    .map(([name, value]) => el("div", null, el("dt", { text: name }), el("dd", null, value)));
  return el("dl", { class: "facts" }, ...rows);
}

/**
 * Shows a view in the main part of the page and moves focus to its heading, so that a screen reader starts there.
 *
 * @param {Child[]} children
 * @param {{ title?: string, focus?: boolean }} [options]
 */
export function show(children, options = {}) {
  const main = byId("main");
  fill(main, ...children);
  main.removeAttribute("aria-busy");
  if (options.title) document.title = T.documentTitle(options.title);
  window.scrollTo(0, 0);
  const heading = main.querySelector("h1");
  if (options.focus !== false && heading instanceof HTMLElement) focusOn(heading);
}

/**
 * @param {HTMLElement} element
 */
export function focusOn(element) {
  if (!element.hasAttribute("tabindex")) element.setAttribute("tabindex", "-1");
  element.focus({ preventScroll: true });
}

/**
 * Says something to a screen reader. `urgent` interrupts.
 *
 * @param {string} text
 * @param {boolean} [urgent]
 */
export function announce(text, urgent = false) {
  const id = urgent ? "live-urgent" : "live";
  let region = document.getElementById(id);
  if (!region) {
    region = el("div", { id, class: "sr-only", "aria-live": urgent ? "assertive" : "polite" });
    document.body.append(region);
  }
  // The same words twice must be a change, or they are not read again.
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}

/**
 * What went wrong, whether anything was lost, what to do, and the number to quote.
 *
 * @param {unknown} error
 * @param {string} [lost]
 * @returns {HTMLElement}
 */
export function errorNotice(error, lost) {
  const { title, detail, reasons, requestId } = describe(error);
  return el(
    "div",
    { class: "notice bad", role: "alert" },
    el("p", null, el("strong", { text: title })),
    detail && el("p", { text: detail }),
    reasons.length > 0 && el("ul", null, ...reasons.map((text) => el("li", { text }))),
    lost && el("p", { text: lost }),
    requestId && el("p", { class: "small quiet", text: T.requestId(requestId) }),
  );
}

/**
 * @param {unknown} error
 * @returns {{ title: string, detail: string, reasons: string[], requestId: string }}
 */
function describe(error) {
  const known = /** @type {{ title?: string, detail?: string, errors?: { reason: string }[], requestId?: string }} */ (
    error || {}
  );
  if (typeof known.title !== "string") {
    return { title: T.unexpected, detail: T.unexpectedDetail, reasons: [], requestId: "" };
  }
  const reasons = (known.errors || []).map((entry) => entry.reason).filter((text) => text !== known.detail);
  return {
    title: known.title,
    detail: reasons.length > 0 ? "" : known.detail || "",
    reasons,
    requestId: known.requestId || "",
  };
}

/**
 * A labelled input with a place for its error.
 *
 * @param {{ id: string, label: string, hint?: string, input: Properties }} field
 * @returns {{ node: HTMLElement, input: HTMLInputElement, fail: (reason: string | null) => void }}
 */
export function field({ id, label, hint, input }) {
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const control = el("input", {
    class: "input",
    id,
    name: id,
    "aria-describedby": hint ? `${hintId} ${errorId}` : errorId,
    ...input,
  });
  const error = el("p", { class: "error", id: errorId, hidden: true });
  const node = el(
    "div",
    { class: "field" },
    el("label", { for: id, text: label }),
    hint && el("p", { class: "hint", id: hintId, text: hint }),
    control,
    error,
  );
  return {
    node,
    input: control,
    fail(reason) {
      error.textContent = reason || "";
      error.hidden = reason === null;
      if (reason === null) control.removeAttribute("aria-invalid");
      else control.setAttribute("aria-invalid", "true");
    },
  };
}

/* What the browser remembers. It may refuse to (private mode, full): then it forgets, and nothing else happens. */

/**
 * @param {string} key
 * @returns {string | null}
 */
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

/* 大字 */

/** @param {boolean} on */
function setLarge(on) {
  document.documentElement.classList.toggle("large", on);
}

setLarge(recall("large") === "1");

/**
 * The 大字 switch.
 *
 * @returns {HTMLButtonElement}
 */
export function largeSwitch() {
  const button = el("button", {
    class: "button slim",
    type: "button",
    "aria-pressed": String(recall("large") === "1"),
    text: T.large,
    on: {
      click() {
        const on = !document.documentElement.classList.contains("large");
        setLarge(on);
        remember("large", on ? "1" : null);
        button.setAttribute("aria-pressed", String(on));
      },
    },
  });
  return button;
}

/**
 * The head of a page: the name, 大字, and links.
 *
 * @param {...Child} links
 */
export function masthead(...links) {
  fill(
    byId("masthead"),
    el("a", { class: "brand", href: "/index.html", text: T.product }),
    el("nav", { "aria-label": T.nav }, ...links, largeSwitch()),
  );
}
