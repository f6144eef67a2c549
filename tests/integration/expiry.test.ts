import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Session } from "../../src/contract/session.ts";
import { encodeJsonFrame, framesContentType, frameType } from "../../src/frames.ts";
import { TestDaemon } from "../support/daemon.ts";
import { eventOf } from "../support/events.ts";

const home = mkdtempSync(join(tmpdir(), "nexora-test-"));
let daemon: TestDaemon;

beforeAll(async () => {
  const sessions = { retentionMs: 3000, idleMs: 3_600_000 };
  writeFileSync(join(home, "config.json"), JSON.stringify({ sessions }));
  daemon = await TestDaemon.start(home);
});
afterAll(async () => {
  // A daemon that a failed test has left dead would remove nothing.
  await daemon.end();
  daemon = await TestDaemon.start(home);
  await daemon[Symbol.asyncDispose]();
});

const open = (name: string, input: object = {}) =>
  daemon.newSession({ name, workspace: null, ...input });
const show = (name: string) => daemon.call<Session>("GET", `/v1/sessions/${name}`);
const time = (text: string | null) => Date.parse(text ?? "");

test("a session says when it ends; 0 turns off, and the configuration's word holds without one", async () => {
  const usual = await open("usual");
  expect(usual).toMatchObject({ idleMs: 3_600_000, ttlMs: null });
  expect(time(usual.expiresAt) - time(usual.startedAt)).toBeWithin(3_600_000, 3_605_000);
  const eternal = await open("eternal", { idleMs: 0, ttlMs: 0 });
  expect(eternal).toMatchObject({ idleMs: null, ttlMs: null, expiresAt: null });
});

test("a time to live ends a session, used or not, also when the daemon was away", async () => {
  const { startedAt, expiresAt } = await open("mortal", { ttlMs: 10_000 });
  expect(time(expiresAt) - time(startedAt)).toBe(10_000);
  await daemon.end("SIGKILL");
  daemon = await TestDaemon.start(home);
  expect((await show("mortal")).expiresAt).toBe(expiresAt);
  const using = daemon.call("POST", "/v1/sessions/mortal/exec", { command: ["sleep 60"] });
  using.catch(() => {});
  const { message } = await eventOf(daemon, "expired", "mortal");
  expect(message).toBe("expired: its time to live (10 s) is over");
  expect(Date.now()).toBeGreaterThanOrEqual(time(expiresAt));
  await expect(using).rejects.toMatchObject({ code: "engine_failed" });
  const log = await Bun.file(join(home, "daemon.log")).text();
  expect(log).toContain("its time to live (10 s) is over");
});

test("what ended by itself is reaped when its retention is over, what was stopped stays", async () => {
  // Events have the same retention: who asks later may find it gone.
  const reaped = eventOf(daemon, "reaped", "mortal");
  reaped.catch(() => {});
  await open("mine");
  await daemon.call("POST", "/v1/sessions/mine/stop");
  expect((await reaped).message).toContain("retention");
  await expect(daemon.call("GET", "/v1/sessions/mortal")).rejects.toMatchObject({
    code: "session_not_found",
  });
  expect((await show("mine")).state).toBe("stopped");
});

/** An open stream of frames, as an attached client has it. */
function attach(name: string): AbortController {
  const gone = new AbortController();
  const head = encodeJsonFrame(frameType.spec, {});
  const body = new ReadableStream({ start: (controller) => controller.enqueue(head) });
  const headers = { "content-type": framesContentType };
  const init = { method: "POST", headers, body, signal: gone.signal };
  const reading = async () => {
    const reply = await daemon.fetch(`/v1/sessions/${name}/attach`, init);
    for await (const _ of reply.body ?? []);
  };
  reading().catch(() => {});
  return gone;
}

test("an idle session ends; one with a running exec, a wait or an attached client does not", async () => {
  const idle = { idleMs: 2500 };
  const unused = eventOf(daemon, "expired", "unused");
  const ends = ["execs", "waits", "attached"].map((name) => eventOf(daemon, "expired", name));
  for (const each of [unused, ...ends]) each.catch(() => {});
  // Each is used as soon as it is open: a busy machine takes longer for all four than one may idle.
  const command = ["sleep 7; echo done"];
  const exec = open("execs", idle).then(() =>
    daemon.call<{ stdout: string }>("POST", "/v1/sessions/execs/exec", { command }),
  );
  const wait = open("waits", idle).then(() =>
    daemon.call("POST", "/v1/sessions/waits/wait", { text: ["never"], timeoutMs: 7000 }),
  );
  wait.catch(() => {});
  const attached = open("attached", idle).then(() => attach("attached"));
  await open("unused", idle);
  const client = await attached;
  const { message } = await unused;
  expect(message).toBe("expired: not used for 2500 ms");
  expect(await show("unused")).toMatchObject({ state: "stopped", reason: message });
  expect((await exec).stdout).toBe("done\n");
  await expect(wait).rejects.toMatchObject({ code: "timeout" });
  expect((await show("attached")).state).toBe("running");
  client.abort();
  expect(await Promise.all(ends)).toHaveLength(3);
});

test("how long a session was idle survives the daemon", async () => {
  await open("resting", { idleMs: 20_000 });
  const before = await show("resting");
  await daemon.end();
  daemon = await TestDaemon.start(home);
  const after = await show("resting");
  expect(Math.abs(time(after.expiresAt) - time(before.expiresAt))).toBeLessThan(1500);
});
