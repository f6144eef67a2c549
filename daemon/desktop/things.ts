import { NexoraError } from "../../src/contract/errors.ts";
import { type RefSource, type Refs, stale, type Thing } from "../perception/refs.ts";
import type { DesktopWindows } from "./windows.ts";

/** Finds what references mean, as it is now, and acts on it. */
export class Things {
  constructor(
    private readonly refs: Refs,
    private readonly sources: readonly RefSource[],
    private readonly windows: DesktopWindows,
  ) {}

  /** Throws `not_found` for a reference that means nothing, `stale_ref` for what is gone. */
  async locate(session: string, ref: string, signal: AbortSignal): Promise<Thing> {
    const meant = this.refs.resolve(session, ref);
    const thing = await this.source(ref, meant).locate({ id: session }, meant.key, signal);
    if (thing) return thing;
    throw stale(ref, meant);
  }

  /** Whether it is still there. Throws `usage` for a reference that means nothing in this session. */
  async isThere(session: string, ref: string, signal: AbortSignal): Promise<boolean> {
    const there = await this.unlessGone(session, ref, (source, key) =>
      source.isThere({ id: session }, key, signal),
    );
    return there ?? false;
  }

  /** What it is now, with its value and states; null when it is gone. Throws `usage` as `isThere` does. */
  read(session: string, ref: string, signal: AbortSignal): Promise<Thing | null> {
    return this.unlessGone(session, ref, (source, key) =>
      source.readThing({ id: session }, key, signal),
    );
  }

  /** Gives it, and its window, the focus of the keyboard. Throws `action_failed` when it takes none. */
  async focus(session: string, ref: string, signal: AbortSignal): Promise<void> {
    const thing = await this.locate(session, ref, signal);
    const { windows } = await this.windows.list(session, signal);
    // A menu has no focus of its own.
    if (thing.window !== null && windows.some(({ id }) => id === thing.window)) {
      const { done } = await this.windows.act(session, thing.window, { action: "focus" }, signal);
      if (!done) {
        throw new NexoraError("action_failed", `window ${thing.window} did not get the focus`, {
          hint: "nothing was typed; look at the screen: a dialog may be in front",
        });
      }
    }
    await this.source(ref, thing).focus({ id: session }, thing.key, signal);
  }

  /** What a click would do, to a thing whose place is not known. Throws `action_failed` for one that has none. */
  async press(session: string, ref: string, thing: Thing, signal: AbortSignal): Promise<void> {
    const isDone = await this.source(ref, thing).press({ id: session }, thing.key, signal);
    if (isDone) return;
    const what = `${ref} (${thing.role} ${JSON.stringify(thing.name)})`;
    throw new NexoraError(
      "action_failed",
      `${what} has no known place, and does nothing by itself`,
      {
        hint: "click at coordinates: `nexora screen -o FILE` shows where it is",
      },
    );
  }

  private async unlessGone<T>(
    session: string,
    ref: string,
    ask: (source: RefSource, key: string) => Promise<T>,
  ): Promise<T | null> {
    try {
      const meant = this.refs.resolve(session, ref);
      return await ask(this.source(ref, meant), meant.key);
    } catch (error) {
      if (!(error instanceof NexoraError)) throw error;
      if (error.code === "stale_ref") return null;
      if (error.code !== "not_found") throw error;
      throw new NexoraError("usage", error.message, { hint: error.hint });
    }
  }

  private source(ref: string, { kind }: Pick<Thing, "kind">): RefSource {
    const source = this.sources.find((each) => each.kind === kind);
    if (source) return source;
    throw new NexoraError("not_found", `${ref} does not mean anything any more`, {
      hint: "`nexora screen --refs` lists what can be acted on",
    });
  }
}
