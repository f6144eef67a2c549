import type { RunnerLook } from "../../../../src/runner/screen.ts";
import type {
  RunnerPrompt,
  RunnerSettle,
  RunnerTerminal,
} from "../../../../src/runner/terminal.ts";
import { withoutAnswers } from "./answers.ts";
import { CommandTracker } from "./commands.ts";
import { waitsForInput } from "./doubt.ts";
import { foregroundCommand } from "./foreground.ts";
import { InputGate } from "./gate.ts";
import { type Verdict, waitsForKeys } from "./input-wait.ts";
import { plainKeys } from "./plain-keys.ts";
import { Programs, type Waiting } from "./programs.ts";
import { PromptTracker } from "./prompt.ts";
import { Pty } from "./pty.ts";
import { Replies } from "./replies.ts";
import { untilRest } from "./rest.ts";
import { type ScreenState, TerminalScreen } from "./screen.ts";
import { ScrollBack } from "./scroll-back.ts";
import { untilSettled } from "./settle.ts";
import { Typing } from "./typing.ts";
import { type Viewer, Viewers } from "./viewers.ts";

export interface TerminalEvents {
  changed(terminal: SharedTerminal): void;
  prompt(terminal: SharedTerminal): void;
}

export interface TerminalSpec {
  id: string;
  shell: string[];
  cwd: string;
  env: Record<string, string>;
  columns: number;
  rows: number;
}

/** A shell on a PTY whose screen is known exactly, whoever shows it. */
export class SharedTerminal {
  readonly id: string;
  /** The xterm that shows it and the window of that; null while none does. */
  xterm: { viewer: Viewer; window: number | null } | null = null;
  seq = 0;
  /** Resolves when the shell has ended. */
  readonly ended: Promise<void>;

  readonly prompt = new PromptTracker();
  readonly commands: CommandTracker;
  readonly typing: Typing;
  readonly pid: number;
  private readonly programs: Programs;
  private readonly screen: TerminalScreen;
  private readonly pty: Pty;
  private readonly gate: InputGate;
  private readonly replies: Replies;
  private readonly viewers: Viewers;
  private closed = false;
  private announcing = false;
  private announcedPrompts = 0;
  private doubting = false;
  /** When output came last, and when the shell came to its prompt. */
  private outputAt = 0;
  private promptAt = 0;
  private readonly scrollBack = new ScrollBack();
  private described: { seq: number; scrollbackLines: number; screen: ScreenState } | null = null;

  constructor(
    spec: TerminalSpec,
    private readonly events: TerminalEvents,
  ) {
    this.id = spec.id;
    this.screen = new TerminalScreen(spec, (data) => {
      this.replies.mark(data);
      this.commands.mark(data);
      this.prompt.mark(data);
      this.gate.mark(data);
    });
    this.commands = new CommandTracker(this.screen);
    this.screen.onClearing = () => this.commands.clearing();
    this.screen.onAlternate = () => this.commands.fillsScreen();
    this.pty = new Pty({
      command: spec.shell,
      cwd: spec.cwd,
      env: spec.env,
      columns: spec.columns,
      rows: spec.rows,
      onData: (bytes) => this.onOutput(bytes),
    });
    this.viewers = new Viewers((suspend) => this.pty.suspendOutput(suspend));
    this.gate = new InputGate({
      write: (bytes) => {
        this.replies.typed();
        return this.pty.write(bytes);
      },
      unread: () => this.pty.unread(),
      waiting: () => this.waiting(),
      shownAt: () => this.outputAt,
    });
    this.typing = new Typing(this.id, this.gate);
    this.pid = this.pty.pid;
    this.programs = new Programs(this.pid);
    this.replies = new Replies({
      waits: () => this.gate.isRead(),
      foreground: () => this.programs.foreground(this.commands.last),
      write: (bytes) => void this.pty.write(bytes),
      discard: () => this.pty.discardInput(),
    });
    this.ended = this.pty.exited.then(() => this.close());
  }

  /** Shows it to a viewer: first the present screen, then everything that follows. */
  view(viewer: Viewer): void {
    const redraw = () => new TextEncoder().encode(this.seq > 0 ? this.screen.redraw() : "");
    if (this.closed) viewer.end();
    else this.viewers.add(viewer, redraw);
  }

  /** To be called when an xterm shows it. */
  showIn(xterm: NonNullable<SharedTerminal["xterm"]>): void {
    this.xterm = xterm;
    // Its options may say otherwise.
    const mode = `\x1b[?1010${this.screen.outputScrolls ? "h" : "l"}`;
    xterm.viewer.write(new TextEncoder().encode(mode));
    this.announce();
  }

  leave(viewer: Viewer): void {
    this.viewers.remove(viewer);
  }

  /** Called by a viewer whose backlog has shrunk. */
  relieve(): void {
    this.viewers.throttle();
  }

  /** Types bytes; see `Typing.input`. */
  async input(bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    this.prompt.input(bytes);
    await this.typing.input(bytes, signal);
  }

  /** What comes from its xterm: keys, and the answers to what programs have asked it. */
  async keyboard(bytes: Uint8Array): Promise<void> {
    const typed = this.replies.takeFrom(bytes);
    if (typed.length === 0) return;
    this.scrollBack.typed(performance.now());
    // An xterm that is behind tells keys as a program has asked that has ended since.
    await this.input(this.screen.keysAreCoded ? typed : plainKeys(typed));
  }

