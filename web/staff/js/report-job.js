// Takes a table away as a file: a job on the server, with progress, that can be cancelled or left.

import { apiUrl, del, get, post } from "./api.js";
import { fill, h } from "./dom.js";
import { texts } from "./texts.js";
import { failure, notice } from "./ui.js";

/** @typedef {import("./types.js").Report} Report */

const t = texts.report;
const POLL_MS = 700;

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Buttons for the three formats, and the place where the job shows how it goes.
 * @param {() => {exam: string, by: string}} scope what is seen now
 */
export function exportPanel(scope) {
  const outcome = h("div", { class: "outcome" });
  let running = "";

  /** @param {string} format */
  const run = async (format) => {
    const cancelled = { yes: false };
    const bar = h("progress", { max: 100, value: 0, "aria-label": t.progress });
    const words = h("span", null, t.queued(format));
    let id = "";
    const cancel = h("button", { type: "button", class: "button slim", onclick: async () => {
      cancelled.yes = true;
      running = "";
      fill(outcome, h("p", { role: "status" }, t.cancelled));
      if (id) await del(`/reports/${encodeURIComponent(id)}`).catch(() => undefined);
    } }, texts.common.cancel);
    fill(outcome, h("div", { class: "row", role: "status" }, words, bar, cancel));
    running = format;
    try {
      const created = /** @type {{id: string}} */ (await post("/reports", { kind: "mastery", scope: scope(), format }));
      id = created.id;
      while (!cancelled.yes) {
        const report = /** @type {Report} */ (await get(`/reports/${encodeURIComponent(id)}`));
        if (cancelled.yes) return;
        if (report.state === "done") break;
        if (report.state === "failed" || report.state === "cancelled") {
          fill(outcome, notice("bad", t.failed, h("p", null, report.failure ?? t.failedHow)));
          return;
        }
        bar.value = report.progress;
        words.textContent = t.working(format, Math.round(bar.value));
        await pause(POLL_MS);
      }
      if (cancelled.yes) return;
      const href = apiUrl(`/reports/${encodeURIComponent(id)}/file`);
      const link = h("a", { class: "button slim", href, download: "" }, t.download(format));
      fill(outcome, h("div", { class: "row", role: "status" }, h("span", null, t.done), link));
      link.click();
    } catch (error) {
      if (!cancelled.yes) fill(outcome, failure(error, { what: t.failed, retry: () => void run(format) }));
    } finally {
      if (running === format) running = "";
    }
  };

  const buttons = ["xlsx", "csv", "parquet"].map((format) => h("button", { type: "button", class: "button slim",
    onclick: () => {
      if (!running) void run(format);
    } }, t.exportAs(format)));
  return h("div", { class: "export" }, h("div", { class: "row" }, buttons), outcome);
}
