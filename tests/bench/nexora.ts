import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRegistration } from "../../src/client/registration.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { Session } from "../../src/contract/session.ts";
import { pathsOf } from "../../src/paths.ts";
import { removeLabelled } from "./docker.ts";
import { run } from "./run.ts";

export const binary = join(import.meta.dir, "../../dist/nexora");
export const baseImage = process.env.NEXORA_TEST_IMAGE ?? "nexora-workstation:base";

const startDeadlineMs = 20_000;

/** The built binary's daemon on a home of its own, with a workspace; all of it goes on dispose. */
export class Nexora implements AsyncDisposable {
  private constructor(
    private readonly folder: string,
    private readonly daemon: Bun.Subprocess,
    readonly instance: string,
    /** Base URL of the HTTP API. */
    readonly url: string,
    private readonly token: string,
    private readonly signal: AbortSignal,
  ) {}

  /** `config` is what its config.json says. */
  static async start(signal: AbortSignal, config: Record<string, unknown> = {}): Promise<Nexora> {
    requireBinary();
    const folder = mkdtempSync(join(tmpdir(), "nexora-bench-"));
    const home = join(folder, "home");
    mkdirSync(join(folder, "workspace"));
    mkdirSync(home, { mode: 0o700 });
    await Bun.write(join(home, "config.json"), JSON.stringify(config));
    const stdio = ["ignore", "ignore", "ignore"] as ["ignore", "ignore", "ignore"];
    // Detached: ctrl+c ends the benchmark, which then needs the daemon to clean up.
    const daemon = Bun.spawn([binary, "daemon", "run", "--port", "0"], {
      cwd: "/",
      env: { ...process.env, NEXORA_HOME: home, NEXORA_DATABASE_URL: "" },
      stdio,
      detached: true,
    });
    try {
      const paths = pathsOf({ NEXORA_HOME: home });
      const { url, instance } = await registered(paths.registration, daemon, signal);
      const token = (await Bun.file(paths.token).text()).trim();
      return new Nexora(folder, daemon, instance, url, token, signal);
    } catch (error) {
      daemon.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  get pid(): number {
    return this.daemon.pid;
  }

  /** The folder that its sessions have as their workspace. */
  get workspace(): string {
    return join(this.folder, "workspace");
  }

  /** What makes the command line use this daemon. */
  get env(): Record<string, string> {
    return { NEXORA_HOME: join(this.folder, "home") };
  }

  /** One request over TCP, with the token. Throws the daemon's error. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${this.token}`, ...init.headers };
    const reply = await fetch(this.url + path, { proxy: "", ...init, headers });
    if (!reply.ok) throw NexoraError.fromJSON(await reply.json());
    return reply;
  }

  /** One request with JSON both ways. */
  async call<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const json = { "content-type": "application/json" };
    const init = body === undefined ? {} : { body: JSON.stringify(body), headers: json };
    return (await this.fetch(path, { method, ...init })).json() as Promise<T>;
  }

  /** Opens a session of the base image, ready when it resolves. */
  newSession(input: Record<string, unknown> = {}): Promise<Session> {
    const init = { workspace: this.workspace, image: baseImage, ...input };
    return this.call<Session>("POST", "/v1/sessions", init);
  }

  /** Resolves when it is ready again. */
  startSession({ id }: Session): Promise<unknown> {
    return this.call("POST", `/v1/sessions/${id}/start`);
  }

  stopSession({ id }: Session): Promise<unknown> {
    return this.call("POST", `/v1/sessions/${id}/stop`);
  }

  removeSession({ id }: Session): Promise<unknown> {
    return this.call("DELETE", `/v1/sessions/${id}`);
  }

  /** Id of a session's container. */
  async container({ id }: Session): Promise<string> {
    const filter = `label=nexora.session=${id}`;
    const found = await run(["docker", "ps", "-q", "--filter", filter], { signal: this.signal });
    return found.trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      const { sessions } = await this.call<{ sessions: Session[] }>("GET", "/v1/sessions");
      await Promise.all(sessions.map((session) => this.removeSession(session)));
    } finally {
      this.daemon.kill("SIGTERM");
      await Promise.race([this.daemon.exited, Bun.sleep(5_000)]);
      this.daemon.kill("SIGKILL");
      // What the daemon knew nothing of, because it was being made.
      await removeLabelled(`nexora.instance=${this.instance}`);
      rmSync(this.folder, { recursive: true, force: true });
    }
  }
}

/** Throws, naming the remedy, when the binary has not been built. */
export function requireBinary(): void {
  if (!existsSync(binary)) throw new Error(`${binary} is missing: run \`bun run build\` first`);
}

/** The daemon's own entry, once it has written it. */
async function registered(path: string, daemon: Bun.Subprocess, signal: AbortSignal) {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(startDeadlineMs)]);
  for (;;) {
    const registration = readRegistration(path);
    if (registration?.pid === daemon.pid) return registration;
    if (daemon.exitCode !== null) throw new Error(`the daemon ended (exit ${daemon.exitCode})`);
    deadline.throwIfAborted();
    await Bun.sleep(5);
  }
}
