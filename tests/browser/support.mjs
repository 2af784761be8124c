// A real server with the demo district, and a real browser.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = path.dirname(fileURLToPath(import.meta.url));
const binary = process.env.ZHIJIE_BIN || path.join(here, "../../target/release/zhijie");
const chromiumPath = process.env.CHROMIUM || "/usr/bin/chromium";
const START_LIMIT_MS = 120_000;
const axeSource = await readFile(path.join(here, "node_modules/axe-core/axe.min.js"), "utf8");

export const PHONE = { width: 360, height: 740 };
export const DESK = { width: 1280, height: 800 };

/** Starts the demo on a free loopback port. */
export async function startServer() {
  const data = await mkdtemp(path.join(tmpdir(), "zhijie-browser-"));
  const child = spawn(binary, ["--data", data, "serve", "--demo", "--listen", "127.0.0.1:0"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const url = await new Promise((resolve, reject) => {
    let said = "";
    const timer = setTimeout(() => reject(new Error(`the server does not start:\n${said}`)), START_LIMIT_MS);
    child.stderr.on("data", (chunk) => {
      said += chunk;
      const found = /http:\/\/[\d.]+:\d+/.exec(said);
      if (found) {
        clearTimeout(timer);
        resolve(found[0]);
      }
    });
    child.on("exit", (code) => reject(new Error(`the server ended with ${code}:\n${said}`)));
  });
  const accounts = JSON.parse(await readFile(path.join(data, "demo-accounts.json"), "utf8"));
  return {
    url,
    /** The n-th account of a role. */
    account: (role, n = 0) => accounts.filter((one) => one.role === role)[n],
    async stop() {
      child.removeAllListeners("exit");
      child.kill("SIGTERM");
      await new Promise((resolve) => child.on("exit", resolve));
      await rm(data, { recursive: true, force: true });
    },
  };
}

export function startBrowser() {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ],
  });
}

/** A page whose own errors fail the test. */
export async function openPage(browser, viewport) {
  const context = await browser.newContext({ viewport, locale: "zh-CN", acceptDownloads: true });
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    // A refused request is part of several tests; a refused script is not.
    if (message.type() === "error" && !/status of|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION/.test(message.text())) {
      errors.push(message.text());
    }
  });
  return { context, page, errors };
}

export async function signIn(page, server, account, next = "/") {
  await page.goto(`${server.url}/index.html?next=${encodeURIComponent(next)}`);
  await page.fill("#login", account.login);
  await page.fill("#password", account.password);
  await page.click("button[type=submit]");
  await page.waitForFunction(() => !document.querySelector("#login"));
}

/** No serious violation of accessibility, and nothing wider than the screen. */
export async function assertSound(page, name) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const grave = found.violations
    .filter((one) => one.impact === "serious" || one.impact === "critical")
    .map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 160)}`);
  assert.deepEqual(grave, [], `${name}: axe`);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(overflow <= 0, `${name}: ${overflow} px wider than the screen`);
}

/** Screenshots of the README are made here when asked for: UPDATE_SCREENSHOTS=1 tests/run */
export async function screenshot(page, name) {
  if (process.env.UPDATE_SCREENSHOTS) {
    await page.screenshot({ path: path.join(here, "../../docs/screenshots", `${name}.png`) });
  }
}
