import type { z } from "zod";
import { NexoraError } from "../../src/contract/errors.ts";
import { nearest } from "../../src/nearest.ts";
import { plainIssue } from "../plain-issue.ts";

/** Checks fields against a schema. Throws `usage`, naming the field. */
export function validate<T extends z.ZodObject>(schema: T, fields: unknown): z.output<T> {
  const result = schema.safeParse(fields, { error: plainIssue });
  if (result.success) return result.data;
  const { issues } = result.error;
  // A misspelt field that is required is missing as well: its name says more.
  const issue = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0];
  const field = issue?.path.join(".") ?? "";
  if (issue?.code === "unrecognized_keys") throw unknownField(schema, field, issue.keys[0] ?? "");
  throw new NexoraError("usage", field ? `${field}: ${issue?.message}` : `${issue?.message}`, {
    details: { issues: issues.map(({ path, message }) => ({ path, message })) },
  });
}

function unknownField(schema: z.ZodObject, inside: string, name: string): NexoraError {
  const known = inside === "" ? Object.keys(schema.shape) : [];
  const [near] = nearest(name, known, 1);
  const field = inside === "" ? name : `${inside}.${name}`;
  return new NexoraError("usage", `there is no field ${JSON.stringify(field)}`, {
    hint: near
      ? `did you mean ${JSON.stringify(near)}?`
      : known.length > 0
        ? `expected one of ${known.join(", ")}`
        : undefined,
  });
}
