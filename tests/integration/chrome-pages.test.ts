import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { Fields, OperationId, Output } from "../../src/contract/index.ts";
import { appsImage } from "../support/apps-image.ts";
import { BrowserSession } from "../support/browser-session.ts";
import { baseImage } from "../support/workstations.ts";

let browser: BrowserSession;
beforeAll(async () => {
  browser = await BrowserSession.open({ image: appsImage });
  await browser.serve(join(import.meta.dir, "../fixtures/pages.mjs"));
}, 60_000);
afterAll(() => browser[Symbol.asyncDispose]());

const site = "http://localhost:8000";
/** At least loaded: half a second later its network is idle, too. */
const reached = expect.stringMatching(/^(load|networkidle)$/);
const goto = (path: string, fields: Partial<Fields<"chrome.goto">> = {}) =>
  browser.post<Output<"chrome.goto">>("goto", { url: `${site}${path}`, ...fields });
const evaluate = async (expression: string, fields: Partial<Fields<"chrome.eval">> = {}) =>
  browser.post<Output<"chrome.eval">>("eval", { expression, ...fields });
const click = (selector: string) => evaluate(`document.querySelector("${selector}").click()`);

describe("going", () => {
  test("says status, address, title, and how far the page has loaded", async () => {
    const there = await goto("/");
    expect(there).toMatchObject({ url: `${site}/`, title: "Start", status: 200, reached });
    expect(there.changed.navigated).toMatchObject({ url: `${site}/`, status: 200, failed: null });
    expect(await goto("/missing", { until: "networkidle" })).toMatchObject({
      status: 404,
      title: "Missing",
      reached: "networkidle",
    });
    expect(await goto("/empty-error")).toMatchObject({ status: 500 });
  });

  test("back, forward and reload", async () => {
    await goto("/");
    await goto("/next");
    expect(await browser.post("back")).toMatchObject({ url: `${site}/`, title: "Start" });
    expect(await browser.post("forward")).toMatchObject({ url: `${site}/next`, title: "Next" });
    await expect(browser.post("forward")).rejects.toMatchObject({ code: "action_failed" });
    const again = await browser.post<Output<"chrome.reload">>("reload", { ignoreCache: true });
    expect(again).toMatchObject({ url: `${site}/next`, status: 200, reached });
  });

  test("takes addresses as one types them, and files", async () => {
    expect(await browser.post("goto", { url: "localhost:8000/next" })).toMatchObject({
      url: `${site}/next`,
    });
    const { tab } = await browser.post<Output<"chrome.tabs.new">>("tabs", {
      url: "localhost:8000/next",
    });
    const loaded = browser.post("wait", { tab: tab.id, load: "load" });
    expect(await loaded).toMatchObject({ url: `${site}/next`, title: "Next" });
    await browser.call("DELETE", `tabs/${tab.id}`);
    await expect(browser.post("tabs", { url: "javascript:1" })).rejects.toMatchObject({
      code: "usage",
    });
    await browser.exec("echo '<title>A file</title>' > '/tmp/a file?.html'");
    expect(await browser.post("goto", { url: "/tmp/a file?.html" })).toMatchObject({
      title: "A file",
      status: null,
    });
    for (const url of ["javascript:alert(1)", "http://[", "no such address"]) {
      await expect(browser.post("goto", { url })).rejects.toMatchObject({ code: "usage" });
    }
  });

  test.each([
    ["http://localhost:8009/", "net::ERR_CONNECTION_REFUSED"],
    ["http://nowhere.invalid/", "net::ERR_NAME_NOT_RESOLVED"],
    ["https://localhost:8443/", "net::ERR_CERT_AUTHORITY_INVALID"],
    ["http://localhost:8000/garbage", "net::ERR_INVALID_HTTP_RESPONSE"],
    ["http://localhost:8000/nothing", "net::ERR_ABORTED"],
    ["/no/such/file.html", "net::ERR_FILE_NOT_FOUND"],
  ])("that fails is an error with its reason: %s", async (url, reason) => {
    const failed = browser.post("goto", { url });
    await expect(failed).rejects.toMatchObject({
      code: "navigation_failed",
      details: { reason },
      hint: expect.any(String),
    });
  });

  test("in vain times out, and says how far it got", async () => {
    const never = goto("/never", { timeoutMs: 300 });
    await expect(never).rejects.toMatchObject({ code: "timeout", details: { reached: null } });
    const half = goto("/half", { timeoutMs: 3000 });
    const why = await half.catch((error: unknown) => error);
    expect(why).toMatchObject({ code: "timeout", details: { reached: "domcontentloaded" } });
    expect(JSON.stringify(why)).toContain(`${site}/never`);
    expect(await goto("/half", { until: "domcontentloaded" })).toMatchObject({ title: "Half" });
  });

  test("a page of 50 MB", async () => {
    const big = await goto("/big", { timeoutMs: 60_000, until: "domcontentloaded" });
    expect(big).toMatchObject({ title: "Big", status: 200 });
    expect((await evaluate("document.querySelectorAll('p').length")).value).toBe(51);
  }, 90_000);
});

