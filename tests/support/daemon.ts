import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRegistration } from "../../src/client/registration.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { Session } from "../../src/contract/session.ts";
import { pathsOf } from "../../src/paths.ts";
import { baseImage } from "./workstations.ts";

const project = join(import.meta.dir, "../..");

/** A daemon of its own home, from source or NEXORA_TEST_BINARY, on the database that the suite runs against. */
export class TestDaemon implements AsyncDisposable {
  private constructor(
    readonly home: string,
    readonly url: string,
    readonly token: string,
    /** What it labels everything in the engine with. */
    readonly instance: string,
    /** Path of the Unix socket that requests go to, when its TCP port is out of reach. */
    private readonly socket: string | null,
    private process: Bun.Subprocess,
  ) {}

  /**
   * `env` goes over the environment; one that should die at a fault point is given by it. `enter`
   * is what to put before the command, so that it runs in another network namespace.
   */
  static async start(
    home = mkdtempSync(join(tmpdir(), "nexora-test-")),
    env: Record<string, string> = {},
    enter: readonly string[] = [],
  ): Promise<TestDaemon> {
    const paths = pathsOf({ NEXORA_HOME: home });
    const databaseUrl = process.env.NEXORA_TEST_DATABASE_URL;
    // The binary starts in half the time; who names one answers for its being up to date.
    const binary = process.env.NEXORA_TEST_BINARY;
    const program = binary ? [binary] : ["bun", join(project, "nexora.ts")];
    const child = Bun.spawn([...enter, ...program, "daemon", "run", "--port", "0"], {
      cwd: "/",
      env: {
        ...process.env,
        NEXORA_HOME: home,
        ...(databaseUrl ? { NEXORA_DATABASE_URL: databaseUrl } : {}),
        ...env,
      },
      stdin: "ignore",
      stdout: "ignore",
      stderr: "pipe",
    });
    const deadline = Date.now() + 60_000;
    for (;;) {
      const registration = readRegistration(paths.registration);
      if (registration?.pid === child.pid) {
        const token = (await Bun.file(paths.token).text()).trim();
        const socket = enter.length > 0 ? registration.socket : null;
        const { url, instance } = registration;
        return new TestDaemon(home, url, token, instance, socket, child);
      }
      if (child.exitCode !== null || Date.now() > deadline) {
        child.kill("SIGKILL");
        throw new Error(`the daemon did not start: ${await new Response(child.stderr).text()}`);
      }
      await Bun.sleep(10);
    }
  }

  get pid(): number {
    return this.process.pid;
  }

  /** One request over TCP, or over the socket when TCP does not reach it. */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${this.token}`);
    const unix = this.socket ? { unix: this.socket } : {};
    return fetch(this.url + path, { timeout: false, ...init, ...unix, headers });
  }

  /** One request with JSON both ways. Throws the daemon's error. */
  async call<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const reply = await this.fetch(path, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    const value = await reply.json();
    if (!reply.ok) throw NexoraError.fromJSON(value);
    return value as T;
  }

  /** As `call`, for who has another token: of that scope, made for this and named `name`. */
  async callerWith(scope: string, name: string) {
    const { token } = await this.call<{ token: string }>("POST", "/v1/tokens", { name, scope });
    return async <T>(method: string, path: string, body: object = {}): Promise<T> => {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const sent = method === "GET" ? {} : { body: JSON.stringify(body) };
      const reply = await fetch(this.url + path, { method, headers, ...sent });
      const value = await reply.json();
      if (!reply.ok) throw NexoraError.fromJSON(value);
      return value as T;
    };
  }

  newSession(input: Record<string, unknown> = {}): Promise<Session> {
    const small = { size: { width: 1024, height: 768 }, image: baseImage };
    return this.call<Session>("POST", "/v1/sessions", { ...small, ...input });
  }

  /** Resolves when the process has ended, by itself or by somebody else. */
  get ended(): Promise<unknown> {
    return this.process.exited;
  }

  /** Ends the process; its sessions go on. */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    this.process.kill(signal);
    await this.process.exited;
  }

  /**
   * Removes every session, ends the daemon, and removes its home. Fails when an operation threw an
   * error that it does not state.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const { sessions } = await this.call<{ sessions: Session[] }>("GET", "/v1/sessions");
      await Promise.all(sessions.map(({ id }) => this.call("DELETE", `/v1/sessions/${id}`)));
      await this.end();
    }
    const undeclared = undeclaredErrors(this.home);
    rmSync(this.home, { recursive: true, force: true });
    if (undeclared.length > 0) throw new Error(`undeclared errors:\n${undeclared.join("\n")}`);
  }
}

/** What a home's daemon has told its log of errors that an operation threw and does not state. */
export function undeclaredErrors(home: string): string[] {
  const { log } = pathsOf({ NEXORA_HOME: home });
  if (!existsSync(log)) return [];
  const lines = readFileSync(log, "utf8").split("\n");
  return lines.filter((line) => line.includes("undeclared error"));
}
