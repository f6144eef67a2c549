import { NexoraError } from "../../../src/contract/errors.ts";
import type { Refs } from "../../perception/refs.ts";
import { Refusal } from "../cdp/protocol.ts";
import { Frames } from "./frames.ts";
import { keyOf, readKey } from "./key.ts";
import type { PageLink } from "./page-link.ts";
import { badTarget, type PageCalls, type Step } from "./page-types.ts";
import type { Box, Match, PageReply } from "./replies.ts";
import { type Frame, ifRefused } from "./script-calls.ts";
import { bad, readTarget, type Target } from "./target.ts";
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

/** Matches that an error names, and that are looked at in each frame. */
const listed = 10;
const looked = 50;
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
  ): Promise<Element | null> {
    const root = target.ref === null ? null : await this.ofRef(session, page, target.ref, signal);
    if (root && target.steps.length === 0) return root;
    const frames = root ? [root.frame] : await this.frames.of(page, signal);
    const steps = target.steps;
    const last = steps.at(-1);
    // Counted over all frames, not in each.
    const nth = last?.kind === "nth" ? last.nth : null;
    const asked = nth === null ? steps : steps.slice(0, -1);
    const results = await Promise.all(
      frames.map(async (frame) => {
        const found = await this.frames
          .call(page, frame, "find", [asked, root?.n ?? null, nth === null ? looked : 0], signal)
          .catch((error) => unlessBad(error, target));
        return { frame, ...found };
      }),
    );
    const count = results.reduce((sum, it) => sum + it.count, 0);
    if (nth !== null) {
      const index = nth < 0 ? count + nth : nth;
      return this.pick(session, page, asked, root?.n ?? null, results, index, signal);
    }
    const found = results.flatMap(({ frame, matches }) =>
      matches.map((match) => ({ frame, match })),
    );
    const shown = found.filter(({ match }) => match.visible);
    const [one, ...more] = count <= found.length && shown.length === 1 ? shown : found;
    if (!one) return null;
    if (count > 1 && more.length > 0) throw this.many(session, page, target, count, found);
    return this.element(session, page, one.frame, one.match);
  }

  /** As `look`, but waits until there is one. Throws `not_found` when there is none until `ends` aborts. */
  async find(
    session: string,
    page: PageLink,
    target: Target,
    signal: AbortSignal,
    ends: AbortSignal,
  ): Promise<Element> {
    for (let attempt = 0; ; attempt++) {
      const element = await this.look(session, page, target, signal).catch(ifRefused(null));
      if (element) return element;
      if (ends.aborted) throw none(page, target);
      await this.pause(attempt, ends);
      signal.throwIfAborted();
    }
  }

  /** As `find`, for a target as it is written, and for so many milliseconds. */
  wait(session: string, page: PageLink, written: string, timeoutMs: number, signal: AbortSignal) {
    const target = readTarget(written);
    return this.find(session, page, target, signal, AbortSignal.timeout(timeoutMs));
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

  /** The element that a ref stands for. Throws `stale_ref` when it is gone. */
  async ofRef(session: string, page: PageLink, ref: string, signal: AbortSignal): Promise<Element> {
    const { key, role, name } = this.refs.resolve(session, ref);
    const words = `${ref} ${named({ role, name })}`;
    const element = await this.ofKey(page, key, words, signal);
    if (element) return element;
    throw stale(words);
  }

  /** The element that a key stands for, by this name; null when it is gone. */
  async ofKey(
    page: PageLink,
    key: string,
    named: string,
    signal: AbortSignal,
  ): Promise<Element | null> {
    const place = readKey(key);
    const frames = await this.frames.of(page, signal);
    const frame = frames.find(({ id, world }) => id === place?.frame && world === place.world);
    if (!place || !frame) return null;
    const found = await this.frames
      .call(page, frame, "describe", [place.n], signal)
      .catch(ifRefused(null));
    return found && { page, frame, n: place.n, named };
  }

  /** The tab that a target's ref is of; null when it has none that is known. */
  targetIdOf(session: string, written: string): string | null {
    const { ref } = readTarget(written);
    return ref === null ? null : (readKey(this.refs.resolve(session, ref).key)?.target ?? null);
  }

  private async pick(
    session: string,
    page: PageLink,
    asked: readonly Step[],
    root: number | null,
    results: readonly { frame: Frame; count: number }[],
    index: number,
    signal: AbortSignal,
  ): Promise<Element | null> {
    let left = index;
    for (const { frame, count } of results) {
      if (left >= 0 && left < count) {
        const steps = [...asked, { kind: "nth", nth: left } as const];
        const { matches } = await this.frames.call(page, frame, "find", [steps, root, 1], signal);
        return matches[0] ? this.element(session, page, frame, matches[0]) : null;
      }
      left -= count;
    }
    return null;
  }

  private element(session: string, page: PageLink, frame: Frame, match: Match): Element {
    const ref = this.number(session, page, frame, match);
    return { page, frame, n: match.n, named: `${ref} ${named(match)}` };
  }

  private many(
    session: string,
    page: PageLink,
    { written }: Target,
    count: number,
    found: readonly { frame: Frame; match: Match }[],
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

function unlessBad(error: unknown, { written }: Target): { count: number; matches: Match[] } {
  if (!(error instanceof Refusal)) throw error;
  if (error.reason.startsWith(badTarget)) throw bad(written, error.reason.slice(badTarget.length));
  return { count: 0, matches: [] };
}
