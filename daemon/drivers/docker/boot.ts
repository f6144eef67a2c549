import { NexoraError } from "../../../src/contract/errors.ts";
import type { RunnerOutput } from "../../../src/runner/boot.ts";

const tailLines = 20;

/**
 * Follows what a starting workstation says until it is ready.
 * Throws `engine_failed` with the part that did not come up, or when the lines end first; its
 * `details.log` is the tail of the log.
 */
export async function untilReady(lines: AsyncIterable<string>): Promise<void> {
  const log: string[] = [];
  for await (const line of lines) {
    const said = parseOutput(line);
    if (said && "event" in said) {
      if (said.event === "ready") return;
      if (said.event === "failed") throw notReady(`${said.part} failed: ${said.message}`, log);
    }
    log.push(renderLine(line));
    if (log.length > tailLines) log.shift();
  }
  throw notReady("it ended before it was ready", log);
}

/** A line of a workstation's log as a person reads it, for example `Xvnc: listening`. */
export function renderLine(line: string): string {
  const said = parseOutput(line);
  if (said === null) return line;
  if ("log" in said) return `${said.log}: ${said.text}`;
  if (said.event === "ready") return `runner: ready after ${Math.round(said.ms)} ms`;
  if (said.event === "failed") return `runner: ${said.part} failed: ${said.message}`;
  return `runner: ${said.event}`;
}

/** What the runner said, checked; null when the line is not of its protocol. */
function parseOutput(line: string): RunnerOutput | null {
  if (!line.startsWith("{")) return null;
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const { event, log, text, part, message, ms } = value;
  if (typeof log === "string" && typeof text === "string") return { log, text };
  if (event === "listening") return { event };
  if (event === "ready") return { event, ms: Number(ms) };
  if (event === "failed") return { event, part: String(part), message: String(message) };
  return null;
}

function notReady(why: string, log: string[]): NexoraError {
  return new NexoraError("engine_failed", `the workstation did not start: ${why}`, {
    hint: "see `nexora session logs`",
    details: { log },
  });
}
