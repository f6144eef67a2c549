import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createServer, type Server } from "node:net";
import Docker from "dockerode";
import { withPatience } from "../../daemon/drivers/docker/patience.ts";
import type { Check } from "../../src/contract/daemon.ts";
import type { Session } from "../../src/contract/session.ts";
import { TestDaemon } from "../support/daemon.ts";
import { EngineProxy } from "../support/engine-proxy.ts";
import { eventOf } from "../support/events.ts";

/**
 * Longer than any deadline of the daemon's and the start of several on a busy machine, in milliseconds:
 * what hangs fails the test.
 */
const tooLongMs = 110_000;

describe("a client of an engine that accepts and never answers", () => {
  let silent: Server;
  let docker: Docker;
  beforeAll(async () => {
    silent = createServer((socket) => socket.resume().on("error", () => {}));
    await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
    const address = silent.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    docker = new Docker({ protocol: "http", host: "127.0.0.1", port: address.port });
    withPatience(docker, { questionMs: 60, changeMs: 60 });
  });
  afterAll(() => {
    silent.close();
  });

  const streams = { stream: true, stdin: true, stdout: true, stderr: true, hijack: true };
  test.each<[string, () => Promise<unknown>]>([
    ["info", () => docker.info()],
    ["version", () => docker.version()],
    ["an image", () => docker.getImage("x").inspect()],
    ["an image's history", () => docker.getImage("x").history()],
    ["a list of containers", () => docker.listContainers()],
    ["a container", () => docker.getContainer("x").inspect()],
    ["a new container", () => docker.createContainer({ Image: "x" })],
    ["a start", () => docker.getContainer("x").start()],
    ["an attach", () => docker.getContainer("x").attach(streams)],
    ["a kill", () => docker.getContainer("x").kill()],
    ["a stop", () => docker.getContainer("x").stop({ t: 0 })],
    ["a removal", () => docker.getContainer("x").remove({ force: true })],
    ["a log", () => docker.getContainer("x").logs({ stdout: true })],
    ["a followed log", () => docker.getContainer("x").logs({ stdout: true, follow: true })],
    ["an exec", () => docker.getContainer("x").exec({ Cmd: ["true"] })],
    ["an exec's start", () => docker.getExec("x").start({ hijack: true, stdin: true })],
    ["a volume's removal", () => docker.getVolume("x").remove()],
    ["a network", () => docker.createNetwork({ Name: "x" })],
    ["events", () => docker.getEvents({})],
  ])("is told so, asking for %s", async (_, ask) => {
    await expect(ask()).rejects.toMatchObject({
      code: "engine_unreachable",
      message: "the Docker engine has not answered for 0.06 s",
    });
  });

  test("waits for a container's end as long as its caller does, and then no longer", async () => {
    const abortSignal = AbortSignal.timeout(300);
    const waiting = docker.getContainer("x").wait({ condition: "removed", abortSignal });
    await expect(waiting).rejects.toThrow(expect.objectContaining({ name: "TimeoutError" }));
  });

  test("asks nothing for a caller who has gone already", async () => {
    const abortSignal = AbortSignal.abort(new Error("gone"));
    await expect(docker.getContainer("x").inspect({ abortSignal })).rejects.toThrow("gone");
  });
});

/** A daemon, and what stands between it and the engine. */
async function throughProxy(hangs: boolean) {
  await using ends = new AsyncDisposableStack();
  const engine = ends.use(await EngineProxy.open());
  if (hangs) engine.hang();
  const daemon = ends.use(await TestDaemon.start(undefined, { DOCKER_HOST: engine.url }));
  const made = ends.move();
  return { engine, daemon, [Symbol.asyncDispose]: () => made.disposeAsync() };
}

// Most of each is waiting for a deadline of the daemon's.
describe.concurrent("a daemon whose engine", () => {
  test(
    "never answers from the start says so, leaves nothing, and is well as soon as it answers",
    async () => {
      await using its = await throughProxy(true);
      const { daemon, engine } = its;
      const { checks } = await daemon.call<{ checks: Check[] }>("GET", "/v1/doctor");
      for (const name of ["engine", "image"]) {
        const check = checks.find((it) => it.name === name);
        expect(check).toMatchObject({ ok: false, message: expect.stringContaining("no answer") });
      }
      expect(checks.find(({ name }) => name === "store")?.ok).toBe(true);
      await expect(daemon.newSession({ name: "never" })).rejects.toMatchObject({
        code: "engine_unreachable",
        message: expect.stringContaining("has not answered"),
      });
      const { sessions } = await daemon.call<{ sessions: Session[] }>("GET", "/v1/sessions");
      expect(sessions).toEqual([]);
      await eventOf(daemon, "engine_down");
      await engine.restore();
      expect((await daemon.newSession({ name: "at-last" })).state).toBe("running");
    },
    tooLongMs,
  );

  test(
    "hangs in a removal ends it with an error, the session is free, and goes when it can",
    async () => {
      await using its = await throughProxy(false);
      const { daemon, engine } = its;
      const { id } = await daemon.newSession({ name: "stuck" });
      engine.hang(/^DELETE /);
      const removal = daemon.call("DELETE", "/v1/sessions/stuck");
      await expect(removal).rejects.toMatchObject({
        code: "timeout",
        message:
          "the session is not removed yet: the engine did not remove the workstation within 30 s",
      });
      expect(await daemon.call<Session>("GET", `/v1/sessions/${id}`)).toMatchObject({
        state: "removing",
      });
      // Its lock is free: this would wait for it.
      await engine.restore();
      await eventOf(daemon, "reaped", "stuck");
      await expect(daemon.call("GET", `/v1/sessions/${id}`)).rejects.toMatchObject({
        code: "session_not_found",
      });
    },
    tooLongMs,
  );

  test(
    "hangs in a stop ends it with an error, and the session is stopped when the engine is back",
    async () => {
      await using its = await throughProxy(false);
      const { daemon, engine } = its;
      const { id } = await daemon.newSession({ name: "halting" });
      engine.hang(/^POST .*\/stop/);
      await expect(daemon.call("POST", "/v1/sessions/halting/stop")).rejects.toMatchObject({
        code: "timeout",
      });
      await engine.restore();
      await eventOf(daemon, "stopped", "halting");
      expect(await daemon.call<Session>("GET", `/v1/sessions/${id}`)).toMatchObject({
        state: "stopped",
        reason: "stopped by request",
      });
    },
    tooLongMs,
  );

  test(
    "hangs tells what is known of a session without it",
    async () => {
      await using its = await throughProxy(false);
      const { daemon, engine } = its;
      const { id } = await daemon.newSession({ name: "known" });
      engine.hang();
      expect(await daemon.call<Session>("GET", `/v1/sessions/${id}`)).toMatchObject({
        state: "running",
        stats: null,
      });
      await engine.restore();
    },
    tooLongMs,
  );
});
