import { NexoraError } from "../../../../src/contract/errors.ts";
import { readLines } from "../../../../src/lines.ts";

/** Longest line that an engine may send, in bytes. */
const maxLine = 4 * 1024 * 1024;

/** What the engine sends while it builds, pulls or imports. */
export interface EngineMessage {
  stream?: unknown;
  status?: unknown;
  id?: unknown;
  progress?: unknown;
  error?: unknown;
  errorDetail?: { message?: unknown } | null;
}

/** Reads an engine's stream of JSON lines. Throws `engine_failed` on what is not that. */
export async function* messages(source: AsyncIterable<unknown>): AsyncGenerator<EngineMessage> {
  const overlong = () => malformed("a line of its progress is too long");
  const chunks = source as AsyncIterable<Uint8Array | string>;
  for await (const line of readLines(chunks, { maxBytes: maxLine, overlong })) {
    if (line.trim() !== "") yield parse(line);
  }
}

function parse(line: string): EngineMessage {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw malformed("a line of its progress is not JSON", cause);
  }
  if (typeof value !== "object" || value === null) throw malformed("a line is not an object");
  return value;
}

function malformed(what: string, cause?: unknown): NexoraError {
  return new NexoraError("engine_failed", `the Docker engine's reply cannot be read: ${what}`, {
    hint: "check that DOCKER_HOST names a Docker engine",
    cause,
  });
}
