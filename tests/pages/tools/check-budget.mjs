// The exam page's budget: at most 8 modules, each named in a modulepreload link, and at most 60 KB compressed in all.
import { dirname, posix } from "node:path";
import { gzipSync } from "node:zlib";
import { read } from "./files.mjs";

const MODULES_MAX = 8;
const BYTES_MAX = 60 * 1024;
const PAGE = "exam.html";

const html = read(PAGE);
const attributes = (/** @type {RegExp} */ pattern) => Array.from(html.matchAll(pattern), (found) => found[1].replace(/^\//, ""));
const entries = attributes(/<script[^>]*\ssrc="([^"]+)"/g);
const preloads = attributes(/rel="modulepreload"[^>]*\shref="([^"]+)"/g);
const styles = attributes(/rel="stylesheet"[^>]*\shref="([^"]+)"/g);

/** @type {Set<string>} */
const modules = new Set();
/** @param {string} name */
function visit(name) {
  if (modules.has(name)) return;
  modules.add(name);
  for (const found of read(name).matchAll(/^(?:import|export)\b[^"';]*?from\s+"([^"]+)"/gm)) {
    visit(posix.join(dirname(name), found[1]));
  }
}
entries.forEach(visit);

let total = 0;
for (const name of [PAGE, ...styles, ...modules]) {
  const bytes = gzipSync(read(name), { level: 9 }).length;
  total += bytes;
  console.log(`${String(bytes).padStart(7)}  ${name}`);
}
console.log(`${String(total).padStart(7)}  in all, ${modules.size} modules (at most ${BYTES_MAX} bytes, ${MODULES_MAX} modules)`);

const missing = Array.from(modules).filter((name) => !preloads.includes(name) && !entries.includes(name));
const idle = preloads.filter((name) => !modules.has(name));
if (missing.length + idle.length > 0) console.error(`modulepreload: missing ${missing}, not needed ${idle}`);
process.exitCode = total > BYTES_MAX || modules.size > MODULES_MAX || missing.length + idle.length > 0 ? 1 : 0;
