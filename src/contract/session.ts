import { z } from "zod";
import {
  durationMs,
  forceFlag,
  logFields,
  nameSchema,
  operation,
  plainText,
  sessionRef,
  sizeSchema,
  variableName,
} from "./operation.ts";

const sessionSchema = z.object({
  id: z.string().describe("Stable id, for example `s_k3v9x2m1qd`"),
  name: z.string(),
  state: z.enum(["creating", "running", "stopping", "stopped", "failed", "removing"]),
  reason: z.string().nullable().describe("Why it is stopped or failed"),
  unhealthy: z.string().nullable().describe("What is wrong with it while it runs, if anything"),
  workspace: z.string().nullable().describe("The folder on the host that is /workspace inside"),
  image: z.string().describe("Empty when its engine has no images of its own"),
  size: sizeSchema.describe("Pixels of the desktop"),
  profile: z.enum(["hardened", "dev"]),
  network: z.enum(["full", "none"]),
  ports: z
    .object({ vnc: z.number().int(), cdp: z.number().int() })
    .nullable()
    .describe("Loopback ports while it runs; null too when its engine has none"),
  node: z.string().describe("Where it runs; `local` is the daemon's own host"),
  engine: z.string().nullable().describe("Id of the engine that has it, once it has one"),
  limits: z.object({
    cpus: z.number(),
    memoryBytes: z.number().int(),
    pids: z.number().int(),
  }),
  uid: z.number().int(),
  gid: z.number().int(),
  ttlMs: z.number().int().nullable(),
  idleMs: z.number().int().nullable(),
  restart: z.boolean().describe("Whether it is restarted when it dies"),
  runtime: z.string().nullable().describe("Container runtime; null is the engine's default"),
  models: z
    .array(z.string())
    .nullable()
    .describe("What its programs may use through the gateway; null: every model, empty: none"),
  expiresAt: z.iso.datetime().nullable().describe("When it stops, unless it is used before"),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  readyMs: z.number().nullable().describe("Milliseconds from the request to READY"),
  notices: z.array(z.string()).describe("What the caller should know about this session"),
});
export type Session = z.infer<typeof sessionSchema>;

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

const sessionList = operation({
  id: "session.ls",
  access: "read",
  method: "GET",
  path: "/v1/sessions",
  summary: "List sessions",
  input: z.strictObject({}),
  output: z.object({ sessions: z.array(sessionSchema) }),
  errors: [],
});

const byRef = { session: sessionRef.meta({ cli: { positional: true, value: "SESSION" } }) };

const sessionShow = operation({
  id: "session.show",
  access: "read",
  session: "any",
  method: "GET",
  path: "/v1/sessions/{session}",
  summary: "Show one session",
  input: z.strictObject(byRef),
  output: sessionSchema.extend({
    stats: z
      .object({ memoryBytes: z.number(), cpuPercent: z.number(), pids: z.number() })
      .nullable()
      .describe("What it uses now; null when it is not running"),
    logTail: z.string().nullable().describe("The end of its log, once it has ended"),
  }),
  errors: [],
});

const sessionStop = operation({
  id: "session.stop",
  access: "act",
  session: "any",
  method: "POST",
  path: "/v1/sessions/{session}/stop",
  summary: "Stop a session; its home and workspace are kept",
  input: z.strictObject(byRef),
  output: sessionSchema,
  errors: ["session_stopped", "engine_failed", "engine_unreachable", "timeout"],
});

const sessionStart = operation({
  id: "session.start",
  access: "act",
  session: "any",
  method: "POST",
  path: "/v1/sessions/{session}/start",
  summary: "Start a stopped session again",
  input: z.strictObject(byRef),
  output: sessionSchema,
  errors: [
    "session_running",
    "conflict",
    "ports_exhausted",
    "workspace_not_found",
    "image_missing",
    "engine_unreachable",
    "engine_failed",
    "disk_full",
    "timeout",
    "config_invalid",
  ],
});

const sessionRename = operation({
  id: "session.rename",
  access: "act",
  session: "any",
  method: "PATCH",
  path: "/v1/sessions/{session}",
  summary: "Rename a session",
  input: z.strictObject({
    ...byRef,
    name: nameSchema.meta({ cli: { positional: true, value: "NAME" } }),
  }),
  output: sessionSchema,
  errors: ["name_taken"],
});

const sessionRemove = operation({
  id: "session.rm",
  access: "admin",
  session: "any",
  method: "DELETE",
  path: "/v1/sessions/{session}",
  summary: "End a session and remove its home (never the workspace)",
  input: z.strictObject(byRef),
  output: z.object({ id: z.string(), name: z.string() }),
  errors: ["engine_failed", "engine_unreachable", "timeout"],
  localFlags: [{ name: "all", description: "Remove every session of this daemon" }, forceFlag],
});

const sessionLogs = operation({
  id: "session.logs",
  access: "read",
  session: "any",
  method: "GET",
  path: "/v1/sessions/{session}/logs",
  summary: "Print what the workstation's own programs wrote",
  input: z.strictObject({
    ...byRef,
    ...logFields,
  }),
  output: null,
  stream: { out: "lines" },
  errors: ["engine_failed", "engine_unreachable", "timeout"],
});

const sessionAttach = operation({
  id: "session.attach",
  access: "act",
  session: "running",
  method: "POST",
  path: "/v1/sessions/{session}/attach",
  summary: "Attach your terminal to the visible one (ctrl+] detaches)",
  input: z.strictObject(byRef),
  output: null,
  stream: { in: "process", out: "process" },
  errors: ["action_failed"],
});

export const sessionOperations = [
  sessionNew,
  sessionList,
  sessionShow,
  sessionStop,
  sessionStart,
  sessionRename,
  sessionLogs,
  sessionRemove,
  sessionAttach,
] as const;
