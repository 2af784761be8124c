import assert from "node:assert/strict";
import { test } from "node:test";
import { NetworkError, Problem } from "../../../web/js/api.js";
import { Outbox } from "../../../web/js/outbox.js";
import { leftovers, memoryStore, newest } from "../../../web/js/store.js";

/** @typedef {import("../../../web/js/types.js").SlotSave} SlotSave */

const DEADLINE = "2026-12-01T10:00:00+08:00";

/** A disk that survives the page. */
function disk() {
  return { ...memoryStore(), durable: true };
}

/** @param {string} type @param {number} status @param {object} [more] */
const problem = (type, status, more = {}) => new Problem(status, { type, title: type, ...more }, 0);

/**
 * A server after the contract: order is (epoch, revision). `fail` holds errors for the next requests.
 */
function server() {
  const answers = new Map();
  const self = {
    epoch: 1,
    state: "answering",
    answers,
    /** @type {unknown[]} */
    fail: [],
    /** Errors after the work was done: the reply is lost. */
    /** @type {unknown[]} */
    lose: [],
    /** @type {SlotSave[]} */
    review: [],
    /** @type {string[]} */
    requests: [],
    batchResponse: true,
    /** @param {string} name */
    enter(name) {
      self.requests.push(name);
      const error = self.fail.shift();
      if (error) throw error;
    },
    /** @template D @param {D} data */
    reply(data) {
      const error = self.lose.shift();
      if (error) throw error;
      return { status: 200, data: { ...data, deadline: DEADLINE, server_now: DEADLINE }, etag: null };
    },
    /** @param {number} epoch @param {SlotSave} save */
    decide(epoch, save) {
      const held = answers.get(save.slot);
      const same = held && JSON.stringify([held.epoch, held.revision, held.response]) === JSON.stringify([epoch, save.revision, save.response]);
      if (same) return { outcome: "stored", revision: save.revision, response: save.response };
      if (self.state !== "answering") {
        self.review.push(save);
        throw problem("attempt-closed", 409, { kept_for_review: true });
      }
      if (held && (held.epoch > epoch || (held.epoch === epoch && held.revision >= save.revision))) {
        return { outcome: "superseded", revision: held.revision, response: held.response };
      }
      answers.set(save.slot, { epoch, revision: save.revision, response: save.response });
      return { outcome: "stored", revision: save.revision, response: save.response };
    },
    transport: {
      /** @param {string} _attempt @param {string | null} token @param {number} epoch @param {SlotSave} save */
      async saveOne(_attempt, token, epoch, save) {
        self.enter(`one ${token} ${save.slot}`);
        return self.reply({ ...self.decide(epoch, save), saved_at: DEADLINE });
      },
      /** @param {string} _attempt @param {string | null} token @param {number} epoch @param {SlotSave[]} saves */
      async saveMany(_attempt, token, epoch, saves) {
        self.enter(`many ${token} ${saves.map((save) => save.slot)}`);
        const outcomes = saves.map((save) => {
          const { response, ...rest } = self.decide(epoch, save);
          return self.batchResponse ? { slot: save.slot, response, ...rest } : { slot: save.slot, ...rest };
        });
        return self.reply({ outcomes });
      },
      /** @param {string} _attempt @param {string | null} _token @param {import("../../../web/js/types.js").SubmissionBody} body */
      async submit(_attempt, _token, body) {
        self.enter(`submit ${body.answers.map((save) => save.slot)}`);
        if (self.state === "answering") {
          if (body.epoch < self.epoch) throw problem("attempt-taken-over", 409);
          for (const save of body.answers) self.decide(body.epoch, save);
          const missing = Object.entries(body.revisions).filter(([slot, revision]) => {
            const held = answers.get(Number(slot));
            return revision > 0 && !(held && (held.epoch > body.epoch || held.revision >= revision));
          });
          if (missing.length > 0) throw problem("answers-missing", 409);
          self.state = "submitted";
        }
        return self.reply({ receipt: "R", submitted_at: DEADLINE, answered: answers.size, unanswered: [], late: false });
      },
    },
  };
  return self;
}

/**
 * A page with its outbox. Timers are run by hand.
 *
 * @param {ReturnType<typeof server>} to
 * @param {{ store?: import("../../../web/js/types.js").Store, epoch?: number, account?: string, token?: string | null, now?: number, gate?: () => Promise<void> }} [options]
 */
