import { NexoraError } from "../../src/contract/errors.ts";
import type {
  RunnerAccessibleWindow,
  RunnerElement,
  RunnerElementAct,
} from "../../src/runner/elements.ts";
import type { RunnerClient } from "../runner/client.ts";
import type { RefSource, Thing } from "./refs.ts";
import type { SeenWindow, SourceText, TextSource } from "./source.ts";

type Session = { id: string };

/** A value that is longer is cut, in characters. */
const maxValue = 1000;

/** The windows of toolkits (GTK, Qt), as their programs tell of them (AT-SPI). */
export class AccessibleWindows implements TextSource, RefSource {
  readonly source = "accessibility";
  readonly kind = "accessibility";

  constructor(private readonly runner: Pick<RunnerClient, "elements" | "screen">) {}

  async read(
    { id }: Session,
    windows: readonly SeenWindow[],
    signal: AbortSignal,
  ): Promise<Map<string, SourceText>> {
    const told = await this.elements(id, windows, signal);
    return new Map(
      told.map(({ id: window, degraded, elements }) => [
        window,
        { lines: elements.flatMap(({ lines }) => lines), degraded, covers: null },
      ]),
    );
  }

  async things(
    { id }: Session,
    windows: readonly SeenWindow[],
    signal: AbortSignal,
  ): Promise<{ things: Thing[]; degraded: string | null }> {
    const told = await this.elements(id, windows, signal);
    const things = told.flatMap((window) =>
      window.elements.filter(({ listed }) => listed).map((each) => thingOf(each, window.id)),
    );
    const why = told.flatMap(({ id, degraded }) => (degraded === null ? [] : `${id}: ${degraded}`));
    return { things, degraded: why.join("; ") || null };
  }

  async locate({ id }: Session, key: string, signal: AbortSignal): Promise<Thing | null> {
    const { element, window } = await this.act(id, key, "locate", signal);
    return element && thingOf(element, window);
  }

  async isThere({ id }: Session, key: string, signal: AbortSignal): Promise<boolean> {
    return (await this.act(id, key, "see", signal)).element !== null;
  }

  async readThing({ id }: Session, key: string, signal: AbortSignal): Promise<Thing | null> {
    const { element, window } = await this.act(id, key, "read", signal);
    const isCut = (element?.value?.length ?? 0) >= maxValue;
    return element && { ...thingOf(element, window), isCut };
  }

  async focus({ id }: Session, key: string, signal: AbortSignal): Promise<void> {
    const { element, done } = await this.act(id, key, "focus", signal);
    if (element && done) return;
    const what = element ? `the ${element.role} ${JSON.stringify(element.name)}` : "it";
    throw new NexoraError("action_failed", `${what} does not take the keyboard's focus`, {
      hint: "nothing was typed; look at the screen",
    });
  }

  async press({ id }: Session, key: string, signal: AbortSignal): Promise<boolean> {
    return (await this.act(id, key, "press", signal)).done;
  }

  private async elements(id: string, windows: readonly SeenWindow[], signal: AbortSignal) {
    const asked = windows.filter(({ terminal }) => terminal === null);
    if (asked.length === 0) return [];
    const places = asked.map(({ id, title, pid, managed, region }): RunnerAccessibleWindow => {
      return { id, title, pid, managed, ...region };
    });
    const known = new Set(asked.map(({ id }) => id));
    const told = await this.runner.elements.of(id, places, signal);
    return told.windows.filter(({ id }) => known.has(id));
  }

  private async act(id: string, key: string, act: RunnerElementAct, signal: AbortSignal) {
    const { windows } = await this.runner.screen(id, { all: true }, signal);
    const places = (windows ?? []).map(
      ({ id, title, pid, managed, x, y, width, height }): RunnerAccessibleWindow => {
        return { id, title, pid, managed, x, y, width, height };
      },
    );
    return this.runner.elements.act(id, { key, act, windows: places }, signal);
  }
}

function thingOf(element: RunnerElement, window: string | null): Thing {
  const { key, role, name, value, states, box, depth } = element;
  return { kind: "accessibility", key, role, name, value, states, box, window, depth };
}