describe("what has changed", () => {
  test("a link, and what has the focus", async () => {
    await goto("/");
    expect((await evaluate("document.querySelector('#email').focus()")).changed).toMatchObject({
      focused: 'textbox "Email"',
      navigated: null,
      opened: [],
    });
    const { changed } = await click("#next");
    expect(changed.navigated).toMatchObject({ url: `${site}/next`, title: "Next", status: 200 });
    const within = await evaluate("history.pushState(null, '', '/next/there')");
    expect(within.changed.navigated).toMatchObject({ url: `${site}/next/there`, status: null });
  });

  test("a link whose page is slow, or is none", async () => {
    await goto("/");
    const { changed } = await click("#slow");
    expect(changed).toMatchObject({ navigated: null, loading: `${site}/slow` });
    await browser.exec(`curl -s ${site}/release`);
    await browser.post("wait", { url: ["/slow$"] });
    await goto("/");
    expect((await click("#gone")).changed.navigated).toMatchObject({
      url: "http://127.0.0.1:8009/",
      failed: "net::ERR_CONNECTION_REFUSED",
    });
    await goto("/");
    const nothing = await click("#nothing");
    expect(nothing.changed).toMatchObject({ navigated: null, loading: null });
  }, 30_000);

  test("tabs that come and go", async () => {
    const { tab } = await goto("/");
    const { changed } = await click("#tab");
    const [opened] = changed.opened;
    expect(changed.opened).toHaveLength(1);
    expect(opened?.tab).not.toBe(tab);
    const id = opened?.tab ?? "";
    await browser.post("wait", { tab: id, url: ["/next"] });
    const closing = await evaluate("window.close()", { tab: id });
    expect(closing.changed.closed).toEqual([id]);
    await expect(evaluate("1", { tab: id })).rejects.toMatchObject({ code: "not_found" });
  });

  test("the part of the tree that has changed", async () => {
    await goto("/");
    const expression = "document.querySelector('h1').textContent = 'Changed'";
    const { changed } = await evaluate(expression, { thenSnapshot: true });
    const lines = changed.snapshot?.split("\n") ?? [];
    expect(lines.some((line) => line.startsWith("-") && line.includes("Start"))).toBe(true);
    expect(lines.some((line) => line.startsWith("+") && line.includes("Changed"))).toBe(true);
    expect(changed.snapshot).not.toContain("Email");
    expect((await evaluate("1", { thenSnapshot: true })).changed.snapshot).toBe("");
    const whole = await goto("/", { thenSnapshot: true });
    expect(whole.changed.snapshot).toContain('textbox "Email"');
  });

  test("a download", async () => {
    await goto("/");
    const { changed } = await click("#file");
    expect(changed).toMatchObject({
      navigated: null,
      loading: null,
      downloads: [{ file: expect.stringContaining("report"), state: expect.any(String) }],
    });
  });

  test("a dialog, which blocks the page until it is answered", async () => {
    await goto("/");
    const { value, type, changed } = await evaluate("confirm('Sure?')");
    expect({ value, type }).toEqual({ value: null, type: null });
    const dialog = { type: "confirm" as const, message: "Sure?", defaultText: null };
    expect(changed.dialog).toEqual(dialog);
    expect(await browser.post("dialog")).toMatchObject({ dialog, answered: false });
    for (const verb of ["eval", "goto", "reload", "wait"]) {
      const fields = { eval: { expression: "1" }, goto: { url: site }, wait: { text: ["x"] } };
      const asked = browser.post(verb, fields[verb as keyof typeof fields]);
      await expect(asked).rejects.toMatchObject({ code: "dialog_open", details: { dialog } });
    }
    await expect(browser.post("dialog", { answer: "accept", text: "x" })).rejects.toMatchObject({
      code: "usage",
    });
    expect(await browser.post("dialog", { answer: "accept" })).toMatchObject({ answered: true });
    await expect(browser.post("dialog", { answer: "accept" })).rejects.toMatchObject({
      code: "not_found",
    });
    await evaluate("setTimeout(() => { answer = prompt('Name?', 'Jane') }, 0)");
    await browser.post("dialog", { answer: "accept", text: "Ann" });
    expect((await evaluate("answer")).value).toBe("Ann");
  });

  test("a page that says something at once, and one that asks whether to leave it", async () => {
    const there = await goto("/alert");
    expect(there).toMatchObject({ url: `${site}/alert`, status: 200, reached: "commit" });
    expect(there.changed.dialog).toMatchObject({ type: "alert", message: "At once" });
    await browser.post("dialog", { answer: "dismiss" });
    await goto("/leave");
    // Only a page that somebody has used asks.
    await evaluate("document.querySelector('#b').focus(); document.body.click()");
    const left = await goto("/next");
    expect(left.changed.dialog).toMatchObject({ type: "beforeunload" });
    await browser.post("dialog", { answer: "dismiss" });
    expect((await evaluate("document.title")).value).toBe("Leave");
    await goto("/next");
    await browser.post("dialog", { answer: "accept" });
    expect(await browser.post("wait", { url: ["/next$"] })).toMatchObject({ title: "Next" });
  });

  test("a page that crashes is an error at once, and is loaded again", async () => {
    await goto("/next");
    const waiting = browser.post("wait", { text: ["never"] });
    const ended = waiting.catch((error: unknown) => error);
    // The renderer does what it is told, so nothing answers.
    await browser.post("goto", { url: "chrome://crash" }).catch(() => {});
    expect(await ended).toMatchObject({ code: "page_crashed" });
    const asked = evaluate("1");
    await expect(asked).rejects.toMatchObject({ code: "page_crashed" });
    await expect(asked).rejects.toThrow(`${site}/next`);
    expect(await browser.post("reload")).toMatchObject({ url: `${site}/next`, reached });
    expect((await evaluate("1 + 1")).value).toBe(2);
  });
});

