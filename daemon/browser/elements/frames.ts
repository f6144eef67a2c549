import { randomBytes } from "node:crypto";
import type { Protocol } from "devtools-protocol";
import { NexoraError } from "../../../src/contract/errors.ts";
import { KeyedQueue } from "../../keyed-queue.ts";
import type { PageLink } from "./page-link.ts";
import { inPageScript } from "./script.macro.ts" with { type: "macro" };
import { type Frame, ifRefused, ScriptCalls, thrown } from "./script-calls.ts";

const worldName = "nexora-elements";
const script = inPageScript();
/** Most frames of one page that are looked at. */
export const mostFrames = 200;

/** All frames of a page, each after its parent; the page's own first. */
export type AllFrames = readonly [Frame, ...Frame[]];

/** The frames of pages, each with our script in it. */
export class Frames extends ScriptCalls {
  /** As they were last. */
  private readonly known = new WeakMap<PageLink, AllFrames>();

  /**
   * Runs what does no harm when it is run twice: on the frames as they were last, while the page is asked whether they
   * still are those, and again when they are not.
   */
  async on<T>(
    page: PageLink,
    signal: AbortSignal,
    run: (frames: AllFrames) => Promise<T>,
  ): Promise<T> {
    const before = this.known.get(page);
    if (!before) return run(await this.of(page, signal));
    const early = run(before);
    early.catch(() => {}); // Counts only when it was run on what is there.
    const now = await this.of(page, signal);
    const same = now.length === before.length && now.every((frame, at) => frame === before[at]);
    return same ? early : run(now);
  }

  /** Of each page one after the other: two that enter a frame at once would take it from each other. */
  private readonly queue = new KeyedQueue();

  /** All frames that can be reached, each after its parent; the page's own first. */
  of(page: PageLink, signal: AbortSignal): Promise<AllFrames> {
    return this.queue.run(page.targetId, () => this.enterAll(page, signal), signal);
  }

  private async enterAll(page: PageLink, signal: AbortSignal): Promise<AllFrames> {
    const trees = await Promise.all(
      page.sessions().map(async (session) => {
        const tree = await this.tree(page, session, signal);
        return tree ? flat(tree).map((frame) => ({ ...frame, session })) : [];
      }),
    );
    const [main, ...others] = trees.flat().slice(0, mostFrames);
    if (!main) throw new NexoraError("engine_failed", "the page does not say which frames it has");
    const known = new Map(this.known.get(page)?.map((frame) => [frame.id, frame]));
    const now = new Map<string, Frame>();
    const first = await this.enter(page, main, null, known, signal);
    now.set(first.id, first);
    // Parents first; those of one depth at once.
    let left = others;
    while (left.length > 0) {
      const next = left.filter(({ parentId }) => now.has(parentId ?? ""));
      if (next.length === 0) break;
      left = left.filter((frame) => !next.includes(frame));
      const entered = await Promise.all(
        next.map((frame) => {
          const parent = now.get(frame.parentId ?? "") ?? null;
          return this.enter(page, frame, parent, known, signal).catch(ifRefused(null));
        }),
      );
      for (const frame of entered) if (frame) now.set(frame.id, frame);
    }
    const all: AllFrames = [first, ...[...now.values()].slice(1)];
    this.known.set(page, all);
    return all;
  }

  private async tree(page: PageLink, session: string, signal: AbortSignal) {
    const own = session === page.session;
    const reply = page.send("Page.getFrameTree", undefined, { session, signal });
    // A frame may go while it is asked.
    return (own ? await reply : await reply.catch(ifRefused(null)))?.frameTree ?? null;
  }

  private async enter(
    page: PageLink,
    { id, loaderId: loader, url, session }: Protocol.Page.Frame & { session: string },
    parent: Frame | null,
    known: ReadonlyMap<string, Frame>,
    signal: AbortSignal,
  ): Promise<Frame> {
    const before = known.get(id);
    if (before?.loader === loader && before.session === session && before.parent === parent) {
      return before;
    }
    const options = { session, signal };
    const { executionContextId: context } = await page.send(
      "Page.createIsolatedWorld",
      { frameId: id, worldName },
      options,
    );
    const world = randomBytes(6).toString("hex");
    const { exceptionDetails } = await page.send(
      "Runtime.evaluate",
      {
        expression: `globalThis.nexoraWorld=${JSON.stringify(world)};${script}`,
        contextId: context,
      },
      options,
    );
    if (exceptionDetails) throw thrown("install", exceptionDetails);
    return { id, loader, session, parent, url, context, world };
  }
}

function flat({ frame, childFrames = [] }: Protocol.Page.FrameTree): Protocol.Page.Frame[] {
  return [frame, ...childFrames.flatMap(flat)];
}
