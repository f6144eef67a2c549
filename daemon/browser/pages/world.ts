import type { Page } from "../page.ts";
import { exceptionText } from "./console-log.ts";

/** Name of our scripts' world: they see the page's document, and the page does not see them. */
const name = "nexora";

/** What an exception in our own script, or its world's end, becomes. */
export class WorldGone extends Error {}

/**
 * Evaluates an expression of ours in a world of its own in the page's main frame, with JavaScript's
 * built-ins as they were, whatever the page has made of them. Throws `WorldGone` when the document goes meanwhile.
 */
export async function inWorld(
  page: Page,
  expression: string,
  signal: AbortSignal,
): Promise<unknown> {
  const frame = { frameId: page.targetId, worldName: name };
  try {
    const { executionContextId } = await page.send("Page.createIsolatedWorld", frame, { signal });
    const asked = { expression, contextId: executionContextId, returnByValue: true };
    const how = { awaitPromise: true, silent: true };
    const reply = await page.send("Runtime.evaluate", { ...asked, ...how }, { signal });
    if (reply.exceptionDetails) throw new WorldGone(exceptionText(reply.exceptionDetails));
    return reply.result.value;
  } catch (error) {
    if (signal.aborted) throw error;
    throw error instanceof WorldGone ? error : new WorldGone("the document is gone");
  }
}
