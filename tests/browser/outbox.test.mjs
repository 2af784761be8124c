// The phone's outbox: nothing that an official answers is lost, whatever becomes of network, phone, browser and server.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  advanceClock, answer, answerMany, assertShown, busy, enter, goTo, LIMIT, lookAgain, offline, people, plugIn, review, saved,
  saveText, shellKept, shown, sit, slotShown, start, unplug,
} from "./phone.mjs";
import { assertSound, openPage, PHONE, startBrowser, startServer } from "./support.mjs";

let server;
let browser;
let somebody;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  somebody = await people(server);
});
after(async () => {
  await browser.close();
  await server.stop();
});

const text = (page) => page.textContent("main");
const strips = (page) => page.textContent("#strips");

// Simon-Initiative/oli-torus#4215: offline answers blank after reconnecting.
test("ten questions off line, then the network is back", async () => {
  const person = await somebody();
  const { context, page, errors } = await sit(browser, server, person);
  await context.setOffline(true);
  const given = await answerMany(page, 10);
  await offline(page, 10);
  await context.setOffline(false);
  await saved(page);
  await assertShown(page, given);
  await person.assertHeld(given);
  assert.deepEqual(errors, []);
  await context.close();
});

test("a reload off line shows question and answers at once, by the service worker", async () => {
  const person = await somebody();
  const cable = await server.cable();
  const { context, page, errors } = await sit(browser, server, person, { url: cable.url });
  const first = await answerMany(page, 2);
  await saved(page);
  await shellKept(page);
  await unplug(context, cable);
  const second = await answerMany(page, 2, 1);
  await offline(page, 2);
  await page.reload();
  await page.waitForSelector(".question", LIMIT);
  assert.equal(await slotShown(page), 5, "it lands on the same question");
  await offline(page, 2);
  await assertShown(page, { ...first, ...second });
  const third = await answerMany(page, 1);
  await plugIn(context, cable);
  await saved(page);
  await person.assertHeld({ ...first, ...second, ...third });
  // Of the API nothing is ever kept by the worker.
  const kept = await page.evaluate(async () => {
    const names = await caches.keys();
    const all = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map((one) => one.url)));
    return { names: names.length, urls: all.flat() };
  });
  assert.equal(kept.names, 1);
  assert.ok(kept.urls.length > 20 && !kept.urls.some((url) => url.includes("/api/")), JSON.stringify(kept.urls));
  assert.deepEqual(errors, []);
  await context.close();
  cable.remove();
});

test("over plain HTTP answers show again once the page can load", async () => {
  const person = await somebody();
  const url = server.url.replace("127.0.0.1", "zhijie.test");
  const { context, page, errors } = await sit(browser, server, person, { url });
  assert.equal(await page.evaluate(() => window.isSecureContext), false);
  await context.setOffline(true);
  const given = await answerMany(page, 3);
  await offline(page, 3);
  await assert.rejects(page.reload());
  await context.setOffline(false);
  await page.goto(`${url}/exam.html?exam=${person.exam}`);
  await page.waitForSelector(".question", LIMIT);
  await saved(page);
  await assertShown(page, given);
  await person.assertHeld(given);
  // Chromium remarks that over plain HTTP one of the protecting headers has no effect.
  assert.deepEqual(errors.filter((error) => !/Cross-Origin-Opener-Policy/.test(error)), []);
  await context.close();
});

