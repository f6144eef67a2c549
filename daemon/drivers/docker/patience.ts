import type Docker from "dockerode";
import { NexoraError } from "../../../src/contract/errors.ts";

/** How long the engine may take to answer, in milliseconds. */
interface Patience {
  /** What it answers from memory. */
  questionMs: number;
  /** What it does on its disk. */
  changeMs: number;
}

const patience: Patience = { questionMs: 20_000, changeMs: 60_000 };

/** Requests that take as long as they take: whoever makes one gives it a signal of its own. */
const endless = /^(?:\/v[\d.]+)?\/(?:build|images\/create|containers\/[^/]+\/wait)\b/;

type Modem = Docker["modem"];
type Request = Parameters<Modem["dial"]>[0];
type Answer = NonNullable<Parameters<Modem["dial"]>[1]>;

/**
 * Makes every request of a client end: with the answer, with its signal, or, when the engine does
 * not answer in time, with `engine_unreachable`. dockerode passes signals on for some requests only,
 * and keeps no deadlines. What it gives after that is thrown away.
 */
export function withPatience(docker: Docker, { questionMs, changeMs } = patience): Docker {
  const { modem } = docker;
  const dial = modem.dial.bind(modem);
  modem.dial = (request, answer) => {
    const caller = request.abortSignal;
    const base = request.method === "GET" ? questionMs : changeMs;
    const ms = endless.test(request.path) ? null : base + graceMs(request);
    const ended = new AbortController();
    let open = true;
    const settle: Answer = (error, data) => {
      if (!open) return discard(data);
      open = false;
      clearTimeout(timer);
      caller?.removeEventListener("abort", onAbort);
      answer?.(error, data);
    };
    const giveUp = (error: Error) => {
      settle(error, null);
      ended.abort(error);
    };
    const onAbort = () => giveUp(caller?.reason);
    const timer = ms === null ? undefined : setTimeout(() => giveUp(silent(request, ms)), ms);
    if (caller?.aborted) return onAbort();
    caller?.addEventListener("abort", onAbort, { once: true });
    // A stream goes on after the answer, and still ends with the caller's signal.
    const abortSignal = caller ? AbortSignal.any([caller, ended.signal]) : ended.signal;
    dial({ ...request, abortSignal }, settle);
  };
  return docker;
}

/** A stop is answered after the grace that the container gets. */
function graceMs({ options }: Request): number {
  const { t } = (options ?? {}) as { t?: unknown };
  return typeof t === "number" ? t * 1000 : 0;
}

function silent({ method, path }: Request, ms: number): NexoraError {
  return new NexoraError(
    "engine_unreachable",
    `the Docker engine has not answered for ${ms / 1000} s`,
    {
      hint: "see the engine's own log (`journalctl -u docker`); it may need a restart",
      details: { request: `${method} ${path.replace(/\?.*$/, "")}` },
    },
  );
}

/** A stream that nobody waits for any more. */
function discard(data: unknown): void {
  (data as { destroy?: () => void } | undefined)?.destroy?.();
}
