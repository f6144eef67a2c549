import type { GatewayRequest } from "../../src/contract/gateway-requests.ts";
import { Feed } from "../events/feed.ts";

/** So many are kept: in memory, because what they cost is in the store. */
const kept = 1000;

/** The latest requests, for who looks after the gateway; without what was asked, unless that is wanted. */
export class RequestLog {
  private readonly feed = new Feed<GatewayRequest>();
  private readonly entries: GatewayRequest[] = [];
  private lastId = 0;

  record(entry: Omit<GatewayRequest, "id">): void {
    const whole = { id: ++this.lastId, ...entry };
    this.entries.push(whole);
    // In pieces, so that an entry costs no more for being one of many.
    if (this.entries.length >= 2 * kept) this.entries.splice(0, kept);
    this.feed.publish(whole);
  }

  /** The latest, oldest first; with `since` those that came after. */
  list({ since, limit }: { since?: number | undefined; limit: number }): GatewayRequest[] {
    const all = this.entries.slice(-kept);
    if (since === undefined) return all.slice(-limit);
    return all.filter(({ id }) => id > since).slice(0, limit);
  }

  /** What `list` gives, and then what comes, until `signal` aborts. */
  follow(
    query: { since?: number | undefined; limit: number },
    signal: AbortSignal,
  ): AsyncGenerator<GatewayRequest> {
    return this.feed.follow({
      past: async (since) => this.list({ ...query, since }),
      since: query.since,
      wanted: () => true,
      signal,
    });
  }
}
