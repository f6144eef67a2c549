import { z } from "zod";
import { afterwards, afterwardsOutput, outputFlag } from "./input.ts";
import { durationMs, operation, plainText, sessionRef } from "./operation.ts";
import { managedWindow } from "./window.ts";

const open = operation({
  id: "open",
  access: "act",
  session: "running",
  method: "POST",
  path: "/v1/sessions/{session}/open",
  summary: "Open a URL, a file or a program, and wait for its window",
  description:
    "Replies when the window is there. A URL opens in the browser; a file by what it holds: text in the editor, pages, pictures and documents in the browser, a folder in a terminal; anything else is run.",
  input: z.strictObject({
    session: sessionRef,
    target: z
      .array(plainText.min(1))
      .min(1)
      .max(1000)
      .describe(
        "One word is a URL, a path (relative to /workspace), or else a line for `bash -lc`; several are a program and its arguments",
      )
      .meta({ cli: { positional: "rest", value: "URL|PATH|COMMAND" } }),
    withinMs: durationMs
      .min(1)
      .max(600_000)
      .default(15_000)
      .describe("Give up when its window has not come after this long (default 15 s)")
      .meta({ cli: { flag: "within", kind: "duration", value: "DUR" } }),
    ...afterwards,
  }),
  output: z.object({
    opened: z.object({
      kind: z.enum(["url", "path", "command"]).describe("What the target was taken for"),
      command: z.array(z.string()).describe("What was started"),
      pid: z.number().int().describe("Process id of what was started, inside"),
    }),
    window: managedWindow.describe("Its window, the first of them"),
    ...afterwardsOutput.shape,
  }),
  errors: ["not_found", "conflict", "stale_ref", "display_failed", "action_failed"],
  localFlags: [outputFlag],
  examples: [
    "nexora open https://example.org",
    "nexora open notes.txt",
    "nexora open --wait stable -- xterm -T logs -e tail -f build.log",
  ],
});

export const openOperations = [open] as const;
