import { z } from "zod";
import { durationMs, operation, sessionRef } from "./operation.ts";

export const execSpec = z.object({
  command: z
    .array(z.string())
    .min(1)
    .describe("One word is a line for `bash -lc`; several are a program and its arguments")
    .meta({ cli: { positional: "rest", value: "CMD" } }),
  cwd: z
    .string()
    .min(1)
    .optional()
    .describe("Folder inside (default /workspace)")
    .meta({ cli: { value: "DIR" } }),
  env: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string())
    .optional()
    .describe("Environment; may be repeated")
    .meta({ cli: { kind: "env", value: "K=V" } }),
  timeoutMs: durationMs
    .optional()
    .describe("Kill the whole process group after this")
    .meta({ cli: { flag: "timeout", kind: "duration", value: "DUR" } }),
  tty: z
    .boolean()
    .default(false)
    .describe("Give it a terminal")
    .meta({ cli: { short: "t" } }),
  detach: z.boolean().default(false).describe("Leave it running and return at once"),
});

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

export const exec = operation({
  id: "exec",
  method: "POST",
  path: "/v1/sessions/{session}/exec",
  summary: "Run a command in the workstation",
  description:
    "Replies with JSON, with NDJSON (`Accept: application/x-ndjson`) or, given a stream of frames, with one (docs/http-api.md): binary both ways, terminals and signals.",
  input: execSpec.extend({
    session: sessionRef,
    stdin: z
      .string()
      .optional()
      .describe("Standard input")
      .meta({ cli: { hidden: true } }),
    stdinEncoding: z
      .enum(["utf8", "base64"])
      .default("utf8")
      .meta({ cli: { hidden: true } }),
  }),
  output: execOutput,
  errors: [
    "usage",
    "session_not_found",
    "session_stopped",
    "action_failed",
    "engine_failed",
    "timeout",
  ],
  requestType: "application/vnd.nexora.frames",
  responseTypes: ["application/json", "application/x-ndjson", "application/vnd.nexora.frames"],
  localFlags: [{ name: "interactive", short: "i", description: "Pass standard input on" }],
  examples: [
    "nexora exec 'make test'",
    "nexora exec -- ls -la",
    "tar c src | nexora exec -i -- tar x -C /tmp",
  ],
});
