import { LineEnds } from "./line-ends.ts";

/** A shell that has not answered a line after this long, in milliseconds, sends no marks. */
const answerMs = 250;
/** A command that still runs after this long, in milliseconds, may be one that reads. */
const settleMs = 50;
/** How often to look whether a program has read; no event tells. It grows up to the longest. */
const firstLookMs = 5;
const longestLookMs = 100;
/** Bytes that are held before whoever types must wait. */
const maxHeld = 64 * 1024;

/** Ctrl+C, Ctrl+Z, Ctrl+\: the kernel sends a signal and drops what has not been read. */
const signals = [0x03, 0x1a, 0x1c];
const endOfFile = 0x04;
/** Ctrl+C and Ctrl+D may end the program, and then the shell reads on. */
const endings = [0x03, endOfFile];

/** The terminal behind the gate. */
export interface GatedTerminal {
  /** Resolves when the terminal has taken the bytes. */
  write(bytes: Uint8Array): Promise<void>;
  /** Bytes written that no program has read. */
  unread(): number;
  /** The kernel edits lines (ICANON of termios(3)), and makes Ctrl+D the end of a file. */
  isCanonical(): boolean;
  /** Bytes of output, in all, that have come, and of those the ones looked at for marks. */
  output(): { received: number; parsed: number };
}

/**
 * What goes on in the terminal, as its marks tell:
 * - `open`: a program reads, or the shell sends no marks. Nothing is held but what follows
 *   Ctrl+C and Ctrl+D.
 * - `prompt`: the shell reads a line.
 * - `submitted`: the shell has got a line and has not answered yet.
 * - `started`: a command has just begun; most end at once.
 * - `running`: a command runs; it gets one line, and more once it has read that;
 * - `raw`: the terminal is raw, by that command, or by the shell whose mark is on its way;
 * - `closed`: the shell has ended.
 */
type Stage = "open" | "prompt" | "submitted" | "started" | "running" | "raw" | "closed";

interface Piece {
  bytes: Uint8Array;
  /** Its last byte ends a line. */
  ends: boolean;
}

/**
 * Hands input on line by line while the shell reads it. A shell edits its line on a raw terminal:
 * what came behind that line would lose its Returns (`cat` would read CR for LF) and its Ctrl+D
 * when the terminal is switched over for the command. Marks are those of OSC 133.
 */
export class InputGate {
  /** Bytes that the terminal has not been given yet. */
  heldBytes = 0;
  private stage: Stage = "open";
  private held: Piece[] = [];
  private readonly lineEnds = new LineEnds();
  /** In `running`: a line has been written that nobody has been seen to read. */
  private ahead = false;
  /** The shell sends marks, and among them those of the prompt's end. */
  private marked = false;
  private marksEnd = false;
  private timer: Timer | undefined;
  private writing: Promise<void> = Promise.resolve();
  private relief = Promise.withResolvers<void>();

  constructor(private readonly terminal: GatedTerminal) {}

  /** Something is still to come of what was typed: it is held, or the shell has not answered it. */
  get isPending(): boolean {
    return this.heldBytes > 0 || this.stage === "submitted";
  }

  /** Types bytes; resolves when the terminal has taken them, or holding them costs little. */
  async input(bytes: Uint8Array): Promise<void> {
    if (this.stage === "closed") return;
    let at = 0;
    for (const end of this.lineEnds.in(bytes)) {
      this.held.push({ bytes: bytes.subarray(at, end + 1), ends: true });
      at = end + 1;
    }
    if (at < bytes.length) this.held.push({ bytes: bytes.subarray(at), ends: false });
    this.heldBytes += bytes.length;
    this.release();
    while (this.heldBytes > maxHeld) await this.relief.promise;
    await this.writing;
  }

  /** The data of an OSC 133, for example `D;0`. */
  mark(data: string): void {
    if (this.stage === "closed") return;
    const [kind, ...options] = data.split(";");
    this.marked = true;
    if (kind === "C") {
      this.start();
    } else if (kind === "B" || (kind === "A" && !this.marksEnd && !options.includes("k=r"))) {
      this.marksEnd ||= kind === "B";
      // What was typed ahead is the shell's if nobody else has read it.
      if ((this.stage === "running" && this.ahead) || this.terminal.unread() > 0) {
        this.enter("submitted", answerMs, () => this.enter("prompt"));
      } else if (this.stage !== "prompt") this.enter("prompt");
    }
  }

