import { NexoraError } from "../../src/contract/errors.ts";
import type { Live } from "./directory.ts";

/** How often it is looked, in milliseconds: longer than a runner that is well again stays unhealthy. */
const lookMs = 6000;

/**
 * For what has no time limit of its own, as a copy: the signal aborts once the session's runner is
 * known to be silent, because nothing goes in or comes out then.
 */
export class Silence implements Disposable {
  readonly signal: AbortSignal;
  private readonly timer: Timer;

  constructor(session: Pick<Live, "unhealthy">) {
    const silent = new AbortController();
    this.signal = silent.signal;
    this.timer = setInterval(() => {
      if (session.unhealthy !== null) silent.abort(notAnswering(session.unhealthy));
    }, lookMs);
  }

  [Symbol.dispose](): void {
    clearInterval(this.timer);
  }
}

function notAnswering(why: string): NexoraError {
  return new NexoraError("timeout", `the workstation has not answered: ${why}`, {
    hint: "see `nexora session show`: is it paused, or out of memory?",
  });
}
