// A real server with the demo district, and a real browser.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = path.dirname(fileURLToPath(import.meta.url));
const binary = process.env.ZHIJIE_BIN || path.join(here, "../../target/release/zhijie");
export const chromiumPath = process.env.CHROMIUM || "/usr/bin/chromium";
const START_LIMIT_MS = 120_000;
const axeSource = await readFile(path.join(here, "node_modules/axe-core/axe.min.js"), "utf8");

export const PHONE = { width: 360, height: 740 };
export const DESK = { width: 1280, height: 800 };

/** Runs the program on a data folder; answers with the process and its address once it serves. */
async function launch(data, listen) {
  const child = spawn(binary, ["--data", data, "serve", "--demo", "--listen", listen], { stdio: ["ignore", "ignore", "pipe"] });
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
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`the server ended with ${code}:\n${said}`)));
  });
  return { child, url };
}

/** Ends a process and waits until it is gone. */
async function end(child, signal) {
  child.removeAllListeners("exit");
  const gone = new Promise((resolve) => child.on("exit", resolve));
  child.kill(signal);
  await gone;
}

/** A cable to a port: while it is cut every connection breaks, as on a train. */
async function layCable(port) {
  const lines = new Set();
  let isCut = false;
  let swallowed = null;
  let lost = 0;
  const relay = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(port, "127.0.0.1");
    for (const [one, other] of [[near, far], [far, near]]) {
      lines.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        lines.delete(one);
        other.destroy();
      });
    }
    near.on("data", (chunk) => {
      if (swallowed && swallowed.test(chunk.toString("latin1").split("\r\n", 1)[0])) lost += 1;
      else far.write(chunk);
    });
    near.on("end", () => far.end());
    far.pipe(near);
  });
  await new Promise((resolve) => relay.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    isCut = true;
    for (const line of lines) line.destroy();
  };
  return {
    url: `http://127.0.0.1:${relay.address().port}`,
    cut,
    mend: () => (isCut = false),
    /** Requests whose first line matches leave the phone and reach nobody. */
    swallow: (pattern) => (swallowed = pattern),
    /** How many did. */
    lost: () => lost,
    remove() {
      cut();
      relay.close();
    },
  };
}

/** Starts the demo on a free loopback port. */
export async function startServer() {
  const data = await mkdtemp(path.join(tmpdir(), "zhijie-browser-"));
  let { child, url } = await launch(data, "127.0.0.1:0");
  const accounts = JSON.parse(await readFile(path.join(data, "demo-accounts.json"), "utf8"));
  return {
    url,
    /** A way of its own to the server, which can be cut. */
    cable: () => layCable(Number(new URL(url).port)),
    /** The n-th account of a role. */
    account: (role, n = 0) => accounts.filter((one) => one.role === role)[n],
    /** Kills it without warning, as a pulled plug does. */
    kill: () => end(child, "SIGKILL"),
    /** Starts it again at the same address. */
    async restart() {
      ({ child } = await launch(data, new URL(url).host));
    },
    async stop() {
      await end(child, "SIGTERM");
      await rm(data, { recursive: true, force: true });
    },
  };
}

export const chromiumArguments = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
  // A name that is not localhost: there the page has what plain HTTP has.
  "--host-resolver-rules=MAP zhijie.test 127.0.0.1",
];

export function startBrowser() {
  return chromium.launch({ executablePath: chromiumPath, args: chromiumArguments });
}

/** A browser with a profile on the disk, as on a phone; it can be killed as a phone that is out of battery. */
export async function startPhone(profile) {
  const child = spawn(chromiumPath, [...chromiumArguments, `--user-data-dir=${profile}`, "--remote-debugging-port=0"], {
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  const address = await new Promise((resolve, reject) => {
    let said = "";
    const timer = setTimeout(() => reject(new Error(`the browser does not start:\n${said}`)), START_LIMIT_MS);
    child.stderr.on("data", (chunk) => {
      said += chunk;
      const found = /DevTools listening on (ws:\S+)/.exec(said);
      if (found) {
        clearTimeout(timer);
        resolve(found[1]);
      }
    });
  });
  const browser = await chromium.connectOverCDP(address);
  const page = await browser.contexts()[0].newPage();
  await page.setViewportSize(PHONE);
  return {
    page,
    context: browser.contexts()[0],
    /** All of its processes at once, without warning. */
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.on("exit", resolve));
      process.kill(-child.pid, "SIGKILL");
      await gone;
    },
  };
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

/**
 * Waits until a check on a page holds. Playwright's own waiting takes the promise of an asynchronous check for a yes.
 *
 * @param {import("playwright-core").Page} page
 * @param {(argument: any) => unknown} check runs in the page
 */
export async function until(page, check, argument, { timeout = 30_000, polling = 100 } = {}) {
  const end = Date.now() + timeout;
  while (!(await page.evaluate(check, argument))) {
    assert.ok(Date.now() < end, `not seen within ${timeout} ms: ${check}`);
    await new Promise((resolve) => setTimeout(resolve, polling));
  }
}
