import type { Command } from "../context.ts";

/** Prints what tesseract says of the picture file on standard input. */
export const command: Command = async ({ invocation, readText, streams }) => {
  const picture = await Bun.stdin.bytes();
  await streams.stdout.write(await readText(picture, Number(invocation.input.mode)));
};
