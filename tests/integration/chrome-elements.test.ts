import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Fields, OperationId, Output } from "../../src/contract/index.ts";
import { TestDaemon } from "../support/daemon.ts";
import { Site } from "../support/site.ts";

/** One site in one workstation; each test opens the page that it is about. */
let daemon: TestDaemon;
let site: Site;

beforeAll(async () => {
  daemon = await TestDaemon.start();
  site = await Site.open(daemon);
});
afterAll(async () => {
  await site?.[Symbol.asyncDispose]();
  await daemon?.[Symbol.asyncDispose]();
});

type Verb<Id> = Id extends `chrome.${infer Name}` ? Name : never;
type Given<Id extends OperationId> = Omit<Fields<Id>, "session">;

function post<Name extends Verb<OperationId>>(verb: Name, fields: Given<`chrome.${Name}`>) {
  return site.call<Output<`chrome.${Name}`>>("POST", `chrome/${verb}`, fields);
}

function get<Name extends "snapshot" | "text" | "html">(
  verb: Name,
  fields: Record<string, string> = {},
) {
  return site.call<Output<`chrome.${Name}`>>(
    "GET",
    `chrome/${verb}?${new URLSearchParams(fields)}`,
  );
}

const goTo = (page: string) => post("goto", { url: `${site.url}/${page}` });
const click = (target: string, fields: object = {}) => post("click", { target, ...fields });
const outline = async () => (await get("snapshot")).text;

/** The ref in the first line of an outline that has this text. */
function refIn(text: string, words: string): string {
  const line = text.split("\n").find((it) => it.includes(words)) ?? "";
  return /@e\d+/.exec(line)?.[0] ?? `no ref beside ${words} in:\n${text}`;
}

/** The lines of an outline, with "@" for each ref. */
const plain = (text: string) => text.replace(/@e\d+/g, "@").split("\n");

async function said(): Promise<string> {
  return (await get("text", { target: "output >> nth=0" })).text;
}

/** Fails in time: what is there already is not waited for. */
const soon = { timeoutMs: 300 };

describe("an outline", () => {
  test("has roles, names, values, states, and refs for what one can act on", async () => {
    await goTo("forms");
    const lines = plain(await outline());
    expect(lines).toContain('heading 1 "An order"');
    expect(lines).toContain('textbox "Name" @');
    expect(lines).toContain('spinbutton "Amount" @: 1');
    expect(lines).toContain('combobox "Size" @ [Choose one | Small | Medium | Large]: Choose one');
    expect(lines).toContain(' radio "By post" @ [checked]');
    expect(lines).toContain('button "Order" @ [disabled]');
    expect(lines.join("\n")).not.toContain("Delivery\n");
  });

  test("sees through frames, those of other sites too, and shadow roots", async () => {
    await goTo("frames");
    const lines = plain(await outline());
    expect(lines).toContain('iframe "Same site" @');
    expect(lines).toContain(' button "Send to same" @');
    expect(lines).toContain(' button "Send to other" @');
    expect(lines).toContain(' iframe "Inner" @');
    expect(lines).toContain('  button "Send to inner" @');
    await goTo("shadow");
    expect(plain(await outline())).toContain('button "Count Inner" @');
  });

  test("is of a part, of what is in the window, of some levels, and not longer than asked", async () => {
    await goTo("targets");
    const whole = await get("snapshot");
    expect(whole.text).toContain("Far below");
    expect(whole.text).not.toContain('"Hidden"');
    expect(whole.refs).toBe(whole.text.match(/@e/g)?.length ?? 0);
    expect((await get("snapshot", { all: "true" })).text).toContain('button "Hidden"');
    expect((await get("snapshot", { viewport: "true" })).text).not.toContain("Far below");
    expect(plain((await get("snapshot", { target: "#banner" })).text)).toEqual([
      '"A banner"',
      'button "Close" @',
    ]);
    const { text, cut } = await get("snapshot", { maxOutput: "60" });
    expect(text.length).toBeLessThanOrEqual(60);
    expect(cut).toMatch(/^\d+ more lines$/);
  });

  test("gives the same thing the same ref, which is stale once the thing is gone", async () => {
    await goTo("targets");
    const ref = refIn(await outline(), "Removes itself");
    expect(refIn(await outline(), "Removes itself")).toBe(ref);
    expect(await click(ref)).toMatchObject({ target: `${ref} button "Removes itself"` });
    await expect(click(ref)).rejects.toMatchObject({ code: "stale_ref" });
    const other = refIn(await outline(), "Far below");
    await goTo("targets");
    await expect(click(other)).rejects.toMatchObject({ code: "stale_ref" });
  });
});

