import { z } from "zod";
import {
  forceFlag,
  logFields,
  nameSchema,
  operation,
  sessionRef,
  sizeSchema,
} from "./operation.ts";

/** What is known of a session. */
export const sessionSchema = z.object({
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
  sessionList,
  sessionShow,
  sessionStop,
  sessionStart,
  sessionRename,
  sessionLogs,
  sessionRemove,
  sessionAttach,
] as const;
