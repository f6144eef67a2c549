import { deadline } from "../../../../src/abort.ts";
import type { RunnerWindowAction } from "../../../../src/runner/windows.ts";
import { ClientProcesses } from "./client-processes.ts";
import { XConnection } from "./connection.ts";
import { KnownWindows, type ShownWindow } from "./known-windows.ts";
import { queryPointer } from "./messages.ts";
import { getNumbers, internAtom } from "./requests.ts";
import { type Scrolled, Scrolling } from "./scrolling.ts";
import { isDone, requestsFor } from "./window-actions.ts";
import { factsOf, type WindowAtoms, type WindowFacts, windowAtoms } from "./window-facts.ts";

/** Longest wait for the window manager, or the window's program, to have done what was asked. */
const doneMs = 1_500;

interface ListedWindow extends WindowFacts {
  focused: boolean;
}

interface PointerOver {
  x: number;
  y: number;
  window: number;
}

export interface WindowEvents {
  /** Something of any window has changed. */
  changed(): void;
  /** Somebody may have scrolled what a window shows, by the wheel or by Page Up. */
  scrolled(window: number, direction: Scrolled["direction"]): void;
}

/** What windows there are, the topmost first, and what is done with them (EWMH). */
export class WindowManager {
  private readonly changes = new Set<() => void>();
  private readonly known: KnownWindows;
  /** Resolves when it is known what all that was scrolled so far was. */
  private scrolls: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly x: XConnection,
    private readonly atoms: WindowAtoms,
    private readonly clients: ClientProcesses,
    private readonly events: WindowEvents,
  ) {
    this.known = new KnownWindows(x, atoms);
  }

  /** Connects to the X server's socket. Throws `display_failed`. */
  static async open(socketPath: string, events: WindowEvents): Promise<WindowManager> {
    let manager: WindowManager | null = null;
    let scrolling: Scrolling | null = null;
    const x = await XConnection.open(socketPath, (event) => {
      const scrolled = scrolling?.hear(event);
      if (scrolled) manager?.scrolled(scrolled);
      else if (!isOfExtension(event)) manager?.changed(event);
    });
    const numbers = await Promise.all(windowAtoms.map((name) => internAtom(x, name)));
    const atoms = Object.fromEntries(windowAtoms.map((name, at) => [name, numbers[at] ?? 0]));
    const clients = await ClientProcesses.open(x);
    manager = new WindowManager(x, atoms as WindowAtoms, clients, events);
    scrolling = await Scrolling.open(x);
    return manager;
  }

  /**
   * Every managed window, the topmost first, and the pointer, with the one of them under it: 0 over the
   * desktop, a menu, a panel.
   */
  async look(): Promise<{ windows: ListedWindow[]; pointer: PointerOver }> {
    const { x, atoms } = this;
    // What has changed before the server answers is known then.
    const [active, place] = await Promise.all([
      getNumbers(x, x.root, atoms._NET_ACTIVE_WINDOW),
      queryPointer(x, x.root),
    ]);
    const windows = await this.known.managed();
    const over = windows.find(({ frame }) => frame === place?.child)?.facts.id ?? 0;
    return {
      windows: windows.map(({ facts }) => ({ ...facts, focused: facts.id === active[0] })),
      pointer: { x: place?.x ?? 0, y: place?.y ?? 0, window: over },
    };
  }

  /** What shows on the desktop, also menus and panels, the topmost first, as the last event has left it. */
  async shown(): Promise<ShownWindow[]> {
    await this.scrolls;
    return this.known.all();
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
    const within = deadline(doneMs, signal);
    for (const request of requestsFor(x.root, this.atoms, id, action)) x.send(request);
    for (;;) {
      const changed = this.nextChange(within);
      const window = await factsOf(x, this.atoms, id);
      const done = await isDone(x, this.atoms, action, window);
      // What showed that it is done may have come after the first look.
      if (done && window) return { window: await factsOf(x, this.atoms, id), done };
      if (done || !window || within.aborted) return { window, done };
      await changed;
    }
  }

  /** Where the pointer is, and whether a button is down. */
  async pointer(): Promise<{ x: number; y: number; isDown: boolean }> {
    const { x, y, isDown } = (await queryPointer(this.x, this.x.root)) ?? {
      ...{ x: 0, y: 0, isDown: false },
    };
    return { x, y, isDown };
  }

  /** Id of the process that has made a window, as the X server knows it from its socket. */
  processOf(window: number): Promise<number | null> {
    return this.clients.processOf(window);
  }

  close(): void {
    this.x.close();
  }

  private changed(event: Buffer): void {
    this.known.changed(event);
    for (const resolve of this.changes) resolve();
    this.changes.clear();
    this.events.changed();
  }

  private scrolled({ by, direction }: Scrolled): void {
    const told = this.look().then(({ windows, pointer }) => {
      const focused = windows.find((window) => window.focused)?.id ?? 0;
      this.events.scrolled(by === "wheel" ? pointer.window : focused, direction);
    });
    this.scrolls = Promise.all([this.scrolls, told]);
  }

  /** Resolves when something of any window has changed, or `signal` aborts. */
  nextChange(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.changes.add(resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
    if (signal.aborted) resolve();
    return promise;
  }
}

/** Whether an event is an extension's (X11 protocol, "GenericEvent"). */
function isOfExtension(event: Buffer): boolean {
  return (event.readUInt8(0) & 0x7f) === 35;
}
