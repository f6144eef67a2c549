import { z } from "zod";
import { headerName, type WireFormat, wireFormats } from "../../../src/contract/gateway.ts";
import { messageOf } from "../../../src/thrown.ts";
import { explain, plainIssue } from "../../plain-issue.ts";
import { readBaseUrl } from "./base-url.ts";
import type { Definition } from "./built-in.ts";
import { type Model, unknownModel } from "./provider.ts";

const rate = z.number().min(0).max(1e5);
const rates = z.strictObject({
  input: rate,
  output: rate,
  cachedInput: rate.nullable().default(null),
  cacheWrite: rate.nullable().default(null),
});
const tokens = z.number().int().min(1).max(1e10).nullable();

const modelFile = z.strictObject({
  id: z.string().min(1).max(200),
  context: tokens.optional(),
  maxOutput: tokens.optional(),
  vision: z.boolean().nullable().optional(),
  tools: z.boolean().nullable().optional(),
  formats: z.array(z.enum(wireFormats)).min(1).optional(),
  price: rates
    .extend({
      tiers: z
        .array(rates.extend({ above: z.number().int().min(0) }))
        .max(10)
        .default([]),
    })
    .nullable()
    .optional(),
});

const authFile = z.strictObject({
  header: headerName,
  scheme: z.string().min(1).max(50).nullable().default(null),
});

const path = z.string().regex(/^\/[\x21-\x7e]*$/, "must be a path that begins with /");
const secretHeader = /^(authorization|proxy-authorization|cookie|.*api[-_]?key)$/i;

/** A provider's file: what it leaves out is as it comes with Nexora, or as most providers have it. */
const definitionFile = z.strictObject({
  name: z.string().min(1).max(100).optional(),
  baseUrl: z.string().max(1000).optional(),
  formats: z
    .union([z.array(z.enum(wireFormats)).min(1), z.partialRecord(z.enum(wireFormats), path)])
    .optional(),
  auth: authFile.nullable().optional(),
  headers: z
    .record(
      headerName.refine(
        (name) => !secretHeader.test(name),
        "would be a key: that is stored with `nexora keys set`",
      ),
      z
        .string()
        .max(1000)
        .regex(/^[\x20-\x7e]*$/, "must be plain ASCII"),
    )
    .optional(),
  local: z.boolean().optional(),
  anyModel: z.boolean().optional(),
  drops: z.array(z.string().max(100)).max(50).optional(),
  models: z.array(modelFile).max(5000).optional(),
});
export type DefinitionFile = z.input<typeof definitionFile>;
type ModelFile = z.output<typeof modelFile>;

/** Where the formats are at a provider that does as the makers of the protocols do. */
const usualPaths: Record<WireFormat, string> = {
  "openai-chat": "/chat/completions",
  "openai-responses": "/responses",
  "openai-embeddings": "/embeddings",
  "anthropic-messages": "/messages",
  gemini: "/models",
};

/** A definition, and what its user says of models. */
export interface UserDefinition {
  definition: Definition;
  models: ModelFile[];
}

/**
 * The provider that a file defines, or changes when one comes with Nexora.
 * Throws an error whose message is a sentence on what is wrong with the file.
 */
export function readDefinition(
  id: string,
  value: unknown,
  base: Definition | null,
): UserDefinition {
  const result = definitionFile.safeParse(value, { error: plainIssue });
  if (!result.success) {
    const { message, hint } = explain(definitionFile, result.error);
    throw new Error(hint ? `${message} (${hint})` : message);
  }
  const file = result.data;
  const auth = or(file.auth, base ? base.auth : { header: "authorization", scheme: "Bearer" });
  const url = file.baseUrl ?? base?.baseUrl;
  if (url === undefined) throw new Error("baseUrl: missing");
  const models = file.models ?? [];
  const definition: Definition = {
    id,
    name: file.name ?? base?.name ?? id,
    baseUrl: named("baseUrl", () => readBaseUrl(url, auth !== null)),
    formats: pathsOf(file.formats) ?? base?.formats ?? pathsOf(["openai-chat"]) ?? {},
    auth,
    // Another place for the key goes for all formats.
    authFor: file.auth === undefined ? (base?.authFor ?? {}) : {},
    headers: { ...base?.headers, ...lowerCase(file.headers ?? {}) },
    local: file.local ?? base?.local ?? false,
    anyModel: file.anyModel ?? base?.anyModel ?? models.length === 0,
    drops: file.drops ?? base?.drops ?? [],
    listedAs: base?.listedAs ?? null,
    narrow: base?.narrow ?? [],
  };
  return { definition, models };
}

/** Models as listed, with what the user says of them; those that only the user knows come last. */
export function mergeModels(listed: readonly Model[], own: readonly ModelFile[]): Model[] {
  const models = new Map(listed.map((model) => [model.id, model]));
  for (const said of own) {
    const known = models.get(said.id) ?? unknownModel(said.id);
    const formats = said.formats ?? known.formats;
    models.set(said.id, {
      id: said.id,
      context: or(said.context, known.context),
      maxOutput: or(said.maxOutput, known.maxOutput),
      vision: or(said.vision, known.vision),
      tools: or(said.tools, known.tools),
      price: or(said.price, known.price),
      ...(formats ? { formats } : {}),
    });
  }
  return [...models.values()];
}

/** What is said, also when that is null. */
function or<T>(said: T | undefined, otherwise: T): T {
  return said === undefined ? otherwise : said;
}

function pathsOf(
  formats: readonly WireFormat[] | Partial<Record<WireFormat, string>> | undefined,
): Partial<Record<WireFormat, string>> | null {
  if (formats === undefined) return null;
  if (!Array.isArray(formats)) return formats as Partial<Record<WireFormat, string>>;
  return Object.fromEntries(
    (formats as readonly WireFormat[]).map((format) => [format, usualPaths[format]]),
  );
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function named<T>(field: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new Error(`${field}: ${messageOf(cause)}`, { cause });
  }
}
