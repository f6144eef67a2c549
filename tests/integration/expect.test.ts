import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { Fields, Output } from "../../src/contract/index.ts";
import { appsImage } from "../support/apps-image.ts";
import { TestDaemon } from "../support/daemon.ts";

type Reply = Output<"expect">;
type Conditions = Omit<Fields<"expect">, "session">;

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await TestDaemon.start();
  const size = { width: 1280, height: 800 };
  await daemon.newSession({ name: "sure", workspace: null, image: appsImage, size });
});
afterAll(() => daemon[Symbol.asyncDispose]());

const path = "/v1/sessions/sure";
const post = <T>(verb: string, body: object) => daemon.call<T>("POST", `${path}/${verb}`, body);
const exec = (line: string, detach = false) =>
  post<Output<"exec">>("exec", { command: [line], detach });
/** The one check, or the first of them. */
const check = async (conditions: Conditions) => {
  const reply = await post<Reply>("expect", conditions);
  const [first] = reply.checks;
  if (!first) throw new Error("no check");
  return { ...first, all: reply };
};
const answerOf = async (conditions: Conditions) => (await check(conditions)).answer;
/** Asks again until the answer is the one that is due. */
const settles = async (conditions: Conditions, due: "yes" | "no") => {
  let answer = await answerOf(conditions);
  for (const end = Date.now() + 15_000; answer !== due && Date.now() < end; await Bun.sleep(20)) {
    answer = await answerOf(conditions);
  }
  expect(answer).toBe(due);
};
/** Whatever the test before has opened and closed. */
beforeEach(async () => {
  await post("windows/nexora@sure/focus", {});
  await post("wait", { title: ["^nexora@sure"] });
});
/** Types a line, and waits for its end. */
const shell = (text: string) => post("type", { text, enter: true, wait: { prompt: true } });

describe("a text", () => {
  test("is there by what it was read, or is not, when all could be read", async () => {
    await shell("clear; echo all d''one");
    expect(await check({ text: ["^all done$"] })).toMatchObject({
      ...{ condition: "text=^all done$", answer: "yes", why: null },
      ...{ line: "all done", source: "terminal", window: { class: "XTerm" } },
    });
    expect(await check({ text: ["never shown"] })).toMatchObject({
      answer: "no",
      why: "not in the text of the only window",
    });
    expect(await answerOf({ gone: ["never shown"] })).toBe("yes");
    expect(await answerOf({ gone: ["all done"] })).toBe("no");
    const { all } = await check({ text: ["all done", "never shown"] });
    expect(all.answer).toBe("no");
    expect(all.checks.map(({ answer }) => answer)).toEqual(["yes", "no"]);
  });

  test("that was not found is unknown while a window cannot be read", async () => {
    const shot =
      "scrot -o /tmp/all.png -a 0,25,400,100 && exec feh -g 400x100+600+500 /tmp/all.png";
    await exec(shot, true);
    await post("wait", { window: ["feh"] });
    expect(await check({ text: ["never shown"] })).toMatchObject({
      answer: "unknown",
      why: expect.stringMatching(/^not found, but window 0x.*OCR/),
    });
    expect(await answerOf({ gone: ["never shown"] })).toBe("unknown");
    // What is read is there all the same.
    expect(await answerOf({ text: ["all done"] })).toBe("yes");
    const both = await check({ text: ["never shown"], file: ["/nowhere"] });
    expect(both.all.answer).toBe("no");
    await exec("pkill feh");
    // The window manager's frame goes after the window.
    await settles({ text: ["never shown"] }, "no");
  });

  test("of a window that is minimized is not on the screen", async () => {
    await shell("clear; echo mini''mized");
    const { done } = await post<Output<"window.minimize">>("windows/nexora@sure/minimize", {});
    expect(done).toBe(true);
    expect(await check({ text: ["minimized"] })).toMatchObject({
      answer: "no",
      why: "no window shows",
    });
    await post("windows/nexora@sure/restore", {});
    expect(await answerOf({ text: ["minimized"] })).toBe("yes");
  });
});