// surveyjs/survey-library#8509, ls1intum/Artemis#1811: countdown by the phone's clock; the phone's clock changed.
test("a phone clock that is wrong by an hour changes nothing, nor does one that jumps", async () => {
  const person = await somebody();
  const cable = await server.cable();
  const shift = () => {
    const real = Date.now.bind(Date);
    window.shiftMs = Number(sessionStorage.getItem("shift") || 3600e3);
    Date.now = () => real() + window.shiftMs;
  };
  const { context, page, errors } = await sit(browser, server, person, { url: cable.url, prepare: ({ context }) => context.addInitScript(shift) });
  const given = await answerMany(page, 1);
  await saved(page);
  const left = async () => {
    const parts = /[\d:]+$/.exec(await page.textContent(".bar-clock"))[0].split(":");
    return parts.reduce((sum, part) => sum * 60 + Number(part), 0);
  };
  const due = async () => {
    const { deadline, server_now } = await person.attempt();
    return (Date.parse(deadline) - Date.parse(server_now)) / 1000;
  };
  assert.ok(Math.abs((await left()) - (await due())) < 5, "the countdown is the server's");
  // It jumps while the page is open: the countdown goes on, and the server is asked again.
  const asked = page.waitForResponse((response) => /\/attempts\/[^/]+$/.test(response.url()) && response.ok());
  await page.evaluate(() => (window.shiftMs -= 7200e3));
  await asked;
  await page.waitForFunction(() => /剩余/.test(document.querySelector(".bar-clock").textContent), null, LIMIT);
  assert.ok(Math.abs((await left()) - (await due())) < 5);
  // Reloaded off line, the phone still knows how wrong its clock is.
  await page.evaluate(() => sessionStorage.setItem("shift", String(3600e3)));
  await page.reload();
  await page.waitForSelector(".question", LIMIT);
  await saved(page);
  await shellKept(page);
  await unplug(context, cable);
  await page.reload();
  await page.waitForSelector(".question", LIMIT);
  assert.match(await page.textContent(".bar-clock"), /约/, "and says that it is an estimate");
  assert.ok(Math.abs((await left()) - (await due())) < 5);
  await person.assertHeld(given);
  assert.deepEqual(errors, []);
  await context.close();
  cable.remove();
});

// tecnickcom/tcexam#266: fewer questions than there are, or half a page.
test("on 2G no question shows before the page is whole", async () => {
  const person = await somebody();
  const watch = () => {
    const look = () => {
      if (!document.querySelector(".question") || window.atFirst) return;
      const style = getComputedStyle(document.querySelector(".option-row, .input"));
      window.atFirst = {
        styled: style.borderTopLeftRadius,
        bar: !document.querySelector("#bar").hidden && /\d:\d\d/.test(document.querySelector(".bar-clock")?.textContent ?? ""),
        foot: !document.querySelector("#foot").hidden,
        loading: document.querySelectorAll(".loading").length,
      };
    };
    // Once the task that puts the question there has ended, as a person would see it.
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
  };
  const slow = async ({ context, page }) => {
    await context.addInitScript(watch);
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    const [down, up] = [250, 50].map((kilobits) => (kilobits * 1024) / 8);
    await session.send("Network.emulateNetworkConditions", { offline: false, latency: 300, downloadThroughput: down, uploadThroughput: up });
  };
  const { context, page, errors } = await sit(browser, server, person, { prepare: slow });
  const whole = { styled: "6px", bar: true, foot: true, loading: 0 };
  assert.deepEqual(await page.evaluate(() => window.atFirst), whole);
  const given = await answerMany(page, 3);
  await saved(page);
  await person.assertHeld(given);
  await page.reload();
  await page.waitForSelector(".question", LIMIT);
  assert.deepEqual(await page.evaluate(() => window.atFirst), whole);
  assert.deepEqual(errors, []);
  await context.close();
});

test("private mode without IndexedDB: memory, and a warning in words", async () => {
  const person = await somebody();
  const without = () => Object.defineProperty(window, "indexedDB", { value: undefined });
  const { context, page, errors } = await sit(browser, server, person, { prepare: ({ context }) => context.addInitScript(without) });
  assert.match(await strips(page), /不让本页在手机上存答案.*不要关闭页面/);
  await assertSound(page, "without a disk");
  const given = await answerMany(page, 2);
  await saved(page);
  await context.setOffline(true);
  Object.assign(given, await answerMany(page, 1));
  await offline(page, 1);
  assert.match(await saveText(page), /未能存在本机/);
  await context.setOffline(false);
  await saved(page);
  await page.reload();
  await page.waitForSelector(".question", LIMIT);
  assert.equal(await slotShown(page), 4, "a reload is safe: the server has everything");
  await assertShown(page, given);
  await person.assertHeld(given);
  assert.deepEqual(errors, []);
  await context.close();
});

