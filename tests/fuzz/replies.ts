import { Blocks } from "../../daemon/perception/blocks.ts";
import { RefLister } from "../../daemon/perception/ref-lists.ts";
import { Refs } from "../../daemon/perception/refs.ts";
import { RunnerClient } from "../../daemon/runner/client.ts";
import { shellChecks, titleChecks } from "../../daemon/waits/screen-checks.ts";
import { textChecks } from "../../daemon/waits/text-checks.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import { screenOptions } from "../../src/contract/screen.ts";
import { waitCondition } from "../../src/contract/wait.ts";
import type { RunnerScreen } from "../../src/runner/screen.ts";
import { altered, anything } from "./json.ts";
import { chunks, demand, pick, type Random, spoilt, type Target } from "./target.ts";

const window = { id: "0x1", title: "t", class: "XTerm", x: 0, y: 0, width: 640, height: 400 };
const lastCommand = { ordinal: 1, line: "ls", running: false, exitStatus: 0 };
const prompt = { id: "t1", prompt: true, exitStatus: 0, lastCommand };
const screen: RunnerScreen = {
  focused: { ...window, terminal: "t1" },
  terminal: {
    ...prompt,
    seq: 9,
    columns: 80,
    rows: 24,
    lines: ["$ ls", "a b c", "$ "],
    cursor: { x: 2, y: 2, visible: true },
    title: "t",
    alternate: false,
    degraded: null,
    command: "bash",
    inputBytes: 3,
    input: "waits",
    output: { lines: ["a b c"], missing: null },
    marks: [{ row: 1, at: 0, text: "a" }],
  },
  prompts: [prompt],
  windows: [
    {
      ...{ ...window, id: "0x2", terminal: null, pid: 7, managed: false },
      ...{ frame: { x: 10, y: 10, width: 99, height: 99 }, cells: null },
    },
    {
      ...{ ...window, terminal: "t1", pid: null, managed: true },
      ...{ frame: window, cells: { x: 2, y: 2, width: 8, height: 16 } },
    },
  ],
  others: [],
};
const { focused, terminal } = screen;
const honest = [
  screen,
  { window: focused, terminal: { id: "t1", inputBytes: 3 } },
  { terminal: "t1", inputBytes: 3, seq: 1, still: true },
  { type: "file", sizeBytes: 1, entries: [{ name: "a", type: "file" }], truncated: false },
  { type: "heartbeat", time: 1, endings: 1, ending: "signal 9" },
  { type: "prompt", id: "t1", exitStatus: 0, window: focused },
  { code: "not_found", message: "no", hint: "run this", details: { terminal } },
];

/** What a program says that has taken a runner's place: taken as the protocol has it, or an error of ours. */
export async function openReplies(): Promise<Target> {
  let random: Random = () => 0;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () => {
      const headers = random(30) === 0 ? { "content-encoding": pick(random, ["gzip", "br"]) } : {};
      const bytes = bodyOf(random);
      const body = random(2) === 0 ? bytes : stream(chunks(random, bytes));
      return new Response(body, { headers, status: pick(random, [200, 200, 200, 404, 500]) });
    },
  });
  const address = { hostname: "127.0.0.1", port: server.port ?? 0, token: "token" };
  const client = new RunnerClient(async () => address);
  return {
    async run(chance) {
      random = chance;
      try {
        await ask(client, random);
      } catch (error) {
        if (!(error instanceof NexoraError)) throw error;
        demand(error.hint !== "run this", () => "a runner's hint was passed on");
        printable(error.message);
      }
    },
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

async function ask(client: RunnerClient, random: Random): Promise<void> {
  const signal = AbortSignal.timeout(10_000);
  switch (random(8)) {
    case 0:
      return void (await client.health("s", signal));
    case 1:
      return printable((await client.focus("s", signal)).window?.title ?? "");
    case 2:
      return void (await client.input("s", { text: "x" }, signal));
    case 3:
      for (const { name } of (await client.files.list("s", "/", signal)).entries) printable(name);
      return;
    case 4:
      return void (await client.files.stat("s", "/", signal));
    case 5:
      for await (const event of client.events("s", signal)) {
        if (event.type === "focus") printable(event.window?.title ?? "");
      }
      return;
    default:
      return show(await client.screen("s", {}, signal), random);
  }
}

/** All that the daemon makes of a screen. */
async function show(it: RunnerScreen, random: Random): Promise<void> {
  printable(it.focused?.title ?? "");
  const wanted = waitCondition.parse({
    ...{ prompt: random(2) === 0, input: random(2) === 0 },
    ...{ text: ["a b"], gone: ["z"], title: ["t"] },
  });
  const none = async (patterns: readonly string[], texts: readonly string[]) =>
    patterns.map(() => texts.map(() => false));
  await titleChecks(wanted, it, none);
  shellChecks(wanted, it, "t1");
  const options = screenOptions.parse({
    ...{ lastOutput: random(2) === 0, marks: random(2) === 0, cursor: random(2) === 0 },
    ...{ compact: random(2) === 0, grep: "a" },
  });
  const all = async (_: string, __: readonly string[], texts: readonly string[]) => [
    texts.map(() => true),
  ];
  const blocks = new Blocks({
    runner: { screen: async () => it },
    matches: all,
    sources: [],
    ocr: { read: async () => ({ lines: [], degraded: null }) },
    refs: new RefLister(new Refs(), []),
  });
  const of = { id: "s", width: 1280, height: 800 };
  await textChecks(wanted, await blocks.texts("s", undefined, AbortSignal.timeout(10_000)), none);
  const { text } = await blocks.read(of, options, AbortSignal.timeout(10_000));
  const lines = text?.flatMap((block) => block.lines) ?? [];
  const length = lines.reduce((sum, line) => sum + line.length, 0);
  demand(length < 10_000_000, () => `${length} characters`);
}

function bodyOf(random: Random): Uint8Array {
  const value = random(5) === 0 ? anything(random) : altered(random, honest[random(honest.length)]);
  const text = JSON.stringify(value) ?? "";
  const bytes = Buffer.from(random(3) === 0 ? `${text}\n${text}\n` : text);
  return random(3) === 0 ? spoilt(random, bytes) : bytes;
}

function stream(parts: Iterator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      const { done, value } = parts.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

function printable(text: string): void {
  demand(!/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(text), () => JSON.stringify(text));
}
