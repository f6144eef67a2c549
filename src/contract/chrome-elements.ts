import { z } from "zod";
import { changedOutput, changing, pageErrors, pageFacts, tabField } from "./chrome-changes.ts";
import { durationMs, operation, plainText, sessionRef } from "./operation.ts";
import { restartedField } from "./tab.ts";

const path = "/v1/sessions/{session}/chrome";

const target = plainText
  .min(1)
  .max(4000)
  .describe('Which element: @e12, CSS, text=Save, or role=button[name="Save"]');
const targetArgument = target.meta({ cli: { positional: true, value: "TARGET" } });

const timeoutMs = durationMs
  .max(600_000)
  .default(5000)
  .describe("How long the target may take to be there and ready; 5 seconds unless said otherwise")
  .meta({ cli: { flag: "timeout", kind: "duration", value: "DUR" } });

const hold = z
  .array(z.enum(["ctrl", "shift", "alt", "super"]))
  .max(4)
  .default([])
  .describe("Modifier that is down meanwhile; may be repeated")
  .meta({ cli: { value: "MODIFIER" } });

const coordinate = z.number().int().min(0).max(100_000);
const at = z
  .strictObject({ x: coordinate, y: coordinate })
  .optional()
  .describe("A point in the target, from its upper left corner; its middle unless said otherwise")
  .meta({ cli: { kind: "point", value: "X,Y" } });

const maxOutput = (most: number) =>
  z
    .number()
    .int()
    .min(1)
    .max(10_000_000)
    .default(most)
    .describe(`Most characters; ${most} unless said otherwise`);

const where = { session: sessionRef, ...changing, timeoutMs };
const acted = z.object({
  target: z
    .string()
    .nullable()
    .describe(
      'What it was done to, as `@e5 button "Save"`; null: a dialog has opened before that was known',
    ),
  changed: changedOutput,
  ...restartedField,
});
const changes = { changed: changedOutput, ...restartedField };

const errors = [...pageErrors, "stale_ref"] as const;

const reads = { access: "read", session: "running", method: "GET", errors } as const;
const acts = {
  access: "act",
  session: "running",
  method: "POST",
  errors: [...errors, "target_not_ready"],
} as const;

