// How long the exam page takes on a throttled phone: `node ready.mjs` in this folder, after `npm ci`.
// Each load is a browser without a cache: 1.6 Mbit/s, 150 ms, processor ÷ 4, a real server with the demo beside it.
import { PHONE, signIn, startBrowser, startServer } from "./support.mjs";

/** One for each examinee that the demo names. */
const LOADS = 3;
const NETWORK = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };

const server = await startServer();
const browser = await startBrowser();

/** Long enough for each of the three. While it lasts the page is left alone: looking at it costs the phone time. */
const PATIENCE_MS = 3000;

/** Notes when something first shows, on the clock of the page. */
function watch(selector) {
  window.shownAt = null;
  new MutationObserver((_, observer) => {
    if (!document.querySelector(selector)) return;
    observer.disconnect();
    window.shownAt = performance.now();
  }).observe(document, { childList: true, subtree: true });
}

async function phone(n) {
  const context = await browser.newContext({ viewport: PHONE, isMobile: true, hasTouch: true, serviceWorkers: "block" });
  const page = await context.newPage();
  await signIn(page, server, server.account("examinee", n), "/account.html");
  return context;
}

/** Milliseconds from a navigation to what is waited for, with nothing cached. */
async function load(context, address, selector, then) {
  const page = await context.newPage();
  const tools = await context.newCDPSession(page);
  await tools.send("Network.enable");
  await tools.send("Network.clearBrowserCache");
  await tools.send("Network.setCacheDisabled", { cacheDisabled: true });
  await tools.send("Network.emulateNetworkConditions", NETWORK);
  await tools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await page.addInitScript(watch, selector);
  await page.goto(address, { waitUntil: "commit" });
  await page.waitForTimeout(PATIENCE_MS);
  const ms = await page.evaluate(() => window.shownAt);
  if (then) await then(page);
  await page.close();
  return ms;
}

const times = { "page ready to start": [], "start to first question": [], "resumed, first question": [] };
for (let n = 0; n < LOADS; n += 1) {
  const context = await phone(n);
  const { items } = await (await context.request.get(`${server.url}/api/v1/me/assignments`)).json();
  const address = `${server.url}/exam.html?exam=${items.find(({ state }) => state === "open").exam}`;
  times["page ready to start"].push(await load(context, address, ".start .primary", async (page) => {
    await page.evaluate(watch, ".question");
    const from = await page.evaluate(() => {
      document.querySelector(".start .primary").click();
      return performance.now();
    });
    await page.waitForTimeout(PATIENCE_MS);
    times["start to first question"].push((await page.evaluate(() => window.shownAt)) - from);
  }));
  times["resumed, first question"].push(await load(context, address, ".question"));
  await context.close();
}
for (const [what, all] of Object.entries(times)) {
  const sorted = all.map(Math.round).sort((a, b) => a - b);
  console.log(`${what}: ${sorted.join(", ")} ms`);
}
await browser.close();
await server.stop();
