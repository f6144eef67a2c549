import { z } from "zod";
import { routeConfig, strategies } from "./gateway.ts";
import { nameSchema, operation, sizeSchema } from "./operation.ts";

const pool = (first: number, last: number) =>
  z
    .tuple([z.number().int().min(1024).max(65535), z.number().int().min(1024).max(65535)])
    .refine(([from, to]) => from <= to, "the first port is above the last")
    .default([first, last]);

const hours = 3600 * 1000;

/** The user's configuration file, `config.json`; every field has a default. */
export const configSchema = z
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
        seccompProfile: z.string().regex(/^\//, "must be an absolute path").optional(),
        /** Name of a profile that is loaded on the engine's host; without one, the engine's. */
        apparmor: z
          .string()
          .regex(/^[\w.:/-]{1,128}$/, "must be the name of an AppArmor profile")
          .optional(),
      })
      .prefault({}),
    gateway: z
      .strictObject({
        enabled: z.boolean().default(true),
        port: z.number().int().min(0).max(65535).optional(),
        /** Longest body of a request, in bytes; the whole of it is held. */
        maxBodyBytes: z
          .number()
          .int()
          .min(1024)
          .max(256 * 1024 ** 2)
          .default(32 * 1024 ** 2),
        /** How long a provider may be silent before a stream begins, and within it. */
        silenceMs: z.number().int().min(100).default(180_000),
        /** How long a provider may take for a reply that is not streamed. */
        replyMs: z.number().int().min(100).default(600_000),
        /** Whether `gateway logs` shows how what was asked begins. */
        logPrompts: z.boolean().default(false),
        /** For a model that several providers have, and for routes that say none. */
        strategy: z.enum(strategies).default("cheapest"),
        /** What `route/NAME` stands for. */
        routes: z.record(nameSchema, routeConfig).default({}),
        /** An OpenTelemetry collector, for OTLP over HTTP. */
        otlp: z.url({ protocol: /^https?$/ }).optional(),
        /** Where newer models and prices come from. */
        refresh: z
          .strictObject({
            url: z.url({ protocol: /^https?$/ }).default("https://models.dev/api.json"),
            /** 0: never. */
            everyMs: z
              .number()
              .int()
              .refine((ms) => ms === 0 || ms >= 60_000, "must be at least 1 min (60000), or 0")
              .default(24 * hours),
          })
          .prefault({}),
      })
      .prefault({}),
  })
  .prefault({});
export type Config = z.output<typeof configSchema>;

const configShow = operation({
  id: "config.show",
  access: "read",
  method: "GET",
  path: "/v1/config",
  summary: "Show the configuration that the daemon works with",
  input: z.strictObject({}),
  output: z.object({
    path: z.string().describe("The file that it was read from"),
    changed: z
      .boolean()
      .describe("Whether the file says something else by now, which counts after a restart"),
    config: configSchema.describe("Every field, with its default where the file has none"),
  }),
  errors: [],
});

export const configOperations = [configShow] as const;
