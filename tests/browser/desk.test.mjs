// A manager's exam day at a desk of 1280 px, with officials' phones of 360 px beside it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DESK, PHONE, assertSound, openPage, screenshot, signIn, startBrowser, startServer, until } from "./support.mjs";

/** What the manager does must be seen on a phone that is looked at within this time. */
const SEEN_LIMIT_MS = 10_000;
/** The desk asks anew every five seconds. */
const DESK_LIMIT_MS = 20_000;

let server;
let browser;
let desk;
let first;
let second;
/** How many are due: whoever is on leave or exempt is not. */
let due;
const said = [];

/** A count as the pages write it. */
const figure = (count) => count.toLocaleString("en-US");

before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  desk = await open("manager", 0, "/staff/desk.html", DESK);
  await desk.getByRole("heading", { name: "考试进行得怎么样？" }).waitFor();
});
after(async () => {
  await browser.close();
  await server.stop();
});

/** A signed-in page whose own errors fail the last test. */
async function open(role, n, path, viewport) {
  const { page, errors } = await openPage(browser, viewport);
  said.push(errors);
  await signIn(page, server, server.account(role, n), path);
  return page;
}

const heading = (name) => desk.getByRole("heading", { name, level: 1 }).waitFor();
const view = (name) => desk.locator(".views a", { hasText: name }).click();
const done = (text) => desk.locator(".notice", { hasText: text }).first().waitFor();
const press = (name) => desk.getByRole("button", { name, exact: true }).click();

/** Fills the open question of the desk and confirms it, twice in a hurry. */
async function confirm(button, reason) {
  if (reason) await desk.locator(".confirm textarea").last().fill(reason);
  await desk.getByRole("button", { name: button, exact: true }).dblclick();
}

/** Does something while the owner of a phone looks at it now and then. */
async function looking(phone, act) {
  const look = setInterval(() => {
    phone.evaluate(() => document.dispatchEvent(new Event("visibilitychange"))).catch(() => undefined);
  }, 1_000);
  try {
    await act();
  } finally {
    clearInterval(look);
  }
}

/** Waits for something on a phone that is looked at. */
const seen = (phone, check, argument) =>
  looking(phone, () => until(phone, check, argument, { timeout: SEEN_LIMIT_MS }));

/** Seconds on a phone's countdown: 1:05:30 are 3930. */
const secondsLeft = (phone) => phone.evaluate(() => {
  const [, hours, minutes, seconds] =
    /(?:(\d+):)?(\d+):(\d\d)$/.exec(document.querySelector(".bar-clock").textContent.trim());
  return 3600 * Number(hours ?? 0) + 60 * Number(minutes) + Number(seconds);
});
const minutesLeft = async (phone) => Math.floor((await secondsLeft(phone)) / 60);

async function answerThree(phone) {
  for (let slot = 1; slot <= 3; slot += 1) {
    await phone.locator(".option").first().click();
    if (/多选/.test(await phone.textContent("main"))) await phone.locator(".option").nth(1).click();
    await phone.waitForFunction(() => document.querySelector(".bar-save")?.textContent === "已保存");
    await phone.click("#foot .primary");
  }
}

async function begin(phone) {
  await phone.click("text=去考试");
  await phone.click(".start .primary");
  await phone.waitForSelector(".question");
}

/** Back to an attempt that was begun on this phone. */
async function goOn(phone) {
  await phone.click("text=继续考试");
  await phone.locator(".start .primary").or(phone.locator(".question")).first().waitFor();
  if (await phone.locator(".start .primary").isVisible()) await phone.click(".start .primary");
  await phone.waitForSelector(".question");
}

async function handIn(phone) {
  await phone.click(".card-button");
  await phone.click(".sheet .primary");
  await phone.click("text=确认交卷");
  await phone.waitForSelector("text=回执编号");
}

/** Opens 我的任务 of a phone, reads the notice that says so, and puts it away. */
async function readNotice(phone, text) {
  await phone.goto(`${server.url}/index.html`);
  const card = phone.locator("#notices .notice", { hasText: text });
  await card.waitFor();
  await assertSound(phone, `notice: ${text}`);
  await card.getByRole("button", { name: "知道了" }).click();
  await card.waitFor({ state: "detached" });
}

