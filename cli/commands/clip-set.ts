import { type Command, callOperation } from "../context.ts";
import { textFromInput } from "../text-input.ts";
import { usageError } from "../usage.ts";

/** Longest text that the API takes, in characters. */
const maxText = 7 * 1024 * 1024;

/** Sets the clipboard to an argument, standard input or a picture's file. */
export const command: Command = async (context) => {
  const { text, picture } = context.invocation.input;
  const fields: Record<string, unknown> = {};
  if (text === "-") fields.text = await textFromInput(maxText, "to copy files in, use `nexora cp`");
  if (typeof picture === "string") {
    const file = Bun.file(picture);
    if (!(await file.exists())) throw usageError(`there is no file ${picture}`, "name a PNG file");
    fields.picture = Buffer.from(await file.arrayBuffer()).toString("base64");
  }
  const reply = await callOperation(context, "clip.set", fields);
  await context.output.result(reply, () => "");
};
