import type { Changed } from "../../src/contract/chrome-changes.ts";
import { changedText } from "../../src/words/page.ts";
import { type Command, callOperation } from "../context.ts";

/** Any verb that acts on a page, and says what that has changed. */
export const command: Command = async (context) => {
  const { operation, id } = context.invocation.verb;
  if (operation === null) throw new TypeError(`${id} has no operation`);
  const reply = (await callOperation(context, operation)) as unknown as { changed: Changed };
  await context.output.result(reply, ({ changed }) => changedText(changed));
};