test("the desk counts whoever begins", async () => {
  const begun = /^已开始 0\/([\d,]+) 人，正在答题 0 人，已交卷 0 人。$/.exec(await desk.textContent(".lead"));
  due = Number(begun[1].replaceAll(",", ""));
  assert.ok(due > 2_900 && due <= 3_000, `${due} due of the 3,000 of the demo`);
  await assertSound(desk, "desk, nobody yet");
  first = await open("examinee", 0, "/", PHONE);
  await begin(first);
  await answerThree(first);
  await desk.waitForFunction(() => /正在答题 1 人/.test(document.querySelector(".lead").textContent), null,
    { timeout: DESK_LIMIT_MS });
  await desk.locator(".state.good", { hasText: "正常" }).waitFor({ timeout: DESK_LIMIT_MS });
  assert.match(await desk.textContent("main"), /1 台服务器在运行.*最多能排 [\d,]+ 条.*少于 2\.0 GB 要清理/);
  // A town unfolds into its villages, and folds again; the columns sort.
  const town = desk.locator("tbody tr", { hasText: "青石镇" }).first();
  const rows = await desk.locator("tbody tr").count();
  await town.locator("button.fold").click();
  await desk.locator("tbody tr", { hasText: "青石镇本级" }).waitFor();
  assert.ok((await desk.locator("tbody tr").count()) > rows);
  await town.locator("button.fold").click();
  await desk.getByRole("button", { name: /^正在答题/ }).click();
  assert.match(await desk.locator(".table").first().locator("tbody tr").first().textContent(), /财政局/);
  await assertSound(desk, "desk");
  await screenshot(desk, "desk");
});

test("the desk goes on when the server is away for a while", async () => {
  await desk.context().setOffline(true);
  await desk.getByText("暂时取不到最新情况").waitFor({ timeout: DESK_LIMIT_MS });
  assert.match(await desk.textContent(".lead"), /正在答题 1 人/, "the last figures stay");
  await assertSound(desk, "desk, server away");
  await desk.context().setOffline(false);
  await desk.getByText("已恢复连接").waitFor({ timeout: DESK_LIMIT_MS });
});

test("an announcement reaches the phone", async () => {
  await press("发公告……");
  await desk.getByText("现在正在答题的 1 人").waitFor();
  await press("发出");
  await desk.getByText("请写公告的内容。").waitFor();
  await assertSound(desk, "announcing");
  await desk.getByLabel("公告", { exact: true }).fill("第 12 题按题面作答即可");
  await confirm("发出");
  await done("公告已发出");
  await seen(first, (text) => (document.querySelector(".strip")?.textContent ?? "").includes(text), "第 12 题按题面作答即可");
  assert.equal(await desk.locator(".log li", { hasText: "第 12 题" }).count(), 1, "pressed twice, sent once");
});

test("more time for all moves the phone's deadline", async () => {
  const before = await minutesLeft(first);
  await press("延时……");
  await desk.getByText("正在答题的 1 人：交卷时限各推后 10 分钟。").waitFor();
  await desk.getByLabel("一个单位（含下级）").check();
  await desk.locator(".confirm .unit-picker select").selectOption({ label: await unitLabel("区教育局") });
  await desk.getByText("正在答题的 0 人").waitFor();
  await desk.getByLabel("全体", { exact: true }).check();
  await desk.getByLabel("延长多少分钟").fill("0");
  await confirm("确认延时", "断网十分钟");
  await desk.getByText("请填 1 到 1440 的整数。").waitFor();
  await desk.getByLabel("延长多少分钟").fill("20");
  await assertSound(desk, "extending");
  await confirm("确认延时", "断网二十分钟");
  await done("已给全体延时 20 分 0 秒，其中正在答题的 1 人");
  await looking(first, async () => {
    const end = Date.now() + SEEN_LIMIT_MS;
    while ((await minutesLeft(first)) < before + 18) {
      assert.ok(Date.now() < end, `${before} minutes before, ${await minutesLeft(first)} now`);
      await first.waitForTimeout(100);
    }
  });
  assert.equal(await desk.locator(".log li", { hasText: "延时" }).count(), 1, "pressed twice, granted once");
});

/** The label of a unit in the picker, with the blanks that stand for its depth. */
function unitLabel(name) {
  return desk.locator(".confirm .unit-picker option", { hasText: name }).first().textContent();
}

