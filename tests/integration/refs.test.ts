import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import type { Output } from "../../src/contract/index.ts";
import { appsImage } from "../support/apps-image.ts";
import { TestDaemon } from "../support/daemon.ts";

type Screen = Output<"screen">;
type Block = NonNullable<Screen["text"]>[number];
type Ref = NonNullable<Block["refs"]>[number];

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await TestDaemon.start();
  const size = { width: 1280, height: 900 };
  await daemon.newSession({ name: "desk", workspace: null, size, image: appsImage });
});
afterAll(() => daemon[Symbol.asyncDispose]());
// Until they are gone: a second mousepad only tells the first, by D-Bus, and ends.
afterEach(() =>
  exec(
    "pkill -CONT 'zenity|mousepad|featherpad'; pkill -9 'zenity|mousepad|featherpad'; while pgrep 'zenity|mousepad|featherpad'; do sleep 0.02; done",
  ),
);

const post = <T = Output<"click">>(verb: string, body: object = {}) =>
  daemon.call<T>("POST", `/v1/sessions/desk/${verb}`, body);
const exec = async (line: string, detach = false) =>
  (await post<Output<"exec">>("exec", { command: [line], detach })).stdout ?? "";
const look = (query = "refs=true") =>
  daemon.call<Screen>("GET", `/v1/sessions/desk/screen?image=false&${query}`);

/** Looks again until there is one: programs take their time. */
async function until<T>(what: string, find: () => Promise<T | null | undefined>): Promise<T> {
  for (const end = Date.now() + 30_000; Date.now() < end; await Bun.sleep(20)) {
    const found = await find();
    if (found) return found;
  }
  throw new Error(`${what} in vain: ${JSON.stringify((await look()).text, null, 1)}`);
}

const refsOf = ({ text }: Screen): Ref[] => (text ?? []).flatMap(({ refs }) => refs ?? []);
/** The thing of that role and name, once it is there. */
const thing = (role: string, name: string): Promise<Ref> =>
  until(`${role} ${name}`, async () =>
    refsOf(await look()).find((each) => each.role === role && each.name === name),
  );
const goes = (ref: Ref) =>
  until(`${ref.name} goes`, async () => !refsOf(await look()).some((each) => each.ref === ref.ref));

describe("a dialog of GTK 4, which tells no places", () => {
  test("is read, filled in and answered by reference", async () => {
    await exec("exec zenity --entry --title Ask --text 'Your name?' > /tmp/said", true);
    const entry = await thing("textbox", "Your name?");
    // It may be busy with its first picture, and not answer a look.
    const block = await until("its text", async () =>
      (await look("refs=false")).text?.find(
        ({ title, source }) => title === "Ask" && source === "accessibility",
      ),
    );
    expect(block).toMatchObject({ source: "accessibility", refs: null });
    expect(block?.lines).toEqual(expect.arrayContaining(["Your name?", "Cancel", "OK"]));
    await post("type", { text: "Ada", into: entry.ref });
    await post("type", { text: " Lovelace", into: entry.ref });
    const ok = await thing("button", "OK");
    await until(
      "the name",
      async () => (await thing("textbox", "Your name?")).value === "Ada Lovelace",
    );
    await post("click", { at: ok.ref });
    await until("its answer", async () => (await exec("cat /tmp/said")) === "Ada Lovelace\n");
    await goes(ok);
    const stale = { code: "stale_ref" };
    await expect(post("click", { on: ok.ref })).rejects.toMatchObject(stale);
    await expect(post("type", { text: "x", into: ok.ref })).rejects.toMatchObject(stale);
  });

  test("cannot be clicked with another button, and says so", async () => {
    await exec("exec zenity --info --title Note --text Note", true);
    const ok = await thing("button", "OK");
    await expect(post("click", { at: ok.ref, button: "right" })).rejects.toMatchObject({
      code: "action_failed",
    });
    await expect(post("move", { at: ok.ref })).rejects.toMatchObject({ code: "action_failed" });
  });
});

