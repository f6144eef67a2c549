import { mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { itemsOf } from "../../src/client/streams.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import { exactDuration } from "../../src/duration.ts";
import { writeFileAtomically } from "../atomic-file.ts";
import {
  type Command,
  type Context,
  callOperation,
  clientOf,
  noteRestart,
  sessionOf,
} from "../context.ts";
import { printable } from "../output/units.ts";
import { keepPicture } from "../pictures.ts";
import { textFromInput } from "../text-input.ts";
import { usageError } from "../usage.ts";

/** Longest script that is sent along, in characters. */
const maxScript = 1024 * 1024;
/** Exit code of a script that was ended by --timeout, as timeout(1) has it. */
const timedOutExit = 124;

interface Picture {
  name: string;
  base64: string;
}

/** Runs a script; its exit code is ours, and its pictures come to this machine. */
export const command: Command = async (context) => {
  const { output, invocation, signal } = context;
  const fields = { ...invocation.input, ...(await scriptOf(context)) };
  if (output.audience === "program") {
    const reply = await callOperation(context, "chrome.run", fields);
    const pictures = reply.pictures.map((picture) => {
      const { base64: _, ...facts } = picture;
      return { ...facts, path: keep(context, picture) };
    });
    await output.result({ ...reply, pictures }, () => "");
    return exitOf(context, reply);
  }
  const printer = output.process();
  const request = { ...fields, session: sessionOf(context) };
  for await (const item of itemsOf(clientOf(context), "chrome.run", request, signal)) {
    if (item.type === "stdout") await printer.stdout(Buffer.from(item.text));
    else if (item.type === "stderr") await printer.stderr(Buffer.from(item.text));
    else if (item.type === "picture") await output.note(keep(context, item));
    else {
      await noteRestart(context, item);
      return exitOf(context, item);
    }
  }
  throw new NexoraError("engine_failed", "the connection closed before the script ended", {
    hint: "see `nexora session show` and `nexora daemon logs`",
  });
};

/** The text of the script, unless it lies in the workstation. */
async function scriptOf({ invocation }: Context): Promise<{ file?: string; script?: string }> {
  const file = String(invocation.input.file);
  if (invocation.local.inside) return {};
  if (file === "-") {
    const hint = "keep it in the workspace, and use --inside";
    return { file: "script.ts", script: await textFromInput(maxScript, hint) };
  }
  const found = Bun.file(file);
  if (await found.exists()) return { file: basename(file), script: await found.text() };
  throw usageError(`there is no file ${file}`, "one in the workstation is run with --inside");
}

/** Writes a picture, and returns its path. */
function keep({ paths, invocation }: Context, { name, base64 }: Picture): string {
  const bytes = Buffer.from(base64, "base64");
  const { output } = invocation.local;
  if (typeof output !== "string") return keepPicture(paths, formatOf(name), bytes);
  mkdirSync(output, { recursive: true });
  const path = join(output, basename(name));
  writeFileAtomically(path, bytes);
  return path;
}

function formatOf(name: string): string {
  return /\.(jpe?g|webp)$/.exec(name)?.[1] ?? "png";
}

async function exitOf(
  { invocation, output }: Context,
  { exitCode, timedOut }: { exitCode: number | null; timedOut: boolean },
): Promise<number> {
  if (!timedOut) return exitCode ?? 1;
  const given = Number(invocation.input.timeoutMs ?? 120_000);
  await output.note(`timed out and ended after ${printable(exactDuration(given))}`);
  return timedOutExit;
}