test("a pause stops whoever would begin, and ends with a word", async () => {
  second = await open("examinee", 1, "/", PHONE);
  await press("暂停考试……");
  await desk.getByText(`还没开始的 ${figure(due - 1)} 人：暂停期间不能开始。`).waitFor();
  await assertSound(desk, "pausing");
  await confirm("确认暂停", "中心机房断电");
  await desk.locator(".paused", { hasText: "中心机房断电" }).waitFor();
  await assertSound(desk, "paused");
  await screenshot(desk, "desk-paused");
  // Whoever answers sees why, and the countdown stands.
  const hasStrip = (text) => [...document.querySelectorAll(".strip")].some((strip) => strip.textContent.includes(text));
  await seen(first, hasStrip, "考试已暂停：中心机房断电");
  await assertSound(first, "a phone while paused");
  const stood = await secondsLeft(first);
  await first.waitForTimeout(4_000);
  const later = await secondsLeft(first);
  assert.ok(Math.abs(stood - later) <= 1, `${stood} s left, and 4 s later ${later} s`);
  await second.click("text=去考试");
  await second.click(".start .primary");
  await second.locator(".start .notice.bad", { hasText: "考试已暂停" }).waitFor();
  await press("恢复考试……");
  await desk.getByText("正在答题的 1 人：倒计时接着走").waitFor();
  await confirm("确认恢复");
  await done("考试已恢复");
  await desk.locator(".paused").waitFor({ state: "detached" });
  await looking(first, () => until(first, () => ![...document.querySelectorAll(".strip")].some((strip) =>
    strip.textContent.includes("考试已暂停")), null, { timeout: SEEN_LIMIT_MS }));
  await second.click(".start .primary");
  await second.waitForSelector(".question");
  await answerThree(second);
});

test("why can this person not start", async () => {
  await view("查人");
  await heading("谁进不去，怎么办？");
  await desk.getByLabel("姓名或人员编号").fill("没有这个人");
  await press("查找");
  await desk.getByText("名单上没有这个人").waitFor();
  // Somebody without a password: the code is shown once, with the login, and can be printed.
  await desk.getByLabel("姓名或人员编号").fill(String(Number(server.account("examinee", 0).login) + 40));
  await press("查找");
  await assertSound(desk, "found");
  await desk.locator(".names.wide a").first().click();
  await heading(/现在能不能开始？/);
  await desk.locator(".verdict", { hasText: "账号尚未激活" }).waitFor();
  await desk.getByText("换一个新开通码，当面交给本人").waitFor();
  await assertSound(desk, "cannot start");
  await press("换新开通码……");
  await press("换新码");
  await desk.locator(".slip .code").waitFor();
  assert.match(await desk.locator(".slip").textContent(), /登录名\s*\d+/);
  await desk.getByRole("button", { name: "打印这一张" }).waitFor();
  await assertSound(desk, "a new code");
  await screenshot(desk, "desk-person");
});

/** Opens the timeline of an examinee of the demo. */
async function timelineOf(n) {
  await view("查人");
  await desk.getByLabel("姓名或人员编号").fill(server.account("examinee", n).login);
  await press("查找");
  await desk.locator(".names.wide a").first().click();
  await heading(/现在能不能开始？/);
}

test("one person gets more time, is reopened after handing in, and voided", async () => {
  await timelineOf(0);
  await desk.locator(".verdict", { hasText: "正在答题" }).waitFor();
  await desk.locator(".log li", { hasText: "开始作答" }).waitFor();
  await press("给此人延时……");
  await desk.getByText(/正在答题：交卷时限由 .* 推到/).waitFor();
  await confirm("确认延时", "视力不便");
  await done("延时 10 分 0 秒");
  await handIn(first);
  await desk.locator("td .state", { hasText: "已交卷" }).waitFor({ timeout: DESK_LIMIT_MS });
  await assertSound(desk, "timeline");

  await press("恢复第 1 次作答");
  await desk.getByText("已有的成绩和回执先放到一边").waitFor();
  await assertSound(desk, "reopening");
  await confirm("确认恢复", "误触交卷");
  await done("可以接着答");
  await readNotice(first, "您的作答已恢复");
  await goOn(first);
  assert.match(await first.textContent(".card-button"), /3/, "what was answered is there");

  await desk.locator("td .state", { hasText: "正在答题" }).waitFor({ timeout: DESK_LIMIT_MS });
  await press("作废第 1 次作答");
  await confirm("确认作废", "发错了人");
  await desk.getByText("请选一种。").waitFor();
  await desk.getByLabel(/^作废重考/).check();
  await desk.getByText("这一次当没考过，不占次数").waitFor();
  await assertSound(desk, "voiding");
  await confirm("确认作废", "发错了人");
  await done("已作废（作废重考）");
  await readNotice(first, "您的一次作答已作废");
  await first.getByText("去考试").waitFor();
});

