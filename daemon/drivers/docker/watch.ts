import type Docker from "dockerode";
import { readLines } from "../../../src/lines.ts";
import type { EngineEvent } from "../driver.ts";
import { engineError } from "./errors.ts";
import { label } from "./labels.ts";
import type { MemoryKills } from "./memory-kills.ts";

/**
 * The engine's own event stream (GET /events), for the ends of this instance's containers; kills
 * for want of memory are noted. Throws `engine_unreachable` when the engine goes away, the signal's reason when it aborts.
 */
export async function* watchEngine(
  docker: Docker,
  instance: string,
  memoryKills: MemoryKills,
  signal: AbortSignal,
): AsyncGenerator<EngineEvent> {
  const filters = {
    type: ["container"],
    event: ["die", "oom"],
    label: [`${label.instance}=${instance}`],
  };
  let stream: NodeJS.ReadableStream;
  try {
    stream = await events(docker, filters, signal);
  } catch (error) {
    throw engineError(error, "tell of events");
  }
  try {
    yield { type: "watching" };
    const overlong = () => new Error("the engine sent an endless line");
    for await (const line of readLines(stream as AsyncIterable<Uint8Array>, { overlong })) {
      const { session, action } = partsOf(line);
      if (session === undefined) continue;
      if (action === "oom") memoryKills.note(session);
      else yield { type: "ended", session };
    }
  } catch (error) {
    signal.throwIfAborted();
    throw engineError(error, "tell of events");
  } finally {
    (stream as unknown as { destroy(): void }).destroy();
  }
  throw engineError(new Error("its event stream ended"), "tell of events");
}

/** dockerode's types know no signal here, but it is passed on. */
function events(
  docker: Docker,
  filters: Record<string, string[]>,
  abortSignal: AbortSignal,
): Promise<NodeJS.ReadableStream> {
  const options: Docker.GetEventsOptions = { filters };
  return docker.getEvents(Object.assign(options, { abortSignal }));
}

function partsOf(line: string): { session?: string | undefined; action?: string | undefined } {
  try {
    const event = JSON.parse(line) as {
      Action?: string;
      Actor?: { Attributes?: Record<string, string> };
    };
    return { session: event.Actor?.Attributes?.[label.session], action: event.Action };
  } catch {
    return {};
  }
}
