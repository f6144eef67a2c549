import { NexoraError } from "../../../src/contract/errors.ts";
import type { Refs } from "../../perception/refs.ts";
import { Frames } from "./frames.ts";
import { keyOf, readKey } from "./key.ts";
import type { PageLink } from "./page-link.ts";
import type { Need, PageCalls } from "./page-types.ts";
import type { Box, Match, PageReply, Readiness } from "./replies.ts";
import { type Frame, ifRefused } from "./script-calls.ts";
import { type Found, search } from "./search.ts";
import { readTarget, type Target } from "./target.ts";
import { inWords, named, none, stale } from "./words.ts";

/** An element of a page. */
export interface Element {
  page: PageLink;
  frame: Frame;
  /** Its number in its document. */
  n: number;
  /** For messages: `@e5 button "Save"`. */
  named: string;
}

/** An element, and whether it is ready when that was asked in the same breath. */
export interface Looked {
  element: Element;
  visible: boolean;
  state: Readiness | null;
}

/** Matches that an error names. */
const listed = 10;
/** Pauses between tries, in milliseconds; the last one goes on. */
const pauses = [10, 20, 50, 100, 200];

/** Finds elements: what targets mean in a page, through frames and shadow roots. */
export class Elements {
  readonly frames = new Frames();

  constructor(private readonly refs: Pick<Refs, "number" | "resolve">) {}

  /** Calls the script about an element. */
  call<Call extends keyof PageCalls>(
    { page, frame }: Element,
    call: Call,
    args: PageCalls[Call],
    signal: AbortSignal,
  ): Promise<PageReply<Call>> {
    return this.frames.call(page, frame, call, args, signal);
  }

  /**
   * The one element that a target means now; null when there is none yet. Throws `stale_ref` for a ref whose
   * element has gone, `conflict` for several, which it lists, `usage` for what is no selector.
   */
  async look(
    session: string,
    page: PageLink,
    target: Target,
    signal: AbortSignal,
    need: Need | null = null,
  ): Promise<Looked | null> {
    const root = target.ref === null ? null : this.known(session, target.ref);
    const it = { frames: this.frames, page, target, need, signal };
    return this.frames.on(page, signal, async (frames) => {
      const frame =
        root && frames.find(({ id, world }) => id === root.frame && world === root.world);
      const start = root && frame ? { frame, n: root.n } : null;
      const found = root && !start ? null : await search(it, frames, start);
      if (!found) throw stale(root?.words ?? target.written);
      const { one, count, all } = found;
      if (!one && all.length > 0) throw this.many(session, page, target, count, all);
      if (!one) return null;
      const { match, state } = one;
      const ref = this.number(session, page, one.frame, match);
      const words = root && target.steps.length === 0 ? root.words : `${ref} ${named(match)}`;
      const element = { page, frame: one.frame, n: match.n, named: words };
      return { element, visible: match.visible, state };
    });
  }

  /** As `look`, but waits until there is one. Throws `not_found` when there is none until `ends` aborts. */
  async find(
    session: string,
    page: PageLink,
    target: Target,
    signal: AbortSignal,
    ends: AbortSignal,
    need: Need | null = null,
  ): Promise<Looked> {
    for (let attempt = 0; ; attempt++) {
      const looking = this.look(session, page, target, signal, need);
      const looked = await looking.catch(ifRefused(null));
      if (looked) return looked;
      if (ends.aborted) throw none(page, target);
      await this.pause(attempt, ends);
      signal.throwIfAborted();
    }
  }

  /** As `find`, for a target as it is written, and for so many milliseconds. */
  async wait(
    session: string,
    page: PageLink,
    written: string,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Element> {
    const ends = AbortSignal.timeout(timeoutMs);
    return (await this.find(session, page, readTarget(written), signal, ends)).element;
  }

  /** Where an element is in the page's viewport, in CSS pixels. Throws `stale_ref` when it is gone. */
  async boxInPage({ page, frame, n, named }: Element, signal: AbortSignal): Promise<Box> {
    const found = await this.frames
      .call(page, frame, "describe", [n], signal)
      .catch(ifRefused(null));
    if (!found) throw stale(named);
    const { box } = found;
    const { x, y, scaleX, scaleY } = await this.frames.offset(page, frame, signal);
    return {
      x: x + box.x * scaleX,
      y: y + box.y * scaleY,
      width: box.width * scaleX,
      height: box.height * scaleY,
    };
  }

  /** Resolves a little later, from try to try a little more; at once when `signal` aborts. */
  async pause(attempt: number, signal: AbortSignal): Promise<void> {
    const ms = pauses[Math.min(attempt, pauses.length - 1)] ?? 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => resolve(), { once: true });
    if (signal.aborted) resolve();
    await promise;
    clearTimeout(timer);
  }

  /** The ref of an element. */
  number(
    session: string,
    page: PageLink,
    frame: Frame,
    { n, role, name }: Pick<Match, "n" | "role" | "name">,
  ) {
    return this.refs.number(session, { kind: "page", key: keyOf(page, frame, n), role, name });
  }

  /** The element that a key stands for, by this name; null when it is gone. */
  async ofKey(
    page: PageLink,
    key: string,
    named: string,
    signal: AbortSignal,
  ): Promise<Element | null> {
    const place = readKey(key);
    if (!place) return null;
    return this.frames.on(page, signal, async (frames) => {
      const frame = frames.find(({ id, world }) => id === place.frame && world === place.world);
      if (!frame) return null;
      const found = await this.frames
        .call(page, frame, "describe", [place.n], signal)
        .catch(ifRefused(null));
      return found && { page, frame, n: place.n, named };
    });
  }

  /** The tab that a target's ref is of; null when it has none that is known. */
  targetIdOf(session: string, written: string): string | null {
    const { ref } = readTarget(written);
    return ref === null ? null : (readKey(this.refs.resolve(session, ref).key)?.target ?? null);
  }

  /** Where what a ref stands for is, and what it was. Throws `stale_ref` for a ref that is not known. */
  private known(session: string, ref: string) {
    const { key, role, name } = this.refs.resolve(session, ref);
    const words = `${ref} ${named({ role, name })}`;
    const place = readKey(key);
    if (!place) throw stale(words);
    return { ...place, words };
  }

  private many(
    session: string,
    page: PageLink,
    { written }: Target,
    count: number,
    found: readonly Found[],
  ): NexoraError {
    const lines = found.slice(0, listed).map(({ frame, match }) => {
      const hidden = match.visible ? "" : " (hidden)";
      return `${this.number(session, page, frame, match)} ${inWords(match)}${hidden}`;
    });
    const more = count > lines.length ? ` and ${count - lines.length} more` : "";
    return new NexoraError(
      "conflict",
      `${count} elements match ${JSON.stringify(written)}: ${lines.join(", ")}${more}`,
      {
        hint: `take one by its ref, or the first by ${JSON.stringify(`${written} >> nth=0`)}`,
        details: { count, matches: lines },
      },
    );
  }
}
