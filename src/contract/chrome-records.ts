import { z } from "zod";
import { pageErrors, tabField } from "./chrome-changes.ts";
import { operation, sessionRef } from "./operation.ts";
import { patternSchema } from "./pattern.ts";
import { restartedField } from "./tab.ts";

const path = "/v1/sessions/{session}/chrome";

const reading = {
  since: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe(
      "Only what came after the entry with this id; by default what came since you asked last",
    )
    .meta({ cli: { value: "ID" } }),
  all: z.boolean().default(false).describe("All that is kept, read before or not"),
  grep: patternSchema
    .optional()
    .describe("Only what matches")
    .meta({ cli: { value: "RE" } }),
  tab: tabField,
};

const entry = { id: z.number().int(), time: z.string() };
const outcome = {
  tab: z.string(),
  missed: z.number().int().describe("How many entries are not kept: there were too many"),
  next: z.number().int().describe("What to give as `since` the next time"),
  ...restartedField,
};

const common = { access: "read", session: "running", method: "GET", errors: pageErrors } as const;

export const chromeRecordOperations = [
  operation({
    ...common,
    id: "chrome.console",
    path: `${path}/console`,
    summary: "Show what the page's scripts and the browser have logged, since you asked last",
    description: "The last 500 entries of each tab are kept. Uncaught exceptions are among them.",
    input: z.strictObject({
      session: sessionRef,
      level: z
        .enum(["debug", "info", "warning", "error"])
        .default("debug")
        .describe("Only what is at least so important"),
      ...reading,
    }),
    output: z.object({
      entries: z.array(
        z.object({
          ...entry,
          level: z.enum(["debug", "info", "warning", "error"]),
          text: z.string(),
          where: z.string().nullable().describe("URL and line of the script"),
          count: z.number().int().describe("How many times in a row, until somebody read it"),
        }),
      ),
      ...outcome,
    }),
    examples: ["nexora chrome console", "nexora chrome console --level error --all"],
  }),
  operation({
    ...common,
    id: "chrome.network",
    path: `${path}/network`,
    summary: "Show what the page has requested, since you asked last",
    description:
      "The last 500 requests of each tab that have ended are kept; those under way come besides.",
    input: z.strictObject({
      session: sessionRef,
      failed: z
        .boolean()
        .default(false)
        .describe("Only what failed, or was answered by 400 or more"),
      ...reading,
    }),
    output: z.object({
      entries: z.array(
        z.object({
          ...entry,
          method: z.string(),
          url: z.string(),
          type: z.string().describe("What it is for: `document`, `script`, `fetch` …"),
          status: z.number().int().nullable(),
          mimeType: z.string().nullable(),
          bytes: z.number().nullable().describe("Bytes over the network, headers included"),
          ms: z.number().nullable(),
          failed: z.string().nullable().describe("Why, as `net::ERR_CONNECTION_REFUSED`"),
        }),
      ),
      pending: z
        .array(
          z.object({ time: z.string(), method: z.string(), url: z.string(), type: z.string() }),
        )
        .describe("Under way, the oldest first; 50 at most"),
      ...outcome,
    }),
    examples: ["nexora chrome network", "nexora chrome network --failed"],
  }),
] as const;
