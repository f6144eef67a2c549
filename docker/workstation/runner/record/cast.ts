import { createWriteStream } from "node:fs";
import { after } from "../../../../src/abort.ts";
import type { SharedTerminal } from "../terminal/terminal.ts";
import type { Ending, Limits, Take } from "./take.ts";

/** Writes what a terminal shows as asciicast v2: a line with its size, then a line for each output. */
export function startCast(
  path: string,
  { forMs, maxBytes }: Limits,
  terminal: SharedTerminal,
  env: Record<string, string>,
): Take {
  const { promise: ended, resolve } = Promise.withResolvers<Ending>();
  const file = createWriteStream(path);
  const decoder = new TextDecoder();
  const started = performance.now();
  let size = terminal.size;
  let written = 0;
  let over = false;
  const line = (value: unknown) => {
    const text = `${JSON.stringify(value)}\n`;
    written += Buffer.byteLength(text);
    file.write(text);
  };
  const event = (code: "o" | "r", data: string) =>
    line([Math.round((performance.now() - started) * 1000) / 1e6, code, data]);
  const end = (ending: Ending) => {
    if (over) return;
    over = true;
    cancel();
    terminal.leave(viewer);
    file.end(() => resolve(ending));
  };
  const viewer = {
    // A disk that is slow holds the program back, as a slow xterm would.
    get backlog() {
      return file.writableLength;
    },
    write(bytes: Uint8Array) {
      if (over) return;
      const now = terminal.size;
      if (now.columns !== size.columns || now.rows !== size.rows) {
        event("r", `${now.columns}x${now.rows}`);
        size = now;
      }
      event("o", decoder.decode(bytes, { stream: true }));
      if (written >= maxBytes) end({ why: "size", error: null });
    },
    end: () => end({ why: "closed", error: null }),
  };
  file.on("error", ({ message }) => {
    end({ why: "failed", error: message });
    resolve({ why: "failed", error: message });
  });
  file.on("drain", () => terminal.relieve());
  const cancel = after(forMs, () => end({ why: "time", error: null }));
  const { columns: width, rows: height } = size;
  const timestamp = Math.floor(Date.now() / 1000);
  const shown = { TERM: "xterm-256color", SHELL: env.SHELL ?? "/bin/bash" };
  line({ version: 2, width, height, timestamp, env: shown });
  terminal.view(viewer);
  return {
    ended,
    async stop() {
      end({ why: "stopped", error: null });
      await ended;
    },
  };
}
