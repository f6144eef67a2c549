import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import type { Output } from "../../src/contract/index.ts";
import { TestDaemon } from "../support/daemon.ts";
import { Site } from "../support/site.ts";

process.env.NEXORA_TEST_BINARY ??= join(import.meta.dir, "../../dist/nexora");

// Playwright and our verbs take turns on one page of a site that is hard in every way that sites are.

let daemon: TestDaemon;
let site: Site;
let playwright: Browser;
let page: Page;

beforeAll(async () => {
  daemon = await TestDaemon.start();
  site = await Site.open(daemon, { browser: true });
  const { url } = await site.call<Output<"chrome.endpoint">>("POST", "chrome/endpoint", {});
  playwright = await chromium.connectOverCDP(url, { noDefaults: true });
  const context = playwright.contexts()[0];
  if (!context) throw new Error("the browser has no context");
  page = context.pages()[0] ?? (await context.waitForEvent("page"));
});
afterAll(async () => {
  await playwright?.close();
  await site?.[Symbol.asyncDispose]();
  await daemon[Symbol.asyncDispose]();
});

/** A verb that acts, and what it says has changed. */
const act = (verb: string, input: object) =>
  site.call<Output<"chrome.click">>("POST", `chrome/${verb}`, input);
const goto = (path: string, more = {}) =>
  site.call<Output<"chrome.goto">>("POST", "chrome/goto", {
    url: path.startsWith("/") ? site.url + path : path,
    ...more,
  });
const click = (target: string, more = {}) => act("click", { target, ...more });
const fill = (target: string, text: string) => act("fill", { target, text });
const text = async () => (await site.call<Output<"chrome.text">>("GET", "chrome/text")).text;
const snapshot = async (query = "") =>
  (await site.call<Output<"chrome.snapshot">>("GET", `chrome/snapshot?${query}`)).text;
/** The ref of the line of a snapshot that begins so. */
async function refOf(line: string): Promise<string> {
  const found = (await snapshot()).split("\n").find((each) => each.trim().startsWith(line));
  const ref = /@e\d+/.exec(found ?? "")?.[0];
  if (!ref) throw new Error(`no ${line} in:\n${await snapshot()}`);
  return ref;
}
const said = () => page.locator("output").innerText();