test("a full phone: answers go on in memory and to the server, and the page says so", async () => {
  const person = await somebody();
  let quota;
  const prepare = async ({ context, page }) => {
    const session = await context.newCDPSession(page);
    quota = (quotaSize) => session.send("Storage.overrideQuotaForOrigin", { origin: server.url, quotaSize });
    await quota(1);
  };
  const { context, page, errors } = await sit(browser, server, person, { prepare });
  const given = await answerMany(page, 1);
  await saved(page);
  assert.match(await strips(page), /存储已满.*不要关闭页面/);
  await context.setOffline(true);
  Object.assign(given, await answerMany(page, 2));
  await offline(page, 2);
  assert.match(await saveText(page), /未能存在本机/);
  await context.setOffline(false);
  await saved(page);
  await person.assertHeld(given);
  await quota(undefined);
  Object.assign(given, await answerMany(page, 1));
  await saved(page);
  await page.waitForFunction(() => !/存储已满/.test(document.querySelector("#strips").textContent), null, LIMIT);
  await person.assertHeld(given);
  assert.deepEqual(errors, []);
  await context.close();
});

test("two people on one phone: neither sees nor sends the other's answers, and nothing waits in vain", async () => {
  const [first, second] = [await somebody(), await somebody()];
  const { context, page, errors } = await sit(browser, server, first);
  await page.route("**/answers**", (route) => route.abort("internetdisconnected"));
  const ofFirst = await answerMany(page, 2);
  await offline(page, 2);
  const attempt = (await first.attempt()).id;
  await page.goto(`${server.url}/account.html`);
  await page.waitForSelector("text=现在有 2 题答案没有送达");
  await assertSound(page, "signing out with answers waiting");
  await page.click("button:has-text('退出登录')");
  await page.waitForSelector("#login", LIMIT);
  await page.unroute("**/answers**");
  // What the exam page sent while it went away may have escaped the cut: nobody saw a reply.
  const { answers: before } = await first.attempt();

  const requests = [];
  page.on("request", (request) => requests.push(`${request.method()} ${request.url()}`));
  const enterAs = async (person) => {
    await page.fill("#login", person.login);
    await page.fill("#password", person.password);
    await page.click("button[type=submit]");
    await page.waitForSelector("text=年度纪法知识测试", LIMIT);
  };
  await enterAs(second);
  assert.doesNotMatch(await text(page), /没有送达|补送|待送达/);
  await start(page, server.url, second);
  assert.equal(await slotShown(page), 1, "the second person begins at the beginning");
  assert.deepEqual(await shown(page), [], "and finds nothing chosen");
  const ofSecond = await answerMany(page, 2, 1);
  await saved(page);
  await second.assertHeld(ofSecond);
  assert.deepEqual(requests.filter((request) => request.includes(attempt)), [], "nothing of the first person's was asked or sent");
  assert.deepEqual((await first.attempt()).answers, before);

  await page.goto(`${server.url}/account.html`);
  await page.click("button:has-text('退出登录')");
  await page.waitForSelector("#login", LIMIT);
  await enterAs(first);
  await page.waitForSelector("text=上次没有送达的答案已补送", LIMIT);
  await first.assertHeld(ofFirst);
  assert.deepEqual(errors, []);
  await context.close();
});

test("another person signs in in a second tab: the first one's page lets go at once", async () => {
  const [first, second] = [await somebody(), await somebody()];
  const { context, page, errors } = await sit(browser, server, first);
  await answerMany(page, 1);
  await saved(page);
  const tab = await context.newPage();
  await tab.goto(`${server.url}/account.html`);
  await tab.click("button:has-text('退出登录')");
  await tab.waitForSelector("#login", LIMIT);
  await page.waitForSelector("#login", LIMIT);
  await enter(context, server.url, second);
  await page.goto(`${server.url}/exam.html?exam=${first.exam}`);
  await page.waitForSelector(".start .primary", LIMIT);
  assert.doesNotMatch(await text(page), /继续/, "the second person has no attempt here");
  assert.deepEqual(errors, []);
  await context.close();
});

