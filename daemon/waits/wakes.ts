import { delay, within } from "../../src/abort.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { Displays } from "../display/types.ts";
import type { AskedEvents, RunnerClient } from "../runner/client.ts";

/** Between two looks when pixels have changed, in milliseconds: a film would have us look at each frame. */
const betweenLooksMs = 100;

export interface WakeParts {
  runner: Pick<RunnerClient, "events">;
  displays: Pick<Displays, "acquire">;
}

/** All that says that it is worth while to look again. */
export class Wakes implements Disposable {
  private woken = Promise.withResolvers<void>();
  private readonly ends = new DisposableStack();
  private followsPixels = false;
  /** Why nothing more will wake us. */
  private failure: { reason: unknown } | null = null;

  constructor(
    private readonly parts: WakeParts,
    private readonly session: string,
    private readonly signal: AbortSignal,
  ) {
    this.woken.promise.catch(() => {});
  }

  /** Begins with the runner's greeting: nothing falls between subscribing and looking. */
  follow(asked: AskedEvents): void {
    const ended = new AbortController();
    this.ends.defer(() => ended.abort());
    const signal = AbortSignal.any([this.signal, ended.signal]);
    const read = async () => {
      for await (const _event of this.parts.runner.events(this.session, signal, asked)) this.wake();
      throw connectionLost();
    };
    read().catch((error) => this.fail(error));
  }

  /** From now on changed pixels wake as well. */
  async followPixels(): Promise<void> {
    if (this.followsPixels) return delay(betweenLooksMs, this.signal);
    this.followsPixels = true;
    const { display } = this.ends.use(await this.parts.displays.acquire(this.session, this.signal));
    this.ends.defer(display.onChange(() => this.wake()));
    this.ends.defer(display.onClose((error) => this.fail(error)));
    // What has changed before it was watched.
    this.wake();
  }

  /** Resolves when something has woken us since it was called last. Rejects when nothing more will. */
  async next(): Promise<void> {
    await within(this.woken.promise, this.signal);
    if (this.failure) throw this.failure.reason;
    this.woken = Promise.withResolvers<void>();
    this.woken.promise.catch(() => {});
  }

  [Symbol.dispose](): void {
    this.ends.dispose();
  }

  private fail(reason: unknown): void {
    this.failure = { reason };
    this.woken.reject(reason);
  }

  private wake(): void {
    this.woken.resolve();
  }
}

/** The workstation tells of nothing any more. */
export function connectionLost(): NexoraError {
  return new NexoraError(
    "engine_failed",
    "the connection to the workstation was lost while waiting",
    { hint: "see `nexora session show`: the workstation may have stopped" },
  );
}
