// An interval drawn as a whisker: a line from low to high, a dot at the estimate, on a scale from 0 to 1.

import { svg } from "./dom.js";

const WIDTH = 160;
const HEIGHT = 20;
const PAD = 6;

/**
 * Decorative: the figures stand beside it in words.
 * @param {number | null} value
 * @param {number | null} low
 * @param {number | null} high
 */
export function whisker(value, low, high) {
  /** @param {number} share */
  const x = (share) => Math.round((PAD + share * (WIDTH - 2 * PAD)) * 10) / 10;
  const middle = HEIGHT / 2;
  /** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 @param {string} cls */
  const line = (x1, y1, x2, y2, cls) => svg("line", { x1, y1, x2, y2, class: cls });
  const parts = [
    line(x(0), middle, x(1), middle, "w-axis"),
    ...[0, 0.5, 1].map((at) => line(x(at), middle - 4, x(at), middle + 4, "w-tick")),
  ];
  if (value !== null && low !== null && high !== null) {
    parts.push(
      line(x(low), middle, x(high), middle, "w-line"),
      line(x(low), middle - 4, x(low), middle + 4, "w-line"),
      line(x(high), middle - 4, x(high), middle + 4, "w-line"),
    );
  }
  if (value !== null) parts.push(svg("circle", { cx: x(value), cy: middle, r: 3.5, class: "w-dot" }));
  return svg("svg", {
    class: "whisker", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, "aria-hidden": "true",
    focusable: "false",
  }, ...parts);
}
