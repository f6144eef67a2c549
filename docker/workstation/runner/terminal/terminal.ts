import { within } from "../../../../src/abort.ts";
import { NexoraError } from "../../../../src/contract/errors.ts";
import type {
  RunnerLook,
  RunnerPrompt,
  RunnerSettle,
  RunnerTerminal,
} from "../../../../src/runner/protocol.ts";
import { type Answer, Answers, withoutAnswers } from "./answers.ts";
import { type Asker, askerOf, type Foreground, isGone } from "./asker.ts";
import { CommandTracker } from "./commands.ts";
import { waitsForInput } from "./doubt.ts";
import { foregroundCommand } from "./foreground.ts";
import { InputGate } from "./gate.ts";
import { type Verdict, waitsForKeys } from "./input-wait.ts";
import { Programs } from "./programs.ts";
import { PromptTracker } from "./prompt.ts";
import { Pty } from "./pty.ts";
import { QueryFinder } from "./queries.ts";
import { untilRest } from "./rest.ts";
import { type ScreenState, TerminalScreen } from "./screen.ts";
import { untilSettled } from "./settle.ts";

/** Output that waits for a viewer or the emulator; above it the program is held back. */
const highWater = 256 * 1024;
const lowWater = 64 * 1024;
/** Output that is kept for the first viewer, in bytes. */
const maxUnseen = 64 * 1024;

/** Longest that an answer waits until its program reads, in milliseconds. */
const answerMs = 500;

