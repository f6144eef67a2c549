import type { BuildEvent } from "../../../../src/contract/image.ts";
import { LineSplitter } from "../../../../src/lines.ts";

/** Longest line that is kept, in bytes. */
const maxText = 4096;

/**
 * Turns the text that a classic build streams, cut anywhere, into steps and whole lines.
 * `tail` keeps the last lines for an error.
 */
export class BuildProgress {
  readonly tail: string[] = [];
  readonly #lines = new LineSplitter({
    maxBytes: maxText,
    overlong: "cut",
    carriageReturns: true,
  });

  constructor(private readonly keep = 20) {}

  push(text: string): BuildEvent[] {
    return [...this.#lines.push(text)].flatMap((line) => this.#event(line));
  }

  /** What is left when the stream has ended. */
  end(): BuildEvent[] {
    return [...this.#lines.end()].flatMap((line) => this.#event(line));
  }

  #event(raw: string): BuildEvent[] {
    const text = Bun.stripANSI(raw).trimEnd();
    if (text === "") return [];
    const step = /^Step (\d+)\/(\d+) : (.*)$/.exec(text);
    if (step) {
      this.tail.length = 0;
      return [{ type: "step", step: Number(step[1]), steps: Number(step[2]), text: step[3] ?? "" }];
    }
    this.tail.push(text);
    if (this.tail.length > this.keep) this.tail.shift();
    return [{ type: "log", text }];
  }
}

/** One layer of an image, as the engine's history tells it; newest first there. */
export interface HistoryEntry {
  CreatedBy: string;
  Comment: string;
  Size: number;
}

/** `layer` events from a history: oldest first, without those that hold nothing. */
export function layerEvents(history: readonly HistoryEntry[]): BuildEvent[] {
  return history
    .toReversed()
    .filter((entry) => entry.Size > 0)
    .map((entry) => ({
      type: "layer",
      sizeBytes: entry.Size,
      text: instruction(entry.CreatedBy) || entry.Comment.trim() || "base image",
    }));
}

/** The Dockerfile's instruction behind the engine's record of it. */
function instruction(createdBy: string): string {
  return createdBy
    .replace(/^\|\d+ .*?(?=\/bin\/sh -c )/s, "")
    .replace(/^\/bin\/sh -c #\(nop\)\s*/, "")
    .replace(/^\/bin\/sh -c /, "RUN ")
    .replaceAll(/\s+/g, " ")
    .replace(/(?:file|dir|multi):[0-9a-f]{64} in /, "")
    .trim()
    .slice(0, 300);
}
