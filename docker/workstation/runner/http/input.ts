import { deadline } from "../../../../src/abort.ts";
import { NexoraError } from "../../../../src/contract/errors.ts";
import type { RunnerSettle } from "../../../../src/runner/terminal.ts";

/** Longest text of one request, in bytes. */
const maxText = 4 * 1024 * 1024;
const defaultDeadlineMs = 5_000;
const longestDeadlineMs = 60_000;

/** A RunnerInput, checked. */
export interface Input {
  terminal: string | undefined;
  text: Uint8Array | null;
  awaitInputBytes: number | null;
  awaitRestMs: number | null;
  /** Aborts at the deadline, and when the client goes away. */
  deadline: AbortSignal;
}

/** Reads the body of `POST /runner/input`. Throws `usage` or `too_large`. */
export async function parseInput(request: Request): Promise<Input> {
  if (Number(request.headers.get("content-length") ?? Number.NaN) > 2 * maxText) {
    throw new NexoraError("too_large", "the input is longer than 4 MiB");
  }
  const body = (await request.json().catch(() => null)) as Record<string, unknown> | null;
  const { terminal, text, awaitInputBytes, awaitRestMs } = body ?? {};
  const { deadlineMs = defaultDeadlineMs } = body ?? {};
  if (typeof body !== "object" || body === null) {
    throw new NexoraError("usage", "the input must be a JSON object");
  }
  if (terminal !== undefined && typeof terminal !== "string") throw bad("terminal", "an id");
  if (text !== undefined && typeof text !== "string") throw bad("text", "a string");
  if (awaitInputBytes !== undefined && !isCount(awaitInputBytes)) {
    throw bad("awaitInputBytes", "a whole number");
  }
  if (awaitRestMs !== undefined && !isCount(awaitRestMs)) throw bad("awaitRestMs", "milliseconds");
  if (!isCount(deadlineMs) || deadlineMs > longestDeadlineMs) {
    throw bad("deadlineMs", `a number up to ${longestDeadlineMs}`);
  }
  const bytes = text === undefined ? null : new TextEncoder().encode(text);
  if (bytes && bytes.length > maxText) {
    throw new NexoraError("too_large", "the input is longer than 4 MiB");
  }
  return {
    terminal,
    text: bytes,
    awaitInputBytes: awaitInputBytes ?? null,
    awaitRestMs: awaitRestMs ?? null,
    deadline: deadline(deadlineMs, request.signal),
  };
}

/** Reads the body of `POST /runner/settle`. Throws `usage`. */
export async function parseSettle(request: Request): Promise<RunnerSettle> {
  const body = (await request.json().catch(() => null)) as Record<string, unknown> | null;
  const { withinMs, reactMs } = body ?? {};
  if (!isCount(withinMs) || withinMs > longestDeadlineMs) throw bad("withinMs", "milliseconds");
  if (!isCount(reactMs) || reactMs > longestDeadlineMs) throw bad("reactMs", "milliseconds");
  return { withinMs, reactMs };
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}

function bad(field: string, expected: string): NexoraError {
  return new NexoraError("usage", `\`${field}\` must be ${expected}`);
}
