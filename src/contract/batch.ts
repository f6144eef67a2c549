import { z } from "zod";
import { afterwards, afterwardsOutput, outputFlag } from "./input.ts";
import { operation, sessionRef } from "./operation.ts";
import { screenOutput } from "./screen.ts";

const step = z
  .record(z.string().max(64), z.record(z.string(), z.unknown()))
  .refine((it) => Object.keys(it).length === 1, "must have one key, the id of an operation")
  .describe(
    'The id of an operation with its fields, without `session`: {"key":{"keys":["Return"]}}',
  );

const stepResult = z.object({
  operation: z.string().describe("Id of the operation"),
  status: z.enum(["done", "failed", "not executed"]),
  reply: z
    .unknown()
    .describe(
      "What the operation has replied; null unless it is done, or is a check that was not a yes",
    ),
  error: z
    .object({
      code: z.string(),
      message: z.string(),
      hint: z.string().optional(),
      details: z.record(z.string(), z.unknown()).optional(),
    })
    .nullable()
    .describe("Why it failed"),
  screen: screenOutput
    .pick({ window: true, text: true, textRev: true, gone: true, degraded: true })
    .nullable()
    .describe(
      "With `observe: each`: the rows that have changed since the step before, 4,000 characters at most; null without it",
    ),
});
export type StepResult = z.output<typeof stepResult>;

const batch = operation({
  id: "batch",
  access: "act",
  session: "running",
  method: "POST",
  path: "/v1/sessions/{session}/actions",
  summary: "Carry out a list of operations in order, up to the first that fails",
  description:
    "Nobody else's keys, clicks, windows and pages come in between. All operations are checked before the first one begins: when a field of one is wrong, nothing is done. `expect` is a check: all but a yes is a failure. `thenScreen` looks once, at the end; without a `since` of its own it gives the text that has changed since the beginning.",
  help: 'FILE has one operation a line, as JSON: its id with its fields, {"type":{"text":"ls\\n"}}. Nobody else\'s keys, clicks, windows and pages come in between, and when a field of one is wrong, nothing is done. {"expect":{"text":["done"]}} is a check, which stops the list unless it is a yes. --then-screen prints the text that has changed since the beginning, --observe each what has changed after each step.',
  input: z.strictObject({
    session: sessionRef,
    actions: z
      .array(step)
      .min(1)
      .max(1000)
      .describe("The operations, of this session: any that has a reply")
      .meta({
        cli: {
          positional: true,
          value: "FILE",
          help: "File with the operations; - reads standard input",
        },
      }),
    observe: z
      .enum(["end", "each"])
      .default("end")
      .describe(
        "`each`: look after every step as well, at what its text has changed on the screen",
      ),
    ...afterwards,
  }),
  output: z.object({
    results: z.array(stepResult).describe("One for each of `actions`"),
    failed: z
      .number()
      .int()
      .nullable()
      .describe("Which of `actions` has failed, from 0; null: all are done"),
    ...afterwardsOutput.shape,
  }),
  errors: ["not_found", "conflict", "stale_ref", "too_large", "display_failed", "action_failed"],
  localFlags: [outputFlag],
  examples: [`echo '{"key":{"keys":["Return"]}}' | nexora batch - --then-screen`],
});

export const batchOperations = [batch] as const;
