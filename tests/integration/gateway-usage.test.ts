import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Callers } from "../../daemon/gateway/limits/callers.ts";
import { Limits } from "../../daemon/gateway/limits/limits.ts";
import { UsageLog } from "../../daemon/gateway/usage/usage-log.ts";
import { type NewToken, Tokens } from "../../daemon/principals/tokens.ts";
import type { Store } from "../../daemon/store/store.ts";
import { onEachStore, type TestDatabase, testDatabase } from "../support/stores.ts";
import { usageEntry } from "../support/usage-entries.ts";

const quiet = () => {};
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const all = new Date(0);
const dayMs = 24 * 3600 * 1000;
const fileToken = "the-content-of-the-token-file";

onEachStore((its) => {
  /** The usage of a daemon that no other test knows. */
  let count = 0;
  const fresh = () => `instance-${++count}`;
  const open = (instance: string) =>
    UsageLog.open({ db: its.store.db, instance, log, observers: [] });
  const report = (usage: UsageLog, by: "token" | "provider" | "model" | "session" | "day") =>
    usage.report({ by, since: all, sessions: null });

  test("usage is summed up by token, session, provider, model and day", async () => {
    await using usage = await open(fresh());
    const midnight = Math.floor(Date.now() / dayMs) * dayMs;
    const [today, before] = [new Date(midnight + dayMs / 2 + 1), new Date(midnight - 1)];
    const session = { id: "s_0123456789", kind: "session", name: "dev" } as const;
    usage.record(usageEntry(), before);
    usage.record(usageEntry(), today);
    usage.record(usageEntry({ caller: session, model: "claude-opus-5", costUsd: 3 }), today);
    usage.record(usageEntry({ provider: "local", costUsd: null }), today);
    usage.record(usageEntry({ status: 502, usage: null, costUsd: null }), today);
    expect((await report(usage, "token")).rows).toEqual([
      {
        ...{ kind: "session", id: session.id, name: "dev", requests: 1, failed: 0, unpriced: 0 },
        ...{ input: 100, cachedInput: 1000, cacheWrite: 10, output: 20, reasoning: 5, costUsd: 3 },
      },
      {
        ...{ kind: "token", id: "0123456789ab", name: "ci", requests: 4, failed: 1, unpriced: 1 },
        ...{ input: 300, cachedInput: 3000, cacheWrite: 30, output: 60, reasoning: 15, costUsd: 1 },
      },
    ]);
    const names = async (by: "session" | "provider" | "model" | "day") =>
      (await report(usage, by)).rows.map(({ name, requests, costUsd }) => [
        name,
        requests,
        costUsd,
      ]);
    expect(await names("session")).toEqual([
      ["dev", 1, 3],
      [null, 4, 1],
    ]);
    expect(await names("provider")).toEqual([
      ["anthropic", 4, 4],
      ["local", 1, null],
    ]);
    expect(await names("model")).toEqual([
      ["anthropic/claude-opus-5", 1, 3],
      ["anthropic/claude-sonnet-5", 3, 1],
      ["local/claude-sonnet-5", 1, null],
    ]);
    expect(await names("day")).toEqual([
      [before.toISOString().slice(0, 10), 1, 0.5],
      [today.toISOString().slice(0, 10), 4, 3.5],
    ]);
    const since = new Date(midnight + dayMs / 2 + 1_800_000);
    const later = await usage.report({ by: "provider", since, sessions: null });
    expect(later).toMatchObject({
      since: new Date(midnight + dayMs / 2).toISOString(),
      rows: [{}, {}],
    });
    const bound = await usage.report({ by: "model", since: all, sessions: new Set([session.id]) });
    expect(bound.rows.map(({ name }) => name)).toEqual(["anthropic/claude-opus-5"]);
    const none = await usage.report({ by: "model", since: all, sessions: new Set() });
    expect(none.rows).toEqual([]);
  });

  test("usage of many models is written in pieces", async () => {
    const instance = fresh();
    {
      await using usage = await open(instance);
      for (let n = 0; n < 250; n++) usage.record(usageEntry({ model: `m${n}` }));
    }
    await using usage = await open(instance);
    expect((await report(usage, "model")).rows.length).toBe(250);
  });

  test("usage is all there after a clean end, once, however it was written", async () => {
    const instance = fresh();
    for (let round = 1; round <= 3; round++) {
      await using usage = await open(instance);
      for (let n = 0; n < 100; n++) {
        usage.record(usageEntry({ model: `m${n % 70}` }));
        if (n % 40 === 0) void usage.flush();
      }
    }
    await using usage = await open(instance);
    expect((await report(usage, "token")).rows).toMatchObject([
      { requests: 300, input: 30_000, costUsd: 150 },
    ]);
    await using other = await open(fresh());
    expect((await report(other, "token")).rows).toEqual([]);
  });

  test("what a token has spent of its budget is known after a restart", async () => {
    const instance = fresh();
    const tokens = await Tokens.open({ db: its.store.db, instance, log });
    const { token } = await tokens.create(newToken({ budgetDayUsd: 1 }));
    const ask = () => new Request("http://x", { headers: { "x-api-key": token } });
    {
      await using usage = await open(instance);
      const caller = callersOf(tokens).authenticate(ask());
      const limits = new Limits(usage);
      limits.admit(caller, 10).settle(10);
      usage.record(usageEntry({ caller, costUsd: 0.6 }));
      limits.admit(caller, 10).settle(10);
      usage.record(usageEntry({ caller, costUsd: 0.6 }));
      expect(() => limits.admit(caller, 10)).toThrow("has spent its budget of 1 USD for this day");
    }
    const again = await Tokens.open({ db: its.store.db, instance, log });
    await using usage = await open(instance);
    const caller = callersOf(again).authenticate(ask());
    expect(caller.limits).toEqual({ rpm: null, tpm: null, budgetUsd: { day: 1, month: null } });
    expect(() => new Limits(usage).admit(caller, 10)).toThrow("has spent its budget");
  });

  test("a row that the store refuses takes no other with it, and is told", async () => {
    const instance = fresh();
    const told: string[] = [];
    const error = (message: string) => told.push(message);
    {
      const parts = { db: its.store.db, instance, log: { ...log, error }, observers: [] };
      await using usage = await UsageLog.open(parts);
      for (let n = 0; n < 150; n++) usage.record(usageEntry({ model: `m${n}` }));
      const usageOf = { cachedInput: 0, cacheWrite: 0, output: 0, reasoning: 0 };
      usage.record(usageEntry({ model: "no\0text" }));
      usage.record(usageEntry({ model: "too many", usage: { ...usageOf, input: 2 ** 70 } }));
    }
    const refusal = "usage of a model is lost: the store refuses it";
    expect(told).toEqual([refusal, refusal]);
    await using usage = await open(instance);
    expect((await report(usage, "model")).rows.length).toBe(150);
  });

  test("usage of more than a year ago is forgotten", async () => {
    const instance = fresh();
    {
      await using usage = await open(instance);
      usage.record(usageEntry(), new Date(Date.now() - 500 * 24 * 3600 * 1000));
      usage.record(usageEntry());
    }
    await using usage = await open(instance);
    expect((await report(usage, "token")).rows).toMatchObject([{ requests: 1 }]);
  });
});

