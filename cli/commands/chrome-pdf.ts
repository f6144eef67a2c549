import { writeFileAtomically } from "../atomic-file.ts";
import { type Command, callOperation } from "../context.ts";
import { usageError } from "../usage.ts";

/** Writes a page into a PDF. */
export const command: Command = async (context) => {
  const { invocation, output, streams } = context;
  const target = invocation.local.output ?? "-";
  if (typeof target !== "string" || (target === "-" && streams.stdout.isTerminal)) {
    throw usageError("a PDF needs a file", "for example: nexora chrome pdf -o page.pdf");
  }
  const { pdf } = await callOperation(context, "chrome.pdf");
  const bytes = Buffer.from(pdf.base64, "base64");
  if (target === "-") return output.bytes(bytes);
  writeFileAtomically(target, bytes);
  await output.result({ bytes: pdf.bytes, path: target }, (it) => it.path);
};
