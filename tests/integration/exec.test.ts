import { afterAll, beforeAll, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import type { ExecOutput } from "../../src/contract/exec.ts";
import {
  encodeFrame,
  encodeJsonFrame,
  frameJson,
  framesContentType,
  frameType,
  readFrames,
} from "../../src/frames.ts";
import { runnerPort } from "../../src/runner/protocol.ts";
import { TestDaemon } from "../support/daemon.ts";
import { NexoraCli } from "../support/nexora-cli.ts";

let daemon: TestDaemon;
beforeAll(async () => {
  // Bun gives a silent request up after five minutes: here at once, so that what is not told not to shows.
  daemon = await TestDaemon.start(undefined, { BUN_CONFIG_HTTP_IDLE_TIMEOUT: "1" });
  await daemon.newSession({ name: "run", workspace: null });
});
afterAll(() => daemon[Symbol.asyncDispose]());

const path = "/v1/sessions/run/exec";
const exec = (body: Record<string, unknown>) => daemon.call<ExecOutput>("POST", path, body);

test("output, exit code and duration come back apart", async () => {
  const result = await exec({ command: ["echo out; echo err >&2; exit 3"] });
  expect(result).toMatchObject({
    stdout: "out\n",
    stderr: "err\n",
    exitCode: 3,
    signal: null,
    timedOut: false,
  });
  expect(result.durationMs).toBeGreaterThan(0);
});

test("several words are a program and its arguments, untouched by a shell", async () => {
  expect((await exec({ command: ["printf", "%s|", "a b", "$HOME", "*"] })).stdout).toBe(
    "a b|$HOME|*|",
  );
});

test("cwd and environment are as asked, and the desktop is reachable", async () => {
  const result = await exec({
    command: ["echo $PWD $COLOUR $DISPLAY"],
    cwd: "/tmp",
    env: { COLOUR: "red" },
  });
  expect(result.stdout).toBe("/tmp red :1\n");
});

test("a folder that does not exist is an error that names it", async () => {
  await expect(exec({ command: ["true"], cwd: "/nowhere" })).rejects.toThrow("/nowhere");
});

test("a missing program is 127, one killed by a signal names it", async () => {
  expect((await exec({ command: ["no-such-program", "x"] })).exitCode).toBe(127);
  expect(await exec({ command: ["sh", "-c", "kill -KILL $$"] })).toMatchObject({
    exitCode: null,
    signal: "SIGKILL",
  });
});

test("a time-out kills the whole process group", async () => {
  const result = await exec({ command: ["sleep 4321 & sleep 4321"], timeoutMs: 300 });
  expect(result.timedOut).toBe(true);
  expect((await exec({ command: ["pgrep -fx 'sleep 4321' | wc -l"] })).stdout.trim()).toBe("0");
});

test("standard input arrives, as text and as bytes", async () => {
  expect((await exec({ command: ["cat"], stdin: "tschüß" })).stdout).toBe("tschüß");
  const bytes = Buffer.from([0, 255, 10, 13, 128]);
  const result = await exec({
    command: ["cat"],
    stdin: bytes.toString("base64"),
    stdinEncoding: "base64",
  });
  expect(result).toMatchObject({ stdoutEncoding: "base64", stdout: bytes.toString("base64") });
});

test("100 MB through cat keep their sha256", async () => {
  const block = crypto.getRandomValues(new Uint8Array(65_536));
  const [sent, received] = [createHash("sha256"), createHash("sha256")];
  let left = 1600;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (left === 1600)
        controller.enqueue(encodeJsonFrame(frameType.spec, { command: ["cat", "-"] }));
      if (left-- === 0) return controller.close();
      block[0] = left & 255;
      sent.update(block);
      controller.enqueue(encodeFrame(frameType.stdin, block));
    },
  });
  const reply = await daemon.fetch(path, {
    method: "POST",
    body,
    headers: { "content-type": framesContentType },
  });
  let length = 0;
  let result: unknown;
  for await (const frame of readFrames(reply.body as ReadableStream<Uint8Array>)) {
    if (frame.type === frameType.stdout) {
      received.update(frame.payload);
      length += frame.payload.length;
    } else if (frame.type === frameType.result) result = frameJson(frame);
  }
  expect(result).toMatchObject({ exitCode: 0 });
  expect(length).toBe(1600 * 65_536);
  expect(received.digest("hex")).toBe(sent.digest("hex"));
}, 60_000);

