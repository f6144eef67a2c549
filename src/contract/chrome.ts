import { z } from "zod";
import { operation, plainText, sessionRef } from "./operation.ts";
import { pageAddress, restartedField, tabRef, tabSchema } from "./tab.ts";

const browserStatus = z.object({
  installed: z.boolean().describe("Whether the session's image has a browser"),
  running: z.boolean(),
  began: z.boolean().describe("Whether this request has started it"),
  version: z.string().nullable(),
  tabs: z.array(tabSchema),
  ...restartedField,
});

const tabs = z.object({ tabs: z.array(tabSchema), ...restartedField });
const oneTab = z.object({ tab: tabSchema, ...restartedField });

const path = "/v1/sessions/{session}/chrome";
const session = { session: sessionRef };
const byTab = { ...session, tab: tabRef.meta({ cli: { positional: true, value: "TAB" } }) };
const common = { session: "running", errors: ["not_found", "action_failed", "conflict"] } as const;

export const chromeOperations = [
  operation({
    ...common,
    id: "chrome.start",
    access: "act",
    turn: "whole",
    method: "POST",
    path: `${path}/start`,
    summary: "Start the browser, unless it runs",
    description: "Every verb of the browser does so where it is needed.",
    input: z.strictObject({
      ...session,
      url: pageAddress.optional().meta({ cli: { positional: true, value: "URL" } }),
      downloads: plainText
        .regex(/^\/./, "must be an absolute path")
        .max(4000)
        .optional()
        .describe(
          "Folder inside for downloads from now on, where a file replaces one of its name (default: /workspace/downloads, where it gets another name)",
        )
        .meta({ cli: { value: "DIR" } }),
    }),
    output: browserStatus,
    examples: [
      "nexora chrome start",
      "nexora chrome start https://example.com --downloads /tmp/reports",
    ],
  }),
  operation({
    ...common,
    id: "chrome.stop",
    access: "act",
    turn: "whole",
    method: "POST",
    path: `${path}/stop`,
    summary: "End the browser; its profile stays",
    input: z.strictObject(session),
    output: browserStatus,
    examples: ["nexora chrome stop"],
  }),
  operation({
    ...common,
    id: "chrome.status",
    access: "read",
    method: "GET",
    path,
    summary: "Say whether the browser runs, and with which tabs",
    input: z.strictObject(session),
    output: browserStatus,
    examples: ["nexora chrome status"],
  }),
  operation({
    ...common,
    id: "chrome.tabs",
    access: "read",
    method: "GET",
    path: `${path}/tabs`,
    summary: "List the browser's tabs",
    input: z.strictObject(session),
    output: tabs,
    examples: ["nexora chrome tabs"],
  }),
  operation({
    ...common,
    id: "chrome.tabs.new",
    access: "act",
    turn: "whole",
    method: "POST",
    path: `${path}/tabs`,
    summary: "Open a tab in front of the others",
    input: z.strictObject({
      ...session,
      url: pageAddress
        .default("about:blank")
        .describe("Page to open; it is not waited for")
        .meta({ cli: { positional: true, value: "URL" } }),
    }),
    output: oneTab,
    examples: ["nexora chrome tabs new https://example.com"],
  }),
  operation({
    ...common,
    id: "chrome.tabs.switch",
    access: "act",
    turn: "whole",
    method: "POST",
    path: `${path}/tabs/{tab}/switch`,
    summary: "Bring a tab to the front",
    input: z.strictObject(byTab),
    output: oneTab,
    examples: ["nexora chrome tabs switch t2"],
  }),
  operation({
    ...common,
    id: "chrome.tabs.close",
    access: "act",
    turn: "begin",
    method: "DELETE",
    path: `${path}/tabs/{tab}`,
    summary: "Close a tab; the browser ends with its last one",
    input: z.strictObject(byTab),
    output: tabs,
    examples: ["nexora chrome tabs close t2"],
  }),
] as const;
