import { randomBytes } from "node:crypto";
import { Refusal } from "../cdp/protocol.ts";
import type { Page } from "../page.ts";
import { exceptionText } from "./console-log.ts";

/** Name of our scripts' world: they see the page's document, and the page does not see them. */
const name = "nexora";
/** What a script says that has come into another world. */
const elsewhere = "nexora: this is another world";

/** What an exception in our own script, or its world's end, becomes. */
export class WorldGone extends Error {}

/** An execution context, and what only the world of that one has. */
interface Entered {
  context: number;
  mark: string;
}

/**
 * A world of our own in a page's main frame, with JavaScript's built-ins as they were, whatever the page has made of
 * them. It is made anew for each document.
 */
export class World {
  private entered: Entered | null = null;

  constructor(private readonly page: Page) {}

  /** Evaluates an expression of ours, which may begin twice. Throws `WorldGone` when the document goes meanwhile. */
  async evaluate(expression: string, signal: AbortSignal): Promise<unknown> {
    try {
      const known = this.entered;
      const reply = known && (await this.ask(known, expression, signal).catch(ifGone));
      const { result, exceptionDetails } = reply ?? (await this.enter(expression, signal));
      if (exceptionDetails) throw new WorldGone(exceptionText(exceptionDetails));
      return result.value;
    } catch (error) {
      if (signal.aborted) throw error;
      throw error instanceof WorldGone ? error : new WorldGone("the document is gone");
    }
  }

  /** Another document has come. */
  leave(): void {
    this.entered = null;
  }

  private async enter(expression: string, signal: AbortSignal) {
    const frame = { frameId: this.page.targetId, worldName: name };
    const made = await this.page.send("Page.createIsolatedWorld", frame, { signal });
    const entered = { context: made.executionContextId, mark: randomBytes(8).toString("hex") };
    const marked = `(globalThis.nexoraMark="${entered.mark}",${expression})`;
    const reply = await this.run(entered, marked, signal);
    this.entered = entered;
    return reply;
  }

  /** Null when that world is no longer there: its number may be another one's then. */
  private async ask(known: Entered, expression: string, signal: AbortSignal) {
    const checked = `globalThis.nexoraMark==="${known.mark}"?(${expression}):(()=>{throw new Error("${elsewhere}")})()`;
    const reply = await this.run(known, checked, signal);
    return reply.exceptionDetails?.exception?.description?.includes(elsewhere) ? null : reply;
  }

  private run({ context }: Entered, expression: string, signal: AbortSignal) {
    const asked = { expression, contextId: context, returnByValue: true };
    const how = { awaitPromise: true, silent: true };
    return this.page.send("Runtime.evaluate", { ...asked, ...how }, { signal });
  }
}

function ifGone(error: unknown): null {
  if (error instanceof Refusal) return null;
  throw error;
}
