import { readFileSync } from "node:fs";
import { z } from "zod";
import { NexoraError } from "../src/contract/errors.ts";
import { sizeSchema } from "../src/contract/operation.ts";
import { plainIssue } from "./plain-issue.ts";

const pool = (first: number, last: number) =>
  z
    .tuple([z.number().int().min(1024).max(65535), z.number().int().min(1024).max(65535)])
    .refine(([from, to]) => from <= to, "the first port is above the last")
    .default([first, last]);

const hours = 3600 * 1000;

/** The user's configuration file, `config.json`; every field has a default. */
const configSchema = z
  .strictObject({
    daemon: z
      .strictObject({
        port: z.number().int().min(0).max(65535).optional(),
        logLevel: z.enum(["debug", "info", "warning", "error"]).default("info"),
      })
      .prefault({}),
    ports: z.strictObject({ vnc: pool(5900, 5999), cdp: pool(9222, 9321) }).prefault({}),
    sessions: z
      .strictObject({
        size: sizeSchema.default({ width: 1920, height: 1080 }),
        cpus: z.number().min(0.1).default(2),
        memoryBytes: z
          .number()
          .int()
          .min(128 * 1024 * 1024)
          .default(4 * 1024 ** 3),
        pids: z.number().int().min(32).default(1024),
        /** What a session's volumes may hold, in bytes; 0: no limit. */
        homeBytes: z
          .number()
          .int()
          .refine(
            (bytes) => bytes === 0 || bytes >= 64 * 1024 * 1024,
            "must be at least 64 MiB, or 0",
          )
          .default(10 * 1024 ** 3),
        /** Sessions that may be open at once; 0: no limit but the ports. */
        max: z.number().int().min(0).default(0),
        network: z.enum(["full", "none"]).default("full"),
        restart: z.boolean().default(false),
        /** Container runtime of the engine, for example runsc. */
        runtime: z.string().min(1).optional(),
        /** How long ended sessions, their logs and events are kept; 0: for ever. */
        retentionMs: z
          .number()
          .int()
          .min(0)
          .default(7 * 24 * hours),
        idleMs: z
          .number()
          .int()
          .min(0)
          .default(8 * hours),
        ttlMs: z.number().int().min(0).default(0),
        /** How long a workstation may give no sign of life, which it does every 5 s. */
        silenceMs: z.number().int().min(1000).default(15_000),
        readyTimeoutMs: z.number().int().min(1000).default(60_000),
      })
      .prefault({}),
    isolation: z
      .strictObject({
        /** A file in Docker's format; without one, Nexora's own profile. */
        seccompProfile: z.string().startsWith("/", "must be an absolute path").optional(),
        /** Name of a profile that is loaded on the engine's host; without one, the engine's. */
        apparmor: z
          .string()
          .regex(/^[\w.:/-]{1,128}$/)
          .optional(),
      })
      .prefault({}),
  })
  .prefault({});
export type Config = z.output<typeof configSchema>;

/** Reads the file; a missing one is all defaults. Throws `config_invalid`, naming file and field. */
export function loadConfig(path: string): Config {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return configSchema.parse({});
    throw invalid(path, (cause as Error).message, cause);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(path, `it is not valid JSON (${(cause as Error).message})`, cause);
  }
  const result = configSchema.safeParse(value, { error: plainIssue });
  if (result.success) return result.data;
  throw invalid(path, problem(result.error.issues[0]), result.error);
}

function problem(issue: z.core.$ZodIssue | undefined): string {
  const field = issue?.path.join(".") ?? "";
  if (issue?.code === "unrecognized_keys") {
    return `there is no field ${JSON.stringify([...issue.path, issue.keys[0]].join("."))}`;
  }
  return `${field || "the file"}: ${issue?.message}`;
}

function invalid(path: string, why: string, cause: unknown): NexoraError {
  return new NexoraError("config_invalid", `cannot use the configuration file ${path}: ${why}`, {
    hint: "fix it or move it away; docs/configuration.md lists the fields",
    cause,
  });
}