/** Somebody who sees a terminal's output: its xterm, or an attached client. */
export interface Viewer {
  write(bytes: Uint8Array): void;
  /** Bytes that it has not taken yet and for which the program must wait. */
  readonly backlog: number;
  /** The terminal has ended. */
  end(): void;
}

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
  inputBytes = 0;
  /** Resolves when the shell has ended. */
  readonly ended: Promise<void>;

  readonly prompt = new PromptTracker();
  readonly commands: CommandTracker;
  readonly pid: number;
  private readonly programs: Programs;
  private readonly screen: TerminalScreen;
  private readonly pty: Pty;
  private readonly gate: InputGate;
  private readonly viewers = new Set<Viewer>();
  private readonly queries = new QueryFinder();
  private readonly answers = new Answers<Asker>();
  private answering: Promise<void> = Promise.resolve();
  private readonly inputWaiters = new Set<() => void>();
  /** Output that nobody has been shown; null once somebody has, or when it is too much. */
  private unseen: Uint8Array[] | null = [];
  private received = 0;
  private unparsed = 0;
  private closed = false;
  private lastInput = { at: 0, seq: 0 };
  private announcing = false;
  private announcedPrompts = 0;
  private doubting = false;
  /** When something was typed last, when output came, and when the shell came to its prompt. */
  private typedAt = 0;
  private outputAt = 0;
  private promptAt = 0;
  private described: { seq: number; scrollbackLines: number; screen: ScreenState } | null = null;

  constructor(
    spec: TerminalSpec,
    private readonly events: TerminalEvents,
  ) {
    this.id = spec.id;
    this.screen = new TerminalScreen(spec, (data) => {
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
    this.gate = new InputGate({
      write: (bytes) => this.pty.write(bytes),
      unread: () => this.pty.unread(),
      isCanonical: () => this.pty.isCanonical(),
      output: () => ({ received: this.received, parsed: this.received - this.unparsed }),
    });
    this.pid = this.pty.pid;
    this.programs = new Programs(this.pid);
    this.ended = this.pty.exited.then(() => this.close());
  }

  /**
   * Shows it to a viewer: first the present screen, then everything that follows. The first viewer
   * gets all that was written so far: an xterm also answers what the programs have asked it.
   */
  async view(viewer: Viewer): Promise<void> {
    if (this.unseen && !this.closed) {
      for (const bytes of this.unseen) viewer.write(bytes);
      this.unseen = null;
      this.viewers.add(viewer);
      return;
    }
    // No output may be lost between the redraw and what follows it.
    this.pty.suspendOutput(true);
    if (this.closed) return viewer.end();
    if (this.seq > 0) viewer.write(new TextEncoder().encode(this.screen.redraw()));
    this.viewers.add(viewer);
    this.throttle();
  }

  /** To be called when an xterm shows it. */
  showIn(xterm: NonNullable<SharedTerminal["xterm"]>): void {
    this.xterm = xterm;
    this.announce();
  }

  leave(viewer: Viewer): void {
    this.viewers.delete(viewer);
    this.throttle();
  }

  /**
   * Types bytes; resolves when the terminal has taken them (of what is for the shell and programs
   * after it, a part may be held first: see InputGate). Throws `timeout` when `signal` aborts
   * before that: the bytes stay queued for a program that does not read.
   */
  async input(bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    this.prompt.input(bytes);
    this.inputBytes += bytes.length;
    this.lastInput = { at: performance.now(), seq: this.seq };
    this.typedAt = performance.now();
    const taken = this.gate.input(bytes);
    for (const check of this.inputWaiters) check();
    try {
      await within(taken, signal);
    } catch (error) {
      if (!signal?.aborted) throw error;
      throw new NexoraError("timeout", "the program in the terminal is not reading input");
    }
  }

  /**
   * What comes from its xterm: keys, and the answers to what programs have asked, which nobody has
   * typed. An answer whose program has ended is nobody's: the shell would take it for a line.
   */
  async keyboard(bytes: Uint8Array): Promise<void> {
    const { typed, answers } = this.answers.split(bytes);
    for (const answer of answers) {
      this.answering = this.answering.then(() => this.answer(answer));
    }
    if (typed.length > 0) await this.input(typed);
  }

  /** What comes from another terminal that mirrors it, and whose answers are one too many. */
  async mirrored(bytes: Uint8Array): Promise<void> {
    await this.input(this.xterm ? withoutAnswers(bytes) : bytes);
  }

  /**
   * Resolves when `inputBytes` has reached `count` or `signal` aborts. Throws `not_found` when the
   * terminal has ended before.
   */
  async awaitInput(count: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const check = () => {
      if (this.inputBytes >= count || this.closed || signal.aborted) resolve();
    };
    this.inputWaiters.add(check);
    signal.addEventListener("abort", check);
    check();
    await promise;
    signal.removeEventListener("abort", check);
    this.inputWaiters.delete(check);
    if (this.closed && this.inputBytes < count) {
      throw new NexoraError("not_found", `terminal ${this.id} is closed`);
    }
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
    const arrived = () => this.prompt.atPrompt && this.promptAt > this.typedAt;
    return await untilSettled(
      {
        unread: () => this.gate.heldBytes + this.pty.unread(),
        typedAt: () => this.typedAt,
        outputAt: () => (this.unparsed > 0 ? performance.now() : this.outputAt),
        reactMs: () => (arrived() ? 0 : reactMs),
        waits: () => arrived() || this.programs.mayBeRead(),
      },
      withinMs,
      signal,
    );
  }

  resize(columns: number, rows: number): void {
    if (columns === this.screen.columns && rows === this.screen.rows) return;
    this.screen.resize(columns, rows);
    this.pty.resize(columns, rows);
    this.announce();
  }

  /** Called by a viewer whose backlog has shrunk. */
  relieve(): void {
    this.throttle();
  }

  async state({ lines = 0, input, output, marks }: RunnerLook): Promise<RunnerTerminal> {
    const verdict = input ? await this.inputWait() : null;
    return {
      seq: this.seq,
      ...this.describe(lines),
      ...this.promptState(),
      command: foregroundCommand(this.pid),
      inputBytes: this.inputBytes,
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
      pending: () => Number(this.gate.isPending) + this.pty.unread() + this.unparsed,
      sinceInput: () =>
        this.seq > this.lastInput.seq
          ? Number.POSITIVE_INFINITY
          : performance.now() - this.lastInput.at,
      shellAnswers: () => this.prompt.inDoubt,
      seen: () => this.programs.seen(),
      seq: () => this.seq,
    });
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

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.gate.close();
    this.pty.close();
    for (const viewer of this.viewers) viewer.end();
    this.viewers.clear();
    for (const check of this.inputWaiters) check();
  }

  private onOutput(bytes: Uint8Array): void {
    if (this.closed) return;
    for (const viewer of this.viewers) viewer.write(bytes);
    if (this.unseen && this.received + bytes.length <= maxUnseen) this.unseen.push(bytes);
    else this.unseen = null;
    this.received += bytes.length;
    this.outputAt = performance.now();
    this.unparsed += bytes.length;
    // Who asks is known by the marks before.
    let at = 0;
    for (const { query, end } of this.queries.in(bytes)) {
      this.screen.write(bytes.subarray(at, end), () => {});
      this.answers.asked(query, askerOf(this.foreground()));
      at = end;
    }
    this.screen.write(bytes.subarray(at), () => {
      this.unparsed -= bytes.length;
      this.throttle();
      this.announce();
    });
    this.throttle();
  }

  /** Gives an answer to its program once that reads, so that no answer outlives it. */
  private async answer({ bytes, asker }: Answer<Asker>): Promise<void> {
    const until = performance.now() + answerMs;
    for (let read = false; !read && performance.now() < until; ) {
      read = this.programs.isRead();
      // If it is the shell that reads, its mark is on the way. That a program reads, no event tells.
      await Bun.sleep(1);
      if (this.closed || isGone(asker, this.foreground())) return;
    }
    void this.pty.write(bytes);
  }

  private foreground(): Foreground {
    return this.programs.foreground(this.commands.last);
  }

  private throttle(): void {
    const backlogs = [...this.viewers].map((viewer) => viewer.backlog);
    const pending = Math.max(this.unparsed, ...backlogs);
    if (pending > highWater) this.pty.suspendOutput(true);
    else if (pending < lowWater) this.pty.suspendOutput(false);
  }

  /** Tells of changes once for all that was parsed in one go. */
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
      unread: () => Number(this.gate.isPending) + this.pty.unread() + this.unparsed,
      isBusy: () => this.programs.isBusy(),
      seq: () => this.seq,
      inDoubt: () => this.prompt.inDoubt && !this.closed,
    });
    this.doubting = false;
    if (!waits) return;
    this.prompt.confirm();
    this.announce();
  }
}