describe("a command", () => {
  test("has ended with a status, or not; while it runs, that is unknown", async () => {
    await shell("(exit 3)");
    const seen = { command: { line: "(exit 3)", running: false, exitStatus: 3 } };
    expect(await check({ exitStatus: 3 })).toMatchObject({ answer: "yes", ...seen });
    expect(await check({ exitStatus: 0 })).toMatchObject({ answer: "no", why: "it is 3", ...seen });
    expect(await answerOf({ command: "exit \\d" })).toBe("yes");
    expect(await answerOf({ command: "make" })).toBe("no");
    expect(await answerOf({ prompt: true })).toBe("yes");
    await post("type", { text: "read -p 'Sure? '", enter: true, wait: { text: ["^Sure\\?"] } });
    await post("wait", { input: true });
    expect(await check({ exitStatus: 0 })).toMatchObject({
      answer: "unknown",
      why: "the command runs still",
      command: { running: true },
    });
    expect(await answerOf({ prompt: true })).toBe("no");
    expect(await check({ input: true })).toMatchObject({ answer: "yes", line: "Sure?" });
    await post("key", { keys: ["Return"], wait: { prompt: true } });
  });

  test("that may be about to begin is not taken for the one before", async () => {
    for (let turn = 0; turn < 10; turn++) {
      await shell("true");
      await post("type", { text: "(exit 7)", enter: true });
      expect(await answerOf({ exitStatus: 0 })).not.toBe("yes");
      await post("wait", { prompt: true });
      expect(await answerOf({ exitStatus: 7 })).toBe("yes");
    }
  });
});

test("a file is there or not, its text matches or not, and what cannot be read is unknown", async () => {
  await exec(
    `mkdir -p /tmp/f/shut; cd /tmp/f; printf 'one\\ntwo\\n' > two; printf 'gr\\374n' > latin; touch closed shut/in
     ln -s nowhere astray; ln -s loop loop
     { head -c 5000000 /dev/zero | tr '\\0' x; echo; echo the end; } > long; chmod 0 closed shut`,
  );
  const file = (name: string) => `/tmp/f/${name}`;
  const has = (name: string, matches: string) =>
    answerOf({ fileText: [{ path: file(name), matches }] });
  expect(await check({ file: [file("two")] })).toMatchObject({
    answer: "yes",
    file: { path: "/tmp/f/two", type: "file", sizeBytes: 8 },
  });
  expect(await answerOf({ file: ["/tmp/f"] })).toBe("yes");
  expect(await answerOf({ file: ["nowhere"] })).toBe("no");
  expect(await answerOf({ fileGone: ["nowhere"] })).toBe("yes");
  expect(await answerOf({ fileGone: [file("two")] })).toBe("no");
  expect(await check({ file: [file("astray")] })).toMatchObject({
    answer: "no",
    why: "it is a symbolic link that leads nowhere",
    file: { type: "link" },
  });
  expect(await answerOf({ fileGone: [file("astray")] })).toBe("no");
  expect(await answerOf({ fileGone: [file("loop")] })).toBe("no");
  expect(await has("astray", "one")).toBe("no");
  expect(await answerOf({ file: [file("shut/in")] })).toBe("unknown");
  expect(await answerOf({ fileGone: [file("shut/in")] })).toBe("unknown");
  expect(await has("two", "^two$")).toBe("yes");
  expect(await has("two", "three")).toBe("no");
  expect(await has("nowhere", "one")).toBe("no");
  expect(await has("shut", "one")).toBe("no");
  expect(await has("closed", "one")).toBe("unknown");
  expect(await has("latin", "gr")).toBe("yes");
  expect(await has("latin", "blue")).toBe("unknown");
  expect(await has("long", "the end")).toBe("unknown");
  await exec("chmod 700 /tmp/f/shut");
});

