import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { loadConfig } from "../../daemon/config.ts";
import { createDisplays } from "../../daemon/display/displays.ts";
import type { Displays } from "../../daemon/display/types.ts";
import { Doctor } from "../../daemon/doctor.ts";
import { noImages } from "../../daemon/drivers/capabilities.ts";
import type { Driver } from "../../daemon/drivers/driver.ts";
import { Exec } from "../../daemon/exec/exec.ts";
import { createInput } from "../../daemon/input/input.ts";
import { RunnerClient } from "../../daemon/runner/client.ts";
import { Activity } from "../../daemon/sessions/activity.ts";
import { BringUp } from "../../daemon/sessions/bring-up.ts";
import { Directory } from "../../daemon/sessions/directory.ts";
import { Lifecycle } from "../../daemon/sessions/lifecycle.ts";
import { Reconciler } from "../../daemon/sessions/reconcile.ts";
import { Revival } from "../../daemon/sessions/revival.ts";
import { SessionRepository, type SessionRow } from "../../daemon/store/sessions.ts";
import type { Store } from "../../daemon/store/store.ts";
import type { Service } from "../../daemon/tunnel/service.ts";
import { Tunnels } from "../../daemon/tunnel/tunnels.ts";
import { SecretBox } from "../../daemon/vault/secretbox.ts";
import { bareDriver } from "../support/bare-driver.ts";
import { type TestDatabase, testDatabase } from "../support/stores.ts";
import { Workstations } from "../support/workstations.ts";

const secretBox = new SecretBox(randomBytes(32));

/** The daemon's services on a driver that is not Docker's: what they use of it is only the interface. */
class Services {
  readonly rows: SessionRepository;
  readonly activity = new Activity();
  readonly directory: Directory;
  readonly lifecycle: Lifecycle;
  readonly reconciler: Reconciler;
  readonly runner: RunnerClient;
  readonly displays: Displays;
  readonly exec: Exec;
  readonly told: string[] = [];
  readonly tunnels: Tunnels;
  /** What sessions are offered that become reachable. */
  offered: Service[] = [];

  constructor(
    readonly driver: Driver,
    { db }: Store,
    instance: string,
    stepMs = 30_000,
  ) {
    const { activity } = this;
    const config = loadConfig("/nonexistent/config.json");
    const silent = () => {};
    const log = { debug: silent, info: silent, warn: silent, error: silent };
    const faults = () => {};
    const events = {
      publish: async ({ type }: { type: string }) => void this.told.push(type),
    };
    this.rows = new SessionRepository({ db, instance, secretBox });
    this.directory = new Directory(this.rows, driver, activity, (id) => this.tunnels.follow(id));
    const { rows, directory } = this;
    this.runner = new RunnerClient(async (session) => (await directory.reach(session)).runner);
    this.tunnels = new Tunnels({ services: () => this.offered, runner: this.runner, log });
    this.displays = createDisplays({
      locate: async (session) => (await directory.reach(session)).rfb,
    });
    this.exec = new Exec(this.runner);
    const bringUp = new BringUp({
      rows,
      driver,
      directory,
      offered: async () => {},
      environment: () => ({}),
      config,
      faults,
      log,
    });
    const parts = { rows, driver, directory, bringUp, activity, events, config, faults, stepMs };
    const onGone = (id: string) => {
      this.displays.drop(id);
      this.tunnels.drop(id);
    };
    this.lifecycle = new Lifecycle({ ...parts, onGone });
    const { lifecycle } = this;
    const revival = new Revival({ rows, lifecycle, events, log });
    const looking = { rows, driver, directory, lifecycle, revival, activity, events, log };
    this.reconciler = new Reconciler(looking);
  }

  open(input: Parameters<Lifecycle["create"]>[0] = {}): Promise<SessionRow> {
    return this.lifecycle.create(
      { size: { width: 800, height: 600 }, ...input },
      AbortSignal.timeout(60_000),
    );
  }

