// What the desk says of the figures it gets, without a browser.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  DISK_LEAST_BYTES, attemptWord, isLow, keyWords, liveSentence, questionId, questionName, remedy, responseWords,
  rightShare, rulingWords, serverWords, span,
} from "../../../web/staff/js/desk-words.js";

const total = { due: 3000, not_started: 2600, answering: 250, submitted: 120, auto_submitted: 10, voided: 0, deferred: 20,
  exempt: 5, second_device: 3 };
const live = { state: "open", opens_at: "2026-11-24T09:00:00+08:00", closes_at: "2026-11-24T17:30:00+08:00", paused: null,
  total, units: [], saves_per_second: 37, answers_waiting: 0, nodes: [], kept_for_review: 0 };

test("the sentence counts who began, answers and handed in", () => {
  assert.equal(liveSentence(live), "已开始 380/3,000 人，正在答题 250 人，已交卷 130 人，缓考 20 人。");
  assert.equal(liveSentence({ ...live, total: { ...total, deferred: 0, voided: 2, not_started: 2598 } }),
    "已开始 382/3,000 人，正在答题 250 人，已交卷 130 人，作废 2 人。");
  assert.match(liveSentence({ ...live, state: "closed" }), /^已过结束时间（11月24日 17:30）：已开始 380\/3,000 人/);
  assert.equal(liveSentence({ ...live, state: "published" }), "还没开考：2026年11月24日 09:00 开考，应考 3,000 人。");
});

test("a length of time is said in its two largest units", () => {
  for (const [seconds, words] of [[0, "0 秒"], [59.6, "1 分 0 秒"], [600, "10 分 0 秒"], [750, "12 分 30 秒"],
    [3600, "1 小时 0 分"], [5400, "1 小时 30 分"], [-3, "0 秒"]]) assert.equal(span(seconds), words, String(seconds));
});

test("the servers are fine, or it says what is not, with the limit", () => {
  const node = { id: "a", answers_waiting: 0, answer_queue_rows: 8192, saves_per_second: 37,
    disk_free_bytes: 12.3 * 1024 ** 3 };
  const fine = serverWords({ ...live, nodes: [node] });
  assert.deepEqual(fine, { tone: "good", text: "1 台服务器在运行，每秒保存 37 次作答；" +
    "没有作答在排队（最多能排 8,192 条）；磁盘还剩 12.3 GB，够用（少于 2.0 GB 要清理）。" });
  assert.equal(serverWords({ ...live, nodes: [node, { ...node, disk_free_bytes: DISK_LEAST_BYTES - 1 }] }).tone, "bad");
  const busy = { ...node, answers_waiting: 5000 };
  const crowded = serverWords({ ...live, answers_waiting: 5000, nodes: [node, busy] });
  assert.equal(crowded.tone, "warn", "one server alone can be crowded");
  assert.match(crowded.text, /5,000 条作答在排队（最多能排 16,384 条），排得偏多/);
  assert.equal(serverWords(live).tone, "warn");
  assert.match(serverWords({ ...live, nodes: [{ ...node, disk_free_bytes: null }] }).text, /磁盘剩余量不详/);
});

test("answers and keys in words", () => {
  for (const [response, words] of [[["B"], "B"], [["A", "C"], "AC"], [true, "正确"], [false, "错误"], [null, "清空（不答）"],
    [[], "清空（不答）"], [["六个月", "一年"], "六个月；一年"], [["", ""], "清空（不答）"]]) {
    assert.equal(responseWords(response), words, JSON.stringify(response));
  }
  for (const [key, words] of [["a", "A"], [["a", "c"], "AC"], [true, "正确"], [[["六个月", "6个月"], ["一年"]], "六个月 或 6个月；一年"],
    [null, "—"]]) assert.equal(keyWords(key), words, JSON.stringify(key));
  assert.equal(rulingWords({ policy: "give_to_all", keys: [] }), "全体送分");
  assert.equal(rulingWords({ policy: "by_key", keys: [["a"], ["b", "c"]] }), "正确答案改为 A 或 BC");
  assert.equal(rulingWords({ policy: "by_key", keys: [] }), "按原答案");
});

const question = { question: "jilv-2023-001", version: 2, part: null, kind: "single", answered: 40, correct: 4, ruling: null };

test("a key is doubted where fewer are right than guessing would bring, with enough answers, and once", () => {
  for (const [change, low] of [[{}, true], [{ correct: 12 }, false], [{ answered: 9, correct: 0 }, false],
    [{ ruling: { policy: "give_to_all", keys: [] } }, false], [{ kind: "judgement", correct: 15 }, true],
    [{ kind: "judgement", correct: 16 }, false], [{ kind: "multiple", correct: 4 }, false],
    [{ kind: "multiple", correct: 3 }, true], [{ kind: "essay", correct: 0 }, false],
    [{ answered: 0, correct: 0 }, false]]) {
    assert.equal(isLow({ ...question, ...change }), low, JSON.stringify(change));
  }
  assert.equal(rightShare({ ...question, answered: 0 }), null);
  assert.equal(rightShare({ ...question, answered: 3, correct: 5 }), 1, "blanks are right too once it is given to all");
});

test("a part of a case is a question of its own", () => {
  assert.equal(questionId(question), "jilv-2023-001~2~");
  assert.equal(questionId({ ...question, part: 2 }), "jilv-2023-001~2~2");
  assert.equal(questionName({ ...question, part: 2 }), "jilv-2023-001 第 2 小题");
});

test("what helps a person first follows from what stands in the way", () => {
  const open = { state: "open", paused: null };
  const fine = { account_state: "active", status: "due", can_start: false, attempts: [] };
  const attempt = (state) => ({ attempt: "a", state });
  for (const [timeline, exam, expected] of [
    [{ ...fine, can_start: true }, open, null],
    [{ ...fine, account_state: "inactive" }, open, "code"],
    [{ ...fine, account_state: "disabled" }, open, "people"],
    [{ ...fine, status: "deferred" }, open, "roster"],
    [fine, { ...open, paused: { reason: "断电" } }, "resume"],
    [fine, { state: "published", paused: null }, null],
    // The exam is open and the person due: only the sign-in is left, locked after wrong passwords.
    [fine, open, "code"],
    [{ ...fine, attempts: [attempt("answering")] }, open, "code"],
    [fine, { state: "closed", paused: null }, "extend"],
    [{ ...fine, attempts: [attempt("submitted")] }, open, null],
  ]) assert.equal(remedy(timeline, exam), expected, JSON.stringify([timeline, exam]));
});

test("a void attempt says which of the two it is", () => {
  assert.equal(attemptWord({ state: "voided", voiding: "disqualified" }), "取消成绩");
  assert.equal(attemptWord({ state: "voided", voiding: "annulled" }), "作废重考");
  assert.equal(attemptWord({ state: "auto_submitted", voiding: null }), "到时自动交卷");
});
