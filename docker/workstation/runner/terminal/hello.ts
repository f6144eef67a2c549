import { NexoraError } from "../../../../src/contract/errors.ts";
import type { RelayHello } from "./relay.ts";

const maxCells = 2000;

/** Checks a relay's first frame. */
export function parseHello(value: unknown): RelayHello {
  const { terminal, window, command, cwd, env } = record(value);
  const id = typeof terminal === "string" && /^t\d{1,4}$/.test(terminal) ? terminal : null;
  return {
    terminal: id,
    window: typeof window === "number" && Number.isInteger(window) ? window : null,
    command: Array.isArray(command) ? command.filter(isText) : null,
    cwd: isText(cwd) ? cwd : "/",
    env: Object.fromEntries(Object.entries(record(env)).filter(hasText)),
    ...parseSize(value),
  };
}

/** Checks a size in cells; a window that is not laid out yet says 0 and gets the smallest. */
export function parseSize(value: unknown): { columns: number; rows: number } {
  const { columns, rows } = record(value);
  return { columns: cells(columns, "columns"), rows: cells(rows, "rows") };
}

function cells(value: unknown, name: string): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > maxCells) {
    throw new NexoraError("usage", `\`${name}\` must be a whole number up to ${maxCells}`);
  }
  return Math.max(value, 2);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function hasText(entry: [string, unknown]): entry is [string, string] {
  return isText(entry[1]);
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
