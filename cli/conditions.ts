import { usageError } from "./usage.ts";
import { readValue } from "./values.ts";
import type { Flag } from "./verb.ts";
import { verbs } from "./verbs.ts";

type Condition = Record<string, unknown>;

/**
 * Reads the `COND` of `--wait`: a flag of `nexora wait` without its dashes, `prompt` or `text=RE`.
 */
export function readCondition(word: string): Condition {
  const equals = word.indexOf("=");
  const name = equals < 0 ? word : word.slice(0, equals);
  const value = equals < 0 ? undefined : word.slice(equals + 1);
  const flag = flags().find((each) => each.name === name);
  const given = value ?? (flag?.kind === "boolean" ? "true" : flag?.bare);
  if (!flag || !given) {
    throw usageError(
      `--wait: ${JSON.stringify(word)} is not a condition`,
      `expected one of ${flags().map(spelling).join(", ")}`,
    );
  }
  const read = readValue({ ...flag, name: `wait ${name}` }, given);
  return { [flag.field]: flag.repeatable ? [read] : read };
}

/** Both conditions in one: lists go on, else the later one counts. */
export function mergeConditions(before: unknown, condition: Condition): Condition {
  const merged: Condition = { ...(typeof before === "object" ? before : {}) };
  for (const [field, value] of Object.entries(condition)) {
    const held = merged[field];
    merged[field] = Array.isArray(held) && Array.isArray(value) ? [...held, ...value] : value;
  }
  return merged;
}

function flags(): readonly Flag[] {
  return verbs.named(["wait"])?.flags ?? [];
}

function spelling({ name, value, bare }: Flag): string {
  if (value === undefined) return name;
  return bare === undefined ? `${name}=${value}` : `${name}[=${value}]`;
}