test("NDJSON streams lines as they come and ends with the result", async () => {
  const reply = await daemon.fetch(path, {
    method: "POST",
    body: JSON.stringify({ command: ["echo one; read -t 0.2; echo two; exit 4"] }),
    headers: { accept: "application/x-ndjson" },
  });
  const lines = (await reply.text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines[0].type).toBe("started");
  expect(
    lines
      .filter(({ type }) => type === "stdout")
      .map(({ data }) => data)
      .join(""),
  ).toBe("one\ntwo\n");
  expect(lines.at(-1)).toMatchObject({ type: "result", exitCode: 4 });
});

test("a command may be quiet for longer than any idle time-out", async () => {
  const cli = new NexoraCli(daemon, "TCP", { BUN_CONFIG_HTTP_IDLE_TIMEOUT: "1" });
  const [reply, printed] = await Promise.all([
    exec({ command: ["sleep 14; echo done"] }),
    cli.ended("exec", "-s", "run", "sleep 14; echo done"),
  ]);
  expect(reply.stdout).toBe("done\n");
  expect(printed).toEqual({ code: 0, stdout: "done\n", stderr: "" });
}, 30_000);

test("a command ends when its client goes away", async () => {
  const gone = new AbortController();
  const reply = await daemon.fetch(path, {
    method: "POST",
    body: JSON.stringify({ command: ["echo up; sleep 9876"] }),
    headers: { accept: "application/x-ndjson" },
    signal: gone.signal,
  });
  const reader = (reply.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  gone.abort();
  await reader.read().catch(() => {});
  const left = await exec({
    command: [
      "for i in $(seq 50); do pgrep -fx 'sleep 9876' >/dev/null || exit 0; sleep 0.1; done; exit 1",
    ],
  });
  expect(left.exitCode).toBe(0);
});

test.each([
  ["a command that no frame can carry", { command: ["echo", "a".repeat(2_000_000)] }, "1 MiB"],
  ["a NUL character", { command: ["echo", "a\0b"] }, "command.1: must not contain a NUL"],
  ["input that is not base64", { command: ["cat"], stdin: "!", stdinEncoding: "base64" }, "base64"],
  ["no time at all", { command: ["true"], timeoutMs: 0 }, "timeoutMs"],
])("%s is a usage error that says so", async (_, body, words) => {
  await expect(exec(body)).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining(words),
  });
});

test("frames that end in the middle of one are a usage error", async () => {
  const headers = { "content-type": framesContentType };
  const reply = await daemon.fetch(path, { method: "POST", body: "x", headers });
  expect([reply.status, await reply.json()]).toMatchObject([400, { code: "usage" }]);
});

test("no program inside can share the runner's port, and so be sent the runner's token", async () => {
  const share = `import socket; it = socket.socket()
it.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
it.bind(("0.0.0.0", ${runnerPort}))`;
  const { exitCode, stderr } = await exec({ command: ["python3", "-c", share] });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: expect.stringContaining("Address already in use"),
  });
});

test("a detached command outlives its request", async () => {
  const started = await exec({ command: ["sleep 0.3; echo late > /tmp/late"], detach: true });
  expect(started).toMatchObject({ exitCode: null });
  expect(started.pid).toBeGreaterThan(0);
  const seen = await exec({
    command: ["for i in $(seq 50); do [ -e /tmp/late ] && exit 0; sleep 0.1; done; exit 1"],
  });
  expect(seen.exitCode).toBe(0);
});
