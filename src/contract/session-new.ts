import { z } from "zod";
import {
  durationMs,
  nameSchema,
  operation,
  plainText,
  sizeSchema,
  variableName,
} from "./operation.ts";
import { sessionSchema } from "./session.ts";

const sessionNew = operation({
  id: "session.new",
  access: "admin",
  method: "POST",
  path: "/v1/sessions",
  summary: "Open a workstation and wait until it is ready",
  description:
    "Starts a desktop on the given folder. Ready means that the display answers, the window manager manages and the terminal shows a prompt.",
  input: z.strictObject({
    name: nameSchema
      .optional()
      .describe("Name of the session (default: the folder's)")
      .meta({ cli: { positional: true, flag: "name", short: "n", value: "NAME" } }),
    workspace: plainText
      .min(1)
      .nullable()
      .optional()
      .describe(
        "Folder that becomes /workspace; without one it is empty, and goes with the session",
      )
      .meta({
        cli: {
          kind: "path",
          value: "DIR",
          short: "w",
          help: "Folder that becomes /workspace (default: the current one)",
        },
      }),
    size: sizeSchema
      .optional()
      .describe("Size of the desktop in pixels (default 1920x1080)")
      .meta({ cli: { kind: "size", value: "WxH" } }),
    cpus: z.number().min(0.1).max(256).optional().describe("CPUs it may use (default 2)"),
    memoryBytes: z
      .number()
      .int()
      .min(128 * 1024 * 1024)
      .optional()
      .describe("Memory it may use (default 4 GiB)")
      .meta({ cli: { flag: "memory", kind: "bytes", value: "SIZE" } }),
    pids: z
      .number()
      .int()
      .min(32)
      .max(100_000)
      .optional()
      .describe("Processes it may run (default 1024)"),
    network: z.enum(["full", "none"]).optional().describe("Network access (default full)"),
    profile: z
      .enum(["hardened", "dev"])
      .optional()
      .describe("`dev` gives a writable root and sudo, at the cost of isolation"),
    ttlMs: durationMs
      .optional()
      .describe("Stop it after this long")
      .meta({ cli: { flag: "ttl", kind: "duration", value: "DUR" } }),
    idleMs: durationMs
      .optional()
      .describe("Stop it after this long without use")
      .meta({ cli: { flag: "idle", kind: "duration", value: "DUR" } }),
    env: z
      .record(variableName, z.string())
      .optional()
      .describe("Set an environment variable for the shell and exec; may be repeated")
      .meta({ cli: { kind: "env", short: "e", value: "K=V" } }),
    restart: z
      .boolean()
      .optional()
      .describe("Restart it when it dies, on the same home and workspace"),
    runtime: z
      .string()
      .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$/, "must be the name of a container runtime")
      .optional()
      .describe("Container runtime that the engine offers, for example runsc")
      .meta({ cli: { value: "NAME" } }),
    models: z
      .array(plainText.min(1).max(200))
      .min(1)
      .max(100)
      .refine((names) => names.length === 1 || !names.includes("none"), "`none` stands alone")
      .optional()
      .describe(
        "Model, provider/model or route that its programs may use through the gateway, `*` for any text; may be repeated; none: no model (default: all)",
      )
      .meta({ cli: { value: "NAME" } }),
    browser: z.boolean().optional().describe("Also open the browser"),
    image: z
      .string()
      .min(1)
      .optional()
      .describe("Image to use (default: full, else base)")
      .meta({ cli: { value: "REF" } }),
  }),
  output: sessionSchema,
  errors: [
    "name_taken",
    "conflict",
    "workspace_not_found",
    "image_missing",
    "ports_exhausted",
    "engine_unreachable",
    "engine_failed",
    "engine_too_old",
    "config_invalid",
    "disk_full",
    "timeout",
  ],
  examples: ["nexora session new", "nexora session new web --size 1280x800 --memory 2g"],
});

export const newSessionOperations = [sessionNew] as const;
