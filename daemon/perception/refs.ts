import { randomInt } from "node:crypto";
import { NexoraError } from "../../src/contract/errors.ts";
import { thingRef } from "../../src/contract/operation.ts";
import type { Region } from "../display/types.ts";
import type { SeenWindow } from "./source.ts";

/** Where a thing that can be pointed at is known from. */
export type RefKind = "accessibility" | "page";

/** Something that one can act on. */
export interface Thing {
  kind: RefKind;
  /** Identity within its source, as long as the thing is there. */
  key: string;
  /** As WAI-ARIA names it. */
  role: string;
  name: string;
  /** Of what can be typed into, or set; else null. */
  value: string | null;
  /** Words such as `checked`, `disabled`. */
  states: string[];
  /** What is seen of it, on the desktop; null: unknown. */
  box: Region | null;
  /** Id of its window, 0x…. */
  window: string | null;
  /** In how many other things it is. */
  depth: number;
  /** There may be more of its value. */
  isCut?: boolean;
}

/** Knows the things of some kinds of windows. */
export interface RefSource {
  readonly kind: RefKind;
  /** What one can act on in these windows, in reading order. */
  things(
    session: { id: string },
    windows: readonly SeenWindow[],
    signal: AbortSignal,
  ): Promise<{ things: Thing[]; degraded: string | null }>;
  /** A thing as it is now, scrolled into view where that can be done; null when it is gone. */
  locate(session: { id: string }, key: string, signal: AbortSignal): Promise<Thing | null>;
  /** Whether a thing is there, wherever it is scrolled to; nothing is changed by asking. */
  isThere(session: { id: string }, key: string, signal: AbortSignal): Promise<boolean>;
  /** A thing as it is now, with its value and states; null when it is gone. Nothing is changed by asking. */
  readThing(session: { id: string }, key: string, signal: AbortSignal): Promise<Thing | null>;
  /** Gives it the focus of the keyboard. Throws `action_failed` when it takes none. */
  focus(session: { id: string }, key: string, signal: AbortSignal): Promise<void>;
  /** Does what a click would, where no coordinates are known; false: there is no such thing to do. */
  press(session: { id: string }, key: string, signal: AbortSignal): Promise<boolean>;
}

/** What a reference means. */
export type Meant = Pick<Thing, "kind" | "key" | "role" | "name">;

/** References of a session that are remembered; what was not seen for longest goes first. */
const remembered = 20_000;
/** Where the numbers of a daemon may begin, so that one of the daemon before it means nothing here. */
const beginnings = 900;

interface Numbered {
  /** By number; what was not seen for longest comes first. */
  things: Map<number, Meant | "gone">;
  numbers: Map<string, number>;
}

/**
 * The references of all sessions: `@e12` means one thing of one session, for good. No two sessions
 * have the same number, so that a reference of another session is none of this one.
 */
export class Refs {
  private readonly sessions = new Map<string, Numbered>();

  /** `last`: the number before the first. */
  constructor(private last = 100 * randomInt(beginnings)) {}

  /** The reference of a thing: the same as long as its key is the same. */
  number(session: string, { kind, key, role, name }: Meant): string {
    const { things, numbers } = this.of(session);
    const id = `${kind} ${key}`;
    const number = numbers.get(id) ?? ++this.last;
    numbers.set(id, number);
    // Deleted first, so that the order is that of the last look.
    things.delete(number);
    things.set(number, { kind, key, role, name });
    const [oldest] = things.keys();
    if (things.size > remembered && oldest !== undefined) {
      const first = things.get(oldest);
      if (first && first !== "gone") numbers.delete(`${first.kind} ${first.key}`);
      things.delete(oldest);
    }
    return refOf(number);
  }

  /**
   * What a reference means. Throws `stale_ref` for what was there and is gone, `not_found` for what
   * never was, or is another session's.
   */
  resolve(session: string, ref: string): Meant {
    const number = numberOf(ref);
    const meant = this.sessions.get(session)?.things.get(number);
    if (meant === "gone") throw stale(ref);
    if (meant) return meant;
    throw new NexoraError("not_found", `there is no ${ref} in this session`, {
      hint: "`nexora screen --refs` lists what can be acted on",
    });
  }

  /** What a key meant is gone for good. */
  gone(session: string, kind: RefKind, keyPrefix = ""): void {
    const known = this.sessions.get(session);
    for (const [number, meant] of known?.things ?? []) {
      if (meant === "gone" || meant.kind !== kind || !meant.key.startsWith(keyPrefix)) continue;
      known?.things.set(number, "gone");
      known?.numbers.delete(`${kind} ${meant.key}`);
    }
  }

  /** The session is gone. */
  drop(session: string): void {
    this.sessions.delete(session);
  }

  private of(session: string): Numbered {
    const known = this.sessions.get(session) ?? { things: new Map(), numbers: new Map() };
    this.sessions.set(session, known);
    return known;
  }
}

/** What is told of something that a reference meant and that is not there any more. */
export function stale(ref: string, meant?: Pick<Thing, "role" | "name">): NexoraError {
  const what = meant ? ` (${meant.role} ${JSON.stringify(meant.name)})` : "";
  return new NexoraError("stale_ref", `${ref}${what} is not there any more; nothing was done`, {
    hint: "look again with `nexora screen --refs`",
  });
}

/** Whether a text is written as a reference is. */
export function isRef(text: string): boolean {
  return thingRef.safeParse(text).success;
}

function refOf(number: number): string {
  return `@e${number}`;
}

function numberOf(ref: string): number {
  return isRef(ref) ? Number(ref.slice(2)) : 0;
}