describe("a site, by our verbs and by Playwright in turns", () => {
  test("a form: what one fills in the other reads, and it is sent", async () => {
    expect(await goto("/redirect")).toMatchObject({
      status: 200,
      title: "Forms",
      url: `${site.url}/forms`,
    });
    await fill(await refOf('textbox "Name"'), "Ada Lovelace");
    await page.getByLabel("E-mail").fill("ada@example.org");
    await fill('role=spinbutton[name="Amount"]', "3");
    await page.getByLabel("Day").fill("2026-11-22");
    await act("select", { target: "#size", options: ["Medium"] });
    await page.getByLabel("Colours").selectOption(["Red", "Blue"]);
    await act("check", { target: 'role=radio[name="In the shop"]' });
    await fill('role=textbox[name="Remarks"]', "two\nlines");
    await fill("#greeting", "Dear Charles,");
    expect(await page.locator("input[name=name]").inputValue()).toBe("Ada Lovelace");
    await act("press", { keys: ["End"], on: "input[name=name]" });
    await act("press", { keys: ["shift+a"] });
    expect(await page.locator("#keys").innerText()).toBe("End Shift A");
    await act("check", { target: "#terms" });
    // It is not enabled at once.
    const { changed } = await click('role=button[name="Order"]');
    expect(changed.navigated).toMatchObject({
      url: `${site.url}/submitted`,
      title: "Submitted",
      status: 200,
    });
    expect(await page.locator("dl").innerText()).toBe(
      [
        "name",
        "Ada LovelaceA",
        "email",
        "ada@example.org",
        "amount",
        "3",
        "day",
        "2026-11-22",
        "size",
        "m",
        "colour",
        "Red",
        "colour",
        "Blue",
        "delivery",
        "shop",
        "remarks",
        "two\nlines",
        "terms",
        "on",
        "greeting",
        "Dear Charles,",
      ].join("\n"),
    );
  });

  test("a table: filtered by us, sorted by Playwright, paged by us", async () => {
    await goto("/table");
    await fill("#filter", "lamp");
    await page.getByRole("button", { name: "Price" }).click();
    await page.getByText("8 products").waitFor();
    expect(await text()).toContain("8 products");
    await fill("#filter", "");
    await click("text=Next");
    expect(await page.locator("#page").innerText()).toBe("Page 2 of 5");
    const ours = await text();
    for (const row of await page.locator("tbody tr td:first-child").allInnerTexts())
      expect(ours).toContain(row);
  });

  test("an application of one page: the basket is filled in turns", async () => {
    await goto("/app");
    await click('role=button[name="Add Lamp 2"]');
    await page.getByRole("button", { name: "Add Chair 1" }).click();
    const { changed } = await click("text=/Basket/");
    expect(changed.navigated).toMatchObject({
      url: `${site.url}/app?view=basket`,
      title: "Application: basket",
    });
    expect(await text()).toContain("In the basket: Lamp 2, Chair 1");
    await click("text=Order all");
    await page.getByText("Order 1001 with 2 products").waitFor();
    await site.call("POST", "chrome/back", {});
    await page.waitForURL(`${site.url}/app?view=basket`);
  });

  test("frames, also of another site, and frames in them", async () => {
    await goto("/frames");
    const other = page.frameLocator("[title='Other site']");
    await other
      .frameLocator("[title=Inner]")
      .getByRole("button", { name: "Send to inner" })
      .waitFor();
    const whole = await snapshot("all=true");
    for (const who of ["same", "other", "inner"]) expect(whole).toContain(`Send to ${who}`);
    for (const who of ["same", "other", "inner"]) {
      await page
        .frames()
        .find((frame) => frame.url().includes(`who=${who}`))
        ?.locator("input")
        .fill(who.toUpperCase());
      await click(`text=Send to ${who}`);
    }
    expect(await page.locator("#heard").innerText()).toBe("same:SAME other:OTHER inner:INNER");
    expect(await text()).toContain("Sent: OTHER");
  });

  test("shadow roots, and those in them", async () => {
    await goto("/shadow");
    await click("text=Count Outer");
    await page.getByRole("button", { name: "Count Inner" }).click();
    await click('role=button[name="Count Inner"]');
    const shown = (await text()).replaceAll(/\s+/g, " ");
    for (const part of ["Outer: 1", "Inner: 2", "Slotted: From the page"])
      expect(shown).toContain(part);
  });

  test("files go up from the workspace, and come down into it", async () => {
    writeFileSync(join(site.workspace, "picture.bin"), Buffer.alloc(3_000_000, 7));
    await goto("/files");
    await act("upload", {
      target: "role=button[name=/Pictures/]",
      files: ["/workspace/picture.bin"],
    });
    await page.getByText("picture.bin: 3000000 bytes").waitFor();
    await page
      .getByLabel("Pictures")
      .setInputFiles([{ name: "b.txt", mimeType: "text/plain", buffer: Buffer.from("b") }]);
    await page.getByText("b.txt: 1 bytes").waitFor();
    const { changed } = await click("text=Download the report");
    expect(changed.downloads).toMatchObject([{ file: expect.stringContaining("report.csv") }]);
    const path = join(site.workspace, "downloads/report.csv");
    while (!existsSync(path)) await Bun.sleep(20);
    expect(readFileSync(path, "utf8")).toStartWith("id,name,price\n1,Chair 1,5\n");
  });

  test("dialogs, a question before leaving, and a window that opens", async () => {
    await goto("/dialogs");
    // Without one, Playwright dismisses every dialog at once.
    page.on("dialog", () => {});
    const warned = await click("text=Warn");
    expect(warned.changed.dialog).toMatchObject({ type: "alert", message: "Watch out" });
    await site.call("POST", "chrome/dialog", { answer: "accept" });
    expect(await said()).toBe("seen");
    await click("text=Rename");
    await site.call("POST", "chrome/dialog", { answer: "accept", text: "Jo March" });
    expect(await said()).toBe("Jo March");
    page.removeAllListeners("dialog");
    page.once("dialog", (dialog) => void dialog.dismiss());
    await page.getByRole("button", { name: "Delete" }).click();
    expect(await text()).toContain("Said: kept");
    const { changed } = await click("text=Open a window");
    const [opened] = changed.opened;
    const came = { tab: opened?.tab, url: ["/forms$"] };
    expect(await site.call<Output<"chrome.wait">>("POST", "chrome/wait", came)).toMatchObject({
      url: `${site.url}/forms`,
    });
    await site.call("DELETE", `chrome/tabs/${opened?.tab}`);
    const { tabs } = await site.call<Output<"chrome.tabs">>("GET", "chrome/tabs");
    expect(tabs).toHaveLength(1);
  });

  test("an endless feed, scrolled to its end", async () => {
    await goto("/feed");
    while (!(await text()).includes("That was all")) await act("scroll", { down: 5000 });
    expect(await page.locator("#top output").innerText()).toBe("200 entries");
  });

  test("login: a wrong password, the right one, and the cookie stays", async () => {
    await goto("/login");
    await fill("input[name=user]", "ada");
    await fill("input[name=password]", "wrong");
    expect((await click("text=Sign in")).changed.navigated).toMatchObject({ status: 403 });
    expect(await page.getByRole("alert").innerText()).toBe("Wrong password");
    await page.getByLabel("User").fill("ada");
    await page.getByLabel("Password").fill("sesame");
    await act("press", { keys: ["Return"] });
    await page.getByText("Welcome back, ada").waitFor();
    expect(await goto("/account")).toMatchObject({ title: "Account", status: 200 });
  });

  test("slow pages are waited for, failing ones say how they fail", async () => {
    expect(await goto("/slow?ms=700")).toMatchObject({ title: "Slow", status: 200 });
    expect(await goto("/status?code=503")).toMatchObject({ status: 503 });
    expect(await goto("/never-loads", { until: "domcontentloaded" })).toMatchObject({
      title: "Never loads",
    });
    for (const url of ["/redirect-loop", "/reset", "http://127.0.0.1:8009/"]) {
      await expect(goto(url)).rejects.toMatchObject({ code: "navigation_failed" });
    }
    await expect(goto("/never", { timeoutMs: 500 })).rejects.toMatchObject({ code: "timeout" });
    // The browser is there for whoever comes next.
    expect(await goto("/")).toMatchObject({ title: "The shop" });
    expect(await page.title()).toBe("The shop");
  });

  test("what cannot be clicked says why, and what can after a while is", async () => {
    await goto("/targets");
    await click("text=Runs a little");
    expect(await said()).toBe("runs");
    const refused = { timeoutMs: 1000 };
    await expect(click("#covered", refused)).rejects.toMatchObject({
      message: expect.stringContaining("banner"),
    });
    await expect(click("#always", refused)).rejects.toMatchObject({ code: "target_not_ready" });
    await expect(click("#disabled", refused)).rejects.toMatchObject({ code: "target_not_ready" });
    await page.getByRole("button", { name: "Close" }).click();
    await click("#covered");
    expect(await said()).toBe("covered");
    await act("hover", { target: "text=Menu" });
    await click("text=Entry");
    expect(await said()).toBe("entry");
    await act("drag", { from: "#from", to: "#to" });
    expect(await said()).toBe("dropped the box");
    await click("#below");
    expect(await said()).toBe("below");
    await expect(click(".same", refused)).rejects.toMatchObject({
      message: expect.stringContaining("2"),
    });
  });
});