test("usage that the database does not take is kept until it does", async () => {
  const database = await testDatabase("postgres");
  try {
    const store = await database.open();
    const warnings: string[] = [];
    const told = { ...log, warn: (message: string) => warnings.push(message) };
    const usage = await UsageLog.open({ db: store.db, instance: "i", log: told, observers: [] });
    await store.db.execute("alter table nexora.gateway_usage rename to elsewhere");
    usage.record(usageEntry());
    await usage.flush();
    usage.record(usageEntry());
    await usage.flush();
    expect(warnings).toEqual(["usage of models is not kept yet"]);
    await store.db.execute("alter table nexora.elsewhere rename to gateway_usage");
    const { rows } = await usage.report({ by: "token", since: all, sessions: null });
    expect(rows).toMatchObject([{ requests: 2, costUsd: 1 }]);
    await usage[Symbol.asyncDispose]();
    await store.close();
  } finally {
    await database.stop();
  }
});

describe("a caller", () => {
  let database: TestDatabase;
  let store: Store;
  let tokens: Tokens;
  beforeAll(async () => {
    database = await testDatabase("pglite");
    store = await database.open();
    tokens = await Tokens.open({ db: store.db, instance: "i", log });
  });
  afterAll(async () => {
    await store?.close();
    await database?.stop();
  });

  test.each([
    ["authorization", "Bearer "],
    ["x-api-key", ""],
    ["x-goog-api-key", ""],
  ])("is known by %s, as the official SDKs send it", async (header, before) => {
    const name = `sdk-${header}`;
    const { row, token } = await tokens.create(newToken({ name, models: ["claude-*"], rpm: 5 }));
    const callers = callersOf(tokens);
    const request = new Request("http://x", { headers: { [header]: before + token } });
    const caller = callers.authenticate(request);
    expect(caller).toMatchObject({ id: row.id, name, kind: "token", session: null });
    expect(caller.limits.rpm).toBe(5);
    expect(caller.may("anthropic", "claude-opus-5")).toBe(true);
    expect(caller.may("openai", "gpt-5")).toBe(false);
    const changed = `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`;
    const wrong = new Request("http://x", { headers: { [header]: before + changed } });
    expect(() => callers.authenticate(wrong)).toThrow("the token is not valid");
    await tokens.remove(name);
    expect(() => callers.authenticate(request)).toThrow("the token is not valid");
  });

  test("needs scope models, or must be allowed everything", async () => {
    const callers = callersOf(tokens);
    const with_ = (token: string) => new Request("http://x", { headers: { "x-api-key": token } });
    for (const scope of ["read", "act"] as const) {
      const { token } = await tokens.create(newToken({ name: `is-${scope}`, scope }));
      expect(() => callers.authenticate(with_(token))).toThrow(`has scope ${scope}`);
      callers.observer(with_(token));
    }
    const bound = await tokens.create(
      newToken({ name: "bound", scope: "admin", sessions: ["s_1"] }),
    );
    expect(() => callers.authenticate(with_(bound.token))).toThrow("is bound to sessions");
    expect(() => callers.observer(with_(bound.token))).toThrow("may not see the metrics");
    const admin = await tokens.create(newToken({ name: "admin", scope: "admin" }));
    expect(callers.authenticate(with_(admin.token)).name).toBe("admin");
    expect(callers.authenticate(with_(fileToken)).name).toBe("default");
    callers.observer(with_(fileToken));
    const models = await tokens.create(newToken({ name: "models" }));
    expect(() => callers.observer(with_(models.token))).toThrow("may not see the metrics");
    expect(() => callers.authenticate(new Request("http://x"))).toThrow("has no token");
    const expiresAt = new Date(Date.now() - 1);
    const expired = await tokens.create(newToken({ name: "expired", expiresAt }));
    expect(() => callers.authenticate(with_(expired.token))).toThrow("has expired");
  });

  test("of a session is that session while it runs, after a restart too", async () => {
    const session = { id: "s_0123456789", name: "dev", models: ["groq/*"] };
    const running = new Map([[session.id, session]]);
    const token = callersOf(tokens, running).forSession(session.id);
    const callers = callersOf(tokens, running);
    const request = new Request("http://x", { headers: { authorization: `Bearer ${token}` } });
    const caller = callers.authenticate(request);
    expect(caller).toMatchObject({ kind: "session", id: session.id, session: session.id });
    expect([caller.may("groq", "llama"), caller.may("openai", "gpt-5")]).toEqual([true, false]);
    expect(() => callers.observer(request)).toThrow("may not see the metrics");
    const other = token.replace(session.id, "s_9876543210");
    const forged = new Request("http://x", { headers: { "x-api-key": other } });
    running.set("s_9876543210", { ...session, id: "s_9876543210" });
    expect(() => callers.authenticate(forged)).toThrow("the token is not valid");
    running.delete(session.id);
    expect(() => callers.authenticate(request)).toThrow("the token is not valid");
  });
});

function newToken(other: Partial<NewToken> = {}): NewToken {
  return {
    name: "ci",
    scope: "models",
    sessions: null,
    expiresAt: null,
    models: null,
    rpm: null,
    tpm: null,
    budgetDayUsd: null,
    budgetMonthUsd: null,
    ...other,
  };
}

function callersOf(
  tokens: Tokens,
  running = new Map<string, { id: string; name: string; models: string[] }>(),
): Callers {
  const key = new Uint8Array(32).fill(7);
  return new Callers({ tokens, fileToken, key, session: (id) => running.get(id) ?? null });
}
