import { type Answer, Answers } from "./answers.ts";
import { type Asker, askerOf, type Foreground, isGone } from "./asker.ts";
import { QueryFinder } from "./queries.ts";

/** Longest that an answer waits until its program reads, in milliseconds. */
const answerMs = 500;

/** Whom answers are for. */
export interface Audience {
  /** A program waits for input, has read all that it was given, and what it wrote was followed. */
  waits(): boolean;
  foreground(): Foreground;
  /** Gives it an answer, past what is held of the typing. */
  write(bytes: Uint8Array): void;
  /** Drops what it has been given and has not read. */
  discard(): void;
}

/**
 * What an xterm answers to queries: it comes through its keyboard, and nobody has typed it. An
 * answer whose program has ended is nobody's: the shell would take it for a line.
 */
export class Replies {
  private readonly queries = new QueryFinder();
  private readonly answers = new Answers<Asker>();
  private giving: Promise<void> = Promise.resolve();
  /** An answer is the last that a waiting program has been given. */
  private isLast = false;
  private closed = false;

  constructor(private readonly audience: Audience) {}

  /** Shows output piece by piece: who asks something is known by the marks that come before. */
  follow(bytes: Uint8Array, show: (bytes: Uint8Array) => void): void {
    let at = 0;
    for (const { query, end } of this.queries.in(bytes)) {
      show(bytes.subarray(at, end));
      this.answers.asked(query, askerOf(this.audience.foreground()));
      at = end;
    }
    show(bytes.subarray(at));
  }

  /** Hands the answers on to their programs; what is left has been typed. */
  takeFrom(bytes: Uint8Array): Uint8Array {
    const { typed, answers } = this.answers.split(bytes);
    for (const answer of answers) this.giving = this.giving.then(() => this.give(answer));
    return typed;
  }

  /** To be called when what was typed is given to the terminal. */
  typed(): void {
    this.isLast = false;
  }

  /**
   * The data of an OSC 133. A command that has ended may have left its answer: nothing else is in the
   * queue, because the program waited before, and so had read all that was typed.
   */
  mark(data: string): void {
    if (!data.startsWith("D") || !this.isLast) return;
    this.isLast = false;
    this.audience.discard();
  }

  close(): void {
    this.closed = true;
  }

  /** Gives an answer to its program once that reads, so that no answer outlives it. */
  private async give({ bytes, asker }: Answer<Asker>): Promise<void> {
    const until = performance.now() + answerMs;
    let waits = false;
    while (!waits) {
      waits = this.audience.waits();
      if (this.closed || isGone(asker, this.audience.foreground())) return;
      if (performance.now() >= until) break;
      // That a program reads, no event tells.
      if (!waits) await Bun.sleep(1);
    }
    this.isLast = waits;
    this.audience.write(bytes);
  }
}