describe("scripts", () => {
  beforeAll(() => goto("/next"));

  test.each<[string, unknown, string]>([
    ["document.title", "Next", "string"],
    ["undefined", null, "undefined"],
    ["0 / 0", "NaN", "number"],
    ["12n", "12", "bigint"],
    ["({ a: [1, null, { b: 'c' }] })", { a: [1, null, { b: "c" }] }, "object"],
    ["new Map([['a', 1]])", { a: 1 }, "map"],
    ["document.querySelector('p')", "<p>The next page</p>", "node"],
    ["const n = 2; n * 2", 4, "number"],
    ["await fetch('/data').then((it) => it.json())", { ok: true }, "object"],
    ["Promise.resolve(5)", 5, "number"],
    ["() => document.links.length", 0, "number"],
    ["'\\u001b[31m'", "\u001b[31m", "string"],
  ])("%s", async (expression, value, type) => {
    const reply = await evaluate(expression);
    expect(reply.type).toBe(expression === "12n" ? "bigint" : type);
    expect(reply.value).toEqual(expression === "12n" ? "12n" : value);
  });

  test("take JSON, and give the words of a page as they are", async () => {
    const arg = { message: "see `nexora session ls`" };
    expect((await evaluate("(it) => it", { arg })).value).toEqual(arg);
  });

  test("that throw are errors with what was thrown", async () => {
    const wrong = evaluate("null.x");
    await expect(wrong).rejects.toMatchObject({ code: "action_failed" });
    await expect(wrong).rejects.toThrow("TypeError");
    for (const expression of ["throw 'text'", "Promise.reject(new Error('late'))", "a b"]) {
      await expect(evaluate(expression)).rejects.toMatchObject({ code: "action_failed" });
    }
  });

  test("whose result is a cycle or has no end are errors", async () => {
    for (const expression of [
      "const a = {}; a.a = a; a",
      "const b = []; b.push([b]); b",
      "({ toJSON() { throw new Error('no') } })",
      "'x'.repeat(3.4e7)",
      "({ toJSON: () => 'x'.repeat(8.5e6) })",
    ]) {
      await expect(evaluate(expression)).rejects.toMatchObject({
        code: "action_failed",
        hint: expect.any(String),
      });
    }
  });

  test("that never end are ended, and the page goes on", async () => {
    for (const expression of [
      "for (;;);",
      "new Promise(() => {})",
      "await new Promise((done) => setTimeout(done, 5)); for (;;);",
      "() => { for (;;); }",
    ]) {
      const asked = evaluate(expression, { timeoutMs: 400 });
      await expect(asked).rejects.toMatchObject({ code: "timeout" });
      expect((await evaluate("6 * 7")).value).toBe(42);
    }
  });
});

