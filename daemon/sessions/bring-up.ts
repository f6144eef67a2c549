import { randomBytes } from "node:crypto";
import { within } from "../../src/abort.ts";
import type { Config } from "../../src/contract/config.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { RunnerBoot } from "../../src/runner/boot.ts";
import type { Driver, WorkstationRef, WorkstationSpec } from "../drivers/driver.ts";
import type { Faults } from "../faults.ts";
import type { Logger } from "../log.ts";
import type { SessionRepository, SessionRow, SessionSecrets } from "../store/sessions.ts";
import type { Directory } from "./directory.ts";

export interface BringUpParts {
  rows: SessionRepository;
  driver: Driver;
  directory: Directory;
  /** Resolves once programs in a session find what it is offered. */
  offered: (session: string) => Promise<void>;
  /** What is set in a session's environment, unless the user has set it. */
  environment: (row: SessionRow) => Record<string, string>;
  config: Config;
  faults: Faults;
  log: Logger;
}

/** How long taking back what did not come up may last, in milliseconds. */
const takeBackMs = 30_000;

/** Brings a session's workstation up: secrets, workstation, READY. */
export class BringUp {
  constructor(private readonly parts: BringUpParts) {}

  /**
   * Resolves with the row once the session is ready. What it made is taken back when it fails or
   * is aborted; `started` (performance.now) is when the caller asked.
   */
  async run(row: SessionRow, started: number, signal: AbortSignal): Promise<SessionRow> {
    const { rows, driver, directory, offered, environment, config, faults, log } = this.parts;
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(config.sessions.readyTimeoutMs)]);
    let ref: WorkstationRef | null = null;
    try {
      const secrets = { vncPassword: secret(6), runnerToken: secret(32) };
      await rows.saveSecrets(row.id, secrets);
      faults("up:secrets");
      const engine = await driver.identity(deadline);
      ref = await driver.create(specOf(row), deadline);
      faults("up:created");
      await rows.update(row.id, { handle: ref.handle, engine });
      faults("up:recorded");
      const env = { ...environment(row), ...row.env };
      await driver.start(ref, bootOf({ ...row, env }, secrets), deadline);
      faults("up:started");
      const ready = await rows.update(row.id, {
        state: "running",
        reason: null,
        logTail: null,
        startedAt: new Date(),
        lastUsedAt: new Date(),
        endedAt: null,
        readyMs: performance.now() - started,
      });
      faults("up:running");
      await directory.admit(ready, ref, { isNew: true, signal: deadline });
      await offered(row.id);
      return ready;
    } catch (error) {
      log.warn("session did not come up", { session: row.id, name: row.name, error });
      directory.dismiss(row.id);
      if (ref) await this.takeBack(row, ref);
      const late = deadline.aborted && !signal.aborted;
      throw late ? notReady(config.sessions.readyTimeoutMs, error) : error;
    }
  }

  /** Not cut short by a caller who goes. What an engine that is gone keeps is found by its labels. */
  private async takeBack(row: SessionRow, ref: WorkstationRef): Promise<void> {
    const { driver, rows, log } = this.parts;
    try {
      const signal = AbortSignal.timeout(takeBackMs);
      await within(driver.remove(ref, { home: row.startedAt === null }, signal), signal);
      await rows.update(row.id, { handle: null });
    } catch (error) {
      log.warn("a workstation that did not come up was not removed", { session: row.id, error });
    }
  }
}

function notReady(ms: number, cause: unknown): NexoraError {
  return new NexoraError("timeout", `the workstation was not ready within ${ms / 1000} s`, {
    hint: "is the machine busy? `sessions.readyTimeoutMs` in the configuration gives it longer",
    cause,
  });
}

function specOf(row: SessionRow): WorkstationSpec {
  const { id: session, name, image, uid, gid, profile, network, runtime } = row;
  const { workspace, workspaceIdentity } = row;
  const limits = { cpus: row.cpus, memoryBytes: row.memoryBytes, pids: row.pids };
  const folder = { workspace, workspaceIdentity, uid, gid };
  return { session, name, image, ...folder, profile, network, runtime, limits };
}

function bootOf(row: SessionRow, secrets: SessionSecrets): RunnerBoot {
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