function page(to, options = {}) {
  /** @type {any[]} */
  const heard = [];
  /** @type {import("../../../web/js/types.js").SaveState[]} */
  const states = [];
  /** @type {{ work: () => void, ms: number }[]} */
  const timers = [];
  const store = options.store || disk();
  const outbox = new Outbox({
    store,
    account: options.account || "acc",
    attempt: "att",
    epoch: options.epoch || 1,
    token: options.token === undefined ? "T" : options.token,
    now: () => options.now || Date.parse("2026-12-01T09:30:00+08:00"),
    random: () => 0.5,
    later: (work, ms) => timers.push({ work, ms }),
    transport: to.transport,
    gate: options.gate,
    events: {
      onState: (state) => states.push(state),
      onChanged: (slot, elsewhere) => heard.push([elsewhere ? "superseded" : "other tab", slot]),
      onReceipt: (receipt, closed) => heard.push(closed ? ["receipt", receipt.receipt, closed.pending] : ["receipt", receipt.receipt]),
      onClosed: (closed) => heard.push(["closed", closed]),
      onTakenOver: () => heard.push(["taken over"]),
      onFailed: (failed) => heard.push(["failed", failed.type]),
    },
  });
  return { outbox, heard, states, timers, store, kinds: () => states.map((state) => state.kind) };
}

test("an answer is on the disk before it is on the way, and saved only when confirmed", async () => {
  const to = server();
  const { outbox, store, kinds } = page(to);
  const put = store.putAnswer;
  /** @type {string[]} */
  const order = [];
  store.putAnswer = (record) => {
    order.push(`put ${record.acked}`);
    return put(record);
  };
  const save = to.transport.saveOne;
  to.transport.saveOne = (...args) => {
    order.push("send");
    return save(...args);
  };
  await outbox.answer(1, ["A"], 10);
  assert.deepEqual(order, ["put false", "send", "put true"]);
  assert.deepEqual([kinds()[0], outbox.state().kind], ["saving", "saved"]);
  assert.ok(!kinds().slice(0, -1).includes("saved") || kinds().indexOf("saved") > 1);
});

test("shown as chosen, never stored: a reply with another response is not saved (meesudzu/trac-nghiem-online#20)", async () => {
  const to = server();
  to.transport.saveOne = async () => to.reply({ outcome: "stored", revision: 1, response: ["B"], saved_at: DEADLINE });
  const { outbox, states } = page(to);
  await outbox.answer(1, ["A"], 0);
  assert.ok(states.every((state) => state.kind !== "saved" || JSON.stringify(outbox.response(1)) === '["B"]'));
  assert.deepEqual(outbox.response(1), ["B"], "in the end the page shows what the server holds");
});

test("offline answers come back after a killed page (Simon-Initiative/oli-torus#4215)", async () => {
  const to = server();
  const store = disk();
  const first = page(to, { store });
  to.fail = [new NetworkError()];
  await first.outbox.answer(4, ["A", "C"], 0);
  assert.deepEqual([first.outbox.state().kind, first.outbox.state().pending, first.outbox.state().durable], ["offline", 1, true]);

  const second = page(to, { store });
  await second.outbox.load({});
  assert.deepEqual(second.outbox.response(4), ["A", "C"]);
  await second.outbox.pump();
  assert.equal(second.outbox.state().kind, "saved");
  assert.deepEqual(to.answers.get(4).response, ["A", "C"]);
  assert.deepEqual(await leftovers(store, "acc"), []);
});

test("waiting doubles up to its limit, obeys Retry-After, and ends when the network is back", async () => {
  const to = server();
  const { outbox, timers } = page(to);
  to.fail = Array.from({ length: 7 }, () => new NetworkError());
  await outbox.answer(1, ["A"], 0);
  for (let round = 0; round < 6; round += 1) await outbox.wake();
  assert.deepEqual(timers.map((timer) => timer.ms), [1000, 2000, 4000, 8000, 15000, 15000, 15000]);
  to.fail = [new Problem(503, { type: "unavailable" }, 90000)];
  await outbox.wake();
  assert.equal(timers[timers.length - 1].ms, 90000 * 1.125, "never sooner than told, and not all at once");
  assert.equal(outbox.state().kind, "busy");
  await outbox.wake();
  assert.equal(outbox.state().kind, "saved");
});

test("a lost reply is sent again and stored once", async () => {
  const to = server();
  to.lose = [new NetworkError()];
  const { outbox } = page(to);
  await outbox.answer(1, ["A"], 0);
  assert.equal(outbox.state().pending, 1);
  await outbox.wake();
  assert.deepEqual(to.answers.get(1), { epoch: 1, revision: 1, response: ["A"] });
  assert.equal(outbox.state().kind, "saved");
});

