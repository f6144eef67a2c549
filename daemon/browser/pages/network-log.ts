import type { Protocol } from "devtools-protocol/types/protocol.js";
import { ownText, plainLine } from "../../../src/plain-text.ts";
import { Ring } from "./ring.ts";

/** Requests that are kept for each page, characters of a URL, and of all of them. */
const maxEntries = 500;
const maxUrl = 2000;
const maxUrls = 256 * 1024;
/** Requests under way that are followed; a page may begin any number. */
const maxUnderWay = 500;

export interface NetworkEntry {
  id: number;
  time: string;
  method: string;
  url: string;
  /** What it is for: `document`, `script`, `fetch`, … */
  type: string;
  status: number | null;
  mimeType: string | null;
  /** Bytes that came over the network, headers included; null: not known yet. */
  bytes: number | null;
  /** How long it took, in milliseconds; null: under way. */
  ms: number | null;
  /** Why it failed, as `net::ERR_CONNECTION_REFUSED`. */
  failed: string | null;
}

interface UnderWay {
  entry: Omit<NetworkEntry, "id">;
  began: number;
  loader: string;
}

/** How many requests are under way, for the end of a message. */
export function underWay(count: number): string {
  if (count === 0) return "";
  return count === 1 ? "; 1 request is under way" : `; ${count} requests are under way`;
}

/** The data of an address that holds them, as far as it is shown. */
const maxData = 60;

/** What a page has asked for. An entry comes when its request ends: what is under way is told apart. */
export class NetworkLog {
  private readonly ring = new Ring<Omit<NetworkEntry, "id">>({
    entries: maxEntries,
    characters: maxUrls,
    lengthOf: ({ url }) => url.length,
  });
  private readonly underWay = new Map<string, UnderWay>();

  began(event: Protocol.Network.RequestWillBeSentEvent): void {
    const { requestId, loaderId, request, wallTime, timestamp, type, redirectResponse } = event;
    if (redirectResponse) {
      this.answered(requestId, redirectResponse);
      this.end(requestId, timestamp, { bytes: redirectResponse.encodedDataLength });
    }
    // Of a flood, ends are lost too: the oldest may have ended long ago.
    const [oldest] = this.underWay.keys();
    if (this.underWay.size >= maxUnderWay && oldest !== undefined) {
      this.underWay.delete(oldest);
      this.lost();
    }
    const entry = {
      time: new Date(Number.isFinite(wallTime) ? wallTime * 1000 : Date.now()).toISOString(),
      method: ownText(plainLine(request.method).slice(0, 32)),
      url: shown(request.url),
      type: (type ?? "Other").toLowerCase(),
      ...{ status: null, mimeType: null, bytes: null, ms: null, failed: null },
    };
    this.underWay.set(requestId, { entry, began: timestamp, loader: loaderId });
  }

  /** A request was too much to be followed. */
  lost(): void {
    this.ring.skip();
  }

  answered(requestId: string, { status, mimeType }: Protocol.Network.Response): void {
    const it = this.underWay.get(requestId)?.entry;
    if (!it) return;
    // What is no HTTP has 0.
    it.status = status > 0 ? status : null;
    it.mimeType = ownText(plainLine(mimeType).slice(0, 200)) || null;
  }

  finished({ requestId, timestamp, encodedDataLength }: Protocol.Network.LoadingFinishedEvent) {
    this.end(requestId, timestamp, { bytes: encodedDataLength });
  }

  failed(event: Protocol.Network.LoadingFailedEvent): void {
    const { requestId, timestamp, errorText, blockedReason } = event;
    const why = blockedReason ? `${errorText} (${blockedReason})` : errorText;
    this.end(requestId, timestamp, { failed: ownText(plainLine(why).slice(0, 200)) || "failed" });
  }

  read(since: number): { entries: readonly NetworkEntry[]; missed: number; next: number } {
    return this.ring.read(since);
  }

  all(): readonly NetworkEntry[] {
    return this.ring.all();
  }

  /** What has ended after the entry of that number. */
  since(id: number): readonly NetworkEntry[] {
    return this.ring.all().filter((it) => it.id > id);
  }

  /** The number of the newest entry. */
  get newest(): number {
    return this.ring.newest;
  }

  /** What has begun and not ended, the oldest first. */
  pending(): Omit<NetworkEntry, "id">[] {
    return [...this.underWay.values()].map(({ entry }) => entry);
  }

  /** HTTP status of a request under way; null: no answer has come. */
  statusOf(requestId: string): number | null {
    return this.underWay.get(requestId)?.entry.status ?? null;
  }

  isUnderWay(requestId: string): boolean {
    return this.underWay.has(requestId);
  }

  /** Another document has come: of the requests of those before nobody tells the end. */
  forget(loader: string): void {
    for (const [id, it] of this.underWay) if (it.loader !== loader) this.underWay.delete(id);
  }

  private end(requestId: string, timestamp: number, outcome: Partial<NetworkEntry>): void {
    const it = this.underWay.get(requestId);
    if (!it) return;
    this.underWay.delete(requestId);
    const ms = Math.max(0, Math.round((timestamp - it.began) * 1000));
    this.ring.add({ ...it.entry, ...outcome, ms: Number.isFinite(ms) ? ms : 0 });
  }
}

function shown(url: string): string {
  if (!/^data:/i.test(url) || url.length <= maxData) {
    return ownText(plainLine(url.slice(0, maxUrl)));
  }
  return ownText(`${plainLine(url.slice(0, maxData))}…`);
}
