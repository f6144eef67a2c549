import { join } from "node:path";
import { NexoraError } from "../../../../src/contract/errors.ts";
import type {
  RunnerManagedWindow,
  RunnerShownWindow,
  RunnerWindowActed,
  RunnerWindowAction,
  RunnerWindows,
} from "../../../../src/runner/windows.ts";
import { display, socketDirectory } from "../account.ts";
import type { WindowFacts } from "../x11/window-facts.ts";
import { type WindowEvents, WindowManager } from "../x11/window-manager.ts";

/** The desktop's windows as the daemon is told about them; connects when it is first asked. */
export class ManagedWindows {
  private manager: Promise<WindowManager> | null = null;
  private watchers = 0;

  /** `terminalOf`: the id of the terminal that a window shows; `changed` is called while somebody watches. */
  constructor(
    private readonly terminalOf: (window: number) => string | null,
    private readonly events: WindowEvents,
  ) {}

  /** Begins to hear what happens to windows; done by the first question otherwise. */
  async begin(): Promise<void> {
    await this.open();
  }

  /** Begins to tell that something of any window has changed since it was last listed. */
  watch(): Disposable {
    this.watchers++;
    return {
      [Symbol.dispose]: () => {
        this.watchers--;
      },
    };
  }

  async list(): Promise<RunnerWindows> {
    const manager = await this.open();
    const { windows, pointer } = await manager.look();
    return {
      windows: windows.map((each) => this.told(each, each.focused)),
      pointer: { ...pointer, window: pointer.window === 0 ? null : hex(pointer.window) },
    };
  }

  /** What shows on the desktop, the topmost first. */
  async shown(): Promise<RunnerShownWindow[]> {
    const manager = await this.open();
    return (await manager.shown()).map((window) => {
      const { id, title, x, y, width, height, pid, managed, frame, cells } = window;
      const names = { id: hex(id), title, class: window.class };
      const terminal = this.terminalOf(id);
      return { ...names, x, y, width, height, terminal, pid, managed, frame, cells };
    });
  }

  /** Throws `not_found` for a window that is not managed. */
  async act(
    id: string,
    action: RunnerWindowAction,
    signal: AbortSignal,
  ): Promise<RunnerWindowActed> {
    const manager = await this.open();
    const listed = (await manager.look()).windows.find((each) => hex(each.id) === id);
    if (!listed) throw new NexoraError("not_found", `there is no window ${id}`);
    const { window, done } = await manager.act(listed.id, action, signal);
    if (!window) return { window: null, done };
    const now = (await manager.look()).windows.find((each) => each.id === window.id);
    return { window: now ? this.told(now, now.focused) : null, done };
  }

  /** Resolves when something of any window has changed since it was last listed, or `signal` aborts. */
  async nextChange(signal: AbortSignal): Promise<void> {
    await (await this.open()).nextChange(signal);
  }

  /** Where the pointer is, and whether a button is down. */
  async pointer(): Promise<{ x: number; y: number; isDown: boolean }> {
    return (await this.open()).pointer();
  }

  /** Id of the process whose window it is, as the X server knows it; null: it does not. */
  async processOf(window: RunnerManagedWindow): Promise<number | null> {
    return (await this.open()).processOf(Number(window.id));
  }

  private open(): Promise<WindowManager> {
    const path = join(socketDirectory, `X${display.slice(1)}`);
    const { events } = this;
    this.manager ??= WindowManager.open(path, {
      changed: () => {
        if (this.watchers > 0) events.changed();
      },
      scrolled: (window, direction) => events.scrolled(window, direction),
    }).catch((error) => {
      this.manager = null;
      throw error;
    });
    return this.manager;
  }

  private told(facts: WindowFacts, focused: boolean): RunnerManagedWindow {
    const { id, dialogOf, ...others } = facts;
    return {
      ...others,
      id: hex(id),
      focused,
      dialogOf: dialogOf === null ? null : hex(dialogOf),
      terminal: this.terminalOf(id),
    };
  }
}

function hex(id: number): string {
  return `0x${id.toString(16)}`;
}
