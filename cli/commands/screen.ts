import { pictureOf } from "../../src/client/picture.ts";
import { screenText, styleOf } from "../../src/words/screen.ts";
import { writeFileAtomically } from "../atomic-file.ts";
import { type Command, type Context, callOperation, clientOf, fieldsOf } from "../context.ts";
import { decodePicture, formatOf, noteChanges, noteDegraded, withPath } from "../output/screen.ts";
import { keepPicture } from "../pictures.ts";
import { usageError } from "../usage.ts";

/** Flags about the text: whoever gives one wants the text. */
const ofText = [
  ...["since", "lastOutput", "tail", "grep", "compact", "maxOutput", "ocr", "marks", "cursor"],
  ...["refs", "refsIn"],
];

/**
 * `--text`: the text. `-o`: the picture, to a file or a pipe. Else a person gets the text and
 * the picture's path (on stderr), a pipe the path, and a program all of it.
 */
export const command: Command = async (context) => {
  const { local, input } = context.invocation;
  if (typeof local.output === "string") return writePicture(context, local.output);
  if (local.text || ofText.some((name) => name in input)) return printText(context);
  if (context.output.audience === "pipe") return printPath(context);
  const screen = await callOperation(context, "screen");
  const { image } = screen;
  const path = image && keepPicture(context.paths, image.format, decodePicture(image));
  await context.output.result(withPath(screen, path), (it) => screenText(it, styleOf(input)));
  await noteDegraded(context.output, screen, styleOf(input));
  if (path) await context.output.note(path);
};

async function printText(context: Context): Promise<void> {
  const { input } = context.invocation;
  const screen = await callOperation(context, "screen", { image: false });
  await context.output.result(screen, (it) => screenText(it, styleOf(input)));
  await noteDegraded(context.output, screen, styleOf(input));
  await noteChanges(context.output, screen, input.since);
}

async function printPath(context: Context): Promise<void> {
  const format = String(context.invocation.input.format ?? "png");
  const { bytes } = await fetchPicture(context, format);
  const path = bytes && keepPicture(context.paths, format, bytes);
  await context.output.result(path, (it) => it ?? "");
}

async function writePicture(context: Context, target: string): Promise<void> {
  const { output, invocation, streams } = context;
  if (target === "-" && streams.stdout.isTerminal) {
    throw usageError(
      "a picture cannot be written to a terminal",
      "use -o FILE, or pipe the output",
    );
  }
  const format = String(invocation.input.format ?? formatOf(target));
  const { bytes, facts } = await fetchPicture(context, format);
  if (bytes === null) {
    if (target !== "-") await output.result({ ...facts, path: null }, () => "");
    return output.note(`no change since ${facts.rev}: nothing was written`);
  }
  if (target === "-") return output.bytes(bytes);
  writeFileAtomically(target, bytes);
  await output.result({ ...facts, path: target }, () => target);
}

function fetchPicture(context: Context, format: string) {
  return pictureOf(clientOf(context), fieldsOf(context), format, context.signal);
}
