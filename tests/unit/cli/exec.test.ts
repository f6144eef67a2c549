import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import {
  encodeFrame,
  encodeFrames,
  encodeJsonFrame,
  type Frame,
  frameJson,
  frameType,
  readFrames,
} from "../../../src/frames.ts";
import { Bench } from "./support.ts";
import { InTerminal } from "./terminal.ts";

const nexora = join(import.meta.dir, "../../../nexora.ts");
const bytes = (text: string) => new TextEncoder().encode(text);
const done = (result: object = {}) =>
  encodeJsonFrame(frameType.result, {
    exitCode: 0,
    signal: null,
    timedOut: false,
    durationMs: 5,
    ...result,
  });

/** Replies to exec with these frames, once it has the spec; later frames go to `rest`. */
function serveExec(
  bench: Bench,
  reply: (spec: Record<string, unknown>, rest: AsyncGenerator<Frame>) => AsyncGenerator<Uint8Array>,
): void {
  bench.serve(async (request) => {
    const frames = readFrames(request.body as ReadableStream<Uint8Array>);
    const first = await frames.next();
    const spec = frameJson(first.value as Frame) as Record<string, unknown>;
    const output = reply(spec, frames);
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { value, done: ended } = await output.next();
        if (ended) controller.close();
        else controller.enqueue(value);
      },
    });
    return new Response(body);
  });
}

function spawn(bench: Bench, argv: string[], options: object = {}) {
  return Bun.spawn([process.execPath, nexora, ...argv], {
    env: { ...process.env, NEXORA_HOME: bench.folder },
    cwd: bench.folder,
    stdout: "pipe",
    stderr: "pipe",
    ...options,
  });
}

