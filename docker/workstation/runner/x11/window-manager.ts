import { deadline } from "../../../../src/abort.ts";
import type { RunnerWindowAction } from "../../../../src/runner/protocol.ts";
import { XConnection } from "./connection.ts";
import { askManager, queryPointer } from "./messages.ts";
import { eventMask, getNumbers, internAtom, selectEvents } from "./requests.ts";
import { isDone, messagesFor } from "./window-actions.ts";
import { factsOf, type WindowAtoms, type WindowFacts, windowAtoms } from "./window-facts.ts";

/** Longest wait for the window manager, or the window's program, to have done what was asked. */
const doneMs = 1_500;
/** Deepest nesting of windows that is searched for the one under the pointer. */
const deepest = 8;

/** What windows there are, the topmost first, and what is done with them (EWMH). */
export class WindowManager {
  private readonly changes = new Set<() => void>();

  private constructor(
    private readonly x: XConnection,
    private readonly atoms: WindowAtoms,
  ) {}

  /** Connects to the X server's socket. Throws `display_failed`. */
  static async open(socketPath: string): Promise<WindowManager> {
    let manager: WindowManager | null = null;
    const x = await XConnection.open(socketPath, () => manager?.changed());
    const numbers = await Promise.all(windowAtoms.map((name) => internAtom(x, name)));
    const atoms = Object.fromEntries(windowAtoms.map((name, at) => [name, numbers[at] ?? 0]));
    manager = new WindowManager(x, atoms as WindowAtoms);
    selectEvents(x, x.root, eventMask.propertyChange);
    return manager;
  }

  /** Every managed window, the topmost first. */
  async list(): Promise<(WindowFacts & { focused: boolean })[]> {
    const { x, atoms } = this;
    const [stacking, active] = await Promise.all([
      getNumbers(x, x.root, atoms._NET_CLIENT_LIST_STACKING),
      getNumbers(x, x.root, atoms._NET_ACTIVE_WINDOW),
    ]);
    const facts = await Promise.all(stacking.map((id) => factsOf(x, atoms, id)));
    return facts
      .filter((each) => each !== null)
      .reverse()
      .map((each) => ({ ...each, focused: each.id === active[0] }));
  }

  /** Where the pointer is, and the managed window under it: 0 over the desktop, a menu, a panel. */
  async pointer(clients: readonly number[]): Promise<{ x: number; y: number; window: number }> {
    let found = await queryPointer(this.x, this.x.root);
    const { x, y } = found ?? { x: 0, y: 0 };
    for (let depth = 0; found && found.child !== 0 && depth < deepest; depth++) {
      if (clients.includes(found.child)) return { x, y, window: found.child };
      const { child } = found;
      found = await queryPointer(this.x, child);
      // Over a frame's decoration, which belongs to the window that it frames.
      if (found?.child === 0) return { x, y, window: await this.framed(child, clients) };
    }
    return { x, y, window: 0 };
  }

  /**
   * Does something with a window, and resolves when that shows, or after a while.
   * @returns the window as it is then, null when it is gone; and whether it is as was asked
   */
  async act(
    id: number,
    action: RunnerWindowAction,
    signal: AbortSignal,
  ): Promise<{ window: WindowFacts | null; done: boolean }> {
    const { x } = this;
    selectEvents(x, id, eventMask.propertyChange | eventMask.structureNotify);
    const before = await factsOf(x, this.atoms, id);
    if (!before) return { window: null, done: action.action === "close" };
    const within = deadline(doneMs, signal);
    try {
      for (const [type = 0, ...data] of messagesFor(this.atoms, action)) {
        askManager(x, id, type, data);
      }
      for (;;) {
        const changed = this.nextChange(within);
        const window = await factsOf(x, this.atoms, id);
        const done = await isDone(x, this.atoms, action, { before, window });
        if (done || !window || within.aborted) return { window, done };
        await changed;
      }
    } finally {
      selectEvents(x, id, 0);
    }
  }

  close(): void {
    this.x.close();
  }

  private changed(): void {
    for (const resolve of this.changes) resolve();
    this.changes.clear();
  }

  /** Resolves at the next event, or when `signal` aborts. */
  private nextChange(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.changes.add(resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
    if (signal.aborted) resolve();
    return promise;
  }

  /** The client that a frame has around it: its own child, or deeper; 0 when there is none. */
  private async framed(frame: number, clients: readonly number[]): Promise<number> {
    const { x } = this;
    for (const id of clients) {
      for (let window = id, depth = 0; window !== 0 && depth < deepest; depth++) {
        window = await parentOf(x, window);
        if (window === frame) return id;
        if (window === x.root) break;
      }
    }
    return 0;
  }
}

/** QueryTree: the window's parent; 0 when it is gone. */
async function parentOf(x: XConnection, window: number): Promise<number> {
  const request = Buffer.alloc(8);
  request.writeUInt8(15, 0);
  request.writeUInt16LE(2, 2);
  request.writeUInt32LE(window, 4);
  return (await x.ask(request))?.readUInt32LE(12) ?? 0;
}
