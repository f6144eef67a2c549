import type { z } from "zod";

/**
 * What is wrong with a value, in words that follow the name of its field (`size: must be …`).
 * Undefined leaves zod's own words; those of a schema come before either.
 */
export function plainIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "missing" : `must be ${kind(issue.expected)}`;
    case "invalid_value":
      return `must be one of ${issue.values.map(String).join(", ")}`;
    case "too_small":
      return `must ${bound("at least", issue.origin, issue.minimum)}`;
    case "too_big":
      return `must ${bound("at most", issue.origin, issue.maximum)}`;
    case "invalid_union":
      return "not valid";
    default:
      return undefined;
  }
}

function kind(expected: string): string {
  if (expected === "int") return "a whole number";
  if (expected === "record") return "an object";
  return /^[aeiou]/.test(expected) ? `an ${expected}` : `a ${expected}`;
}

function bound(which: string, origin: string, limit: number | bigint): string {
  const unit = origin === "string" ? "character" : origin === "array" ? "item" : null;
  if (unit === null) return `be ${which} ${limit}`;
  return `have ${which} ${limit} ${unit}${Number(limit) === 1 ? "" : "s"}`;
}