test("that a thing is there, and that it goes, can be waited for", async () => {
  await exec("exec zenity --info --title Note --text Note", true);
  const { ref } = await thing("button", "OK");
  const wait = (condition: object) => post<Output<"wait">>("wait", condition);
  expect((await wait({ ref: [ref] })).condition).toBe(`ref=${ref}`);
  const stays = { refGone: [ref], timeoutMs: 200 };
  await expect(wait(stays)).rejects.toMatchObject({ code: "timeout" });
  const { waited } = await post("click", { at: ref, wait: { refGone: [ref] } });
  expect(waited?.condition).toBe(`ref-gone=${ref}`);
  await expect(wait({ ref: ["@e999999999"] })).rejects.toMatchObject({ code: "usage" });
});

describe("an editor of GTK 3", () => {
  test("has its menu opened, a dialog from it, and that one closed again", async () => {
    await exec("echo hello > /tmp/short; exec mousepad /tmp/short", true);
    await post("click", { at: (await thing("menuitem", "File")).ref });
    const entry = await thing("menuitem", "Open...");
    await until("its text", async () =>
      (await look("refs=false")).text?.some(({ lines }) => lines.includes("Open...")),
    );
    await post("click", { at: entry.ref });
    const cancel = await thing("button", "Cancel");
    await expect(post("click", { at: entry.ref })).rejects.toMatchObject({ code: "stale_ref" });
    await post("click", { at: cancel.ref });
    await goes(cancel);
  });

  test("takes text where it is told to, and lists the same things by the same names", async () => {
    await exec("echo hello > /tmp/short; exec mousepad /tmp/short", true);
    const page = await until("the page", async () =>
      refsOf(await look()).find(({ role, value }) => role === "textbox" && value === "hello"),
    );
    await post("type", { text: "Zoë ✓ ", into: page.ref });
    await until("the text", async () =>
      refsOf(await look()).find(({ ref, value }) => ref === page.ref && value?.includes("Zoë ✓")),
    );
  });

  test("is not clicked through what covers it", async () => {
    await exec("echo hello > /tmp/short; exec mousepad /tmp/short", true);
    const file = await thing("menuitem", "File");
    await exec("exec xterm -T cover -geometry 100x40+0+0 -e cat", true);
    await until("the cover", async () => {
      const seen = await look();
      const isThere = seen.text?.some(({ title }) => title === "cover");
      return isThere && !refsOf(seen).some(({ ref }) => ref === file.ref);
    });
    await expect(post("click", { at: file.ref })).rejects.toMatchObject({
      code: "action_failed",
      message: expect.stringContaining("covers"),
    });
    await exec("pkill -x cat");
  });
});

test("a button of Qt is clicked, and one in its list of things by way of a part", async () => {
  await exec("seq 3 > /tmp/rows; exec featherpad --standalone /tmp/rows", true);
  const add = await thing("button", "New");
  await post("click", { at: add.ref });
  await thing("tab", "Untitled");
  const bar = await until("the bar", async () =>
    refsOf(await look()).find(({ role }) => role === "toolbar"),
  );
  const part = refsOf(await look(`refsIn=${encodeURIComponent(bar.ref)}`));
  expect(part[0]?.ref).toBe(bar.ref);
  expect(part.map(({ name }) => name)).toContain("New");
  expect(part.some(({ role }) => role === "tab")).toBe(false);
});

test("what is no reference, or of another session, is refused", async () => {
  await daemon.newSession({ name: "other", workspace: null });
  await exec("exec zenity --info --title Note --text Note", true);
  const ok = await thing("button", "OK");
  const other = daemon.call("POST", "/v1/sessions/other/click", { at: ok.ref });
  await expect(other).rejects.toMatchObject({ code: "not_found" });
  await expect(post("click", { at: "@e999999999" })).rejects.toMatchObject({ code: "not_found" });
  await expect(post("click", { at: "@12" })).rejects.toMatchObject({ code: "usage" });
  await expect(post("click", { at: ok.ref, window: "Note" })).rejects.toMatchObject({
    code: "usage",
  });
  expect((await look("refsIn=@e999999999").catch((error) => error)).code).toBe("not_found");
});
