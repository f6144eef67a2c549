import { daemonStatus, daemonStop, doctor, health } from "../../../src/contract/daemon.ts";
import { version } from "../../../src/version.ts";
import type { Doctor } from "../../doctor.ts";
import type { Store } from "../../store/store.ts";
import type { Router } from "../route.ts";

interface DaemonFacts {
  instance: string;
  home: string;
  url: string;
  socket: string;
  store: Pick<Store, "kind" | "source" | "address">;
  startedAt: Date;
}

export interface DaemonRouteParts {
  facts: DaemonFacts;
  doctor: Doctor;
  sessions: () => number;
  stop: () => void;
}

export function daemonRoutes(
  router: Router,
  { facts, doctor: checks, sessions, stop }: DaemonRouteParts,
): void {
  const { pid } = process;
  router
    .on(health, async ({ signal }) => {
      const results = await checks.health(signal);
      const ok = results.every((check) => check.ok);
      const body = { ok, version, pid, instance: facts.instance, checks: results };
      return Response.json(body, { status: ok ? 200 : 503 });
    })
    .on(doctor, async ({ signal }) => {
      const results = await checks.all(signal);
      return { ok: results.every((check) => check.ok), checks: results };
    })
    .on(daemonStatus, () => ({
      version,
      pid,
      ...facts,
      startedAt: facts.startedAt.toISOString(),
      sessions: sessions(),
      memoryBytes: process.memoryUsage.rss(),
    }))
    .on(daemonStop, () => {
      // After the reply has left: stopping waits for open requests.
      setImmediate(stop);
      return { pid };
    });
}
