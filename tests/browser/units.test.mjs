// A manager groups, merges and renames units, edits a list, and corrects a row of a roster before it is written.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { DESK, PHONE, assertSound, openPage, signIn, startBrowser, startServer } from "./support.mjs";

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
});
after(async () => {
  await browser.close();
  await server.stop();
});

/** Pictures to look at, where somebody asks for them: LOOK=folder */
async function look(page, name) {
  if (!process.env.LOOK) return;
  await mkdir(process.env.LOOK, { recursive: true });
  await page.screenshot({ path: path.join(process.env.LOOK, `${name}.png`), fullPage: true });
}

/** Sound at a desk and on a phone. */
async function sound(page, name) {
  await assertSound(page, name);
  await look(page, `${name}-1280`.replaceAll(" ", "-"));
  await page.setViewportSize(PHONE);
  await assertSound(page, `${name} on a phone`);
  await look(page, `${name}-360`.replaceAll(" ", "-"));
  await page.setViewportSize(DESK);
}

async function manager(at) {
  const opened = await openPage(browser, DESK);
  await signIn(opened.page, server, server.account("manager"), at);
  await opened.page.waitForSelector("main h1");
  return opened;
}

const rowOf = (page, name) => page.locator("tbody tr", { has: page.locator("th", { hasText: name }) }).first();

test("a manager edits a unit in its place, merges two, renames one", async () => {
  const { context, page, errors } = await manager("/staff/units.html");
  await page.waitForSelector("#units tbody tr");
  assert.match(await page.textContent(".lead"), /在用 120 个单位/);
  await sound(page, "units");

  await rowOf(page, "区审计局").getByRole("button", { name: "修改区审计局的编码和分组" }).click();
  await page.getByLabel("区审计局的系统").fill("经济系统");
  await page.getByLabel("区审计局的片区").fill("城区片");
  await sound(page, "editing a unit");
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await page.getByText("区审计局已保存").waitFor();
  assert.match(await rowOf(page, "区审计局").textContent(), /经济系统.*城区片/);

  await page.getByRole("button", { name: "区统计局：更名、合并、拆分、移动" }).click();
  await page.getByRole("heading", { name: "区统计局" }).waitFor();
  await page.getByRole("button", { name: "并入别的单位" }).click();
  await page.getByLabel("并入", { exact: true }).selectOption({ label: "　区审计局" });
  await page.getByRole("button", { name: "看会发生什么" }).click();
  await page.locator(".confirm").waitFor();
  const consequences = await page.textContent(".confirm");
  assert.match(consequences, /“区统计局”的 \d+ 人转到“区审计局”/);
  assert.match(consequences, /“区统计局”自.*起撤销/);
  assert.match(consequences, /已定名单的考试不变/);
  await sound(page, "merging");
  await page.getByRole("button", { name: "确认合并" }).click();
  await page.getByText("请写明理由").waitFor();
  await page.locator(".confirm textarea").fill("机构改革方案");
  await page.getByRole("button", { name: "确认合并" }).click();
  await page.getByText("已办好").waitFor();
  await page.locator("#history").getByText("区统计局 → 区审计局").waitFor();
  assert.equal(await rowOf(page, "区统计局").count(), 0);
  await page.getByLabel("含已撤销").check();
  await rowOf(page, "区统计局").getByText("已撤销").waitFor();

  await page.getByRole("button", { name: "区商务局：更名、合并、拆分、移动" }).click();
  await page.getByRole("button", { name: "更名", exact: true }).click();
  await page.getByLabel("新名称").fill("区商务和投资促进局");
  await page.getByRole("button", { name: "看会发生什么" }).click();
  await page.locator(".confirm textarea").fill("三定方案");
  await page.getByRole("button", { name: "确认更名" }).click();
  await page.getByText("已办好").waitFor();
  await rowOf(page, "区商务和投资促进局").waitFor();

  await page.getByRole("button", { name: "区水利局：更名、合并、拆分、移动" }).click();
  await page.getByRole("button", { name: "拆分", exact: true }).click();
  await page.getByLabel("新单位 1 的名称").fill("区河湖管理局");
  await page.getByLabel("新单位 1 的名称").blur();
  await page.locator(".names select").first().selectOption({ label: "区河湖管理局" });
  await page.getByRole("button", { name: "看会发生什么" }).click();
  await page.locator(".confirm").getByText("“区水利局”的 1 人转到“区河湖管理局”").waitFor();
  await sound(page, "splitting");
  await page.getByRole("button", { name: "取消", exact: true }).click();

  await page.getByRole("button", { name: "换上级", exact: true }).click();
  await page.getByLabel("新的上级单位").selectOption({ label: "　区审计局" });
  await page.getByRole("button", { name: "看会发生什么" }).click();
  await page.locator(".confirm").getByText("连同下级共 1 个单位").waitFor();
  await assertSound(page, "moving");
  await page.getByLabel("分组", { exact: true }).selectOption({ label: "系统：经济系统" });
  await page.waitForFunction(() => document.querySelectorAll("#units tbody tr").length < 120);
  assert.deepEqual(errors, []);
  await context.close();
});