test("a wrong question: tried first, then ruled on", async () => {
  // The last question of the second phone's paper, which is left open.
  await second.click(".card-button");
  await second.locator(".sheet button", { hasText: /^20/ }).click();
  const stem = (await second.locator(".question .stem").textContent()).trim();
  await handIn(second);
  await view("题目更正");
  await heading("哪道题有问题？");
  await desk.getByLabel("题号或题干含有").fill(stem.slice(0, 12));
  await assertSound(desk, "questions");
  await screenshot(desk, "desk-questions");
  await desk.locator("tbody a.clip").first().click();
  await heading("这道题怎么改判？");
  await press("先试算");
  await desk.getByText("请选一种办法。").waitFor();
  await desk.getByLabel("全体送分").check();
  await assertSound(desk, "one question");
  await press("先试算");
  await desk.getByText("试算：已评的 1 份卷里，1 份的分数会变").waitFor();
  await desk.getByText("这 1 人各收到一条通知").waitFor();
  await assertSound(desk, "tried");
  await screenshot(desk, "desk-ruling");
  await confirm("确认更正并重新评分", "题干有歧义");
  await done("已更正并重新评分：看了 1 份，1 份改分");
  await readNotice(second, "成绩已更正");
  await view("题目更正");
  await desk.locator("section", { hasText: "更正过哪些题？" }).getByText("题干有歧义").first().waitFor();
  assert.equal(await desk.locator("section", { hasText: "重新评过几次分？" }).last().locator("tbody tr").count(), 1,
    "pressed twice, marked again once");
});

/** What a phone brings after it was off line for too long. */
function deliverLate(phone, exam) {
  return phone.evaluate(async (id) => {
    const { items } = await (await fetch("/api/v1/me/assignments")).json();
    const { result_attempt: attempt } = items.find((item) => item.exam === id);
    const send = (slot, response) => fetch(`/api/v1/attempts/${attempt}/answers/${slot}`, { method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ epoch: 1, revision: 9, response, answered_at: new Date(Date.now() - 300_000).toISOString() }) });
    // The paper is not shown any more: what is no answer to its question is refused with 422.
    const kept = [];
    for (let slot = 4; kept.length < 2; slot += 1) {
      const reply = await send(slot, ["A"]);
      if (reply.status !== 422) kept.push([reply.status, (await reply.json()).kept_for_review]);
    }
    return kept;
  }, exam);
}

test("late answers are decided on one by one", async () => {
  const exam = new URL(desk.url()).searchParams.get("exam");
  assert.deepEqual(await deliverLate(second, exam), [[409, true], [409, true]]);
  await desk.locator(".views a", { hasText: "迟到的答案（2）" }).waitFor({ timeout: DESK_LIMIT_MS });
  await view("进行情况");
  await desk.getByText("有 2 条迟到的答案等您决定").waitFor();
  await desk.getByRole("link", { name: "去处理" }).click();
  await heading("迟到的答案算不算？");
  await desk.getByText(/第 1 次作答：已交卷，时限/).waitFor();
  await assertSound(desk, "late answers");
  await screenshot(desk, "desk-kept");
  await desk.getByRole("button", { name: /^采用/ }).first().click();
  await desk.getByText("只影响这 1 人").waitFor();
  await assertSound(desk, "deciding");
  await confirm("确认采用", "村里停电，有值班记录");
  await done("已采用");
  await desk.getByRole("button", { name: /^不采用/ }).first().click();
  await confirm("确认不采用", "没有凭据");
  await done("已定：不采用");
  await desk.getByText("没有等着定的迟到答案。").waitFor();
  assert.equal(await desk.locator("tbody tr").count(), 2);
  await readNotice(second, "迟到的作答已采用");
});

test("the desk can be used on a phone, and no page failed", async () => {
  await desk.setViewportSize(PHONE);
  for (const name of ["进行情况", "查人", "题目更正", "迟到的答案"]) {
    await view(name);
    await desk.waitForFunction(() => document.querySelector("main h1") && !document.querySelector(".loading"));
    await assertSound(desk, `${name} on a phone`);
  }
  assert.deepEqual(said.flat(), []);
});
