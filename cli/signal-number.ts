import { constants } from "node:os";

/** Number of a signal by its name (`SIGKILL`: 9), 0 when unknown. */
export function signalNumber(name: string | null): number {
  const numbers: Record<string, number> = constants.signals;
  return numbers[name ?? ""] ?? 0;
}
