// A unit head, a liaison, an analyst and a manager do their jobs at a desk.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { DESK, PHONE, assertSound, openPage, screenshot, signIn, startBrowser, startServer } from "./support.mjs";

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
});
after(async () => {
  await browser.close();
  await server.stop();
});

async function staff(role, path, viewport = DESK) {
  const opened = await openPage(browser, viewport);
  await signIn(opened.page, server, server.account(role), path);
  await opened.page.waitForSelector("main h1");
  return opened;
}

test("a unit head sees who is missing and the pass rates", async () => {
  const { context, page, errors } = await staff("unit_head", "/staff/unit.html");
  await page.waitForSelector("text=/应考/");
  await page.waitForSelector(".copy-text");
  const copied = await page.locator(".copy-text").inputValue();
  assert.match(copied, /年度纪法知识测试/);
  assert.match(await page.textContent("main"), /合格率（按应考）/);
  await assertSound(page, "unit");
  await screenshot(page, "unit");
  await page.setViewportSize(PHONE);
  await assertSound(page, "unit on a phone");
  assert.deepEqual(errors, []);
  await context.close();
});

test("a liaison issues a code and prints slips", async () => {
  const { context, page, errors } = await staff("liaison", "/staff/unit.html");
  const unit = server.account("liaison").unit;
  await page.goto(`${server.url}/staff/slips.html?unit=${unit}`);
  const download = page.waitForEvent("download", { timeout: 60_000 });
  await page.getByRole("button", { name: /PDF 文件/ }).click();
  const file = await download;
  assert.match(file.suggestedFilename(), /^激活条-.+\.pdf$/);
  assert.equal((await readFile(await file.path())).subarray(0, 5).toString(), "%PDF-");
  await assertSound(page, "slips as a file");
  await page.reload();
  await page.getByRole("button", { name: /显示在本页/ }).click();
  await page.waitForSelector(".slips .slip svg");
  assert.ok((await page.locator(".slips .slip").count()) > 3);
  await assertSound(page, "slips");
  assert.deepEqual(errors, []);
  await context.close();
});

test("an analyst takes away the mastery table", async () => {
  const { context, page, errors } = await staff("analyst", "/staff/mastery.html?by=rank,topic");
  await page.waitForSelector("tbody tr");
  assert.match(await page.textContent("tbody"), /\d+\.\d%（\d+\.\d–\d+\.\d）/);
  await assertSound(page, "mastery");
  await screenshot(page, "mastery");
  const download = page.waitForEvent("download", { timeout: 60_000 });
  await page.getByRole("button", { name: "导出 csv" }).click();
  assert.match((await download).suggestedFilename(), /\.csv$/);
  assert.deepEqual(errors, []);
  await context.close();
});

test("a manager makes, previews, publishes and cancels an exam", async () => {
  const { context, page, errors } = await staff("manager", "/staff/exams.html?new=1");
  await page.getByLabel("考试名称").fill("季度测试");
  await page.locator(".tree input").first().check();
  await page.getByLabel("双向细目表").selectOption("suce-20");
  await assertSound(page, "new exam");
  await page.getByRole("button", { name: "存为草稿" }).click();
  await page.getByText("草稿已保存").waitFor();
  await page.getByPlaceholder("姓名或工号").fill("1000");
  await page.getByRole("button", { name: "查找" }).click();
  await page.locator(".choices button").first().click();
  await page.waitForSelector(".paper");
  await page.getByRole("button", { name: "发布……" }).click();
  await assertSound(page, "publishing");
  await page.getByRole("button", { name: "确认发布" }).click();
  await page.locator(".notice.good", { hasText: "发布" }).filter({ hasText: "人" }).waitFor();
  await screenshot(page, "exam");
  await page.getByRole("button", { name: "取消考试……" }).click();
  await page.locator(".confirm textarea").fill("时间冲突");
  await page.getByRole("button", { name: "确认取消考试" }).click();
  await page.getByText("考试已取消").waitFor();
  assert.deepEqual(errors, []);
  await context.close();
});

test("a manager imports a roster with a preview, and takes it back", async () => {
  const { context, page, errors } = await staff("manager", "/staff/people.html");
  const csv = "工号,姓名,单位\n900001,冯二,区审计局\n900002,褚三,区审计局\n";
  await page.locator("input[type=file]").setInputFiles({ name: "新人.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await page.getByRole("button", { name: "读文件，看变化" }).click();
  await page.getByRole("button", { name: "写入花名册……" }).waitFor();
  await assertSound(page, "import");
  await page.getByRole("button", { name: "写入花名册……" }).click();
  await page.getByRole("button", { name: "确认写入" }).click();
  await page.getByText("已写入花名册").waitFor();
  await page.getByRole("button", { name: "撤销这一批……" }).click();
  await page.getByRole("button", { name: "确认撤销" }).click();
  await page.getByText("恢复原样").waitFor();
  assert.deepEqual(errors, []);
  await context.close();
});

test("the register, the bank and the API can be read", async () => {
  for (const [role, path, word] of [
    ["manager", "/staff/laws.html", "纪律处分条例"],
    ["author", "/staff/questions.html", "政务处分"],
    ["manager", "/staff/api.html", "/api/v1/sessions"],
    ["manager", "/staff/index.html", "考试"],
  ]) {
    const { context, page, errors } = await staff(role, path);
    await page.waitForFunction((text) => document.querySelector("main").textContent.includes(text), word);
    await assertSound(page, path);
    assert.deepEqual(errors, []);
    await context.close();
  }
});
