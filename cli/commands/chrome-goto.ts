import { landedText } from "../../src/words/page.ts";
import { type Command, callOperation } from "../context.ts";

/** Verbs that go to a page: where that is. */
export const command: Command = async (context) => {
  const { id, operation } = context.invocation.verb;
  if (!isGoing(operation)) throw new TypeError(`${id} goes to no page`);
  const reply = await callOperation(context, operation);
  await context.output.result(reply, landedText);
};

const going = ["chrome.goto", "chrome.back", "chrome.forward", "chrome.reload"] as const;

function isGoing(id: string | null): id is (typeof going)[number] {
  return going.some((each) => each === id);
}