describe("waits", () => {
  const wait = (fields: Partial<Fields<"chrome.wait">>) =>
    browser.post<Output<"chrome.wait">>("wait", fields);

  test.each<[string, Partial<Fields<"chrome.wait">>, string, string | null]>([
    ["text", { text: ["never", "is d[o]ne"] }, "text=is d[o]ne", "It is done"],
    ["gone", { gone: ["soon"] }, "gone=soon", null],
    ["url", { url: ["/there$"] }, "url=/there$", `${site}/later/there`],
    ["response", { response: ["200 .*/data"] }, "response=200 .*/data", `200 ${site}/data?x=1`],
    ["target", { target: "#new" }, "target=#new", null],
    ["target by role", { target: "text=new" }, "target=text=new", null],
    ["target gone", { targetGone: "#never" }, "target-gone=#never", null],
    ["load", { load: "networkidle" }, "load=networkidle", `${site}/later/there`],
  ])("for %s", async (_, fields, condition, evidence) => {
    await goto("/later");
    expect(await wait(fields)).toMatchObject({ condition, evidence });
  });

  test("in vain time out, with what was expected", async () => {
    await goto("/next");
    await expect(wait({ text: ["never"], target: "#no", timeoutMs: 300 })).rejects.toMatchObject({
      code: "timeout",
      details: { expected: ["text=never", "target=#no"], url: `${site}/next` },
    });
    await expect(wait({})).rejects.toMatchObject({ code: "usage" });
    await expect(wait({ target: "a[" })).rejects.toMatchObject({ code: "usage" });
  });
});

