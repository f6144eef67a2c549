/**
 * Nothing has an idle limit. Every way to wait, through both doors and on both kinds of session, is
 * left alone for ten minutes, all at once; then something happens, and whoever waits is told.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { ExecOutput } from "../../src/contract/exec.ts";
import { readLines } from "../../src/lines.ts";
import { TestDaemon } from "../support/daemon.ts";
import { overHttp } from "../support/mcp-clients.ts";
import { type Door, NexoraCli } from "../support/nexora-cli.ts";

/** How long nothing happens, in milliseconds; less only while somebody works on this test. */
const silenceMs = Number(process.env.NEXORA_TEST_SILENCE_MS ?? 600_000);
const limitMs = silenceMs + 60_000;
/** A command that is silent, and then says so. */
const sleeper = `sleep ${silenceMs / 1000}; echo awake`;

let daemon: TestDaemon;
/** Resolves when the silence is over. */
let over: Promise<void>;
let isOver = false;
/** What happens then for those who wait for events. */
let stopped: Promise<unknown>;
const waiting = new Map<string, Promise<void>>();

const run = (session: string, line: string) =>
  daemon.call<ExecOutput>("POST", `/v1/sessions/${session}/exec`, { command: [line] });
/** The runner writes to the session's log that it has done something about it. */
const stir = (session: string) => run(session, "pkill fluxbox");

/** What the command line is left alone with. */
const commands: Record<string, (door: Door, session: string) => Promise<void>> = {
  async exec(door, session) {
    const said = await cli(door).ended("exec", "-s", session, sleeper);
    expect(said).toEqual({ code: 0, stdout: "awake\n", stderr: "" });
  },
  async "exec -i"(door, session) {
    const client = cli(door).start("exec", "-i", "-s", session, "--", "cat");
    await over;
    client.stdin.write("awake\n");
    await client.stdin.end();
    expect(await new Response(client.stdout).text()).toBe("awake\n");
    expect(await client.exited).toBe(0);
  },
  async "exec -t"(door, session) {
    const said = await cli(door).ended("exec", "-t", "-s", session, sleeper);
    expect(said).toMatchObject({ code: 0, stdout: "awake\r\n" });
  },
  async "attach and wait"(door, session) {
    const words = ["wait", "-s", session, "--text", "AWAKE-42", "--timeout", "1h"];
    const waited = cli(door).ended(...words);
    const attached = cli(door).inTerminal("session", "attach", session);
    await over;
    attached.types("echo AWAKE-$((6*7))\r");
    await attached.shows("AWAKE-42");
    expect(await waited).toMatchObject({ code: 0 });
    attached.types("\x1d");
    expect(await attached.exited).toBe(0);
  },
  async "logs -f"(door, session) {
    const line = cli(door).prints(/fluxbox ended/, "session", "logs", "-f", session);
    await over;
    await stir(session);
    await line;
  },
  async "events -f"(door) {
    await cli(door).prints(/stopped +third/, "events", "-f");
  },
  async "audit -f"(door) {
    await cli(door).prints(/session\.stop +third/, "audit", "-f");
  },
};