export const chromeElementOperations = [
  operation({
    ...reads,
    id: "chrome.snapshot",
    path: `${path}/snapshot`,
    summary: "Show what is on the page as an outline with refs",
    description:
      "Roles, names, states and texts, indented, with a ref for all that one can act on. Iframes and open shadow roots are part of it.",
    input: z.strictObject({
      session: sessionRef,
      tab: tabField,
      target: target
        .optional()
        .describe("Only this element and what is in it")
        .meta({ cli: { positional: true, value: "TARGET" } }),
      all: z.boolean().default(false).describe("Also what is hidden"),
      viewport: z.boolean().default(false).describe("Only what the window shows now"),
      depth: z.number().int().min(1).max(1000).optional().describe("Only so many levels"),
      maxOutput: maxOutput(40_000),
    }),
    output: z.object({
      ...pageFacts,
      text: z.string().describe("A line for each thing, indented by one blank a level"),
      refs: z.number().int().describe("How many things have a ref"),
      cut: z.string().nullable().describe("What was left out because it was too much"),
      ...restartedField,
    }),
    examples: ["nexora chrome snapshot", "nexora chrome snapshot @e5"],
  }),
  operation({
    ...reads,
    id: "chrome.text",
    path: `${path}/text`,
    summary: "Show the text of the page",
    description:
      "As a person could read it, from top to bottom, with its iframes and open shadow roots.",
    input: z.strictObject({
      session: sessionRef,
      tab: tabField,
      target: target
        .optional()
        .describe("Only the text of this element")
        .meta({ cli: { positional: true, value: "TARGET" } }),
      maxOutput: maxOutput(100_000),
    }),
    output: z.object({
      ...pageFacts,
      text: z.string(),
      cut: z.boolean().describe("Whether there is more"),
      ...restartedField,
    }),
    examples: ["nexora chrome text", "nexora chrome text main"],
  }),
  operation({
    ...reads,
    id: "chrome.html",
    path: `${path}/html`,
    summary: "Show the HTML of the page as it is now",
    input: z.strictObject({
      session: sessionRef,
      tab: tabField,
      target: target
        .optional()
        .describe("Only the HTML of this element")
        .meta({ cli: { positional: true, value: "TARGET" } }),
      maxOutput: maxOutput(1_000_000),
    }),
    output: z.object({
      ...pageFacts,
      html: z.string(),
      cut: z.boolean().describe("Whether there is more"),
      ...restartedField,
    }),
    examples: ["nexora chrome html '#result'"],
  }),
  operation({
    ...acts,
    id: "chrome.click",
    path: `${path}/click`,
    summary: "Click an element of the page",
    description:
      "It is scrolled into view, and clicked once it stands still and nothing covers it; else the error says what does.",
    input: z.strictObject({
      ...where,
      target: targetArgument,
      button: z
        .enum(["left", "middle", "right", "back", "forward"])
        .default("left")
        .describe("Which button"),
      count: z.number().int().min(1).max(5).default(1).describe("2: a double click"),
      hold,
      at,
    }),
    output: acted,
    examples: ["nexora chrome click @e5", "nexora chrome click 'role=button[name=\"Save\"]'"],
  }),
  operation({
    ...acts,
    id: "chrome.fill",
    path: `${path}/fill`,
    summary: "Write text into a field, in place of what is in it",
    input: z.strictObject({
      ...where,
      target: targetArgument,
      text: z
        .string()
        .max(1_000_000)
        .describe("The text, as it is")
        .meta({ cli: { positional: true, value: "TEXT" } }),
      enter: z.boolean().default(false).describe("Press Return at the end"),
    }),
    output: acted,
    examples: [
      "nexora chrome fill @e6 ann@example.com",
      "nexora chrome fill '[name=q]' nexora --enter",
    ],
  }),
  operation({
    ...acts,
    id: "chrome.press",
    path: `${path}/press`,
    summary: "Press keys and chords in the page",
    input: z.strictObject({
      ...where,
      keys: z
        .array(z.string().min(1).max(64))
        .min(1)
        .max(1000)
        .describe("Chords: Return, ctrl+a, ArrowDown")
        .meta({ cli: { positional: "rest", value: "CHORD" } }),
      on: target
        .optional()
        .describe("Give this element the focus first")
        .meta({ cli: { value: "TARGET" } }),
    }),
    output: z.object({
      keys: z.array(z.string()).describe("The chords by their canonical names"),
      ...changes,
    }),
    examples: ["nexora chrome press Return", "nexora chrome press ctrl+a Delete --on @e6"],
  }),
  operation({
    ...acts,
    id: "chrome.select",
    path: `${path}/select`,
    summary: "Choose options of a list",
    input: z.strictObject({
      ...where,
      target: targetArgument,
      options: z
        .array(z.string().max(10_000))
        .min(1)
        .max(1000)
        .describe("Values or labels; what else was chosen is not any more")
        .meta({ cli: { positional: "rest", value: "OPTION" } }),
    }),
    output: z.object({
      ...acted.shape,
      values: z.array(z.string()).describe("Values of what is chosen now"),
      labels: z.array(z.string()),
    }),
    examples: ["nexora chrome select @e7 Germany"],
  }),
  operation({
    ...acts,
    id: "chrome.check",
    path: `${path}/check`,
    summary: "Switch a check box, radio button or switch on, or off",
    input: z.strictObject({
      ...where,
      target: targetArgument,
      off: z.boolean().default(false).describe("Off in place of on"),
    }),
    output: z.object({
      ...acted.shape,
      checked: z.boolean().nullable(),
      clicked: z.boolean().describe("False: it was as asked already"),
    }),
    examples: ["nexora chrome check @e8", "nexora chrome check @e8 --off"],
  }),
  operation({
    ...acts,
    id: "chrome.upload",
    path: `${path}/upload`,
    summary: "Give a field files of the workstation",
    description:
      "The target is the field, its label, or whatever opens a choice of files when it is clicked.",
    input: z.strictObject({
      ...where,
      target: targetArgument,
      files: z
        .array(plainText.min(1).max(4096))
        .min(1)
        .max(100)
        .describe("Paths in the workstation, from /workspace unless they begin with /")
        .meta({ cli: { positional: "rest", value: "FILE" } }),
    }),
    output: z.object({ ...acted.shape, files: z.array(z.string()) }),
    examples: ["nexora chrome upload 'input[type=file]' report.pdf"],
  }),
  operation({
    ...acts,
    id: "chrome.hover",
    path: `${path}/hover`,
    summary: "Move the pointer over an element of the page",
    input: z.strictObject({ ...where, target: targetArgument, hold, at }),
    output: acted,
    examples: ["nexora chrome hover @e5"],
  }),
  operation({
    ...acts,
    id: "chrome.scroll",
    path: `${path}/scroll`,
    summary: "Scroll an element into view, or turn the wheel over it",
    description:
      "Without a distance the target is brought into view; without a target the page itself is scrolled.",
    input: z.strictObject({
      ...where,
      target: target.optional().meta({ cli: { positional: true, value: "TARGET" } }),
      down: z
        .number()
        .int()
        .min(-1_000_000)
        .max(1_000_000)
        .optional()
        .describe("So many pixels down; less than 0: up"),
      right: z
        .number()
        .int()
        .min(-1_000_000)
        .max(1_000_000)
        .optional()
        .describe("So many pixels to the right; less than 0: to the left"),
    }),
    output: z.object({
      target: z.string().nullable(),
      x: z.number().describe("Pixels that it is scrolled from its left edge"),
      y: z.number().describe("Pixels from its upper edge"),
      maxX: z.number(),
      maxY: z.number().describe("`y` when its end has been reached"),
      ...changes,
    }),
    examples: ["nexora chrome scroll @e5", "nexora chrome scroll --down 600"],
  }),
  operation({
    ...acts,
    id: "chrome.drag",
    path: `${path}/drag`,
    summary: "Drag one element of the page to another",
    input: z.strictObject({
      ...where,
      from: target.meta({ cli: { positional: true, value: "FROM" } }),
      to: target.describe("Where it is let go").meta({ cli: { positional: true, value: "TO" } }),
      hold,
    }),
    output: z.object({ from: z.string().nullable(), to: z.string().nullable(), ...changes }),
    examples: ["nexora chrome drag @e5 @e9"],
  }),
] as const;
