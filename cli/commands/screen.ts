import { requestOf } from "../../src/client/route.ts";
import { routeOf } from "../../src/client/routes.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { ScreenOutput } from "../../src/contract/screen.ts";
import { writeFileAtomically } from "../atomic-file.ts";
import { type Command, type Context, callOperation, clientOf, sessionOf } from "../context.ts";
import { screenText } from "../output/screen-text.ts";
import { keepPicture } from "../pictures.ts";
import { usageError } from "../usage.ts";

/** What is printed: the picture's facts with the path of its file in place of its bytes. */
type Shown = Omit<ScreenOutput, "image"> & {
  image: Record<string, unknown> | null;
  path: string | null;
};

/**
 * `--text`: the text. `-o`: the picture, to a file or a pipe. Else a person gets the text and
 * the picture's path (on stderr), a pipe the path, and a program all of it.
 */
export const command: Command = async (context) => {
  const { local } = context.invocation;
  if (typeof local.output === "string") return writePicture(context, local.output);
  if (local.text) return printText(context);
  if (context.output.audience === "pipe") return printPath(context);
  const screen = (await callOperation(context)) as ScreenOutput;
  const path =
    screen.image && keepPicture(context.paths, screen.image.format, decode(screen.image));
  await context.output.result(withPath(screen, path), ({ text }) => screenText(text));
  if (screen.text?.degraded) await context.output.note(`text: ${screen.text.degraded}`);
  await context.output.note(path ?? `no change since ${screen.rev}`);
};

async function printText(context: Context): Promise<void> {
  const screen = (await callOperation(context, { image: false })) as ScreenOutput;
  await context.output.result(screen, ({ text }) => screenText(text));
  if (screen.text?.degraded) await context.output.note(`text: ${screen.text.degraded}`);
}

async function printPath(context: Context): Promise<void> {
  const format = String(context.invocation.input.format ?? "png");
  const { picture, facts } = await fetchPicture(context, format);
  const path = picture && keepPicture(context.paths, format, picture);
  await context.output.result(path, (it) => it ?? "");
  if (path === null) await context.output.note(`no change since ${facts.rev}`);
}

async function writePicture(context: Context, target: string): Promise<void> {
  const { output, invocation, streams } = context;
  if (target === "-" && streams.stdout.isTerminal) {
    throw usageError("a picture is not written to a terminal", "use -o FILE, or a pipe after -o -");
  }
  const format = String(invocation.input.format ?? formatOf(target));
  const { picture, facts } = await fetchPicture(context, format);
  if (picture === null) {
    if (target !== "-") await output.result(withPath(facts, null), () => "");
    return output.note(`no change since ${facts.rev}: nothing was written`);
  }
  if (target === "-") return output.bytes(picture);
  writeFileAtomically(target, picture);
  await output.result(withPath(facts, target), () => target);
}

/** The picture as bytes, with the rest of the reply; null when it has not changed. */
async function fetchPicture(
  context: Context,
  format: string,
): Promise<{ picture: Uint8Array | null; facts: ScreenOutput }> {
  const input = { ...context.invocation.input, session: sessionOf(context), format, text: false };
  const { target } = requestOf(routeOf("screen"), input);
  const reply = await clientOf(context).fetch(target, {
    headers: { accept: `image/${format}` },
    signal: context.signal,
  });
  const type = reply.headers.get("content-type") ?? "";
  if (type.startsWith("application/json")) {
    const facts = (await reply.json()) as ScreenOutput;
    return { picture: facts.image && decode(facts.image), facts };
  }
  const facts = {
    rev: reply.headers.get("x-nexora-rev") ?? "",
    ...(JSON.parse(reply.headers.get("x-nexora-meta") ?? "{}") as object),
  } as ScreenOutput;
  const hasPicture = reply.status === 200 && type.startsWith("image/");
  return { picture: hasPicture ? await reply.bytes() : null, facts };
}

function decode(image: NonNullable<ScreenOutput["image"]>): Uint8Array {
  if (!/^(png|jpeg|webp)$/.test(image.format)) {
    throw new NexoraError("unexpected", `the daemon sent a picture of type ${image.format}`);
  }
  return Buffer.from(image.base64, "base64");
}

function withPath(screen: ScreenOutput, path: string | null): Shown {
  if (!screen.image) return { ...screen, path };
  const { base64: _, ...image } = screen.image;
  return { ...screen, image, path };
}

/** Format that a file's name asks for. */
function formatOf(path: string): string {
  const ending = /\.(png|jpe?g|webp)$/i.exec(path)?.[1]?.toLowerCase();
  return ending === "jpg" ? "jpeg" : (ending ?? "png");
}
