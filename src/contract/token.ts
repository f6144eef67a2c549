import { z } from "zod";
import {
  accessLevels,
  durationMs,
  forceFlag,
  nameSchema,
  operation,
  plainText,
} from "./operation.ts";

/** What a token is for: the API, as far as its access goes, or the models and nothing else. */
const tokenScopes = [...accessLevels, "models"] as const;
export type Scope = (typeof tokenScopes)[number];

/** Which models a caller may use: names with `*` for any text. */
const modelPatterns = z
  .array(
    z
      .string()
      .regex(
        /^[\x21-\x7e]{1,200}$/,
        "must be a model's name, such as groq/llama-3.3-70b or claude-*",
      ),
  )
  .max(100);

/** How much of something a minute may hold. */
const perMinute = z.number().int().min(1).max(1_000_000_000);

const budgetPattern = /^\d{1,9}(\.\d{1,6})?(\/(day|month))?$/;

const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  scope: z.enum(tokenScopes),
  sessions: z
    .array(z.object({ id: z.string(), name: z.string().nullable() }))
    .nullable()
    .describe("The sessions that it may touch; null: all. A name is null once its session is gone"),
  models: z
    .array(z.string())
    .nullable()
    .describe("The models that a token of scope models may use; null: all"),
  limits: z
    .object({
      rpm: z.number().int().nullable().describe("Requests per minute"),
      tpm: z.number().int().nullable().describe("Tokens per minute"),
      budgetUsd: z.object({
        day: z.number().nullable().describe("What it may spend in a day (UTC)"),
        month: z.number().nullable().describe("What it may spend in a calendar month (UTC)"),
      }),
    })
    .describe("Of a token of scope models; null: without that limit"),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable(),
});
export type Token = z.output<typeof tokenSchema>;

const tokenNew = operation({
  id: "token.new",
  access: "admin",
  method: "POST",
  path: "/v1/tokens",
  summary: "Create a token for a program, and show it once",
  description:
    "read: see sessions; act: also type, press keys, run commands, start and stop; admin: everything. A token bound to sessions sees no others. models: only the models, through the gateway.",
  input: z.strictObject({
    name: nameSchema
      .refine((name) => name !== "default", "the token in the token file is called that")
      .describe("Name of the token")
      .meta({ cli: { positional: true, flag: "name", short: "n", value: "NAME" } }),
    scope: z.enum(tokenScopes).default("read").describe("What it may do (default read)"),
    sessions: z
      .array(plainText.min(1).max(64))
      .min(1)
      .max(1000)
      .optional()
      .describe("Only this session, by name or id; may be repeated")
      .meta({ cli: { flag: "session", short: "s", value: "NAME" } }),
    expiresMs: durationMs
      .min(1000)
      .optional()
      .describe("Let it expire after this long (default: never)")
      .meta({ cli: { flag: "expires", kind: "duration", value: "DUR" } }),
    models: modelPatterns
      .min(1)
      .optional()
      .describe("Scope models: only this model, * for any text; may be repeated (default: all)")
      .meta({ cli: { value: "MODEL" } }),
    rpm: perMinute
      .optional()
      .describe("Scope models: at most this many requests in a minute")
      .meta({ cli: { value: "N" } }),
    tpm: perMinute
      .optional()
      .describe("Scope models: at most this many tokens in a minute")
      .meta({ cli: { value: "N" } }),
    budget: z
      .array(
        z
          .string()
          .regex(
            budgetPattern,
            "must be an amount in USD and its time, such as 5/day or 100/month",
          ),
      )
      .min(1)
      .max(2)
      .optional()
      .describe(
        "Scope models: at most this many USD, as 5/day or 100/month (the default); may be repeated",
      )
      .meta({ cli: { value: "USD[/day]" } }),
  }),
  output: tokenSchema.extend({ token: z.string().describe("The token itself; it is not stored") }),
  errors: ["name_taken", "session_not_found"],
  examples: [
    "nexora token new ci --scope act --session web --expires 8h",
    "nexora token new agent --scope models --models 'claude-*' --rpm 60 --budget 5/day",
  ],
});

const tokenList = operation({
  id: "token.ls",
  access: "admin",
  method: "GET",
  path: "/v1/tokens",
  summary: "List tokens, and when they were last used",
  input: z.strictObject({}),
  output: z.object({ tokens: z.array(tokenSchema) }),
  errors: [],
});

const tokenRemove = operation({
  id: "token.rm",
  access: "admin",
  method: "DELETE",
  path: "/v1/tokens/{token}",
  summary: "Remove a token; it stops working at once",
  input: z.strictObject({
    token: z
      .string()
      .min(1)
      .max(64)
      .describe("Its name or id")
      .meta({ cli: { positional: true, value: "NAME" } }),
  }),
  output: z.object({ id: z.string(), name: z.string() }),
  errors: ["not_found"],
  localFlags: [forceFlag],
});

export const tokenOperations = [tokenNew, tokenList, tokenRemove] as const;
