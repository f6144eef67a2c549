import { writeFileAtomically } from "../atomic-file.ts";
import { type Command, callOperation } from "../context.ts";
import { usageError } from "../usage.ts";

/** Prints the clipboard's text as it is, or writes its picture to a file. */
export const command: Command = async (context) => {
  const { output, invocation } = context;
  const file = invocation.local.output;
  if (invocation.input.picture && typeof file !== "string" && output.audience === "person") {
    throw usageError(
      "a picture needs a file",
      "for example: nexora clip get --picture -o shot.png",
    );
  }
  const reply = await callOperation(context, "clip.get");
  if (reply.picture) {
    const bytes = Buffer.from(reply.picture.base64, "base64");
    if (typeof file === "string") writeFileAtomically(file, bytes);
    else await output.bytes(bytes);
    return;
  }
  if (reply.text === null) {
    const has = reply.types.length > 0 ? `, only ${reply.types.join(", ")}` : "";
    await output.note(`there is no ${invocation.input.picture ? "picture" : "text"}${has}`);
  }
  await output.result(reply, ({ text }) => text ?? "");
};
