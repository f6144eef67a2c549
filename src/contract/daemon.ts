import { z } from "zod";
import { operation } from "./operation.ts";

const check = z.object({
  name: z.string(),
  ok: z.boolean(),
  message: z.string(),
  hint: z.string().nullable(),
});

const health = operation({
  id: "health",
  access: "read",
  verb: null,
  method: "GET",
  path: "/v1/health",
  summary: "Whether the daemon and what it depends on are healthy",
  description: "`ok` is false when a dependency is down; `checks` names it.",
  input: z.strictObject({}),
  output: z.object({
    ok: z.boolean(),
    version: z.string(),
    pid: z.number().int(),
    instance: z.string(),
    checks: z.array(check),
  }),
  healthy: "ok",
  errors: [],
});

const daemonStatus = operation({
  id: "daemon.status",
  access: "read",
  method: "GET",
  path: "/v1/daemon",
  summary: "Show whether the daemon is running, where, and since when",
  input: z.strictObject({}),
  output: z.object({
    version: z.string(),
    pid: z.number().int(),
    instance: z.string(),
    home: z.string(),
    url: z.string(),
    socket: z.string(),
    store: z.object({
      kind: z.enum(["pglite", "postgres"]),
      source: z
        .enum(["NEXORA_DATABASE_URL", "DATABASE_URL", "embedded"])
        .describe("What chose it: an environment variable of the daemon, or nothing"),
      address: z.string().nullable().describe("HOST:PORT/DATABASE of a server"),
    }),
    startedAt: z.iso.datetime(),
    sessions: z.number().int(),
    memoryBytes: z.number().int(),
  }),
  errors: [],
});

const daemonStop = operation({
  id: "daemon.stop",
  access: "admin",
  method: "POST",
  path: "/v1/daemon/stop",
  summary: "Stop the daemon; sessions keep running and are found again",
  input: z.strictObject({}),
  output: z.object({ pid: z.number().int() }),
  errors: [],
});

const doctor = operation({
  id: "doctor",
  access: "read",
  method: "GET",
  path: "/v1/doctor",
  summary: "Check everything that Nexora needs, and say how to fix it",
  input: z.strictObject({}),
  output: z.object({ ok: z.boolean(), checks: z.array(check) }),
  errors: [],
});
export type Check = z.infer<typeof check>;

export const daemonOperations = [doctor, daemonStatus, daemonStop, health] as const;