// Alanosy/online-exam-system-backend, ls1intum/Artemis#2795: handing in without a network, and a reload in between.
test("a hand-in off line waits in words, outlives a reload, and the receipt comes by itself", async () => {
  const person = await somebody();
  const cable = await server.cable();
  const { context, page, errors } = await sit(browser, server, person, { url: cable.url });
  const given = await answerMany(page, 2);
  await saved(page);
  await shellKept(page);
  await unplug(context, cable);
  Object.assign(given, await answerMany(page, 1));
  await review(page);
  await page.click("text=确认交卷");
  await page.waitForSelector("h1:has-text('已在本机交卷')", LIMIT);
  assert.match(await text(page), /联网后自动送达；请在 .*\d\d:\d\d 前联网/);
  await assertSound(page, "handed in off line");
  await page.reload();
  await page.waitForSelector("h1:has-text('已在本机交卷')", LIMIT);
  await page.goto(`${cable.url}/index.html`);
  await page.waitForSelector("text=待送达", LIMIT);
  await assertSound(page, "tasks without a network");
  await page.goto(`${cable.url}/exam.html?exam=${person.exam}`);
  await page.waitForSelector("h1:has-text('已在本机交卷')", LIMIT);
  assert.equal((await person.attempt()).state, "answering");
  await plugIn(context, cable);
  await page.waitForSelector("text=回执编号", LIMIT);
  assert.equal((await person.attempt()).state, "submitted");
  await person.assertHeld(given);
  assert.deepEqual(errors, []);
  await context.close();
  cable.remove();
});

test("a hand-in that waits is delivered by 我的任务, too", async () => {
  const person = await somebody();
  const { context, page, errors } = await sit(browser, server, person);
  await page.route("**/submission", (route) => route.abort("internetdisconnected"));
  const given = await answerMany(page, 1);
  await saved(page);
  await review(page);
  await page.click("text=确认交卷");
  await page.waitForSelector("h1:has-text('已在本机交卷')", LIMIT);
  await page.unroute("**/submission");
  await page.goto(`${server.url}/index.html`);
  await page.waitForSelector("text=/上次的交卷已送达，回执编号/", LIMIT);
  await page.waitForSelector(".task .state:has-text('待送达')", { state: "detached", ...LIMIT });
  assert.equal((await person.attempt()).state, "submitted");
  await person.assertHeld(given);
  assert.deepEqual(errors, []);
  await context.close();
});

test("a second device takes over: the first is told, and what it still holds is delivered when it comes back", async () => {
  const person = await somebody();
  const { context, page, errors } = await sit(browser, server, person);
  const given = await answerMany(page, 1);
  await saved(page);
  await context.setOffline(true);
  await goTo(page, 5);
  given[5] = await answer(page);
  await offline(page, 1);

  const other = await openPage(browser, PHONE);
  await enter(other.context, server.url, person);
  await other.page.goto(`${server.url}/exam.html?exam=${person.exam}`);
  await other.page.waitForSelector("text=您在另一台设备上正在作答", LIMIT);
  await other.page.click(".start .primary");
  await other.page.waitForSelector(".question", LIMIT);
  await goTo(other.page, 2);
  given[2] = await answer(other.page);
  await saved(other.page);

  await context.setOffline(false);
  await page.waitForSelector("h1:has-text('已在另一台设备上继续')", LIMIT);
  await assertSound(page, "taken over");
  await page.click("button:has-text('回到本机继续')");
  await page.waitForSelector(".question", LIMIT);
  await saved(page);
  await person.assertHeld(given);
  await assertShown(page, given);
  await lookAgain(other.page);
  await other.page.waitForSelector("h1:has-text('已在另一台设备上继续')", LIMIT);
  assert.match(await text(other.page), /本机的答案都已送达/);
  assert.deepEqual([errors, other.errors], [[], []]);
  await context.close();
  await other.context.close();
});

test("two tabs of one attempt show and lose none of each other's answers", async () => {
  const person = await somebody();
  const { context, page, errors } = await sit(browser, server, person);
  const tab = await context.newPage();
  await tab.goto(`${server.url}/exam.html?exam=${person.exam}`);
  await tab.waitForSelector(".question", LIMIT);
  await page.bringToFront();
  const given = { 1: await answer(page) };
  await saved(page);
  await tab.bringToFront();
  await tab.waitForFunction(() => document.querySelectorAll(".question input:checked").length > 0, null, LIMIT);
  assert.deepEqual(await shown(tab), given[1], "what one tab answers the other shows");

  await context.setOffline(true);
  given[1] = await answer(tab, 1);
  await goTo(tab, 3);
  given[3] = await answer(tab, 1);
  await page.bringToFront();
  await goTo(page, 2);
  given[2] = await answer(page, 1);
  await offline(page, 3);
  await assertShown(page, given);
  await tab.close();
  await context.setOffline(false);
  await saved(page);
  await person.assertHeld(given);

  // A hand-in in one tab ends the other.
  const third = await context.newPage();
  await third.goto(`${server.url}/exam.html?exam=${person.exam}`);
  await third.waitForSelector(".question", LIMIT);
  await page.bringToFront();
  await review(page);
  await page.click("text=确认交卷");
  await Promise.all([page, third].map((each) => each.waitForSelector("text=回执编号", LIMIT)));
  assert.deepEqual(errors, []);
  await context.close();
});

