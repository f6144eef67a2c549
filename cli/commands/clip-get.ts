import { writeFileAtomically } from "../atomic-file.ts";
import { type Command, callOperation } from "../context.ts";
import { usageError } from "../usage.ts";

/** Prints the clipboard's text as it is, or writes its picture to a file. */
export const command: Command = async (context) => {
  const { output, invocation } = context;
  const file = invocation.local.output;
  const isJson = invocation.globals.json === true;
  const wantsPicture = invocation.input.picture === true;
  const isToScreen = output.audience === "person" && !isJson;
  if (wantsPicture ? typeof file !== "string" && isToScreen : typeof file === "string") {
    throw usageError(
      wantsPicture ? "a picture needs a file" : "a file is for a picture",
      "for example: nexora clip get --picture -o shot.png",
    );
  }
  const reply = await callOperation(context, "clip.get");
  if (reply.picture) {
    const bytes = Buffer.from(reply.picture.base64, "base64");
    if (typeof file === "string") writeFileAtomically(file, bytes);
    else if (!isJson) return output.bytes(bytes);
    if (!isJson) return;
  }
  if (reply.text === null && !reply.picture) {
    const has = reply.types.length > 0 ? `, only ${reply.types.join(", ")}` : "";
    await output.note(`there is no ${wantsPicture ? "picture" : "text"}${has}`);
  }
  await output.result(reply, ({ text }) => text ?? "");
};
