import { within } from "../../../src/abort.ts";
import { NexoraError } from "../../../src/contract/errors.ts";
import type { Region } from "../../display/types.ts";
import { KeyedQueue } from "../../keyed-queue.ts";
import type { PageReader } from "../pages/reader.ts";
import type { Element, Elements } from "./elements.ts";
import type { PageLink } from "./page-link.ts";
import { type Frame, ifRefused } from "./script-calls.ts";
import type { Snapshots } from "./snapshots.ts";
import { readTarget } from "./target.ts";
import { textOf } from "./texts.ts";

/** Most characters of a page's text that are waited for in. */
const mostText = 2_000_000;
/** How long a target may take to be there, in milliseconds. */
const boxMs = 2_000;

/** What pages show, for those who wait for it, or want a picture of it. */
export class ElementReader implements PageReader {
  /** Of each tab one after the other: two would scroll each other's element away. */
  private readonly shows = new KeyedQueue();

  constructor(
    private readonly elements: Elements,
    private readonly snapshots: Snapshots,
  ) {}

  async text(page: PageLink, signal: AbortSignal): Promise<string> {
    return (await textOf(this.elements, page, null, mostText, signal)).text;
  }

  async snapshot(session: string, page: PageLink, signal: AbortSignal): Promise<string> {
    return (await this.snapshots.take(session, page, {}, signal)).text;
  }

  async has(
    session: string,
    page: PageLink,
    target: string,
    signal: AbortSignal,
  ): Promise<boolean> {
    try {
      const looked = await this.elements.look(session, page, readTarget(target), signal);
      return looked?.visible ?? false;
    } catch (error) {
      if (!(error instanceof NexoraError)) throw error;
      // Of several that match at least one is there.
      if (error.code === "conflict") return true;
      if (error.code === "stale_ref") return false;
      throw error;
    }
  }

  async whileShown<T>(
    session: string,
    page: PageLink,
    target: string,
    signal: AbortSignal,
    look: (region: Region) => Promise<T>,
  ): Promise<T> {
    const element = await this.elements.wait(session, page, target, boxMs, signal);
    const show = () => this.show(element, page, signal, look);
    // Who gives up need not wait until all is scrolled back, which a dialog may hold up.
    return within(this.shows.run(page.targetId, show, signal), signal);
  }

  private async show<T>(
    element: Element,
    page: PageLink,
    signal: AbortSignal,
    look: (region: Region) => Promise<T>,
  ): Promise<T> {
    const { elements } = this;
    const shown: Frame[] = [];
    const reveal = async (frame: Frame, n: number) => {
      shown.push(frame);
      await elements.frames.call(page, frame, "reveal", [n], signal);
    };
    try {
      // The outermost first: what is in a frame scrolls those around it as well.
      for (const { frame, parent } of framesAround(element.frame)) {
        await reveal(parent, await elements.frames.owner(page, frame, parent, signal));
      }
      await reveal(element.frame, element.n);
      const [main] = await elements.frames.of(page, signal);
      const [box, { x, y }] = await Promise.all([
        elements.boxInPage(element, signal),
        elements.frames.call(page, main, "scrolled", [null], signal),
      ]);
      return await look({ ...box, x: box.x + x, y: box.y + y });
    } finally {
      const back = shown.map((frame) =>
        elements.frames.call(page, frame, "putBack", [], page.signal).catch(ifRefused(null)),
      );
      await Promise.allSettled(back);
    }
  }
}

/** A frame and those that it is in, each with the one around it, the outermost first. */
function framesAround(inner: Frame): { frame: Frame; parent: Frame }[] {
  const all: { frame: Frame; parent: Frame }[] = [];
  for (let frame = inner; frame.parent; frame = frame.parent) {
    all.unshift({ frame, parent: frame.parent });
  }
  return all;
}