describe("what pages say and store", () => {
  const read = <Id extends OperationId>(verb: string, query = "") =>
    browser.get<Output<Id>>(`${verb}?${query}`);

  test("the console, since last asked, of which floods are cut", async () => {
    await goto("/next");
    await read("console");
    await evaluate(
      `console.warn('careful', { a: 1 });
      new Promise((over) => setTimeout(() => { setTimeout(over); throw new Error('thrown later') }))`,
    );
    const { entries, next } = await read<"chrome.console">("console");
    expect(entries.map(({ level, text }) => `${level} ${text.split("\n")[0]}`)).toEqual([
      "warning careful {a: 1}",
      "error Error: thrown later",
    ]);
    expect((await read<"chrome.console">("console")).entries).toEqual([]);
    // Who has read nothing yet has missed nothing by that, and takes nothing from others.
    const other = await browser.daemon.callerWith("read", "reader");
    await evaluate("console.info('for both')");
    const theirs = () =>
      other<Output<"chrome.console">>("GET", "/v1/sessions/web/chrome/console?grep=for%20both");
    expect((await theirs()).entries).toHaveLength(1);
    expect((await theirs()).entries).toEqual([]);
    expect((await read<"chrome.console">("console")).entries).toHaveLength(1);
    const errors = await read<"chrome.console">(
      "console",
      "all=true&level=error&grep=thrown%20later",
    );
    expect(errors.entries).toHaveLength(1);
    await evaluate("console.info('the same')");
    await read("console");
    await evaluate("console.info('the same')");
    const again = await read<"chrome.console">("console");
    expect(again.entries.map(({ text, count }) => [text, count])).toEqual([["the same", 1]]);
    await goto("/flood");
    const flood = await read<"chrome.console">("console", `since=${next}`);
    expect(flood.entries.length).toBeLessThanOrEqual(500);
    // Those that were too many at once as well: of 20,000 lines no more are taken than 3,000 a second.
    expect(flood.entries.length + flood.missed).toBeGreaterThan(15_000);
  });

  test("requests, with those that failed", async () => {
    await goto("/next");
    await read("network");
    await evaluate(
      "Promise.allSettled(['/data', '/missing', 'http://127.0.0.1:8009'].map(async (url) => (await fetch(url)).text()))",
    );
    const { entries } = await read<"chrome.network">("network");
    const seen = entries.map(
      ({ method, url, status, type }) => `${method} ${url} ${status} ${type}`,
    );
    expect(seen).toContain(`GET ${site}/data 200 fetch`);
    expect(seen).toContain(`GET ${site}/missing 404 fetch`);
    const failed = await read<"chrome.network">("network", "all=true&failed=true&grep=8009");
    expect(failed.entries.at(-1)).toMatchObject({ failed: "net::ERR_CONNECTION_REFUSED" });
  });

  test("cookies and storage are set, listed and removed", async () => {
    await goto("/next");
    await browser.call("PUT", "cookies", { name: "theme", value: "dark", expiresInMs: 3_600_000 });
    await browser.call("PUT", "cookies", { name: "id", value: "1", httpOnly: true });
    const { cookies } = await read<"chrome.cookies">("cookies");
    expect(cookies).toContainEqual(
      expect.objectContaining({ name: "theme", value: "dark", expires: expect.any(String) }),
    );
    expect(cookies).toContainEqual(
      expect.objectContaining({ name: "id", httpOnly: true, expires: null }),
    );
    expect((await evaluate("document.cookie")).value).toBe("theme=dark");
    const refused = browser.call("PUT", "cookies", { name: "__Host-x", value: "1" });
    await expect(refused).rejects.toMatchObject({ code: "usage" });
    expect(await browser.call("DELETE", "cookies?name=theme")).toMatchObject({ removed: 1 });
    expect(await browser.call("DELETE", "cookies")).toMatchObject({ removed: 1 });
    await evaluate(
      "document.cookie = 'part=1; Secure; SameSite=None; Partitioned'; document.cookie = 'o\\u202edd=1'",
    );
    expect(await browser.call("DELETE", "cookies")).toMatchObject({ removed: 2 });
    expect((await evaluate("document.cookie")).value).toBe("");

    await browser.call("PUT", "storage", { key: "a", value: "1" });
    await browser.call("PUT", "storage", { key: "b", value: "2", area: "session" });
    expect(await read<"chrome.storage">("storage")).toMatchObject({
      items: [{ key: "a", value: "1" }],
    });
    expect((await evaluate("sessionStorage.b")).value).toBe("2");
    expect(await browser.call("DELETE", "storage?key=a")).toMatchObject({ removed: 1 });
    const large = browser.call("PUT", "storage", { key: "c", value: "x".repeat(6_000_000) });
    await expect(large).rejects.toMatchObject({ code: "action_failed" });
    await browser.post("goto", { url: "about:blank" });
    await expect(read("storage")).rejects.toMatchObject({ code: "action_failed" });
  });

  test("a hostile page is told without what a terminal would obey, and cannot deceive", async () => {
    const there = await goto("/hostile");
    const { entries } = await read<"chrome.console">("console");
    const { items } = await read<"chrome.storage">("storage");
    const told = JSON.stringify({ title: there.title, entries, items });
    expect(told).toContain("c[31mc");
    expect(told).not.toMatch(/\\u00(1b|07|9b)|\u202e/);
    expect(await browser.post("wait", { text: ["text"] })).toMatchObject({
      condition: "text=text",
    });
    await expect(evaluate("[1]")).rejects.toMatchObject({ code: "action_failed" });
  });
});

