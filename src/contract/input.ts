import { z } from "zod";
import { durationMs, operation, sessionRef } from "./operation.ts";
import { screenOutput } from "./screen.ts";
import { waitCondition, waitOutput } from "./wait.ts";

/** The way that text took into the application. */
const inputPath = z
  .enum(["keys", "keys-paced", "terminal"])
  .describe(
    "`keys`: X key events; `keys-paced`: X key events in confirmed batches, for characters that the keymap lacks; `terminal`: written to the focused terminal",
  );

const after = {
  wait: waitCondition
    .optional()
    .describe("Wait for this afterwards")
    .meta({ cli: { hidden: true } }),
  thenScreen: z.boolean().default(false).describe("Reply with the screen as text afterwards"),
};
const afterOutput = {
  waited: waitOutput.nullable(),
  screen: screenOutput.nullable(),
};

export const typeText = operation({
  id: "type",
  method: "POST",
  path: "/v1/sessions/{session}/type",
  summary: "Type text into the focused window",
  description:
    "The HTTP API takes the text as it is. In an argument of the CLI the escapes \\n \\r \\t \\e \\b \\\\ \\xHH \\u{…} are read; --literal and `-` (standard input) take it as it is.",
  input: z.object({
    session: sessionRef,
    text: z
      .string()
      .max(1_000_000)
      .describe("The text; `-` on the command line reads standard input")
      .meta({ cli: { positional: true, value: "TEXT" } }),
    enter: z.boolean().default(false).describe("Press Return at the end"),
    ...after,
  }),
  output: z.object({
    characters: z.number().int(),
    path: inputPath,
    delivered: z
      .boolean()
      .nullable()
      .describe(
        "Whether the focused terminal has received all of it; null when the window is not a terminal",
      ),
    durationMs: z.number(),
    ...afterOutput,
  }),
  errors: [
    "usage",
    "session_not_found",
    "session_stopped",
    "display_failed",
    "action_failed",
    "timeout",
  ],
  localFlags: [
    { name: "literal", short: "l", description: "Take TEXT as it is, without escapes" },
    {
      name: "wait",
      value: "COND",
      description:
        "Wait afterwards: prompt, change, stable[=DUR], text=RE, gone=RE, title=RE, ready",
    },
  ],
  examples: [
    "nexora type 'vi main.go\\n'",
    "nexora type 'ls -la' --enter --wait prompt --then-screen",
  ],
});

export const pressKeys = operation({
  id: "key",
  method: "POST",
  path: "/v1/sessions/{session}/key",
  summary: "Press keys and chords",
  input: z.object({
    session: sessionRef,
    keys: z
      .array(z.string().min(1).max(64))
      .min(1)
      .max(1000)
      .describe("Chords: Return, ctrl+c, alt+F4, KP_0, C-c")
      .meta({ cli: { positional: "rest", value: "CHORD" } }),
    repeat: z.number().int().min(1).max(1000).default(1).describe("How often"),
    holdMs: durationMs
      .max(60_000)
      .default(0)
      .describe("Hold each chord down")
      .meta({ cli: { flag: "hold", kind: "duration", value: "DUR" } }),
    ...after,
  }),
  output: z.object({
    keys: z.array(z.string()).describe("The chords by their canonical names"),
    durationMs: z.number(),
    ...afterOutput,
  }),
  errors: ["usage", "session_not_found", "session_stopped", "display_failed", "timeout"],
  localFlags: [
    {
      name: "wait",
      value: "COND",
      description:
        "Wait afterwards: prompt, change, stable[=DUR], text=RE, gone=RE, title=RE, ready",
    },
  ],
  examples: ["nexora key ctrl+c", "nexora key Escape : w q Return"],
});
