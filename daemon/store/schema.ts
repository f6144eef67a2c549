import { sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  boolean,
  check,
  customType,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import type { NexoraEvent } from "../../src/contract/events.ts";
import type { KeyHealth } from "../../src/contract/keys.ts";
import type { Session } from "../../src/contract/session.ts";
import type { Scope } from "../../src/contract/token.ts";

/** A schema of our own: the database may be an application's, with tables of the same names. */
export const nexora = pgSchema("nexora");

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });
const milliseconds = (name: string) => bigint(name, { mode: "number" });
const bytes = customType<{ data: Uint8Array }>({ dataType: () => "bytea" });
const count = (name: string) => bigint(name, { mode: "number" }).notNull().default(0);

/**
 * One row per session. `instance` tells daemons that share one PostgreSQL server apart: each
 * sees only its own rows.
 */
export const sessions = nexora.table(
  "sessions",
  {
    id: text("id").primaryKey(),
    instance: text("instance").notNull(),
    name: text("name").notNull(),
    state: text("state").$type<Session["state"]>().notNull(),
    reason: text("reason"),
    workspace: text("workspace"),
    /** By what the folder is known again; null for those of version 0.1. */
    workspaceIdentity: text("workspace_identity"),
    image: text("image").notNull(),
    width: integer("width").notNull(),
    height: integer("height").notNull(),
    profile: text("profile").$type<Session["profile"]>().notNull(),
    network: text("network").$type<Session["network"]>().notNull(),
    cpus: doublePrecision("cpus").notNull(),
    memoryBytes: bigint("memory_bytes", { mode: "number" }).notNull(),
    pids: integer("pids").notNull(),
    uid: bigint("uid", { mode: "number" }).notNull(),
    gid: bigint("gid", { mode: "number" }).notNull(),
    ttlMs: milliseconds("ttl_ms"),
    idleMs: milliseconds("idle_ms"),
    /** Brought back when it dies without being asked to. */
    restart: boolean("restart").notNull().default(false),
    /** Container runtime of the engine; null: its default. */
    runtime: text("runtime"),
    /** The end of what its programs wrote, kept when it has ended. */
    logTail: text("log_tail"),
    /** When it was last used; written now and then, for the expiry after a restart. */
    lastUsedAt: moment("last_used_at"),
    /** The engine's own id; null until it has made the workstation. */
    handle: text("handle"),
    /** Where it runs; `local` is the daemon's own host. */
    node: text("node").notNull().default("local"),
    /** Id of the engine that has it; null until one has made it. */
    engine: text("engine"),
    env: jsonb("env").$type<Record<string, string>>().notNull().default({}),
    browser: boolean("browser").notNull().default(false),
    /** What it may use of the models; null: all, empty: none. */
    models: jsonb("models").$type<string[]>(),
    readyMs: doublePrecision("ready_ms"),
    notices: jsonb("notices").$type<string[]>().notNull().default([]),
    createdAt: moment("created_at").notNull().defaultNow(),
    startedAt: moment("started_at"),
    endedAt: moment("ended_at"),
  },
  (table) => [
    // A name is free again as soon as its session is on the way out.
    uniqueIndex("sessions_name_unique")
      .on(table.instance, table.name)
      .where(sql`${table.state} <> 'removing'`),
    check(
      "sessions_state_known",
      sql`${table.state} in ('creating', 'running', 'stopping', 'stopped', 'failed', 'removing')`,
    ),
  ],
);

/** One row per port of the pools; free while `session_id` is null. */
export const portAllocations = nexora.table(
  "port_allocations",
  {
    instance: text("instance").notNull(),
    port: integer("port").notNull(),
    pool: text("pool").$type<"vnc" | "cdp">().notNull(),
    sessionId: text("session_id"),
    allocatedAt: moment("allocated_at"),
  },
  (table) => [
    primaryKey({ columns: [table.instance, table.port] }),
    foreignKey({ columns: [table.sessionId], foreignColumns: [sessions.id] }).onDelete("set null"),
    uniqueIndex("port_allocations_session_unique").on(table.sessionId, table.pool),
    check("port_allocations_pool_known", sql`${table.pool} in ('vnc', 'cdp')`),
  ],
);

/** Secrets of a session, sealed by the SecretBox and bound to its id. */
export const vncSessions = nexora.table("vnc_sessions", {
  sessionId: text("session_id")
    .primaryKey()
    .references(() => sessions.id, { onDelete: "cascade" }),
  passwordSealed: text("password_sealed").notNull(),
  tokenSealed: text("token_sealed").notNull(),
});

/** Keys of model providers, sealed with the master key and bound to provider and id. */
export const providersAuth = nexora.table(
  "providers_auth",
  {
    id: text("id").primaryKey(),
    instance: text("instance").notNull(),
    provider: text("provider").notNull(),
    name: text("name").notNull(),
    /** Which master key it is sealed with. */
    keyId: text("key_id").notNull(),
    nonce: bytes("nonce").notNull(),
    ciphertext: bytes("ciphertext").notNull(),
    /** Its last characters, in the clear: all that anybody is shown. */
    last4: text("last4").notNull(),
    /** Requests and tokens a minute; null: no limit of ours. */
    rpm: integer("rpm"),
    tpm: bigint("tpm", { mode: "number" }),
    health: text("health").$type<KeyHealth>().notNull().default("unknown"),
    createdAt: moment("created_at").notNull().defaultNow(),
    usedAt: moment("used_at"),
    expiresAt: moment("expires_at"),
    /** What of its end has been announced. */
    announced: text("announced").$type<"week" | "day" | "expired">(),
  },
  (table) => [
    unique("providers_auth_name_unique").on(table.instance, table.provider, table.name),
    check(
      "providers_auth_health_known",
      sql`${table.health} in ('unknown', 'good', 'refused', 'limited')`,
    ),
  ],
);

