import { NexoraError } from "../../../../src/contract/errors.ts";
import type { RunnerWindowAction } from "../../../../src/runner/windows.ts";

const plain = ["focus", "raise", "lower", "maximize", "minimize", "restore", "close"] as const;

/** Reads the body of `POST /runner/window`. Throws `usage`. */
export async function parseWindowAction(
  request: Request,
): Promise<{ window: string; action: RunnerWindowAction }> {
  const body = (await request.json().catch(() => null)) as Record<string, unknown> | null;
  const { window, action, x, y, width, height } = body ?? {};
  if (typeof window !== "string") throw new NexoraError("usage", "`window` must be an id");
  if (action === "move" && isPixels(x) && isPixels(y)) return { window, action: { action, x, y } };
  if (action === "resize" && isPixels(width) && isPixels(height)) {
    return { window, action: { action, width, height } };
  }
  const known = plain.find((each) => each === action);
  if (known) return { window, action: { action: known } };
  throw new NexoraError("usage", "`action` is none, or lacks its numbers");
}

/** X11 has 16 bits for a coordinate. */
function isPixels(value: unknown): value is number {
  return Number.isInteger(value) && Math.abs(value as number) < 32_768;
}
