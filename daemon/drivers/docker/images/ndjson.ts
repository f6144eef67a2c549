import { NexoraError } from "../../../../src/contract/errors.ts";

/** Longest line that an engine may send, in characters. */
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
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of source) {
    rest +=
      typeof chunk === "string" ? chunk : decoder.decode(chunk as Uint8Array, { stream: true });
    if (rest.length > maxLine) throw malformed("a line of its progress is too long");
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") yield parse(line);
  }
  if (rest.trim() !== "") yield parse(rest);
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
