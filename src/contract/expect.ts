import { z } from "zod";
import { operation, plainText, sessionRef, thingRef } from "./operation.ts";
import { patternSchema } from "./pattern.ts";
import { desktopRegion } from "./screen.ts";
import { waitCondition, evidence as waitEvidence } from "./wait.ts";

const { text, gone, title, window, windowGone, ref, refGone, prompt, input, port } =
  waitCondition.shape;

/** States of a thing that can be asked for. */
const thingStates = [
  ...(["checked", "unchecked", "mixed", "pressed", "selected", "expanded", "collapsed"] as const),
  ...(["enabled", "disabled", "focused", "unfocused"] as const),
] as const;

const path = plainText.min(1).max(4096);
const paths = z.array(path).max(16).default([]);

/** What is checked; all of it at one time, as far as one look goes. */
const expectation = {
  text: text.describe("The screen shows a text that matches; may be repeated"),
  gone,
  title,
  window: window
    .describe("A window with this id, or this text in its title or class, is there")
    .meta({ cli: { value: "WINDOW" } }),
  windowGone,
  ref,
  refGone,
  state: z
    .array(z.strictObject({ ref: thingRef, is: z.enum(thingStates) }))
    .max(16)
    .default([])
    .describe(`The thing with this reference is in that state: ${thingStates.join(", ")}`)
    .meta({ cli: { kind: "pair", pair: ["ref", "is"], value: "@REF=STATE" } }),
  value: z
    .array(z.strictObject({ ref: thingRef, matches: patternSchema }))
    .max(16)
    .default([])
    .describe("What the thing with this reference holds matches")
    .meta({ cli: { kind: "pair", pair: ["ref", "matches"], value: "@REF=RE" } }),
  prompt,
  input,
  exitStatus: z
    .number()
    .int()
    .min(0)
    .max(255)
    .optional()
    .describe("The last command of the terminal has ended with this exit status")
    .meta({ cli: { kind: "integer", value: "N" } }),
  command: patternSchema
    .optional()
    .describe("The last command of the terminal, as it was typed, matches")
    .meta({ cli: { value: "RE" } }),
  exitCode: z
    .number()
    .int()
    .min(0)
    .max(255)
    .optional()
    .describe("In a list of steps: the last `exec` before it has ended with this exit code")
    .meta({ cli: { hidden: true } }),
  port,
  file: paths
    .describe("There is a file or folder at this path inside; a relative one starts at /workspace")
    .meta({ cli: { value: "PATH" } }),
  fileGone: paths.describe("There is none").meta({ cli: { value: "PATH" } }),
  fileText: z
    .array(z.strictObject({ path, matches: patternSchema }))
    .max(16)
    .default([])
    .describe("The text of that file matches")
    .meta({ cli: { kind: "pair", pair: ["path", "matches"], value: "PATH=RE" } }),
};

const answer = z
  .enum(["yes", "no", "unknown"])
  .describe("`unknown`: it cannot be told, and `why` says what is missing");
export type Answer = z.output<typeof answer>;

const { condition, line, listener } = waitEvidence.shape;

const checkSchema = z.object({
  condition: condition.describe("What was asked, for example `text=done`"),
  answer,
  why: z
    .string()
    .nullable()
    .describe("Of a no and an unknown: why; of a yes: what it rests on where that is not exact"),
  window: waitEvidence.shape.window.describe("The window that is meant, or that shows it"),
  line,
  region: desktopRegion.nullable().describe("Which part of the desktop, where it is one"),
  source: z
    .enum(["terminal", "page", "accessibility", "ocr"])
    .nullable()
    .describe("Of a text: by what it was read; only `terminal` is exact to the letter"),
  confidence: z
    .number()
    .nullable()
    .describe("Of a text that was recognised (`ocr`): how sure that is, from 0 to 1"),
  thing: z
    .object({
      role: z.string(),
      name: z.string(),
      value: z.string().nullable(),
      states: z.array(z.string()),
    })
    .nullable()
    .describe("The thing as it is now"),
  command: z
    .object({
      line: z.string().nullable().describe("As it was typed; null: not known"),
      running: z.boolean(),
      exitStatus: z.number().int().nullable(),
    })
    .nullable()
    .describe("The command that was meant"),
  listener,
  file: z
    .object({
      path: z.string(),
      type: z
        .enum(["file", "directory", "link", "other", "none"])
        .describe("`link`: a symbolic link that leads nowhere"),
      sizeBytes: z.number().int(),
    })
    .nullable(),
});
export type Check = z.output<typeof checkSchema>;

const expectOutput = z.object({
  answer: answer.describe(
    "`no` if one of them is no, else `unknown` if one of them is, else `yes`",
  ),
  checks: z.array(checkSchema).describe("Each condition, with its answer and its evidence"),
});
export type ExpectOutput = z.output<typeof expectOutput>;

const expectInput = z.strictObject({
  session: sessionRef,
  ...expectation,
  ocr: z
    .boolean()
    .default(false)
    .describe("Look for text in pictures too, by recognising it; takes a second or two"),
});
/** What is asked, without whom. */
export type Expectation = Omit<z.output<typeof expectInput>, "session">;

const expectThat = operation({
  id: "expect",
  access: "read",
  session: "running",
  method: "POST",
  path: "/v1/sessions/{session}/expect",
  summary: "Check how things are: yes, no or unknown, with the evidence",
  description:
    "Looks once, now. What it is not sure of is `unknown`, with why: a text that was not found while a part of the screen cannot be read, the exit status of a command that still runs. In a list of steps, all but a yes stops the list.",
  help: "Looks once, now: `wait` waits. What it is not sure of is unknown, and it says why. The exit code is 0 for yes, 1 for no and 6 for unknown; of several conditions, no goes before unknown.",
  input: expectInput,
  output: expectOutput,
  errors: ["display_failed", "action_failed"],
  examples: [
    "nexora expect --text 'All tests passed' --exit-status 0",
    "nexora expect --state @e12=checked --value @e14=Ada",
    "nexora expect --file dist/app.js --file-text log.txt='^done$'",
    "nexora expect --window-gone Save --port 3000",
  ],
});

export const expectOperations = [expectThat] as const;
