import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { NexoraError } from "../../src/contract/errors.ts";
import type { ExecOutput } from "../../src/contract/exec.ts";
import type { Session } from "../../src/contract/session.ts";
import { TestDaemon } from "../support/daemon.ts";
import { eventOf } from "../support/events.ts";
import { baseImage, Workstations } from "../support/workstations.ts";

const MiB = 1024 ** 2;
const limits = { cpus: 1, memoryBytes: 512 * MiB, pids: 200, homeBytes: 200 * MiB };

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await daemonWith(limits);
});
afterAll(async () => {
  await daemon?.[Symbol.asyncDispose]();
});

function daemonWith(sessions: Record<string, number>): Promise<TestDaemon> {
  const home = mkdtempSync(join(tmpdir(), "nexora-test-"));
  writeFileSync(join(home, "config.json"), JSON.stringify({ sessions }));
  return TestDaemon.start(home);
}

/** A session of one test; gone when the test is over. */
class Subject implements AsyncDisposable {
  private constructor(readonly session: Session) {}

  static async open(): Promise<Subject> {
    const name = `subject-${crypto.randomUUID().slice(0, 8)}`;
    return new Subject(await daemon.newSession({ name }));
  }

  /** To be called before what is waited for happens, or after: no event is missed. */
  event(type: Parameters<typeof eventOf>[1]) {
    return eventOf(daemon, type, this.session.name);
  }

  run(line: string, more: object = {}): Promise<ExecOutput> {
    const body = { command: [line], timeoutMs: 30_000, ...more };
    return this.call("POST", "/exec", body);
  }

  call<T>(method: string, path = "", body?: unknown): Promise<T> {
    return daemon.call(method, `/v1/sessions/${this.session.id}${path}`, body);
  }

  /** It runs programs, and its terminal is there. */
  async expectWell(): Promise<void> {
    expect(await this.run("echo well")).toMatchObject({ exitCode: 0, stdout: "well\n" });
    await this.expectPrompt();
  }