describe("text and HTML", () => {
  test("are of the page or an element, frames and shadow roots included in the text", async () => {
    await goTo("frames");
    expect((await get("text")).text).toMatch(
      /Send to same[\s\S]*Send to other[\s\S]*Send to inner[\s\S]*Heard/,
    );
    await goTo("shadow");
    expect((await get("text")).text).toContain("Slotted: From the page");
    await goTo("targets");
    expect((await get("html", { target: "#to" })).html).toStartWith('<span class="box" id="to">');
    expect(await get("html", { maxOutput: "10" })).toMatchObject({ cut: true });
  });

  test("have no control characters, which a terminal would obey", async () => {
    await goTo("hostile");
    const all = [await get("text"), await get("html"), await get("snapshot")];
    for (const reply of all) expect(JSON.stringify(reply)).not.toMatch(/\\u00[01]|\x1b|\x07/);
  });
});

describe("a click", () => {
  test("goes to a target by CSS, text or role, wherever it is on the page", async () => {
    await goTo("targets");
    await click("text=Far below");
    expect(await said()).toBe("below");
    await click("#runs", { timeoutMs: 5000 });
    expect(await said()).toBe("runs");
    await click('role=button[name="Twice"]', { count: 2 });
    expect(await said()).toBe("double");
    await click("text=Twice", { button: "right" });
    expect(await said()).toBe("context");
    await click(".same >> nth=1");
  });

  test("says what covers its target, and clicks nothing then", async () => {
    await goTo("targets");
    const error = await click("#covered", soon).catch((it) => it);
    expect(error).toMatchObject({ code: "target_not_ready", details: { why: "covered" } });
    expect(error.message).toContain('<div id="banner">');
    await click("text=Close");
    await click("#covered");
    expect(await said()).toBe("covered");
  });

  test("clicks nothing else when the target goes as soon as the pointer comes", async () => {
    await goTo("targets");
    const style = "display:block;width:300px;height:60px";
    const shy = `<button id=shy style="${style}" onmouseover="this.remove()">Shy</button>`;
    const next = `<button style="${style}" onclick="document.title='hit'">Next</button>`;
    const page = JSON.stringify(shy + next);
    await post("eval", {
      expression: `document.body.innerHTML = ${page}; document.title = "calm"`,
    });
    await expect(click("#shy", soon)).rejects.toMatchObject({ code: "not_found" });
    expect((await post("eval", { expression: "document.title" })).value).toBe("calm");
  });

  test("names what else is wrong with a target", async () => {
    await goTo("targets");
    const notReady = (why: string) => ({ code: "target_not_ready", details: { why } });
    await expect(click("#always", soon)).rejects.toMatchObject(notReady("moving"));
    await expect(click("#disabled", soon)).rejects.toMatchObject(notReady("disabled"));
    await expect(click("#hidden", soon)).rejects.toMatchObject(notReady("hidden"));
    await expect(click("#nothing", soon)).rejects.toMatchObject({ code: "not_found" });
    await expect(click("a[[", soon)).rejects.toMatchObject({ code: "usage" });
    await expect(click("@e0", soon)).rejects.toMatchObject({ code: "not_found" });
    const several = await click(".same", soon).catch((it) => it);
    expect(several).toMatchObject({ code: "conflict", details: { count: 2 } });
    await click(/@e\d+/.exec(several.message)?.[0] ?? "");
  });

  test("that opens a dialog is over then, and says so", async () => {
    await goTo("dialogs");
    const { target, changed } = await click("role=button >> nth=0");
    expect({ target, type: changed.dialog?.type }).toEqual({ target: null, type: "alert" });
    await expect(click("role=button >> nth=0")).rejects.toMatchObject({ code: "dialog_open" });
    await expect(get("snapshot")).rejects.toMatchObject({ code: "dialog_open" });
    await post("dialog", { answer: "accept" });
    expect(await outline()).toContain("button");
  });

  test("reaches into frames and shadow roots", async () => {
    await goTo("frames");
    for (const who of ["same", "other", "inner"]) {
      const text = await outline();
      const lines = text.split("\n");
      const at = lines.findIndex((line) => line.includes(`Send to ${who}`));
      await post("fill", { target: refIn(lines[at - 1] ?? "", "Word"), text: `wörd ${who}` });
      await click(`text=Send to ${who}`);
    }
    const heard = "same:wörd same other:wörd other inner:wörd inner";
    const heardBy = async () => (await get("text", { target: "#heard" })).text;
    // Messages between frames take their time.
    await post("wait", { text: ["inner:wörd"] });
    expect(await heardBy()).toBe(heard);
    await goTo("shadow");
    await click("text=Count Inner");
    expect((await get("text")).text).toContain("Inner: 1");
  });

  test("brings a tab that is behind to the front", async () => {
    await goTo("targets");
    const first = (await get("snapshot")).tab;
    await site.call("POST", "chrome/tabs", { url: `${site.url}/forms` });
    await click("text=Far below", { tab: first });
    expect((await get("text", { tab: first, target: "output" })).text).toBe("below");
  });
});

