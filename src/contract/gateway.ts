import { z } from "zod";
import { forceFlag, nameSchema, operation, plainText } from "./operation.ts";

/** The protocols in which models are asked, each with its own path and its own events. */
export const wireFormats = [
  "openai-chat",
  "openai-responses",
  "openai-embeddings",
  "anthropic-messages",
  "gemini",
] as const;
export type WireFormat = (typeof wireFormats)[number];

/** How the models that a request could go to are put in order. */
export const strategies = [
  "cheapest",
  "fastest",
  "balanced",
  "round_robin",
  "weighted",
  "fallback",
] as const;
export type Strategy = (typeof strategies)[number];

/** Name of a provider, a part of `PROVIDER/MODEL`. */
export const providerId = nameSchema.refine(
  (name) => name !== "route",
  "route/NAME is a route, so no provider can have that name",
);

/** US dollars for a million tokens. */
const price = z.number().min(0).max(100_000);

/** A route in the configuration: models, which of them may be used, and in which order. */
export const routeConfig = z.strictObject({
  /** None: the gateway's. */
  strategy: z.enum(strategies).optional(),
  /** MODEL or PROVIDER/MODEL; the weight is for the strategy `weighted`. */
  models: z
    .array(
      z.union([
        z.string().min(1).max(200),
        z.strictObject({
          model: z.string().min(1).max(200),
          weight: z.number().min(0.001).max(1000),
        }),
      ]),
    )
    .min(1)
    .max(100),
  vision: z.boolean().default(false),
  tools: z.boolean().default(false),
  minContext: z.number().int().min(1).optional(),
  maxInputPrice: price.optional(),
  maxOutputPrice: price.optional(),
});
export type RouteConfig = z.output<typeof routeConfig>;

const priceSchema = z.object({
  input: price,
  output: price,
  cachedInput: price.nullable().describe("null: as input"),
  cacheWrite: price.nullable().describe("null: as input"),
});

const modelSchema = z.object({
  name: z.string().describe("PROVIDER/MODEL, which names just this one"),
  provider: z.string(),
  model: z.string(),
  context: z.number().nullable().describe("Tokens of a request and its reply; null: unknown"),
  maxOutput: z.number().nullable().describe("Tokens of a reply; null: unknown"),
  vision: z.boolean().nullable().describe("Whether it takes pictures; null: unknown"),
  tools: z.boolean().nullable().describe("Whether it calls tools; null: unknown"),
  formats: z.array(z.enum(wireFormats)).describe("In which it is asked"),
  price: priceSchema.nullable().describe("US dollars for a million tokens; null: unknown"),
  usable: z.boolean().describe("Whether its provider has a key, or needs none"),
});
export type ModelEntry = z.output<typeof modelSchema>;

const listed = z
  .string()
  .describe("The day that the models and prices are of, as models.dev had them");

const gatewayModels = operation({
  id: "gateway.models",
  access: "read",
  method: "GET",
  path: "/v1/gateway/models",
  summary: "List the models that can be used, with their prices",
  description: "Programs on this machine that want no key are asked what they have.",
  input: z.strictObject({
    query: plainText
      .max(200)
      .optional()
      .describe("Only those with this in their name")
      .meta({ cli: { positional: true, value: "TEXT" } }),
    provider: providerId
      .optional()
      .describe("Only those of this provider")
      .meta({ cli: { value: "NAME" } }),
    vision: z.boolean().default(false).describe("Only those that take pictures"),
    tools: z.boolean().default(false).describe("Only those that call tools"),
    all: z.boolean().default(false).describe("Also those of providers without a key"),
  }),
  output: z.object({ models: z.array(modelSchema), listed }),
  errors: ["not_found", "conflict"],
  examples: ["nexora gateway models --all claude", "nexora gateway models --provider groq --tools"],
});

const providerSchema = z.object({
  id: z.string(),
  name: z.string(),
  baseUrl: z.string(),
  formats: z.array(z.enum(wireFormats)),
  local: z.boolean().describe("Runs on this machine"),
  keyed: z.boolean().describe("Whether it wants a key"),
  usable: z.boolean().describe("Whether it has a key, or needs none"),
  models: z.number().int().describe("How many of its models are known"),
  anyModel: z.boolean().describe("Whether it is asked for models that are not listed, too"),
  file: z.string().nullable().describe("The file that defines or changes it"),
});
export type ProviderEntry = z.output<typeof providerSchema>;