test("a page that goes away sends along what is pending", async () => {
  const person = await somebody();
  const cable = await server.cable();
  const { context, page } = await sit(browser, server, person, { url: cable.url });
  // The single save never gets through.
  cable.swallow(/^PUT .*\/answers\/\d+ /);
  const given = { 1: await answer(page) };
  const underway = Date.now() + LIMIT.timeout;
  while (cable.lost() === 0) {
    assert.ok(Date.now() < underway, "no save was tried");
    await page.waitForTimeout(50);
  }
  assert.equal(await saveText(page), "保存中");
  // To a page without scripts. About:blank would do, too, but Chromium ends the old process then within a moment, and in
  // one of ten runs what it was asked to send goes with it.
  await page.goto(`${cable.url}/favicon.svg`);
  const limit = Date.now() + LIMIT.timeout;
  while (!(await person.attempt()).answers[1]) {
    assert.ok(Date.now() < limit, "what was pending did not arrive");
    await page.waitForTimeout(50);
  }
  await person.assertHeld(given);
  await context.close();
  cable.remove();
});

test("a busy server is not asked sooner than it says, and 已保存 waits for it", async () => {
  const person = await somebody();
  const { context, page, errors } = await sit(browser, server, person);
  const times = [];
  let refusals = 2;
  await page.route("**/answers**", async (route) => {
    times.push(Date.now());
    if (refusals === 0) return route.continue();
    refusals -= 1;
    const body = JSON.stringify({ type: "unavailable", title: "系统繁忙，请稍候再试", status: 503 });
    return route.fulfill({ status: 503, headers: { "retry-after": "2", "content-type": "application/problem+json" }, body });
  });
  const given = { 1: await answer(page) };
  await busy(page);
  assert.match(await saveText(page), /已存在本机/);
  await saved(page);
  assert.equal(times.length, 3);
  for (const [before, after] of [[times[0], times[1]], [times[1], times[2]]]) {
    assert.ok(after - before >= 2000, `asked again after ${after - before} ms`);
  }
  await person.assertHeld(given);
  assert.deepEqual(errors, []);
  await context.close();
});

// meesudzu/trac-nghiem-online#20: 40 on the screen, 15 in the database.
test("the server is killed and started again in the middle: what is shown as saved is there", async () => {
  const person = await somebody();
  const { context, page, errors } = await sit(browser, server, person);
  const given = await answerMany(page, 3);
  await saved(page);
  await server.kill();
  Object.assign(given, await answerMany(page, 2));
  await offline(page, 2);
  await server.restart();
  await lookAgain(page);
  await saved(page);
  await person.assertHeld(given);
  await assertShown(page, given);
  assert.deepEqual(errors, []);
  await context.close();
});

test("half a word of the input method is not saved", async () => {
  const { context, page, errors } = await openPage(browser, PHONE);
  await page.goto(`${server.url}/index.html`);
  await page.waitForSelector("#login", LIMIT);
  await page.evaluate(async () => {
    const { questionView } = await import("/js/answer-sheet.js");
    window.taken = [];
    const slot = { slot: 1, kind: "blank", stem: "期限是多久？", marks: 2, blanks: 1 };
    window.view = questionView({ slot, heading: "第 1 题", onAnswer: (response) => window.taken.push(response) });
    document.querySelector("main").replaceChildren(window.view.node);
  });
  const taken = () => page.evaluate(() => window.taken);
  const session = await context.newCDPSession(page);
  const compose = (word) => session.send("Input.imeSetComposition", { text: word, selectionStart: word.length, selectionEnd: word.length });
  await page.locator("main input").focus();
  await compose("liu");
  await compose("liuge");
  // The page is left, perhaps for good: half a word is no answer all the same.
  await page.evaluate(() => window.view.commit());
  assert.deepEqual(await taken(), []);
  await session.send("Input.insertText", { text: "六个月" });
  assert.deepEqual(await taken(), [["六个月"]], "taken as soon as the word is finished");
  await page.keyboard.type("内");
  await page.waitForFunction(() => window.taken.length === 2, null, LIMIT);
  assert.deepEqual((await taken())[1], ["六个月内"]);
  // Going on to the next question takes what stands there.
  await compose("yi");
  await page.evaluate(() => window.view.commit(true));
  assert.match((await taken()).pop()[0], /^六个月内/);
  assert.deepEqual(errors, []);
  await context.close();
});

