import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Server } from "node:net";
import Docker from "dockerode";
import { checkEngine } from "../../daemon/drivers/docker/connect.ts";
import type { WorkstationRef } from "../../daemon/drivers/driver.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import { vncSecurity } from "../support/vnc-security.ts";
import { baseImage, Workstations } from "../support/workstations.ts";

let it: Workstations;
beforeAll(async () => {
  it = await Workstations.open();
});
afterAll(async () => {
  await it?.[Symbol.asyncDispose]();
});

async function failure(attempt: Promise<unknown>): Promise<NexoraError> {
  const error = await attempt.then(
    () => null,
    (thrown) => thrown,
  );
  if (error instanceof NexoraError) return error;
  throw new Error("it did not fail as it should", { cause: error });
}

describe("the engine", () => {
  test("is described", async () => {
    const engine = await it.driver.check();
    expect(engine.name).toBe("Docker");
    expect(engine.version).toMatch(/^\d+\./);
    expect(engine.runtimes).toContain("runc");
  });

  test("that does not answer is named, with the next step", async () => {
    const error = await failure(checkEngine(new Docker({ socketPath: "/nowhere/docker.sock" })));
    expect(error.code).toBe("engine_unreachable");
    expect(error.message).toContain("/nowhere/docker.sock");
    expect(error.hint).toContain("DOCKER_HOST");
  });

  test("that is too old is refused", async () => {
    using server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: () => Response.json({ Version: "18.09.1", ApiVersion: "1.39" }),
    });
    const docker = new Docker({ protocol: "http", host: "127.0.0.1", port: server.port ?? 0 });
    const error = await failure(checkEngine(docker));
    expect(error.code).toBe("engine_too_old");
    expect(error.message).toContain("1.39");
  });
});

describe("a workstation", () => {
  let ref: WorkstationRef;

  test("is made without being started", async () => {
    ref = await it.driver.create(await it.spec());
    const state = await it.driver.inspect(ref);
    expect(state).toMatchObject({ ref, running: false, exitCode: null, startedAt: null });
  });

  test("runs and answers on its ports once it is ready", async () => {
    await it.driver.start(ref, it.boot());
    expect(await it.driver.inspect(ref)).toMatchObject({ running: true, exitCode: null });
    const reply = await it.runner(ref, "/runner/health");
    expect(await reply.json()).toMatchObject({ ready: true });
  });

  test("says what it uses", async () => {
    const stats = await it.driver.stats(ref);
    expect(stats.memoryBytes).toBeGreaterThan(1024 * 1024);
    expect(stats.memoryBytes).toBeLessThan(512 * 1024 * 1024);
    expect(stats.pids).toBeGreaterThan(2);
    expect(stats.cpuPercent).toBeGreaterThan(0);
  });

  test("has a log of readable lines", async () => {
    const lines = await Array.fromAsync(it.driver.logs(ref, { tail: 1000, follow: false }));
    expect(lines.join("\n")).toMatch(/^runner: ready after \d+ ms$/m);
    const tail = await Array.fromAsync(it.driver.logs(ref, { tail: 1, follow: false }));
    expect(tail).toHaveLength(1);
  });

  test("keeps its home and its workspace over a stop and a start", async () => {
    await it.run(ref, "echo kept > /home/note; echo kept > /workspace/note");
    await it.driver.stop(ref, { graceMs: 3000 });
    const stopped = await it.driver.inspect(ref);
    expect(stopped).toMatchObject({ running: false, oomKilled: false });
    expect(stopped?.exitCode).not.toBeNull();
    expect(stopped?.finishedAt).not.toBeNull();
    await it.driver.start(ref, it.boot());
    expect((await it.run(ref, "cat /home/note /workspace/note")).output).toBe("kept\nkept");
  });

  test("has a log that can be followed until it ends", async () => {
    const following = Array.fromAsync(it.driver.logs(ref, { tail: 0, follow: true }));
    await it.driver.stop(ref, { graceMs: 3000 });
    expect(Array.isArray(await following)).toBe(true);
  });

  test("may be stopped twice", async () => {
    await it.driver.stop(ref, { graceMs: 0 });
  });

  test("leaves its home when only the workstation is removed, for the next one", async () => {
    await it.driver.remove(ref, { home: false });
    expect(await it.driver.inspect(ref)).toBeNull();
    const spec = await it.spec(null, { session: ref.session });
    ref = await it.driver.create(spec);
    await it.driver.start(ref, it.boot());
    expect((await it.run(ref, "cat /home/note")).output).toBe("kept");
  });

  test("goes without a trace, even while it runs, and may be removed twice", async () => {
    await it.driver.remove(ref, { home: true });
    await it.driver.remove(ref, { home: true });
    expect(await it.objects()).toEqual({ containers: [], volumes: [] });
  });
});

