import { expect, test } from "bun:test";
import { z } from "zod";
import { plainIssue } from "../../../daemon/plain-issue.ts";

const schema = z.strictObject({
  text: z.string().max(3).optional(),
  count: z.number().int().min(1).max(9).optional(),
  keys: z.array(z.string()).min(1).optional(),
  format: z.enum(["png", "jpeg"]).optional(),
  region: z.strictObject({ x: z.number() }).optional(),
  env: z.record(z.string(), z.string()).optional(),
  look: z.union([z.boolean(), z.array(z.boolean())]).optional(),
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
  [{ look: 3 }, "look: not valid"],
  [{ own: "b" }, "own: must start with a"],
])("%j: %s", (value, expected) => {
  const [issue] = schema.safeParse(value, { error: plainIssue }).error?.issues ?? [];
  expect(`${issue?.path.join(".")}: ${issue?.message}`).toBe(expected);
});
