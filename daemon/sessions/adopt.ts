import type { Driver } from "../drivers/driver.ts";
import type { Logger } from "../log.ts";
import type { Ports } from "../ports/ports.ts";
import type { SessionRepository } from "../store/sessions.ts";
import { type Directory, refOf } from "./directory.ts";

export interface AdoptParts {
  rows: SessionRepository;
  ports: Ports;
  driver: Driver;
  directory: Directory;
  log: Logger;
}

/**
 * Brings the store and the engine together at start: what still runs is adopted with its ports and
 * secrets; what has ended is marked with why; what was half made or half removed goes.
 * An engine that is down changes nothing: the rows wait for the next start.
 */
export async function adopt(parts: AdoptParts, signal: AbortSignal): Promise<void> {
  const { rows, ports, driver, directory, log } = parts;
  const [known, states] = await Promise.all([rows.list(), driver.list(signal)]);
  const byId = new Map(states.map((state) => [state.session, state]));
  for (const row of known) {
    const state = byId.get(row.id);
    byId.delete(row.id);
    const ref = state?.ref ?? refOf(row);
    if (row.state === "running" && state?.running) {
      await directory.admit(row, state.ref, signal);
      log.info("session adopted", { session: row.id, name: row.name });
    } else if (row.state === "removing" || (row.state === "creating" && row.startedAt === null)) {
      await driver.remove(ref, { home: true }, signal);
      await ports.release(row.id);
      await rows.remove(row.id);
      log.warn("half-done session removed", { session: row.id, name: row.name, state: row.state });
    } else if (row.state === "running" || row.state === "creating") {
      await ports.release(row.id);
      const reason = state?.oomKilled
        ? "it ran out of memory"
        : state
          ? `the workstation ended with exit code ${state.exitCode}`
          : "the workstation is gone from the engine";
      await rows.update(row.id, { state: "stopped", reason, endedAt: new Date() });
      log.warn("session had ended", { session: row.id, name: row.name, reason });
    }
  }
  for (const orphan of byId.values()) {
    await driver.remove(orphan.ref, { home: true }, signal);
    log.warn("orphan removed", { session: orphan.session });
  }
}