test("a page that floods everything is bounded, and other sessions answer", async () => {
  await browser.daemon.newSession({ name: "beside", workspace: null, image: baseImage });
  const { tab } = await browser.post<Output<"chrome.tabs.new">>("tabs", { url: "about:blank" });
  const its = `tab=${tab.id}`;
  const flooding = goto("/deluge", { tab: tab.id });
  const beside = Array.from({ length: 20 }, (_, n) =>
    browser.daemon.call<Output<"exec">>("POST", "/v1/sessions/beside/exec", {
      command: ["echo", `${n}`],
    }),
  );
  const said = (await Promise.all(beside)).map(({ stdout }) => stdout.trim());
  expect(said).toEqual(beside.map((_, n) => `${n}`));
  const { changed } = await flooding;
  expect(changed.dialog?.message.length).toBeLessThanOrEqual(4000);
  expect(changed.downloads.length).toBeLessThanOrEqual(20);
  expect((await browser.get<Output<"chrome.tabs">>("tabs")).tabs.length).toBeLessThanOrEqual(200);
  const logged = await browser.get<Output<"chrome.console">>(`console?${its}&all=true`);
  expect(logged.entries.length).toBeLessThanOrEqual(500);
  expect(JSON.stringify(logged).length).toBeLessThan(600_000);
  const asked = await browser.get<Output<"chrome.network">>(`network?${its}&all=true`);
  expect(asked.entries.length).toBeLessThanOrEqual(500);
  expect(JSON.stringify(asked).length).toBeLessThan(1_000_000);
  for (let n = 0; n < 5; n++) {
    // Comes back when the next dialog is open, and not before.
    await evaluate("1", { tab: tab.id }).catch(() => {});
    const answered = { answer: "dismiss" as const, tab: tab.id };
    const { dialog } = await browser.post<Output<"chrome.dialog">>("dialog", answered);
    expect(dialog?.message).toStartWith("again");
  }
  await browser.call("DELETE", `tabs/${tab.id}`);
  expect((await evaluate("1 + 1")).value).toBe(2);
}, 60_000);

describe("pictures and paper", () => {
  test("of what shows, of the whole page, and of one element", async () => {
    await goto("/");
    const shot = async (query: string) =>
      (await browser.get<Output<"chrome.shot">>(`shot?${query}`)).image;
    const shown = await shot("");
    const { width, height } = (await evaluate("({ width: innerWidth, height: innerHeight })"))
      .value as { width: number; height: number };
    expect(shown).toMatchObject({ format: "png", width, height, cut: false });
    await evaluate("document.body.style.height = '3000px'");
    expect((await shot("full=true&format=jpeg")).height).toBeGreaterThan(2999);
    expect(await shot("target=%23box")).toMatchObject({ width: 50, height: 40 });
    await evaluate("document.body.style.height = '90000px'");
    expect(await shot("full=true&format=webp")).toMatchObject({ cut: true });
    // Far below, in a box that scrolls: both are then where they were.
    await evaluate(`const box = document.querySelector("#box"), list = document.createElement("div");
      list.id = "list"; list.style = "height:100px;width:200px;overflow:auto;margin-top:2000px";
      list.innerHTML = "<p style=height:900px>far</p>"; list.append(box); document.body.append(list);
      scrollTo(0, 300); list.scrollTop = 10;`);
    expect(await shot("target=%23box")).toMatchObject({ width: 50, height: 40 });
    expect((await evaluate("[scrollY, document.querySelector('#list').scrollTop]")).value).toEqual([
      300, 10,
    ]);
    for (const [target, code] of [
      ["%23no", "not_found"],
      ["a%5B", "usage"],
    ]) {
      await expect(shot(`target=${target}`)).rejects.toMatchObject({ code });
    }
    const alone = await browser.fetch("shot", { headers: { accept: "image/jpeg" } });
    expect(alone.headers.get("content-type")).toBe("image/jpeg");
  });

  test("of several elements at once, each of its own", async () => {
    await goto("/next");
    await evaluate(`document.body.innerHTML = "<div id=list style='height:100px;width:200px;overflow:auto'>" +
      ["red", "green", "blue", "gold"].map((it) =>
        "<div id=" + it + " style='height:60px;width:60px;margin-bottom:900px;background:" + it + "'></div>").join("")`);
    const shot = async (id: string) =>
      (await browser.get<Output<"chrome.shot">>(`shot?target=%23${id}`)).image.base64;
    const alone: string[] = [];
    for (const id of ["red", "green", "blue", "gold"]) alone.push(await shot(id));
    expect(new Set(alone).size).toBe(4);
    const atOnce = Array.from({ length: 4 }, () => ["red", "green", "blue", "gold"].map(shot));
    expect(await Promise.all(atOnce.flat())).toEqual(atOnce.flatMap(() => alone));
    expect((await evaluate("list.scrollTop")).value).toBe(0);
  });

  test("of an element end when a dialog opens meanwhile, which is told", async () => {
    await goto("/next");
    await evaluate(`document.body.innerHTML = "<p style='margin-top:3000px' id=far>far</p>";
      onscroll = () => { onscroll = null; alert("Scrolled"); }; null`);
    await expect(browser.get("shot?target=%23far")).rejects.toMatchObject({
      code: "dialog_open",
      details: { dialog: { type: "alert", message: "Scrolled" } },
    });
    await browser.post("dialog", { answer: "accept" });
    // The next one waits until all is where it was.
    expect(await browser.get("shot?target=%23far")).toMatchObject({ image: { cut: false } });
    expect((await evaluate("scrollY")).value).toBe(0);
  });

  test("a PDF, of its pages those asked for", async () => {
    await goto("/");
    const { pdf } = await browser.get<Output<"chrome.pdf">>("pdf?paper=a5&landscape=true");
    expect(Buffer.from(pdf.base64, "base64").toString("latin1", 0, 5)).toBe("%PDF-");
    await expect(browser.get("pdf?pages=7-9")).rejects.toMatchObject({ code: "usage" });
  });
});

