import { NexoraError } from "../../src/contract/errors.ts";
import { Link } from "../../src/tunnel/link.ts";
import { parseReplies, TunnelError, tunnelPath } from "../../src/tunnel/protocol.ts";
import type { StreamUser, TunnelStream } from "../../src/tunnel/stream.ts";
import type { Logger } from "../log.ts";
import type { RunnerClient } from "../runner/client.ts";
import type { Service } from "./service.ts";
import { ServiceStream } from "./service-stream.ts";

export interface TunnelParts {
  runner: Pick<RunnerClient, "fetch">;
  log: Logger;
  /** How long a runner may take to listen for what it is offered, in milliseconds. @default 10000 */
  openingMs?: number;
}

/** One connection to a session's runner, on which the services are offered. */
export class Tunnel {
  /** Whether the runner has taken the offer. */
  opened = false;
  private readonly link: Link;

  constructor(
    private readonly parts: TunnelParts,
    private readonly session: string,
    private readonly services: readonly Service[],
    /** Called when the runner has taken the offer. */
    private readonly taken: () => void = () => {},
  ) {
    this.link = new Link("outside", {
      control: (payload) => this.answered(payload),
      opened: (stream) => this.serve(stream),
    });
  }

  /**
   * Opens it and serves it until it ends or `signal` aborts; resolves with why. Throws the runner's
   * error when it cannot be opened: `not_found` when its runner knows no tunnel.
   */
  async run(signal: AbortSignal): Promise<NexoraError> {
    const { runner, openingMs = 10_000 } = this.parts;
    const over = new AbortController();
    const ended = AbortSignal.any([signal, over.signal]);
    const late = new NexoraError(
      "timeout",
      `the runner did not take the offer within ${openingMs} ms`,
    );
    const timer = setTimeout(() => !this.opened && over.abort(late), openingMs);
    try {
      this.link.mux.control(this.services.map(({ name, port }) => ({ name, port })));
      const request = { method: "POST", body: this.link.output };
      const reply = await runner.fetch(this.session, tunnelPath, request, ended);
      if (!reply.body) throw new TunnelError("the runner's reply has no body");
      return await this.link.run(reply.body, ended);
    } finally {
      clearTimeout(timer);
      over.abort();
    }
  }

  private answered(payload: Uint8Array): void {
    if (this.opened) throw new TunnelError("an offer is answered once");
    this.opened = true;
    this.taken();
    for (const { name, error } of parseReplies(payload)) {
      if (!error) continue;
      const fields = { session: this.session, service: name, error };
      this.parts.log.warn("a service cannot be reached inside", fields);
    }
  }

  private serve(stream: TunnelStream): StreamUser | string {
    const service = this.services.find(({ name }) => name === stream.service);
    if (!service) return "there is no such service";
    const served = new ServiceStream(stream);
    // Not before the stream knows who uses it.
    queueMicrotask(() => void this.connect(service, served));
    return served;
  }

  private async connect(service: Service, stream: ServiceStream): Promise<void> {
    try {
      await service.connect(this.session, stream);
      stream.release(false);
    } catch (error) {
      stream.release(true);
      if (stream.signal.aborted) return;
      const fields = { session: this.session, service: service.name, error };
      this.parts.log.warn("a service broke a connection off", fields);
    }
  }
}
