import { z } from "zod";

import {
  arriving,
  changedOutput,
  changing,
  dialogSchema,
  pageErrors,
  pageFacts,
  tabField,
} from "./chrome-changes.ts";
import { durationMs, operation, plainText, sessionRef } from "./operation.ts";
import { patternsSchema } from "./pattern.ts";
import { restartedField } from "./tab.ts";

const path = "/v1/sessions/{session}/chrome";

/** Longest script, in characters. */
const maxScript = 1024 * 1024;

const landed = z.object({
  ...pageFacts,
  status: z.number().int().nullable().describe("HTTP status; null for what is not http"),
  reached: z
    .enum(["commit", "domcontentloaded", "load", "networkidle"])
    .nullable()
    .describe("How far it has loaded; null: nothing of it is there"),
  changed: changedOutput,
  ...restartedField,
});

/** What the verbs that go to a page have in common. */
const going = {
  access: "act",
  turn: "begin",
  session: "running",
  method: "POST",
  output: landed,
  errors: [...pageErrors, "navigation_failed"],
} as const;

/** A selector, or a text or role as Playwright writes them, or a ref of a snapshot. */
const target = z
  .string()
  .min(1)
  .max(4000)
  .meta({ cli: { value: "TARGET" } });

export const chromePageOperations = [
  operation({
    ...going,
    id: "chrome.goto",
    path: `${path}/goto`,
    summary: "Open an address in the browser, and wait until it has loaded",
    description:
      "An address without a scheme is https://, of this machine http://, and a path a file inside.",
    input: z.strictObject({
      session: sessionRef,
      url: plainText
        .min(1)
        .max(65_536)
        .describe("The address")
        .meta({ cli: { positional: true, value: "URL" } }),
      ...arriving,
      ...changing,
    }),
    examples: [
      "nexora chrome goto localhost:3000",
      "nexora chrome goto example.com --until networkidle",
    ],
  }),
  operation({
    ...going,
    id: "chrome.back",
    path: `${path}/back`,
    summary: "Go back in the tab's history",
    input: z.strictObject({ session: sessionRef, ...arriving, ...changing }),
    examples: ["nexora chrome back"],
  }),
  operation({
    ...going,
    id: "chrome.forward",
    path: `${path}/forward`,
    summary: "Go forward in the tab's history",
    input: z.strictObject({ session: sessionRef, ...arriving, ...changing }),
    examples: ["nexora chrome forward"],
  }),
  operation({
    ...going,
    id: "chrome.reload",
    path: `${path}/reload`,
    summary: "Load the page again, also one that has crashed",
    input: z.strictObject({
      session: sessionRef,
      ignoreCache: z.boolean().default(false).describe("Fetch everything again, past the cache"),
      ...arriving,
      ...changing,
    }),
    examples: ["nexora chrome reload"],
  }),
  operation({
    id: "chrome.eval",
    access: "act",
    turn: "begin",
    session: "running",
    method: "POST",
    path: `${path}/eval`,
    summary: "Run a script in the page, and print its result as JSON",
    description:
      "It runs as the page's own scripts do, in the outermost document, and may await. A function is called, with the argument if there is one. What has no other form comes as text, and an element as its HTML.",
    input: z.strictObject({
      session: sessionRef,
      expression: z
        .string()
        .min(1)
        .max(maxScript)
        .describe("An expression, statements, or a function")
        .meta({
          cli: { positional: true, value: "SCRIPT", help: "The script; - reads standard input" },
        }),
      arg: z
        .unknown()
        .optional()
        .describe("JSON that a function is called with")
        .meta({ cli: { value: "JSON" } }),
      timeoutMs: durationMs
        .min(1)
        .default(30_000)
        .describe("End it after this long (default 30 s)")
        .meta({ cli: { flag: "timeout", kind: "duration", value: "DUR" } }),
      ...changing,
    }),
    output: z.object({
      tab: z.string(),
      value: z.unknown().describe("The result; null when a dialog has opened before it was there"),
      type: z.string().nullable().describe("What JavaScript calls it, as `undefined` or `node`"),
      changed: changedOutput,
      ...restartedField,
    }),
    errors: pageErrors,
    localFlags: [{ name: "raw", short: "r", description: "Print a text as it is, without quotes" }],
    examples: [
      "nexora chrome eval document.title",
      "nexora chrome eval '(n) => document.links[n].href' --arg 0",
    ],
  }),
  operation({
    id: "chrome.dialog",
    access: "act",
    session: "running",
    method: "POST",
    path: `${path}/dialog`,
    summary: "Answer the dialog (alert, confirm, prompt) that blocks a page, or show it",
    input: z.strictObject({
      session: sessionRef,
      answer: z
        .enum(["accept", "dismiss"])
        .optional()
        .describe("`accept` or `dismiss`; without it the dialog is shown and stays")
        .meta({ cli: { positional: true, value: "ANSWER" } }),
      text: z
        .string()
        .max(100_000)
        .optional()
        .describe("What a prompt is given")
        .meta({ cli: { positional: true, value: "TEXT" } }),
      tab: tabField,
    }),
    output: z.object({
      tab: z.string(),
      dialog: dialogSchema.nullable().describe("The dialog; null: none was open"),
      answered: z.boolean(),
      ...restartedField,
    }),
    errors: pageErrors,
    examples: [
      "nexora chrome dialog",
      "nexora chrome dialog accept",
      "nexora chrome dialog accept Jane",
    ],
  }),
  operation({
    id: "chrome.wait",
    access: "read",
    session: "running",
    method: "POST",
    path: `${path}/wait`,
    summary: "Wait until a page shows, has or has loaded something",
    description:
      "The first condition that holds ends the wait. A response counts from the last action on the tab on.",
    input: z.strictObject({
      session: sessionRef,
      text: patternsSchema
        .describe("A line of the visible text matches")
        .meta({ cli: { value: "RE" } }),
      gone: patternsSchema
        .describe("Nothing of the visible text matches")
        .meta({ cli: { value: "RE" } }),
      url: patternsSchema.describe("The page's URL matches").meta({ cli: { value: "RE" } }),
      response: patternsSchema
        .describe("Status and URL of a response match, as `200 http://…`")
        .meta({ cli: { value: "RE" } }),
      target: target.optional().describe("An element is there and visible"),
      targetGone: target.optional().describe("An element is not there, or not visible"),
      load: z
        .enum(["load", "domcontentloaded", "networkidle"])
        .optional()
        .describe("The page has loaded so far"),
      timeoutMs: arriving.timeoutMs,
      tab: tabField,
    }),
    output: z.object({
      ...pageFacts,
      condition: z.string().describe("The condition that held, for example `text=done`"),
      evidence: z.string().nullable().describe("The line, URL or response by which it is seen"),
      waitedMs: z.number(),
      ...restartedField,
    }),
    errors: pageErrors,
    examples: ["nexora chrome wait --text Welcome", "nexora chrome wait --response '/api/save'"],
  }),
] as const;
