import { z } from "zod";
import {
  acted,
  acting,
  acts,
  changes,
  chromePath,
  target,
  targetArgument,
} from "./chrome-target.ts";
import { operation, plainText } from "./operation.ts";

export const chromeFormOperations = [
  operation({
    ...acts,
    id: "chrome.fill",
    path: `${chromePath}/fill`,
    summary: "Write text into a field, in place of what is in it",
    input: z.strictObject({
      ...acting,
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
    path: `${chromePath}/press`,
    summary: "Press keys and chords in the page",
    input: z.strictObject({
      ...acting,
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
    path: `${chromePath}/select`,
    summary: "Choose options of a list",
    input: z.strictObject({
      ...acting,
      target: targetArgument,
      options: z
        .array(z.string().max(10_000))
        .min(1)
        .max(1000)
        .describe("Values or labels; whatever else was chosen no longer is")
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
    path: `${chromePath}/check`,
    summary: "Switch a check box, radio button or switch on, or off",
    input: z.strictObject({
      ...acting,
      target: targetArgument,
      off: z.boolean().default(false).describe("Switch it off instead of on"),
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
    path: `${chromePath}/upload`,
    summary: "Put files of the workstation into a file field",
    description:
      "The target is the field, its label, or whatever opens a choice of files when it is clicked.",
    input: z.strictObject({
      ...acting,
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
] as const;
