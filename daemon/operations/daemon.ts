import type { daemonOperations } from "../../src/contract/daemon.ts";
import type { OutputOf } from "../../src/contract/operation.ts";
import { version } from "../../src/version.ts";
import type { Doctor } from "../doctor.ts";
import type { HandlersOf } from "./handler.ts";

/** What of the daemon's status never changes, but `url`, which is known once it listens. */
type DaemonFacts = Omit<
  OutputOf<(typeof daemonOperations)[1]>,
  "version" | "pid" | "sessions" | "memoryBytes"
>;

export interface DaemonParts {
  facts: DaemonFacts;
  doctor: Doctor;
  sessions: () => number;
  stop: () => void;
}

export function daemonHandlers(parts: DaemonParts): HandlersOf<typeof daemonOperations> {
  const { facts, doctor, sessions, stop } = parts;
  const { pid } = process;
  return {
    health: {
      async reply(_, { signal }) {
        const checks = await doctor.health(signal);
        const ok = checks.every((check) => check.ok);
        return { ok, version, pid, instance: facts.instance, checks };
      },
    },
    doctor: {
      async reply(_, { signal }) {
        const checks = await doctor.all(signal);
        return { ok: checks.every((check) => check.ok), checks };
      },
    },
    "daemon.status": {
      reply: () => ({
        version,
        pid,
        ...facts,
        sessions: sessions(),
        memoryBytes: process.memoryUsage.rss(),
      }),
    },
    "daemon.stop": {
      reply() {
        // After the reply has left: stopping waits for open requests.
        setImmediate(stop);
        return { pid };
      },
    },
  };
}
