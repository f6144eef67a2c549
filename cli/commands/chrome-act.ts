import type { Output } from "../../src/contract/index.ts";
import { changedText } from "../../src/words/page.ts";
import { type Command, callOperation } from "../context.ts";
import { takes } from "../takes.ts";

/** Any verb that acts on a page, and says what that has changed. */
export const command: Command = async (context) => {
  const { verb } = context.invocation;
  if (!takes(verb, "thenSnapshot")) throw new TypeError(`${verb.id} does not act on a page`);
  const reply = await callOperation(context, verb.operation);
  await context.output.result(reply, (it) =>
    [scrolledText(it), changedText(it.changed)].filter((text) => text !== "").join("\n"),
  );
};

/** How far something has been scrolled, and how far it goes. */
function scrolledText(reply: object | Output<"chrome.scroll">): string {
  if (!("maxY" in reply)) return "";
  const { x, y, maxX, maxY } = reply;
  const across = maxX > 0 ? `${x} of ${maxX} px to the right, ` : "";
  return `scrolled ${across}${y} of ${maxY} px down`;
}
