import type { WaitCondition } from "../../src/contract/wait.ts";
import type { ManagedWindow } from "../../src/contract/window.ts";
import type { RunnerPorts } from "../../src/runner/protocol.ts";
import type { RunnerScreen } from "../../src/runner/screen.ts";
import { settled } from "../../src/settled.ts";
import type { Things } from "../desktop/things.ts";
import type { DesktopWindows } from "../desktop/windows.ts";
import type { Blocks } from "../perception/blocks.ts";
import type { WindowText } from "../perception/window-text.ts";
import type { AskedEvents, RunnerClient } from "../runner/client.ts";
import {
  watchesFront,
  watchesPixels,
  watchesTexts,
  watchesThings,
  watchesWindows,
} from "./conditions.ts";

/** What was seen of a session in one look, as far as a wait asks for it; the rest is null. */
export interface Sight {
  screen: RunnerScreen | null;
  /** What shows of the windows' text. */
  texts: readonly WindowText[] | null;
  windows: readonly ManagedWindow[] | null;
  listeners: RunnerPorts["listeners"] | null;
  /** Whether the things that are asked for are there, by their references. */
  things: ReadonlyMap<string, boolean>;
}

export interface SightParts {
  runner: Pick<RunnerClient, "screen" | "ports">;
  windows: Pick<DesktopWindows, "list">;
  blocks: Pick<Blocks, "texts">;
  things: Pick<Things, "isThere">;
}

/** Looks at what the conditions of a wait are about. */
export async function look(
  { runner, windows, blocks, things }: SightParts,
  session: string,
  wanted: WaitCondition,
  signal: AbortSignal,
): Promise<Sight> {
  const { input, port } = wanted;
  const refs = [...wanted.ref, ...wanted.refGone];
  const [screen, texts, list, ports, there] = await settled([
    watchesFront(wanted) ? runner.screen(session, { input }, signal) : null,
    watchesTexts(wanted) ? blocks.texts(session, undefined, signal) : null,
    watchesWindows(wanted) ? windows.list(session, signal) : null,
    port.length > 0 ? runner.ports(session, signal) : null,
    settled(refs.map(async (ref) => [ref, await things.isThere(session, ref, signal)] as const)),
  ]);
  return {
    ...{ screen, texts, windows: list?.windows ?? null, listeners: ports?.listeners ?? null },
    things: new Map(there),
  };
}

/** The events after which it is worth while to look again. */
export function eventsFor(wanted: WaitCondition): AskedEvents {
  return {
    input: wanted.input,
    // A window that is moved covers others, or no longer.
    windows:
      watchesTexts(wanted) ||
      watchesThings(wanted) ||
      watchesWindows(wanted) ||
      (watchesPixels(wanted) && wanted.window.length > 0),
    ports: wanted.port.length > 0,
  };
}
