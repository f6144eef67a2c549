import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import sharp from "sharp";
import type { ScreenOutput } from "../../src/contract/screen.ts";
import type { WaitOutput } from "../../src/contract/wait.ts";
import { TestDaemon } from "../support/daemon.ts";

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await TestDaemon.start();
  await daemon.newSession({ name: "see", workspace: null });
});
afterAll(() => daemon[Symbol.asyncDispose]());

const look = (query = "") => daemon.call<ScreenOutput>("GET", `/v1/sessions/see/screen${query}`);
const type = (text: string, more: Record<string, unknown> = {}) =>
  daemon.call<{ waited: WaitOutput | null; screen: ScreenOutput | null }>(
    "POST",
    "/v1/sessions/see/type",
    { text, ...more },
  );
const wait = (body: Record<string, unknown>) =>
  daemon.call<WaitOutput>("POST", "/v1/sessions/see/wait", body);

test("one call gives pixels and exact text", async () => {
  await type("clear; echo 'exact: äöß €漢字'\n", { wait: { prompt: true } });
  const seen = await look();
  expect(seen.text?.[0]?.source).toBe("terminal");
  expect(seen.text?.[0]?.lines.join("\n")).toContain("exact: äöß €漢字");
  expect(seen.window?.region.width).toBeGreaterThan(500);
  const picture = sharp(Buffer.from(seen.image?.base64 ?? "", "base64"));
  expect(await picture.metadata()).toMatchObject({ format: "png", width: 1024, height: 768 });
});

test("an unchanged frame has the same rev, and is not sent again", async () => {
  await wait({ stableMs: 200 });
  let first = await look();
  let second = await look(`?since=${first.rev}`);
  // Once a minute the task bar's clock comes between.
  if (second.changed) {
    first = second;
    second = await look(`?since=${first.rev}`);
  }
  expect(second).toMatchObject({ rev: first.rev, changed: false, image: null });
  await type("x", { wait: { change: true } });
  const third = await look(`?since=${first.rev}`);
  expect(third.changed).toBe(true);
  expect(third.image).not.toBeNull();
  await daemon.call("POST", "/v1/sessions/see/key", { keys: ["ctrl+u"] });
});

test("scale and region shrink the picture, and their factors map back to the desktop", async () => {
  const half = (await look("?scale=0.5")).image;
  expect(half).toMatchObject({ width: 512, height: 384, scaleX: 2, scaleY: 2, offsetX: 0 });
  const region = encodeURIComponent(JSON.stringify({ x: 100, y: 50, width: 200, height: 100 }));
  const part = (await look(`?region=${region}&format=jpeg`)).image;
  expect(part).toMatchObject({
    format: "jpeg",
    width: 200,
    height: 100,
    scaleX: 1,
    offsetX: 100,
    offsetY: 50,
  });
});

test.each([
  ["scale=0", "scale"],
  ["scale=2", "scale"],
  ["format=gif", "format"],
  [`region=${encodeURIComponent('{"x":5000,"y":0,"width":10,"height":10}')}`, "1024x768"],
  ["region=1,2,3", "region"],
])("%s is a usage error that names it", async (query, words) => {
  const reply = await daemon.fetch(`/v1/sessions/see/screen?${query}`);
  expect(reply.status).toBe(400);
  expect(((await reply.json()) as { message: string }).message).toContain(words);
});

test("with Accept: image/* the body is the picture; headers have small facts, and no text", async () => {
  await type(
    "clear; for i in {1..40}; do echo 'Съешь же ещё этих мягких французских булок'; done\n",
    {
      wait: { prompt: true },
    },
  );
  const reply = await daemon.fetch("/v1/sessions/see/screen", {
    headers: { accept: "image/webp" },
  });
  const bytes = new Uint8Array(await reply.arrayBuffer());
  expect(reply.headers.get("content-type")).toBe("image/webp");
  const meta = reply.headers.get("x-nexora-meta") ?? "";
  expect(JSON.parse(meta)).toMatchObject({ size: { width: 1024 }, image: { bytes: bytes.length } });
  expect(meta.length).toBeLessThan(1000);
});

test("wait --prompt carries the status of the command that was typed before it", async () => {
  const { waited } = await type("sleep 0.3; (exit 7)\n", { wait: { prompt: true } });
  const command = "sleep 0.3; (exit 7)";
  expect(waited).toMatchObject({ condition: "prompt", exitStatus: 7, command });
});

test("the status of a wait --prompt is that of the command it names, not of what an editor got", async () => {
  await type("vi /tmp/eaten\n", { wait: { text: ["eaten"] } });
  const { waited } = await type(":cq 3\n", { wait: { prompt: true } });
  expect(waited).toMatchObject({ exitStatus: 3, command: "vi /tmp/eaten" });
});

test("wait --text and --gone follow the screen, and say which condition held", async () => {
  await type("clear; sleep 0.2; echo ready-$((40+2))\n");
  expect((await wait({ text: ["never", "ready-\\d+$"] })).condition).toBe("text=ready-\\d+$");
  await type("clear\n");
  expect((await wait({ gone: ["ready-42"] })).condition).toBe("gone=ready-42");
});

