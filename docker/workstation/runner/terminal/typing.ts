import { within } from "../../../../src/abort.ts";
import { NexoraError } from "../../../../src/contract/errors.ts";
import type { InputGate } from "./gate.ts";
import { plainKeys } from "./plain-keys.ts";

/** What is typed on a terminal. */
export class Typing {
  /** Bytes so far, each key counted as a shell gets it: who types knows no program's encoding. */
  bytes = 0;
  /** When the last of them came (performance.now). */
  at = 0;
  private readonly waiters = new Set<() => void>();
  private closed = false;

  constructor(
    private readonly id: string,
    private readonly gate: InputGate,
  ) {}

  /**
   * Types bytes; resolves when the terminal has taken them (of what is for the shell and programs
   * after it, a part may be held first: see InputGate). Throws `timeout` when `signal` aborts
   * before that: the bytes stay queued for a program that does not read.
   */
  async input(bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    this.bytes += plainKeys(bytes).length;
    this.at = performance.now();
    const taken = this.gate.input(bytes);
    for (const check of this.waiters) check();
    try {
      await within(taken, signal);
    } catch (error) {
      if (!signal?.aborted) throw error;
      throw new NexoraError("timeout", "the program in the terminal is not reading input");
    }
  }

  /**
   * Resolves when so many bytes have come, or `signal` aborts. Throws `not_found` when the terminal
   * has ended before.
   */
  async await(count: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const check = () => {
      if (this.bytes >= count || this.closed || signal.aborted) resolve();
    };
    this.waiters.add(check);
    signal.addEventListener("abort", check);
    check();
    await promise;
    signal.removeEventListener("abort", check);
    this.waiters.delete(check);
    if (this.closed && this.bytes < count) {
      throw new NexoraError("not_found", `terminal ${this.id} is closed`);
    }
  }

  close(): void {
    this.closed = true;
    this.gate.close();
    for (const check of this.waiters) check();
  }
}