describe("a workstation whose port a stranger takes before it starts", () => {
  test.each(["full", "none"] as const)("comes up on others (network %s)", async (network) => {
    const ref = await it.driver.create(await it.spec(null, { network }));
    const first = it.ports.of(ref);
    const strangers = new Map<number, Server>();
    await it.listenOn(first.cdp, strangers);
    try {
      await it.driver.start(ref, it.boot());
      const second = it.ports.of(ref);
      expect(second.cdp).not.toBe(first.cdp);
      expect(it.ports.held.get(ref.session)).toEqual(second);
      expect(await (await it.runner(ref, "/runner/health")).json()).toMatchObject({ ready: true });
      expect((await vncSecurity(second.vnc)).types).toEqual([2]);
    } finally {
      for (const stranger of strangers.values()) stranger.close();
      await it.driver.remove(ref, { home: true });
    }
    expect(it.ports.held.size).toBe(0);
    expect(await it.objects()).toEqual({ containers: [], volumes: [] });
  });
});

describe("ports that a crash has left", () => {
  test("are freed; those of what runs or comes up are not", async () => {
    const running = await it.running();
    const made = await it.driver.create(await it.spec());
    it.ports.held.set("s_gone", { vnc: 1, cdp: 2 });
    await it.driver.owned();
    expect([...it.ports.held.keys()].toSorted()).toEqual(
      [running.session, made.session].toSorted(),
    );
    for (const ref of [running, made]) await it.driver.remove(ref, { home: true });
    expect(it.ports.held.size).toBe(0);
  });
});

describe("a workstation without a network", () => {
  let ref: WorkstationRef;

  test("reaches nobody", async () => {
    ref = await it.running(null, { network: "none" });
    const { output } = await it.run(ref, "cat /proc/net/dev /proc/net/route");
    expect(output).toContain("lo:");
    expect(output).not.toContain("eth");
  });

  test("is reached all the same, at its two ports on loopback", async () => {
    const reply = await it.runner(ref, "/runner/health", { keepalive: false });
    expect(await reply.json()).toMatchObject({ ready: true });
    const { vnc } = it.ports.of(ref);
    expect(await it.driver.endpoints(ref)).toEqual(it.ports.of(ref));
    expect(await it.driver.dial(ref, "rfb")).toEqual({ hostname: "127.0.0.1", port: vnc });
    expect((await vncSecurity(vnc)).types).toEqual([2]);
  });

  test("gets and gives bytes unharmed", async () => {
    const made = await it.run(ref, "head -c 20M /dev/urandom > /tmp/blob; sha256sum /tmp/blob");
    const reply = await it.runner(ref, "/runner/files?path=/tmp/blob");
    const [file] = await new Bun.Archive(await reply.bytes())
      .files()
      .then((it) => [...it.values()]);
    const hash = new Bun.CryptoHasher("sha256").update((await file?.bytes()) ?? "").digest("hex");
    expect(made.output).toStartWith(hash);
  });

  test("is out of reach once it has stopped", async () => {
    const { cdp } = it.ports.of(ref);
    await it.driver.stop(ref, { graceMs: 3000 });
    const refused = await fetch(`http://127.0.0.1:${cdp}/`).catch((error) => error);
    expect(refused.code).toMatch(/ConnectionRefused|ECONNREFUSED/);
    await it.driver.remove(ref, { home: true });
  });
});