describe("exec", () => {
  test("keeps stdout and stderr apart, raw, and exits with the command's code", async () => {
    await using bench = new Bench();
    let got: unknown;
    serveExec(bench, async function* (spec) {
      got = spec;
      yield encodeJsonFrame(frameType.started, { pid: 7 });
      yield encodeFrame(frameType.stdout, new Uint8Array([0, 255, 10]));
      yield encodeFrame(frameType.stderr, bytes("oops\n"));
      yield done({ exitCode: 3 });
    });
    const run = await bench.run(["exec", "--timeout", "2s", "--", "ls", "-la"]);
    expect(got).toEqual({ command: ["ls", "-la"], timeoutMs: 2000 });
    expect(run.code).toBe(3);
    expect([...run.bytes]).toEqual([0, 255, 10]);
    expect(run.stderr).toBe("oops\n");
  });

  test.each([
    [{ exitCode: null, signal: "SIGKILL" }, 137],
    [{ exitCode: null, signal: "SIGTERM", timedOut: true }, 124],
    [{ exitCode: 0 }, 0],
  ])("a result of %j exits with %d", async (result, code) => {
    await using bench = new Bench();
    serveExec(bench, async function* () {
      yield done(result);
    });
    expect((await bench.run(["exec", "true"])).code).toBe(code);
  });

  test("--json collects the output and says whose code it is", async () => {
    await using bench = new Bench();
    serveExec(bench, async function* () {
      yield encodeJsonFrame(frameType.started, { pid: 7 });
      yield encodeFrame(frameType.stdout, bytes("ä"));
      yield encodeFrame(frameType.stderr, new Uint8Array([255]));
      yield done({ exitCode: 4 });
    });
    const { code, stdout } = await bench.run(["exec", "--json", "x"]);
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toEqual({
      ok: true,
      data: {
        stdout: "ä",
        stderr: "/w==",
        stdoutEncoding: "utf8",
        stderrEncoding: "base64",
        truncated: false,
        exitCode: 4,
        exitCodeOf: "command",
        signal: null,
        timedOut: false,
        durationMs: 5,
        pid: 7,
      },
    });
  });

  test("a failure of Nexora's own exits with 125", async () => {
    await using bench = new Bench();
    serveExec(bench, async function* () {
      yield encodeJsonFrame(frameType.error, { code: "action_failed", message: "no such folder" });
    });
    const { code, stderr } = await bench.run(["exec", "true"]);
    expect(code).toBe(125);
    expect(stderr).toContain("no such folder");
  });

  test("a connection that breaks meanwhile is the daemon's failure, not a closed pipe", async () => {
    await using bench = new Bench();
    bench.serve(() => {
      const body = new ReadableStream({
        pull: () => Bun.sleep(1).then(() => bench.crash()),
        start: (controller) => controller.enqueue(encodeFrame(frameType.stdout, bytes("half"))),
      });
      return new Response(body);
    });
    const { code, stderr } = await bench.run(["exec", "true"]);
    expect(code).toBe(125);
    expect(stderr).toContain("nexora daemon status");
  });

  test("a reply that ends without a result is no success", async () => {
    await using bench = new Bench();
    serveExec(bench, async function* () {
      yield encodeFrame(frameType.stdout, bytes("half"));
    });
    expect((await bench.run(["exec", "true"])).code).toBe(125);
  });

  test("-i passes standard input on while output comes back, 20 MB unharmed", async () => {
    await using bench = new Bench();
    serveExec(bench, async function* (_, rest) {
      for await (const frame of rest) yield* encodeFrames(frameType.stdout, frame.payload);
      yield done();
    });
    const sent = crypto.getRandomValues(new Uint8Array(64 * 1024));
    const input = Buffer.concat(Array.from({ length: 320 }, () => sent));
    const child = spawn(bench, ["exec", "-i", "cat"], { stdin: new Blob([input]) });
    const received = await new Response(child.stdout).bytes();
    expect(await child.exited).toBe(0);
    expect(Bun.hash(received)).toBe(Bun.hash(input));
  });

  test("ends when the command does, also while standard input is open", async () => {
    await using bench = new Bench();
    serveExec(bench, async function* () {
      yield done({ exitCode: 9 });
    });
    const child = spawn(bench, ["exec", "-i", "true"], { stdin: "pipe" });
    expect(await child.exited).toBe(9);
  });

  test("ends quietly when the reader of its output goes away", async () => {
    await using bench = new Bench();
    const block = new Uint8Array(64 * 1024);
    serveExec(bench, async function* () {
      for (let at = 0; at < 1000; at++) yield encodeFrame(frameType.stdout, block);
      yield done();
    });
    const script = `"$0" "$1" exec yes | head -c 10 | wc -c; echo "\${PIPESTATUS[0]}"`;
    const child = Bun.spawn(["bash", "-c", script, process.execPath, nexora], {
      env: { ...process.env, NEXORA_HOME: bench.folder },
      stderr: "pipe",
    });
    const [stdout, stderr] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    expect({ stdout, stderr }).toEqual({ stdout: "10\n0\n", stderr: "" });
  });

  test("an interrupt ends it with 130 and closes its request", async () => {
    await using bench = new Bench();
    const closed = Promise.withResolvers<void>();
    bench.serve((request) => {
      request.signal.addEventListener("abort", () => closed.resolve());
      return new Response(
        new ReadableStream({
          start: (controller) => controller.enqueue(encodeFrame(frameType.stdout, bytes("up"))),
        }),
      );
    });
    const child = spawn(bench, ["exec", "sleep 60"]);
    await child.stdout.getReader().read();
    child.kill("SIGINT");
    expect(await child.exited).toBe(130);
    await closed.promise;
  });

  test("-t sends the terminal's size and keys as they are typed, and restores the terminal", async () => {
    await using bench = new Bench();
    const specs: unknown[] = [];
    serveExec(bench, async function* (spec, rest) {
      specs.push(spec);
      yield encodeFrame(frameType.stdout, bytes("ready"));
      for await (const frame of rest) {
        if (frame.type !== frameType.stdin) continue;
        yield encodeFrame(
          frameType.stdout,
          bytes(`<${Buffer.from(frame.payload).toString("hex")}>`),
        );
        yield done({ exitCode: 6 });
        return;
      }
    });
    const terminal = new InTerminal(bench.folder, ["exec", "-t", "htop"]);
    await terminal.sees("ready");
    terminal.types("\x03");
    await terminal.process.exited;
    const { seen } = terminal;
    expect(specs).toEqual([{ command: ["htop"], tty: { columns: 101, rows: 33, term: "xterm" } }]);
    expect(seen).toContain("<03>");
    expect(seen).toContain("code=6");
    expect(seen).toMatch(/[^-]icanon/);
    expect(seen).toMatch(/[^-]echo\b/);
  });

  test("--detach prints the pid", async () => {
    await using bench = new Bench();
    bench.serve(() => Response.json({ pid: 42 }));
    expect((await bench.run(["exec", "--detach", "sleep 9"])).stdout).toBe("42\n");
    expect(JSON.parse(bench.requests[0]?.body ?? "")).toEqual({
      command: ["sleep 9"],
      detach: true,
    });
  });
});
