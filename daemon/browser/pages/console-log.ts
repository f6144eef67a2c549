import type { Protocol } from "devtools-protocol/types/protocol.js";
import { ownText, plainLine, plainText } from "../../../src/plain-text.ts";
import { Ring } from "./ring.ts";

/** Entries that are kept for each page, and characters of each and of all. */
const maxEntries = 500;
const maxText = 4000;
const maxTexts = 256 * 1024;

export type ConsoleLevel = "debug" | "info" | "warning" | "error";

export interface ConsoleEntry {
  id: number;
  time: string;
  level: ConsoleLevel;
  text: string;
  /** URL and line of the script, as `http://host/a.js:12`. */
  where: string | null;
  /** How many times in a row, until somebody read it. */
  count: number;
}

const levels: Record<string, ConsoleLevel> = {
  debug: "debug",
  verbose: "debug",
  warning: "warning",
  error: "error",
  assert: "error",
};

/** What a page's scripts and the browser itself have written to its console. */
export class ConsoleLog {
  private readonly ring = new Ring<Omit<ConsoleEntry, "id">>({
    entries: maxEntries,
    characters: maxTexts,
    lengthOf: ({ text, where }) => text.length + (where?.length ?? 0),
  });
  /** When what is kept was said: a page that is gone back to says it all again. */
  private times = new Set<number>();
  /** The newest entry that somebody has read: what is said again later is an entry of its own. */
  private told = 0;

  /** Runtime.consoleAPICalled. */
  called({ type, args, timestamp, stackTrace }: Protocol.Runtime.ConsoleAPICalledEvent): void {
    const [frame] = stackTrace?.callFrames ?? [];
    const text = args.map(argumentText).join(" ");
    this.add(levels[type] ?? "info", text, timestamp, frame?.url, frame?.lineNumber);
  }

  /** Runtime.exceptionThrown: nobody has caught it. */
  thrown({ timestamp, exceptionDetails: it }: Protocol.Runtime.ExceptionThrownEvent): void {
    const text = exceptionText(it);
    this.add("error", text, timestamp, it.url, it.lineNumber);
  }

  /** Log.entryAdded: what the browser says. */
  said({ entry }: Protocol.Log.EntryAddedEvent): void {
    const level = levels[entry.level] ?? "info";
    this.add(level, entry.text, entry.timestamp, entry.url, entry.lineNumber);
  }

  /** Something was said that was too much to be heard. */
  lost(): void {
    this.ring.skip();
  }

  read(since: number): { entries: readonly ConsoleEntry[]; missed: number; next: number } {
    this.told = this.ring.newest;
    return this.ring.read(since);
  }

  all(): readonly ConsoleEntry[] {
    return this.ring.all();
  }

  private add(
    level: ConsoleLevel,
    said: string,
    timestamp: number,
    url: string | undefined,
    line: number | undefined,
  ): void {
    if (this.times.has(timestamp)) return;
    this.times.add(timestamp);
    if (this.times.size > maxEntries * 4) this.times = new Set([...this.times].slice(-maxEntries));
    const text = ownText(plainText(said.slice(0, maxText)));
    const at = url ? ownText(plainLine(url.slice(0, 1000))) : "";
    const where = at === "" ? null : line === undefined ? at : `${at}:${line + 1}`;
    const { last } = this.ring;
    const again = last && last.level === level && last.text === text && last.where === where;
    if (again && last.id > this.told) {
      last.count++;
      return;
    }
    this.ring.add({ time: isoTime(timestamp), level, text, where, count: 1 });
  }
}

/** The moment of a timestamp in milliseconds; a page's renderer says it, so it may be nonsense. */
function isoTime(ms: number): string {
  return new Date(Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? ms : Date.now()).toISOString();
}

/** What a script has thrown, with where: `TypeError: x is not a function\n    at …`. */
export function exceptionText({ exception, text }: Protocol.Runtime.ExceptionDetails): string {
  if (exception?.description) return exception.description.slice(0, maxText);
  return exception ? `${text} ${argumentText(exception)}`.slice(0, maxText) : text;
}

/** A value as the console shows it. */
function argumentText(it: Protocol.Runtime.RemoteObject): string {
  if (it.type === "string") return String(it.value).slice(0, maxText);
  if (it.unserializableValue !== undefined) return it.unserializableValue;
  if (it.preview && it.subtype !== "error") return previewText(it.preview);
  if (it.description !== undefined) return it.description.slice(0, maxText);
  return it.value === undefined ? it.type : JSON.stringify(it.value).slice(0, maxText);
}

function previewText({
  subtype,
  properties,
  overflow,
  description,
}: Protocol.Runtime.ObjectPreview) {
  if (subtype !== undefined && subtype !== "array") return description ?? subtype;
  const more = overflow ? ["…"] : [];
  const values = properties.map(({ name, type, value = type }) => {
    const text = type === "string" ? JSON.stringify(value) : value;
    return subtype === "array" ? text : `${name}: ${text}`;
  });
  const inside = [...values, ...more].join(", ");
  return subtype === "array" ? `[${inside}]` : `{${inside}}`;
}
