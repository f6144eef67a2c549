import type { NexoraEvent } from "../../src/contract/events.ts";
import { readLines } from "../../src/lines.ts";
import type { TestDaemon } from "./daemon.ts";

/**
 * How long an event may take, in milliseconds: homes are counted anew 30 s after a count that took long,
 * as on a busy machine.
 */
const withinMs = 90_000;

/** The first event that fits, of those there have been and those to come. */
async function untilEvent(
  daemon: TestDaemon,
  fits: (event: NexoraEvent) => boolean,
  since = 0,
): Promise<NexoraEvent> {
  const signal = AbortSignal.timeout(withinMs);
  const seen: string[] = [];
  const headers = { accept: "application/x-ndjson" };
  const reply = await daemon.fetch(`/v1/events?follow=true&since=${since}`, { signal, headers });
  try {
    for await (const line of readLines(reply.body ?? [])) {
      if (line === "") continue;
      const event = JSON.parse(line) as NexoraEvent;
      if (fits(event)) return event;
      seen.push(`${event.type} ${event.session?.name ?? ""} ${event.message}`);
    }
  } catch (cause) {
    if (!signal.aborted) throw cause;
  }
  throw new Error(`no such event within ${withinMs} ms, but:\n${seen.join("\n")}`);
}

/** Waits for an event of a type, and of a session when one is given. */
export function eventOf(
  daemon: TestDaemon,
  type: NexoraEvent["type"],
  session?: string,
  since = 0,
): Promise<NexoraEvent> {
  const fits = (event: NexoraEvent) =>
    event.type === type && (session === undefined || event.session?.name === session);
  return untilEvent(daemon, fits, since);
}
