import { NexoraError } from "../../../../src/contract/errors.ts";
import type { RunnerOpen } from "../../../../src/runner/windows.ts";

/** Longest wait for a window, in milliseconds. */
const longestMs = 600_000;

/** Reads the body of `POST /runner/open`. Throws `usage`. */
export async function parseOpen(request: Request): Promise<RunnerOpen> {
  const body = (await request.json().catch(() => null)) as Record<string, unknown> | null;
  const { target, withinMs } = body ?? {};
  const isText = (it: unknown) => typeof it === "string" && it !== "" && !it.includes("\0");
  if (!Array.isArray(target) || target.length === 0 || !target.every(isText)) {
    throw new NexoraError("usage", "`target` must be a list of one or more words");
  }
  if (typeof withinMs !== "number" || !(withinMs > 0 && withinMs <= longestMs)) {
    throw new NexoraError("usage", `\`withinMs\` must be a number up to ${longestMs}`);
  }
  return { target, withinMs };
}