  async expectPrompt(): Promise<void> {
    await this.call("POST", "/wait", { prompt: true, timeoutMs: 60_000 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.call("DELETE");
  }
}

/** How often the daemon and a neighbour have answered before `action` was over. */
async function answersDuring(action: Promise<unknown>, neighbour: Subject): Promise<number> {
  let answers = 0;
  let over = false;
  const acting = action.finally(() => {
    over = true;
  });
  acting.catch(() => {}); // Awaited below.
  while (!over) {
    await daemon.call("GET", "/v1/health");
    await neighbour.run("true");
    if (!over) answers++;
  }
  await acting;
  return answers;
}

test("a session over the cap is refused, names what is open, and changes nothing", async () => {
  await using crowded = await daemonWith({ max: 1 });
  await crowded.newSession({ name: "first" });
  const list = () => crowded.call("GET", "/v1/sessions");
  const before = await list();
  const error = await crowded.newSession({ name: "second" }).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(NexoraError);
  expect(error).toMatchObject({ code: "conflict", exitCode: 5 });
  expect(error.hint).toContain("sessions.max");
  expect(error.details.open).toEqual(["first"]);
  expect(await list()).toEqual(before);
});

test("a fork bomb stays in its session, which says what is wrong, goes on and can be ended", async () => {
  await using victim = await Subject.open();
  await using neighbour = await Subject.open();
  await victim.run(":(){ :|:& };:", { detach: true });
  let refused: ExecOutput;
  do refused = await victim.run("true");
  while (refused.exitCode === 0);
  expect(refused).toMatchObject({ exitCode: 126 });
  expect(refused.stderr).toContain("no more processes are allowed");
  await neighbour.expectWell();
  await victim.expectPrompt();
  expect(await victim.call("GET")).toMatchObject({ state: "running" });
  await victim.call("POST", "/stop");
  await victim.call("POST", "/start");
  await victim.expectWell();
});

describe("a memory hog", () => {
  const hog =
    "exec python3 -c 'import time\nheld = []\nwhile True: held.append(bytearray(10**7)); time.sleep(0.02)'";

  test("is killed, and its session goes on", async () => {
    await using victim = await Subject.open();
    await using neighbour = await Subject.open();
    const ended = victim.run(hog);
    expect(await answersDuring(ended, neighbour)).toBeGreaterThan(0);
    expect(await ended).toMatchObject({ signal: "SIGKILL", timedOut: false });
    await victim.expectWell();
  });

  test("gets no further with files in memory: each place is bounded, all count", async () => {
    await using victim = await Subject.open();
    const places = { "/tmp": 256, "/run": 32, "/dev/shm": 64 };
    for (const [place, mebibytes] of Object.entries(places)) {
      const filled = await victim.run(`head -c 1G /dev/zero > ${place}/fill; du -m ${place}/fill`);
      expect(filled.stderr).toContain("No space left on device");
      expect(Number.parseInt(filled.stdout, 10)).toBe(mebibytes);
    }
    await victim.expectWell();
    expect(await victim.run(hog)).toMatchObject({ signal: "SIGKILL" });
    await victim.expectWell();
  });

  test("of many processes leaves its session usable, whoever the kernel ends", async () => {
    await using victim = await Subject.open();
    await using neighbour = await Subject.open();
    const many = `for i in $(seq 60); do
      python3 -c 'held = bytearray(20 * 10**6); import time; time.sleep(8)' &
    done; wait`;
    const hogging = victim.run(many).catch(() => {});
    expect(await answersDuring(hogging, neighbour)).toBeGreaterThan(0);
    // It may have been the runner, over and over; the hogs end by themselves.
    let left: ExecOutput | null;
    do left = await victim.run("pgrep -c python3").catch(() => null);
    while (left?.stdout !== "0\n");
    await victim.expectWell();
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

test("what a session held is not missed when it is removed during the count", async () => {
  await using it = await Workstations.open();
  const { session } = await it.running(null);
  const Labels = { "nexora.instance": it.instance, "nexora.session": "s_removed" };
  const { name } = await it.docker.createVolume({ Name: `${it.instance}-removed`, Labels });
  const { Mountpoint } = await it.docker.getVolume(name).inspect();
  const remover = await it.docker.createContainer({
    Image: baseImage,
    User: "0:0",
    Entrypoint: ["rmdir", "/volume/_data"],
    HostConfig: { Binds: [`${dirname(Mountpoint)}:/volume`] },
  });
  await remover.start();
  expect(await remover.wait()).toMatchObject({ StatusCode: 0 });
  await remover.remove();
  expect([...((await it.driver.homes?.sizes()) ?? new Map()).keys()]).toEqual([session]);
});

describe("a disk filler", () => {
  test("that hides its files is found", async () => {
    await using victim = await Subject.open();
    const fill = "mkdir ~/hidden; cd ~/hidden; exec 3> fill; chmod 0 .; head -c 400M /dev/zero >&3";
    await victim.run(fill).catch(() => {}); // It may be stopped meanwhile.
    expect((await victim.event("stopped")).message).toContain("of 200 MiB");
    await victim.call("POST", "/start");
    await victim.run("chmod 700 ~/hidden; rm -r ~/hidden");
    await victim.expectWell();
  });

  test("is stopped with the reason, has lost nothing, and can be cleaned up", async () => {
    await using victim = await Subject.open();
    await using neighbour = await Subject.open();
    const fill = "for part in $(seq 20); do head -c 50M /dev/zero > ~/part$part; done; sleep 60";
    victim.run(fill).catch(() => {});
    const stopped = victim.event("stopped");
    expect(await answersDuring(stopped, neighbour)).toBeGreaterThan(0);
    const { message } = await stopped;
    expect(message).toMatch(/its home is over its limit: it holds \d+ of 200 MiB/);
    expect(await victim.call("GET")).toMatchObject({ state: "stopped", reason: message });
    await victim.call("POST", "/start");
    const held = await victim.run("ls ~ | grep -c part; rm ~/part*");
    expect(Number(held.stdout)).toBeGreaterThan(3);
    await victim.expectWell();
  });
});
