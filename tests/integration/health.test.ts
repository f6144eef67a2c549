import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pack } from "tar-stream";
import { streamOf } from "../../cli/copy/pack.ts";
import { connectDocker } from "../../daemon/drivers/docker/connect.ts";
import type { Session } from "../../src/contract/session.ts";
import { census, disagreements } from "../support/census.ts";
import { TestDaemon } from "../support/daemon.ts";
import { eventOf } from "../support/events.ts";
import { NexoraCli } from "../support/nexora-cli.ts";

const docker = connectDocker();
const home = mkdtempSync(join(tmpdir(), "nexora-test-"));
let daemon: TestDaemon;

beforeAll(async () => {
  // A pair of ports that no other daemon of the machine uses: it comes back, or there is none.
  const port = 20_000 + (process.pid % 10_000);
  const ports = { vnc: [port, port], cdp: [port + 1, port + 1] };
  const sessions = { silenceMs: 7000 };
  writeFileSync(join(home, "config.json"), JSON.stringify({ ports, sessions }));
  daemon = await TestDaemon.start(home);
});
afterAll(async () => {
  // The daemon that the last test has ended would remove nothing.
  await daemon.end();
  daemon = await TestDaemon.start(home);
  await daemon[Symbol.asyncDispose]();
});

interface Shown extends Session {
  logTail: string | null;
}
const open = (name: string, input: object = {}) =>
  daemon.newSession({ name, workspace: null, ...input });
const show = (name: string) => daemon.call<Shown>("GET", `/v1/sessions/${name}`);
const start = (name: string) => daemon.call<Session>("POST", `/v1/sessions/${name}/start`);
const remove = (name: string) => daemon.call("DELETE", `/v1/sessions/${name}`);
const exec = (name: string, line: string) =>
  daemon.call<{ stdout: string; exitCode: number; signal: string | null }>(
    "POST",
    `/v1/sessions/${name}/exec`,
    { command: [line] },
  );

/** The container of a session, found as a stranger would. */
async function containerOf({ id }: Session) {
  const filters = { label: [`nexora.session=${id}`] };
  const [found] = await docker.listContainers({ all: true, filters });
  return docker.getContainer(found?.Id ?? "none");
}

test("a killed workstation: the reason, the end of its log, its ports free, its log readable", async () => {
  const session = await open("killed");
  await (await containerOf(session)).kill();
  expect((await eventOf(daemon, "exited", "killed")).message).toContain("killed (SIGKILL)");
  const shown = await show("killed");
  expect(shown).toMatchObject({ state: "failed", ports: null });
  expect(shown.reason).toContain("killed (SIGKILL)");
  expect(shown.logTail).toContain("runner: ready");
  expect(await (await daemon.fetch("/v1/sessions/killed/logs")).text()).toContain("runner: ready");
  expect(exec("killed", "true")).rejects.toMatchObject({ code: "session_stopped" });
  expect((await open("after")).ports).toEqual(session.ports);
  await remove("after");
  await remove("killed");
});

test("a workstation that the kernel ends for want of memory says so", async () => {
  const session = await open("hungry", { memoryBytes: 256 * 1024 ** 2 });
  // The kernel takes the process that it likes least: many hogs look small, each. Only root of the
  // engine can make the first process that one.
  const victim = ["sh", "-c", "echo 1000 > /proc/1/oom_score_adj"];
  const marking = await (await containerOf(session)).exec({ Cmd: victim, User: "0" });
  await marking.start({ Detach: true });
  while ((await marking.inspect()).Running !== false) await Bun.sleep(20);
  const hog = "for n in $(seq 16); do head -c 40M /dev/zero | tail -c 40M | sleep 5 & done; wait";
  await exec("hungry", hog).catch(() => null);
  expect((await eventOf(daemon, "exited", "hungry")).message).toContain("out of memory");
  await remove("hungry");
});

test("a memory hog that is killed alone leaves its session answering", async () => {
  await open("hog", { memoryBytes: 256 * 1024 ** 2 });
  const hog = await exec(
    "hog",
    "exec python3 -c \"x = bytearray(1 << 30); x[::4096] = b'1' * len(x[::4096])\"",
  );
  expect([hog.exitCode, hog.signal]).not.toEqual([0, null]);
  expect((await exec("hog", "echo alive")).stdout).toBe("alive\n");
  await remove("hog");
});

test("a workstation whose first process ends was told to", async () => {
  await open("ended");
  await exec("ended", "kill -TERM 1; sleep 5").catch(() => null);
  expect((await eventOf(daemon, "exited", "ended")).message).toContain("told to end");
  await remove("ended");
});

