import { z } from "zod";
import { durationMs, envField, operation, plainText, sessionRef } from "./operation.ts";

const terminalSize = z.strictObject({
  columns: z.number().int().min(1).max(1000),
  rows: z.number().int().min(1).max(1000),
  /** Value of TERM. */
  term: z
    .string()
    .regex(/^[\w.+-]{1,64}$/, "must be the name of a terminal, such as xterm-256color")
    .default("xterm-256color"),
});

const fields = {
  session: sessionRef,
  command: z
    .array(plainText)
    .min(1)
    .describe("One word is a line for `bash -lc`; several are a program and its arguments")
    .meta({ cli: { positional: "rest", value: "CMD" } }),
  cwd: plainText
    .min(1)
    .optional()
    .describe("Working folder inside (default /workspace)")
    .meta({ cli: { value: "DIR", short: "w" } }),
  env: envField,
  timeoutMs: durationMs
    .min(1)
    .optional()
    .describe("Kill the command and its children after this long")
    .meta({ cli: { flag: "timeout", kind: "duration", value: "DUR" } }),
  tty: z
    .union([z.boolean(), terminalSize])
    .default(false)
    .describe("Allocate a terminal; `true` is one of 80 columns and 24 rows")
    .meta({ cli: { short: "t", help: "Allocate a terminal, the size of yours" } }),
  detach: z.boolean().default(false).describe("Leave the command running and return at once"),
  stdin: z
    .string()
    .optional()
    .describe("Standard input")
    .meta({ cli: { hidden: true } }),
  stdinEncoding: z
    .enum(["utf8", "base64"])
    .default("utf8")
    .meta({ cli: { hidden: true } }),
};

const execOutput = z.object({
  stdout: z.string(),
  stderr: z.string(),
  /** `base64` when the bytes are not UTF-8. */
  stdoutEncoding: z.enum(["utf8", "base64"]),
  stderrEncoding: z.enum(["utf8", "base64"]),
  truncated: z
    .boolean()
    .describe(
      "Whether output over the limit of a JSON reply (64 MiB) was cut; streams are never cut",
    ),
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable(),
  timedOut: z.boolean(),
  durationMs: z.number(),
  pid: z.number().int(),
});
export type ExecOutput = z.infer<typeof execOutput>;

const exec = operation({
  id: "exec",
  access: "act",
  session: "running",
  method: "POST",
  path: "/v1/sessions/{session}/exec",
  summary: "Run a command in the workstation",
  description:
    "Replies when the command has finished. As a stream: its output as it comes, with standard input, terminals and signals (docs/http-api.md).",
  help: "Output, errors and exit code are the command's own. Flags after its first word are its own, too.",
  input: z.strictObject(fields),
  output: execOutput,
  stream: { in: "process", out: "process" },
  errors: ["action_failed"],
  localFlags: [
    { name: "interactive", short: "i", description: "Pass standard input to the command" },
  ],
  examples: [
    "nexora exec 'make test'",
    "nexora exec -- ls -la",
    "tar c src | nexora exec -i -- tar x -C /tmp",
  ],
});

export const execOperations = [exec] as const;
