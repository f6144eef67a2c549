import { z } from "zod";
import { durationMs, operation, sessionRef, thingRef } from "./operation.ts";
import { screenOptions, screenOutput } from "./screen.ts";
import { waitCondition, waitOutput } from "./wait.ts";

/** The way that text took into the application. */
const inputPath = z
  .enum(["keys", "keys-paced", "terminal"])
  .describe(
    "`keys`: X key events; `keys-paced`: X key events in confirmed batches, for characters that the keymap lacks; `terminal`: written to the focused terminal",
  );

/** What every acting verb takes besides: wait, and look. */
export const afterwards = {
  wait: waitCondition
    .optional()
    .describe("Then wait for COND; repeated: for the first of them that holds")
    .meta({ cli: { kind: "condition", value: "COND", members: ["all", "timeoutMs"] } }),
  thenScreen: z
    .union([z.boolean(), screenOptions])
    .default(false)
    .describe("Then show the screen, as text unless its picture is asked for")
    .meta({ cli: { kind: "group" } }),
  settleMs: durationMs
    .max(10_000)
    .default(500)
    .describe(
      "Longest wait, before that look, for the screen to be still; half a second unless said otherwise",
    )
    .meta({ cli: { flag: "settle", kind: "duration", value: "DUR" } }),
};
export type Afterwards = z.output<z.ZodObject<typeof afterwards>>;

export const afterwardsOutput = z.object({
  durationMs: z.number().describe("Duration of the action alone"),
  waited: waitOutput.nullable(),
  settled: z
    .object({
      ms: z.number().describe("How long the look has waited for it"),
      still: z
        .boolean()
        .describe(
          "The program has read the input, waits for more, and nothing has changed for a moment",
        ),
    })
    .nullable()
    .describe("Whether what the action caused had come when the look was taken; null without one"),
  screen: screenOutput.nullable(),
});
/** What came of the waiting and the look. */
export type AfterwardsOutput = z.output<typeof afterwardsOutput>;

/** The picture that the look gives goes where `screen -o` puts it. */
export const outputFlag = {
  name: "output",
  short: "o",
  value: "FILE",
  description: "Then write a picture of the screen to FILE",
};

const delayMs = durationMs
  .max(10_000)
  .optional()
  .meta({ cli: { flag: "delay", kind: "duration", value: "DUR" } });

const typeText = operation({
  id: "type",
  access: "act",
  session: "running",
  method: "POST",
  path: "/v1/sessions/{session}/type",
  summary: "Type text into the focused window",
  description: "The text is typed as it is, to the last character.",
  help: "The escapes \\n \\r \\t \\e \\b \\\\ \\xHH \\u{…} in TEXT are read first, except with --literal or - (standard input).",
  input: z.strictObject({
    session: sessionRef,
    text: z
      .string()
      .max(1_000_000)
      .describe("The text")
      .meta({ cli: { positional: true, value: "TEXT", help: "The text; - reads standard input" } }),
    into: thingRef
      .optional()
      .describe("Give this thing the focus first, its text cursor at the end of what it holds")
      .meta({ cli: { value: "@REF" } }),
    enter: z.boolean().default(false).describe("Press Return at the end"),
    delayMs: delayMs.describe(
      "Pause between characters; by default only control characters are set apart",
    ),
    ...afterwards,
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
    ...afterwardsOutput.shape,
  }),
  errors: ["not_found", "conflict", "stale_ref", "display_failed", "action_failed"],
  localFlags: [
    { name: "literal", short: "l", description: "Type TEXT as it is, without reading escapes" },
    outputFlag,
  ],
  examples: [
    "nexora type 'vi main.go\\n'",
    "nexora type 'ls -la' --enter --wait prompt --then-screen",
    "nexora type Ada --into @e12",
  ],
});

const pressKeys = operation({
  id: "key",
  access: "act",
  session: "running",
  method: "POST",
  path: "/v1/sessions/{session}/key",
  summary: "Press keys and chords",
  input: z.strictObject({
    session: sessionRef,
    keys: z
      .array(z.string().min(1).max(64))
      .min(1)
      .max(1000)
      .describe("Chords: Return, ctrl+c, alt+F4, KP_0, C-c")
      .meta({ cli: { positional: "rest", value: "CHORD" } }),
    repeat: z.number().int().min(1).max(1000).default(1).describe("Press them this many times"),
    holdMs: durationMs
      .max(60_000)
      .default(0)
      .describe("Hold each chord down for this long")
      .meta({ cli: { flag: "hold", kind: "duration", value: "DUR" } }),
    delayMs: delayMs.describe(
      "Pause between chords; by default as long as programs need to take them for keys",
    ),
    ...afterwards,
  }),
  output: z.object({
    keys: z.array(z.string()).describe("The chords by their canonical names"),
    ...afterwardsOutput.shape,
  }),
  errors: ["not_found", "conflict", "stale_ref", "display_failed", "action_failed"],
  localFlags: [outputFlag],
  examples: ["nexora key ctrl+c", "nexora key Escape : w q Return"],
});

export const inputOperations = [typeText, pressKeys] as const;
