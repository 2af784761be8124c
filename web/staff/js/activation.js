// How many of a unit can sign in, who cannot yet, and new codes for them.

import { get, post } from "./api.js";
import { fill, h, svgFromText } from "./dom.js";
import * as f from "./format.js";
import { SINGLE_CODE, holds } from "./roles.js";
import { texts } from "./texts.js";
import { confirmIn, empty, failure, loading } from "./ui.js";
import { pageUrl } from "./url-state.js";

/** @typedef {import("./types.js").Me} Me */
/** @typedef {import("./types.js").Activations} Activations */
/** @typedef {import("./types.js").ActivationCode} ActivationCode */

const t = texts.activation;

/** A slip: who, for which unit, the login, the code as text and as a picture.
 * @param {ActivationCode} code
 */
export function slip(code) {
  const picture = svgFromText(code.qr_svg, t.qrOf(code.name));
  return h("article", { class: "slip" },
    h("div", { class: "slip-text" },
      h("p", { class: "slip-name" }, code.name, h("span", { class: "quiet" }, ` ${code.unit_name}`)),
      h("dl", null,
        h("div", null, h("dt", null, t.login), h("dd", null, code.login)),
        h("div", null, h("dt", null, t.code), h("dd", { class: "code" }, halves(code.code).map((half) => h("span", null, half)))),
        h("div", null, h("dt", null, t.until), h("dd", null, f.shortDateTime(code.expires_at)))),
      h("p", { class: "slip-how" }, t.slipHow(`${location.origin}/activate.html`))),
    picture ? h("div", { class: "slip-qr" }, picture) : h("p", { class: "slip-qr quiet" }, t.noQr));
}

/** Ten characters in two fives: easier to type from paper. The gap between them is drawn, never copied.
 * @param {string} code
 */
function halves(code) {
  return /^[0-9A-Za-z]{10}$/.test(code) ? [code.slice(0, 5), code.slice(5)] : [code];
}

/** Prints one part of the page and nothing else. @param {HTMLElement} part */
function printOnly(part) {
  const { body } = document;
  part.classList.add("print-this");
  body.classList.add("print-one");
  addEventListener("afterprint", () => {
    part.classList.remove("print-this");
    body.classList.remove("print-one");
  }, { once: true });
  window.print();
}

/**
 * Asks, then makes one new code and shows it.
 * @param {HTMLElement} place
 * @param {{account: string, name: string, activated: boolean}} who
 * @param {() => void} [done]
 */
export function askNewCode(place, who, done) {
  confirmIn(place, {
    title: t.oneTitle(who.name),
    consequences: [t.oneOld, who.activated ? t.oneActivated : null, t.oneShownOnce],
    confirm: t.oneGo, doing: t.making, what: t.failed, kept: t.failedKept,
    onconfirm: async () => {
      /** @type {ActivationCode} */
      const code = await post(`/accounts/${encodeURIComponent(who.account)}/activation-codes`);
      const shown = slip(code);
      const title = h("h2", { class: "minor", tabindex: -1 }, t.oneDone(who.name));
      fill(place, h("div", { class: "confirm", role: "status" }, title, shown, h("p", { class: "quiet" }, t.oneWrite),
        h("button", { type: "button", class: "button slim", onclick: () => printOnly(shown) }, t.printOne)));
      title.focus();
      done?.();
    },
  });
}

/** Names shown before one asks for all. */
const NAMES_FIRST = 24;

/**
 * @param {HTMLElement} place
 * @param {string} unit
 * @param {Me} me
 */
export async function activationSection(place, unit, me) {
  fill(place, loading(t.loading));
  /** @type {Activations} */
  let state;
  try {
    state = await get(`/units/${encodeURIComponent(unit)}/activations`);
  } catch (error) {
    fill(place, failure(error, { what: t.stateFailed, retry: () => void activationSection(place, unit, me) }));
    return;
  }
  if (state.registered === 0) {
    fill(place, empty(t.nobody, t.nobodyHow));
    return;
  }
  const waiting = state.items.filter((item) => !item.activated);
  const ask = h("div", null);
  const single = holds(me, SINGLE_CODE);
  const names = h("ul", { class: "names many" });
  /** @param {number} upTo */
  const drawNames = (upTo) => fill(names, waiting.slice(0, upTo).map((item) => h("li", null, item.name,
    h("span", { class: "quiet" }, ` ${item.unit_name} · `,
      item.code_expires_at ? t.codeUntil(f.shortDateTime(item.code_expires_at)) : t.noCode),
    single && h("button", { type: "button", class: "linklike tight", "aria-label": t.newCodeFor(item.name),
      onclick: () => askNewCode(ask, item) }, t.newCode))),
  waiting.length > upTo && h("li", null, h("button", { type: "button", class: "linklike tight",
    onclick: () => drawNames(waiting.length) }, t.showAll(waiting.length))));
  drawNames(NAMES_FIRST);
  fill(place,
    h("p", { class: "lead-2" }, t.sentence(state.registered, state.activated, waiting.length)),
    waiting.length > 0 && [
      h("div", { class: "row" }, h("a", { class: "button slim", href: pageUrl("slips.html", { unit }) }, t.print)),
      h("p", { class: "quiet small" }, t.printHow), ask, names,
    ]);
}