const gatewayProviders = operation({
  id: "gateway.providers",
  access: "read",
  method: "GET",
  path: "/v1/gateway/providers",
  summary: "List the providers of models",
  description: "Reads the files that define providers anew, and says which cannot be used.",
  input: z.strictObject({}),
  output: z.object({
    providers: z.array(providerSchema),
    problems: z.array(z.object({ file: z.string(), message: z.string() })),
    folder: z.string().describe("Where your own definitions are"),
    listed,
  }),
  errors: ["conflict"],
});

const targetSchema = z.object({
  name: z.string().describe("PROVIDER/MODEL"),
  price: priceSchema.nullable(),
  firstMs: z
    .number()
    .nullable()
    .describe("Milliseconds to the first output, averaged over the latest; null: not measured"),
  usable: z.boolean(),
});

const routeSchema = z.object({
  name: z.string().describe("What a request asks for: route/NAME, or a model's name"),
  strategy: z.enum(strategies),
  targets: z.array(targetSchema).describe("In the order in which a plain text request tries them"),
  unknown: z.array(z.string()).describe("Models that the route names and no provider has"),
});
export type RouteEntry = z.output<typeof routeSchema>;

const gatewayRoutes = operation({
  id: "gateway.routes",
  access: "read",
  method: "GET",
  path: "/v1/gateway/routes",
  summary: "Show routes, and what is tried in which order",
  input: z.strictObject({
    model: plainText
      .min(1)
      .max(200)
      .optional()
      .describe("A model or route/NAME: only what is tried for it")
      .meta({ cli: { positional: true, value: "NAME" } }),
  }),
  output: z.object({ routes: z.array(routeSchema) }),
  errors: ["not_found", "conflict"],
  examples: ["nexora gateway routes", "nexora gateway routes claude-sonnet-4-5"],
});

/** A header's name (RFC 9110, 5.6.2 token). */
export const headerName = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, "must be a header's name");

const gatewayProviderAdd = operation({
  id: "gateway.provider.add",
  access: "admin",
  method: "POST",
  path: "/v1/gateway/providers",
  summary: "Add a provider of models",
  description:
    "Writes a file that you can edit. Its models are unpriced until the file says their prices.",
  help: "Writes a file that you can edit. Its models are unpriced until the file says their prices; its key is stored with `nexora keys set`.",
  input: z.strictObject({
    id: providerId
      .describe("Its name, as in NAME/MODEL")
      .meta({ cli: { positional: true, value: "NAME" } }),
    url: plainText
      .min(1)
      .max(1000)
      .describe("Base URL, such as https://api.example.com/v1")
      .meta({ cli: { value: "URL" } }),
    format: z
      .array(z.enum(wireFormats))
      .min(1)
      .max(wireFormats.length)
      .default(["openai-chat"])
      .describe(`What it speaks: ${wireFormats.join(", ")} (default openai-chat); may be repeated`)
      .meta({ cli: { value: "FORMAT" } }),
    model: z
      .array(plainText.min(1).max(200))
      .max(1000)
      .default([])
      .describe("A model that it has (default: any that is asked for); may be repeated")
      .meta({ cli: { value: "MODEL" } }),
    authHeader: headerName
      .default("authorization")
      .describe("Header that takes the key (default: authorization, with Bearer)")
      .meta({ cli: { value: "NAME" } }),
    keyless: z.boolean().default(false).describe("It wants no key"),
    header: z
      .array(
        z
          .string()
          .max(1100)
          .regex(/^[^:\s]+:[ \t]*[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/, "must be `NAME: VALUE`"),
      )
      .max(50)
      .default([])
      .describe("A header for each request; may be repeated")
      .meta({ cli: { value: "'NAME: VALUE'" } }),
  }),
  output: z.object({ id: z.string(), file: z.string() }),
  errors: ["name_taken", "conflict"],
  examples: [
    "nexora gateway provider add acme --url https://llm.acme.example/v1 --model big",
    "nexora gateway provider add lab --url http://127.0.0.1:8000/v1 --keyless",
  ],
});

const gatewayProviderRemove = operation({
  id: "gateway.provider.rm",
  access: "admin",
  method: "DELETE",
  path: "/v1/gateway/providers/{provider}",
  summary: "Remove a provider's file; one that comes with Nexora is again as it came",
  input: z.strictObject({
    provider: providerId.describe("Its name").meta({ cli: { positional: true, value: "NAME" } }),
  }),
  output: z.object({ id: z.string(), file: z.string() }),
  errors: ["not_found", "conflict"],
  localFlags: [forceFlag],
});

export const catalogueOperations = [
  gatewayModels,
  gatewayProviders,
  gatewayRoutes,
  gatewayProviderAdd,
  gatewayProviderRemove,
] as const;
