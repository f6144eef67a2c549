import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectDocker } from "../../daemon/drivers/docker/connect.ts";
import type { Session } from "../../src/contract/session.ts";
import { census, disagreements } from "./census.ts";
import { TestDaemon } from "./daemon.ts";
import { sweep } from "./sweep.ts";

/** A home of its own whose daemon dies, and is followed by another. */
export class Restarts implements AsyncDisposable {
  private readonly workspace = mkdtempSync(join(tmpdir(), "nexora-workspace-"));

  private constructor(public daemon: TestDaemon) {}

  static async open(fault?: string): Promise<Restarts> {
    const home = mkdtempSync(join(tmpdir(), "nexora-test-"));
    return new Restarts(await TestDaemon.start(home, faultOf(fault)));
  }

  /** Another daemon on the same home, one that dies at a fault point when it is given one. */
  async next(fault?: string, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    await this.daemon.end(signal);
    this.daemon = await TestDaemon.start(this.daemon.home, faultOf(fault));
  }

  /** The daemon dies within an action, and another takes over. Throws when the action is done. */
  async diesIn(action: () => Promise<unknown>): Promise<void> {
    const done = await action().then(
      () => true,
      () => false,
    );
    if (done) throw new Error("the daemon did not die");
    await this.daemon.ended;
    await this.next();
    // It answers while it still repairs, if that takes long.
    const isOver = ({ state }: Session) => ["running", "stopped", "failed"].includes(state);
    while (!(await this.list()).every(isOver)) await Bun.sleep(20);
  }

  /** What is wrong between store, engine and kernel, once the daemon has ended. */
  async wrong(): Promise<string[]> {
    await this.daemon.end();
    return disagreements(await census(this.daemon.home));
  }

  open(name: string): Promise<Session> {
    return this.daemon.newSession({ name, workspace: this.workspace });
  }

  stop(name: string): Promise<Session> {
    return this.daemon.call("POST", `/v1/sessions/${name}/stop`);
  }

  start(name: string): Promise<Session> {
    return this.daemon.call("POST", `/v1/sessions/${name}/start`);
  }

  remove(name: string): Promise<unknown> {
    return this.daemon.call("DELETE", `/v1/sessions/${name}`);
  }

  async list(): Promise<Session[]> {
    return (await this.daemon.call<{ sessions: Session[] }>("GET", "/v1/sessions")).sessions;
  }

  /** What a line of bash writes in a session. */
  async exec(name: string, line: string): Promise<string> {
    const path = `/v1/sessions/${name}/exec`;
    const reply = await this.daemon.call<{ stdout: string }>("POST", path, { command: [line] });
    return reply.stdout.trim();
  }

  /** Removes all that there is, in whatever state it is. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.daemon.end("SIGKILL");
    await sweep(this.daemon, connectDocker());
    rmSync(this.daemon.home, { recursive: true, force: true });
    rmSync(this.workspace, { recursive: true, force: true });
  }
}

function faultOf(point?: string): Record<string, string> {
  return point ? { NEXORA_FAULT: point } : {};
}
