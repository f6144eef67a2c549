import { NexoraError } from "../../src/contract/errors.ts";
import type { ScreenOutput, TextBlock } from "../../src/contract/screen.ts";
import type { Output } from "./output.ts";

/** A screen with the path of its picture's file in place of the picture's bytes. */
type Shown = Omit<ScreenOutput, "image"> & {
  image: Omit<NonNullable<ScreenOutput["image"]>, "base64"> | null;
  path: string | null;
};

/** The text of all windows, without the empty rows at the end; empty for none. */
export function screenText(blocks: readonly Pick<TextBlock, "lines">[] | null): string {
  return (blocks ?? []).map(({ lines }) => lines.map(clean).join("\n").trimEnd()).join("\n\n");
}

/** A row without control characters: what a program showed must not drive the reader's terminal. */
function clean(row: string): string {
  return row.replace(/[\x00-\x08\x0a-\x1f\x7f-\x9f]/g, "");
}

/** Says what of the text is missing, and why. */
export async function noteDegraded(output: Output, { text }: ScreenOutput): Promise<void> {
  for (const { degraded } of text ?? []) if (degraded) await output.note(`text: ${degraded}`);
}

export function withPath(screen: ScreenOutput, path: string | null): Shown {
  if (!screen.image) return { ...screen, image: null, path };
  const { base64: _, ...image } = screen.image;
  return { ...screen, image, path };
}

/** The bytes of a picture that came in JSON. */
export function decodePicture({ format, base64 }: NonNullable<ScreenOutput["image"]>): Uint8Array {
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
