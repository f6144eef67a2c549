import type { ScreenOutput } from "../src/contract/screen.ts";
import { writeFileAtomically } from "./atomic-file.ts";
import type { Context } from "./context.ts";
import { decodePicture, formatOf } from "./output/screen.ts";
import type { Invocation } from "./parse.ts";
import { keepPicture } from "./pictures.ts";

/** Flags of `screen` that are about its picture: whoever gives one wants the picture. */
const ofPicture = ["format", "quality", "scale", "region"];

/** The look that a verb's flags ask for afterwards: that of `screen`, only the text by default. */
export function thenScreenOf({ input, local }: Invocation): true | object | undefined {
  const asked = input.thenScreen;
  const flags = typeof asked === "object" && asked !== null ? asked : {};
  const file = typeof local.output === "string" ? { format: formatOf(local.output) } : null;
  const image = file !== null || ofPicture.some((name) => name in flags);
  if (!image && Object.keys(flags).length === 0) return asked === true || undefined;
  return { ...file, ...flags, image };
}

/** Puts the picture of such a look where it was asked for; its path. */
export function keepLook({ invocation, paths }: Context, screen: ScreenOutput): string | null {
  if (!screen.image) return null;
  const bytes = decodePicture(screen.image);
  const { output } = invocation.local;
  if (typeof output !== "string") return keepPicture(paths, screen.image.format, bytes);
  writeFileAtomically(output, bytes);
  return output;
}
