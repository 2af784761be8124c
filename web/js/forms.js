/** Forms of the officials' pages. */
import { el } from "./dom.js";

/** @typedef {import("./dom.js").Properties} Properties */

/** Characters of a password at the least. */
export const PASSWORD_MIN = 8;

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
