/**
 * Notices (通知) on 我的任务: marks that changed, an attempt voided or reopened. Unread ones first; one tap says 知道了.
 */
import { request } from "./api.js";
import { announce, button, el, errorNotice, fill, focusOn, link } from "./dom.js";
import { P } from "./texts-pages.js";
import { formatInstant } from "./texts.js";

/** @typedef {import("./types.js").Notice} Notice */

/** Kinds after which the result is another one, and the one after which the test goes on. */
const RESULT_KINDS = ["score_changed", "kept_answer"];
const GOES_ON = "reopened";

/** @returns {Promise<Notice[]>} the newest first */
function load() {
  return request("GET", "/me/notices").then((reply) => reply.data.items);
}

/** @param {Notice} notice @returns {HTMLElement | null} the way to what it is about */
function wayTo(notice) {
  if (RESULT_KINDS.includes(notice.kind) && notice.attempt) {
    return link(P.notices.result, `/result.html?attempt=${encodeURIComponent(notice.attempt)}`);
  }
  if (notice.kind === GOES_ON) return link(P.notices.goOn, `/exam.html?exam=${encodeURIComponent(notice.exam)}`);
  return null;
}

/** @param {Notice} notice @param {() => void} onRead */
function unreadCard(notice, onRead) {
  const problem = el("div");
  const read = button(P.notices.read, () => {
    read.disabled = true;
    request("POST", `/me/notices/${encodeURIComponent(notice.id)}/reading`).then(onRead, (error) => {
      read.disabled = false;
      fill(problem, errorNotice(error));
    });
  });
  return el(
    "li",
    { class: "notice warn" },
    el("p", { text: notice.text }),
    el("p", { class: "small quiet", text: formatInstant(notice.at) }),
    problem,
    el("div", { class: "row" }, read, wayTo(notice)),
  );
}

/** @param {Notice[]} notices */
function earlier(notices) {
  if (notices.length === 0) return null;
  const items = notices.map((notice) =>
    el("li", null, el("p", { text: notice.text }), el("p", { class: "small quiet", text: formatInstant(notice.at) })),
  );
  return el("details", null, el("summary", { text: P.notices.earlier(notices.length) }), el("ul", null, ...items));
}

/**
 * Loads the notices and shows them. Without any, nothing shows; where they cannot be had, a line says so and the rest of
 * the page stands.
 *
 * @param {HTMLElement} place
 */
export async function showNotices(place) {
  /** @type {Notice[]} */
  let notices;
  try {
    notices = await load();
  } catch (error) {
    fill(place, el("p", { class: "small quiet", text: P.notices.failed }));
    return;
  }
  const heading = el("h2", { text: P.notices.title });
  const draw = () => {
    const unread = notices.filter((notice) => !notice.read);
    const read = notices.filter((notice) => notice.read);
    const cards = unread.map((notice) =>
      unreadCard(notice, () => {
        notices = notices.map((each) => (each.id === notice.id ? { ...each, read: true } : each));
        draw();
        announce(P.notices.done);
        focusOn(heading);
      }),
    );
    fill(
      place,
      notices.length > 0 && heading,
      cards.length > 0 && el("ul", { class: "cards" }, ...cards),
      earlier(read),
    );
  };
  draw();
}
