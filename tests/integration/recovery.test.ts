import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { KeyedQueue } from "../../daemon/keyed-queue.ts";
import { eventOf } from "../support/events.ts";
import { Restarts } from "../support/restarts.ts";

const upPoints = ["ports", "secrets", "created", "recorded", "started"].map((at) => `up:${at}`);
/** Once the row says `running`, the session is there to stay. */
const lastUpPoint = "up:running";
const points = {
  new: ["new:row", ...upPoints],
  stop: ["stop:marked", "stop:stopped", "stop:ports"],
  start: ["start:marked", "start:removed", ...upPoints],
  rm: ["rm:marked", "rm:engine", "rm:ports"],
};

/** Cases that run at once: most of each is a daemon that starts, which takes a core. */
const lanes = 4;
/** For all of them, as a case waits for those before it; in milliseconds. */
const allMs = 400_000;
const lane = new KeyedQueue();
const taken = { lanes: 0 };

/** Runs one case on a home of its own, whose daemon dies at a fault point when it is given one. */
async function onHome(
  fault: string | undefined,
  body: (home: Restarts) => Promise<void>,
): Promise<void> {
  await lane.run(String(taken.lanes++ % lanes), async () => {
    await using home = await Restarts.open(fault);
    await body(home);
  });
}

test("every fault point of the daemon is in one of the lists here", () => {
  const folders = ["sessions", "drivers/docker"].map((it) =>
    join(import.meta.dir, "../../daemon", it),
  );
  const files = folders.flatMap((it) => readdirSync(it).map((file) => join(it, file)));
  const source = files.filter((it) => it.endsWith(".ts")).map((it) => readFileSync(it, "utf8"));
  const found = [...source.join("\n").matchAll(/faults\("([^"]+)"\)/g)].map(([, point]) => point);
  const listed = [...Object.values(points).flat(), lastUpPoint];
  expect([...new Set(found)].sort()).toEqual([...new Set(listed)].sort() as string[]);
});

test("a session outlives its daemon: same ports, same secrets, terminal and scrollback", () =>
  onHome(undefined, async (home) => {
    const before = await home.open("lives");
    await home.exec("lives", "echo kept > /tmp/mark");
    const typed = { text: "seq 1 200; echo the-$((6*7))-end\n", wait: { text: ["the-42-end"] } };
    await home.daemon.call("POST", "/v1/sessions/lives/type", typed);
    await home.next(undefined, "SIGKILL");
    expect((await eventOf(home.daemon, "adopted", "lives")).message).toContain("terminal");
    expect((await home.list())[0]).toMatchObject({ ports: before.ports, state: "running" });
    const { text, image } = await home.daemon.call<{
      text: { lines: string[] }[];
      image: object | null;
    }>("GET", "/v1/sessions/lives/screen?lines=300");
    expect(image).not.toBeNull();
    expect(text[0]?.lines).toContain("1");
    expect(text[0]?.lines).toContain("the-42-end");
    expect(await home.exec("lives", "cat /tmp/mark")).toBe("kept");
  }));

describe.concurrent("a daemon that dies within `session new`", () => {
  test.each(points.new)(
    "at %s leaves nothing, and the name is free at once",
    (point) =>
      onHome(point, async (home) => {
        await home.diesIn(() => home.open("fresh"));
        expect(await home.list()).toEqual([]);
        expect((await home.open("fresh")).state).toBe("running");
        await home.remove("fresh");
        expect(await home.wrong()).toEqual([]);
      }),
    allMs,
  );

  test(
    `at ${lastUpPoint} has a session that is ready, and it is kept`,
    () =>
      onHome(lastUpPoint, async (home) => {
        await home.diesIn(() => home.open("fresh"));
        await eventOf(home.daemon, "adopted", "fresh");
        const sessions = await home.list();
        expect(sessions.map(({ name, state }) => [name, state])).toEqual([["fresh", "running"]]);
        expect(await home.exec("fresh", "echo here")).toBe("here");
        await home.remove("fresh");
        expect(await home.wrong()).toEqual([]);
      }),
    allMs,
  );
});

describe.concurrent("a daemon that dies within `session stop` or `session start`", () => {
  test.each(points.stop)(
    "stop at %s: it is stopped, and starts with its home",
    (point) =>
      onHome(point, async (home) => {
        await home.open("kept");
        await home.exec("kept", "echo mine > ~/note");
        await home.diesIn(() => home.stop("kept"));
        expect(await home.list()).toMatchObject([
          { state: "stopped", reason: "stopped by request" },
        ]);
        expect((await home.start("kept")).state).toBe("running");
        expect(await home.exec("kept", "cat ~/note")).toBe("mine");
        expect(await home.wrong()).toEqual([]);
      }),
    allMs,
  );

  test.each(points.start)(
    "start at %s: it can be started, with its home",
    (point) =>
      onHome(undefined, async (home) => {
        await stopped(home, point);
        await home.diesIn(() => home.start("kept"));
        expect(await home.list()).toMatchObject([
          { state: "stopped", reason: "its start was interrupted" },
        ]);
        expect((await home.start("kept")).state).toBe("running");
        expect(await home.exec("kept", "cat ~/note")).toBe("mine");
        expect(await home.wrong()).toEqual([]);
      }),
    allMs,
  );

  test(
    `start at ${lastUpPoint}: it runs, with its home`,
    () =>
      onHome(undefined, async (home) => {
        await stopped(home, lastUpPoint);
        await home.diesIn(() => home.start("kept"));
        await eventOf(home.daemon, "adopted", "kept");
        expect(await home.exec("kept", "cat ~/note")).toBe("mine");
        expect(await home.wrong()).toEqual([]);
      }),
    allMs,
  );

  /** A stopped session, and a daemon that dies at a fault point. */
  async function stopped(home: Restarts, point: string): Promise<void> {
    await home.open("kept");
    await home.exec("kept", "echo mine > ~/note");
    await home.stop("kept");
    await home.next(point);
  }
});

describe.concurrent("a daemon that dies within `session rm`", () => {
  test.each(points.rm)(
    "at %s leaves nothing",
    (point) =>
      onHome(point, async (home) => {
        await home.open("gone");
        await home.diesIn(() => home.remove("gone"));
        expect((await eventOf(home.daemon, "reaped", "gone")).message).toContain("interrupted");
        expect(await home.list()).toEqual([]);
        expect(await home.wrong()).toEqual([]);
      }),
    allMs,
  );
});

test("`session rm` of a session that is being created cuts its creation short", () =>
  onHome(undefined, async (home) => {
    const creating = home.open("early").catch((error) => error);
    await eventOf(home.daemon, "created", "early");
    await home.remove("early");
    expect(await creating).toMatchObject({ code: "interrupted" });
    expect(await home.list()).toEqual([]);
    expect(await home.wrong()).toEqual([]);
  }));

test("a daemon that is told to stop cuts creations short and leaves nothing of them", () =>
  onHome(undefined, async (home) => {
    const creating = home.open("early").catch((error) => error);
    await eventOf(home.daemon, "created", "early");
    expect(await home.wrong()).toEqual([]);
    expect(await creating).toBeInstanceOf(Error);
  }));
