import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { after, deadline } from "../../../src/abort.ts";
import type { Logger } from "../../log.ts";
import type { Catalogue } from "./catalogue.ts";
import { type Listing, listingFile, readListing, sizeOf, writeListing } from "./listing.ts";
import { readModelsDev } from "./models-dev.ts";

/** Largest `api.json` that is read, in bytes; it had about 4 MB in 2026. */
const maxBytes = 64 * 1024 * 1024;
const fetchMs = 60_000;
/** How often it is looked whether it is time, in milliseconds, also after a failure. */
const lookMs = 3600 * 1000;

export interface RefreshParts {
  /** Of an `api.json` as models.dev has it. */
  url: string;
  /** Milliseconds between two; 0: never. */
  everyMs: number;
  /** Where what was fetched is kept. */
  file: string;
  catalogue: Pick<Catalogue, "relist">;
  /** Of those providers, by the names that models.dev gives them. */
  ids: readonly string[];
  /** What is known without. */
  current: Listing;
  /** Whether anybody uses it: else nothing is asked for. */
  wanted(): boolean;
  log: Logger;
}

/** Fetches newer models and prices now and then, in the background; what fails changes nothing. */
export class Refresh implements Disposable {
  private readonly ending = new AbortController();
  private cancel = () => {};
  private current: Listing;
  private failing = false;

  constructor(private readonly parts: RefreshParts) {
    this.current = parts.current;
  }

  start(): void {
    const { everyMs, wanted } = this.parts;
    if (everyMs === 0 || this.ending.signal.aborted) return;
    this.cancel = after(Math.min(lookMs, everyMs), () => this.start());
    if (wanted() && Date.now() - this.fetchedAt() >= everyMs) void this.run();
  }

  /** Fetches once; resolves with whether that went well. */
  async run(): Promise<boolean> {
    const { url, file, ids, catalogue, log } = this.parts;
    try {
      const json = JSON.parse(await this.fetched(url));
      const listing = readModelsDev(json, ids, new Date().toISOString().slice(0, 10));
      // A file that was cut, or made by somebody else, must not take away what is known.
      const [models, known] = [sizeOf(listing), sizeOf(this.current)];
      if (models * 2 < known) throw new Error(`it has only ${models} models, instead of ${known}`);
      keep(file, listing);
      this.current = listing;
      catalogue.relist(listing);
      this.failing = false;
      log.info("models and prices refreshed", { models, url });
      return true;
    } catch (error) {
      // Once, not every hour that a machine has no network.
      if (!this.failing && !this.ending.signal.aborted) {
        log.warn("models and prices could not be refreshed", { url, reason: String(error) });
      }
      this.failing = true;
      return false;
    }
  }

  [Symbol.dispose](): void {
    this.ending.abort();
    this.cancel();
  }

  private fetchedAt(): number {
    return statSync(this.parts.file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  }

  private async fetched(url: string): Promise<string> {
    const signal = deadline(fetchMs, this.ending.signal);
    const response = await fetch(url, { signal, headers: { accept: "application/json" } });
    if (!response.ok || !response.body) throw new Error(`the answer is ${response.status}`);
    const decoder = new TextDecoder();
    let text = "";
    let size = 0;
    for await (const chunk of response.body) {
      size += chunk.byteLength;
      if (size > maxBytes) throw new Error(`it is larger than ${maxBytes} bytes`);
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  }
}

/** What was fetched last; null when there is nothing that can be used. */
export function readKept(file: string): Listing | null {
  try {
    return readListing(listingFile.parse(JSON.parse(readFileSync(file, "utf8"))));
  } catch {
    return null;
  }
}

function keep(file: string, listing: Listing): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const aside = `${file}.${process.pid}.tmp`;
  writeFileSync(aside, JSON.stringify(writeListing(listing)), { mode: 0o600 });
  renameSync(aside, file);
}