test("an answer changed while it is on the way is not confirmed by the old reply", async () => {
  const to = server();
  const { outbox } = page(to);
  const save = to.transport.saveOne;
  let release = () => {};
  to.transport.saveOne = async (...args) => {
    await new Promise((go) => (release = () => go(undefined)));
    return save(...args);
  };
  const first = outbox.answer(1, ["A"], 0);
  await new Promise((go) => setImmediate(go));
  const second = outbox.answer(1, ["B"], 0);
  await new Promise((go) => setImmediate(go));
  release();
  to.transport.saveOne = save;
  await Promise.all([first, second]);
  assert.deepEqual(to.answers.get(1), { epoch: 1, revision: 2, response: ["B"] });
  assert.equal(outbox.state().kind, "saved");
});

test("the person's word on this page goes above what another page of theirs sent", async () => {
  const to = server();
  to.answers.set(1, { epoch: 1, revision: 5, response: ["D"] });
  const { outbox, heard } = page(to);
  await outbox.answer(1, ["B"], 0);
  assert.deepEqual(to.answers.get(1), { epoch: 1, revision: 6, response: ["B"] });
  assert.deepEqual(heard, [["superseded", 1]]);
});

test("of a leftover and the server's answer the younger is shown", async () => {
  for (const [savedAt, shown] of [["2026-12-01T09:29:00+08:00", ["A"]], ["2026-12-01T09:31:00+08:00", ["D"]]]) {
    const to = server();
    const store = disk();
    const first = page(to, { store });
    to.fail = [new NetworkError()];
    await first.outbox.answer(1, ["A"], 0);
    to.answers.set(1, { epoch: 1, revision: 3, response: ["D"] });
    const second = page(to, { store });
    await second.outbox.load({ 1: { revision: 3, response: ["D"], saved_at: String(savedAt) } });
    await second.outbox.pump();
    assert.deepEqual(second.outbox.response(1), shown);
    assert.deepEqual(to.answers.get(1).response, shown);
  }
});

test("after a takeover an older answer fills only what the newer device has not touched", async () => {
  const to = server();
  const store = disk();
  const first = page(to, { store });
  to.fail = [new NetworkError()];
  await first.outbox.answer(1, ["A"], 0);
  await first.outbox.answer(2, ["A"], 0);
  to.epoch = 3;
  to.answers.set(1, { epoch: 2, revision: 1, response: ["D"] });
  to.batchResponse = false;
  const back = page(to, { store, epoch: 3 });
  await back.outbox.load({ 1: { revision: 1, response: ["D"], saved_at: "2026-12-01T09:29:00+08:00" } });
  await back.outbox.pump();
  assert.deepEqual(back.outbox.response(1), ["D"]);
  assert.deepEqual(to.answers.get(2), { epoch: 1, revision: 1, response: ["A"] });
  assert.equal(back.outbox.state().kind, "saved");
});

test("a hand-in takes along what is pending, and says what the phone holds", async () => {
  const to = server();
  const { outbox, heard, store } = page(to);
  await outbox.answer(1, ["A"], 0);
  const save = to.transport.saveOne;
  let release = () => {};
  to.transport.saveOne = async (...args) => {
    await new Promise((go) => (release = () => go(undefined)));
    return save(...args);
  };
  const late = outbox.answer(2, ["B"], 0);
  await new Promise((go) => setImmediate(go));
  const handIn = outbox.handIn(DEADLINE);
  release();
  await Promise.all([late, handIn]);
  assert.deepEqual(heard, [["receipt", "R"]]);
  assert.equal(to.answers.size, 2);
  assert.deepEqual(await leftovers(store, "acc"), []);
});

test("a hand-in off line waits, survives the page, and is delivered with its answers", async () => {
  const to = server();
  const store = disk();
  const first = page(to, { store });
  to.fail = [new NetworkError()];
  await first.outbox.answer(1, ["A"], 0);
  await first.outbox.handIn(DEADLINE);
  assert.equal(first.outbox.state().handingIn, true);
  assert.deepEqual(await leftovers(store, "acc"), [{ attempt: "att", epoch: 1, pending: 1, handIn: first.outbox.handInRecord }]);
  await first.outbox.answer(1, ["B"], 0);
  assert.deepEqual(first.outbox.response(1), ["A"], "nothing changes after the hand-in");

  const second = page(to, { store, token: null });
  await second.outbox.load({});
  await second.outbox.pump();
  assert.deepEqual(second.heard, [["receipt", "R"]]);
  assert.deepEqual(to.answers.get(1).response, ["A"]);
});

