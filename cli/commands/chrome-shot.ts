import { writeFileAtomically } from "../atomic-file.ts";
import { type Command, callOperation } from "../context.ts";
import { decodePicture, formatOf } from "../output/screen.ts";
import { keepPicture } from "../pictures.ts";
import { usageError } from "../usage.ts";

/** Writes a page's picture where it was asked for, and prints where that is. */
export const command: Command = async (context) => {
  const { invocation, output, streams, paths } = context;
  const target = invocation.local.output;
  if (target === "-" && streams.stdout.isTerminal) {
    throw usageError(
      "a picture cannot be written to a terminal",
      "use -o FILE, or pipe the output",
    );
  }
  const ending = typeof target === "string" ? formatOf(target) : "png";
  const format = String(invocation.input.format ?? ending);
  const { image } = await callOperation(context, "chrome.shot", { format });
  const { base64: _, ...facts } = image;
  if (image.cut) await output.note("the page is larger than a picture can be: it was cut");
  if (target === "-") return output.bytes(decodePicture(image));
  if (typeof target === "string") writeFileAtomically(target, decodePicture(image));
  const path =
    typeof target === "string" ? target : keepPicture(paths, image.format, decodePicture(image));
  await output.result({ image: facts, path }, (it) => it.path);
};
