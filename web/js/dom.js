/**
 * Building the page: elements from values (never from HTML text), what a screen reader hears, the frames of pages,
 * 大字, and the few things that a page asks of its browser.
 */
import { recall, remember } from "./store.js";
import { formatCountdown, saveText, T } from "./texts.js";

/** From here on the countdown of a sitting is amber. */
const SOON_MS = 5 * 60000;

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

/**
 * The frame of a sitting: a thin bar on top, three buttons under the thumb.
 *
 * @param {{ previous: () => void, card: () => void, next: () => void }} events
 */
export function sittingFrame(events) {
  const where = el("p", { class: "bar-where" });
  const timer = el("p", { class: "bar-clock", role: "timer" });
  const saving = el("p", { class: "bar-save" });
  const progress = el("span");
  const previous = button(T.exam.previous, events.previous, "button");
  const card = button("", events.card, "button card-button");
  const next = button("", events.next, "button primary");
  let timerText = "";
  let stripSignature = "";
  const bar = byId("bar");
  fill(
    bar,
    el("div", { class: "bar-row" }, where, largeSwitch(), timer),
    saving,
    el("div", { class: "bar-progress", "aria-hidden": "true" }, progress),
  );
  fill(byId("foot"), previous, card, next);
  bar.hidden = false;
  byId("masthead").hidden = true;
  document.body.classList.add("sitting");
  return {
    /** @param {number} position @param {number} count */
    where(position, count) {
      where.textContent = T.exam.where(position, count);
      previous.disabled = position === 1;
      next.textContent = position < count ? T.exam.next : T.exam.finish;
    },

    /** @param {number} answered @param {number} count */
    answered(answered, count) {
      card.textContent = T.exam.sheet(answered, count);
      progress.style.width = `${(100 * answered) / count}%`;
    },

    /** @param {import("./types.js").SaveState} state */
    saving(state) {
      const text = saveText(state);
      const calm = state.kind === "saving" || state.kind === "idle";
      if (saving.textContent !== text && !calm) announce(text);
      saving.textContent = text;
      saving.className = `bar-save ${state.refused.length > 0 ? "refused" : state.kind}`;
    },

    /** What is said above the question. Rebuilt only on a change: a strip may hold the focus. @param {Child[]} strips */
    strips(strips) {
      const signature = strips.map((strip) => (strip instanceof Node ? strip.textContent : "")).join("\n");
      if (signature === stripSignature) return;
      stripSignature = signature;
      fill(byId("strips"), ...strips);
    },

    /** @param {number} left milliseconds @param {boolean} uncertain */
    time(left, uncertain) {
      const word = uncertain ? T.exam.about : T.exam.remaining;
      const text = formatCountdown(left);
      timer.className = left <= SOON_MS ? "bar-clock soon" : "bar-clock";
      if (timerText === word + text) return;
      timerText = word + text;
      fill(timer, el("span", { class: "bar-clock-word", text: word }), ` ${text}`);
    },
  };
}

/** The page outside a sitting: the head instead of bar and foot. */
export function quietFrame() {
  byId("bar").hidden = true;
  byId("foot").hidden = true;
  byId("masthead").hidden = false;
  fill(byId("strips"));
  document.body.classList.remove("sitting");
}

/* What a page asks of its browser */

/** An opaque name of this phone. `crypto.randomUUID` does not exist over plain HTTP. */
export function deviceId() {
  const known = recall("device");
  if (known) return known;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const made = Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
  remember("device", made);
  return made;
}

/**
 * Listens until the function that is returned is called.
 *
 * @param {EventTarget} target @param {string} type @param {(event: Event) => void} listener
 * @returns {() => void}
 */
export function on(target, type, listener) {
  target.addEventListener(type, listener);
  return () => target.removeEventListener(type, listener);
}

/**
 * Listens for what another tab of this phone writes. A storage event reaches every tab but the writer's own.
 *
 * @param {string} key
 * @param {(value: string | null) => void} changed
 * @returns {() => void} stops listening
 */
export function onOtherTab(key, changed) {
  return on(window, "storage", (event) => {
    const { key: written, newValue } = /** @type {StorageEvent} */ (event);
    if (written === `zhijie.${key}`) changed(newValue);
  });
}

/** Lets the pages load off line from now on, where the browser can: over HTTPS and on localhost. */
export function keepShell() {
  if (navigator.serviceWorker) navigator.serviceWorker.register("/sw.js").catch(() => undefined);
}
