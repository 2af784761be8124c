// 开通码: new codes for those of a unit who cannot sign in yet, as slips to print and cut: a PDF, or on this page. Codes
// are shown only now.

import { get, post, request } from "./api.js";
import { slip } from "./activation.js";
import { fill, h } from "./dom.js";
import * as f from "./format.js";
import { UNIT, scopeOf } from "./roles.js";
import { start } from "./shell.js";
import { texts } from "./texts.js";
import { busy, empty, failure } from "./ui.js";
import { loadUnits, unitPicker } from "./units.js";
import { pageUrl, param, setParams } from "./url-state.js";

/** @typedef {import("./types.js").Activations} Activations */
/** @typedef {import("./types.js").ActivationCode} ActivationCode */

const t = texts.slips;

/**
 * @param {HTMLElement} body
 * @param {string} unit
 * @param {string} name
 * @param {() => void} lock called once codes are on the page: choosing another unit would lose them
 */
async function draw(body, unit, name, lock) {
  /** @type {Activations} */
  const state = await get(`/units/${encodeURIComponent(unit)}/activations`);
  const waiting = state.items.filter((item) => !item.activated);
  const held = waiting.filter((item) => item.code_expires_at).length;
  if (state.registered === 0) return fill(body, empty(texts.activation.nobody, texts.activation.nobodyHow));
  if (waiting.length === 0) return fill(body, empty(t.allDone(name, state.registered), t.allDoneHow));
  const outcome = h("div", null);
  /** @param {unknown} error */
  const failed = (error) =>
    fill(outcome, failure(error, { what: texts.activation.failed, kept: texts.activation.failedKept }));
  const file = h("button", { type: "button", class: "button primary", onclick: () => void busy(file, t.making,
    async () => {
      try {
        const response = await request("POST", `/units/${encodeURIComponent(unit)}/activation-slips`,
          { body: { only_missing: true } });
        drawFile(body, unit, name, await response.blob(), response.headers);
        lock();
      } catch (error) {
        failed(error);
      }
    }) }, t.makeFile(waiting.length));
  const make = h("button", { type: "button", class: "button", onclick: () => void busy(make, t.making,
    async () => {
      try {
        /** @type {{items: ActivationCode[]}} */
        const { items } = await post(`/units/${encodeURIComponent(unit)}/activation-codes`, { only_missing: true });
        drawSlips(body, unit, name, items);
        if (items.length > 0) lock();
      } catch (error) {
        failed(error);
      }
    }) }, t.make(waiting.length));
  fill(body, h("p", { class: "lead" }, t.lead(name, state.registered, waiting.length)),
    h("ul", null, h("li", null, t.once), held > 0 && h("li", null, t.oldEnd(held)), h("li", null, t.handOut)),
    outcome, h("div", { class: "row" }, file, make));
}

/**
 * The slips as a file. It is kept by this page only, and saved at once.
 * @param {HTMLElement} body
 * @param {string} unit
 * @param {string} name
 * @param {Blob} pdf
 * @param {Headers} headers
 */
function drawFile(body, unit, name, pdf, headers) {
  const count = Number(headers.get("X-Slips"));
  const lacking = decodeURIComponent(headers.get("X-Lacking") ?? "");
  const save = h("a", { class: "button primary", href: URL.createObjectURL(pdf), download: t.fileName(name) }, t.save);
  fill(body,
    h("p", { class: "lead", role: "status" }, t.madeFile(count)),
    h("p", { class: "notice warn" }, t.fileOnly),
    lacking && h("p", { class: "notice warn" }, t.lacking([...lacking].join(" "))),
    h("div", { class: "row" }, save, h("a", { class: "button", href: pageUrl("unit.html", { unit }) }, t.back)));
  save.focus();
  save.click();
}

/**
 * @param {HTMLElement} body
 * @param {string} unit
 * @param {string} name
 * @param {ActivationCode[]} codes
 */
function drawSlips(body, unit, name, codes) {
  if (codes.length === 0) {
    fill(body, empty(t.nothing, t.allDoneHow));
    return;
  }
  const until = codes[0]?.expires_at;
  const print = h("button", { type: "button", class: "button primary", onclick: () => window.print() }, t.print);
  fill(body,
    h("div", { class: "no-print" }, h("p", { class: "lead", role: "status" }, t.made(codes.length, f.dateTime(until))),
      h("p", { class: "notice warn" }, t.nowOnly),
      h("div", { class: "row" }, print, h("a", { class: "button", href: pageUrl("unit.html", { unit }) }, t.back))),
    h("p", { class: "print-only" }, t.printHead(name, codes.length, f.dateTime(Date.now()))),
    h("div", { class: "slips" }, codes.map(slip)));
  print.focus();
  // Leaving loses the codes: the browser asks first.
  addEventListener("beforeunload", (event) => event.preventDefault());
}

void start({
  page: "slips",
  roles: UNIT,
  async draw(main, me) {
    const tree = await loadUnits();
    const allowed = tree.within(scopeOf(me, UNIT));
    const [first] = allowed;
    if (!first) return fill(main, h("h1", null, t.heading), empty(texts.unit.noUnits, texts.unit.noUnitsHow));
    const body = h("div", null);
    const controls = h("div", { class: "controls no-print" });
    const show = () => {
      const unit = allowed.has(param("unit")) ? param("unit") : first;
      void draw(body, unit, tree.name(unit), () => controls.remove()).catch((error) =>
        fill(body, failure(error, { what: texts.activation.stateFailed, retry: show })));
    };
    fill(controls, unitPicker(tree, { value: param("unit") || first, allowed, label: texts.unit.unit,
      onchange: (unit) => {
        setParams({ unit });
        show();
      } }));
    fill(main, h("h1", { class: "no-print" }, t.heading), controls, body);
    show();
  },
});