test("a lost receipt is asked for again", async () => {
  const to = server();
  to.lose = [new NetworkError()];
  const { outbox, heard } = page(to);
  await outbox.handIn(DEADLINE);
  assert.equal(to.state, "submitted");
  await outbox.wake();
  assert.deepEqual(heard, [["receipt", "R"]]);
});

test("answers that the server says it lacks are all sent again, a limited number of times", async () => {
  const to = server();
  const { outbox, heard } = page(to);
  await outbox.answer(1, ["A"], 0);
  to.answers.clear();
  await outbox.handIn(DEADLINE);
  assert.deepEqual(heard, [["receipt", "R"]]);
  assert.deepEqual(to.answers.get(1).response, ["A"]);

  const never = server();
  never.fail = [undefined, ...Array.from({ length: 9 }, () => problem("answers-missing", 409))];
  const other = page(never);
  await other.outbox.answer(1, ["A"], 0);
  await other.outbox.handIn(DEADLINE);
  assert.deepEqual(other.heard, [["failed", "answers-missing"]]);
});

test("late answers are kept for review, and the receipt still comes", async () => {
  const to = server();
  const store = disk();
  const first = page(to, { store });
  to.fail = [new NetworkError()];
  await first.outbox.answer(1, ["A"], 0);
  await first.outbox.answer(2, ["B"], 0);
  to.state = "auto_submitted";
  const only = page(to, { store, token: null });
  await only.outbox.load({});
  await only.outbox.pump();
  assert.equal(only.heard.length, 1);
  assert.equal(only.heard[0][0], "closed");
  assert.equal(only.heard[0][1].keptForReview, true);
  assert.ok(to.review.length >= 1);

  const again = server();
  again.state = "auto_submitted";
  const handing = page(again, { store: disk() });
  again.fail = [new NetworkError()];
  await handing.outbox.answer(1, ["A"], 0);
  const both = handing.outbox.handIn(DEADLINE);
  await both;
  await handing.outbox.wake();
  assert.deepEqual(again.review.map((save) => save.slot), [1]);
  assert.deepEqual(handing.heard, [["receipt", "R", 1]], "and the person is told that one answer waits for review");
});

test("a run-out token gives way to the cookie; without a session answers wait", async () => {
  const to = server();
  to.fail = [problem("not-signed-in", 401)];
  const { outbox } = page(to);
  await outbox.answer(1, ["A"], 0);
  assert.deepEqual(to.requests, ["one T 1", "one null 1"]);
  to.fail = [problem("not-signed-in", 401)];
  await outbox.answer(2, ["A"], 0);
  assert.deepEqual([outbox.state().kind, outbox.state().pending], ["signed_out", 1]);
  await outbox.wake();
  assert.equal(outbox.state().kind, "saved");
});

test("an answer that can never be stored is named and holds up nothing", async () => {
  const to = server();
  to.fail = [problem("invalid", 422, { detail: "太长" })];
  const { outbox, heard } = page(to);
  await outbox.answer(1, ["x"], 0);
  assert.deepEqual(outbox.state().refused, [{ slot: 1, reason: "太长" }]);
  assert.equal(outbox.state().pending, 0);
  await outbox.answer(2, ["A"], 0);
  await outbox.handIn(DEADLINE);
  assert.deepEqual(heard, [["receipt", "R"]]);
});

test("a whole batch refused is sent one by one", async () => {
  const to = server();
  to.fail = [new NetworkError(), problem("invalid", 422), problem("invalid", 422, { detail: "太长" })];
  const { outbox } = page(to);
  await outbox.answer(1, ["A"], 0);
  await outbox.answer(2, ["B"], 0);
  await outbox.wake();
  assert.deepEqual(outbox.state().refused.map((each) => each.slot), [1]);
  assert.deepEqual(to.answers.get(2).response, ["B"]);
});

test("taken over: nothing more is sent, nothing is lost", async () => {
  const to = server();
  const { outbox, heard, store } = page(to);
  to.fail = [problem("attempt-taken-over", 409)];
  await outbox.answer(1, ["A"], 0);
  await outbox.wake();
  assert.deepEqual(heard, [["taken over"]]);
  assert.equal(to.requests.length, 1);
  assert.deepEqual(await leftovers(store, "acc"), [{ attempt: "att", epoch: 1, pending: 1, handIn: null }]);
});

