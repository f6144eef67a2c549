import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { readValue } from "../../../cli/values.ts";
import { verbs } from "../../../cli/verbs.ts";
import { explain, plainIssue } from "../../../daemon/plain-issue.ts";
import { configSchema } from "../../../src/contract/config.ts";
import { operations } from "../../../src/contract/index.ts";

interface Property {
  type?: string;
  enum?: string[];
  const?: unknown;
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  items?: Property;
  prefixItems?: Property[];
  properties?: Record<string, Property>;
  additionalProperties?: Property | boolean;
  propertyNames?: Property;
  anyOf?: Property[];
}

const outside = {
  type: (it: Property) => (it.type === "object" || it.type === "array" ? 7 : {}),
  fraction: (it: Property) => (it.type === "integer" ? 1.5 : undefined),
  enum: (it: Property) => it.enum && "no-such-choice",
  minimum: (it: Property) => it.minimum !== undefined && it.minimum - 1,
  maximum: (it: Property) => it.maximum !== undefined && it.maximum * 2 + 1,
  minLength: (it: Property) => (it.minLength ? "" : undefined),
  maxLength: (it: Property) => it.maxLength !== undefined && "x".repeat(it.maxLength + 1),
  minItems: (it: Property) => (it.minItems ? [] : undefined),
  maxItems: (it: Property) => it.maxItems !== undefined && Array(it.maxItems + 1).fill("x"),
  pattern: (it: Property) => it.pattern && "!\u0000",
  format: (it: Property) => it.format === "uri" && "no url",
  // What no JSON schema tells: the schemas' own checks.
  refined: (it: Property) => (it.type === "string" ? "(" : it.prefixItems && [9999, 1024]),
  name: (it: Property) => it.propertyNames && { "1 x": "" },
  unknown: (it: Property) => it.additionalProperties === false && { noSuchField: 1 },
};

/** Every value that breaks one limit of a schema, at its place in the input. */
function* breaches(it: Property, put: (value: unknown) => unknown, path = ""): Iterable<Breach> {
  for (const [limit, breach] of Object.entries(outside)) {
    const value = breach(it);
    if (value === undefined || value === false || value === "") {
      if (limit !== "minLength" || !it.minLength) continue;
    }
    yield { path, limit, input: put(value), it };
  }
  for (const branch of it.anyOf ?? []) yield* breaches(branch, put, path);
  for (const [name, property] of Object.entries(it.properties ?? {})) {
    yield* breaches(property, (value) => put({ [name]: value }), `${path}.${name}`);
  }
  if (it.items) yield* breaches(it.items, (value) => put([value]), `${path}[]`);
  if (it.prefixItems?.[0]) {
    yield* breaches(it.prefixItems[0], (value) => put([value, 9999]), `${path}[]`);
  }
  if (typeof it.additionalProperties === "object") {
    yield* breaches(it.additionalProperties, (value) => put({ a: value }), `${path}{}`);
  }
}

interface Breach {
  path: string;
  limit: string;
  input: unknown;
  it: Property;
}

const zodsWords =
  /\b(Too (small|big)|Invalid|expected|received|Unrecognized|pattern|regex|undefined|NaN)\b|[<>]=|\/\^/;

const schemas: [string, z.ZodType][] = [
  ...operations.map(({ id, input }): [string, z.ZodType] => [id, input]),
  ["config.json", configSchema],
];

describe.each(schemas)("%s", (_, schema) => {
  const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Property;
  const all = [...breaches(json, (value) => value)];

  test(`says what is wrong in plain words, whatever limit is broken (${all.length})`, () => {
    for (const { path, limit, input, it } of all) {
      const result = schema.safeParse(input, { error: plainIssue });
      // A value may be outside of one branch of a union, and within another.
      if (result.success) continue;
      const { message, hint, issues } = explain(schema, result.error);
      for (const text of [message, hint ?? "", ...issues.map((issue) => issue.message)]) {
        expect({
          path,
          limit,
          text,
          zods: zodsWords.test(text.replace(/^expected one of/, "")),
        }).toEqual({ path, limit, text, zods: false });
      }
      const told = issues.map((issue) => issue.message).join("; ");
      if (limit === "minimum" && it.minimum && it.minimum > Number.MIN_SAFE_INTEGER) {
        expect({ path, told }).toEqual({ path, told: expect.stringContaining("at least ") });
        if (path.endsWith("Bytes")) expect(told).toMatch(/at least \d+ [KMG]iB \(\d+\)/);
        if (path.endsWith("Ms")) expect(told).toMatch(/at least \d+ (ms|s|min|h|d) \(\d+\)/);
      }
    }
  });
});

test("the command line names every limit in the units that it takes", () => {
  const ranged = verbs
    .all()
    .flatMap((verb) => verb.flags)
    .filter(({ range }) => range);
  expect(ranged.length).toBeGreaterThan(10);
  for (const flag of ranged) {
    const [least, most] = flag.range ?? [0, 0];
    const beyond = { duration: `${most + 1}ms`, bytes: `${least - 1}` }[flag.kind as string];
    const word = beyond ?? String(least - 1);
    const hint = flag.kind === "duration" ? /^expected .* to \d+ (s|min|h|d)$/ : /^expected /;
    expect(() => readValue(flag, word)).toThrow(
      expect.objectContaining({ code: "usage", hint: expect.stringMatching(hint) }),
    );
    expect(() => readValue(flag, word)).not.toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/\d{6}/) }),
    );
  }
});