/** What programs that speak HTTP are left alone with. */
const requests: Record<string, (session: string) => Promise<void>> = {
  async "exec as JSON"(session) {
    expect(await run(session, sleeper)).toMatchObject({ stdout: "awake\n", exitCode: 0 });
  },
  async "exec as NDJSON"(session) {
    const init = { method: "POST", body: JSON.stringify({ command: [sleeper] }) };
    const accept = { accept: "application/x-ndjson" };
    const reply = await daemon.fetch(`/v1/sessions/${session}/exec`, { ...init, headers: accept });
    expect(await reply.text()).toContain('"data":"awake\\n"');
  },
  async logs(session) {
    const line = lineOf(`/v1/sessions/${session}/logs?follow=true`, /fluxbox ended/);
    await over;
    await stir(session);
    await line;
  },
  async events() {
    await lineOf("/v1/events?follow=true", /"type":"stopped".*"third"/);
  },
  async wait(session) {
    const condition = { text: ["AWAKE-42"], timeoutMs: 3_600_000 };
    const path = `/v1/sessions/${session}/wait`;
    expect(await daemon.call("POST", path, condition)).toMatchObject({
      condition: "text=AWAKE-42",
    });
  },
  async watch(session) {
    const reply = await daemon.fetch(`/v1/sessions/${session}/changes`);
    for await (const line of readLines(reply.body ?? [])) if (line !== "" && isOver) return;
    throw new Error("the stream ended");
  },
  async "a subscription of MCP"(session) {
    const client = await overHttp(daemon, `session=${session}`, "auto");
    const told = Promise.withResolvers<void>();
    client.setNotificationHandler("notifications/resources/updated", () => {
      if (isOver) told.resolve();
    });
    await client.listen({ resourceSubscriptions: [`nexora://session/${session}/screen`] });
    await told.promise;
    await client.close();
  },
  async "a file that comes slowly"(session) {
    const tar = await Bun.file(await archive()).bytes();
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(tar.slice(0, 700));
        await over;
        controller.enqueue(tar.slice(700));
        controller.close();
      },
    });
    const headers = { "content-type": "application/x-tar" };
    const path = `/v1/sessions/${session}/files?path=/tmp/slow`;
    const reply = await daemon.fetch(path, { method: "PUT", body, headers });
    expect({ status: reply.status, text: await reply.text() }).toMatchObject({ status: 200 });
    expect((await run(session, "cat /tmp/slow/package.json")).stdout).toContain("nexora");
  },
};

const doors: [Door, string][] = [
  ["the Unix socket", "open"],
  ["TCP", "apart"],
];
const cases: [string, () => Promise<void>][] = [
  ...doors.flatMap(([door, session]) =>
    Object.entries(commands).map(([name, wait]): [string, () => Promise<void>] => [
      `the command line over ${door}, session ${session}: ${name}`,
      () => wait(door, session),
    ]),
  ),
  ...doors.flatMap(([, session]) =>
    Object.entries(requests).map(([name, wait]): [string, () => Promise<void>] => [
      `HTTP, session ${session}: ${name}`,
      () => wait(session),
    ]),
  ),
];

beforeAll(async () => {
  daemon = await TestDaemon.start();
  await Promise.all([
    daemon.newSession({ name: "open", workspace: null }),
    daemon.newSession({ name: "apart", workspace: null, network: "none" }),
    daemon.newSession({ name: "third", workspace: null }),
  ]);
  over = Bun.sleep(silenceMs).then(() => {
    isOver = true;
  });
  stopped = over.then(() => daemon.call("POST", "/v1/sessions/third/stop"));
  for (const [name, wait] of cases) {
    const waits = wait();
    waits.catch(() => {}); // Its test tells.
    waiting.set(name, waits);
  }
}, 60_000);
afterAll(async () => {
  await stopped;
  await daemon?.[Symbol.asyncDispose]();
});

test.each(cases.map(([name]) => name))("%s", async (name) => await waiting.get(name), limitMs);

function cli(door: Door): NexoraCli {
  return new NexoraCli(daemon, door);
}

/** The first line of a stream that matches. */
async function lineOf(path: string, matches: RegExp): Promise<string> {
  const reply = await daemon.fetch(path);
  const seen: string[] = [];
  for await (const line of readLines(reply.body ?? [])) {
    if (matches.test(line)) return line;
    seen.push(line);
  }
  throw new Error(`the stream ended without ${matches}:\n${seen.join("\n")}`);
}

/** A tar file with this project's package.json. */
async function archive(): Promise<string> {
  const path = `${daemon.home}/archive.tar`;
  const words = ["tar", "-C", `${import.meta.dir}/../..`, "-cf", path, "package.json"];
  expect(await Bun.spawn(words).exited).toBe(0);
  return path;
}
