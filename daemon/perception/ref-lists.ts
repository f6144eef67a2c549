import { deadline, within } from "../../src/abort.ts";
import type { ScreenOptions, TextBlock } from "../../src/contract/screen.ts";
import { messageOf } from "../../src/thrown.ts";
import { outline, partOf } from "./outline.ts";
import { type RefSource, type Refs, stale, type Thing } from "./refs.ts";
import type { SeenWindow } from "./source.ts";
import { isIn } from "./visible.ts";

/** Longest that a source may take for all windows, in milliseconds. */
const sourceMs = 3_000;

type Listed = NonNullable<TextBlock["refs"]>;

/** What a look tells of things: of each window, by its id. */
export interface RefLists {
  lists: ReadonlyMap<string, Listed>;
  /** Why some are missing. */
  degraded: string[];
}

/** Numbers the things that show, for looks that ask for them. */
export class RefLister {
  constructor(
    private readonly refs: Refs,
    private readonly sources: readonly RefSource[],
  ) {}

  /**
   * The things in these windows that nothing covers; with `refsIn` those in that one. Null when no
   * look has asked. Throws `not_found` and `stale_ref` for `refsIn`.
   */
  async list(
    session: { id: string },
    windows: readonly SeenWindow[],
    { refs, refsIn }: Pick<ScreenOptions, "refs" | "refsIn">,
    signal: AbortSignal,
  ): Promise<RefLists | null> {
    if (!refs && refsIn === undefined) return null;
    const meant = refsIn === undefined ? null : this.refs.resolve(session.id, refsIn);
    const degraded: string[] = [];
    const found = await Promise.all(
      this.sources.map((source) => this.things(source, session, windows, degraded, signal)),
    );
    const all = found.flat();
    const at = all.findIndex(({ kind, key }) => kind === meant?.kind && key === meant.key);
    if (refsIn !== undefined && meant && at < 0) throw stale(refsIn, meant);
    const asked = meant ? partOf(all, at) : all;
    const lists = new Map<string, Listed>();
    for (const window of windows) {
      const own = asked.filter((thing) => thing.window === window.id && shows(thing, window));
      const { shown, left } = outline(own);
      if (left > 0)
        degraded.push(`${window.id} has ${left} more things: name one to see what is in it`);
      lists.set(
        window.id,
        shown.map(({ thing, holds }) => {
          const { role, name, value, states, box, depth } = thing;
          const ref = this.refs.number(session.id, thing);
          return { ref, role, name, value, states, box, depth, holds };
        }),
      );
    }
    return { lists, degraded };
  }

  private async things(
    source: RefSource,
    session: { id: string },
    windows: readonly SeenWindow[],
    degraded: string[],
    signal: AbortSignal,
  ): Promise<Thing[]> {
    const ends = deadline(sourceMs, signal);
    try {
      const told = await within(source.things(session, windows, ends), ends);
      if (told.degraded !== null) degraded.push(`${source.kind}: ${told.degraded}`);
      return told.things;
    } catch (error) {
      signal.throwIfAborted();
      degraded.push(`${source.kind}: ${messageOf(error)}`);
      return [];
    }
  }
}

/** By its middle. Where a thing is nobody knows: as long as any of its window shows. */
function shows({ box }: Thing, { visible }: SeenWindow): boolean {
  if (!box) return visible.length > 0;
  return isIn(box.x + box.width / 2, box.y + box.height / 2, visible);
}
