import { z } from "zod";
import { durationMs, operation, sessionRef } from "./operation.ts";

const change = z.object({
  time: z.iso.datetime(),
  rev: z
    .string()
    .describe("Of what is on the screen now, as `screen` gives it, and takes it as `since`"),
});
export type Change = z.output<typeof change>;

const watch = operation({
  id: "watch",
  access: "read",
  session: "running",
  method: "GET",
  path: "/v1/sessions/{session}/changes",
  summary: "Say when the screen changes, as it happens",
  description:
    "The first line tells what is on the screen at the beginning. What changes meanwhile is told together: the last line is always about what is there.",
  input: z.strictObject({
    session: sessionRef,
    of: z.enum(["text", "pixels"]).default("text").describe("What counts as a change"),
    everyMs: durationMs
      .min(50)
      .max(3_600_000)
      .default(1000)
      .describe("At most one line in this time")
      .meta({ cli: { flag: "every", kind: "duration", value: "DUR" } }),
  }),
  output: null,
  stream: { out: "items", item: change },
  errors: ["display_failed"],
  examples: ["nexora watch", "nexora watch --of pixels --every 5s"],
});

export const watchOperations = [watch] as const;
