// What the staff pages compute, without a browser: `node --test web/staff/tests/`.

import assert from "node:assert/strict";
import { test } from "node:test";

import { compress, expand, peopleIn } from "../../../web/staff/js/audience.js";
import { sentence } from "../../../web/staff/js/figures.js";
import * as f from "../../../web/staff/js/format.js";
import { groupText } from "../../../web/staff/js/missing.js";
import { parseBands } from "../../../web/staff/js/rules-form.js";
import { UnitTree } from "../../../web/staff/js/units.js";

const unit = (id, parent, people) => ({ id, code: id, name: id.toUpperCase(), parent, groups: [], people });
// 区 → 镇 (a, with two villages) and 局 (b); `people` counts those below too.
const tree = new UnitTree([unit("top", null, 40), unit("a", "top", 25), unit("a1", "a", 10), unit("a2", "a", 5),
  unit("b", "top", 11)]);

test("a share never rounds up to the whole nor down to nothing", () => {
  for (const [share, words] of [[0, "0.0%"], [1, "100.0%"], [0.9996, "99.9%"], [0.0004, "0.1%"], [0.8214, "82.1%"],
    [5 / 7, "71.4%"], [null, "—"], [undefined, "—"]]) {
    assert.equal(f.percent(share), words, String(share));
  }
});

test("an interval is printed with its ends", () => {
  assert.equal(f.interval(0.821, 0.789, 0.85), "82.1%（78.9–85.0）");
  assert.equal(f.interval(null, null, null), "—");
  assert.equal(f.interval(0.5, null, null), "50.0%");
});

test("hours are those of Beijing, whatever the offset that is sent", () => {
  for (const instant of ["2026-11-24T17:30:00+08:00", "2026-11-24T09:30:00Z", "2026-11-24T04:30:00-05:00"]) {
    assert.equal(f.dateTime(instant), "2026年11月24日 17:30");
    assert.equal(f.fromLocalInput(f.toLocalInput(instant)), "2026-11-24T17:30:00+08:00");
  }
  assert.equal(f.date("2026-01-05"), "2026年1月5日");
});

test("an audience goes to single units and back", () => {
  for (const units of [
    [{ unit: "top", subtree: true }],
    [{ unit: "a", subtree: true }],
    [{ unit: "a", subtree: false }, { unit: "a2", subtree: true }],
    [{ unit: "a1", subtree: true }, { unit: "b", subtree: true }],
    [],
  ]) {
    assert.deepEqual(compress(tree, expand(tree, units)), units);
  }
  assert.deepEqual(compress(tree, expand(tree, [{ unit: "top" }])), [{ unit: "top", subtree: true }],
    "a subtree unless said otherwise");
  assert.deepEqual([...expand(tree, [{ unit: "gone" }])], [], "a unit that is no more is left out");
});

test("people are counted once, though a unit's number holds its subunits", () => {
  for (const [units, people] of [[["top", "a", "a1", "a2", "b"], 40], [["a"], 10], [["a", "a1", "a2"], 25],
    [["a1", "b"], 21], [[], 0]]) {
    assert.equal(peopleIn(tree, new Set(units)), people, units.join());
  }
});

test("what joins several scopes at the top is not within them", () => {
  assert.deepEqual([...tree.within(["a", "b", "elsewhere"])], ["a", "a1", "a2", "b"]);
});

test("bands are read as people write them, the highest first", () => {
  const expected = [{ from: 90, name: "优秀" }, { from: 80, name: "良好" }];
  for (const text of ["90 优秀，80 良好", "80良好;90 优秀", "90分优秀, 80 分 良好", "90 优秀\n80 良好"]) {
    assert.deepEqual(parseBands(text), expected, text);
  }
  assert.deepEqual(parseBands(""), []);
  assert.deepEqual(parseBands("59.5 合格"), [{ from: 59.5, name: "合格" }]);
  for (const text of ["优秀", "优秀 90", "90", "90 优秀，良好"]) assert.equal(parseBands(text), null, text);
});

const exam = { id: "e 1", title: "季度测试", state: "open", opens_at: "2026-11-24T09:00:00+08:00",
  closes_at: "2026-11-27T17:30:00+08:00", duration_seconds: 3600 };
const progress = { registered: 43, exempt: 1, due: 42, in_progress: 2, taken: 30, deferred: 1, absent: 0, missing: 11 };
const total = { due: 42, taken: 30, passed: 28, participation: 30 / 42, pass_of_taken: 28 / 30, pass_of_due: 28 / 42,
  suppressed: false };

test("the sentence names both denominators, and its counts add up", () => {
  assert.equal(sentence(exam, progress, total), "应考 42 人，已考 30 人，未考 11 人，缓考 1 人；" +
    "参考率 71.4%（30/42）；合格率按实考 93.3%（28/30），按应考 66.7%（28/42）。");
  assert.match(sentence({ ...exam, state: "closed" }, { ...progress, absent: 9, missing: 2 }, total),
    /^应考 42 人，实考 30 人，缺考 11 人，缓考 1 人；/);
  assert.equal(sentence(exam, { ...progress, taken: 0, missing: 41 }, total),
    "应考 42 人，已考 0 人，未考 41 人，缓考 1 人；还没有人交卷。");
  assert.equal(sentence({ ...exam, state: "published" }, progress, total), "应考 42 人，2026年11月24日 09:00 开考。");
});

test("a small unit gets counts and no rates", () => {
  const words = sentence(exam, { ...progress, due: 3, taken: 2, missing: 1, deferred: 0 },
    { ...total, suppressed: true });
  assert.equal(words, "应考 3 人，已考 2 人，未考 1 人；人数不足 5，不显示比率。");
});

test("the text for the work group has names by unit, deadline and link", () => {
  globalThis.location = /** @type {Location} */ ({ origin: "http://10.0.0.1" });
  const person = (name, unitName) => ({ person: name, name, unit: unitName, unit_name: unitName, rank: "", state: "" });
  const text = groupText(exam, [person("张三", "办公室"), person("李四", "社区"), person("王五", "办公室")],
    Date.parse("2026-11-26T01:05:00Z"));
  assert.deepEqual(text.split("\n"), [
    "【季度测试】截至 11月26日 09:05，以下 3 位同志还没有交卷：",
    "办公室（2人）：张三、王五",
    "社区（1人）：李四",
    "请于 11月27日 17:30 前完成，答题时长 60 分钟，请留足时间。",
    "答题入口：http://10.0.0.1/exam.html?exam=e%201",
  ]);
});
