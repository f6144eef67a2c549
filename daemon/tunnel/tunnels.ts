import { delay, withinTime } from "../../src/abort.ts";
import { asNexoraError, NexoraError } from "../../src/contract/errors.ts";
import type { Service } from "./service.ts";
import { Tunnel, type TunnelParts } from "./tunnel.ts";

export interface TunnelsParts extends TunnelParts {
  /** What a session is offered. */
  services: (session: string) => readonly Service[];
}

/** Pauses before a tunnel is opened again, in milliseconds: the shortest, and what doubling leads to. */
const pauseMs = { shortest: 250, longest: 15_000 };
/** A tunnel that has lived for this long, in milliseconds, is opened again after the shortest pause. */
const healthyMs = 10_000;

/** How long a session that has come up is waited for, in milliseconds. */
const patienceMs = 2_000;

/** Keeps a tunnel open to each running session that is offered anything. */
export class Tunnels {
  private readonly open = new Map<string, { ended: AbortController; taken: Promise<void> }>();

  constructor(private readonly parts: TunnelsParts) {}

  /** To be called when a session has become reachable. */
  follow(session: string): void {
    this.drop(session);
    const services = this.parts.services(session);
    if (services.length === 0) return;
    const ended = new AbortController();
    const { promise: taken, resolve } = Promise.withResolvers<void>();
    this.open.set(session, { ended, taken });
    void this.keep(session, services, ended.signal, resolve).finally(resolve);
  }

  /** Resolves once programs inside find what they are offered; after two seconds in any case. */
  async offered(session: string): Promise<void> {
    const tunnel = this.open.get(session);
    if (tunnel) await withinTime(tunnel.taken, patienceMs);
  }

  /** To be called when a session stops being reachable: its streams end. */
  drop(session: string, why = "the session is no longer running"): void {
    this.open.get(session)?.ended.abort(new NexoraError("interrupted", why));
    this.open.delete(session);
  }

  close(): void {
    for (const session of [...this.open.keys()]) this.drop(session, "the daemon is stopping");
  }

  private async keep(
    session: string,
    services: readonly Service[],
    signal: AbortSignal,
    taken: () => void,
  ): Promise<void> {
    const { log } = this.parts;
    let pause = pauseMs.shortest;
    while (!signal.aborted) {
      const started = performance.now();
      const tunnel = new Tunnel(this.parts, session, services, taken);
      const why = await tunnel.run(signal).catch(asNexoraError);
      if (signal.aborted) return;
      if (why.code === "not_found") {
        return log.warn("a session has no tunnel: its runner is older than this daemon", {
          session,
          hint: "stop and start the session",
        });
      }
      log.info("a tunnel ended, and is opened again", { session, error: why });
      if (performance.now() - started >= healthyMs) pause = pauseMs.shortest;
      await delay(pause, signal);
      pause = Math.min(pause * 2, pauseMs.longest);
    }
  }
}
