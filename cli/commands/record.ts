import { NexoraError } from "../../src/contract/errors.ts";
import type { Recording } from "../../src/contract/record.ts";
import { exactDuration } from "../../src/duration.ts";
import { type Command, type Context, callOperation, clientOf, sessionOf } from "../context.ts";
import { formatBytes } from "../output/units.ts";
import { usageError } from "../usage.ts";

/** How long a recording may take to be finished and copied once it was interrupted, in milliseconds. */
const finishMs = 120_000;

/** Records until its time is over or the user interrupts, and copies what came of it. */
export const command: Command = async (context) => {
  const { input, local } = context.invocation;
  const file = typeof local.output === "string" ? local.output : null;
  const [, ending] = /\.(webm|cast)$/.exec(file ?? "") ?? [];
  if (file !== null && !ending) {
    throw usageError("a recording is a .webm of the desktop, or a .cast of a terminal");
  }
  const terminal = input.terminal === true || ending === "cast";
  if (terminal && ending === "webm") throw usageError("a terminal is recorded into a .cast");
  if (local.detach && file) throw usageError("--detach leaves the file in the workstation");
  const begun = await callOperation(context, "record", { terminal });
  if (local.detach) return context.output.result(begun, ({ id }) => id);
  const most = exactDuration(Number(input.forMs ?? 600_000));
  await context.output.note(`recording ${begun.id} for ${most}; Ctrl-C ends it`);
  const ended = await untilEnded(context, begun);
  if (ended.error !== null) {
    throw new NexoraError("action_failed", `the recording failed: ${ended.error}`);
  }
  const path = file === null ? ended.path : await copyOut(context, ended, file);
  await context.output.note(`${formatBytes(ended.bytes)}, ended: ${ended.ended}`);
  await context.output.result({ ...ended, path }, () => path);
};

async function untilEnded(context: Context, { id: recording }: Recording): Promise<Recording> {
  const fields = { session: sessionOf(context), recording };
  const client = clientOf(context);
  try {
    return await client.call("recording.show", { ...fields, wait: true }, context.signal);
  } catch (error) {
    if (!context.signal.aborted) throw error;
    return client.call("recording.stop", fields, AbortSignal.timeout(finishMs));
  }
}

/** Moves the file here; the path it has then. */
async function copyOut(context: Context, { id, path }: Recording, file: string): Promise<string> {
  const { download } = await import("../copy/copy.ts");
  const { workspacesOf } = await import("../copy/local.ts");
  // What was interrupted is the recording, not the copying.
  const signal = AbortSignal.timeout(finishMs);
  const [client, session] = [clientOf(context), sessionOf(context)];
  const workspaces = await workspacesOf(client, signal);
  const remote = { client, session, path, signal };
  const copied = await download(context, remote, file, { into: false, workspaces });
  await client.call("recording.rm", { session, recording: id }, signal);
  return copied;
}
