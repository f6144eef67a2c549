import { z } from "zod";
import { durationMs, operation, plainText, sessionRef, thingRef } from "./operation.ts";
import { patternsSchema } from "./pattern.ts";
import { desktopRegion, regionSchema } from "./screen.ts";

/** Windows by their id, or by text of their title or class. */
const windowNames = z.array(plainText.min(1).max(1000)).max(16).default([]);

/** Things by their references. */
const thingRefs = z.array(thingRef).max(16).default([]);

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
  window: windowNames
    .describe(
      "A window with this id, or this text in its title or class, is there; with `stableMs` or `change`: only what it shows counts for these",
    )
    .meta({
      cli: {
        value: "WINDOW",
        help: "A window with this id, or this text in its title or class, is there; with --stable or --change: only what it shows counts for these",
      },
    }),
  windowGone: windowNames.describe("No such window is there").meta({ cli: { value: "WINDOW" } }),
  port: z
    .array(z.number().int().min(1).max(65_535))
    .max(16)
    .default([])
    .describe("A program inside listens on this TCP port")
    .meta({ cli: { kind: "integer", value: "N" } }),
  ref: thingRefs.describe("The thing with this reference is there").meta({ cli: { value: "REF" } }),
  refGone: thingRefs
    .describe("The thing with this reference is not there any more")
    .meta({ cli: { value: "REF" } }),
  ignoreCaret: z
    .boolean()
    .default(true)
    .describe(
      "A caret that blinks is no change for `stableMs`: what is small and goes back and forth between two states",
    )
    .meta({
      cli: {
        help: "A caret that blinks is no change for --stable (the default; --no-ignore-caret counts it)",
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

/** What a condition was seen to hold by. */
export const evidence = z.object({
  condition: z.string().describe("One of the conditions that held"),
  window: z
    .object({ id: z.string(), title: z.string(), class: z.string() })
    .nullable()
    .describe("The window that is meant, or that shows it; null: none, or it is gone"),
  line: z.string().nullable().describe("Of a text: the row that matches, or with which it begins"),
  region: desktopRegion.nullable().describe("Which part of the desktop, where it is one"),
  listener: z
    .object({ port: z.number().int(), address: z.string() })
    .nullable()
    .describe("Of a port: where a program listens"),
  caret: desktopRegion.nullable().describe("With `stableMs`: a caret whose blinking was ignored"),
});
export type Evidence = z.infer<typeof evidence>;

export const waitOutput = z.object({
  condition: z
    .string()
    .describe(
      "The condition that held, for example `prompt`, `text=done`; with `all` each of them",
    ),
  evidence: z.array(evidence).describe("What each of them was seen by"),
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
    "nexora wait --window Chromium --timeout 1m",
    "nexora wait --port 3000",
  ],
});

export const waitOperations = [wait] as const;
