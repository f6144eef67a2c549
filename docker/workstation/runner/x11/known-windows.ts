import type { XConnection } from "./connection.ts";
import { stackOf } from "./frames.ts";
import { eventCode, eventMask, getOutline, type Rectangle, selectEvents } from "./requests.ts";
import { factsOf, type WindowAtoms, type WindowFacts } from "./window-facts.ts";

/** A window that shows on the desktop. */
export interface ShownWindow extends WindowFacts {
  /** By the window manager: menus, tooltips and panels are not. */
  managed: boolean;
}

interface Stack extends Awaited<ReturnType<typeof stackOf>> {
  /** The managed windows in each child of the root. */
  inside: Map<number, number[]>;
}

/** The windows as they were last asked about; what an event says has changed is asked about again. */
export class KnownWindows {
  private readonly facts = new Map<number, Promise<WindowFacts | null>>();
  private readonly outlines = new Map<number, Promise<Rectangle | null>>();
  private stack: Promise<Stack> | null = null;
  private shown: Promise<ShownWindow[]> | null = null;
  /** Which windows were in which child of the root last, and moved with it. */
  private inside: Stack["inside"] = new Map();

  constructor(
    private readonly x: XConnection,
    private readonly atoms: WindowAtoms,
  ) {
    selectEvents(x, x.root, eventMask.propertyChange | eventMask.substructureNotify);
  }

  /** To be called with each event of the connection. */
  changed(event: Buffer): void {
    this.shown = null;
    if ((event.readUInt8(0) & 0x7f) === eventCode.propertyNotify) {
      const window = event.readUInt32LE(4);
      if (window === this.x.root) this.stack = null;
      else this.facts.delete(window);
      return;
    }
    const window = event.readUInt32LE(8);
    this.stack = null;
    this.outlines.delete(window);
    for (const each of [window, ...(this.inside.get(window) ?? [])]) this.facts.delete(each);
  }

  /** The managed windows, the topmost first, each with its frame. */
  async managed(): Promise<{ frame: number; facts: WindowFacts }[]> {
    const { framed } = await this.read();
    const all = framed.map(async ({ client, frame }) => {
      const facts = await this.factsOf(client);
      return facts && { frame, facts };
    });
    return (await Promise.all(all)).filter((each) => each !== null);
  }

  /** What shows on the desktop, the topmost first; `frame` is what each takes of it. */
  all(): Promise<ShownWindow[]> {
    this.shown ??= this.readShown();
    return this.shown;
  }

  private async readShown(): Promise<ShownWindow[]> {
    const { tops, inside } = await this.read();
    const each = tops.map(async (top) => {
      const frame = await this.outlineOf(top);
      if (!frame) return [];
      const clients = inside.get(top);
      const all = await Promise.all((clients ?? [top]).map((window) => this.factsOf(window)));
      const managed = clients !== undefined;
      return all.filter((it) => it !== null).map((facts) => ({ ...facts, frame, managed }));
    });
    return (await Promise.all(each)).flat();
  }

  private read(): Promise<Stack> {
    this.stack ??= stackOf(this.x, this.atoms).then((stack) => {
      const inside: Stack["inside"] = new Map();
      for (const { client, frame } of stack.framed) {
        inside.set(frame, [...(inside.get(frame) ?? []), client]);
      }
      this.inside = inside;
      return { ...stack, inside };
    });
    return this.stack;
  }

  private factsOf(window: number): Promise<WindowFacts | null> {
    return kept(this.facts, window, () => {
      selectEvents(this.x, window, eventMask.propertyChange | eventMask.structureNotify);
      return factsOf(this.x, this.atoms, window);
    });
  }

  private outlineOf(top: number): Promise<Rectangle | null> {
    return kept(this.outlines, top, () => getOutline(this.x, top));
  }
}

function kept<T>(all: Map<number, Promise<T>>, window: number, read: () => Promise<T>): Promise<T> {
  const known = all.get(window) ?? read();
  all.set(window, known);
  return known;
}
