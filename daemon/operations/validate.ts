import type { z } from "zod";
import { NexoraError } from "../../src/contract/errors.ts";
import { explain, plainIssue } from "../plain-issue.ts";

/** Checks fields against a schema, and that their text is text. Throws `usage`, naming the field. */
export function validate<T extends z.ZodObject>(schema: T, fields: unknown): z.output<T> {
  const result = schema.safeParse(fields, { error: plainIssue });
  if (!result.success) {
    const { message, hint, issues } = explain(schema, result.error);
    throw new NexoraError("usage", message, { hint, details: { issues } });
  }
  const path = halfCharacter(result.data);
  if (path === null) return result.data;
  const message = `${path.join(".")}: must not contain half a character (a lone surrogate)`;
  throw new NexoraError("usage", message, { details: { issues: [{ path, message }] } });
}

/**
 * Where a text has half of a surrogate pair, which JSON can say and UTF-8 cannot: it would come out
 * as another character. Null: nowhere.
 */
function halfCharacter(value: unknown): string[] | null {
  if (typeof value === "string") return value.isWellFormed() ? null : [];
  if (typeof value !== "object" || value === null) return null;
  for (const [name, inner] of Object.entries(value)) {
    const path = name.isWellFormed() ? halfCharacter(inner) : [];
    if (path !== null) return [name, ...path];
  }
  return null;
}
