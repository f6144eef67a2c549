import { plainText } from "../../src/plain-text.ts";
import { changedText } from "../../src/words/page.ts";
import { type Command, callOperation } from "../context.ts";
import { jsonText } from "../output/pages.ts";
import { textFromInput } from "../text-input.ts";
import { usageError } from "../usage.ts";

/** Longest script, in characters. */
const maxScript = 1024 * 1024;

/** Runs a script in the page; its result is printed as JSON, and what else has changed on stderr. */
export const command: Command = async (context) => {
  const { input, local } = context.invocation;
  const fields: Record<string, unknown> = {};
  if (input.expression === "-") fields.expression = await textFromInput(maxScript, "split it");
  if (typeof input.arg === "string") fields.arg = jsonOf(input.arg);
  const reply = await callOperation(context, "chrome.eval", fields);
  const { snapshot, ...changed } = reply.changed;
  const isThere = reply.type !== null;
  await context.output.result(reply, ({ value }) => {
    const text = local.raw && typeof value === "string" ? plainText(value) : jsonText(value);
    const rest = snapshot === null ? [] : [changedText({ ...nothing, snapshot })];
    return [...(isThere ? [text] : []), ...rest].join("\n");
  });
  await context.output.note(changedText({ ...changed, focused: null, snapshot: null }));
};

const nothing = {
  ...{ navigated: null, loading: null, dialog: null, focused: null },
  ...{ opened: [], closed: [], downloads: [] },
};

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw usageError(`--arg is not JSON: ${JSON.stringify(text)}`, `a text is --arg '"text"'`);
  }
}
