// An exam that counts how often its page is left (西安光机所: at most three screen leaves).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { answer, assertShown, call, LIMIT, next, offline, people, plugIn, saved, sit, slotShown, unplug } from "./phone.mjs";
import { assertSound, screenshot, startBrowser, startServer } from "./support.mjs";

let server;
let browser;
let somebody;
before(async () => {
  server = await startServer();
  browser = await startBrowser();
  somebody = await people(server);
});
after(async () => {
  await browser.close();
  await server.stop();
});

/** An exam for everybody that is open now and counts leaves from one second on. */
async function publish(rule) {
  const { login, password, unit } = server.account("manager");
  const { token } = await call(server, "POST", "/sessions", { login, password });
  const rules = { pass_marks: 60, screen_leaves: { most: 1, from_seconds: 1, ...rule } };
  const at = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString();
  const draft = await call(server, "POST", "/exams", {
    title: "不离开页面的测试", kind: "test", blueprint: "suce-20", rules, audience: { units: [{ unit, subtree: true }] },
    opens_at: at(-1), closes_at: at(60), duration_seconds: 1800,
  }, token);
  await call(server, "POST", `/exams/${draft.id}/publication`, {}, token);
  return { exam: draft.id, live: () => call(server, "GET", `/exams/${draft.id}/live`, null, token) };
}

/** The page goes out of sight and comes back: another app, or a dark screen. */
async function lookAway(page, milliseconds) {
  const show = (state) => page.evaluate((wanted) => {
    Object.defineProperty(document, "visibilityState", { value: wanted, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
  await show("hidden");
  await page.waitForTimeout(milliseconds);
  await show("visible");
}

const strip = (page, text) => page.waitForSelector(`.strip:has-text("${text}")`, LIMIT);

test("leaves are told to the person and kept; off line they wait; one too many hands in every answer", async () => {
  const { exam, live } = await publish({ then: "hand_in" });
  const person = { ...(await somebody()), exam };
  const cable = await server.cable();
  const { context, page, errors } = await sit(browser, server, person, { url: cable.url });
  await page.waitForFunction(() => performance.getEntriesByType("resource").some(({ name }) => name.includes("screen-leaves")));
  const given = { 1: await answer(page) };
  await saved(page);

  // A short look away is no leave, nor is a reload.
  await lookAway(page, 200);
  await page.reload();
  await page.waitForSelector(".question", LIMIT);
  await page.waitForFunction(() => performance.getEntriesByType("resource").some(({ name }) => name.includes("screen-leaves")));
  assert.equal(await page.locator(".strip:has-text('离开本页面')").count(), 0);
  await lookAway(page, 1300);
  await strip(page, "已记 1 次（最多 1 次）");
  await assertSound(page, "a leave is told");
  await screenshot(page, "screen-leave");

  // Off line: the answer and the leave wait on the phone, and the hand-in with them.
  await unplug(context, cable);
  await next(page);
  given[await slotShown(page)] = await answer(page, 1);
  await offline(page, 1);
  await assertShown(page, given);
  await lookAway(page, 1300);
  await page.waitForSelector("h1:has-text('已在本机交卷')", LIMIT);
  await plugIn(context, cable);
  await page.waitForSelector("text=回执编号", LIMIT);
  const attempt = await call(server, "POST", "/sessions", { login: person.login, password: person.password })
    .then(({ token }) => call(server, "GET", "/me/assignments", null, token))
    .then(({ items }) => items.find((item) => item.exam === exam));
  assert.equal(attempt.state, "submitted");
  assert.equal((await live()).total.submitted, 1);
  assert.deepEqual(errors, []);
  cable.remove();
  await context.close();
});

test("where leaves are only recorded the person goes on, and the desk sees it", async () => {
  const { exam, live } = await publish({ then: "record" });
  const person = { ...(await somebody()), exam };
  const { context, page, errors } = await sit(browser, server, person);
  await page.waitForFunction(() => performance.getEntriesByType("resource").some(({ name }) => name.includes("screen-leaves")));
  await lookAway(page, 1200);
  await lookAway(page, 1200);
  await strip(page, "已超过规定次数");
  await answer(page);
  await saved(page);
  const seen = async () => (await live()).total.left_too_often;
  for (const end = Date.now() + 30_000; (await seen()) !== 1; ) assert.ok(Date.now() < end, "the desk does not see it");
  assert.deepEqual(errors, []);
  await context.close();
});
