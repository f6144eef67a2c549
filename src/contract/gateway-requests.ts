import { z } from "zod";
import { operation, plainText } from "./operation.ts";
import { recordQuery } from "./records.ts";

const keyed = {
  provider: z.string(),
  key: z.string().nullable().describe("Name of the key; null: the provider wants none"),
};

const gatewayStatus = operation({
  id: "gateway.status",
  access: "read",
  method: "GET",
  path: "/v1/gateway",
  summary: "Show where the gateway listens, and which providers work",
  input: z.strictObject({}),
  output: z.object({
    enabled: z.boolean(),
    url: z.string().nullable().describe("Where clients find it; null: it is disabled"),
    open: z.number().int().describe("Requests under way"),
    providers: z.array(
      z.object({
        ...keyed,
        last4: z.string().nullable().describe("The key's last characters"),
        state: z
          .enum(["ready", "resting", "open", "half-open"])
          .describe(
            "resting: the provider has asked to be left alone; open: it has failed five times within a minute, and is left alone; half-open: the next request tries it",
          ),
        failures: z.number().int().describe("Failures within the last minute"),
        until: z.iso.datetime().nullable().describe("How long it is left alone"),
        health: z.string().nullable().describe("What the provider last made of the key"),
      }),
    ),
  }),
  errors: [],
});
export type GatewayStatus = z.output<typeof gatewayStatus.output>;

const gatewayTest = operation({
  id: "gateway.test",
  access: "admin",
  method: "POST",
  path: "/v1/gateway/test",
  summary: "Make one small call to a provider, and say what came back",
  description:
    "Costs what a dozen tokens cost. Without a model, the cheapest that is known is asked.",
  input: z.strictObject({
    target: plainText
      .min(1)
      .max(300)
      .describe("PROVIDER or PROVIDER/MODEL")
      .meta({ cli: { positional: true, value: "PROVIDER[/MODEL]" } }),
  }),
  output: z.object({
    ...keyed,
    model: z.string(),
    ms: z.number(),
    reply: z.string().describe("What the model said"),
    inputTokens: z.number().int().nullable(),
    outputTokens: z.number().int().nullable(),
    costUsd: z.number().nullable().describe("null: unpriced"),
  }),
  errors: ["not_found", "conflict", "action_failed", "timeout"],
  examples: ["nexora gateway test groq", "nexora gateway test ollama/llama3.2"],
});
export type GatewayTest = z.output<typeof gatewayTest.output>;

const gatewayRequest = z.object({
  id: z.number().int().describe("Increases with every request; begins anew with the daemon"),
  time: z.iso.datetime().describe("When it came"),
  request: z.string().describe("As in the reply's x-nexora-request"),
  caller: z.object({ kind: z.enum(["token", "session"]), name: z.string() }),
  asked: z.string().describe("The model that the caller named"),
  provider: z.string().nullable().describe("Who answered, or was asked last; null: nobody"),
  model: z.string().nullable(),
  key: z.string().nullable(),
  format: z.string().describe("What the caller speaks"),
  stream: z.boolean(),
  status: z.number().int().describe("Of the reply; 499: the caller went away"),
  attempts: z.number().int(),
  tried: z
    .array(z.object({ ...keyed, problem: z.string() }))
    .describe("Who had no answer before, and why"),
  ms: z.number().describe("From its arrival to the reply's end"),
  firstMs: z.number().nullable().describe("To the first output of a stream"),
  inputTokens: z.number().int().nullable().describe("All of them, cached or not; null: unknown"),
  outputTokens: z.number().int().nullable(),
  costUsd: z.number().nullable().describe("null: unpriced"),
  error: z.string().nullable(),
  prompt: z
    .string()
    .nullable()
    .describe("How the request's body begins; null unless gateway.logPrompts is set"),
});
export type GatewayRequest = z.output<typeof gatewayRequest>;

const gatewayLogs = operation({
  id: "gateway.logs",
  access: "admin",
  method: "GET",
  path: "/v1/gateway/requests",
  summary: "Show the latest requests for models, without what was asked",
  description:
    "The latest thousand are held in memory. With `follow`, a stream of those and of new ones.",
  help: "The latest thousand are held in memory. With --follow, those and then what comes.",
  input: z.strictObject(recordQuery),
  output: z.object({ requests: z.array(gatewayRequest) }),
  errors: ["conflict"],
  stream: { out: "items", item: gatewayRequest, asked: "follow", resume: "since" },
  examples: ["nexora gateway logs --follow"],
});

export const gatewayOperations = [gatewayStatus, gatewayTest, gatewayLogs] as const;
