import { z } from "zod";
import { durationMs, envField, operation, plainText, sessionRef } from "./operation.ts";
import { restartedField, tabRef } from "./tab.ts";

const minute = 60_000;

const endpoint = operation({
  id: "chrome.endpoint",
  access: "act",
  session: "running",
  method: "POST",
  path: "/v1/sessions/{session}/chrome/endpoint",
  summary: "Print a URL by which Playwright and others drive the browser",
  description:
    "For connectOverCDP of Playwright's and every other client of the Chrome DevTools Protocol. Whoever has the URL has the browser: it holds a secret, listens on loopback only, and takes new connections for a while. It stays the same when the browser is started again.",
  input: z.strictObject({
    session: sessionRef,
    forMs: durationMs
      .min(1000)
      .max(24 * 60 * minute)
      .default(10 * minute)
      .describe("How long the URL takes new connections; those that are open go on")
      .meta({ cli: { flag: "for", kind: "duration", value: "DUR" } }),
  }),
  output: z.object({
    url: z.string().describe("A WebSocket's: the browser as a whole"),
    httpUrl: z.string().describe("The same for clients that ask `/json/version` first"),
    expiresAt: z.iso.datetime(),
    ...restartedField,
  }),
  errors: ["action_failed"],
  examples: ["nexora chrome endpoint", "nexora chrome endpoint --for 8h"],
});

const picture = z.object({
  name: z.string(),
  sizeBytes: z.number().int(),
  base64: z.string(),
});
export type ScriptPicture = z.infer<typeof picture>;

const ending = {
  exitCode: z.number().int().nullable().describe("0: the script ended; 1: it failed"),
  timedOut: z.boolean(),
  durationMs: z.number(),
  tab: z.string().describe("The tab that was the script's page"),
  ...restartedField,
};

const runItem = z.discriminatedUnion("type", [
  z.object({ type: z.literal("stdout"), text: z.string() }),
  z.object({ type: z.literal("stderr"), text: z.string() }),
  z.object({ type: z.literal("picture"), ...picture.shape }),
  z.object({ type: z.literal("result"), ...ending }),
]);
export type RunItem = z.infer<typeof runItem>;

/** Longest script that is sent along, in characters. */
const maxScript = 1024 * 1024;

const run = operation({
  id: "chrome.run",
  access: "act",
  turn: "begin",
  session: "running",
  method: "POST",
  path: "/v1/sessions/{session}/chrome/run",
  summary: "Run a Playwright script against the visible browser",
  description:
    "Node.js runs it in the workstation, with `page`, `context` and `browser` of Playwright's as globals; a function that it exports by default is called with the three. It gets a tab of its own. A script that throws fails, and leaves a picture `failure.png`. As a stream: output as it comes, then each picture, and `result` at the end.",
  help: "Node.js runs it in the workstation, with `page`, `context` and `browser` of Playwright's as globals; a function that it exports by default is called with the three. Its exit code is ours: 0, or 1 when it throws, which leaves a picture `failure.png`; 124 when its time was over.",
  input: z.strictObject({
    session: sessionRef,
    file: plainText
      .min(1)
      .max(4096)
      .describe("Path of the script in the workstation; its name, when `script` has its text")
      .meta({
        cli: { positional: true, value: "FILE", help: "A script: .ts, .js, .mts or .mjs" },
      }),
    script: z
      .string()
      .max(maxScript)
      .optional()
      .describe("The text of the script")
      .meta({ cli: { hidden: true } }),
    tab: tabRef
      .optional()
      .describe("The script's `page` (default: a new tab, which is closed at the end)")
      .meta({ cli: { value: "TAB" } }),
    keep: z.boolean().default(false).describe("Leave its tab open"),
    env: envField,
    timeoutMs: durationMs
      .min(1)
      .default(2 * minute)
      .describe("End the script after this long")
      .meta({ cli: { flag: "timeout", kind: "duration", value: "DUR" } }),
  }),
  output: z.object({
    ...ending,
    stdout: z.string(),
    stderr: z.string(),
    truncated: z.boolean().describe("Whether output over the limit of a JSON reply was cut"),
    pictures: z.array(picture).describe("What was taken by `screenshot()`"),
  }),
  stream: { out: "items", item: runItem },
  errors: ["action_failed", "not_found"],
  localFlags: [
    { name: "inside", description: "FILE is in the workstation, and may import what lies there" },
    { name: "output", short: "o", value: "DIR", description: "Folder for its pictures" },
  ],
  examples: ["nexora chrome run login.ts", "nexora chrome run --inside tests/shop.ts -o pictures"],
});

export const chromeScriptOperations = [endpoint, run] as const;