describe("fields", () => {
  test("are filled, chosen from, and switched", async () => {
    await goTo("forms");
    const name = 'role=textbox[name="Name"]';
    await post("fill", { target: name, text: "Ann" });
    await post("fill", { target: name, text: "Bob Ünï €" });
    await post("fill", { target: "input[type=date]", text: "2026-11-22" });
    const chosen = await post("select", {
      target: 'role=combobox[name="Size"]',
      options: ["Large"],
    });
    expect(chosen).toMatchObject({ labels: ["Large"] });
    await post("select", { target: "role=listbox", options: ["Red", "Blue"] });
    const check = { target: "role=checkbox" };
    expect(await post("check", check)).toMatchObject({ checked: true, clicked: true });
    expect(await post("check", check)).toMatchObject({ checked: true, clicked: false });
    await post("check", { target: "text=In the shop" });
    const lines = plain(await outline());
    expect(lines).toContain('textbox "Name" @: Bob Ünï €');
    expect(lines).toContain('textbox "Day" @ [date]: 2026-11-22');
    expect(lines).toContain('listbox "Colours" @ [Red | Green | Blue]: Red, Blue');
    expect(lines).toContain(' radio "In the shop" @ [checked, focused]');
    expect(await post("check", { ...check, off: true })).toMatchObject({ checked: false });
  });

  test("take keys as a person presses them", async () => {
    await goTo("forms");
    const target = "[contenteditable]";
    await post("fill", { target, text: "Hello" });
    const pressed = await post("press", { keys: ["ctrl+a", "Delete", "H", "é", "?"], on: target });
    expect(pressed.keys).toEqual(["ctrl+a", "Delete", "H", "é", "?"]);
    expect((await get("text", { target })).text).toBe("Hé?");
    await expect(post("press", { keys: ["Entr"] })).rejects.toMatchObject({ code: "usage" });
  });

  test("say why they do not take something", async () => {
    await goTo("forms");
    const refused = (error: unknown) => error as { code: string; hint: string };
    const size = 'role=combobox[name="Size"]';
    const option = await post("select", { target: size, options: ["Huge"] }).catch(refused);
    expect(option).toMatchObject({ code: "not_found", hint: expect.stringContaining('"Large"') });
    await expect(post("select", { target: size, options: ["s", "m"] })).rejects.toMatchObject({
      code: "action_failed",
    });
    await expect(post("fill", { target: "role=checkbox", text: "x" })).rejects.toMatchObject({
      code: "action_failed",
    });
    await expect(post("fill", { target: "input[type=date]", text: "soon" })).rejects.toMatchObject({
      code: "action_failed",
    });
    await expect(post("fill", { target: "h1", text: "x", ...soon })).rejects.toMatchObject({
      code: "target_not_ready",
    });
    await expect(post("check", { target: "h1", ...soon })).rejects.toMatchObject({
      code: "action_failed",
    });
  });

  test("for files get files of the workstation", async () => {
    writeFileSync(join(site.workspace, "notes.txt"), "four words of text");
    await goTo("files");
    const target = "input[type=file] >> nth=0";
    const { files } = await post("upload", { target, files: ["notes.txt"] });
    expect(files).toEqual(["/workspace/notes.txt"]);
    expect(await outline()).toContain("notes.txt");
    // What opens the choice is as good as the field itself.
    const opener = `const b = document.createElement("button"); b.textContent = "Choose";
      b.onclick = () => document.querySelector("input").click(); document.body.append(b)`;
    await post("eval", { expression: opener });
    writeFileSync(join(site.workspace, "other.txt"), "others");
    await post("upload", { target: "text=Choose", files: ["/workspace/other.txt"] });
    await post("wait", { text: ["other.txt: 6 bytes"] });
    await expect(post("upload", { target, files: ["missing.txt"] })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(
      post("upload", { target: "h1", files: ["notes.txt"], ...soon }),
    ).rejects.toMatchObject({
      code: "action_failed",
    });
  });
});

describe("the desktop's pointer and keyboard", () => {
  test("go by a page's refs, too", async () => {
    await goTo("targets");
    const ref = refIn(await outline(), "Far below");
    await site.call("POST", "windows/Chromium/focus", {});
    expect(await site.call("POST", "click", { at: ref })).toMatchObject({
      over: { class: "Chromium" },
    });
    // X and the browser's own connection are two ways: who looks by one may overtake the other.
    while ((await said()) !== "below") await Bun.sleep(20);
    await goTo("frames");
    const field = refIn(await outline(), 'textbox "Word"');
    await site.call("POST", "type", { text: "typed", into: field });
    const typed = ' textbox "Word" @ [focused]: typed';
    while (!plain(await outline()).includes(typed)) await Bun.sleep(20);
    await goTo("targets");
    const gone = await site.call("POST", "click", { at: field }).catch((it) => it);
    expect(gone).toMatchObject({ code: "stale_ref" });
  });
});

test("a page's text is on the screen, as far as it shows, and is clicked where it stands", async () => {
  await goTo("forms");
  await site.call("POST", "windows/Chromium/focus", {});
  const look = () => site.call<Output<"screen">>("GET", "screen?image=false");
  let [block] = (await look()).text ?? [];
  // A page that is slow to tell its text is left out of a look.
  while (block?.source !== "page") [block] = (await look()).text ?? [];
  expect(block).toMatchObject({ source: "page", class: "Chromium" });
  expect(block?.lines).toContain("I have read the terms");
  await site.call("POST", "click", { on: "I have read the terms" });
  await post("wait", { target: "role=checkbox[checked]" });
  await goTo("targets");
  expect((await look()).text?.[0]?.lines).not.toContain("Far below");
});

describe("the pointer", () => {
  test("opens what opens under it", async () => {
    await goTo("targets");
    await post("hover", { target: ".menu" });
    await click("text=Entry");
    expect(await said()).toBe("entry");
  });

  test("drags what the page lets be dragged", async () => {
    await goTo("targets");
    expect(await post("drag", { from: "#from", to: "#to" })).toMatchObject({
      from: expect.stringContaining("Drag me"),
    });
    expect(await said()).toBe("dropped the box");
  });

  test("scrolls by the wheel, and brings into view", async () => {
    await goTo("targets");
    const turned = await post("scroll", { down: 300 });
    expect(turned).toMatchObject({ x: 0, y: 300 });
    const shown = await post("scroll", { target: "#below" });
    expect(shown.y).toBeGreaterThan(300);
    expect(await post("scroll", { down: 100_000 })).toMatchObject({ y: shown.maxY });
    await expect(post("scroll", {})).rejects.toMatchObject({ code: "usage" });
  });
});

describe("a list of steps", () => {
  const run = (line: string) => site.call<Output<"exec">>("POST", "exec", { command: [line] });
  const batch = (actions: object[]) => site.call<Output<"batch">>("POST", "actions", { actions });
  /** Holds up a list until there is a file, and says by another one that it does. */
  const until = (file: string) => ({
    exec: { command: [`touch /tmp/held; until [ -e ${file} ]; do sleep 0.02; done`] },
  });
  const held = () => run("until [ -e /tmp/held ]; do sleep 0.02; done");

  test("has the page for itself: who waits there to click waits for its end as well", async () => {
    await goTo("forms");
    await run("rm -f /tmp/held /tmp/go");
    // Waits until the button can be used: the list makes it so.
    const theirs = click("#order", { timeoutMs: 30_000 });
    const mine = batch([
      { "chrome.fill": { target: "[name=name]", text: "Ada" } },
      { "chrome.check": { target: "#terms" } },
      { "chrome.wait": { target: "#order:enabled" } },
      until("/tmp/go"),
      { "chrome.eval": { expression: "location.pathname + document.title" } },
    ]);
    await held();
    // The page may go from under it.
    const titles = post("eval", { expression: "document.title = 'theirs'" }).catch(() => null);
    await run("true");
    await run("touch /tmp/go");
    const { results, failed } = await mine;
    expect(failed).toBeNull();
    expect(results[4]?.reply).toMatchObject({ value: "/formsForms" });
    const [{ changed }] = await Promise.all([theirs, titles]);
    expect(changed.navigated?.url).toBe(`${site.url}/submitted`);
  });

  test("does not hold up who answers a dialog", async () => {
    await goTo("forms");
    await run("rm -f /tmp/held /tmp/answered");
    const mine = batch([
      { "chrome.eval": { expression: "alert('held up')" } },
      until("/tmp/answered"),
    ]);
    await held();
    expect(await post("dialog", { answer: "accept" })).toMatchObject({ answered: true });
    await run("touch /tmp/answered");
    expect((await mine).failed).toBeNull();
  });

  test("checks what is on a page", async () => {
    await goTo("forms");
    const refs = await outline();
    const [name, terms, order] = ['"Name"', "I have read", '"Order"'].map((it) => refIn(refs, it));
    const check = async (conditions: object) => {
      const { checks } = await site.call<Output<"expect">>("POST", "expect", conditions);
      return checks[0];
    };
    const answers = async (...all: object[]) =>
      Promise.all(all.map(async (it) => (await check(it))?.answer));
    const is = (ref: string | undefined, state: string) => ({ state: [{ ref, is: state }] });
    expect(await answers(is(terms, "unchecked"), is(terms, "checked"))).toEqual(["yes", "no"]);
    expect(await answers(is(order, "disabled"), is(order, "enabled"))).toEqual(["yes", "no"]);
    expect(await answers(is(order, "unchecked"))).toEqual(["unknown"]);
    await post("check", { target: "#terms" });
    await post("fill", { target: "[name=name]", text: "Ada" });
    expect(await answers(is(terms, "checked"), is(terms, "unchecked"))).toEqual(["yes", "no"]);
    expect(await check({ value: [{ ref: name, matches: "^Ada$" }] })).toMatchObject({
      answer: "yes",
      thing: { role: "textbox", name: "Name", value: "Ada", states: ["focused"] },
    });
    expect(await check({ text: ["An order"] })).toMatchObject({ answer: "yes", source: "page" });
    expect(await check({ text: ["never shown"] })).toMatchObject({ answer: "no" });
    await goTo("login");
    expect(await answers({ ref: [name] }, { refGone: [name] })).toEqual(["no", "yes"]);
    expect(await answers(is(terms, "checked"))).toEqual(["unknown"]);
  });
});
