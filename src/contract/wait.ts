import { z } from "zod";
import { durationMs, operation, sessionRef } from "./operation.ts";
import { patternsSchema } from "./pattern.ts";
import { regionSchema } from "./screen.ts";

/** Conditions of a wait; the first that holds ends it, or with `all` all of them. */
export const waitCondition = z.strictObject({
  prompt: z.boolean().default(false).describe("The shell is back at its prompt"),
  input: z
    .boolean()
    .default(false)
    .describe("The program in front waits for input, or the shell is at its prompt"),
  ready: z.boolean().default(false).describe("The workstation is ready"),
  change: z.boolean().default(false).describe("A pixel has changed"),
  text: patternsSchema.describe("The text matches; may be repeated").meta({ cli: { value: "RE" } }),
  gone: patternsSchema.describe("The text does not match").meta({ cli: { value: "RE" } }),
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
  title: patternsSchema
    .describe("The focused window's title matches")
    .meta({ cli: { value: "RE" } }),
  all: z.boolean().default(false).describe("All conditions at once, not the first of them"),
  timeoutMs: durationMs
    .default(30_000)
    .describe("Give up after this long (default 30 s)")
    .meta({ cli: { flag: "timeout", kind: "duration", value: "DUR" } }),
});
export type WaitCondition = z.infer<typeof waitCondition>;

export const waitOutput = z.object({
  condition: z
    .string()
    .describe(
      "The condition that held, for example `prompt`, `text=done`; with `all` each of them",
    ),
  waitedMs: z.number(),
  exitStatus: z
    .number()
    .int()
    .nullable()
    .describe(
      "With `prompt`, and `input` at the prompt: the status of `command`; null when the shell has not told it",
    ),
  command: z
    .string()
    .nullable()
    .describe("With `prompt`: the last command, as it was typed at a prompt; null when unknown"),
  asks: z
    .object({
      program: z
        .string()
        .nullable()
        .describe("The command as it was typed, or else as its program was started"),
      line: z.string().describe("The row of the screen at which it waits"),
    })
    .nullable()
    .describe("With `input`: who waits for it, and where; null at the shell's prompt"),
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
    "nexora wait --input",
    "nexora wait --stable 300ms",
  ],
});

export const waitOperations = [wait] as const;
