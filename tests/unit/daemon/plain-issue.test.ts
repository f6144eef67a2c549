import { expect, test } from "bun:test";
import { z } from "zod";
import { explain, plainIssue } from "../../../daemon/plain-issue.ts";

const schema = z.strictObject({
  text: z.string().max(3).optional(),
  count: z.number().int().min(1).max(9).optional(),
  keys: z.array(z.string()).min(1).optional(),
  format: z.enum(["png", "jpeg"]).optional(),
  region: z.strictObject({ x: z.number() }).optional(),
  env: z.record(z.string(), z.string()).optional(),
  look: z.union([z.boolean(), z.strictObject({ lines: z.number().max(2).default(0) })]).optional(),
  memoryBytes: z
    .number()
    .min(128 * 1024 ** 2)
    .optional(),
  waitMs: z.number().min(390_000).optional(),
  own: z.string().regex(/^a/, "must start with a").optional(),
});

test.each<[object, string]>([
  [{ text: 3 }, "text: must be a string"],
  [{ text: "four" }, "text: must have at most 3 characters"],
  [{ count: "1" }, "count: must be a number"],
  [{ count: 1.5 }, "count: must be a whole number"],
  [{ count: 0 }, "count: must be at least 1"],
  [{ count: 10 }, "count: must be at most 9"],
  [{ keys: [] }, "keys: must have at least 1 item"],
  [{ keys: "a" }, "keys: must be an array"],
  [{ format: "gif" }, "format: must be one of png, jpeg"],
  [{ region: {} }, "region.x: missing"],
  [{ env: [] }, "env: must be an object"],
  [{ look: 3 }, "look: must be true or false or an object"],
  [{ look: { lines: 3 } }, "look.lines: must be at most 2"],
  [{ memoryBytes: 5 }, "memoryBytes: must be at least 128 MiB (134217728)"],
  [{ waitMs: 5 }, "waitMs: must be at least 6 min 30 s (390000)"],
  [{ own: "b" }, "own: must start with a"],
])("%j: %s", (value, expected) => {
  const { error } = schema.safeParse(value, { error: plainIssue });
  expect(error && explain(schema, error).message).toBe(expected);
});

test.each<[object, string, string]>([
  [{ cuont: 1 }, '"cuont"', 'did you mean "count"?'],
  [{ region: { x: 1, colour: 1 } }, '"region.colour"', "expected one of x"],
  [{ look: { line: 3 } }, '"look.line"', 'did you mean "look.lines"?'],
  // What is misspelt and required is missing as well.
  [{ region: { X: 1 } }, '"region.X"', 'did you mean "region.x"?'],
])("%j has an unknown field, and there is a near one", (value, name, hint) => {
  const { error } = schema.safeParse(value, { error: plainIssue });
  expect(error && explain(schema, error)).toMatchObject({
    message: `there is no field ${name}`,
    hint,
  });
});
