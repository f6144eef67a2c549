import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Session } from "../../src/contract/session.ts";
import { census, disagreements } from "../support/census.ts";
import { TestDaemon } from "../support/daemon.ts";
import { eventOf } from "../support/events.ts";

const upPoints = ["ports", "secrets", "created", "recorded", "started"].map((at) => `up:${at}`);
/** Once the row says `running`, the session is there to stay. */
const lastUpPoint = "up:running";
const points = {
  new: ["new:row", ...upPoints],
  stop: ["stop:marked", "stop:stopped", "stop:ports"],
  start: ["start:marked", "start:removed", ...upPoints],
  rm: ["rm:marked", "rm:engine", "rm:ports"],
};

const home = mkdtempSync(join(tmpdir(), "nexora-test-"));
const workspace = mkdtempSync(join(tmpdir(), "nexora-workspace-"));
let daemon: TestDaemon;

beforeAll(async () => {
  daemon = await TestDaemon.start(home);
});
afterAll(async () => {
  await next();
  await daemon[Symbol.asyncDispose]();
  rmSync(workspace, { recursive: true, force: true });
});

/** Another daemon on the same home, one that dies at a fault point when it is given one. */
async function next(fault?: string): Promise<void> {
  await daemon.end();
  daemon = await TestDaemon.start(home, fault ? { NEXORA_FAULT: fault } : {});
}

/** The daemon dies within an action, and another takes over. */
async function diesIn(fault: string, action: () => Promise<unknown>): Promise<void> {
  await next(fault);
  expect(
    await action().then(
      () => "done",
      () => "cut",
    ),
  ).toBe("cut");
  await daemon.ended;
  daemon = await TestDaemon.start(home);
}

/** What is wrong between store, engine and kernel, once the daemon has ended. */
async function wrong(): Promise<string[]> {
  await daemon.end();
  return disagreements(await census(home));
}

const open = (name: string) => daemon.newSession({ name, workspace });
const post = (path: string) => daemon.call<Session>("POST", `/v1/sessions/${path}`);
const remove = (name: string) => daemon.call("DELETE", `/v1/sessions/${name}`);
const list = async () =>
  (await daemon.call<{ sessions: Session[] }>("GET", "/v1/sessions")).sessions;
const exec = async (name: string, line: string) => {
  const reply = await daemon.call<{ stdout: string }>("POST", `/v1/sessions/${name}/exec`, {
    command: [line],
  });
  return reply.stdout.trim();
};

test("every fault point of the daemon is in one of the lists here", () => {
  const folder = join(import.meta.dir, "../../daemon/sessions");
  const source = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
  const found = [...source.join("\n").matchAll(/faults\("([^"]+)"\)/g)].map(([, point]) => point);
  const listed = [...Object.values(points).flat(), lastUpPoint];
  expect([...new Set(found)].sort()).toEqual([...new Set(listed)].sort() as string[]);
});

test("a session outlives its daemon: same ports, same secrets, terminal and scrollback", async () => {
  const before = await open("lives");
  await using _gone = { [Symbol.asyncDispose]: async () => void (await remove("lives")) };
  await exec("lives", "echo kept > /tmp/mark");
  const typed = { text: "seq 1 200; echo the-$((6*7))-end\n", wait: { text: ["the-42-end"] } };
  await daemon.call("POST", "/v1/sessions/lives/type", typed);
  await daemon.end("SIGKILL");
  daemon = await TestDaemon.start(home);
  expect((await eventOf(daemon, "adopted", "lives")).message).toContain("terminal");
  expect((await list())[0]).toMatchObject({ ports: before.ports, state: "running" });
  const { text, image } = await daemon.call<{ text: { lines: string[] }; image: object | null }>(
    "GET",
    "/v1/sessions/lives/screen?lines=300",
  );
  expect(image).not.toBeNull();
  expect(text.lines).toContain("1");
  expect(text.lines).toContain("the-42-end");
  expect(await exec("lives", "cat /tmp/mark")).toBe("kept");
});

describe("a daemon that dies within `session new`", () => {
  test.each(points.new)("at %s leaves nothing, and the name is free at once", async (point) => {
    await diesIn(point, () => open("fresh"));
    expect(await list()).toEqual([]);
    expect((await open("fresh")).state).toBe("running");
    await remove("fresh");
    expect(await wrong()).toEqual([]);
  });

  test(`at ${lastUpPoint} has a session that is ready, and it is kept`, async () => {
    await diesIn(lastUpPoint, () => open("fresh"));
    expect((await list()).map(({ name, state }) => [name, state])).toEqual([["fresh", "running"]]);
    expect(await exec("fresh", "echo here")).toBe("here");
    await remove("fresh");
    expect(await wrong()).toEqual([]);
  });
});

describe("a daemon that dies within `session stop` or `session start`", () => {
  beforeAll(async () => {
    await next();
    await open("kept");
    await exec("kept", "echo mine > ~/note");
  });
  afterAll(async () => {
    await next();
    await remove("kept");
  });

  test.each(points.stop)("stop at %s: it is stopped, and starts with its home", async (point) => {
    await diesIn(point, () => post("kept/stop"));
    expect(await list()).toMatchObject([{ state: "stopped", reason: "stopped by request" }]);
    expect((await post("kept/start")).state).toBe("running");
    expect(await exec("kept", "cat ~/note")).toBe("mine");
    expect(await wrong()).toEqual([]);
  });

  test.each(points.start)("start at %s: it can be started, with its home", async (point) => {
    await next();
    await post("kept/stop");
    await diesIn(point, () => post("kept/start"));
    expect(await list()).toMatchObject([{ state: "stopped", reason: "its start was interrupted" }]);
    expect((await post("kept/start")).state).toBe("running");
    expect(await exec("kept", "cat ~/note")).toBe("mine");
    expect(await wrong()).toEqual([]);
  });

  test(`start at ${lastUpPoint}: it runs, with its home`, async () => {
    await next();
    await post("kept/stop");
    await diesIn(lastUpPoint, () => post("kept/start"));
    expect(await exec("kept", "cat ~/note")).toBe("mine");
    expect(await wrong()).toEqual([]);
  });
});

describe("a daemon that dies within `session rm`", () => {
  test.each(points.rm)("at %s leaves nothing", async (point) => {
    await diesIn(point, async () => {
      await open("gone");
      await remove("gone");
    });
    expect((await eventOf(daemon, "reaped", "gone")).message).toContain("interrupted");
    expect(await list()).toEqual([]);
    expect(await wrong()).toEqual([]);
  });
});

test("`session rm` of a session that is being created cuts its creation short", async () => {
  await next();
  const creating = open("early").catch((error) => error);
  await eventOf(daemon, "created", "early");
  const started = performance.now();
  await remove("early");
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(await creating).toMatchObject({ code: "interrupted" });
  expect(await list()).toEqual([]);
  expect(await wrong()).toEqual([]);
});

test("a daemon that is told to stop cuts creations short and leaves nothing of them", async () => {
  await next();
  const creating = open("early").catch((error) => error);
  await eventOf(daemon, "created", "early");
  expect(await wrong()).toEqual([]);
  expect(await creating).toBeInstanceOf(Error);
});
