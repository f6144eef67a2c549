import type { RunnerHealth } from "../../../src/runner/protocol.ts";
import type { RunnerFocus, RunnerLook, RunnerScreen } from "../../../src/runner/screen.ts";
import type { RunnerSettle, RunnerSettled } from "../../../src/runner/terminal.ts";
import type { RunnerWindow } from "../../../src/runner/windows.ts";
import { ManagedWindows } from "./desktop/managed-windows.ts";
import type { Events } from "./events.ts";
import { PortWatch } from "./port-watch.ts";
import type { Readiness } from "./readiness.ts";
import { InputWatch } from "./terminal/input-watch.ts";
import type { SharedTerminal, TerminalEvents } from "./terminal/terminal.ts";
import type { Terminals } from "./terminal/terminals.ts";
import { showsPrompt } from "./terminal/unmarked-prompt.ts";
import type { Windows } from "./x11/windows.ts";

/** Joins windows and terminals into what the daemon asks for, and into readiness. */
export class Workstation {
  windows: Windows | null = null;
  terminals: Terminals | null = null;
  /** All the windows that there are. */
  readonly managed = new ManagedWindows((window) => this.terminals?.ofWindow(window)?.id ?? null, {
    changed: () => this.events.emit({ type: "windows" }),
    scrolled: (window, direction) => this.terminals?.ofWindow(window)?.scrolled(direction),
  });
  /** Emits `ports` when programs begin or cease to listen. */
  readonly portWatch = new PortWatch(() => this.events.emit({ type: "ports" }));
  /** Emits `input` for terminals that wait for it. */
  readonly inputWatch: InputWatch;
  private lastFocus = "null";

  constructor(
    private readonly mainTerminal: string,
    private readonly events: Events,
    private readonly readiness: Readiness,
  ) {
    this.inputWatch = new InputWatch(
      () => this.terminals?.all() ?? [],
      ({ id }) => events.emit({ type: "input", id }),
    );
  }

  /** What the terminals report to. */
  readonly terminalEvents: TerminalEvents = {
    changed: (terminal) => {
      const { id, seq, prompt } = terminal;
      this.events.emit({ type: "terminal", id, seq, prompt: prompt.atPrompt });
      this.inputWatch.stir();
      this.portWatch.stir();
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
    this.reportManager();
  };

  /** What is up now. */
  checks(): RunnerHealth["checks"] {
    const shown = this.mainWindow() !== null;
    const missing = { ok: false, message: "its xterm is being started again" };
    return this.readiness
      .checks()
      .map((check) =>
        check.name === "terminal" && check.ok && !shown ? { ...check, ...missing } : check,
      );
  }

  focus(): RunnerFocus {
    const window = this.focused();
    const terminal = this.terminalOf(window);
    return { window, terminal: terminal && { id: terminal.id, inputBytes: terminal.typing.bytes } };
  }

  async screen(look: RunnerLook): Promise<RunnerScreen> {
    // A desktop that does not tell is looked at as one window.
    const windows = look.all ? await this.managed.shown().catch(() => null) : null;
    const focused = this.focused();
    const all = this.terminals?.all() ?? [];
    const first = this.terminalOf(focused) ?? all[0];
    const shown = new Set(windows?.map(({ terminal }) => terminal));
    const others = all.filter((each) => each !== first && shown.has(each.id));
    const [terminal = null, ...rest] = await Promise.all(
      (first ? [first, ...others] : []).map((each) => each.state(look)),
    );
    const prompts = all.map((each) => each.promptState());
    return { focused, terminal, prompts, windows, others: rest };
  }

  /** Waits until the focused window's terminal is still; at once when it shows none. */
  async settle(limits: RunnerSettle, signal: AbortSignal): Promise<RunnerSettled> {
    const terminal = this.terminalOf(this.focused());
    if (!terminal) return { terminal: null, seq: 0, still: true };
    const still = await terminal.settle(limits, signal);
    return { terminal: terminal.id, seq: terminal.seq, still };
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

  private reportManager(): void {
    const wasUp = this.readiness.isUp("window manager");
    const managed = this.windows?.managed ?? false;
    const window = this.mainWindow();
    // Who types right after READY types into the terminal.
    const hasTerminal = window !== null && this.windows?.focused?.id === window;
    if (wasUp && !managed) {
      this.readiness.report("window manager", false, "it has died and is being started again");
    } else if (!wasUp && managed && hasTerminal) {
      this.readiness.report("window manager", true, "the terminal's window has the focus");
    }
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