/** Cookies, storage and logins of a browser, sealed with a key of the home's and bound to instance and name. */
export const browserProfiles = nexora.table(
  "browser_profiles",
  {
    instance: text("instance").notNull(),
    name: text("name").notNull(),
    /** Name of the session that it was saved from, which it outlives. */
    session: text("session").notNull(),
    nonce: bytes("nonce").notNull(),
    ciphertext: bytes("ciphertext").notNull(),
    sizeBytes: integer("size_bytes").notNull(),
    savedAt: moment("saved_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.instance, table.name] })],
);

/** What happened to sessions and to the engine, for as long as the retention says. */
export const events = nexora.table(
  "events",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    instance: text("instance").notNull(),
    time: moment("time").notNull().defaultNow(),
    type: text("type").$type<NexoraEvent["type"]>().notNull(),
    /** No foreign key: an event outlives its session. */
    sessionId: text("session_id"),
    sessionName: text("session_name"),
    message: text("message").notNull(),
    details: jsonb("details").$type<Record<string, unknown>>().notNull().default({}),
  },
  (table) => [index("events_instance_id").on(table.instance, table.id)],
);

/** Who asked for what. Never what was typed or run. */
export const audit = nexora.table(
  "audit",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    instance: text("instance").notNull(),
    time: moment("time").notNull().defaultNow(),
    /** How the caller was known: `local` over the Unix socket, `token` over TCP. */
    principalKind: text("principal_kind").$type<"local" | "token">().notNull(),
    principalName: text("principal_name").notNull(),
    operation: text("operation").notNull(),
    /** The session's name, as the caller gave it when it was not found. */
    session: text("session"),
    /** No foreign key: an entry outlives its session. */
    sessionId: text("session_id"),
    /** Code of the error; null when it went well. */
    code: text("code"),
  },
  (table) => [index("audit_instance_time").on(table.instance, table.time)],
);

/** Callers by name. The secret is shown once and kept as a hash only. */
export const tokens = nexora.table(
  "tokens",
  {
    id: text("id").primaryKey(),
    instance: text("instance").notNull(),
    name: text("name").notNull(),
    /** SHA-256 of the secret, in hex. */
    hash: text("hash").notNull(),
    scope: text("scope").$type<Scope>().notNull(),
    /** Ids of the sessions that it may touch; null: all. */
    sessions: jsonb("sessions").$type<string[]>(),
    /** Patterns of the models that one of scope `models` may use; null: all. */
    models: jsonb("models").$type<string[]>(),
    /** Requests and tokens per minute, USD per day and month (UTC); null: no limit. */
    rpm: integer("rpm"),
    tpm: integer("tpm"),
    budgetDayUsd: doublePrecision("budget_day_usd"),
    budgetMonthUsd: doublePrecision("budget_month_usd"),
    createdAt: moment("created_at").notNull().defaultNow(),
    expiresAt: moment("expires_at"),
    lastUsedAt: moment("last_used_at"),
  },
  (table) => [
    unique("tokens_name_unique").on(table.instance, table.name),
    check("tokens_scope_known", sql`${table.scope} in ('read', 'act', 'admin', 'models')`),
  ],
);

/**
 * What was used of models, summed up by the hour: one row for each caller, provider and model, so
 * that the table grows with what is used and not with how often.
 */
export const gatewayUsage = nexora.table(
  "gateway_usage",
  {
    instance: text("instance").notNull(),
    /** The beginning of the hour. */
    hour: moment("hour").notNull(),
    /** Id of a token or session. No foreign key: usage outlives both. */
    callerId: text("caller_id").notNull(),
    callerKind: text("caller_kind").$type<"token" | "session">().notNull(),
    /** Its name when it was last used. */
    callerName: text("caller_name").notNull(),
    provider: text("provider").notNull(),
    model: text("model").notNull(),
    requests: count("requests"),
    /** Of those, the ones that ended with an error. */
    failed: count("failed"),
    /** Of those, the ones whose cost is not known. */
    unpriced: count("unpriced"),
    input: count("input_tokens"),
    cachedInput: count("cached_input_tokens"),
    cacheWrite: count("cache_write_tokens"),
    output: count("output_tokens"),
    reasoning: count("reasoning_tokens"),
    /** Of the requests whose cost is known. */
    costUsd: doublePrecision("cost_usd").notNull().default(0),
  },
  (table) => [
    primaryKey({
      columns: [table.instance, table.hour, table.callerId, table.provider, table.model],
    }),
  ],
);

/** Facts about the store itself. */
export const meta = nexora.table("meta", {
  key: text("key").primaryKey(),
  value: text("value").notNull(),
});
