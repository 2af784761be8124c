// What outlives the browser itself: a killed browser, and a new version of the program.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import {
  answerMany, assertShown, enter, LIMIT, offline, people, plugIn, review, saved, shellKept, slotShown, start, unplug,
} from "./phone.mjs";
import { openPage, PHONE, startBrowser, startPhone, startServer, until } from "./support.mjs";

let server;
let somebody;
before(async () => {
  server = await startServer();
  somebody = await people(server);
});
after(() => server.stop());

test("the browser is killed off line: answers and hand-in are there when it starts again", async () => {
  const person = await somebody();
  const profile = await mkdtemp(path.join(tmpdir(), "zhijie-phone-"));
  const cable = await server.cable();
  const exam = `${cable.url}/exam.html?exam=${person.exam}`;
  const given = {};
  const phones = [];
  const switchOn = async () => {
    phones.push(await startPhone(profile));
    return phones[phones.length - 1];
  };
  try {
    const first = await switchOn();
    await enter(first.context, cable.url, person);
    await start(first.page, cable.url, person);
    Object.assign(given, await answerMany(first.page, 2));
    await saved(first.page);
    await shellKept(first.page);
    await unplug(first.context, cable);
    Object.assign(given, await answerMany(first.page, 3, 1));
    await offline(first.page, 3);
    await first.kill();

    // Still without a network: the paper, the place and every answer come from the phone.
    const second = await switchOn();
    await second.page.goto(exam);
    await second.page.waitForSelector(".question", LIMIT);
    assert.equal(await slotShown(second.page), 6);
    await offline(second.page, 3);
    await assertShown(second.page, given);
    await review(second.page);
    await second.page.click("text=确认交卷");
    await second.page.waitForSelector("h1:has-text('已在本机交卷')", LIMIT);
    await second.kill();
    assert.equal((await person.attempt()).state, "answering");

    const third = await switchOn();
    await plugIn(third.context, cable);
    await third.page.goto(exam);
    await third.page.waitForSelector("text=回执编号", LIMIT);
    assert.equal((await person.attempt()).state, "submitted");
    await person.assertHeld(given);
  } finally {
    await Promise.all(phones.map((phone) => phone.kill()));
    cable.remove();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
});

/** The server as it is now, and after `renew()` as if it were the next version: other content under another hash. */
async function renewable(url) {
  const [, version] = /"\/v\/([0-9a-f]+)\//.exec(await (await fetch(`${url}/index.html`)).text());
  const next = "f".repeat(version.length);
  let renewed = false;
  const proxy = createServer((near, answer) => {
    const address = renewed ? near.url.replace(`/v/${next}/`, `/v/${version}/`) : near.url;
    const headers = { ...near.headers, "accept-encoding": "identity" };
    delete headers["if-none-match"];
    const far = request(`${url}${address}`, { method: near.method, headers }, (reply) => {
      const chunks = [];
      reply.on("data", (chunk) => chunks.push(chunk));
      reply.on("end", () => {
        let body = Buffer.concat(chunks);
        const told = { ...reply.headers };
        if (renewed && /text\/(html|javascript)/.test(told["content-type"] ?? "")) {
          body = Buffer.from(body.toString().replaceAll(version, next).replace("· 知戒</title>", "· 知戒二</title>"));
          told["content-length"] = body.length;
          delete told.etag;
        }
        answer.writeHead(reply.statusCode, told).end(body);
      });
    });
    far.on("error", () => answer.destroy());
    near.pipe(far);
  });
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${proxy.address().port}`, version, next, renew: () => (renewed = true), close: () => proxy.close() };
}

test("a new version of the program shows at once, and the kept one goes", async () => {
  const browser = await startBrowser();
  const site = await renewable(server.url);
  const { context, page, errors } = await openPage(browser, PHONE);
  const address = `${site.url}/index.html`;
  const caches = () => page.evaluate(() => window.caches.keys());
  const script = () => page.evaluate(() => document.querySelector("script").getAttribute("src"));
  await page.goto(address);
  await shellKept(page);
  assert.deepEqual(await caches(), [`zhijie-${site.version}`]);

  site.renew();
  await page.reload();
  await page.waitForSelector("#login", LIMIT);
  assert.equal(await script(), `/v/${site.next}/js/index.js`, "the first load on line is of the new version");
  await until(page, async (name) => (await window.caches.keys()).join() === name, `zhijie-${site.next}`, LIMIT);
  await context.setOffline(true);
  site.close();
  await page.reload();
  await page.waitForSelector("#login", LIMIT);
  assert.equal(await script(), `/v/${site.next}/js/index.js`, "and so is the next one off line");
  assert.deepEqual(errors, []);
  await browser.close();
});
