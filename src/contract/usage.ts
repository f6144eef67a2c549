import { z } from "zod";
import { operation } from "./operation.ts";

const count = z.number().int().min(0);
const dayMs = 24 * 3600 * 1000;
/** By what usage can be summed up. */
const groupings = ["token", "provider", "model", "session", "day"] as const;

const usageRow = z.object({
  kind: z
    .enum(["token", "session", "provider", "model", "day"])
    .describe("What the row is of: usage by token lists sessions too, each has a token of its own"),
  id: z.string().nullable().describe("Of the token or session; null for what has none"),
  name: z.string().nullable().describe("When it was last used; null: all that no session has used"),
  requests: count.describe("Requests that were sent to a provider"),
  failed: count.describe("Of those, the ones that ended with an error"),
  input: count.describe("Tokens of input, without the cached ones"),
  cachedInput: count.describe("Tokens of input that were read from the provider's cache"),
  cacheWrite: count.describe("Tokens of input that were written to it"),
  output: count.describe("Tokens of output"),
  reasoning: count.describe("Of the output, the tokens of reasoning"),
  costUsd: z.number().nullable().describe("Without the unpriced ones; null: all are unpriced"),
  unpriced: count.describe("Requests whose cost is not known"),
});

const usageReport = z.object({
  by: z.enum(groupings),
  since: z.iso.datetime().describe("Usage is kept by the hour (UTC): this is one's beginning"),
  rows: z.array(usageRow).describe("The dearest first; days in their order"),
});
export type UsageReport = z.output<typeof usageReport>;

const gatewayUsage = operation({
  id: "gateway.usage",
  access: "read",
  method: "GET",
  path: "/v1/gateway/usage",
  summary: "Show what was used of models, and what it cost",
  description: "A token that is bound to sessions sees what those have used.",
  input: z.strictObject({
    by: z.enum(groupings).default("token").describe("Sum up by this (default token)"),
    sinceMs: z
      .number()
      .int()
      .min(0)
      .max(400 * dayMs)
      .default(30 * dayMs)
      .describe("The last so long (default 30d)")
      .meta({ cli: { flag: "since", kind: "duration", value: "DUR" } }),
  }),
  output: usageReport,
  errors: [],
  examples: ["nexora gateway usage --by model --since 7d"],
});

export const usageOperations = [gatewayUsage] as const;
