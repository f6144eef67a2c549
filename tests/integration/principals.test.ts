import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { AuditEntry } from "../../src/contract/audit.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { NexoraEvent } from "../../src/contract/events.ts";
import type { Session } from "../../src/contract/session.ts";
import type { Token } from "../../src/contract/token.ts";
import { readLines } from "../../src/lines.ts";
import { TestDaemon } from "../support/daemon.ts";

const main = join(import.meta.dir, "../../nexora.ts");
type Made = Token & { token: string };

let daemon: TestDaemon;
let mine: Session;
let other: Session;

beforeAll(async () => {
  daemon = await TestDaemon.start();
  mine = await daemon.newSession({ name: "mine", workspace: null });
  other = await daemon.newSession({ name: "other", workspace: null });
});
afterAll(() => daemon[Symbol.asyncDispose]());

let count = 0;
const make = (input: Record<string, unknown>) =>
  daemon.call<Made>("POST", "/v1/tokens", { name: `t-${++count}`, ...input });

/** A request with a token of its own: its reply, or the code of its error. */
async function as<T = unknown>(
  { token }: Made,
  method: string,
  path: string,
  body?: unknown,
): Promise<T | string> {
  const reply = await fetch(daemon.url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const value = await reply.json();
  return reply.ok ? (value as T) : NexoraError.fromJSON(value).code;
}

describe("a token", () => {
  test("that may only read sees the screen, and can neither type nor run anything", async () => {
    const reader = await make({ scope: "read" });
    const seen = await as(reader, "GET", "/v1/sessions/mine/screen?image=false");
    expect(seen).toMatchObject({ text: [{ source: "terminal" }] });
    const typed = { text: "echo typed-by-reader\n" };
    expect(await as(reader, "POST", "/v1/sessions/mine/type", typed)).toBe("forbidden");
    const run = { command: ["true"] };
    expect(await as(reader, "POST", "/v1/sessions/mine/exec", run)).toBe("forbidden");
    expect(await as(reader, "DELETE", "/v1/sessions/mine")).toBe("forbidden");
    expect(await as(reader, "POST", "/v1/tokens", { name: "more" })).toBe("forbidden");
    const { text } = await daemon.call<{ text: { lines: string[] }[] }>(
      "GET",
      "/v1/sessions/mine/screen?image=false",
    );
    expect(text[0]?.lines.join("\n")).not.toContain("typed-by-reader");
  });

  test("that may act uses sessions, and neither makes nor removes any", async () => {
    const actor = await make({ scope: "act" });
    const run = { command: ["echo", "done"] };
    expect(await as(actor, "POST", "/v1/sessions/mine/exec", run)).toMatchObject({
      stdout: "done\n",
    });
    expect(await as(actor, "POST", "/v1/sessions", { name: "third" })).toBe("forbidden");
    expect(await as(actor, "DELETE", "/v1/sessions/mine")).toBe("forbidden");
    expect(await as(actor, "POST", "/v1/daemon/stop")).toBe("forbidden");
  });

  test("that is for models only opens nothing of the API, and has its limits", async () => {
    const limits = { rpm: 60, tpm: 100_000, budget: ["5/day", "100"], models: ["claude-*"] };
    const made = await make({ scope: "models", ...limits });
    expect(made).toMatchObject({
      models: ["claude-*"],
      limits: { rpm: 60, tpm: 100_000, budgetUsd: { day: 5, month: 100 } },
    });
    for (const path of ["", "/mine", "/mine/screen"]) {
      expect(await as(made, "GET", `/v1/sessions${path}`)).toBe("forbidden");
    }
    expect(await as(made, "GET", "/v1/gateway/usage")).toBe("forbidden");
    expect(await as(made, "POST", "/v1/tokens", { name: "more" })).toBe("forbidden");
    const reader = await make({ scope: "read" });
    expect(await as(reader, "GET", "/v1/gateway/usage")).toMatchObject({ by: "token", rows: [] });
    const wrong = [
      { scope: "act", rpm: 60 },
      { scope: "models", sessions: ["mine"] },
      { scope: "models", budget: ["5/day", "6/day"] },
      { scope: "models", budget: ["5/week"] },
      { scope: "models", models: ["two words"] },
    ];
    for (const input of wrong) await expect(make(input)).rejects.toMatchObject({ code: "usage" });
  });

  test("that is bound to a session sees no other: not found, in no list, no event, not as @", async () => {
    const bound = await make({ scope: "admin", sessions: ["mine"] });
    expect(bound.sessions).toEqual([{ id: mine.id, name: "mine" }]);
    for (const reference of ["other", other.id]) {
      const at = `/v1/sessions/${reference}`;
      expect(await as(bound, "GET", at)).toBe("session_not_found");
      expect(await as(bound, "GET", `${at}/screen`)).toBe("session_not_found");
      const run = { command: ["true"] };
      expect(await as(bound, "POST", `${at}/exec`, run)).toBe("session_not_found");
      expect(await as(bound, "DELETE", at)).toBe("session_not_found");
    }
    const { sessions } = (await as(bound, "GET", "/v1/sessions")) as { sessions: Session[] };
    expect(sessions.map(({ name }) => name)).toEqual(["mine"]);
    const { events } = (await as(bound, "GET", "/v1/events")) as { events: NexoraEvent[] };
    expect(events.some(({ session }) => session?.id === mine.id)).toBe(true);
    expect(JSON.stringify(events)).not.toContain(other.id);
    const run = { command: ["hostname"] };
    expect(await as(bound, "POST", "/v1/sessions/@/exec", run)).toMatchObject({ stdout: "mine\n" });
    expect(await as(bound, "POST", "/v1/sessions", {})).toBe("forbidden");
    expect(await as(bound, "GET", "/v1/tokens")).toBe("forbidden");
    for (const act of ["save", "load"]) {
      const path = `/v1/sessions/mine/chrome/profile/${act}`;
      expect(await as(bound, "POST", path, { name: "logins" })).toBe("forbidden");
    }
    expect(await as(bound, "POST", "/v1/tokens", { name: "wider" })).toBe("forbidden");
    expect(await as(bound, "GET", "/v1/audit")).toBe("forbidden");
    expect(await as(bound, "GET", "/v1/gateway/requests")).toBe("forbidden");
    expect(await as(bound, "POST", "/v1/gateway/test", { target: "openai" })).toBe("forbidden");
    expect(await as(bound, "GET", "/v1/gateway")).toMatchObject({ providers: [] });
  });

  test("is shown once, kept as a hash, and its last use is known", async () => {
    const made = await make({ scope: "read" });
    expect(made.lastUsedAt).toBeNull();
    await as(made, "GET", "/v1/sessions");
    const { tokens } = await daemon.call<{ tokens: Token[] }>("GET", "/v1/tokens");
    const listed = tokens.find(({ id }) => id === made.id);
    expect(Date.parse(listed?.lastUsedAt ?? "")).toBeWithin(Date.now() - 60_000, Date.now() + 1);
    expect(JSON.stringify(tokens)).not.toContain(made.token.slice("nxt_0123456789ab_".length));
  });

  test("outlives the daemon's restart, and is refused once it is removed", async () => {
    const kept = await make({ scope: "read" });
    await daemon.end("SIGKILL");
    daemon = await TestDaemon.start(daemon.home);
    expect(await as(kept, "GET", "/v1/sessions")).toMatchObject({ sessions: expect.any(Array) });
    await daemon.call("DELETE", `/v1/tokens/${kept.name}`);
    expect(await as(kept, "GET", "/v1/sessions")).toBe("unauthorized");
    await expect(daemon.call("DELETE", `/v1/tokens/${kept.name}`)).rejects.toMatchObject({
      code: "not_found",
    });
  });

  /** A request for a stream. */
  const begin = ({ token }: Made, path: string) =>
    fetch(daemon.url + path, {
      headers: { authorization: `Bearer ${token}`, accept: "application/x-ndjson" },
    });

  test("has nothing go on that it has begun once it is removed", async () => {
    const brief = await make({ scope: "act" });
    const begun = await Promise.all([
      begin(brief, "/v1/events?follow=true"),
      begin(brief, "/v1/sessions/mine/changes"),
    ]);
    expect(begun.map(({ status }) => status)).toEqual([200, 200]);
    await daemon.call("DELETE", `/v1/tokens/${brief.name}`);
    const told = await Promise.all(begun.map((reply) => reply.text()));
    expect(told).toEqual([expect.any(String), expect.any(String)]);
  });

  test("that has expired is refused and says so, and what it has begun ends", async () => {
    const [short] = await Promise.all([
      make({ scope: "read", expiresMs: 1000 }),
      make({ scope: "read", expiresMs: 3600_000 }),
    ]);
    // Refused, where beginning has taken so long.
    await (await begin(short, "/v1/events?follow=true")).text();
    expect(await as(short, "GET", "/v1/sessions")).toBe("unauthorized");
  });

  test("has a name of its own, and needs sessions that exist", async () => {
    const first = await make({});
    expect(first.scope).toBe("read");
    await expect(make({ name: first.name })).rejects.toMatchObject({ code: "name_taken" });
    await expect(make({ name: "default" })).rejects.toMatchObject({ code: "usage" });
    await expect(make({ sessions: ["nobody"] })).rejects.toMatchObject({
      code: "session_not_found",
    });
  });
});

describe("the audit", () => {
  test("names the principal and the session by id and name, whatever the caller called it", async () => {
    const actor = await make({ name: "robot", scope: "act" });
    await as(actor, "POST", `/v1/sessions/${other.id}/exec`, { command: ["true"] });
    await as(actor, "DELETE", "/v1/sessions/other");
    const { entries } = await daemon.call<{ entries: AuditEntry[] }>("GET", "/v1/audit");
    const robot = entries.filter(({ principal }) => principal.name === "robot");
    expect(robot).toMatchObject([
      {
        principal: { kind: "token", name: "robot" },
        operation: "exec",
        session: { id: other.id, name: "other" },
        code: null,
      },
      { operation: "session.rm", session: { id: null, name: "other" }, code: "forbidden" },
    ]);
  });

  test("names who came by the socket as the system does, whatever the environment says", async () => {
    await using own = await TestDaemon.start(undefined, { USER: "somebody", LOGNAME: "somebody" });
    const env = { ...process.env, NEXORA_HOME: own.home };
    const command = [process.execPath, main, "token", "new", "made-here", "--quiet"];
    expect(await Bun.spawn(command, { env, stdout: "ignore" }).exited).toBe(0);
    const passwd = (await Bun.file("/etc/passwd").text()).split("\n").map((row) => row.split(":"));
    const name = passwd.find(([, , uid]) => uid === String(process.geteuid?.()))?.[0];
    const { entries } = await own.call<{ entries: AuditEntry[] }>("GET", "/v1/audit");
    expect(entries.map(({ principal }) => principal)).toEqual([
      { kind: "local", name: name ?? String(process.geteuid?.()) },
    ]);
  });

  test("is read by the CLI, as a table and as lines of JSON that go on", async () => {
    const env = { ...process.env, NEXORA_HOME: daemon.home };
    const table = Bun.spawn([process.execPath, main, "audit"], { env, stdout: "pipe" });
    expect(await new Response(table.stdout).text()).toMatch(
      /^ID +TIME +WHO +OPERATION +SESSION +RESULT\n(.*\n)*\d+ .* token:robot +session.rm +other +forbidden\n/,
    );
    const { entries } = await daemon.call<{ entries: AuditEntry[] }>("GET", "/v1/audit");
    const since = String(entries.at(-1)?.id);
    const follow = [process.execPath, main, "audit", "--follow", "--json", "--since", since];
    const child = Bun.spawn(follow, { env, stdout: "pipe" });
    await daemon.call("PATCH", "/v1/sessions/other", { name: "another" });
    for await (const line of readLines(child.stdout)) {
      expect(JSON.parse(line)).toMatchObject({ operation: "session.rename" });
      break;
    }
    child.kill();
    await child.exited;
  });
});

test("the CLI works with a token file, and what the token may not do exits with 3", async () => {
  const made = await make({ scope: "read", sessions: ["mine"] });
  const file = join(daemon.home, "reader");
  await Bun.write(file, made.token);
  const env = { ...process.env, NEXORA_HOST: daemon.url, NEXORA_TOKEN_FILE: file };
  const run = async (...words: string[]) => {
    const child = Bun.spawn([process.execPath, main, ...words], {
      env,
      stdout: "pipe",
      stderr: "pipe",
    });
    const [stdout, stderr] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    return { code: await child.exited, stdout, stderr };
  };
  expect((await run("session", "ls")).stdout).toContain("mine");
  expect(await run("type", "ls\\n")).toMatchObject({
    code: 3,
    stderr: expect.stringContaining("has scope read; type needs act"),
  });
});

test("a verb that only reads is sent again when the daemon was killed a moment ago", async () => {
  const restarting = await TestDaemon.start();
  const env = { ...process.env, NEXORA_HOME: restarting.home };
  const list = () => Bun.spawn([process.execPath, main, "session", "ls"], { env, stderr: "pipe" });
  for (let round = 0; round < 5; round++) {
    const before = await Bun.file(join(restarting.home, "daemon.json")).json();
    process.kill(before.pid, "SIGKILL");
    const child = list();
    expect([await child.exited, await new Response(child.stderr).text()]).toEqual([0, ""]);
  }
  const stop = Bun.spawn([process.execPath, main, "daemon", "stop"], { env, stderr: "pipe" });
  expect(await stop.exited).toBe(0);
  await restarting[Symbol.asyncDispose]();
});
