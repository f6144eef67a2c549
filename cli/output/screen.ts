import { NexoraError } from "../../src/contract/errors.ts";
import type { ScreenOutput } from "../../src/contract/screen.ts";
import { goneWords, type Style, saysSomething } from "../../src/words/screen.ts";
import type { Output } from "./output.ts";
import { printable } from "./units.ts";

/** A screen with the path of its picture's file in place of the picture's bytes. */
type Shown = Omit<ScreenOutput, "image"> & {
  image: Omit<NonNullable<ScreenOutput["image"]>, "base64"> | null;
  path: string | null;
};

/** Says what of the text that is printed in this style is missing, and why. */
export async function noteDegraded(
  output: Output,
  { window, text, degraded }: ScreenOutput,
  style: Style,
): Promise<void> {
  const blocks = (text ?? []).filter(
    (block) => !style.chosen || block.window === window?.id || saysSomething(block, style),
  );
  for (const block of blocks) {
    const where = blocks.length > 1 ? `${block.window}: ` : "";
    if (block.degraded) await output.note(`text: ${where}${printable(block.degraded)}`);
  }
  if (degraded) await output.note(`text: ${printable(degraded)}`);
}

/** With `since`: the rev for the next time, whether nothing has changed, and which windows have gone. */
export async function noteChanges(
  output: Output,
  { text, textRev, gone, boxes }: ScreenOutput,
  since: unknown,
): Promise<void> {
  if (since === undefined || textRev === null) return;
  for (const words of goneWords(gone ?? [])) await output.note(words);
  for (const { x, y, width, height } of boxes ?? []) {
    await output.note(`pixels have changed at ${x},${y},${width},${height}`);
  }
  const same = text?.every(({ lines, refs }) => lines.length === 0 && !refs?.length);
  await output.note(`${same ? "no row has changed; " : ""}rev ${textRev}`);
}

export function withPath(screen: ScreenOutput, path: string | null): Shown {
  if (!screen.image) return { ...screen, image: null, path };
  const { base64: _, ...image } = screen.image;
  return { ...screen, image, path };
}

/** The bytes of a picture that came in JSON. */
export function decodePicture({
  format,
  base64,
}: Pick<NonNullable<ScreenOutput["image"]>, "format" | "base64">): Uint8Array {
  if (!/^(png|jpeg|webp)$/.test(format)) {
    throw new NexoraError("unexpected", `the daemon sent a picture of unknown type ${format}`);
  }
  return Buffer.from(base64, "base64");
}

/** Format that a file's name asks for. */
export function formatOf(path: string): string {
  const ending = /\.(png|jpe?g|webp)$/i.exec(path)?.[1]?.toLowerCase();
  return ending === "jpg" ? "jpeg" : (ending ?? "png");
}