test("wait --stable ends after quiet pixels, not while they change", async () => {
  await type("clear\n", { wait: { prompt: true } });
  await type("for i in 1 2 3 4 5 6; do echo $i; sleep 0.1; done\n", { wait: { text: ["^1$"] } });
  await wait({ stableMs: 1500 });
  expect((await look("?image=false")).text?.[0]?.lines).toContain("6");
});

test("a wait in vain is a time-out that shows what was on the screen", async () => {
  await type("clear; echo what-was-there\n", { wait: { prompt: true } });
  await expect(wait({ text: ["something else"], timeoutMs: 200 })).rejects.toMatchObject({
    code: "timeout",
    details: {
      expected: ["text=something else"],
      screen: expect.arrayContaining(["what-was-there"]),
    },
  });
});

test("vi is opened, edited and left, as a person would", async () => {
  await type("cd /tmp && printf 'hello\\n' > note && vi note\n", { wait: { text: ['"note" 1L'] } });
  const { text } = await look("?image=false");
  const editor = { alternate: true, command: expect.stringContaining("vi note") };
  expect(text).toMatchObject([{ source: "terminal", terminal: editor }]);
  await type("cwgoodbye\x1b:wq\n", { wait: { prompt: true } });
  const read = await daemon.call<{ stdout: string }>("POST", "/v1/sessions/see/exec", {
    command: ["cat /tmp/note"],
  });
  expect(read.stdout).toBe("goodbye\n");
});

test("code typed into vi keeps its indentation and its comments", async () => {
  const code = "def f():\n    # first\n    if True:\n        return 1\n\n    # second\n";
  await type("vi /tmp/typed.py\n", { wait: { text: ["typed.py"] } });
  await type(`i${code}\x1b:wq\n`, { wait: { prompt: true } });
  const read = await daemon.call<{ stdout: string }>("POST", "/v1/sessions/see/exec", {
    command: ["cat /tmp/typed.py"],
  });
  expect(read.stdout).toBe(`${code}\n`);
});

test("a prompt that ends in a space is found by an anchored pattern", async () => {
  await type("python3 -q\n", { wait: { text: [">>> $"] } });
  await daemon.call("POST", "/v1/sessions/see/key", { keys: ["ctrl+d"], wait: { prompt: true } });
});

describe("to read less", () => {
  const block = async (query: string) => (await look(`?image=false&${query}`)).text?.[0];

  test("the last output is what the last command printed, also when it has scrolled away", async () => {
    await type("clear; echo other\nseq 2000\n", { wait: { prompt: true } });
    const all = await block("lastOutput=true&tail=100000");
    expect(all?.lines).toEqual(Array.from({ length: 2000 }, (_, at) => `${at + 1}`));
    expect(all).toMatchObject({ degraded: null, terminal: { lastCommand: { line: "seq 2000" } } });
    expect(await block("lastOutput=true&tail=2")).toMatchObject({ lines: ["1999", "2000"] });
    expect((await block("lastOutput=true"))?.degraded).toContain("last 1000 of 2000");
  });

  test("it says what is missing: after a clear, of a full-screen program", async () => {
    await type("echo one; clear; echo two\n", { wait: { prompt: true } });
    expect(await block("lastOutput=true")).toMatchObject({
      lines: ["two"],
      degraded: expect.stringContaining("cleared"),
    });
    await type("less /etc/profile\n", { wait: { input: true } });
    expect((await block("lastOutput=true"))?.degraded).toContain("full-screen");
    await daemon.call("POST", "/v1/sessions/see/key", { keys: ["q"], wait: { prompt: true } });
  });

  test("grep gives rows with their numbers, and since those that have changed", async () => {
    const { screen } = await type("clear; seq 3; echo end\n", {
      wait: { prompt: true },
      thenScreen: { image: false, grep: "^[2-3e]" },
    });
    expect(screen?.text?.[0]).toMatchObject({ lines: ["2", "3", "end"], rows: [2, 3, 4] });
    await type("echo more\n", { wait: { prompt: true } });
    const changed = await block(`since=${screen?.textRev}`);
    expect(changed?.lines[1]).toBe("more");
    expect(changed?.rows).toEqual([5, 6, 7]);
  });

  test("what is highlighted is marked, and the cursor's row is counted", async () => {
    await type("clear; printf 'a \\e[7mpicked\\e[0m b\\n'\n", { wait: { prompt: true } });
    const marked = await block("marks=true&cursor=true");
    expect(marked?.marks).toEqual([{ row: 1, at: 2, text: "picked" }]);
    expect(marked?.cursor).toMatchObject({ row: 2, line: 2 });
  });

  test.each(["grep=(", "tail=0", "since="])("%s is a usage error or all rows", async (query) => {
    const reply = await daemon.fetch(`/v1/sessions/see/screen?image=false&${query}`);
    expect(reply.status).toBe(query.endsWith("=") ? 200 : 400);
  });
});
