import type { Output } from "../../src/contract/index.ts";
import { type Command, callOperation } from "../context.ts";

/** What is on a page: as an outline, as text, as HTML. */
export const command: Command = async (context) => {
  const { id, operation } = context.invocation.verb;
  if (!isReading(operation)) throw new TypeError(`${id} reads no page`);
  const reply = await callOperation(context, operation);
  await context.output.result(reply, textIn);
  if (!reply.cut) return;
  const what = typeof reply.cut === "string" ? reply.cut : "there is more";
  await context.output.note(`${what}: --max-output shows more, a target only a part`);
};

type Reading = "chrome.snapshot" | "chrome.text" | "chrome.html";

function isReading(id: string | null): id is Reading {
  return id === "chrome.snapshot" || id === "chrome.text" || id === "chrome.html";
}

function textIn(reply: Output<Reading>): string {
  return "html" in reply ? reply.html : reply.text;
}
