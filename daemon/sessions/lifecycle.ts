import { randomBytes } from "node:crypto";
import type { z } from "zod";
import { asNexoraError, NexoraError } from "../../src/contract/errors.ts";
import type { sessionNew } from "../../src/contract/session.ts";
import type { Config } from "../config.ts";
import type { Driver, WorkstationRef } from "../drivers/driver.ts";
import type { Logger } from "../log.ts";
import type { PortPair, Ports } from "../ports/ports.ts";
import type { SessionRepository, SessionRow } from "../store/sessions.ts";
import { type Directory, refOf } from "./directory.ts";
import { KeyedMutex } from "./keyed-mutex.ts";
import { nameFor, newSessionId } from "./names.ts";

export type NewSessionInput = z.output<typeof sessionNew.input>;

/** Decides whom a workstation runs as, and checks its workspace. */
export interface WorkspacePlanner {
  /** Throws `workspace_not_found` when there is no such folder. */
  plan(workspace: string | null): Promise<{ workspace: string | null; uid: number; gid: number }>;
}

export interface LifecycleParts {
  rows: SessionRepository;
  ports: Ports;
  driver: Driver;
  directory: Directory;
  workspaces: WorkspacePlanner;
  config: Config;
  log: Logger;
  /** Called when a session stops being reachable, so that its connections end. */
  onGone: (id: string) => void;
}

/** How often other ports are tried when a stranger has taken the allocated ones. */
const maxPortTries = 5;

/** Grace that a workstation gets to end by itself, in milliseconds. */
const stopGraceMs = 3000;

/**
 * Creates, stops, starts and removes sessions. The row comes first and goes last, so that whatever
 * else exists can always be traced to it after a crash.
 */
export class Lifecycle {
  private readonly mutex = new KeyedMutex();

  constructor(private readonly parts: LifecycleParts) {}

  /** Opens a session and waits for READY. When it throws, nothing of the session is left. */
  async create(input: NewSessionInput, signal: AbortSignal): Promise<SessionRow> {
    const { rows, driver, workspaces, config } = this.parts;
    const started = performance.now();
    const defaults = config.sessions;
    const plan = await workspaces.plan(input.workspace ?? null);
    const image = await driver.resolveImage(input.image, signal);
    const size = input.size ?? defaults.size;
    const row = await rows.insert({
      id: newSessionId(),
      name: input.name ?? (await this.freeName(plan.workspace)),
      state: "creating",
      image: image.reference,
      ...plan,
      ...size,
      profile: input.profile ?? "hardened",
      network: input.network ?? "full",
      cpus: input.cpus ?? defaults.cpus,
      memoryBytes: input.memoryBytes ?? defaults.memoryBytes,
      pids: input.pids ?? defaults.pids,
      ttlMs: orNull(input.ttlMs ?? defaults.ttlMs),
      idleMs: orNull(input.idleMs ?? defaults.idleMs),
      env: input.env ?? {},
      browser: input.browser ?? false,
      notices: noticesOf(input, image.current),
    });
    return this.mutex.run(row.id, async () => {
      try {
        return await this.bringUp(row, started, signal);
      } catch (error) {
        await rows.remove(row.id);
        throw asNexoraError(error);
      }
    });
  }

  /** Stops a running session; its home, its log and its row stay. */
  stop(row: SessionRow, signal: AbortSignal): Promise<SessionRow> {
    return this.mutex.run(row.id, async () => {
      const { rows, ports, driver, directory, onGone } = this.parts;
      const live = directory.peek(row.id);
      if (!live) throw new NexoraError("session_stopped", `session ${row.name} does not run`);
      await driver.stop(live.ref, { graceMs: stopGraceMs }, signal);
      directory.dismiss(row.id);
      onGone(row.id);
      await ports.release(row.id);
      return rows.update(row.id, {
        state: "stopped",
        reason: "stopped by request",
        endedAt: new Date(),
      });
    });
  }

  /** Starts a stopped session on the same home and workspace, with ports anew. */
  start(row: SessionRow, signal: AbortSignal): Promise<SessionRow> {
    return this.mutex.run(row.id, async () => {
      const { rows, directory, driver } = this.parts;
      if (directory.peek(row.id)) {
        throw new NexoraError("session_running", `session ${row.name} runs already`);
      }
      const started = performance.now();
      await this.parts.workspaces.plan(row.workspace);
      await rows.update(row.id, { state: "creating", reason: null });
      try {
        // The ended workstation was kept for its log; the new one takes its place.
        await driver.remove(refOf(row), { home: false }, signal);
        return await this.bringUp(row, started, signal);
      } catch (error) {
        const known = asNexoraError(error);
        await rows.update(row.id, { state: "failed", reason: known.message, handle: null });
        throw known;
      }
    });
  }