describe("a workstation that cannot be made", () => {
  test("for want of its image says how to build it, and leaves nothing", async () => {
    const spec = await it.spec(null, { image: "nexora-workstation:nowhere" });
    const error = await failure(it.driver.create(spec));
    expect(error.code).toBe("image_missing");
    expect(error.message).toContain("nexora-workstation:nowhere");
    expect(error.hint).toContain("nexora image build");
    expect(await it.objects()).toEqual({ containers: [], volumes: [] });
  });

  test("because it exists already leaves the first one unharmed", async () => {
    const spec = await it.spec();
    const ref = await it.driver.create(spec);
    expect((await failure(it.driver.create(spec))).code).toBe("conflict");
    expect(await it.driver.inspect(ref)).not.toBeNull();
    await it.driver.remove(ref, { home: true });
    expect(await it.objects()).toEqual({ containers: [], volumes: [] });
  });

  test("because the caller has gone leaves nothing", async () => {
    for (const ms of [0, 2, 5]) {
      const attempt = it.driver.create(await it.spec(), AbortSignal.timeout(ms));
      await expect(attempt).rejects.toThrow();
      expect(await it.objects()).toEqual({ containers: [], volumes: [] });
    }
  });
});

describe("a workstation that does not come up", () => {
  test("because strangers hold every port that is tried says which, and frees its own", async () => {
    const ref = await it.driver.create(await it.spec());
    const strangers = new Map<number, Server>();
    it.ports.onAllocated = (pair) => it.listenOn(pair.vnc, strangers);
    await it.listenOn(it.ports.of(ref).vnc, strangers);
    const error = await failure(it.driver.start(ref, it.boot()));
    it.ports.onAllocated = async () => {};
    for (const stranger of strangers.values()) stranger.close();
    expect(error.code).toBe("conflict");
    expect(strangers.has(Number(error.details?.port))).toBe(true);
    expect(strangers.size).toBe(6);
    await it.driver.remove(ref, { home: true });
    expect(it.ports.held.size).toBe(0);
  });

  test("names what failed, ends, and keeps its log", async () => {
    const ref = await it.driver.create(await it.spec());
    const error = await failure(it.driver.start(ref, it.boot({ size: { width: 0, height: 0 } })));
    expect(error.code).toBe("engine_failed");
    expect(await it.driver.inspect(ref)).toMatchObject({ running: false });
    const log = await Array.fromAsync(it.driver.logs(ref, { tail: 100, follow: false }));
    expect(log.join("\n")).toContain("failed");
    await it.driver.remove(ref, { home: true });
  });

  test("is given up when the caller goes", async () => {
    const ref = await it.driver.create(await it.spec());
    for (const ms of [0, 20, 200]) {
      await expect(it.driver.start(ref, it.boot(), AbortSignal.timeout(ms))).rejects.toThrow();
      expect(await it.driver.inspect(ref)).toMatchObject({ running: false });
    }
    await it.driver.remove(ref, { home: true });
    expect(await it.objects()).toEqual({ containers: [], volumes: [] });
  });
});

describe("strangers' containers", () => {
  test("are neither listed nor inspected nor removed, even with a session's own id", async () => {
    const ref = await it.driver.create(await it.spec());
    const stranger = await it.docker.createContainer({
      Image: baseImage,
      Labels: { "nexora.instance": "another", "nexora.session": ref.session },
    });
    try {
      expect(await it.driver.owned()).toEqual([ref.session]);
      const theirs = { ...ref, handle: stranger.id };
      expect(await it.driver.inspect(theirs)).toBeNull();
      await it.driver.remove(theirs, { home: true });
      expect((await stranger.inspect()).Id).toBe(stranger.id);
      expect(await it.objects()).toEqual({ containers: [], volumes: [] });
    } finally {
      await stranger.remove({ force: true });
    }
  });
});