  async run(session: string, line: string): Promise<string> {
    const spec = { command: [line], detach: false, tty: null };
    const signal = AbortSignal.timeout(20_000);
    return (await this.exec.run(session, spec, Buffer.alloc(0), signal)).stdout;
  }
}

let it: Workstations;
let database: TestDatabase;
let store: Store;
let driver: Driver;
let services: Services;

beforeAll(async () => {
  it = await Workstations.open();
  database = await testDatabase("pglite");
  store = await database.open();
  driver = bareDriver(it.driver);
  services = new Services(driver, store, it.instance);
});
afterAll(async () => {
  services?.displays.close();
  await driver?.close();
  await it?.[Symbol.asyncDispose]();
  await store?.close();
  await database?.stop();
});

describe("an engine that is reached over Unix sockets and has nothing of its own", () => {
  test("has sessions that are seen, typed in and worked in like any other", async () => {
    const row = await services.open();
    expect(services.directory.show(row)).toMatchObject({
      state: "running",
      image: "",
      workspace: null,
      ports: null,
      node: "local",
      engine: await it.driver.identity(),
    });
    expect(await services.run(row.id, "echo here")).toBe("here\n");
    using lease = await services.displays.acquire(row.id, AbortSignal.timeout(10_000));
    expect(lease.display.framebuffer).toMatchObject({ width: 800, height: 600 });
    const input = createInput({ displays: services.displays, runner: services.runner });
    expect(await input.type(row.id, "echo typed > /tmp/note\n")).toMatchObject({ delivered: true });
    const written = "until grep -q typed /tmp/note; do sleep 0.05; done 2>/dev/null; cat /tmp/note";
    expect(await services.run(row.id, written)).toBe("typed\n");
    await services.lifecycle.stop(row);
    const again = await services.lifecycle.start(row, AbortSignal.timeout(60_000));
    expect(again.state).toBe("running");
    expect(await services.run(row.id, "echo again")).toBe("again\n");
    await services.lifecycle.remove(row);
    expect(await it.objects()).toEqual({ containers: [], volumes: [] });
    expect(it.ports.held.size).toBe(0);
  });

  test("has sessions that reach what they are offered, for as long as they run", async () => {
    const over: AbortSignal[] = [];
    const connect: Service["connect"] = async (session, stream) => {
      over.push(stream.signal);
      await stream.write(Buffer.from(`this is ${session}\n`));
      await Array.fromAsync(stream);
    };
    const ask =
      "until exec 3<>/dev/tcp/127.0.0.1/9000; do sleep 0.05; done 2>/dev/null; head -n 1 <&3";
    const stay = `setsid bash -c '${ask} > /tmp/greeting; exec sleep 60' > /dev/null 2>&1 &
      until grep -qs this /tmp/greeting; do sleep 0.05; done; cat /tmp/greeting`;
    services.offered = [{ name: "greeter", port: 9000, connect }];
    try {
      const row = await services.open();
      expect(await services.run(row.id, stay)).toBe(`this is ${row.id}\n`);
      await services.lifecycle.stop(row);
      expect(over.map(({ aborted }) => aborted)).toEqual([true]);
      await services.lifecycle.start(row, AbortSignal.timeout(60_000));
      expect(await services.run(row.id, ask)).toBe(`this is ${row.id}\n`);
      await services.lifecycle.remove(row);
    } finally {
      services.offered = [];
    }
  });

  test("is found again by a new daemon", async () => {
    const row = await services.open();
    const next = new Services(driver, store, it.instance);
    await next.reconciler.run(AbortSignal.timeout(30_000));
    expect(next.told).toEqual(["adopted"]);
    expect(await next.run(row.id, "echo found")).toBe("found\n");
    await next.lifecycle.remove(row);
  });

  test.each([
    [{ workspace: "/tmp" }, "cannot show folders of this host", "leave the workspace out"],
    [{ image: "mine:latest" }, "has no images of its own", "leave the image out"],
  ])("says of %j that it %s", async (input, message, hint) => {
    await expect(services.open(input)).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining(`this engine (Bare) ${message}`),
      hint,
    });
    expect(await services.rows.list()).toEqual([]);
  });

  test("says so of its images, too, and is well without them", async () => {
    const images = noImages(driver);
    const refused = { code: "usage", message: "this engine (Bare) has no images of its own" };
    await expect(images.list()).rejects.toMatchObject(refused);
    await expect(images.find("x")).rejects.toMatchObject(refused);
    await expect(images.remove("x")).rejects.toMatchObject(refused);
    const built = Array.fromAsync(images.build({ target: "base", noCache: false }));
    await expect(built).rejects.toMatchObject(refused);
    const checks = await new Doctor({ driver, store, home: "/tmp" }).all(
      AbortSignal.timeout(10_000),
    );
    expect(checks.find(({ name }) => name === "image")).toMatchObject({
      ok: true,
      message: "this engine has no images of its own",
    });
  });
});

