import type { Config } from "../../src/contract/config.ts";
import type { Driver } from "../drivers/driver.ts";
import type { Audit } from "../events/audit.ts";
import type { Events } from "../events/events.ts";
import type { Faults } from "../faults.ts";
import type { Logger } from "../log.ts";
import type { RunnerClient } from "../runner/client.ts";
import type { SessionRepository, SessionRow } from "../store/sessions.ts";
import type { Activity } from "./activity.ts";
import { BringUp } from "./bring-up.ts";
import type { Directory } from "./directory.ts";
import { Expiry } from "./expiry.ts";
import { Health } from "./health.ts";
import { HomeLimit } from "./home-limit.ts";
import { Lifecycle } from "./lifecycle.ts";
import { Reconciler } from "./reconcile.ts";
import { Retention } from "./retention.ts";
import { Revival } from "./revival.ts";
import { Supervisor } from "./supervisor.ts";

export interface SessionParts {
  rows: SessionRepository;
  driver: Driver;
  directory: Directory;
  activity: Activity;
  runner: RunnerClient;
  events: Events;
  audit: Audit;
  config: Config;
  faults: Faults;
  log: Logger;
  /** Resolves once programs in a session find what it is offered. */
  offered: (session: string) => Promise<void>;
  /** What is set in a session's environment, unless the user has set it. */
  environment: (row: SessionRow) => Record<string, string>;
  /** Called when a session stops being reachable, so that its connections end. */
  onGone: (session: string) => void;
}

/** What changes sessions, and what looks after them. */
export function assembleSessions(parts: SessionParts) {
  const { rows, driver, directory, events, audit, config, log } = parts;
  const { retentionMs, silenceMs, homeBytes: limitBytes } = config.sessions;
  const lifecycle = new Lifecycle({ ...parts, bringUp: new BringUp(parts) });
  const revival = new Revival({ rows, lifecycle, events, log });
  const supervisor = new Supervisor({
    ...{ driver, events, log, revival },
    reconciler: new Reconciler({ ...parts, lifecycle, revival }),
    expiry: new Expiry({ ...parts, lifecycle }),
    retention: new Retention({ rows, lifecycle, records: [events, audit], retentionMs, log }),
    health: new Health({ ...parts, lifecycle, revival, silenceMs }),
    homeLimit: new HomeLimit({ driver, directory, lifecycle, limitBytes }),
    everyMs: { expiry: 1000, reconcile: 60_000, homes: 2000 },
  });
  return { lifecycle, supervisor };
}