test("the session is gone in the middle: the attempt's token still saves", async () => {
  const person = await somebody();
  const { context, page, errors } = await sit(browser, server, person);
  await context.clearCookies();
  const given = await answerMany(page, 2);
  await saved(page);
  await page.reload();
  await page.waitForSelector(".question", LIMIT);
  Object.assign(given, await answerMany(page, 1));
  await saved(page);
  await person.assertHeld(given);

  // And when that has run out, too: sign in again, nothing lost.
  const gone = JSON.stringify({ type: "not-signed-in", title: "请先登录", status: 401 });
  await page.route("**/attempts/**", (route) => route.fulfill({ status: 401, contentType: "application/problem+json", body: gone }));
  Object.assign(given, await answerMany(page, 1));
  await page.waitForSelector("text=登录已过期，答案存在本机", LIMIT);
  await assertSound(page, "signed out in the middle");
  await page.unroute("**/attempts/**");
  await page.click("text=重新登录");
  await page.fill("#login", person.login);
  await page.fill("#password", person.password);
  await page.click("button[type=submit]");
  await page.waitForSelector(".question", LIMIT);
  await saved(page);
  await assertShown(page, given);
  await person.assertHeld(given);
  assert.deepEqual(errors, []);
  await context.close();
});

// From here on the demo's clock is moved: nothing that follows may start a test.

// ls1intum/Artemis#1469: connection lost in the last minute, 0 marks.
test("the network goes in the last minute: handed in by itself, and what was answered counts", async () => {
  const person = await somebody();
  const { context, page, errors } = await sit(browser, server, person);
  const late = await somebody();
  const lost = await sit(browser, server, late);
  const given = await answerMany(page, 1);
  await saved(page);
  const ofLate = await answerMany(lost.page, 1);
  await saved(lost.page);
  await lost.context.setOffline(true);
  Object.assign(ofLate, await answerMany(lost.page, 1));
  await offline(lost.page, 1);
  await review(lost.page);
  await lost.page.click("text=确认交卷");
  await lost.page.waitForSelector("h1:has-text('已在本机交卷')", LIMIT);

  const { deadline, server_now: now } = await person.attempt();
  await advanceClock(server, Math.floor((Date.parse(deadline) - Date.parse(now)) / 1000) - 4);
  await lookAgain(page);
  await page.waitForFunction(() => /00:0\d$/.test(document.querySelector(".bar-clock").textContent), null, LIMIT);
  await context.setOffline(true);
  Object.assign(given, await answerMany(page, 1));
  await page.waitForSelector("text=/时间到。联网后自动交卷/", LIMIT);
  await assertSound(page, "time is up without a network");
  await context.setOffline(false);
  await page.waitForSelector("h1:has-text('时间到，已自动交卷')", LIMIT);
  await person.assertHeld(given);
  assert.match(await text(page), /2 \/ 20 题/);

  // The other one comes back long after the late-sync time: kept for review, and said so.
  await advanceClock(server, 3600);
  await lost.context.setOffline(false);
  await lost.page.waitForSelector("text=/有 1 题答案在截止后送达，已另行保存/", LIMIT);
  await lost.page.waitForSelector("text=回执编号", LIMIT);
  await assertSound(lost.page, "kept for review");
  const { state, answers } = await late.attempt();
  assert.deepEqual([state, Object.keys(answers)], ["auto_submitted", ["1"]]);
  assert.deepEqual([errors, lost.errors], [[], []]);
  await context.close();
  await lost.context.close();
});
