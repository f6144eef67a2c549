import type { z } from "zod";
import { NexoraError } from "../../src/contract/errors.ts";
import { explain, plainIssue } from "../plain-issue.ts";

/** Checks fields against a schema. Throws `usage`, naming the field. */
export function validate<T extends z.ZodObject>(schema: T, fields: unknown): z.output<T> {
  const result = schema.safeParse(fields, { error: plainIssue });
  if (result.success) return result.data;
  const { message, hint, issues } = explain(schema, result.error);
  throw new NexoraError("usage", message, { hint, details: { issues } });
}
