// The practice page decides on blanks as the server's scoring does: one file of cases for both.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { blankMatches, isRight, normaliseBlank } from "../../../web/js/check.js";

const vectors = JSON.parse(readFileSync(new URL("../../../docs/blank-vectors.json", import.meta.url), "utf8"));

test("equal forms are equal", () => {
  for (const [first, ...others] of vectors.equal) {
    for (const form of others) assert.equal(normaliseBlank(form), normaliseBlank(first), `${form} and ${first}`);
  }
});

test("different answers stay different", () => {
  for (const [a, b] of vectors.different) assert.notEqual(normaliseBlank(a), normaliseBlank(b), `${a} and ${b}`);
  const first = vectors.equal.map((/** @type {string[]} */ forms) => normaliseBlank(forms[0]));
  assert.equal(new Set(first).size, first.length);
});

test("an empty text matches nothing; any accepted answer will do", () => {
  for (const text of ["", " ", "。", "《》"]) assert.equal(blankMatches(["。", ""], text), false, text);
  assert.ok(blankMatches(["六个月", "半年"], "半年") && blankMatches(["六个月"], "6 个月"));
  assert.equal(blankMatches(["六个月"], "六个月以上"), false);
});

test("numerals are read only where they are certainly one number", () => {
  for (const [text, read] of [
    ["六", "6"], ["十", "10"], ["九十九", "99"], ["一百十", "110"], ["一千零一", "1001"], ["一万零五百", "10500"],
    ["二十万零三", "200003"], ["一九九七", "1997"], ["三〇", "30"],
    ["三五", "三五"], ["一百五", "一百五"], ["万一", "万一"], ["一百零", "一百零"], ["一万亿", "一万亿"], ["零十", "零十"],
  ]) assert.equal(normaliseBlank(text), read, text);
});

test("each kind of question is decided on, an essay by nobody", () => {
  const item = (/** @type {string} */ kind, /** @type {unknown} */ key, accepted = undefined) =>
    /** @type {any} */ ({ question: { kind }, key, accepted });
  for (const [asked, response, right] of [
    [item("single", ["B"]), ["B"], true], [item("single", ["B"]), ["A"], false],
    [item("multiple", ["A", "C"]), ["C", "A"], true], [item("multiple", ["A", "C"]), ["A"], false],
    [item("judgement", false), false, true], [item("judgement", false), true, false],
    [item("blank", ["六个月"], /** @type {any} */ ([["六个月", "半年"], ["警告"]])), ["6个月", "警告"], true],
    [item("blank", ["六个月"], /** @type {any} */ ([["六个月", "半年"], ["警告"]])), ["6个月"], false],
    [item("essay", ["x"]), ["x"], null],
  ]) assert.equal(isRight(asked, response), right, JSON.stringify([asked, response]));
});

test("under a ruling any of its keys is right; where marks were given nobody says what is", () => {
  const ruled = (/** @type {unknown[]} */ keys, /** @type {unknown} */ key, kind = "single") =>
    /** @type {any} */ ({ question: { kind }, key, ruling: { policy: "by_key", keys, reason: "两个选项都对" } });
  assert.equal(isRight(ruled([["A"], ["B"]], ["A"]), ["B"]), true);
  assert.equal(isRight(ruled([["A"], ["B"]], ["A"]), ["C"]), false);
  assert.equal(isRight(ruled([true], true, "judgement"), true), true);
  assert.equal(isRight(ruled([], undefined), ["A"]), null);
});
