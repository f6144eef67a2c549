import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Session } from "../../src/contract/session.ts";
import { TestDaemon, undeclaredErrors } from "../support/daemon.ts";

type Prompt = { text: { terminal: { prompt: boolean } }[] };

let daemon: TestDaemon;
const folder = mkdtempSync(join(tmpdir(), "nexora-workspace-"));

beforeAll(async () => {
  daemon = await TestDaemon.start();
});
afterAll(async () => {
  await daemon[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const exec = (session: string, line: string) =>
  daemon.call<{ stdout: string; exitCode: number }>("POST", `/v1/sessions/${session}/exec`, {
    command: [line],
  });

test("a new session is ready: its prompt is on the screen and its workspace is the folder", async () => {
  writeFileSync(join(folder, "outside.txt"), "from the host");
  const session = await daemon.newSession({ name: "first", workspace: folder });
  expect(session).toMatchObject({ name: "first", state: "running", workspace: folder });
  expect(session.ports?.vnc).toBeWithin(5900, 6000);
  const screen = await daemon.call<Prompt>("GET", "/v1/sessions/first/screen?image=false");
  expect(screen.text[0]?.terminal.prompt).toBe(true);
  expect((await exec("first", "cat outside.txt && echo from inside > inside.txt")).stdout).toBe(
    "from the host",
  );
  expect(readFileSync(join(folder, "inside.txt"), "utf8")).toBe("from inside\n");
});

test("a taken name is refused and nothing is made", async () => {
  expect(daemon.newSession({ name: "first" })).rejects.toMatchObject({ code: "name_taken" });
  const { sessions } = await daemon.call<{ sessions: Session[] }>("GET", "/v1/sessions");
  expect(sessions.map(({ name }) => name)).toEqual(["first"]);
});

test.each([
  ["a workspace that does not exist", { workspace: "/does/not/exist" }, "workspace_not_found"],
  ["a workspace that is a file", { workspace: "/etc/hostname" }, "workspace_not_found"],
  ["an image that is not there", { image: "nexora-workstation:nope" }, "image_missing"],
  ["a bad name", { name: "Bad Name" }, "usage"],
  ["a size out of range", { size: { width: 1, height: 1 } }, "usage"],
])("%s is refused and leaves nothing behind", async (_, input, code) => {
  expect(daemon.newSession(input)).rejects.toMatchObject({ code });
  const { sessions } = await daemon.call<{ sessions: Session[] }>("GET", "/v1/sessions");
  expect(sessions.map(({ name }) => name)).toEqual(["first"]);
});

test("@ is the only running session, and an error with the candidates among several", async () => {
  const shown = await daemon.call<Session>("GET", "/v1/sessions/@");
  expect(shown.name).toBe("first");
  await daemon.newSession({ name: "second", workspace: null });
  expect(daemon.call("GET", "/v1/sessions/@")).rejects.toMatchObject({
    code: "ambiguous_session",
    details: { candidates: ["first", "second"] },
  });
});

test("a session is renamed, found by its new name, and not by the old one", async () => {
  await daemon.call("PATCH", "/v1/sessions/second", { name: "other" });
  expect((await daemon.call<Session>("GET", "/v1/sessions/other")).state).toBe("running");
  expect(daemon.call("GET", "/v1/sessions/second")).rejects.toMatchObject({
    code: "session_not_found",
  });
});

test("stop frees the ports, start brings home and name back", async () => {
  await exec("other", "echo kept > ~/note");
  const stopped = await daemon.call<Session>("POST", "/v1/sessions/other/stop");
  expect(stopped).toMatchObject({ state: "stopped", ports: null });
  expect(exec("other", "true")).rejects.toMatchObject({ code: "session_stopped" });
  expect(daemon.call("POST", "/v1/sessions/other/stop")).rejects.toMatchObject({
    code: "session_stopped",
  });
  await daemon.call("POST", "/v1/sessions/other/start");
  expect((await exec("other", "cat ~/note")).stdout).toBe("kept\n");
  expect(daemon.call("POST", "/v1/sessions/other/start")).rejects.toMatchObject({
    code: "session_running",
  });
});

test("logs show what the workstation's programs wrote", async () => {
  const reply = await daemon.fetch("/v1/sessions/first/logs?tail=1000");
  expect(await reply.text()).toContain("runner: ready");
});

test("whoever follows the logs may leave: that is no error of the daemon's", async () => {
  const leave = new AbortController();
  const init = { signal: leave.signal };
  const reply = await daemon.fetch("/v1/sessions/first/logs?follow=true", init);
  const reader = (reply.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  leave.abort();
  await reader.read().catch(() => {});
  await exec("first", "true");
  expect(undeclaredErrors(daemon.home)).toEqual([]);
});

test("sessions go on without the daemon and are adopted by the next one, also after a kill", async () => {
  await exec("first", "echo before > /tmp/mark");
  await daemon.end("SIGKILL");
  daemon = await TestDaemon.start(daemon.home);
  expect((await exec("first", "cat /tmp/mark")).stdout).toBe("before\n");
  const { text } = await daemon.call<Prompt>("GET", "/v1/sessions/first/screen?image=false");
  expect(text[0]?.terminal.prompt).toBe(true);
});

test("rm ends a session and keeps the workspace", async () => {
  await daemon.call("DELETE", "/v1/sessions/first");
  expect(daemon.call("GET", "/v1/sessions/first")).rejects.toMatchObject({
    code: "session_not_found",
  });
  expect(readFileSync(join(folder, "inside.txt"), "utf8")).toBe("from inside\n");
});

test("health names what it depends on, and doctor what it needs", async () => {
  const health = await daemon.call<{ ok: boolean; checks: { name: string }[] }>(
    "GET",
    "/v1/health",
  );
  expect(health.ok).toBe(true);
  expect(health.checks.map(({ name }) => name)).toEqual(["engine", "store"]);
  const doctor = await daemon.call<{ checks: { name: string; ok: boolean }[] }>(
    "GET",
    "/v1/doctor",
  );
  expect(doctor.checks.find(({ name }) => name === "image")?.ok).toBe(true);
});

test("the log of the daemon holds no secret", async () => {
  const log = await Bun.file(join(daemon.home, "daemon.log")).text();
  expect(log).toContain("event: ready");
  expect(log).not.toContain(daemon.token);
});