  /** What comes from another terminal that mirrors it, and whose answers are one too many. */
  async mirrored(bytes: Uint8Array): Promise<void> {
    await this.input(this.xterm ? withoutAnswers(bytes) : bytes);
  }

  /**
   * Resolves when the program in the foreground has read all that was typed and waits for more, or
   * when `signal` aborts; at once when something is held that it cannot read yet.
   */
  async awaitRest(restMs: number, signal: AbortSignal): Promise<void> {
    await untilRest(
      {
        unread: () => this.pty.unread(),
        isBusy: () => this.programs.isBusy(),
        ends: () => this.closed || this.gate.heldBytes > 0,
      },
      restMs,
      signal,
    );
  }

  /**
   * Resolves when what was typed has been read, what it caused has come and is still for a moment:
   * with true, or with false when it was not so in time.
   */
  async settle({ withinMs, reactMs }: RunnerSettle, signal: AbortSignal): Promise<boolean> {
    const arrived = () => this.prompt.atPrompt && this.promptAt > this.typing.at;
    return await untilSettled(
      {
        unread: () => this.unread(),
        typedAt: () => this.typing.at,
        outputAt: () => this.outputAt,
        reactMs: () => (arrived() ? 0 : reactMs),
        waits: () => arrived() || this.waiting() !== null,
      },
      withinMs,
      signal,
    );
  }

  /** In cells. */
  get size(): { columns: number; rows: number } {
    const { columns, rows } = this.screen;
    return { columns, rows };
  }

  resize(columns: number, rows: number): void {
    if (columns === this.screen.columns && rows === this.screen.rows) return;
    this.screen.resize(columns, rows);
    this.pty.resize(columns, rows);
    this.announce();
  }

  /** Somebody has turned the wheel over its window, or pressed Page Up in it. */
  scrolled(direction: "up" | "down"): void {
    const { rows, above } = this.screen;
    this.scrollBack.turned(direction, { rows, above }, performance.now());
  }

  async state({ lines = 0, input, output, marks }: RunnerLook): Promise<RunnerTerminal> {
    const verdict = input ? await this.inputWait() : null;
    const described = this.describe(lines);
    return {
      seq: this.seq,
      ...described,
      degraded: described.degraded ?? this.scrollBack.doubt,
      ...this.promptState(),
      command: foregroundCommand(this.pid),
      inputBytes: this.typing.bytes,
      input: verdict,
      output: output ? this.commands.printed() : null,
      marks: marks ? this.screen.highlights() : null,
    };
  }

  promptState(): RunnerPrompt {
    const { atPrompt: prompt, exitStatus } = this.prompt;
    return { id: this.id, prompt, exitStatus, lastCommand: this.commands.last };
  }

  /** Whether the program in front waits for input. */
  async inputWait(): Promise<Verdict> {
    if (this.closed) return "works";
    return waitsForKeys({
      pending: () => this.unread(),
      answersComing: () => this.prompt.inDoubt || !this.pty.isDrained(),
      seen: () => this.programs.seen(),
      seq: () => this.seq,
    });
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.typing.close();
    this.replies.close();
    this.pty.close();
    this.viewers.end();
  }

  /** How a program waits for input, when all that it has shown has come; null when none does. */
  private waiting(): Waiting | null {
    const waiting = this.programs.waiting();
    return waiting && this.pty.isDrained() ? waiting : null;
  }

  /** Bytes typed that no program has read. */
  private unread(): number {
    return this.gate.heldBytes + this.pty.unread();
  }

  /** The screen's text, made anew only when it has changed. */
  private describe(scrollbackLines: number): ScreenState {
    const { described, seq } = this;
    if (described?.seq === seq && described.scrollbackLines === scrollbackLines) {
      return described.screen;
    }
    const screen = this.screen.state(scrollbackLines);
    this.described = { seq, scrollbackLines, screen };
    return screen;
  }

  private onOutput(bytes: Uint8Array): void {
    if (this.closed) return;
    this.viewers.write(bytes);
    this.outputAt = performance.now();
    this.scrollBack.output(this.outputAt, this.screen.outputScrolls);
    this.replies.follow(bytes, (piece) => this.screen.write(piece));
    this.announce();
  }

  /** Tells of changes once for all that was shown in one go. */
  private announce(): void {
    this.seq++;
    if (this.announcing) return;
    this.announcing = true;
    queueMicrotask(() => {
      this.announcing = false;
      this.events.changed(this);
      if (this.prompt.atPrompt && this.prompt.prompts !== this.announcedPrompts) {
        this.announcedPrompts = this.prompt.prompts;
        this.promptAt = performance.now();
        this.events.prompt(this);
      }
      if (this.prompt.inDoubt && !this.doubting) void this.resolveDoubt();
    });
  }

  private async resolveDoubt(): Promise<void> {
    this.doubting = true;
    const waits = await waitsForInput({
      waits: () => this.unread() === 0 && this.waiting() !== null,
      inDoubt: () => this.prompt.inDoubt && !this.closed,
    });
    this.doubting = false;
    if (!waits) return;
    this.prompt.confirm();
    this.announce();
  }
}
