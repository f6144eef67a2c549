import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NexoraError } from "../../src/contract/errors.ts";
import type { NexoraEvent } from "../../src/contract/events.ts";
import type { ExecOutput } from "../../src/contract/exec.ts";
import type { Session } from "../../src/contract/session.ts";
import { TestDaemon } from "../support/daemon.ts";
import { Workstations } from "../support/workstations.ts";

const MiB = 1024 ** 2;
const sessions = { max: 2, cpus: 1, memoryBytes: 512 * MiB, pids: 200, homeBytes: 200 * MiB };
/** Longest that the daemon and another session may take to answer meanwhile, in milliseconds. */
const patienceMs = 2000;

let daemon: TestDaemon;
let victim: Session;
let neighbour: Session;

beforeAll(async () => {
  const home = mkdtempSync(join(tmpdir(), "nexora-test-"));
  writeFileSync(join(home, "config.json"), JSON.stringify({ sessions }));
  daemon = await TestDaemon.start(home);
  victim = await daemon.newSession({ name: "victim" });
  neighbour = await daemon.newSession({ name: "neighbour" });
});
afterAll(async () => {
  await daemon?.[Symbol.asyncDispose]();
});

const at = (session: Session, path = "") => `/v1/sessions/${session.id}${path}`;

function run(session: Session, line: string, more: object = {}): Promise<ExecOutput> {
  return daemon.call("POST", at(session, "/exec"), { command: [line], timeoutMs: 30_000, ...more });
}

function show(session: Session): Promise<Session & { stats: { pids: number } | null }> {
  return daemon.call("GET", at(session));
}

