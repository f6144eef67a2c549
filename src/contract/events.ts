import { z } from "zod";
import { operation, plainText } from "./operation.ts";
import { recordQuery } from "./records.ts";

/** What can happen to a session, to what all of them stand on, or to a provider's key. */
const eventTypes = [
  "created",
  "ready",
  "stopped",
  "exited",
  "expired",
  "adopted",
  "unhealthy",
  "recovered",
  "restarted",
  "removed",
  "reaped",
  "ports_exhausted",
  "engine_down",
  "engine_up",
  "key_expires",
  "key_expired",
] as const;

const eventSchema = z.object({
  id: z.number().int().describe("Increases with every event"),
  time: z.iso.datetime(),
  type: z.enum(eventTypes),
  session: z.object({ id: z.string(), name: z.string() }).nullable(),
  message: z.string().describe("What happened and why, for people"),
  details: z.record(z.string(), z.unknown()),
});
export type NexoraEvent = z.infer<typeof eventSchema>;

const events = operation({
  id: "events",
  access: "read",
  method: "GET",
  path: "/v1/events",
  summary: "Show what happened to sessions and the engine",
  description: "The latest events; with `follow`, a stream of those and of new ones.",
  help: "The latest events; with --follow those, and then what happens.",
  input: z.strictObject({
    ...recordQuery,
    only: plainText
      .min(1)
      .max(64)
      .optional()
      .describe("Only events of this session")
      .meta({ cli: { flag: "only", value: "SESSION" } }),
  }),
  output: z.object({ events: z.array(eventSchema) }),
  errors: [],
  stream: { out: "items", item: eventSchema, asked: "follow", resume: "since" },
  examples: ["nexora events --follow", "nexora events --json --since 120"],
});

export const eventOperations = [events] as const;
