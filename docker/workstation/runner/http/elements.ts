import { NexoraError } from "../../../../src/contract/errors.ts";
import type { RunnerAccessibleWindow, RunnerElementAct } from "../../../../src/runner/elements.ts";

/** Most windows of one request. */
const most = 2000;
const acts = ["see", "read", "locate", "focus", "press"] as const;

/** Reads the body of `POST /runner/elements`. Throws `usage`. */
export async function parseWindows(request: Request): Promise<RunnerAccessibleWindow[]> {
  return windowsOf(await bodyOf(request));
}

/** Reads the body of `POST /runner/element`. Throws `usage`. */
export async function parseElementAct(
  request: Request,
): Promise<{ key: string; act: RunnerElementAct; windows: RunnerAccessibleWindow[] }> {
  const body = await bodyOf(request);
  const act = acts.find((each) => each === body.act);
  if (typeof body.key !== "string") throw new NexoraError("usage", "`key` must be a text");
  if (!act) throw new NexoraError("usage", "`act` is none");
  return { key: body.key, act, windows: windowsOf(body) };
}

async function bodyOf(request: Request): Promise<Record<string, unknown>> {
  return ((await request.json().catch(() => null)) ?? {}) as Record<string, unknown>;
}

function windowsOf({ windows }: Record<string, unknown>): RunnerAccessibleWindow[] {
  if (Array.isArray(windows) && windows.length <= most && windows.every(isWindow)) return windows;
  throw new NexoraError("usage", "`windows` must be a list of windows");
}

function isWindow(value: unknown): value is RunnerAccessibleWindow {
  const it = (value ?? {}) as Record<string, unknown>;
  const isPlaced = [it.x, it.y, it.width, it.height].every(Number.isFinite);
  const isNamed = typeof it.id === "string" && typeof it.title === "string";
  return isPlaced && isNamed && typeof it.managed === "boolean";
}
