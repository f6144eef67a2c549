import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectDocker } from "../../daemon/drivers/docker/connect.ts";
import type { ExecOutput } from "../../src/contract/exec.ts";
import type { Session } from "../../src/contract/session.ts";
import { TestDaemon } from "../support/daemon.ts";
import { eventOf } from "../support/events.ts";

const docker = connectDocker();

/** A daemon, and the next ones, on one home; what has ended by itself is reaped after a second. */
class Home implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), "nexora-workspace-"));

  private constructor(public daemon: TestDaemon) {}

  static async open(): Promise<Home> {
    const home = mkdtempSync(join(tmpdir(), "nexora-test-"));
    configure(home, 0);
    return new Home(await TestDaemon.start(home));
  }

  /** Another daemon; `meanwhile` happens between the two. */
  async next(
    { max = 0, env = {} }: { max?: number; env?: Record<string, string> },
    meanwhile = async () => {},
  ): Promise<void> {
    await this.daemon.end("SIGKILL");
    await meanwhile();
    configure(this.daemon.home, max);
    this.daemon = await TestDaemon.start(this.daemon.home, env);
  }

  open(name: string, input: object = {}): Promise<Session> {
    return this.daemon.newSession({ name, workspace: this.folder, ...input });
  }

  show(name: string): Promise<Session> {
    return this.daemon.call("GET", `/v1/sessions/${name}`);
  }

  post(name: string, action: "start" | "stop", init: RequestInit = {}): Promise<Response> {
    return this.daemon.fetch(`/v1/sessions/${name}/${action}`, { method: "POST", ...init });
  }

  async exec(name: string, line: string): Promise<string> {
    const path = `/v1/sessions/${name}/exec`;
    const { stdout } = await this.daemon.call<ExecOutput>("POST", path, { command: [line] });
    return stdout.trim();
  }

  /** A stopped session with a note in its home. */
  async stopped(name: string, input: object = {}): Promise<Session> {
    const session = await this.open(name, input);
    await this.exec(name, "echo mine > ~/note");
    await this.post(name, "stop");
    return session;
  }

  /** The retention's sweep has passed over what ended before this is called. */
  async sweep(): Promise<void> {
    const name = `dies-${Math.random().toString(36).slice(2, 8)}`;
    const session = await this.open(name, { workspace: null, ttlMs: 1000 });
    await eventOf(this.daemon, "reaped", session.name);
  }

  /** Starts it, and finds the note. */
  async expectKept(name: string): Promise<void> {
    expect(await (await this.post(name, "start")).json()).toMatchObject({ state: "running" });
    expect(await this.exec(name, "cat ~/note")).toBe("mine");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.next({});
    await this.daemon[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function configure(home: string, max: number): void {
  const sessions = { retentionMs: 1000, max };
  writeFileSync(join(home, "config.json"), JSON.stringify({ sessions }));
}

describe("a session that a person stopped", () => {
  let home: Home;
  beforeAll(async () => {
    home = await Home.open();
  });
  afterAll(() => home?.[Symbol.asyncDispose]());

  test("and that cannot be started is stopped as before, says why, and is never reaped", async () => {
    await home.stopped("gone");
    renameSync(home.folder, `${home.folder}.away`);
    const refused = await home.post("gone", "start");
    renameSync(`${home.folder}.away`, home.folder);
    expect(await refused.json()).toMatchObject({ code: "workspace_not_found" });
    const { state, reason } = await home.show("gone");
    expect(state).toBe("stopped");
    expect(reason).toStartWith("it did not start: the workspace ");
    await home.sweep();
    await home.expectKept("gone");
  });

  test("and whose start its caller gives up is stopped, and is never reaped", async () => {
    await home.stopped("hasty");
    const caller = new AbortController();
    const started = home.post("hasty", "start", { signal: caller.signal });
    started.catch(() => {});
    while ((await home.show("hasty")).state !== "creating") await Bun.sleep(5);
    caller.abort();
    // Waits for its turn, and so for the end of the start.
    while ((await home.show("hasty")).state === "creating") await Bun.sleep(5);
    const { state, reason } = await home.show("hasty");
    expect(state).toBe("stopped");
    expect(reason).toStartWith("it did not start: ");
    await home.sweep();
    await home.expectKept("hasty");
  });

  test("and whose start a crash interrupts is stopped, also one that is brought back when it dies", async () => {
    await home.stopped("halved", { restart: true });
    await home.next({ env: { NEXORA_FAULT: "up:created" } });
    await home.post("halved", "start").catch(() => {});
    await home.daemon.ended;
    await home.next({});
    expect(await home.show("halved")).toMatchObject({
      state: "stopped",
      reason: "its start was interrupted",
    });
    await home.sweep();
    expect((await home.show("halved")).state).toBe("stopped");
    await home.expectKept("halved");
  });
});

test("one that died is brought back only while there is room, and says that it waits", async () => {
  await using home = await Home.open();
  const died = await home.open("died", { restart: true, workspace: null });
  await home.exec("died", "echo mine > ~/note");
  await home.open("other", { workspace: null });
  await home.next({ max: 1 }, async () => {
    const filters = { label: [`nexora.session=${died.id}`] };
    const [container] = await docker.listContainers({ filters });
    await docker.getContainer(container?.Id ?? "none").kill();
  });
  await eventOf(home.daemon, "exited", "died");
  const waits = "; to be brought back, it waits: 1 session is open, which is the limit";
  while (!(await home.show("died")).reason?.endsWith(waits)) await Bun.sleep(20);
  expect((await home.show("died")).state).toBe("failed");
  expect((await home.show("other")).state).toBe("running");
  await home.daemon.call("DELETE", "/v1/sessions/other");
  const { message } = await eventOf(home.daemon, "restarted", "died");
  expect(message).toStartWith("brought back: its workstation was killed (SIGKILL)");
  expect(await home.exec("died", "cat ~/note")).toBe("mine");
});
