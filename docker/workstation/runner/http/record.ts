import { NexoraError } from "../../../../src/contract/errors.ts";
import type { RunnerRecord } from "../../../../src/runner/record.ts";

/** Reads the body of `POST /runner/recordings`. Throws `usage`. */
export async function parseRecord(request: Request): Promise<RunnerRecord> {
  const body = (await request.json().catch(() => null)) as Record<string, unknown> | null;
  const { kind, forMs, maxBytes, fps } = body ?? {};
  if (kind !== "desktop" && kind !== "terminal") {
    throw new NexoraError("usage", "`kind` must be desktop or terminal");
  }
  if (!isAbove0(forMs) || !isAbove0(maxBytes) || !isAbove0(fps)) {
    throw new NexoraError("usage", "`forMs`, `maxBytes` and `fps` must be numbers above 0");
  }
  return { kind, forMs, maxBytes, fps };
}

function isAbove0(value: unknown): value is number {
  return typeof value === "number" && value > 0;
}
