import { asNexoraError, type ErrorCode } from "../../src/contract/errors.ts";
import type { Answer, Check } from "../../src/contract/expect.ts";

/** What an answer rests on. */
export type Seen = Partial<Omit<Check, "condition" | "answer">>;

export function yes(condition: string, seen: Seen = {}): Check {
  return answered(condition, "yes", seen);
}

export function no(condition: string, why: string, seen: Seen = {}): Check {
  return answered(condition, "no", { ...seen, why });
}

export function unknown(condition: string, why: string, seen: Seen = {}): Check {
  return answered(condition, "unknown", { ...seen, why });
}

/** `why`: said when it is not so. */
export function whether(isSo: boolean, condition: string, why: string, seen: Seen = {}): Check {
  return isSo ? yes(condition, seen) : no(condition, why, seen);
}

/** The answer of all: a no counts before what is unknown. */
export function overall(checks: readonly Check[]): Answer {
  const has = (answer: Answer) => checks.some((check) => check.answer === answer);
  return has("no") ? "no" : has("unknown") ? "unknown" : "yes";
}

/** A program's silence or refusal: it says nothing about how things are. */
const silences: readonly ErrorCode[] = ["timeout", "action_failed", "page_crashed", "dialog_open"];

/** The checks of some conditions; all of them unknown when what knows about them does not answer. */
export async function unlessSilent(
  conditions: readonly string[],
  check: () => Promise<Check[]>,
  signal: AbortSignal,
): Promise<Check[]> {
  try {
    return await check();
  } catch (error) {
    signal.throwIfAborted();
    const { code, message } = asNexoraError(error);
    if (!silences.includes(code)) throw error;
    return conditions.map((condition) => unknown(condition, message));
  }
}

function answered(condition: string, answer: Answer, seen: Seen): Check {
  const nothing = { why: null, window: null, line: null, region: null, source: null };
  const nor = { confidence: null, thing: null, command: null, listener: null, file: null };
  return { ...nothing, ...nor, ...seen, condition, answer };
}
