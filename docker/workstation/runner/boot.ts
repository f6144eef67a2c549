import { NexoraError } from "../../../src/contract/errors.ts";
import { LineSplitter } from "../../../src/lines.ts";
import type { RunnerBoot } from "../../../src/runner/protocol.ts";

/**
 * Reads the first line of a byte stream. Throws `timeout` when it has not come within
 * `deadlineMs`, and `usage` when the stream ends before it or the line is too long.
 */
export async function readBootLine(
  source: ReadableStream<Uint8Array>,
  deadlineMs: number,
): Promise<string> {
  const reader = source.getReader();
  const overlong = () => new NexoraError("usage", "the boot line is too long");
  const lines = new LineSplitter({ overlong });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void reader.cancel();
  }, deadlineMs);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (late) {
        throw new NexoraError("timeout", `no boot line came within ${deadlineMs} ms`, {
          hint: "write one line of JSON (RunnerBoot) to the container's standard input",
        });
      }
      if (done) throw new NexoraError("usage", "standard input ended before the boot line");
      for (const line of lines.push(value)) return line;
    }
  } finally {
    clearTimeout(timer);
    reader.releaseLock();
  }
}

/** Checks a boot line. Throws `usage` that names the field, and never quotes a secret. */
export function parseBoot(line: string): RunnerBoot {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw invalid("is not JSON");
  }
  if (!isRecord(value)) throw invalid("is not an object");
  const { token, vncPassword, size, env = {}, name, browser = false } = value;
  if (typeof token !== "string" || token.length < 32) {
    throw invalid("needs a `token` of at least 32 characters");
  }
  if (typeof vncPassword !== "string" || vncPassword === "") throw invalid("needs a `vncPassword`");
  if (!isRecord(size) || !isPixels(size.width) || !isPixels(size.height)) {
    throw invalid("needs a `size` with `width` and `height` from 64 to 16384 pixels");
  }
  if (!isRecord(env)) throw invalid("has an `env` that is not an object");
  const environment: Record<string, string> = {};
  for (const [key, text] of Object.entries(env)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key) || typeof text !== "string" || text.includes("\0")) {
      throw invalid(`has an invalid variable \`${key.slice(0, 100)}\` in \`env\``);
    }
    environment[key] = text;
  }
  if (typeof name !== "string" || !/^[^\p{Cc}]{1,128}$/u.test(name)) {
    throw invalid("needs a `name` of 1 to 128 characters without control characters");
  }
  if (typeof browser !== "boolean") throw invalid("has a `browser` that is not a boolean");
  const { width, height } = size;
  const writableWorkspace = value.writableWorkspace === true;
  return {
    token,
    vncPassword,
    size: { width, height },
    env: environment,
    name,
    writableWorkspace,
    browser,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPixels(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 64 && Number(value) <= 16384;
}

function invalid(what: string): NexoraError {
  return new NexoraError("usage", `the boot line ${what}`);
}
