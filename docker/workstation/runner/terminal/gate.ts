import { HeldInput } from "./held.ts";
import { plainKeys } from "./plain-keys.ts";
import type { Waiting } from "./programs.ts";

/** How often to look whether a program waits, in milliseconds; no event tells. It grows to the longest. */
const firstLookMs = 1;
const longestLookMs = 100;
/** How long a program rests that waits for other things too, and may be at work on those. */
const restMs = 50;
/** A program that has not waited for so long may be one of which that cannot be seen. */
const aheadMs = 500;
/** A program that has not waited for so long may be meant by Ctrl+C. */
const interruptMs = 100;
/** How far a key that was held stays apart from what comes next; Escape, which programs watch longer. */
const keyMs = 15;
const escapeMs = 100;
const escapeByte = 0x1b;
/** Of more lines than `most` at once, a program gets all but the last ones together. */
const most = 16;
const lastLines = 4;
/** Bytes that are held before whoever types must wait. */
const maxHeld = 64 * 1024;

/** The terminal behind the gate. */
export interface GatedTerminal {
  /** Resolves when the terminal has taken the bytes. */
  write(bytes: Uint8Array): Promise<void>;
  /** Bytes written that no program has read. */
  unread(): number;
  /** How a program waits for input, when all that it has shown has come; null when none does. */
  waiting(): Waiting | null;
  /** When something was shown last (performance.now). */
  shownAt(): number;
}

/**
 * Hands input on line by line, each to whoever waits for it: what comes behind the line that starts
 * or ends a program would go to the wrong one. A shell edits its line on a raw terminal, where what
 * follows loses its Returns (`cat` would read CR for LF) and its Ctrl+D; and a full-screen program
 * takes with it what it has read when it ends.
 */
export class InputGate {
  private readonly held = new HeldInput();
  /** Somebody has got a line, or a key before others, and nobody has been seen to wait since. */
  private awaiting = true;
  /** When the last line or key went, or all began. */
  private since = performance.now();
  /** Since when a program has been seen to rest; null when it does not. */
  private restsSince: number | null = null;
  /** How long, and until when, a key stands alone. */
  private alone = { ms: 0, until: 0 };
  /** The shell is at its prompt, as far as its marks tell. */
  private atPrompt = false;
  private lookMs = firstLookMs;
  private timer: Timer | undefined;
  private writing: Promise<void> = Promise.resolve();
  private relief = Promise.withResolvers<void>();
  private closed = false;

  constructor(private readonly terminal: GatedTerminal) {}

  /** Bytes that the terminal has not been given yet. */
  get heldBytes(): number {
    return this.held.size;
  }

  /** Whether a program waits for input, and has read all that it was given. */
  isRead(): boolean {
    if (this.terminal.unread() > 0) return false;
    return this.awaiting ? this.rests(performance.now()) : this.terminal.waiting() !== null;
  }

  /** Types bytes; resolves when the terminal has taken them, or holding them costs little. */
  async input(bytes: Uint8Array): Promise<void> {
    if (this.closed) return;
    this.held.add(bytes);
    this.lookMs = firstLookMs;
    this.release();
    while (this.held.size > maxHeld) await this.relief.promise;
    await this.writing;
  }

  /** The data of an OSC 133, for example `D;0`. */
  mark(data: string): void {
    if (data.startsWith("C")) this.atPrompt = false;
    if (!/^[AB]/.test(data)) return;
    // What the program before has made of keys, the shell does not know.
    if (!this.atPrompt) this.held.rewrite(plainKeys);
    this.atPrompt = true;
    this.lookMs = firstLookMs;
    if (this.held.size > 0) this.lookLater();
  }

  /** Lets go of whoever waits; nothing is written any more. */
  close(): void {
    clearTimeout(this.timer);
    this.closed = true;
    this.held.clear();
    this.relief.resolve();
  }

  /** Writes as much of what is held as may be read now. */
  private release(): void {
    while (this.held.size > 0) {
      const lines = this.readableLines();
      if (lines === 0) break;
      const { bytes, end } = this.held.take(lines);
      if (end !== null) this.since = performance.now();
      if (end === "key") this.stayAlone(bytes.at(-1) === escapeByte ? escapeMs : keyMs);
      // Who sends keys one by one sets them apart himself.
      this.write(bytes, end === "key" ? this.held.size > 0 : end !== null);
    }
    this.interrupt();
    if (this.held.size > 0) this.lookLater();
  }

  private stayAlone(ms: number): void {
    this.alone = { ms, until: performance.now() + ms };
  }

  /** How many lines may go now. */
  private readableLines(): number {
    const now = performance.now();
    if (this.terminal.unread() > 0) {
      this.restsSince = null;
      // For who reads it, a key's time begins only then.
      if (this.alone.ms > 0) this.stayAlone(this.alone.ms);
    }
    if (now < this.alone.until) return 0;
    this.alone.ms = 0;
    if (!this.awaiting) return 1;
    if (this.terminal.unread() > 0) return 0;
    const { lines } = this.held;
    if (this.rests(now)) return lines > most && !this.atPrompt ? lines - lastLines : 1;
    return now - this.since >= aheadMs ? 1 : 0;
  }

  /** Whether a program waits for input, and for long enough. */
  private rests(now: number): boolean {
    const waiting = this.terminal.waiting();
    if (waiting === "alone" || (waiting && this.atPrompt)) return true;
    this.restsSince = waiting && Math.max(this.restsSince ?? now, this.terminal.shownAt());
    return this.restsSince !== null && now - this.restsSince >= restMs;
  }

  /** Lets a Ctrl+C that is held, with all before it, go to a program that does not wait. */
  private interrupt(): void {
    if (performance.now() - this.since < interruptMs) return;
    const bytes = this.held.takeSignal();
    if (!bytes) return;
    this.since = performance.now();
    this.write(bytes, true);
  }

  private write(bytes: Uint8Array, awaiting: boolean): void {
    this.awaiting = awaiting;
    this.restsSince = null;
    this.lookMs = firstLookMs;
    this.writing = this.terminal.write(bytes);
    this.relief.resolve();
    this.relief = Promise.withResolvers<void>();
  }

  private lookLater(): void {
    clearTimeout(this.timer);
    if (this.closed) return;
    this.timer = setTimeout(() => this.release(), this.lookMs);
    this.lookMs = Math.min(this.lookMs * 2, longestLookMs);
  }
}