test("a manager edits the list of ranks", async () => {
  const { context, page, errors } = await manager("/staff/units.html?list=rank");
  const editor = page.locator("#lists");
  await editor.locator(".edit-list tbody tr").first().waitFor();
  await editor.getByRole("button", { name: "二级巡视员上移" }).click();
  await editor.getByRole("button", { name: "加一项" }).click();
  const added = editor.locator("tbody tr").last();
  await added.locator("input").first().fill("四级监察官");
  await added.locator("input").nth(1).fill("监察官四级、四级监察");
  await added.locator("select").selectOption({ label: "一般干部" });
  await sound(page, "lists");
  await editor.getByRole("button", { name: "看会有什么变化" }).click();
  await editor.locator(".confirm").getByText("新增：“四级监察官”").waitFor();
  await editor.getByText("次序有变").waitFor();
  await sound(page, "list preview");
  await editor.getByRole("button", { name: "确认修改" }).click();
  await editor.getByText("名单已保存").waitFor();
  await page.reload();
  await editor.locator(".edit-list tbody tr").first().waitFor();
  assert.equal(await editor.locator("tbody tr").first().locator("input").first().inputValue(), "二级巡视员");
  await editor.getByLabel("哪张名单").selectOption("rank_group");
  await editor.locator("input[type=radio]").first().waitFor();
  await sound(page, "groups list");
  assert.deepEqual(errors, []);
  await context.close();
});

test("a manager corrects a row of a preview in its place, and leaves another out", async () => {
  const { context, page, errors } = await manager("/staff/people.html");
  const csv = "工号,姓名,单位,手机号,系统\n910001,冯二,区审计局,,经济系统\n910002,,区审计局,,\n910003,褚三,区审计局,123,\n" +
    "910001,卫四,区审计局,,\n";
  const file = { name: "待更正.csv", mimeType: "text/csv", buffer: Buffer.from(csv) };
  await page.locator("input[type=file]").setInputFiles(file);
  await page.getByRole("button", { name: "读文件，看变化" }).click();
  await page.getByText("3 处错误").first().waitFor();
  await page.getByRole("button", { name: "更正待更正 第 3 行的姓名" }).click();
  await page.getByLabel("新的姓名").fill("孔七");
  await sound(page, "correcting");
  await page.getByRole("button", { name: "保存更正" }).click();
  await page.getByText("已更正 1 行，跳过 0 行").waitFor();
  await page.getByRole("button", { name: "更正待更正 第 4 行的手机号" }).click();
  await page.getByLabel("新的手机号").fill("12");
  await page.getByRole("button", { name: "保存更正" }).click();
  await page.getByText("没能更正").waitFor();
  await page.getByRole("button", { name: "跳过待更正 第 5 行" }).first().click();
  await page.getByText("已更正 1 行，跳过 1 行").waitFor();
  await sound(page, "corrected");
  await page.getByRole("button", { name: "写入花名册……" }).click();
  await page.getByRole("button", { name: "确认写入" }).click();
  await page.getByText("已写入花名册").waitFor();
  await page.getByLabel("查人").fill("91000");
  await page.locator("#list").getByText("共 3 人").waitFor();
  assert.deepEqual(errors, []);
  await context.close();
});
