import type { RunnerScreen, RunnerWindow } from "../../../src/runner/protocol.ts";
import type { Events } from "./events.ts";
import type { Readiness } from "./readiness.ts";
import type { SharedTerminal, TerminalEvents } from "./terminal/terminal.ts";
import type { Terminals } from "./terminal/terminals.ts";
import { showsPrompt } from "./terminal/unmarked-prompt.ts";
import type { Windows } from "./x11/windows.ts";

/** Joins windows and terminals into what the daemon asks for, and into readiness. */
export class Workstation {
  windows: Windows | null = null;
  terminals: Terminals | null = null;
  private lastFocus = "null";

  constructor(
    private readonly mainTerminal: string,
    private readonly events: Events,
    private readonly readiness: Readiness,
  ) {}

  /** What the terminals report to. */
  readonly terminalEvents: TerminalEvents = {
    changed: (terminal) => {
      const { id, seq, prompt } = terminal;
      this.events.emit({ type: "terminal", id, seq, prompt: prompt.atPrompt });
      if (id === this.mainTerminal && !this.readiness.isUp("terminal")) void this.see(terminal);
      // A terminal that has just opened gives its window its meaning.
      this.windowsChanged();
    },
    prompt: ({ id, prompt }) =>
      this.events.emit({ type: "prompt", id, exitStatus: prompt.exitStatus }),
  };

  /** To be called when the window manager's view has changed. */
  readonly windowsChanged = (): void => {
    const focused = this.focused();
    const text = JSON.stringify(focused);
    if (text !== this.lastFocus) {
      this.lastFocus = text;
      this.events.emit({ type: "focus", window: focused });
    }
    if (this.readiness.isUp("window manager") || !this.windows?.managed) return;
    const window = this.mainWindow();
    if (window !== null && this.windows.clients.includes(window)) {
      this.readiness.report("window manager", true, "it manages the terminal's window");
    }
  };

  async screen(scrollbackLines: number): Promise<RunnerScreen> {
    const focused = this.focused();
    const terminal = this.terminalOf(focused) ?? this.terminals?.all()[0];
    return { focused, terminal: (await terminal?.state(scrollbackLines)) ?? null };
  }

  /** The terminal with that id; without one, the focused window's, else the first. */
  choose(id: string | undefined): SharedTerminal | null {
    if (id !== undefined) return this.terminals?.get(id) ?? null;
    return this.terminalOf(this.focused()) ?? this.terminals?.all()[0] ?? null;
  }

  private focused(): RunnerWindow | null {
    const window = this.windows?.focused;
    if (!window) return null;
    const { id, title, x, y, width, height } = window;
    const terminal = this.terminals?.ofWindow(id)?.id ?? null;
    return {
      id: `0x${id.toString(16)}`,
      title,
      class: window.class,
      x,
      y,
      width,
      height,
      terminal,
    };
  }

  private terminalOf(window: RunnerWindow | null): SharedTerminal | null {
    return window?.terminal ? (this.terminals?.get(window.terminal) ?? null) : null;
  }

  private mainWindow(): number | null {
    const main = this.terminals?.all().find(({ id }) => id === this.mainTerminal);
    return main?.xterm?.window ?? null;
  }

  private async see(terminal: SharedTerminal): Promise<void> {
    const { prompt } = terminal;
    if (prompt.integrated ? !prompt.atPrompt : !(await showsPrompt(terminal))) return;
    this.readiness.report("terminal", true, "the shell is at its prompt");
  }
}
