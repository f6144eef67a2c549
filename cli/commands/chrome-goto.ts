import { landedText } from "../../src/words/page.ts";
import { type Command, callOperation } from "../context.ts";

/** Verbs that go to a page: where that is. */
export const command: Command = async (context) => {
  const { id } = context.invocation.verb;
  const reply = await callOperation(context, id as "chrome.goto");
  await context.output.result(reply, landedText);
};