  /** Ends a session for good: workstation, home, ports and row. Doing it twice is no error. */
  remove(row: SessionRow, signal: AbortSignal): Promise<void> {
    return this.mutex.run(row.id, async () => {
      const { rows, ports, driver, directory, onGone } = this.parts;
      const ref = directory.peek(row.id)?.ref ?? refOf(row);
      if (row.state !== "removing") await rows.update(row.id, { state: "removing" });
      directory.dismiss(row.id);
      onGone(row.id);
      await driver.remove(ref, { home: true }, signal);
      await ports.release(row.id);
      await rows.remove(row.id);
      this.parts.log.info("session removed", { session: row.id, name: row.name });
    });
  }

  /** Ports, container, READY; with other ports when a stranger took ours in between. */
  private async bringUp(
    row: SessionRow,
    started: number,
    signal: AbortSignal,
  ): Promise<SessionRow> {
    const { ports } = this.parts;
    const avoid: number[] = [];
    for (;;) {
      const pair = await ports.allocate(row.id, avoid);
      try {
        return await this.attempt(row, pair, started, signal);
      } catch (error) {
        await ports.release(row.id);
        const taken = error instanceof NexoraError && error.code === "conflict";
        if (!taken || avoid.length >= maxPortTries * 2) throw error;
        avoid.push(pair.vnc, pair.cdp);
      }
    }
  }

  /** Container and READY on these ports. Takes back what it made when it fails or is aborted. */
  private async attempt(
    row: SessionRow,
    pair: PortPair,
    started: number,
    signal: AbortSignal,
  ): Promise<SessionRow> {
    const { rows, driver, directory, config, log } = this.parts;
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(config.sessions.readyTimeoutMs)]);
    let ref: WorkstationRef | null = null;
    try {
      const secrets = { vncPassword: secret(6), runnerToken: secret(32) };
      await rows.saveSecrets(row.id, secrets);
      ref = await driver.create(specOf(row, pair), deadline);
      await rows.update(row.id, { handle: ref.handle });
      await driver.start(ref, bootOf(row, secrets), deadline);
      const ready = await rows.update(row.id, {
        state: "running",
        reason: null,
        startedAt: new Date(),
        endedAt: null,
        readyMs: performance.now() - started,
      });
      await directory.admit(ready, ref, deadline);
      log.info("session ready", { session: row.id, name: row.name, ms: ready.readyMs });
      return ready;
    } catch (error) {
      log.warn("session did not come up", { session: row.id, name: row.name, error });
      directory.dismiss(row.id);
      // The caller may be gone: the clean-up must not be cancelled with it.
      if (ref) await driver.remove(ref, { home: row.startedAt === null });
      throw error;
    }
  }

  private async freeName(workspace: string | null): Promise<string> {
    const rows = await this.parts.rows.list();
    return nameFor(workspace, new Set(rows.map(({ name }) => name)));
  }
}

function specOf(row: SessionRow, ports: { vnc: number; cdp: number }) {
  const { id, name, image, workspace, uid, gid, profile, network } = row;
  const limits = { cpus: row.cpus, memoryBytes: row.memoryBytes, pids: row.pids };
  return { session: id, name, image, workspace, ports, uid, gid, profile, network, limits };
}

function bootOf(row: SessionRow, secrets: { vncPassword: string; runnerToken: string }) {
  return {
    token: secrets.runnerToken,
    vncPassword: secrets.vncPassword,
    size: { width: row.width, height: row.height },
    env: row.env,
    name: row.name,
    browser: row.browser,
  };
}

/** Random text of 8/6 × `bytes` characters. */
function secret(bytes: number): string {
  return randomBytes(bytes).toString("base64url");
}

function orNull(ms: number): number | null {
  return ms === 0 ? null : ms;
}

function noticesOf(input: NewSessionInput, imageIsCurrent: boolean): string[] {
  return [
    ...(input.profile === "dev"
      ? ["profile dev: writable root and sudo inside, weaker isolation"]
      : []),
    ...(imageIsCurrent ? [] : ["the image is from another build: `nexora image build` renews it"]),
  ];
}
