import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asc } from "drizzle-orm";
import { connectDocker } from "../../daemon/drivers/docker/connect.ts";
import { audit } from "../../daemon/store/schema.ts";
import type { NexoraEvent } from "../../src/contract/events.ts";
import type { Session } from "../../src/contract/session.ts";
import { readLines } from "../../src/lines.ts";
import { pathsOf } from "../../src/paths.ts";
import { TestDaemon } from "../support/daemon.ts";
import { EngineProxy } from "../support/engine-proxy.ts";
import { eventOf } from "../support/events.ts";
import { storeOf } from "../support/stores.ts";

const home = mkdtempSync(join(tmpdir(), "nexora-test-"));
let engine: EngineProxy;
let daemon: TestDaemon;

beforeAll(async () => {
  engine = await EngineProxy.open();
  daemon = await TestDaemon.start(home, { DOCKER_HOST: engine.url });
});
afterAll(async () => {
  await engine.restore();
  await daemon.end();
  daemon = await TestDaemon.start(home);
  await daemon[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

const open = (name: string) => daemon.newSession({ name, workspace: null });
const show = (name: string) => daemon.call<Session>("GET", `/v1/sessions/${name}`);
const all = async () => (await daemon.call<{ events: NexoraEvent[] }>("GET", "/v1/events")).events;

/** What the CLI prints. */
async function cli(...words: string[]): Promise<string> {
  const main = join(import.meta.dir, "../../nexora.ts");
  const env = { ...process.env, NEXORA_HOME: home };
  const child = Bun.spawn(["bun", main, ...words], { env, stdout: "pipe", stderr: "inherit" });
  return new Response(child.stdout).text();
}

test("a session's life is told in order, and only its own when asked", async () => {
  await open("told");
  await open("other");
  await daemon.call("POST", "/v1/sessions/told/stop");
  await daemon.call("DELETE", "/v1/sessions/told");
  const { events } = await daemon.call<{ events: NexoraEvent[] }>("GET", "/v1/events?only=told");
  expect(events.map(({ type }) => type)).toEqual(["created", "ready", "stopped", "removed"]);
  const ids = (await all()).map(({ id }) => id);
  expect(ids).toEqual(ids.toSorted((a, b) => a - b));
});

test("a reader that comes back with Last-Event-ID misses nothing, however much there was", async () => {
  const [first, ...rest] = await all();
  const reply = await daemon.fetch("/v1/events?follow=true&limit=1", {
    headers: { "last-event-id": String(first?.id) },
  });
  const seen: number[] = [];
  for await (const line of readLines(reply.body ?? [])) {
    if (line.startsWith("data: ")) seen.push((JSON.parse(line.slice(6)) as NexoraEvent).id);
    if (seen.length === rest.length) break;
  }
  expect(seen).toEqual(rest.map(({ id }) => id));
});

test("the CLI prints a table, and follows as lines of JSON", async () => {
  const text = await cli("events");
  expect(text).toMatch(/^ID +TIME +TYPE +SESSION +MESSAGE\n/);
  expect(text).toMatch(/ready +told +ready after \d+ ms/);
  const main = join(import.meta.dir, "../../nexora.ts");
  const env = { ...process.env, NEXORA_HOME: home };
  const since = (await all()).at(-1)?.id ?? 0;
  const words = ["bun", main, "events", "--follow", "--json", "--since", String(since)];
  const child = Bun.spawn(words, { env, stdout: "pipe", stderr: "inherit" });
  await daemon.call("POST", "/v1/sessions/other/stop");
  const { value } = await child.stdout.getReader().read();
  expect(JSON.parse(new TextDecoder().decode(value))).toMatchObject({
    type: "stopped",
    session: { name: "other" },
    message: "stopped by request",
  });
  child.kill("SIGINT");
  expect(await child.exited).toBe(130);
  await daemon.call("POST", "/v1/sessions/other/start");
});

test("the engine goes and comes back: each is told once, and sessions go on", async () => {
  const since = (await all()).at(-1)?.id ?? 0;
  await engine.cut();
  const { message } = await eventOf(daemon, "engine_down", undefined, since);
  expect(message).toContain("Docker engine");
  const health = await daemon.fetch("/v1/health");
  expect(health.status).toBe(503);
  expect(open("nope")).rejects.toMatchObject({ code: "engine_unreachable" });
  // What needs no engine works meanwhile.
  const exec = await daemon.call<{ stdout: string }>("POST", "/v1/sessions/other/exec", {
    command: ["echo still"],
  });
  expect(exec.stdout).toBe("still\n");
  const { id } = await show("other");
  const filters = { label: [`nexora.session=${id}`] };
  const docker = connectDocker();
  const [container] = await docker.listContainers({ filters });
  await docker.getContainer(container?.Id ?? "").kill();
  const before = engine.accepted;
  await engine.restore();
  await eventOf(daemon, "engine_up", undefined, since);
  // It died while nobody could tell us.
  await eventOf(daemon, "exited", "other", since);
  expect((await show("other")).state).toBe("failed");
  expect(engine.accepted - before).toBeLessThan(50);
  const told = (await all()).filter((event) => event.id > since && event.session === null);
  expect(told.map(({ type }) => type)).toEqual(["engine_down", "engine_up"]);
});

test("a session that is removed while the engine is away goes as soon as it is back", async () => {
  const since = (await all()).at(-1)?.id ?? 0;
  await engine.cut();
  expect(daemon.call("DELETE", "/v1/sessions/other")).rejects.toMatchObject({
    code: "engine_unreachable",
  });
  await eventOf(daemon, "engine_down", undefined, since);
  await engine.restore();
  await eventOf(daemon, "reaped", "other", since);
});

test("a daemon without its engine says so, changes no session, and finds what lives again", async () => {
  const { id } = await open("living");
  const run = {
    command: ["cat /proc/sys/kernel/random/boot_id; echo $PPID; cut -d' ' -f22 /proc/1/stat"],
  };
  const exec = () => daemon.call<{ stdout: string }>("POST", `/v1/sessions/${id}/exec`, run);
  const { stdout } = await exec();
  await daemon.end("SIGKILL");
  await engine.cut();
  daemon = await TestDaemon.start(home, { DOCKER_HOST: engine.url });
  for (const action of ["exec", "start", "stop"]) {
    const body = action === "exec" ? run : undefined;
    await expect(daemon.call("POST", `/v1/sessions/${id}/${action}`, body)).rejects.toMatchObject({
      code: "engine_unreachable",
    });
  }
  expect((await show("living")).state).toBe("running");
  const last = (await all()).at(-1)?.id ?? 0;
  await engine.restore();
  await eventOf(daemon, "adopted", "living", last);
  expect((await exec()).stdout).toBe(stdout);
  await daemon.call("DELETE", `/v1/sessions/${id}`);
});

test("the audit says who did what, and never what was typed or run", async () => {
  await open("audited");
  const secret = "hunter2-secret";
  await daemon.call("POST", "/v1/sessions/audited/type", { text: secret });
  await daemon.call("POST", "/v1/sessions/audited/exec", { command: [`echo ${secret}`] });
  await daemon.call("PATCH", "/v1/sessions/audited", { name: "renamed" });
  expect(daemon.call("POST", "/v1/sessions/nobody/stop")).rejects.toThrow();
  await cli("session", "rm", "renamed");
  await daemon.end();
  const store = await storeOf(pathsOf({ NEXORA_HOME: home }));
  const rows = await store.db.select().from(audit).orderBy(asc(audit.id));
  await store.close();
  const mine = rows.filter(({ session }) => session === "audited" || session === "renamed");
  expect(mine.map(({ operation, code }) => [operation, code])).toEqual([
    ["session.new", null],
    ["type", null],
    ["exec", null],
    ["session.rename", null],
    ["session.rm", null],
  ]);
  expect(new Set(mine.map(({ sessionId }) => sessionId)).size).toBe(1);
  expect(mine.map(({ principalKind }) => principalKind)).toEqual([
    "token",
    "token",
    "token",
    "token",
    "local",
  ]);
  expect(rows).toContainEqual(
    expect.objectContaining({ session: "nobody", code: "session_not_found" }),
  );
  expect(JSON.stringify(rows)).not.toContain(secret);
});
