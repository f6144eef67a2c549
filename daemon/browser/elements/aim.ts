import { deadline } from "../../../src/abort.ts";
import { NexoraError } from "../../../src/contract/errors.ts";
import type { Element, Elements, Looked } from "./elements.ts";
import type { PageLink } from "./page-link.ts";
import type { Need, Wish } from "./page-types.ts";
import type { Match, Readiness, Unready } from "./replies.ts";
import { ifRefused } from "./script-calls.ts";
import { readTarget } from "./target.ts";
import { inWords, isGone, stale } from "./words.ts";

/** What an action is on, and how. */
export interface Wanted {
  session: string;
  page: PageLink;
  target: string;
  need: Wish;
  /** How long the target may take to be there and ready, in milliseconds. */
  timeoutMs: number;
  signal: AbortSignal;
}

export interface Point {
  x: number;
  y: number;
}

/** An element that can be acted on, and the point of the page's viewport where. */
export interface Aimed {
  element: Element;
  /** Of the page's viewport, in CSS pixels. */
  point: Point;
  /** Of the viewport of the element's own frame. */
  inner: Point;
}

/** What an action needs that goes to the middle of something with the pointer. */
export const hit: Wish = { enabled: true, editable: false, hit: true, at: null };

/**
 * Waits until a target is there, visible, enabled and still, in view, and not covered. Throws what `Elements.look` throws,
 * `not_found`, or `target_not_ready`, which says what is in the way.
 */
export async function aim(elements: Elements, wanted: Wanted): Promise<Aimed> {
  const { session, page, signal, timeoutMs } = wanted;
  const target = readTarget(wanted.target);
  const ends = AbortSignal.timeout(timeoutMs);
  // A page that does not answer at all is told by the answers' own deadline.
  const all = deadline(timeoutMs + 10_000, signal);
  let behind = false;
  for (let attempt = 0; ; attempt++) {
    const need = { ...wanted.need, attempt, behind };
    const looked = await elements.find(session, page, target, all, ends, need);
    const { element } = looked;
    const state = await tryOnce(elements, looked, need, all).catch((error) => {
      if (isGone(error)) return { ready: false, why: "gone", by: null } as const;
      throw error;
    });
    if (state.ready) return { element, ...state };
    if (state.why === "behind") {
      await page.send("Page.bringToFront", undefined, { signal: all });
      behind = true;
      attempt--;
      continue;
    }
    if (state.why === "gone" && target.ref !== null && target.steps.length === 0) {
      throw stale(element.named);
    }
    if (ends.aborted) throw unready(elements, element, session, state.why, state.by, timeoutMs);
    await elements.pause(attempt, ends);
    signal.throwIfAborted();
  }
}

async function tryOnce(
  elements: Elements,
  { element, state: early }: Looked,
  need: Need,
  signal: AbortSignal,
): Promise<({ ready: true } & Omit<Aimed, "element">) | Extract<Readiness, { ready: false }>> {
  const { page, frame, n } = element;
  const state = early ?? (await elements.call(element, "ready", [n, need], signal));
  if (!state.ready) return state;
  const inner = { x: state.x, y: state.y };
  const { frames } = elements;
  let { x, y } = state;
  // Through the frames that it is in, up to the page's own.
  for (let at = frame; at.parent; at = at.parent) {
    const outer = at.parent;
    const owner = await frames.owner(page, at, outer, signal);
    const box = await frames.call(page, outer, "frameBox", [owner], signal);
    if (!box) return { ready: false, why: "gone", by: null };
    if (!box.shown) return { ready: false, why: "hidden", by: null };
    x = box.x + x * box.scaleX;
    y = box.y + y * box.scaleY;
    if (!need.hit) continue;
    const over = await frames.call(page, outer, "frameAt", [owner, x, y], signal);
    if (over === "outside") return { ready: false, why: "outside", by: null };
    if (over) return { ready: false, why: "covered", by: over };
  }
  return { ready: true, point: { x, y }, inner };
}

const reasons: Record<Exclude<Unready, "covered">, [why: string, hint: string]> = {
  gone: ["went away again and again", "the page changes: look at it with `nexora chrome snapshot`"],
  hidden: ["is not visible", "something may have to be opened first: see `nexora chrome snapshot`"],
  disabled: [
    "is disabled",
    "something may have to be filled in first: see `nexora chrome snapshot`",
  ],
  readonly: ["is read-only", "it cannot be written in"],
  uneditable: ["cannot be written in", "fill takes inputs, text areas and what is editable"],
  moving: ["does not stand still", "--timeout waits longer for an animation to end"],
  outside: ["cannot be brought into view", "scroll the page, or click what opens it"],
  behind: ["is in a tab that stays behind", "`nexora chrome tabs switch` brings it to the front"],
};

function unready(
  elements: Elements,
  { page, frame, named }: Element,
  session: string,
  why: Unready,
  by: Match | null,
  timeoutMs: number,
): NexoraError {
  const after = `after ${timeoutMs / 1000} s`;
  if (why !== "covered") {
    const [what, hint] = reasons[why];
    return new NexoraError("target_not_ready", `${named} ${what}, ${after}`, {
      hint,
      details: { why },
    });
  }
  const ref = by && elements.number(session, page, frame, by);
  const what = by ? `${ref} ${inWords(by)}` : "something";
  return new NexoraError("target_not_ready", `${named} is covered by ${what}, ${after}`, {
    hint: "close or move what covers it; nothing was clicked",
    details: { why, by: ref },
  });
}

/**
 * Whether the point still shows the element, also through the frames that it is in: what the pointer does on its way may
 * open something over it, move it, or take it away.
 */
export async function isStillThere(
  elements: Elements,
  { element, inner, point }: Aimed,
  signal: AbortSignal,
): Promise<boolean> {
  const { page, frame, n } = element;
  const { frames } = elements;
  try {
    if (await elements.call(element, "coveredBy", [n, inner.x, inner.y], signal)) return false;
    let { x, y } = inner;
    for (let at = frame; at.parent; at = at.parent) {
      const owner = await frames.owner(page, at, at.parent, signal);
      const box = await frames.call(page, at.parent, "frameBox", [owner], signal);
      if (!box?.shown) return false;
      x = box.x + x * box.scaleX;
      y = box.y + y * box.scaleY;
      if (await frames.call(page, at.parent, "frameAt", [owner, x, y], signal)) return false;
    }
    return Math.hypot(x - point.x, y - point.y) < 1;
  } catch (error) {
    if (isGone(error)) return false;
    return ifRefused(false)(error);
  }
}
