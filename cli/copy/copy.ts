import { stat } from "node:fs/promises";
import { archiveOf, sendArchive } from "../../src/client/streams.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import { codeOf, messageOf } from "../../src/thrown.ts";
import type { Context } from "../context.ts";
import { printable } from "../output/units.ts";
import { usageError } from "../usage.ts";
import { openLocal, openLocalFolder, type Workspaces } from "./local.ts";
import { placementOf } from "./location.ts";
import { packTree, streamOf } from "./pack.ts";
import { explain, kindAt, kindToCopy, type Remote } from "./remote.ts";
import { unpackTree } from "./unpack.ts";

interface CopyOptions {
  /** Only into a folder that is there. */
  into: boolean;
  workspaces: Workspaces;
}

/** Copies a local file or folder into a workstation; its path there. */
export async function upload(
  context: Context,
  from: string,
  to: Remote,
  { into, workspaces }: CopyOptions,
): Promise<string> {
  const kind = await localKind(from);
  if (kind === "none") throw new NexoraError("not_found", `${from} does not exist`);
  if (kind === "other") throw usageError(`${from} is neither a file nor a folder`);
  const there = await kindAt(to);
  if (into && there !== "directory") throw noFolder(to.path);
  const { folder, name } = placementOf({ path: from, kind }, { path: to.path, kind: there });
  const skipped = (path: string) =>
    void context.output.note(printable(`skipped ${path}: neither a file nor a folder`));
  const { folder: parent, entry } = openLocal(from, workspaces);
  using held = parent;
  const archive = () => streamOf(packTree({ folder: held, entry, name, skipped }));
  const { client, session, signal } = to;
  await sendArchive(client, { session, path: folder }, archive, signal);
  return name === null ? folder : `${folder}/${name}`;
}

/** Copies a file or folder out of a workstation; its path here. */
export async function download(
  context: Context,
  from: Remote,
  to: string,
  { into, workspaces }: CopyOptions,
): Promise<string> {
  const kind = await kindToCopy(from);
  const there = await localKind(to);
  if (into && there !== "directory") throw noFolder(to);
  const { folder, name } = placementOf({ path: from.path, kind }, { path: to, kind: there });
  if ((await localKind(folder)) !== "directory") {
    throw new NexoraError("not_found", `the folder ${folder} does not exist`);
  }
  using target = openLocalFolder(folder, workspaces);
  const { client, session, path, signal } = from;
  const source = await archiveOf(client, { session, path }, signal);
  const skipped = (entry: string, why: string) =>
    void context.output.note(printable(`skipped ${entry}: ${why}`));
  await unpackTree({ source, folder: target, name, skipped }).catch((error) =>
    explain(from, error),
  );
  return name === null ? folder : `${folder}/${name}`;
}

function noFolder(path: string): NexoraError {
  return usageError(
    `several sources need a folder to go to, and ${path} is none`,
    "create it first, or copy them one by one",
  );
}

async function localKind(path: string): Promise<"file" | "directory" | "other" | "none"> {
  try {
    const stats = await stat(path);
    return stats.isFile() ? "file" : stats.isDirectory() ? "directory" : "other";
  } catch (error) {
    const code = codeOf(error);
    const message = messageOf(error);
    if (code === "ENOENT") return "none";
    throw new NexoraError(code === "EACCES" ? "forbidden" : "not_found", message, { cause: error });
  }
}
