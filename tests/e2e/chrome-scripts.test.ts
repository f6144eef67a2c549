import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import type { Output } from "../../src/contract/index.ts";
import { TestDaemon } from "../support/daemon.ts";
import { NexoraCli } from "../support/nexora-cli.ts";
import { Site } from "../support/site.ts";

process.env.NEXORA_TEST_BINARY ??= join(import.meta.dir, "../../dist/nexora");

let daemon: TestDaemon;
let site: Site;
const endpoint = (input = {}) =>
  site.call<Output<"chrome.endpoint">>("POST", "chrome/endpoint", input);
const run = (input: object) => site.call<Output<"chrome.run">>("POST", "chrome/run", input);
const script = (text: string, more = {}) => run({ file: "test.ts", script: text, ...more });

beforeAll(async () => {
  daemon = await TestDaemon.start();
  // The browser is reached without a network as well.
  site = await Site.open(daemon, { network: "none" });
});
afterAll(async () => {
  await site[Symbol.asyncDispose]();
  await daemon[Symbol.asyncDispose]();
});

describe("chrome endpoint", () => {
  async function connected(url: string, use: (browser: Browser) => Promise<void>): Promise<void> {
    const browser = await chromium.connectOverCDP(url);
    try {
      await use(browser);
    } finally {
      await browser.close();
    }
  }

  test.each(["url", "httpUrl"] as const)(
    "Playwright drives the visible browser by its %s",
    async (by) => {
      const reply = await endpoint();
      await connected(reply[by], async (browser) => {
        const page = await browser.contexts()[0]?.newPage();
        await page?.goto(`${site.url}/forms`);
        await page?.getByLabel("Name").fill("Ada");
        expect(await page?.getByLabel("Name").inputValue()).toBe("Ada");
        await page?.close();
      });
    },
  );

  test("two clients drive it at a time, and one that goes leaves the other", async () => {
    const { url } = await endpoint();
    await connected(url, async (one) => {
      await connected(url, async (two) => {
        expect(two.isConnected()).toBe(true);
      });
      expect(one.version()).toMatch(/^\d+\./);
      expect(await one.contexts()[0]?.cookies()).toBeArray();
    });
  });

  test("a message of 17 MB comes through, both ways", async () => {
    const { url } = await endpoint();
    await connected(url, async (browser) => {
      const page = await browser.contexts()[0]?.newPage();
      const text = "x".repeat(17_000_000);
      expect(await page?.evaluate((it) => it.length, text)).toBe(text.length);
      expect((await page?.evaluate((count) => "y".repeat(count), text.length))?.length).toBe(
        text.length,
      );
      await page?.close();
    });
  });

  const version = (url: string, headers: Record<string, string> = {}) =>
    fetch(`${url}/json/version`, { headers });

  test("whoever has no secret, comes from a web page or names another host is refused", async () => {
    const { httpUrl } = await endpoint();
    expect((await version(httpUrl)).status).toBe(200);
    expect((await version(`${httpUrl}x`)).status).toBe(401);
    expect((await version(httpUrl, { origin: "http://127.0.0.1:8000" })).status).toBe(403);
    expect((await version(httpUrl, { referer: "http://127.0.0.1:8000/" })).status).toBe(403);
    expect((await version(httpUrl, { host: "rebound.example:9301" })).status).toBe(403);
    expect((await fetch(`${httpUrl}/json/new`)).status).toBe(404);
    expect((await fetch(httpUrl)).status).toBe(404);
  });

  test("its secret opens nothing of the API, and the API's token no browser", async () => {
    const { httpUrl } = await endpoint();
    const secret = httpUrl.split("/").at(-1) ?? "";
    const headers = { authorization: `Bearer ${secret}` };
    expect((await fetch(`${daemon.url}/v1/sessions`, { headers })).status).toBe(401);
    expect((await version(`${daemon.url}/devtools/${daemon.token}`)).status).toBe(401);
  });

  test("a URL whose time is over takes no connections", async () => {
    const { url, httpUrl, expiresAt } = await endpoint({ forMs: 1000 });
    while (Date.now() <= Date.parse(expiresAt)) await Bun.sleep(20);
    expect((await version(httpUrl)).status).toBe(401);
    await expect(chromium.connectOverCDP(url)).rejects.toThrow("401");
  });
});

