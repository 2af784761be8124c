import assert from "node:assert/strict";
import { test } from "node:test";
import { createClock } from "../../../web/js/api.js";
import { formatCountdown, formatInstant, formatInstantNear, formatLeft } from "../../../web/js/texts.js";

/** A phone whose steady and wall clocks are moved by hand. */
function phone() {
  const at = { steady: 1000, wall: Date.parse("2020-01-01T00:00:00Z") };
  const clock = createClock({ steady: () => at.steady, wall: () => at.wall });
  /** @param {number} ms */
  const pass = (ms) => {
    at.steady += ms;
    at.wall += ms;
  };
  return { at, clock, pass };
}

const NOON = "2026-12-01T12:00:00+08:00";

test("the server's time counts, halfway between sending and receiving", () => {
  const { at, clock, pass } = phone();
  pass(200);
  clock.sync(NOON, at.steady - 200, at.steady);
  assert.equal(clock.now(), Date.parse(NOON) + 100);
  pass(60000);
  assert.equal(clock.now(), Date.parse(NOON) + 60100);
});

test("phone clock changed: time goes on as before, and is called uncertain (surveyjs/survey-library#8509)", () => {
  const { at, clock, pass } = phone();
  clock.sync(NOON, at.steady, at.steady);
  at.wall += 3600000;
  pass(1000);
  assert.equal(clock.now(), Date.parse(NOON) + 1000);
  assert.equal(clock.uncertain(), true);
  clock.sync("2026-12-01T12:00:02+08:00", at.steady, at.steady);
  assert.equal(clock.uncertain(), false);
  assert.equal(clock.now(), Date.parse(NOON) + 2000);
});

test("a phone that slept believes the next reply, though it is slow (ls1intum/Artemis#1811)", () => {
  const { at, clock } = phone();
  clock.sync(NOON, at.steady, at.steady + 20);
  at.wall += 600000;
  assert.equal(clock.uncertain(), true);
  clock.sync("2026-12-01T12:10:00+08:00", at.steady, at.steady + 3000);
  assert.equal(clock.now() + 1500, Date.parse("2026-12-01T12:10:00+08:00"));
});

test("a slow reply that contradicts nothing does not shift the countdown", () => {
  const { at, clock, pass } = phone();
  clock.sync(NOON, at.steady, at.steady + 20);
  const before = clock.now();
  pass(4000);
  clock.sync("2026-12-01T12:00:03+08:00", at.steady - 4000, at.steady);
  assert.equal(clock.now(), before + 4000);
});

test("before the first reply what was last known of the server's time counts, and is called uncertain", () => {
  const { at, clock, pass } = phone();
  assert.deepEqual([clock.heard(), clock.uncertain()], [false, true]);
  clock.assume(3600000);
  pass(1000);
  assert.equal(clock.now(), at.wall + 3600000);
  clock.sync(NOON, at.steady, at.steady);
  assert.deepEqual([clock.heard(), clock.uncertain(), clock.now()], [true, false, Date.parse(NOON)]);
  assert.equal(clock.ahead(), Date.parse(NOON) - at.wall);
  clock.assume(0);
  assert.equal(clock.now(), Date.parse(NOON), "what the server has said is not covered by a memory");
});

test("what is not an instant changes nothing", () => {
  const { clock, at } = phone();
  clock.sync(NOON, at.steady, at.steady);
  clock.sync("soon", at.steady, at.steady);
  assert.equal(clock.now(), Date.parse(NOON));
});

test("countdown", () => {
  for (const [ms, text] of [[3600000, "1:00:00"], [3599001, "1:00:00"], [3599000, "59:59"], [61000, "01:01"], [1, "00:01"], [0, "00:00"], [-5, "00:00"]]) {
    assert.equal(formatCountdown(Number(ms)), text, String(ms));
  }
});

test("instants are Shanghai's, wherever the phone is", () => {
  assert.equal(formatInstant("2026-11-24T09:30:00Z"), "2026年11月24日 17:30");
  assert.equal(formatInstant("2026-11-24T17:05:00+08:00"), "2026年11月24日 17:05");
  assert.equal(formatInstant("2026-12-31T16:00:00Z"), "2027年1月1日 00:00");
  const now = Date.parse("2026-11-24T08:00:00Z");
  assert.equal(formatInstantNear("2026-11-24T09:30:00Z", now), "17:30");
  assert.equal(formatInstantNear("2026-11-24T16:30:00Z", now), "2026年11月25日 00:30");
});

test("what is left, in words", () => {
  for (const [minutes, text] of [[3 * 1440 + 245, "3 天 4 小时"], [1440, "1 天"], [65, "1 小时 5 分钟"], [60, "1 小时"], [59, "59 分钟"], [0.5, "不到 1 分钟"]]) {
    assert.equal(formatLeft(Number(minutes) * 60000).replace(/\u00a0/g, " "), text);
  }
});
