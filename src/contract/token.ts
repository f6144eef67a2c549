import { z } from "zod";
import {
  accessLevels,
  durationMs,
  forceFlag,
  nameSchema,
  operation,
  plainText,
} from "./operation.ts";

const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  scope: z.enum(accessLevels),
  sessions: z
    .array(z.object({ id: z.string(), name: z.string().nullable() }))
    .nullable()
    .describe("The sessions that it may touch; null: all. A name is null once its session is gone"),
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
    "read: see sessions; act: also type, press keys, run commands, start and stop; admin: everything. A token bound to sessions sees no others.",
  input: z.strictObject({
    name: nameSchema
      .refine((name) => name !== "default", "the token in the token file is called that")
      .describe("Name of the token")
      .meta({ cli: { positional: true, flag: "name", short: "n", value: "NAME" } }),
    scope: z.enum(accessLevels).default("read").describe("What it may do (default read)"),
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
  }),
  output: tokenSchema.extend({ token: z.string().describe("The token itself; it is not stored") }),
  errors: ["name_taken", "session_not_found"],
  examples: ["nexora token new ci --scope act --session web --expires 8h"],
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
