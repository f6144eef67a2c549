import { expect, test } from "bun:test";
import { z } from "zod";
import { Registry, type SessionFinder } from "../../../../daemon/operations/registry.ts";
import type { Live } from "../../../../daemon/sessions/directory.ts";
import { Turns } from "../../../../daemon/turns.ts";
import { operation } from "../../../../src/contract/operation.ts";
import { principal, sampleRegistry } from "../../../support/registry.ts";

const { signal } = new AbortController();
const ask = (fields: Record<string, unknown>, who = principal()) => ({
  principal: who,
  fields,
  signal,
});

test("a handler gets checked input, with defaults, and its reply comes back", async () => {
  const { registry, ping } = sampleRegistry();
  expect(await registry.reply(ping, ask({ who: "a" }))).toEqual({ pong: "a" });
});

test.each([
  [{ who: "a", times: 4 }, "times:", undefined],
  [{ who: "a", time: 2 }, 'there is no field "time"', 'did you mean "times"?'],
  [{ who: "a", zzz: 2 }, 'there is no field "zzz"', "expected one of who, times"],
  [{ wo: "a" }, 'there is no field "wo"', 'did you mean "who"?'],
  [{}, "who:", undefined],
])("the fields %j are refused by name", async (fields, words, hint) => {
  const { registry, ping } = sampleRegistry();
  await expect(registry.reply(ping, ask(fields))).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining(words),
    hint,
  });
});

test.each([
  ["read", ["forbidden", "ok", "forbidden"]],
  ["act", ["ok", "ok", "forbidden"]],
  ["admin", ["ok", "ok", "ok"]],
] as const)("the scope %s may do what it includes", async (scope, expected) => {
  const { registry, ping, count, settle } = sampleRegistry();
  const who = principal({ scope });
  const outcome = (asked: Promise<unknown>) =>
    asked.then(
      () => "ok",
      ({ code }) => code,
    );
  const outcomes = [
    await outcome(registry.reply(ping, ask({ who: "a" }, who))),
    await outcome(registry.reply(count, ask({ to: 1 }, who))),
    await outcome(registry.reply(settle, ask({}, who))),
  ];
  expect(outcomes).toEqual([...expected]);
});

test("who is bound to sessions decides nothing about all, whatever the scope", async () => {
  const { registry, settle } = sampleRegistry();
  const bound = principal({ sessions: new Set(["s_1"]) });
  await expect(registry.reply(settle, ask({}, bound))).rejects.toMatchObject({ code: "forbidden" });
});

test("what acts is written down with who asked and what came of it; what reads is not", async () => {
  const { registry, ping, count, deeds } = sampleRegistry();
  await registry.reply(ping, ask({ who: "a" }));
  await registry.reply(ping, ask({ who: "taken" })).catch(() => {});
  await registry.reply(ping, ask({ who: "a" }, principal({ scope: "read" }))).catch(() => {});
  await registry.reply(count, ask({ to: 1 }));
  const who = { kind: "token", name: "ci" };
  const entry = { principal: who, operation: "ping", session: null, sessionId: null };
  expect(deeds).toMatchObject([
    { ...entry, code: null },
    { ...entry, code: "conflict" },
    { ...entry, code: "forbidden" },
  ]);
});

test("an error that the operation does not state is passed on, and told to the log", async () => {
  const { registry, ping, errors } = sampleRegistry();
  await registry.reply(ping, ask({ who: "taken" })).catch(() => {});
  expect(errors).toEqual([]);
  const surprise = registry.reply(ping, ask({ who: "surprise" }));
  await expect(surprise).rejects.toMatchObject({ code: "disk_full" });
  expect(errors).toEqual(["undeclared error"]);
});

test("a stream gives its items, and the error that ends it", async () => {
  const { registry, count } = sampleRegistry();
  const few = await registry.stream(count, ask({ to: 2 }));
  expect(await Array.fromAsync(few)).toEqual([
    { id: 1, type: "number" },
    { id: 2, type: "number" },
  ]);
  const many = Array.fromAsync(await registry.stream(count, ask({ to: 11 })));
  await expect(many).rejects.toMatchObject({ code: "usage" });
});

test("a session is in use until its stream's caller goes, also before the first item", async () => {
  const watch = operation({
    id: "watch",
    access: "read",
    session: "running",
    method: "GET",
    path: "/v1/watch/{session}",
    summary: "Watch",
    input: z.strictObject({ session: z.string() }),
    output: null,
    stream: { out: "lines" },
    errors: [],
  });
  let uses = 0;
  const live = { row: { id: "s_1", name: "web" } } as unknown as Live;
  const sessions: SessionFinder = {
    running: async () => live,
    row: async () => live.row,
    hold: () => {
      uses++;
      return { [Symbol.dispose]: () => void uses-- };
    },
  };
  const stream = async function* () {
    yield "never read";
  };
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const parts = { sessions, log, audit: { record() {} }, turns: new Turns() };
  const registry = Registry.of([watch], { watch: { stream } }, parts);
  const gone = new AbortController();
  await registry.stream(watch, { ...ask({ session: "web" }), signal: gone.signal });
  expect(uses).toBe(1);
  gone.abort();
  expect(uses).toBe(0);
});
