import { Refusal } from "../cdp/protocol.ts";
import { theOne } from "./choice.ts";
import type { AllFrames, Frames } from "./frames.ts";
import type { PageLink } from "./page-link.ts";
import { badTarget, goneMark, type Need, type PageCalls, type Step } from "./page-types.ts";
import type { Match, Readiness } from "./replies.ts";
import type { Frame } from "./script-calls.ts";
import { bad, type Target } from "./target.ts";

/** Matches that are looked at in each frame. */
const looked = 50;

export interface Found {
  frame: Frame;
  match: Match;
  /** Whether it is ready, when that could be asked in the same breath. */
  state: Readiness | null;
}

/** What a target means in a page now. */
export interface Finding {
  /** Null: there is none, or it is not clear which of several. */
  one: Found | null;
  /** How many match, of which `all` has the first. */
  count: number;
  all: readonly Found[];
}

/** Where a search begins: in a frame, at an element of it; null: at the document. */
interface Start {
  frame: Frame;
  n: number | null;
}

interface Search {
  frames: Pick<Frames, "call">;
  page: PageLink;
  target: Target;
  /** What the one that is meant needs to be ready; null: that is not asked. */
  need: Need | null;
  signal: AbortSignal;
}

/**
 * What a target means in these frames, or in the element that its ref stands for. Throws `usage` for what
 * is no selector, and null when that element is gone.
 */
export async function search(
  it: Search,
  frames: AllFrames,
  root: Start | null,
): Promise<Finding | null> {
  const starts = root ? [root] : frames.map((frame) => ({ frame, n: null }));
  const { steps } = it.target;
  const last = steps.at(-1);
  // Counted over all frames, not in each.
  const nth = last?.kind === "nth" && starts.length > 1 ? last.nth : null;
  const asked = nth === null ? steps : steps.slice(0, -1);
  const most = nth === null ? looked : 0;
  // In several frames there may be several.
  const need = starts.length === 1 ? it.need : null;
  const results = await Promise.all(starts.map((start) => findIn(it, start, asked, most, need)));
  const found = results.filter((result) => result !== null);
  if (root && found.length === 0) return null;
  const count = found.reduce((sum, each) => sum + each.count, 0);
  if (nth !== null) return pick(it, found, asked, nth < 0 ? count + nth : nth);
  const all = found.flatMap(({ frame, matches, state }) =>
    matches.map((match) => ({ frame, match, state })),
  );
  const meant = theOne(
    all.map(({ match }) => match),
    count,
  );
  return { one: all.find(({ match }) => match === meant) ?? null, count, all };
}

type Result = Start & { count: number; matches: Match[]; state: Readiness | null };

/** Null when the element is gone that the search begins at. */
async function findIn(
  { frames, page, target, signal }: Search,
  start: Start,
  steps: readonly Step[],
  most: number,
  need: Need | null,
): Promise<Result | null> {
  try {
    const args: PageCalls["find"] = [steps, start.n, most, need];
    return { ...start, ...(await frames.call(page, start.frame, "find", args, signal)) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { reason } = error;
    if (reason.startsWith(badTarget)) throw bad(target.written, reason.slice(badTarget.length));
    if (start.n !== null && reason.startsWith(goneMark)) return null;
    return { ...start, count: 0, matches: [], state: null };
  }
}

async function pick(
  it: Search,
  results: readonly Result[],
  steps: readonly Step[],
  index: number,
): Promise<Finding> {
  let left = index;
  for (const { frame, n, count } of results) {
    if (left >= 0 && left < count) {
      const asked = [...steps, { kind: "nth", nth: left } as const];
      const found = await findIn(it, { frame, n }, asked, 1, it.need);
      const [match] = found?.matches ?? [];
      const one = match ? { frame, match, state: found?.state ?? null } : null;
      return { one, count: one ? 1 : 0, all: one ? [one] : [] };
    }
    left -= count;
  }
  return { one: null, count: 0, all: [] };
}
