import { join } from "node:path";
import type { GatewayStatus } from "../../src/contract/gateway-requests.ts";
import type { Bench } from "./bench.ts";
import { HttpCaller, load, type Target } from "./http-load.ts";
import { type Summary, summarize } from "./measure.ts";
import { settled } from "./memory.ts";
import type { Nexora } from "./nexora.ts";
import { Portkey } from "./portkey.ts";
import type { Row } from "./table.ts";

const rounds = 30;
const burst = 100;
const callers = 32;
const peak = 10_000;
/** The collector goes round once in about so many requests. */
const many = 150_000;
const pauses = 6;

const prompt = "What is the weather in Zürich, and what should I wear? ".repeat(20);
const question = { max_tokens: 200, messages: [{ role: "user", content: prompt }] };
/** What is in each good reply, also at the end of a streamed one. */
const answer = /"(finish|stop)_reason":"/;

/** Ways to ask the same model. */
interface Ways {
  direct: Target;
  nexora: Target;
  portkey: Target;
}

/** What the gateway adds to a request beside `@portkey-ai/gateway`, at the same upstream in one run. */
export async function benchGateway({ nexora, folder, signal }: Bench): Promise<Row[]> {
  await using upstream = await startUpstream();
  await using portkey = await Portkey.start(folder, signal);
  const ours = await ourGateway(nexora, upstream.url);
  const ways = (provider: "openai" | "anthropic", fields: object = {}): Ways => {
    const body = JSON.stringify({ model: `bench-${provider}`, ...question, ...fields });
    const path = "/v1/chat/completions";
    const direct = provider === "openai" ? path : "/v1/messages";
    const key = { authorization: "Bearer sk-bench" };
    return {
      direct: { url: new URL(upstream.url + direct), headers: key, body },
      nexora: { url: new URL(ours.url + path), headers: ours.headers, body },
      portkey: {
        url: new URL(portkey.url + path),
        headers: { ...key, ...portkey.headers(provider, `${upstream.url}/v1`) },
        body,
      },
    };
  };
  const whole = ways("openai");
  return [
    ...(await addedBy("a request", whole, { p50: 0.35, p99: 3 }, signal)),
    ...(await addedBy("a streamed request", ways("openai", { stream: true }), {}, signal)),
    ...(await addedBy(
      "a request of Chat, at a provider of Messages",
      ways("anthropic"),
      {},
      signal,
    )),
    await throughput(whole, signal),
    await growth(whole.nexora, nexora.pid, signal),
  ];
}

async function startUpstream(): Promise<AsyncDisposable & { url: string }> {
  const program = Bun.spawn([process.execPath, join(import.meta.dir, "gateway-upstream.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const reader = program.stdout.getReader();
  const { value } = await reader.read();
  const port = Number(new TextDecoder().decode(value));
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      program.kill();
      await program.exited;
    },
  };
}

/** The upstream as a provider with a key, and a token for it. */
async function ourGateway(nexora: Nexora, upstream: string) {
  const { url } = await nexora.call<GatewayStatus>("GET", "/v1/gateway");
  if (!url) throw new Error("the gateway is disabled");
  for (const [name, format] of [
    ["openai", "openai-chat"],
    ["anthropic", "anthropic-messages"],
  ]) {
    const id = `bench-${name}`;
    const provider = { id, url: `${upstream}/v1`, format: [format], model: [id] };
    await nexora.call("POST", "/v1/gateway/providers", provider);
    await nexora.call("POST", "/v1/keys", { provider: id, key: "sk-bench-0123456789" });
  }
  const fields = { name: "bench-gateway", scope: "models" };
  const { token } = await nexora.call<{ token: string }>("POST", "/v1/tokens", fields);
  return { url, headers: { authorization: `Bearer ${token}` } };
}

/** What one caller waits for longer than without a gateway: the medians' difference, and of the p99. */
async function addedBy(
  what: string,
  ways: Ways,
  goals: { p50?: number; p99?: number },
  signal: AbortSignal,
): Promise<Row[]> {
  const times = { direct: [] as number[], nexora: [] as number[], portkey: [] as number[] };
  using direct = await HttpCaller.connect(ways.direct, answer);
  using nexora = await HttpCaller.connect(ways.nexora, answer);
  using portkey = await HttpCaller.connect(ways.portkey, answer);
  const open = { direct, nexora, portkey };
  for (let round = -3; round < rounds; round++) {
    for (const name of ["direct", "nexora", "portkey"] as const) {
      signal.throwIfAborted();
      for (let n = 0; n < burst; n++) {
        const start = performance.now();
        await open[name].call();
        if (round >= 0) times[name].push(performance.now() - start);
      }
    }
  }
  const row = (part: "p50" | "p99", share: number, atMost?: number): Row => {
    const base = at(times.direct, share);
    const added = (name: "nexora" | "portkey") =>
      shifted(summarize(times[name]), at(times[name], share) - base, base);
    return {
      what: `gateway: added to ${what}, ${part}`,
      unit: "ms",
      ours: added("nexora"),
      theirs: { what: "@portkey-ai/gateway", summary: added("portkey") },
      ...(atMost === undefined ? {} : { goal: { atMost } }),
    };
  };
  return [row("p50", 0.5, goals.p50), row("p99", 0.99, goals.p99)];
}

function at(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
}

/** A summary of what is added, with this as its median. */
function shifted(summary: Summary, median: number, base: number): Summary {
  return { ...summary, median, p95: summary.p95 - base, min: summary.min - base };
}

/** Milliseconds for each request while many callers ask at once, on the whole machine. */
async function throughput(ways: Ways, signal: AbortSignal): Promise<Row> {
  const each = async (target: Target, count: number) => {
    await load(target, answer, { callers, count: count / 5, signal });
    const runs: number[] = [];
    for (let n = 0; n < 3; n++) {
      runs.push((await load(target, answer, { callers, count, signal })).total / count);
    }
    return summarize(runs);
  };
  return {
    what: `gateway: a request of ${callers} callers at once (1 ÷ the requests in a ms)`,
    unit: "ms",
    ours: await each(ways.nexora, peak),
    theirs: { what: "@portkey-ai/gateway", summary: await each(ways.portkey, peak / 5) },
    goal: { atMost: 0.333 },
  };
}

/**
 * What the daemon's own memory has grown by after many requests, once it is warm. It goes up and down
 * with the collector; the lowest of some measurements is compared with the lowest of others.
 */
async function growth(target: Target, pid: number, signal: AbortSignal): Promise<Row> {
  const lowest = async (count: number) => {
    const seen: number[] = [];
    for (let n = 0; n < pauses; n++) {
      await load(target, answer, { callers, count: count / pauses, signal });
      seen.push((await settled(pid, signal)).anonymous);
    }
    return Math.min(...seen);
  };
  const before = await lowest(many);
  const grown = (await lowest(many)) - before;
  return {
    what: `gateway: memory that ${many} requests leave behind`,
    unit: "MiB",
    ours: { median: grown, p95: grown, min: grown, samples: 1 },
    goal: { atMost: 10 },
  };
}
