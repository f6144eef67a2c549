import { NexoraError } from "../../../src/contract/errors.ts";
import { readLines } from "../../../src/lines.ts";
import type { RunnerBoot } from "../../../src/runner/boot.ts";

/** Longest boot line, in bytes. */
const maxLine = 1024 * 1024;

/** The lines that tell a workstation how to start. */
export class BootLines {
  private readonly lines: AsyncGenerator<string>;

  constructor(source: ReadableStream<Uint8Array>) {
    const overlong = () => new NexoraError("usage", "the boot line is too long");
    this.lines = readLines(source, { maxBytes: maxLine, overlong });
  }

  /**
   * The next line. Throws `timeout` when it has not come within `deadlineMs`, and `usage` when the
   * stream ends before it or the line is too long.
   */
  async next(deadlineMs: number): Promise<string> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const hint = "write one line of JSON (RunnerBoot) to the container's standard input";
      reject(new NexoraError("timeout", `no boot line came within ${deadlineMs} ms`, { hint }));
    }, deadlineMs);
    try {
      const { done, value } = await Promise.race([this.lines.next(), late]);
      if (!done) return value;
    } finally {
      clearTimeout(timer);
    }
    throw new NexoraError("usage", "standard input ended before the boot line");
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
  const viewedWorkspace = value.viewedWorkspace === true;
  const networkComes = value.networkComes === true;
  return {
    token,
    vncPassword,
    size: { width, height },
    env: environment,
    name,
    viewedWorkspace,
    networkComes,
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
