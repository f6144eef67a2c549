import type { BuildEvent } from "../../../../src/contract/image.ts";

const maxText = 4096;

/**
 * Turns the text that a classic build streams, cut anywhere, into steps and whole lines.
 * `tail` keeps the last lines for an error.
 */
export class BuildProgress {
  readonly tail: string[] = [];
  #rest = "";

  constructor(private readonly keep = 20) {}

  push(text: string): BuildEvent[] {
    const lines = (this.#rest + text).split(/\r?\n|\r/);
    this.#rest = (lines.pop() ?? "").slice(0, maxText);
    return lines.flatMap((line) => this.#event(line));
  }

  /** What is left when the stream has ended. */
  end(): BuildEvent[] {
    const last = this.#rest;
    this.#rest = "";
    return this.#event(last);
  }

  #event(raw: string): BuildEvent[] {
    const text = Bun.stripANSI(raw).trimEnd().slice(0, maxText);
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