test("a tab is another screen, place or language, and again itself", async () => {
  await goto("/");
  const seen = async () =>
    (
      await evaluate(
        "[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches, navigator.language, new Date(0).getHours(), Notification.permission]",
      )
    ).value;
  const before = await seen();
  const emulate = (fields: Fields<"chrome.emulate"> | object) => browser.post("emulate", fields);
  await emulate({ size: { width: 500, height: 400 }, colours: "dark" });
  await emulate({ locale: "de-DE", timezone: "Asia/Tokyo", grant: ["notifications"] });
  expect(await seen()).toEqual([500, true, "de-DE", 9, "granted"]);
  for (const wrong of [{ locale: "no_t one" }, { timezone: "Mars/Base" }]) {
    await expect(emulate({ ...wrong })).rejects.toMatchObject({ code: "usage" });
  }
  await emulate({ reset: true });
  expect(await seen()).toEqual(before);
  await emulate({ offline: true });
  await expect(browser.post("reload")).rejects.toMatchObject({
    code: "navigation_failed",
    details: { reason: "net::ERR_INTERNET_DISCONNECTED" },
  });
  await emulate({ offline: false });
  expect(await browser.post("reload")).toMatchObject({ status: 200 });
});

test("a tab is no phone any more, and what one site may is not granted to the next", async () => {
  await browser.post("goto", { url: "about:blank" });
  const emulate = (fields: Partial<Fields<"chrome.emulate">>) =>
    browser.post<Output<"chrome.emulate">>("emulate", fields);
  await emulate({ reset: true });
  await goto("/");
  const seen = async () =>
    (
      await evaluate(
        "[navigator.maxTouchPoints > 0, matchMedia('(prefers-reduced-motion: reduce)').matches]",
      )
    ).value;
  const before = await seen();
  await emulate({ mobile: true, reducedMotion: true, grant: ["notifications"] });
  expect(await seen()).toEqual([true, true]);
  await emulate({ mobile: false, reducedMotion: false });
  expect(await seen()).toEqual(before);

  const permission = async () => (await evaluate("Notification.permission")).value;
  expect(await permission()).toBe("granted");
  await browser.post("goto", { url: "http://127.0.0.1:8000/" });
  const there = await emulate({ size: { width: 500, height: 400 } });
  expect(there.emulated).toEqual(expect.not.objectContaining({ grant: expect.anything() }));
  expect(await permission()).not.toBe("granted");
  await browser.post("goto", { url: "about:blank" });
  await emulate({ size: { width: 510, height: 400 } });
  const refused = emulate({ grant: ["camera"] });
  await expect(refused).rejects.toMatchObject({ code: "usage" });
  await emulate({ reset: true });
});
