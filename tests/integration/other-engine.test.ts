import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { connectDocker } from "../../daemon/drivers/docker/connect.ts";
import { portAllocations, sessions } from "../../daemon/store/schema.ts";
import type { ExecOutput } from "../../src/contract/exec.ts";
import type { Session } from "../../src/contract/session.ts";
import { pathsOf } from "../../src/paths.ts";
import { OwnEngine } from "../chaos/own-engine.ts";
import { TestDaemon } from "../support/daemon.ts";
import { EngineProxy } from "../support/engine-proxy.ts";
import { eventOf } from "../support/events.ts";
import { storeOf } from "../support/stores.ts";

const docker = connectDocker();
const theEngine = "/var/run/docker.sock";
let proxy: EngineProxy;
let daemon: TestDaemon;

beforeAll(async () => {
  proxy = await EngineProxy.open();
  daemon = await TestDaemon.start(undefined, { DOCKER_HOST: proxy.url });
});
afterAll(async () => {
  await proxy?.lead(theEngine);
  await daemon?.[Symbol.asyncDispose]();
  await proxy?.[Symbol.asyncDispose]();
});

const show = (name: string) => daemon.call<Session>("GET", `/v1/sessions/${name}`);
const exec = (name: string, line: string) =>
  daemon.call<ExecOutput>("POST", `/v1/sessions/${name}/exec`, { command: [line] });

/** When the container of a session was started, and whether it runs. */
async function life({ id }: Session): Promise<string> {
  const filters = { label: [`nexora.session=${id}`] };
  const [found] = await docker.listContainers({ all: true, filters });
  const { State } = await docker.getContainer(found?.Id ?? "none").inspect();
  return `${State.Running} since ${State.StartedAt}`;
}

/** Another daemon on the same home. */
async function restart(): Promise<void> {
  await daemon.end();
  daemon = await TestDaemon.start(daemon.home, { DOCKER_HOST: proxy.url });
}

/** Looks at a session while its engine is not the one that answers; nothing may come of that. */
async function whileAway(session: Session, lead: () => Promise<void>): Promise<void> {
  const before = await life(session);
  await lead();
  await restart();
  expect((await show(session.name)).state).toBe("running");
  const path = `/v1/sessions/${session.name}`;
  for (const asked of [
    () => exec(session.name, "true"),
    () => daemon.call("POST", `${path}/start`),
    () => daemon.call("POST", `${path}/stop`),
  ]) {
    await expect(asked()).rejects.toMatchObject({ code: "engine_unreachable" });
  }
  expect((await show(session.name)).state).toBe("running");
  await proxy.lead(theEngine);
  await eventOf(daemon, "adopted", session.name);
  expect(await life(session)).toBe(before);
  expect(await show(session.name)).toMatchObject({ state: "running", ports: session.ports });
  expect((await exec(session.name, "cat /tmp/mark")).stdout).toBe("still here\n");
  expect(await holders(session)).toHaveLength(2);
}

/** The ports that a session holds; the daemon ends meanwhile. */
async function holders({ id }: Session): Promise<number[]> {
  await daemon.end();
  const store = await storeOf(pathsOf({ NEXORA_HOME: daemon.home }));
  try {
    const of = eq(portAllocations.sessionId, id);
    return (await store.db.select().from(portAllocations).where(of)).map(({ port }) => port);
  } finally {
    await store.close();
    daemon = await TestDaemon.start(daemon.home, { DOCKER_HOST: proxy.url });
  }
}

test("a session outlives an engine that is away", async () => {
  const session = await daemon.newSession({ name: "kept", workspace: null });
  await exec("kept", "echo still here > /tmp/mark");
  await whileAway(session, () => proxy.cut());
  await daemon.call("DELETE", "/v1/sessions/kept");
});

function asRoot() {
  test("outlives another, empty engine in its engine's place", async () => {
    await using other = await OwnEngine.open({ empty: true });
    const session = await daemon.newSession({ name: "moved", workspace: null });
    await exec("moved", "echo still here > /tmp/mark");
    await whileAway(session, () => proxy.lead(other.socket));
    await daemon.call("DELETE", "/v1/sessions/moved");
  });
}

// An engine of one's own needs root; without, the one that is there can only go away.
if (process.geteuid?.() === 0) describe("a session", asRoot);

test("what an older daemon took for dead is found again, with its ports, and not stopped", async () => {
  const session = await daemon.newSession({ name: "alive", workspace: null });
  await exec("alive", "echo still here > /tmp/mark");
  const before = await life(session);
  await daemon.end();
  const store = await storeOf(pathsOf({ NEXORA_HOME: daemon.home }));
  const dead = { state: "failed", reason: "its workstation is gone from the engine" } as const;
  await store.db.update(sessions).set(dead).where(eq(sessions.id, session.id));
  const free = { sessionId: null, allocatedAt: null };
  await store.db.update(portAllocations).set(free).where(eq(portAllocations.sessionId, session.id));
  await store.close();
  daemon = await TestDaemon.start(daemon.home, { DOCKER_HOST: proxy.url });
  expect(await show("alive")).toMatchObject({ state: "running", reason: null });
  expect((await exec("alive", "cat /tmp/mark")).stdout).toBe("still here\n");
  expect(await life(session)).toBe(before);
  const { vnc, cdp } = session.ports ?? {};
  expect((await holders(session)).sort()).toEqual([vnc, cdp].map(Number).sort());
  await daemon.call("DELETE", "/v1/sessions/alive");
});
