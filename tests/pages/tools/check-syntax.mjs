// Holds the officials' pages to the syntax and CSS of Chromium 78 and iOS 12. Methods of the language itself are held
// by `lib` in tsconfig.json; here: syntax (a parser that knows ES2018 only), newer browser interfaces, CSS, HTML.
import { parse, tokenizer } from "acorn";
import { pages, read, scripts, styles } from "./files.mjs";

const SYNTAX = { ecmaVersion: 2018, sourceType: "module", locations: true };

/** Names of the browser's own that one of the two lacks, or that plain HTTP lacks. */
const NEWER_NAMES = new Set([
  "randomUUID", "structuredClone", "replaceChildren", "queueMicrotask", "globalThis", "BroadcastChannel",
  "ResizeObserver", "IntersectionObserver", "requestIdleCallback", "showModal", "checkVisibility", "inert",
  "scrollend", "ListFormat", "RelativeTimeFormat", "Segmenter", "allSettled", "fromEntries", "matchAll", "replaceAll",
  "flatMap", "locks", "serviceWorker", "PointerEvent", "onpointerdown", "pointerdown", "trimStart", "trimEnd",
]);

/** Where a newer name stands all the same, asked for before it is used. */
const GUARDED = new Set(["js/dom.js serviceWorker"]);

/** Ways to make markup or code out of data. */
const UNSAFE_NAMES = new Set(["innerHTML", "outerHTML", "insertAdjacentHTML", "eval", "Function", "DOMParser"]);

/** CSS that one of the two does not know, where not knowing it breaks the page. */
const NEWER_CSS = [
  [/@layer|@container|@scope|@property|@starting-style/, "at-rule"],
  [/:(is|where|has)\(/, "selector"],
  [/(^|[;{\s])inset(-\w+)*\s*:/, "inset"],
  [/\b(clamp|min|max|color-mix|oklch|lab|lch)\(/, "function"],
  [/\d(d|s|l)v[hw]\b/, "unit"],
  [/(^|[;{\s])aspect-ratio\s*:/, "aspect-ratio"],
  [/(^|[;{\s])(margin|padding)-(inline|block)(-start|-end)?\s*:/, "logical property"],
  [/(^|[;{\s])(place-content|place-items|place-self|content-visibility|translate|scale|rotate)\s*:/, "property"],
];

/** @type {string[]} */
const problems = [];
/** @param {string} file @param {number} line @param {string} text */
const report = (file, line, text) => problems.push(`${file}:${line}: ${text}`);

for (const file of scripts) {
  // The one newer form that both have (Chromium 63, iOS 11): a script that is loaded when it is needed.
  const text = read(file).replace(/\bimport\("/g, 'lazily("');
  try {
    parse(text, SYNTAX);
  } catch (error) {
    report(file, error.loc ? error.loc.line : 1, `newer than ES2018: ${error.message}`);
    continue;
  }
  for (const token of tokenizer(text, SYNTAX)) {
    const line = token.loc.start.line;
    const newer = token.type.label === "name" && NEWER_NAMES.has(token.value) && !GUARDED.has(`${file} ${token.value}`);
    if (newer) report(file, line, `${token.value} is too new`);
    if (token.type.label === "name" && UNSAFE_NAMES.has(token.value)) report(file, line, `${token.value} is not used here`);
    if (token.type.label === "regexp" && /\(\?<[=!]/.test(token.value.pattern)) report(file, line, "lookbehind");
  }
}

for (const file of styles) checkStyle(file, read(file));

for (const file of pages) {
  const text = read(file);
  if (/\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)/.test(text)) report(file, 1, "inline style or script (CSP)");
  if (/<dialog|<template|\binert\b/.test(text)) report(file, 1, "an element or attribute that is too new");
  if (/(src|href)="(https?:)?\/\//.test(text)) report(file, 1, "something from another site");
}

/** @param {string} file @param {string} source */
function checkStyle(file, source) {
  // Comments and strings become blanks, so that lines keep their numbers.
  const text = source.replace(/\/\*[^]*?\*\/|"[^"]*"/g, (found) => found.replace(/[^\n]/g, " "));
  text.split("\n").forEach((line, index) => {
    for (const [pattern, what] of NEWER_CSS) if (pattern.test(line)) report(file, index + 1, `too new: ${what}`);
  });
  for (const { selector, body, line } of rules(text, (at) => report(file, at, "nested rule"))) {
    const gap = /(^|[;\s])(row-|column-)?gap\s*:/.test(body);
    if (gap && !/display\s*:\s*(inline-)?grid/.test(body)) report(file, line, `gap outside a grid: ${selector}`);
    if (/position\s*:\s*sticky/.test(body) && !/-webkit-sticky/.test(body)) report(file, line, "sticky without -webkit-sticky");
    if (selector.includes(",") && selector.includes(":focus-visible")) report(file, line, "a list with :focus-visible is dropped whole");
  }
}

/**
 * The style rules; media queries are looked into, anything else inside a rule is nesting.
 *
 * @param {string} text
 * @param {(line: number) => void} onNested
 */
function* rules(text, onNested) {
  const lineAt = (/** @type {number} */ at) => text.slice(0, at).split("\n").length;
  /** @type {{ prelude: string, at: boolean, start: number }[]} */
  const open = [];
  let from = 0;
  for (const { 0: mark, index } of text.matchAll(/[{}]/g)) {
    if (mark === "{") {
      const prelude = text.slice(from, index).split(";").pop().trim();
      const parent = open[open.length - 1];
      if (parent && !parent.at) onNested(lineAt(index));
      open.push({ prelude, at: prelude.startsWith("@"), start: index + 1 });
    } else {
      const rule = open.pop();
      if (rule && !rule.at) yield { selector: rule.prelude, body: text.slice(rule.start, index), line: lineAt(rule.start) };
    }
    from = index + 1;
  }
}

for (const problem of problems) console.error(problem);
console.error(`${scripts.length} scripts, ${styles.length} style sheets, ${pages.length} pages: ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