test("two people share a phone: each has their own", async () => {
  const to = server();
  const store = disk();
  to.fail = [new NetworkError()];
  await page(to, { store, account: "a" }).outbox.answer(1, ["A"], 0);
  const other = page(to, { store, account: "ab" });
  await other.outbox.load({});
  assert.equal(other.outbox.response(1), undefined);
  assert.deepEqual(await leftovers(store, "ab"), []);
  assert.equal((await leftovers(store, "a")).length, 1);
});

test("a full disk: the answer is sent all the same, and the page is told", async () => {
  const to = server();
  const { outbox, states, store } = page(to);
  const { putAnswer } = store;
  store.putAnswer = () => Promise.reject(new Error("QuotaExceededError"));
  to.fail = [new NetworkError()];
  await outbox.answer(1, ["A"], 0);
  assert.deepEqual([outbox.state().kind, outbox.state().durable], ["offline", false]);
  await outbox.wake();
  assert.deepEqual([outbox.state().kind, outbox.state().durable], ["saved", true]);
  assert.ok(states.some((state) => !state.durable && state.disk === "full"));

  // There is room again: what was refused is written with the next answer.
  to.fail = [new NetworkError(), new NetworkError()];
  await outbox.answer(2, ["A"], 0);
  store.putAnswer = putAnswer;
  await outbox.answer(3, ["A"], 0);
  await new Promise((go) => setImmediate(go));
  assert.deepEqual([outbox.state().disk, outbox.state().durable], ["ok", true]);
  assert.equal((await leftovers(store, "acc"))[0].pending, 2);
});

test("the same answer again is no new revision; clearing is", async () => {
  const to = server();
  const { outbox } = page(to);
  await outbox.answer(1, ["A"], 0);
  await outbox.answer(1, ["A"], 0);
  assert.equal(to.answers.get(1).revision, 1);
  await outbox.answer(1, null, 0);
  assert.deepEqual(to.answers.get(1), { epoch: 1, revision: 2, response: null });
  await outbox.answer(1, false, 0);
  assert.equal(to.answers.get(1).response, false);
});

test("of two records of a slot the newer stays, and no answer is lost to a confirmation", () => {
  const of = (/** @type {object} */ more) => /** @type {any} */ ({ key: "k", epoch: 1, revision: 1, response: ["A"], acked: false, ...more });
  const held = of({ revision: 2 });
  for (const [what, entry, kept] of [
    ["a later revision", of({ revision: 3, response: ["B"] }), of({ revision: 3, response: ["B"] })],
    ["a later epoch", of({ epoch: 2, revision: 1 }), of({ epoch: 2, revision: 1 })],
    ["its confirmation", of({ revision: 2, acked: true }), of({ revision: 2, acked: true })],
    ["the confirmation of an older one", of({ revision: 1, acked: true }), held],
    ["what the server holds under the same revision", of({ revision: 2, response: ["D"], acked: true }), of({ revision: 2, response: ["D"], acked: true })],
    ["an answer that had not seen it", of({ revision: 2, response: ["B"] }), of({ revision: 3, response: ["B"] })],
    ["an answer that had not seen two of them", of({ revision: 1, response: ["B"] }), of({ revision: 3, response: ["B"] })],
  ]) assert.deepEqual(newest(held, entry), kept, String(what));
  assert.equal(newest(of({ epoch: 2 }), of({ revision: 9 })).epoch, 2, "an older epoch never covers a newer one");
});

test("two tabs of one attempt lose none of each other's answers", async () => {
  const to = server();
  const store = disk();
  const one = page(to, { store });
  const two = page(to, { store });
  to.fail = [new NetworkError(), new NetworkError()];
  await one.outbox.answer(1, ["A"], 0);
  await two.outbox.answer(1, ["B"], 0);
  assert.equal(two.outbox.entries.get(1).revision, 2, "it counts on from the other tab's");
  await two.outbox.answer(2, ["C"], 0);
  await one.outbox.reread();
  assert.deepEqual(one.outbox.response(1), ["B"], "the later one is shown in both");
  assert.deepEqual(one.heard, [["other tab", 1], ["other tab", 2]]);
  // The second tab is closed; the first delivers for both.
  two.outbox.stopped = true;
  await one.outbox.wake();
  assert.deepEqual([to.answers.get(1).response, to.answers.get(2).response], [["B"], ["C"]]);
  assert.deepEqual(await leftovers(store, "acc"), []);
});