test("a window, a title, a port", async () => {
  expect(await check({ window: ["xterm"] })).toMatchObject({
    answer: "yes",
    window: { class: "XTerm" },
  });
  expect(await check({ window: ["nobody"] })).toMatchObject({
    answer: "no",
    why: expect.stringMatching(/^the windows are "nexora@sure/),
  });
  expect(await answerOf({ windowGone: ["nobody"] })).toBe("yes");
  expect(await answerOf({ windowGone: ["xterm"] })).toBe("no");
  expect(await answerOf({ title: ["^nexora@sure"] })).toBe("yes");
  expect(await check({ title: ["other"] })).toMatchObject({
    answer: "no",
    why: expect.stringMatching(/^it is "nexora@sure/),
  });
  await exec("exec python3 -m http.server 8765 --bind 127.0.0.1", true);
  await post("wait", { port: [8765] });
  expect(await check({ port: [8765] })).toMatchObject({
    answer: "yes",
    listener: { port: 8765, address: "127.0.0.1" },
  });
  expect(await answerOf({ port: [8766] })).toBe("no");
});

test("a thing is there with its value and states; one that is gone has none that is known", async () => {
  await exec("exec zenity --entry --title Ask --text 'Your name?' --entry-text Ada", true);
  type Ref = { ref: string; role: string; name: string };
  const find = async (role: string): Promise<Ref> => {
    for (const end = Date.now() + 30_000; Date.now() < end; await Bun.sleep(20)) {
      const { text } = await daemon.call<Output<"screen">>(
        "GET",
        `${path}/screen?image=false&refs=true`,
      );
      const all = (text ?? []).flatMap(({ refs }) => refs ?? []);
      const found = all.find((each) => each.role === role && each.name !== "");
      if (found) return found;
    }
    throw new Error(`no ${role}`);
  };
  const { ref } = await find("textbox");
  const button = (await find("button")).ref;
  expect(await answerOf({ ref: [ref] })).toBe("yes");
  expect(await answerOf({ refGone: [ref] })).toBe("no");
  expect(await check({ value: [{ ref, matches: "^Ada$" }] })).toMatchObject({
    answer: "yes",
    thing: { role: "textbox", value: "Ada" },
  });
  expect(await answerOf({ value: [{ ref, matches: "Bob" }] })).toBe("no");
  expect(await answerOf({ value: [{ ref: button, matches: "Bob" }] })).toBe("unknown");
  expect(await answerOf({ state: [{ ref, is: "enabled" }] })).toBe("yes");
  expect(await answerOf({ state: [{ ref, is: "disabled" }] })).toBe("no");
  expect(await answerOf({ state: [{ ref: button, is: "unchecked" }] })).toBe("unknown");
  expect(await check({ text: ["Your name\\?"] })).toMatchObject({
    answer: "yes",
    source: "accessibility",
  });
  // A program that does not answer says nothing.
  await exec("pkill -STOP zenity");
  expect(await answerOf({ ref: [ref] })).toBe("unknown");
  expect(await answerOf({ state: [{ ref, is: "enabled" }] })).toBe("unknown");
  expect(await answerOf({ text: ["never shown"] })).toBe("unknown");
  await exec("pkill -CONT zenity; pkill zenity");
  await post("wait", { windowGone: ["Ask"] });
  expect(await answerOf({ ref: [ref] })).toBe("no");
  expect(await answerOf({ refGone: [ref] })).toBe("yes");
  expect(await answerOf({ value: [{ ref, matches: "Ada" }] })).toBe("unknown");
  expect(await answerOf({ state: [{ ref, is: "enabled" }] })).toBe("unknown");
  expect(await answerOf({ text: ["never shown"] })).toBe("no");
});

test.each([
  ["nothing", {}],
  ["a reference that means nothing", { ref: ["@e999999999"] }],
  ["seventeen patterns", { text: Array(16).fill("a"), title: ["b"] }],
])("%s is no question", async (_, conditions) => {
  await expect(post("expect", conditions)).rejects.toMatchObject({ code: "usage" });
});
