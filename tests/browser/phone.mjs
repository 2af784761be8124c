// Phones of officials: each with a person of its own, an exam page opened on it, and a look at what the server holds.
import assert from "node:assert/strict";
import { PHONE, openPage, until } from "./support.mjs";

const PASSWORD = "xuexi-2026-jilv";
/** How long a condition may take, in milliseconds. */
export const LIMIT = { timeout: 30_000 };

export async function call(server, method, path, body, token) {
  const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
  const response = await fetch(`${server.url}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
  return text === "" ? null : JSON.parse(text);
}

/** Moves the demo's clock. */
export const advanceClock = (server, seconds) => call(server, "POST", "/demo/clock", { advance_seconds: seconds });

/** People of one unit, with accounts ready: as many as are asked for, each handed out once. */
export async function people(server) {
  const liaison = server.account("liaison");
  const { token } = await call(server, "POST", "/sessions", { login: liaison.login, password: liaison.password });
  const { items } = await call(server, "POST", `/units/${liaison.unit}/activation-codes`, { only_missing: true }, token);
  return async () => {
    const { login, code } = items.shift();
    let { token: own } = await call(server, "POST", "/activations", { login, code, password: PASSWORD });
    const { items: due } = await call(server, "GET", "/me/assignments", null, own);
    const { exam } = due.find((item) => item.state === "open");
    return {
      login,
      password: PASSWORD,
      exam,
      /** The attempt as the server holds it: state, epoch, answers by slot. */
      async attempt() {
        const { items: now } = await call(server, "GET", "/me/assignments", null, own).catch(async () => {
          // The demo's clock was moved, and the token has run out.
          ({ token: own } = await call(server, "POST", "/sessions", { login, password: PASSWORD }));
          return call(server, "GET", "/me/assignments", null, own);
        });
        const { attempt } = now.find((item) => item.exam === exam);
        return call(server, "GET", `/attempts/${attempt}`, null, own);
      },
      /** Whether the server holds these responses, by slot. */
      async assertHeld(responses) {
        const { answers } = await this.attempt();
        for (const [slot, response] of Object.entries(responses)) {
          assert.deepEqual(answers[slot] && answers[slot].response, response, `slot ${slot}`);
        }
      },
    };
  };
}

/** Signs somebody in on a phone without walking through the form. */
export async function enter(context, url, person) {
  const body = JSON.stringify({ login: person.login, password: person.password });
  const { hostname } = new URL(url);
  const reply = await fetch(`${url.replace(hostname, "127.0.0.1")}/api/v1/sessions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  assert.equal(reply.status, 201);
  await context.addCookies(
    reply.headers.getSetCookie().map((cookie) => {
      const [name, value] = cookie.split(";")[0].split("=");
      const [, path] = /path=([^;]+)/i.exec(cookie);
      return { name, value, domain: hostname, path, httpOnly: true, sameSite: "Lax" };
    }),
  );
}

/** A phone whose owner is signed in, showing the first question of the test. `url` as the phone names the server. */
export async function sit(browser, server, person, { url = server.url, prepare } = {}) {
  const phone = await openPage(browser, PHONE);
  if (prepare) await prepare(phone);
  await enter(phone.context, url, person);
  await start(phone.page, url, person);
  return phone;
}

/** Opens the exam page and presses its button. */
export async function start(page, url, person) {
  await page.goto(`${url}/exam.html?exam=${person.exam}`);
  await page.click(".start .primary");
  await page.waitForSelector(".question", LIMIT);
}

export const saveText = (page) => page.textContent(".bar-save");
const untilText = (page, text) =>
  page.waitForFunction((wanted) => new RegExp(wanted).test(document.querySelector(".bar-save")?.textContent ?? ""), text, LIMIT);

export const saved = (page) => untilText(page, "^已保存$");
export const offline = (page, waiting) => untilText(page, waiting ? `离线.*（${waiting} 题待传）` : "离线");
export const busy = (page) => untilText(page, "服务器忙");

/** The person looks at the page again: it asks the server and sends what waits. */
export const lookAgain = (page) => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));

/** No network: neither for the page nor, unlike with the browser's own switch alone, for a worker or a page that loads. */
export async function unplug(context, cable) {
  cable.cut();
  await context.setOffline(true);
}

export async function plugIn(context, cable) {
  cable.mend();
  await context.setOffline(false);
}

/** The number of the question that is shown. */
export const slotShown = async (page) => Number(/第\s*(\d+)/.exec(await page.textContent(".question-number"))[1]);

/** Answers the question shown, and says how, as the server should hold it. `pick` chooses among options. */
export async function answer(page, pick = 0) {
  const kind = await page.textContent(".question-number");
  if (/判断/.test(kind)) {
    await page.locator(".option").nth(pick % 2).click();
    return pick % 2 === 0;
  }
  if (/填空/.test(kind)) {
    const blanks = await page.locator("main input[type=text]").all();
    const texts = blanks.map((_, index) => `${pick + 1}年${index}`);
    for (const [index, blank] of blanks.entries()) await blank.fill(texts[index]);
    return texts;
  }
  const letters = await page.locator(".option-letter").allTextContents();
  const chosen = /多选/.test(kind) ? [pick % letters.length, (pick + 1) % letters.length].sort() : [pick % letters.length];
  for (const index of chosen) await page.locator(".option").nth(index).click();
  return chosen.map((index) => letters[index]);
}

export const next = (page) => page.click("#foot .primary");

/** Answers some questions from here on; says the responses by slot. */
export async function answerMany(page, count, pick = 0) {
  const responses = {};
  for (let n = 0; n < count; n += 1) {
    responses[await slotShown(page)] = await answer(page, pick);
    await next(page);
  }
  return responses;
}

/** Goes to a question by the answer sheet. */
export async function goTo(page, slot) {
  await page.click(".card-button");
  await page.locator(".sheet .sheet-body .sheet-number", { hasText: new RegExp(`^${slot}$`) }).click();
  await page.waitForFunction((wanted) => document.querySelector(".question-number")?.textContent.includes(`第 ${wanted} 题`), slot, LIMIT);
}

/** What the page shows as answered in the question at hand, in the server's words. */
export async function shown(page) {
  return page.evaluate(() => {
    const inputs = Array.from(document.querySelectorAll("main .question input"));
    if (inputs.some((input) => input.type === "text")) return inputs.map((input) => input.value);
    const values = inputs.filter((input) => input.checked).map((input) => input.value);
    return values[0] === "true" || values[0] === "false" ? values[0] === "true" : values;
  });
}

/** Whether the page shows these responses, by slot. */
export async function assertShown(page, responses) {
  for (const [slot, response] of Object.entries(responses)) {
    await goTo(page, slot);
    assert.deepEqual(await shown(page), response, `slot ${slot}`);
  }
}

/** From the last question to the page where the hand-in is confirmed. */
export async function review(page) {
  await page.click(".card-button");
  await page.click(".sheet .primary");
  await page.waitForSelector("text=确认交卷", LIMIT);
}

/** Until the pages load off line. */
export const shellKept = (page) =>
  until(page, async () => (await navigator.serviceWorker.ready) && navigator.serviceWorker.controller !== null, null, LIMIT);
