import { waitText } from "../../src/words/wait.ts";
import { type Command, callOperation } from "../context.ts";
import { usageError } from "../usage.ts";

const conditions = [
  ...["prompt", "input", "ready", "change", "text", "gone", "stableMs", "title"],
  ...["window", "windowGone", "port", "ref", "refGone"],
];

/** Waits for the first of the conditions. */
export const command: Command = async (context) => {
  const { input } = context.invocation;
  if (!conditions.some((name) => input[name] !== undefined && input[name] !== false)) {
    throw usageError(
      "wait needs a condition",
      "one of --prompt, --input, --text, --gone, --title, --window, --window-gone, --port, --ref, --ref-gone, --stable, --change, --ready",
    );
  }
  await context.output.result(await callOperation(context, "wait"), waitText);
};
