import type { ServerEvent, ServerEventBus } from "@modelcontextprotocol/server";
import { wantedBy } from "../../src/mcp/listens.ts";
import type { McpOptions } from "../../src/mcp/options.ts";
import { Watching } from "../../src/mcp/watching.ts";

/** What one request `subscriptions/listen` is told of, from its arming until the stream of its reply ends. */
export class Listening implements ServerEventBus, Disposable {
  private readonly watching: Watching;
  private readonly listeners = new Set<(event: ServerEvent) => void>();

  private constructor(options: McpOptions) {
    this.watching = new Watching(options, {
      screenChanged: (uri) => this.publish({ kind: "resource_updated", uri }),
      sessionsChanged: () => this.publish({ kind: "resources_list_changed" }),
    });
  }

  /** Resolves when all that the request wants is watched. Throws `usage` for too many screens. */
  static async begin(request: unknown, options: McpOptions): Promise<Listening> {
    const listening = new Listening(options);
    await listening.watching.hear(true);
    await listening.watching.want(wantedBy(request, options.session));
    return listening;
  }

  publish(event: ServerEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  subscribe(listener: (event: ServerEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this[Symbol.dispose]();
  }

  /** Whether a stream has begun: else it was refused. */
  get isHeard(): boolean {
    return this.listeners.size > 0;
  }

  [Symbol.dispose](): void {
    this.listeners.clear();
    this.watching[Symbol.dispose]();
  }
}