  /** Lets go of whoever waits; nothing is written any more. */
  close(): void {
    clearTimeout(this.timer);
    this.stage = "closed";
    this.held = [];
    this.heldBytes = 0;
    this.relief.resolve();
  }

  /** Begins a stage, which something else ends or else `late` after `ms` milliseconds. */
  private enter(stage: Stage, ms = 0, late?: () => void): void {
    clearTimeout(this.timer);
    if (late) this.later(ms, late);
    this.stage = stage;
    this.ahead = false;
    this.release();
  }

  private start(): void {
    this.enter("started", settleMs, () => this.enter("running"));
  }

  /** Writes as much of what is held as the stage allows. */
  private release(): void {
    if (this.held.length === 0) return;
    if (this.stage === "open") {
      this.releaseThroughEnding();
    } else if (this.stage === "prompt") {
      if (this.writeLine()) this.enter("submitted", answerMs, () => this.enter("open"));
    } else if (this.stage === "running" && this.ahead) {
      this.interrupt();
    } else if (this.stage === "running") {
      this.releaseAhead();
    }
  }

  /** Writes one line ahead of its reading. */
  private releaseAhead(): void {
    if (!this.terminal.isCanonical()) {
      this.stage = "raw";
      this.later(firstLookMs, () => this.releaseRaw(this.terminal.output().received));
      return;
    }
    const mayEnd = this.held.slice(0, 1).some((piece) => hasSignal(piece) || isEnding(piece));
    if (!this.writeLine()) return;
    if (mayEnd) this.start();
    else this.goAhead();
  }

  /** The same for a program that reads key by key: no mark of the shell was on its way. */
  private releaseRaw(output: number): void {
    if (this.terminal.isCanonical()) this.enter("running");
    else if (this.terminal.output().parsed < output) {
      this.later(firstLookMs, () => this.releaseRaw(output));
    } else if (this.writeLine()) this.awaitReader(firstLookMs);
    else this.enter("open");
  }

  /** Writes all, or up to an ending: what follows may be for another program. */
  private releaseThroughEnding(): void {
    const gated = this.marked && this.terminal.isCanonical();
    const end = gated ? this.held.findIndex(isEnding) : -1;
    const isEndOfFile = this.held[end]?.bytes.at(-1) === endOfFile;
    if (isEndOfFile && end > 0) this.writeThrough(end - 1);
    // It is one only for who reads it on a terminal that is still canonical.
    if (isEndOfFile && this.terminal.unread() > 0) {
      this.stage = "running";
      this.goAhead();
    } else if (this.writeThrough(isEndOfFile ? 0 : end)) this.start();
  }

  private goAhead(): void {
    this.ahead = true;
    this.awaitReader(firstLookMs);
  }

  /** Lets a Ctrl+C that is held, with all before it, go to a program that reads nothing. */
  private interrupt(): boolean {
    const last = this.held.findLastIndex(hasSignal);
    if (last < 0) return false;
    this.writeThrough(last);
    this.start();
    return true;
  }

  /** Writes up to the first line's end; whether there was one. */
  private writeLine(): boolean {
    return this.writeThrough(this.held.findIndex(({ ends }) => ends));
  }

  /** Writes up to and with the piece at `index`, or for -1 all; whether there is such a piece. */
  private writeThrough(index: number): boolean {
    const pieces = this.held.splice(0, index < 0 ? this.held.length : index + 1);
    const bytes = Buffer.concat(pieces.map((piece) => piece.bytes));
    this.heldBytes -= bytes.length;
    this.writing = this.terminal.write(bytes);
    this.relief.resolve();
    this.relief = Promise.withResolvers<void>();
    return index >= 0;
  }

  /** Opens when a program has read the line that was written ahead; marks say if the shell did. */
  private awaitReader(ms: number): void {
    this.later(ms, () => {
      if (this.terminal.unread() > 0) {
        if (!this.interrupt()) this.awaitReader(Math.min(ms * 2, longestLookMs));
      }
      // By then all that the shell wrote before it read has been received.
      else this.later(firstLookMs, () => this.openAfter(this.terminal.output().received));
    });
  }

  private openAfter(output: number): void {
    if (this.terminal.output().parsed >= output) this.enter("open");
    else this.later(firstLookMs, () => this.openAfter(output));
  }

  private later(ms: number, then: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(then, ms);
  }
}

function isEnding({ bytes }: Piece): boolean {
  return endings.includes(bytes.at(-1) ?? 0);
}

function hasSignal({ bytes }: Piece): boolean {
  return signals.some((signal) => bytes.includes(signal));
}
