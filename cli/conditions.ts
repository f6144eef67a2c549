import { usageError } from "./usage.ts";
import { readDuration } from "./values.ts";

/** How long the screen must keep still when `--wait stable` gives no time, in milliseconds. */
const defaultStableMs = 300;

/**
 * Reads the `COND` of `type --wait` and `key --wait` into a waitCondition of the API: `prompt`,
 * `ready`, `change`, `stable[=DUR]`, `text=RE`, `gone=RE`, `title=RE`.
 */
export function readCondition(word: string): Record<string, unknown> {
  const equals = word.indexOf("=");
  const name = equals < 0 ? word : word.slice(0, equals);
  const value = equals < 0 ? undefined : word.slice(equals + 1);
  const isFlag = name === "prompt" || name === "ready" || name === "change";
  if (isFlag && value === undefined) return { [name]: true };
  if (name === "stable") {
    const stableMs = value === undefined ? defaultStableMs : readDuration(value);
    if (stableMs !== undefined) return { stableMs };
  }
  if ((name === "text" || name === "gone" || name === "title") && value) return { [name]: [value] };
  throw usageError(
    `--wait: ${JSON.stringify(word)} is not a condition`,
    "it takes prompt, ready, change, stable[=DUR], text=RE, gone=RE or title=RE",
  );
}
