import { z } from "zod";
import { durationMs, operation, sessionRef } from "./operation.ts";
import { regionSchema } from "./screen.ts";

const pattern = z
  .string()
  .min(1)
  .max(1000)
  .refine((source) => {
    try {
      new RegExp(source, "mu");
      return true;
    } catch {
      return false;
    }
  }, "not a valid regular expression");

/** Conditions of a wait; the first that holds ends it. */
export const waitCondition = z.strictObject({
  prompt: z.boolean().default(false).describe("The shell is back at its prompt"),
  ready: z.boolean().default(false).describe("The workstation is ready"),
  change: z.boolean().default(false).describe("A pixel has changed"),
  text: z
    .array(pattern)
    .default([])
    .describe("The text matches; may be repeated")
    .meta({ cli: { value: "RE" } }),
  gone: z
    .array(pattern)
    .default([])
    .describe("The text does not match")
    .meta({ cli: { value: "RE" } }),
  stableMs: durationMs
    .optional()
    .describe("No pixel has changed for this long")
    .meta({ cli: { flag: "stable", kind: "duration", value: "DUR", bare: "300ms" } }),
  region: regionSchema
    .optional()
    .describe("Only this part of the desktop counts for `stableMs` and `change`")
    .meta({
      cli: {
        kind: "region",
        value: "X,Y,W,H",
        help: "Only this part of the desktop counts for --stable and --change",
      },
    }),
  title: z
    .array(pattern)
    .default([])
    .describe("The focused window's title matches")
    .meta({ cli: { value: "RE" } }),
  timeoutMs: durationMs
    .default(30_000)
    .describe("Give up after this long (default 30 s)")
    .meta({ cli: { flag: "timeout", kind: "duration", value: "DUR" } }),
});
export type WaitCondition = z.infer<typeof waitCondition>;

export const waitOutput = z.object({
  condition: z.string().describe("The condition that held, for example `prompt`, `text=done`"),
  waitedMs: z.number(),
  exitStatus: z
    .number()
    .int()
    .nullable()
    .describe("With `prompt`: the status of `command`; null when the shell has not told it"),
  command: z
    .string()
    .nullable()
    .describe("With `prompt`: the last command, as it was typed at a prompt; null when unknown"),
});
export type WaitOutput = z.infer<typeof waitOutput>;

const wait = operation({
  id: "wait",
  access: "read",
  session: "running",
  method: "POST",
  path: "/v1/sessions/{session}/wait",
  summary: "Wait until the screen or the shell is as expected",
  input: waitCondition.extend({ session: sessionRef }),
  output: waitOutput,
  errors: ["display_failed"],
  examples: [
    "nexora wait --prompt",
    "nexora wait --text 'Compiled .*' --timeout 2m",
    "nexora wait --stable 300ms",
  ],
});

export const waitOperations = [wait] as const;
