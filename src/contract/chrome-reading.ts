import { z } from "zod";
import { pageErrors, pageFacts, tabField } from "./chrome-changes.ts";
import { chromePath, target } from "./chrome-target.ts";
import { operation, sessionRef } from "./operation.ts";
import { restartedField } from "./tab.ts";

const reads = { access: "read", session: "running", method: "GET", errors: pageErrors } as const;

const maxOutput = (most: number) =>
  z
    .number()
    .int()
    .min(1)
    .max(10_000_000)
    .default(most)
    .describe(`Most characters; ${most} unless said otherwise`);

export const chromeReadingOperations = [
  operation({
    ...reads,
    id: "chrome.snapshot",
    path: `${chromePath}/snapshot`,
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
    path: `${chromePath}/text`,
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
    path: `${chromePath}/html`,
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
] as const;
