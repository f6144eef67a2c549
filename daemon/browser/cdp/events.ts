import { EventBudget, isControl } from "./budget.ts";
import type { EventName, EventParams } from "./protocol.ts";

/** Longest event that nothing depends on, in bytes. */
const maxEvent = 1024 * 1024;
/** Longest event that tells where a tab is and what holds it up: an address alone may have 2 MiB. */
const maxControl = 8 * maxEvent;
/** Events of one method and session that are taken within a tenth of a second. */
const eventsAtOnce = 300;
/** Of those that tell where a tab is and what holds it up: none of them is to be lost. */
const controlAtOnce = 20_000;

interface Listener {
  heard(params: never): void;
  lost?: (() => void) | undefined;
}

/** Who listens to which events of a browser. Events are hostile: of a flood some are dropped unread. */
export class CdpEvents {
  /** By method and session. */
  private readonly listeners = new Map<string, Set<Listener>>();
  /** How many listeners each method has. */
  private readonly listened = new Map<string, number>();
  private readonly budget = new EventBudget(eventsAtOnce);
  private readonly controlBudget = new EventBudget(controlAtOnce);

  /**
   * Calls `heard` for each such event of a session, or of the browser itself, and `lost` for each that is
   * dropped; returns the end of it.
   */
  on<E extends EventName>(
    event: E,
    session: string | undefined,
    heard: (params: EventParams<E>) => void,
    lost?: () => void,
  ): () => void {
    const listener: Listener = { heard, lost };
    const key = keyOf(event, session);
    const all = this.listeners.get(key) ?? new Set<Listener>();
    this.listeners.set(key, all);
    all.add(listener);
    this.listened.set(event, (this.listened.get(event) ?? 0) + 1);
    return () => {
      if (!all.delete(listener)) return;
      if (all.size === 0) this.listeners.delete(key);
      const left = (this.listened.get(event) ?? 1) - 1;
      if (left === 0) this.listened.delete(event);
      else this.listened.set(event, left);
    };
  }

  /** Whether an event, by its method and the text of its message, is to be read: somebody listens, and it is not dropped. */
  takes(method: string, text: string): boolean {
    if (!this.listened.has(method)) return false;
    const session = /"sessionId":"(\w{1,64})"\}$/.exec(text.slice(-100))?.[1];
    const [budget, longest] = isControl(method)
      ? [this.controlBudget, maxControl]
      : [this.budget, maxEvent];
    const key = keyOf(method, session);
    if (text.length <= longest && budget.take(key)) return true;
    for (const { lost } of this.listeners.get(key) ?? []) lost?.();
    return false;
  }

  tell(method: string, session: unknown, params: Record<string, unknown>): void {
    const key = keyOf(method, typeof session === "string" ? session : undefined);
    for (const listener of [...(this.listeners.get(key) ?? [])]) {
      try {
        listener.heard(params as never);
      } catch {
        // Another program has taken the browser's place, and sends what is no such event.
      }
    }
  }
}

function keyOf(method: string, session: string | undefined): string {
  return `${method} ${session ?? ""}`;
}
