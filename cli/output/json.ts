import type { NexoraError } from "../../src/contract/errors.ts";
import type { Streams } from "../streams.ts";
import type { Output, ProcessOutput } from "./output.ts";

/** Most bytes of a command's stdout and of its stderr that `exec --json` holds. */
const maxHeld = 64 * 1024 * 1024;

/** Output for programs: one JSON object, or one a line for streams. */
export class JsonOutput implements Output {
  readonly audience = "program";

  constructor(private readonly streams: Streams) {}

  result<T>(data: T): Promise<void> {
    return this.print({ ok: true, data });
  }

  item<T>(data: T): Promise<void> {
    return this.print(data);
  }

  bytes(data: Uint8Array): Promise<void> {
    return this.streams.stdout.write(data);
  }

  process(): ProcessOutput {
    const stdout = new Held();
    const stderr = new Held();
    return {
      stdout: async (bytes) => stdout.add(bytes),
      stderr: async (bytes) => stderr.add(bytes),
      end: async ({ exitCode, signal, timedOut, durationMs, pid }) => {
        const [out, err] = [stdout.encode(), stderr.encode()];
        await this.result({
          stdout: out.text,
          stderr: err.text,
          stdoutEncoding: out.encoding,
          stderrEncoding: err.encoding,
          truncated: stdout.truncated || stderr.truncated,
          exitCode,
          // A failure of Nexora's own has `ok: false` instead.
          exitCodeOf: "command",
          signal,
          timedOut,
          durationMs,
          pid,
        });
      },
    };
  }

  async note(): Promise<void> {}

  failure(error: NexoraError): Promise<void> {
    return this.print({ ok: false, error });
  }

  private print(value: unknown): Promise<void> {
    return this.streams.stdout.write(`${JSON.stringify(value)}\n`);
  }
}

/** Bytes of a stream up to a limit. */
class Held {
  truncated = false;
  private readonly chunks: Uint8Array[] = [];
  private length = 0;

  add(bytes: Uint8Array): void {
    const room = maxHeld - this.length;
    this.truncated ||= bytes.length > room;
    if (room === 0) return;
    const kept = bytes.subarray(0, room);
    this.chunks.push(kept);
    this.length += kept.length;
  }

  encode(): { text: string; encoding: "utf8" | "base64" } {
    const bytes = Buffer.concat(this.chunks);
    try {
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
      return { text, encoding: "utf8" };
    } catch {
      return { text: bytes.toString("base64"), encoding: "base64" };
    }
  }
}
