import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  type JSONRPCMessage,
  type JSONRPCRequest,
  type MessageExtraInfo,
  type RequestId,
  type Transport,
  type TransportSendOptions,
} from "@modelcontextprotocol/server";
import { asNexoraError } from "../contract/errors.ts";
import { ownScreens } from "./screens.ts";
import type { Wanted, Watching } from "./watching.ts";

/** What a request `subscriptions/listen` wants to be told of (MCP 2026-07-28, "Subscriptions"). */
export function wantedBy(request: unknown, session: string | null): Wanted {
  const { params } = request as Partial<JSONRPCRequest>;
  const filter = (params?.notifications ?? {}) as Record<string, unknown>;
  const uris = Array.isArray(filter.resourceSubscriptions) ? filter.resourceSubscriptions : [];
  return {
    screens: ownScreens(uris, session),
    sessions: filter.resourcesListChanged === true,
  };
}

type Deliver = (message: JSONRPCMessage, extra?: MessageExtraInfo) => void;

/**
 * Reads along on a connection what its client listens to, which the library answers by itself. A
 * request to listen goes on when all that it wants is watched.
 */
export class ListenTransport implements Transport {
  private readonly wanted = new Map<RequestId, Wanted>();
  private readonly arming = new Map<RequestId, Promise<void>>();

  constructor(
    private readonly wire: Transport,
    private readonly watching: Watching,
    private readonly session: string | null,
  ) {}

  set onmessage(deliver: Deliver) {
    this.wire.onmessage = (message, extra) => this.took(message, () => deliver(message, extra));
  }

  set onclose(closed: () => void) {
    this.wire.onclose = closed;
  }

  set onerror(failed: (error: Error) => void) {
    this.wire.onerror = failed;
  }

  start(): Promise<void> {
    return this.wire.start();
  }

  send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    return this.wire.send(message, options);
  }

  close(): Promise<void> {
    return this.wire.close();
  }

  private took(message: JSONRPCMessage, deliver: () => void): void {
    const method = "method" in message ? message.method : null;
    if (method === "subscriptions/listen" && isJSONRPCRequest(message)) {
      this.arming.set(message.id, this.listen(message, deliver));
    } else if (method === "notifications/cancelled" && isJSONRPCNotification(message)) {
      void this.cancel(message.params?.requestId as RequestId, deliver);
    } else deliver();
  }

  private async listen(request: JSONRPCRequest, deliver: () => void): Promise<void> {
    const { id } = request;
    this.wanted.set(id, wantedBy(request, this.session));
    try {
      await this.adjust();
      deliver();
    } catch (thrown) {
      this.wanted.delete(id);
      const error = { code: -32602, message: asNexoraError(thrown).message };
      await this.send({ jsonrpc: "2.0", id, error }).catch(() => {});
    } finally {
      this.arming.delete(id);
    }
  }

  private async cancel(id: RequestId, deliver: () => void): Promise<void> {
    await this.arming.get(id);
    deliver();
    if (this.wanted.delete(id)) await this.adjust().catch(() => {});
  }

  private adjust(): Promise<void> {
    const all = [...this.wanted.values()];
    return this.watching.want({
      screens: new Set(all.flatMap(({ screens }) => [...screens])),
      sessions: all.some(({ sessions }) => sessions),
    });
  }
}