describe("an engine that never ends what it is asked for, and heeds no signal", () => {
  test("does not lock a session: its removal ends in time, and is finished later", async () => {
    const row = await services.open();
    const never = new Promise<never>(() => {});
    const stuck = new Services({ ...driver, remove: () => never }, store, it.instance, 200);
    await expect(stuck.lifecycle.remove(row)).rejects.toMatchObject({
      code: "timeout",
      message:
        "the session is not removed yet: the engine did not remove the workstation within 0.2 s",
    });
    expect(stuck.lifecycle.busy(row.id)).toBe(false);
    expect((await services.rows.byRef(row.id))?.state).toBe("removing");
    await services.reconciler.run(AbortSignal.timeout(30_000));
    expect(await services.rows.byRef(row.id)).toBeNull();
    expect(await it.objects()).toEqual({ containers: [], volumes: [] });
  });
});

describe("a session that does not run as far as the store knows, and whose workstation lives", () => {
  test.each([
    ["is found again when it was taken for dead", "its workstation is gone from the engine", true],
    ["is stopped when it did not come up", "it did not start: no answer", false],
  ])("%s", async (_, reason, lives) => {
    const row = await services.open();
    await services.rows.update(row.id, { state: "failed", reason, endedAt: new Date() });
    const next = new Services(driver, store, it.instance);
    await next.reconciler.run(AbortSignal.timeout(30_000));
    const ref = { session: row.id, handle: row.handle ?? "" };
    expect((await driver.inspect(ref))?.running).toBe(lives);
    const alive = { state: "running", reason: null, endedAt: null };
    expect(await next.rows.byRef(row.id)).toMatchObject(
      lives ? alive : { state: "failed", reason },
    );
    expect(next.told).toEqual(lives ? ["adopted"] : []);
    await next.lifecycle.remove(row);
  });
});

describe("a session of another engine than the one that answers", () => {
  test("is neither judged nor started, and is itself again when its engine is back", async () => {
    const row = await services.open();
    const elsewhere: Driver = {
      ...driver,
      identity: async () => "another",
      inspect: async () => null,
    };
    const next = new Services(elsewhere, store, it.instance);
    await next.reconciler.run(AbortSignal.timeout(30_000));
    expect(next.told).toEqual([]);
    expect((await next.rows.byRef(row.id))?.state).toBe("running");
    await expect(next.directory.reach(row.id)).rejects.toMatchObject({
      code: "engine_unreachable",
    });
    await services.lifecycle.stop(row);
    await expect(next.lifecycle.start(row, AbortSignal.timeout(9000))).rejects.toMatchObject({
      code: "engine_unreachable",
      details: { engine: row.engine },
    });
    expect((await next.rows.byRef(row.id))?.state).toBe("stopped");
    await services.lifecycle.remove(row);
  });

  test("that version 0.1 made and has not named is this one's", async () => {
    const row = await services.open();
    await services.rows.update(row.id, { engine: null });
    const next = new Services(driver, store, it.instance);
    await next.reconciler.run(AbortSignal.timeout(30_000));
    expect((await next.rows.byRef(row.id))?.engine).toBe(row.engine);
    await next.lifecycle.remove(row);
  });
});