test("a workstation that is removed behind our back starts again, with its home", async () => {
  const session = await open("lost");
  await exec("lost", "echo mine > ~/note");
  await (await containerOf(session)).remove({ force: true });
  const { message, id } = await eventOf(daemon, "exited", "lost");
  expect(message).toMatch(/gone from the engine|killed/);
  expect((await show("lost")).state).toBe("failed");
  await start("lost");
  expect((await exec("lost", "cat ~/note")).stdout).toBe("mine\n");
  const again = await containerOf(session);
  const { Mounts } = await again.inspect();
  await again.remove({ force: true });
  await eventOf(daemon, "exited", "lost", id);
  const volumes = Mounts.flatMap(({ Name }) => Name ?? []);
  await Promise.all(volumes.map((name) => docker.getVolume(name).remove()));
  await start("lost");
  expect((await exec("lost", "ls ~")).stdout).toBe("");
  await remove("lost");
});

test("with restart, it is brought back on the same home", async () => {
  const session = await open("phoenix", { restart: true });
  await exec("phoenix", "echo mine > ~/note");
  await (await containerOf(session)).kill();
  const { id } = await eventOf(daemon, "restarted", "phoenix");
  expect((await exec("phoenix", "cat ~/note")).stdout).toBe("mine\n");
  await daemon.end("SIGKILL");
  await (await containerOf(session)).kill();
  daemon = await TestDaemon.start(home);
  await eventOf(daemon, "restarted", "phoenix", id);
  expect((await exec("phoenix", "cat ~/note")).stdout).toBe("mine\n");
  await remove("phoenix");
});

test("what a paused workstation is asked for ends in time, and it is well once it goes on", async () => {
  const session = await open("cold");
  const container = await containerOf(session);
  await container.pause();
  const run = { command: ["true"], timeoutMs: 500 };
  await expect(daemon.call("POST", "/v1/sessions/cold/exec", run)).rejects.toMatchObject({
    code: "timeout",
    message: expect.stringContaining("the workstation has not answered"),
  });
  await eventOf(daemon, "unhealthy", "cold");
  await container.unpause();
  while ((await show("cold")).unhealthy !== null) await Bun.sleep(100);
  expect((await exec("cold", "echo well")).stdout).toBe("well\n");
  await remove("cold");
});

test("a copy ends when its workstation is frozen, before it or in its midst, and says why", async () => {
  const session = await open("icy");
  await exec("icy", "head -c 64M /dev/zero > /tmp/big");
  const container = await containerOf(session);
  const files = "/v1/sessions/icy/files?path=/tmp/big";
  const out = await daemon.fetch(files);
  const reader = out.body?.getReader();
  expect((await reader?.read())?.done).toBe(false);
  const tar = pack();
  tar.entry({ name: "never", size: 1e12 }).write(Buffer.alloc(65_536));
  const put = daemon.fetch("/v1/sessions/icy/files?path=/tmp/in", {
    method: "PUT",
    body: streamOf(tar as unknown as AsyncIterable<Uint8Array>),
    headers: { "content-type": "application/x-tar" },
  });
  await exec("icy", "until find /tmp/in -name never -size +1 | grep .; do sleep 0.05; done 2>&-");
  await container.pause();
  const local = mkdtempSync(join(tmpdir(), "nexora-cp-"));
  const copied = new NexoraCli(daemon, "the Unix socket").ended("cp", "icy:/tmp/big", local);
  expect(await copied).toMatchObject({
    code: 124,
    stderr: expect.stringContaining("the workstation has not answered"),
  });
  const rest = (async () => {
    while (!(await reader?.read())?.done);
  })();
  await expect(rest).rejects.toThrow();
  const reply = await put;
  expect([reply.status, await reply.json()]).toEqual([
    504,
    expect.objectContaining({
      code: "timeout",
      message:
        "the workstation has not answered: its runner does not answer: the engine has paused it",
    }),
  ]);
  expect((await show("icy")).unhealthy).toContain("paused");
  await container.unpause();
  rmSync(local, { recursive: true });
  await remove("icy");
});

test("a paused workstation is unhealthy, said once, and can still be stopped and removed", async () => {
  const session = await open("frozen");
  await (await containerOf(session)).pause();
  const { message } = await eventOf(daemon, "unhealthy", "frozen");
  expect(message).toContain("paused");
  expect((await show("frozen")).unhealthy).toBe(message);
  const stopped = await daemon.call<Session>("POST", "/v1/sessions/frozen/stop");
  expect(stopped.state).toBe("stopped");
  await remove("frozen");
});

test("after all of it, store and engine agree", async () => {
  await daemon.end();
  const found = await census(home);
  expect(disagreements(found)).toEqual([]);
  expect(found).toMatchObject({ rows: [], containers: [], volumes: [], views: [] });
});
