import { type Command, callOperation } from "../context.ts";
import { usageError } from "../usage.ts";

/** Sets the clipboard to an argument, standard input or a picture's file. */
export const command: Command = async (context) => {
  const { text, picture } = context.invocation.input;
  const fields: Record<string, unknown> = {};
  if (text === "-") fields.text = await new Response(Bun.stdin.stream()).text();
  if (typeof picture === "string") {
    const file = Bun.file(picture);
    if (!(await file.exists())) throw usageError(`there is no file ${picture}`, "name a PNG file");
    fields.picture = Buffer.from(await file.arrayBuffer()).toString("base64");
  }
  const reply = await callOperation(context, "clip.set", fields);
  await context.output.result(reply, () => "");
};
