import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Output } from "../../src/contract/index.ts";
import { TestDaemon } from "../support/daemon.ts";

type Batch = Output<"batch">;

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await TestDaemon.start();
  await daemon.newSession({ name: "list", workspace: null });
});
afterAll(() => daemon[Symbol.asyncDispose]());

const batch = (actions: object[], more: object = {}) =>
  daemon.call<Batch>("POST", "/v1/sessions/list/actions", { actions, ...more });
const exec = async (line: string) =>
  (await daemon.call<Output<"exec">>("POST", "/v1/sessions/list/exec", { command: [line] })).stdout;
const prompt = { prompt: true };

test("a list is carried out in order, and the look at its end has what changed since its beginning", async () => {
  await batch([{ type: { text: "echo before", enter: true, wait: prompt } }]);
  const { results, failed, screen } = await batch(
    [
      { type: { text: "echo one > /tmp/list; ", wait: { text: ["tmp/list; $"] } } },
      { type: { text: "echo t''wo >> /tmp/list", enter: true, wait: prompt } },
      { exec: { command: ["cat /tmp/list"] } },
      { type: { text: "echo th''ree", enter: true, wait: prompt } },
    ],
    { thenScreen: true },
  );
  expect(failed).toBeNull();
  expect(results.map(({ operation, status }) => [operation, status])).toEqual([
    ["type", "done"],
    ["type", "done"],
    ["exec", "done"],
    ["type", "done"],
  ]);
  expect(results[2]?.reply).toMatchObject({ stdout: "one\ntwo\n", exitCode: 0 });
  const lines = screen?.text?.flatMap((block) => block.lines) ?? [];
  expect(lines).toContain("three");
  expect(lines).not.toContain("before");
});

test("it stops at the first that fails; the rest is not executed", async () => {
  const { results, failed } = await batch([
    { exec: { command: ["echo first > /tmp/stops"] } },
    { wait: { text: ["never"], timeoutMs: 50 } },
    { exec: { command: ["echo second > /tmp/stops"] } },
  ]);
  expect(failed).toBe(1);
  expect(results).toMatchObject([
    { status: "done", error: null },
    { status: "failed", reply: null, error: { code: "timeout" } },
    { status: "not executed", reply: null, error: null },
  ]);
  expect(await exec("cat /tmp/stops")).toBe("first\n");
});

test.each([
  ["a field that there is not", { key: { keys: ["a"], what: 1 } }, "usage"],
  ["an operation that there is not", { press: { keys: ["a"] } }, "not_found"],
  ["a session of its own", { key: { keys: ["a"], session: "other" } }, "usage"],
  ["a list in a list", { batch: { actions: [] } }, "usage"],
  ["what is about no session", { "session.ls": {} }, "usage"],
  ["two in one", { key: { keys: ["a"] }, type: { text: "b" } }, "usage"],
  ["none", {}, "usage"],
])("%s is refused before anything is done", async (_, wrong, code) => {
  const good = { exec: { command: ["touch /tmp/refused"] } };
  await expect(batch([good, wrong])).rejects.toMatchObject({
    code,
    message: expect.stringContaining("actions.1"),
  });
  expect(await exec("ls /tmp/refused 2>&1 | tail -1")).toContain("No such file");
});

test("nobody else's keys come in between", async () => {
  const steps = [...Array(10).keys()].map((at) => ({ type: { text: `${at}` } }));
  await batch([{ type: { text: "cat > /tmp/kept", enter: true, wait: { input: true } } }]);
  const mine = batch([...steps, { key: { keys: ["Return"] } }]);
  const theirs = daemon.call("POST", "/v1/sessions/list/type", { text: "x", enter: true });
  await Promise.all([mine, theirs]);
  await batch([{ key: { keys: ["ctrl+d"], wait: prompt } }]);
  const lines = (await exec("cat /tmp/kept")).trim().split("\n").sort();
  expect(lines).toEqual(["0123456789", "x"]);
});