describe("chrome run", () => {
  const tabs = async () =>
    (await site.call<Output<"chrome.tabs">>("GET", "chrome/tabs")).tabs.map(({ id }) => id);

  test("a script in TypeScript has a page of its own, prints, and its pictures come out", async () => {
    const before = await tabs();
    const reply = await script(
      `
      import assert from "node:assert";
      import type { Page } from "playwright-core";
      const names: string[] = [];
      await page.goto("${site.url}/table");
      for (const row of await page.locator("tbody tr").all()) names.push(await row.locator("td").first().innerText());
      assert.equal(names.length, 10);
      await page.screenshot({ path: "/tmp/table.png" });
      await page.getByRole("button", { name: "Price" }).screenshot();
      console.log(names[0], process.env.WORD);
      console.error("on the other stream");
    `,
      { env: { WORD: "given" } },
    );
    expect(reply).toMatchObject({
      exitCode: 0,
      timedOut: false,
      stdout: "Chair 1 given\n",
      stderr: "on the other stream\n",
      truncated: false,
    });
    expect(reply.pictures.map(({ name }) => name).sort()).toEqual(["picture.png", "table.png"]);
    for (const { base64, sizeBytes } of reply.pictures) {
      const bytes = Buffer.from(base64, "base64");
      expect([bytes.length, bytes.subarray(1, 4).toString()]).toEqual([sizeBytes, "PNG"]);
    }
    // Its tab is closed.
    expect(await tabs()).toEqual(before);
  });

  test("a script that throws says where, and leaves a picture of the page", async () => {
    const reply = await script(`
      await page.goto("${site.url}/forms");
      await page.getByRole("button", { name: "Nothing" }).click({ timeout: 100 });
    `);
    expect(reply.exitCode).toBe(1);
    expect(reply.stderr).toContain("Timeout 100ms exceeded");
    expect(reply.stderr).toContain("test.ts:3:");
    expect(reply.pictures.map(({ name }) => name)).toEqual(["failure.png"]);
  });

  test("one that never ends is ended, and so is its tab", async () => {
    const before = await tabs();
    const reply = await script("for (;;) {}", { timeoutMs: 2000 });
    expect(reply).toMatchObject({ timedOut: true, exitCode: null });
    expect(await tabs()).toEqual(before);
  });

  test.each([
    [
      "a promise that nobody waits for",
      "Promise.reject(new Error('stray')); await new Promise(() => {});",
      "stray",
    ],
    ["an import that is not there", 'import "./missing";', "./missing"],
  ])("it fails by %s", async (_, text, said) => {
    const reply = await script(text);
    expect(reply.exitCode).toBe(1);
    expect(reply.stderr).toContain(said);
  });

  test("what a page says is printed without what a terminal would obey", async () => {
    const reply = await script(
      `await page.goto("${site.url}/hostile"); console.log(await page.title());`,
    );
    expect(reply.stdout).toStartWith("Hostile ]0;owned");
    expect(reply.stdout.trimEnd()).not.toMatch(/\p{Cc}/u);
  });

  test("one in the workstation imports what lies beside it, and a function is called with the page", async () => {
    await Bun.write(join(site.workspace, "steps.ts"), "export const path: string = '/forms';\n");
    await Bun.write(
      join(site.workspace, "inside.ts"),
      `import { path } from "./steps";
      export default async ({ page }) => {
        await page.goto("${site.url}" + path);
        console.log(await page.title());
      };`,
    );
    expect(await run({ file: "inside.ts" })).toMatchObject({ exitCode: 0, stdout: "Forms\n" });
    await expect(run({ file: "nowhere.ts" })).rejects.toMatchObject({ code: "not_found" });
    await expect(run({ file: "site" })).rejects.toMatchObject({ code: "usage" });
  });

  test("in a tab that is there it goes on with what others have begun", async () => {
    const { tab } = await site.call<Output<"chrome.tabs.new">>("POST", "chrome/tabs", {
      url: `${site.url}/forms`,
    });
    const fill = "await page.getByLabel('Name').fill('Grace');";
    expect(await script(fill, { tab: tab.id })).toMatchObject({ exitCode: 0, tab: tab.id });
    const read = "console.log(await page.getByLabel('Name').inputValue());";
    expect(await script(read, { tab: tab.id })).toMatchObject({ stdout: "Grace\n" });
    await site.call("DELETE", `chrome/tabs/${tab.id}`);
    await expect(script("0", { tab: "t999" })).rejects.toMatchObject({ code: "not_found" });
  });

  test("the command line passes its output, its exit code and its pictures on", async () => {
    const folder = mkdtempSync(join(tmpdir(), "nexora-run-"));
    const cli = new NexoraCli(daemon, "the Unix socket");
    const file = join(folder, "shot.mjs");
    await Bun.write(
      file,
      "console.log(await page.evaluate(() => 6 * 7)); await page.screenshot({ path: '/tmp/a.png' }); process.exit(3);",
    );
    try {
      const words = ["chrome", "run", file, "-s", site.session.id, "-o", join(folder, "out")];
      const { code, stdout, stderr } = await cli.ended(...words);
      expect({ code, stdout, stderr }).toEqual({
        code: 3,
        stdout: "42\n",
        stderr: `${join(folder, "out/a.png")}\n`,
      });
      expect(readdirSync(join(folder, "out"))).toEqual(["a.png"]);
      expect(readFileSync(join(folder, "out/a.png")).subarray(1, 4).toString()).toBe("PNG");
      const json = JSON.parse((await cli.ended(...words, "--json")).stdout);
      expect(json.data).toMatchObject({
        exitCode: 3,
        stdout: "42\n",
        pictures: [{ name: "a.png" }],
      });
      expect(existsSync(json.data.pictures[0].path)).toBe(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
