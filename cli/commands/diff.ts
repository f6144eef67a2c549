import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { pictureOf } from "../../src/client/picture.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { Output } from "../../src/contract/index.ts";
import { writeFileAtomically } from "../atomic-file.ts";
import { type Command, type Context, callOperation, clientOf, sessionOf } from "../context.ts";
import { fileError } from "../file-error.ts";
import { usageError } from "../usage.ts";

/** Exit code when the screens differ, as diff(1) has it. */
const different = 1;
const rev = /^[0-9a-f]{16}$/;
/** Largest file that fits into a request, in bytes. */
const maxBytes = 5 * 1024 * 1024;
/** Boxes that are printed; `--json` has all. */
const printed = 8;

/** Compares with a picture's file, or a rev; `--update` writes the file instead. */
export const command: Command = async (context) => {
  const { invocation, output } = context;
  const base = invocation.input.rev as string | undefined;
  if (invocation.local.update) return update(context, base);
  const target = invocation.local.output as string | undefined;
  const fields = { ...baseOf(base), image: target !== undefined };
  const reply = await callOperation(context, "diff", fields);
  const { image, ...facts } = reply;
  if (target !== undefined) await writePicture(context, target, reply);
  const path = image && target ? target : null;
  if (target !== "-") await output.result({ ...facts, path }, told);
  return reply.same ? 0 : different;
};

/** What looks like a rev and is no file is one. */
function baseOf(base: string | undefined): object {
  if (base === undefined) return {};
  if (!existsSync(base)) {
    if (rev.test(base)) return { rev: base };
    throw new NexoraError("not_found", `there is no file ${base}`, {
      hint: "`--update` makes it, of the screen as it is now",
    });
  }
  return { rev: undefined, png: read(base).toString("base64") };
}

function read(path: string): Buffer {
  try {
    const { size } = statSync(path);
    if (size <= maxBytes) return readFileSync(path);
    throw new NexoraError("too_large", `${path} has more than ${maxBytes} bytes`, {
      hint: "compare a part of the screen: `--region X,Y,W,H`",
    });
  } catch (error) {
    throw fileError("read", path, error);
  }
}

async function update(context: Context, base: string | undefined): Promise<void> {
  if (base === undefined) throw usageError("--update needs a file to write", "name a PNG file");
  const { region } = context.invocation.input;
  const fields = { session: sessionOf(context), ...(region === undefined ? {} : { region }) };
  const { bytes, facts } = await pictureOf(clientOf(context), fields, "png", context.signal);
  if (bytes === null) throw new NexoraError("unexpected", "the daemon sent no picture");
  mkdirSync(dirname(base), { recursive: true });
  writeFileAtomically(base, bytes);
  await context.output.result({ path: base, rev: facts.rev }, ({ path }) => `${path}: kept`);
}

async function writePicture(
  context: Context,
  target: string,
  { image }: Output<"diff">,
): Promise<void> {
  if (!image) return context.output.note("the sizes differ: there is no picture of the difference");
  const bytes = Buffer.from(image.base64, "base64");
  if (target === "-") return context.output.bytes(bytes);
  writeFileAtomically(target, bytes);
}

function told({ same, ratio, changed, boxes, base, size }: Omit<Output<"diff">, "image">): string {
  const sizes = [base.size, size].map(({ width, height }) => `${width}x${height}`);
  if (sizes[0] !== sizes[1]) return `different: it was ${sizes[0]}, and is ${sizes[1]}`;
  const verdict = same ? "the same" : "different";
  if (changed === 0) return verdict;
  const places = boxes.map(({ x, y, width, height }) => `  ${x},${y},${width},${height}`);
  const more = places.length > printed ? [`  and ${places.length - printed} more`] : [];
  const part = `${(ratio * 100).toPrecision(2)} %`;
  const head = `${verdict}: ${changed} ${changed === 1 ? "pixel" : "pixels"} (${part}) differ, at`;
  return [head, ...places.slice(0, printed), ...more].join("\n");
}
