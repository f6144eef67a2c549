import { afterAll, beforeAll, expect, test } from "bun:test";
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