test("a late confirmation in one tab does not hide the newer answer of another", async () => {
  const to = server();
  const store = disk();
  const one = page(to, { store });
  const two = page(to, { store });
  const save = to.transport.saveOne;
  let release = () => {};
  to.transport.saveOne = async (...args) => {
    const reply = await save(...args);
    await new Promise((go) => (release = () => go(undefined)));
    return reply;
  };
  const first = one.outbox.answer(1, ["A"], 0);
  await new Promise((go) => setImmediate(go));
  to.transport.saveOne = save;
  to.fail = [new NetworkError()];
  await two.outbox.answer(1, ["B"], 0);
  release();
  await first;
  await new Promise((go) => setImmediate(go));
  assert.deepEqual(to.answers.get(1).response, ["B"], "the first tab delivers what it finds on the disk");
  assert.deepEqual(one.outbox.response(1), ["B"]);
});

test("after a reload nothing is sent before the server has said whose session this is", async () => {
  const to = server();
  const store = disk();
  const first = page(to, { store });
  to.fail = [new NetworkError()];
  await first.outbox.answer(1, ["A"], 0);
  let known = false;
  const again = page(to, {
    store,
    gate: async () => {
      if (!known) throw new NetworkError();
    },
  });
  to.requests.length = 0;
  await again.outbox.load({}, true);
  await again.outbox.pump();
  again.outbox.flushOnExit();
  assert.deepEqual([to.requests, again.outbox.state().kind, again.outbox.state().pending], [[], "offline", 1]);
  known = true;
  await again.outbox.wake();
  assert.deepEqual(to.answers.get(1).response, ["A"]);
});

test("with the paper kept, what was confirmed since is shown; the server's newer word comes over it", async () => {
  const to = server();
  const store = disk();
  const first = page(to, { store });
  await first.outbox.answer(1, ["A"], 0);
  await first.outbox.answer(1, ["B"], 0);
  const again = page(to, { store });
  await again.outbox.load({ 1: { revision: 1, response: ["A"], saved_at: DEADLINE } }, true);
  assert.deepEqual([again.outbox.response(1), again.outbox.state().kind], [["B"], "saved"]);
  again.outbox.merge({ 1: { revision: 3, response: ["D"], saved_at: DEADLINE } });
  assert.deepEqual(again.outbox.response(1), ["D"]);
  again.outbox.merge({ 1: { revision: 2, response: ["B"], saved_at: DEADLINE } });
  assert.deepEqual(again.outbox.response(1), ["D"], "a reply that was overtaken changes nothing");
});

test("a page that goes away sends along what fits into 64 KiB, the latest first, once", async () => {
  const to = server();
  /** @type {{ slots: number[], keepalive: boolean | undefined, bytes: number }[]} */
  const sent = [];
  const { outbox } = page(to);
  to.fail = Array.from({ length: 30 }, () => new NetworkError());
  for (let slot = 1; slot <= 12; slot += 1) await outbox.answer(slot, ["长".repeat(4000)], 0);
  /** @type {any} */ (to.transport).saveMany = async (_attempt, _token, epoch, answers, keepalive) => {
    sent.push({ slots: answers.map((save) => save.slot), keepalive, bytes: Buffer.byteLength(JSON.stringify({ epoch, answers })) });
    throw new NetworkError();
  };
  outbox.flushOnExit();
  outbox.flushOnExit();
  assert.equal(sent.length, 1);
  assert.equal(sent[0].keepalive, true);
  assert.ok(sent[0].slots.length >= 4 && sent[0].bytes < 64 * 1024, JSON.stringify(sent));
  assert.equal(outbox.state().pending, 12, "what was sent so is not taken for saved");
  await outbox.answer(3, ["短"], 0);
  outbox.flushOnExit();
  assert.ok(sent[1].slots.includes(3));
});

test("an outcome that does not hold its response is not taken for saved", async () => {
  const to = server();
  to.batchResponse = false;
  to.fail = [new NetworkError()];
  const { outbox } = page(to);
  await outbox.answer(1, ["A"], 0);
  await outbox.answer(2, ["B"], 0);
  await outbox.wake();
  assert.deepEqual(to.requests.slice(-3), ["many T 1,2", "one T 1", "one T 2"]);
  assert.equal(outbox.state().kind, "saved");
});
