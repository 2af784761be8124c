// Every page names all of its modules in modulepreload links, so that they come at once and not one after the other.
// The exam page's budget: at most 8 modules, and at most 60 KB compressed in all.
import { dirname, posix } from "node:path";
import { gzipSync } from "node:zlib";
import { pages, read } from "./files.mjs";

const MODULES_MAX = 8;
const BYTES_MAX = 60 * 1024;
const LINES_MAX = 400;
const EXAM = "exam.html";

/** @param {string} name @param {Set<string>} seen */
function visit(name, seen) {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const found of read(name).matchAll(/^(?:import|export)\b[^"';]*?from\s+"([^"]+)"/gm)) {
    visit(posix.join(dirname(name), found[1]), seen);
  }
  return seen;
}

/** What a module loads when it is needed. @param {string} name */
function lazily(name) {
  return Array.from(read(name).matchAll(/\bimport\("([^"]+)"\)\.then/g), (found) => posix.join(dirname(name), found[1]));
}

let failed = false;
/** @param {string} text */
const fail = (text) => {
  failed = true;
  console.error(text);
};

for (const page of pages) {
  const html = read(page);
  const attributes = (/** @type {RegExp} */ pattern) => Array.from(html.matchAll(pattern), (found) => found[1].replace(/^\//, ""));
  const entries = attributes(/<script[^>]*\ssrc="([^"]+)"/g);
  const preloads = attributes(/rel="modulepreload"[^>]*\shref="([^"]+)"/g);
  const styles = attributes(/rel="stylesheet"[^>]*\shref="([^"]+)"/g);
  /** @type {Set<string>} */
  const modules = new Set();
  for (const entry of entries) visit(entry, modules);

  // They count in bytes, not as modules: the page is ready without them.
  const later = Array.from(modules).flatMap(lazily);
  const sizes = [page, ...styles, ...modules, ...later].map((name) => ({ name, bytes: gzipSync(read(name), { level: 9 }).length }));
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  console.log(`${String(total).padStart(7)}  ${page}, ${modules.size} modules`);
  if (page === EXAM) {
    for (const { name, bytes } of sizes) console.log(`${String(bytes).padStart(15)}  ${name}`);
    if (total > BYTES_MAX || modules.size > MODULES_MAX) fail(`${page}: over ${BYTES_MAX} bytes or ${MODULES_MAX} modules`);
  }
  const missing = Array.from(modules).filter((name) => !preloads.includes(name) && !entries.includes(name));
  const idle = preloads.filter((name) => !modules.has(name));
  if (missing.length + idle.length > 0) fail(`${page}: modulepreload: missing ${missing}, not needed ${idle}`);
  for (const name of [...modules, ...later]) {
    const lines = read(name).trimEnd().split("\n").length;
    if (lines > LINES_MAX) fail(`${name}: ${lines} lines, at most ${LINES_MAX}`);
  }
}
process.exitCode = failed ? 1 : 0;
