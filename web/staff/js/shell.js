// The frame of every staff page: who is here, which pages there are for them, the way out.

import { get, request } from "./api.js";
import { byId, fill, h } from "./dom.js";
import { PAGES, holds } from "./roles.js";
import { texts } from "./texts.js";
import { failure, loading, notice } from "./ui.js";

/** @typedef {import("./types.js").Me} Me */
/** @typedef {import("./roles.js").PageKey} PageKey */

/**
 * @param {Me} me
 * @param {PageKey} page
 */
function drawMasthead(me, page) {
  /** @param {string} href @param {string} title @param {string} key */
  const link = (href, title, key) => h("a", { href, "aria-current": key === page ? "page" : null }, title);
  const out = h("button", { type: "button", class: "linklike", onclick: () => void signOut(out) },
    texts.shell.signOut);
  fill(byId("masthead"), h("div", { class: "masthead" },
    h("a", { class: "brand", href: "/staff/" }, texts.shell.brand),
    h("nav", { class: "pages", "aria-label": texts.shell.navigation },
      link("/staff/", texts.pages.home, "home"),
      PAGES.filter((entry) => holds(me, entry.roles)).map((entry) =>
        link(entry.href, texts.pages[entry.key], entry.key))),
    h("div", { class: "who" }, h("span", { class: "who-name" }, me.name), out)));
}

/** @param {HTMLButtonElement} button */
async function signOut(button) {
  button.disabled = true;
  try {
    await request("DELETE", "/sessions/current");
    // The exam page of this browser lets go of whoever was signed in, at once: web/js/store.js.
    localStorage.setItem("zhijie.account", "");
    location.assign("/index.html");
  } catch (error) {
    button.disabled = false;
    byId("main").prepend(failure(error, { what: texts.shell.signOutFailed, kept: texts.shell.stillSignedIn }));
  }
}

function drawFoot() {
  const foot = document.getElementById("foot");
  if (foot) {
    fill(foot, h("p", null, texts.shell.foot, " ", h("a", { href: "/staff/api.html" }, texts.pages.api), " · ",
      h("a", { href: "/index.html" }, texts.shell.toTasks)));
  }
}

/** The page's name as a heading, for a page that has nothing else to show. */
function heading() {
  return h("h1", null, document.title.split(" · ")[0] ?? "");
}

/**
 * Starts a page: loads the account, draws the frame, refuses kindly, then lets the page draw itself into #main.
 * @param {{page: PageKey, roles?: readonly string[], draw: (main: HTMLElement, me: Me) => Promise<void> | void}} init
 */
export async function start({ page, roles, draw }) {
  const main = byId("main");
  fill(main, loading(texts.common.loading));
  /** @type {Me} */
  let me;
  try {
    me = await get("/me");
  } catch (error) {
    fill(main, heading(), failure(error, { what: texts.shell.meFailed, retry: () => location.reload() }));
    return;
  }
  drawMasthead(me, page);
  drawFoot();
  if (roles && !holds(me, roles)) {
    fill(main, heading(), notice("warn", texts.shell.notYours(rolesOf(me)),
      h("p", null, texts.shell.notYoursHow, " ", h("a", { href: "/staff/" }, texts.shell.toHome))));
    return;
  }
  try {
    await draw(main, me);
  } catch (error) {
    fill(main, heading(), failure(error, { what: texts.shell.pageFailed, retry: () => location.reload() }));
  }
}

/** The account's roles in words.
 * @param {Me} me
 */
export function rolesOf(me) {
  return me.roles.map((grant) => texts.roles[grant.role] ?? grant.role).join("、") || texts.common.none;
}