describe("a check", () => {
  test("that is a yes lets the list go on, and a no or what is unknown stops it, with its evidence", async () => {
    const touched = { exec: { command: ["touch /tmp/checked"] } };
    await exec("rm -f /tmp/checked; echo here > /tmp/there");
    const yes = await batch([
      { expect: { file: ["/tmp/there"], fileText: [{ path: "/tmp/there", matches: "here" }] } },
      touched,
    ]);
    expect(yes).toMatchObject({ failed: null, results: [{ reply: { answer: "yes" } }, {}] });
    const no = await batch([{ expect: { file: ["/tmp/nowhere"] } }, touched]);
    expect(no).toMatchObject({
      failed: 0,
      results: [
        {
          status: "failed",
          error: { code: "check_failed", message: expect.stringContaining("file=/tmp/nowhere") },
          reply: { answer: "no", checks: [{ file: { type: "none" } }] },
        },
        { status: "not executed" },
      ],
    });
    const unknown = await batch([{ expect: { exitCode: 0 } }, touched]);
    expect(unknown).toMatchObject({
      failed: 0,
      results: [
        { status: "failed", error: { code: "check_unknown" }, reply: { answer: "unknown" } },
        { status: "not executed" },
      ],
    });
  });

  test("knows how the last exec before it has ended", async () => {
    const fails = { exec: { command: ["exit 3"] } };
    const { failed, results } = await batch([
      { exec: { command: ["true"] } },
      { expect: { exitCode: 0 } },
      fails,
      { expect: { exitCode: 3 } },
      { expect: { exitCode: 0 } },
    ]);
    expect(failed).toBe(4);
    expect(results[4]?.reply).toMatchObject({ checks: [{ answer: "no", why: "it is 3" }] });
    // The terminal's last command is another one: that of an exec has another name.
    await batch([{ type: { text: "true", enter: true, wait: prompt } }]);
    const mistaken = await batch([fails, { expect: { exitStatus: 0 } }]);
    expect(mistaken.results[1]).toMatchObject({ error: { code: "check_unknown" } });
  });
});

test("after each step there is what has changed on the screen since the one before", async () => {
  const { results, failed } = await batch(
    [
      { type: { text: "clear; echo fi''rst", enter: true, wait: prompt } },
      { exec: { command: ["true"] } },
      { type: { text: "echo sec''ond", enter: true } },
      { wait: { text: ["^second$"] } },
      { type: { text: "seq 1 2000", enter: true, wait: prompt } },
      { expect: { text: ["never shown"] } },
      { exec: { command: ["true"] } },
    ],
    { observe: "each" },
  );
  expect(failed).toBe(5);
  const shown = results.map(({ screen }) => screen?.text?.flatMap(({ lines }) => lines) ?? null);
  expect(shown[0]).toContain("first");
  expect(shown[1]).toEqual([]);
  // By the step, or by the wait for it.
  const second = [...(shown[2] ?? []), ...(shown[3] ?? [])];
  expect(second.filter((line) => line === "second")).toHaveLength(1);
  expect(second).not.toContain("first");
  expect(shown[4]).toContain("2000");
  expect(shown[4]?.join("\n").length).toBeLessThanOrEqual(4000);
  expect(shown[5]).toEqual([]);
  expect(shown[6]).toBeNull();
  const quiet = await batch([{ exec: { command: ["true"] } }]);
  expect(quiet.results[0]?.screen).toBeNull();
});

test("nobody else's windows, programs and clipboard come in between", async () => {
  const call = (method: string, path: string, body: object) =>
    daemon.call(method, `/v1/sessions/list/${path}`, body);
  const terminal = "nexora@list";
  await exec("rm -f /tmp/held /tmp/go");
  const mine = batch([
    { "clip.set": { text: "mine" } },
    { exec: { command: ["touch /tmp/held; until [ -e /tmp/go ]; do sleep 0.02; done"] } },
    { "clip.get": {} },
    { windows: {} },
    { "window.focus": { window: terminal } },
  ]);
  await exec("until [ -e /tmp/held ]; do sleep 0.02; done");
  const theirs = Promise.all([
    call("PUT", "clipboard", { text: "theirs" }),
    call("POST", `windows/${terminal}/minimize`, {}),
    call("POST", "open", { target: ["xterm -T theirs -e cat"] }),
  ]);
  // What only looks and runs apart goes on; the others have had their time meanwhile.
  for (const text of ["once", "twice"]) expect(await exec(`echo ${text}`)).toBe(`${text}\n`);
  await exec("touch /tmp/go");
  const { results, failed } = await mine;
  expect(failed).toBeNull();
  expect(results[2]?.reply).toMatchObject({ text: "mine" });
  const there = results[3]?.reply as Output<"windows"> | undefined;
  expect(there?.windows).toMatchObject([{ state: "maximized" }]);
  await theirs;
  const after = await daemon.call<Output<"windows">>("GET", "/v1/sessions/list/windows");
  expect(after.windows.map(({ title }) => title)).toContain("theirs");
  expect(after.windows.find(({ title }) => title !== "theirs")?.state).toBe("minimized");
  await call("POST", "windows/theirs/close", {});
  await call("POST", `windows/${terminal}/focus`, {});
});
