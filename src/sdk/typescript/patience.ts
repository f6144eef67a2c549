import { after, delay } from "../../abort.ts";
import { asNexoraError, NexoraError } from "../../contract/errors.ts";
import type { CallOptions } from "./types.ts";

/** When a call is given up: as its caller says, or once its time is over. */
export class Patience {
  private readonly controller = new AbortController();
  private readonly cancel: () => void;
  private readonly abort = () => this.controller.abort(this.options.signal?.reason);

  constructor(private readonly options: CallOptions) {
    const { signal, timeoutMs } = options;
    if (signal?.aborted) this.abort();
    signal?.addEventListener("abort", this.abort, { once: true });
    const late = `the daemon did not reply within ${timeoutMs} ms`;
    const over = () => this.controller.abort(new NexoraError("timeout", late));
    this.cancel = timeoutMs === undefined ? () => {} : after(timeoutMs, over);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** What came in time may now go on for as long as it takes. */
  begun(): void {
    this.cancel();
  }

  /** The call has ended. */
  end(): void {
    this.cancel();
    this.options.signal?.removeEventListener("abort", this.abort);
  }

  /** Resolves after so many milliseconds; throws when the call is given up before. */
  async pause(ms: number): Promise<void> {
    await delay(ms, this.signal);
    this.check();
  }

  /** Throws the reason when the call was given up. */
  check(): void {
    if (!this.signal.aborted) return;
    const reason: unknown = this.signal.reason;
    const error = asNexoraError(reason);
    if (error.code !== "unexpected") throw error;
    throw new NexoraError("interrupted", "the call was cancelled", { cause: reason });
  }
}