/** Asks until the session is as wanted; fails after 30 s. */
async function until(
  session: Session,
  wanted: (now: Awaited<ReturnType<typeof show>>) => boolean,
): Promise<Awaited<ReturnType<typeof show>>> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const now = await show(session);
    if (wanted(now)) return now;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(now)}`);
    await Bun.sleep(100);
  }
}

/** The longest that the daemon and the neighbour took to answer while `action` ran. */
async function slowestDuring(action: () => Promise<unknown>): Promise<number> {
  let slowest = 0;
  const timed = async (request: Promise<unknown>) => {
    const started = performance.now();
    await request;
    slowest = Math.max(slowest, performance.now() - started);
  };
  let over = false;
  const acting = action().finally(() => {
    over = true;
  });
  acting.catch(() => {}); // Awaited below.
  while (!over) {
    await timed(daemon.call("GET", "/v1/health"));
    await timed(run(neighbour, "true"));
  }
  await acting;
  return slowest;
}

async function expectWell(session: Session): Promise<void> {
  expect(await run(session, "echo well")).toMatchObject({ exitCode: 0, stdout: "well\n" });
}

test("a session over the cap is refused, names what is open, and changes nothing", async () => {
  const list = () => daemon.call("GET", "/v1/sessions");
  const before = await list();
  const error = await daemon.newSession({ name: "third" }).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(NexoraError);
  expect(error).toMatchObject({ code: "conflict", exitCode: 5 });
  expect(error.hint).toContain("sessions.max");
  expect(error.details.open.toSorted()).toEqual(["neighbour", "victim"]);
  expect(await list()).toEqual(before);
});

test("a fork bomb stays in its session, which says what is wrong and starts again", async () => {
  const slowest = await slowestDuring(async () => {
    await run(victim, ":(){ :|:& };:", { detach: true });
    await until(victim, ({ stats }) => stats?.pids === sessions.pids);
  });
  expect(slowest).toBeLessThan(patienceMs);
  // Either nothing more can be started in it, or it has ended of it; both are told.
  const refused = await run(victim, "true").catch(() => null);
  if (refused) {
    expect(refused).toMatchObject({ exitCode: 126 });
    expect(refused.stderr).toContain("no more processes are allowed");
    await daemon.call("POST", at(victim, "/stop")).catch(() => {}); // It may have ended by now.
  }
  const { reason } = await until(victim, ({ state }) => state === "stopped" || state === "failed");
  expect(reason).toBeString();
  await daemon.call("POST", at(victim, "/start"));
  await expectWell(victim);
});

describe("a memory hog", () => {
  const hog = "exec python3 -c 'held = []\nwhile True: held.append(bytearray(10**7))'";

  test("is killed, and its session goes on", async () => {
    let ended: ExecOutput | undefined;
    const slowest = await slowestDuring(async () => {
      ended = await run(victim, hog);
    });
    expect(ended).toMatchObject({ signal: "SIGKILL", timedOut: false });
    expect(slowest).toBeLessThan(patienceMs);
    await expectWell(victim);
  });

  test("gets no further with files in memory: each place is bounded, all count", async () => {
    const places = { "/tmp": 256, "/run": 32, "/dev/shm": 64 };
    for (const [place, mebibytes] of Object.entries(places)) {
      const filled = await run(victim, `head -c 1G /dev/zero > ${place}/fill; du -m ${place}/fill`);
      expect(filled.stderr).toContain("No space left on device");
      expect(Number.parseInt(filled.stdout, 10)).toBe(mebibytes);
    }
    await expectWell(victim);
    expect(await run(victim, hog)).toMatchObject({ signal: "SIGKILL" });
    await expectWell(victim);
    await run(victim, "rm /tmp/fill /run/fill /dev/shm/fill");
  });

  test("of many processes ends with its session usable, or with the reason", async () => {
    const many = `for i in $(seq 100); do
      python3 -c 'held = bytearray(20 * 10**6); import time; time.sleep(20)' &
    done; wait`;
    const slowest = await slowestDuring(() => run(victim, many).catch(() => {}));
    expect(slowest).toBeLessThan(patienceMs);
    const well = await run(victim, "true").catch(() => null);
    if (well) return expectWell(victim);
    const { reason } = await until(victim, ({ state }) => state === "failed");
    expect(reason).toContain("out of memory");
    await daemon.call("POST", at(victim, "/start"));
    await expectWell(victim);
  });
});

test("what a session holds is counted wherever it may write, and by nobody else's", async () => {
  await using it = await Workstations.open();
  const hardened = await it.running(null);
  const dev = await it.running(null, { profile: "dev" });
  const fill = "head -c 30M /dev/urandom > ~/fill; head -c 30M /dev/urandom > /workspace/fill";
  await it.run(hardened, `HOME=/home/nexora; ${fill}`);
  await it.run(dev, `HOME=/home/nexora; ${fill}; head -c 30M /dev/urandom > /var/tmp/fill`);
  const homes = (await it.driver.homes?.sizes()) ?? new Map<string, number>();
  expect([...homes.keys()].toSorted()).toEqual([hardened.session, dev.session].toSorted());
  expect(Math.floor((homes.get(hardened.session) ?? 0) / (30 * MiB))).toBe(2);
  expect(Math.floor((homes.get(dev.session) ?? 0) / (30 * MiB))).toBe(3);
  expect((await it.objects()).containers).toHaveLength(2);
});

describe("a disk filler", () => {
  const fill = "for part in $(seq 20); do head -c 50M /dev/zero > ~/part$part; done; sleep 60";

  test("that hides its files is found", async () => {
    await run(victim, "mkdir ~/hidden; cd ~/hidden; head -c 400M /dev/zero > fill; chmod 0 .");
    const { reason } = await until(victim, ({ state }) => state === "stopped");
    expect(reason).toContain("of 200 MiB");
    await daemon.call("POST", at(victim, "/start"));
    await run(victim, "chmod 700 ~/hidden; rm -r ~/hidden");
    await expectWell(victim);
  });

  test("is stopped when its home is over the limit, with the reason and an event", async () => {
    const slowest = await slowestDuring(async () => {
      run(victim, fill).catch(() => {});
      await until(victim, ({ state }) => state === "stopped");
    });
    expect(slowest).toBeLessThan(patienceMs);
    const { reason } = await show(victim);
    expect(reason).toMatch(/its home is over its limit: it holds \d+ of 200 MiB/);
    const { events } = await daemon.call<{ events: NexoraEvent[] }>(
      "GET",
      "/v1/events?only=victim",
    );
    expect(events.at(-1)).toMatchObject({ type: "stopped", message: reason });
  });

  test("has lost nothing: the session starts again and can be cleaned up", async () => {
    await daemon.call("POST", at(victim, "/start"));
    const held = await run(victim, "ls ~ | grep -c part; rm ~/part*");
    expect(Number(held.stdout)).toBeGreaterThan(3);
    await expectWell(victim);
  });
});
