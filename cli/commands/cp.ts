import { stat } from "node:fs/promises";
import type { Client } from "../../src/client/client.ts";
import { archiveOf, sendArchive } from "../../src/client/streams.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import { type Command, type Context, clientOf } from "../context.ts";
import { type Location, placementOf, readLocation } from "../copy/location.ts";
import { packTree } from "../copy/pack.ts";
import { unpackTree } from "../copy/unpack.ts";
import { printable } from "../output/units.ts";
import { noteWhenSlow } from "../progress.ts";
import { chosenSession } from "../session.ts";
import { usageError } from "../usage.ts";

/** Copies a file or folder into a workstation or out of it, by the rules of `cp -r`. */
export const command: Command = async (context) => {
  const { input } = context.invocation;
  const source = readLocation(String(input.source));
  const destination = readLocation(String(input.destination));
  if ((source.session === null) === (destination.session === null)) {
    throw usageError(
      "cp copies between this machine and a workstation: exactly one side is SESSION:PATH",
      "for example: nexora cp ./data dev:/tmp/data",
    );
  }
  const copy = source.session === null ? upload : download;
  const path = await noteWhenSlow(context.output, "copying …", () =>
    copy(context, source, destination),
  );
  await context.output.result({ path }, () => "");
};

async function upload(context: Context, from: Location, to: Location): Promise<string> {
  const session = sessionAt(context, to);
  const client = clientOf(context);
  const kind = await localKind(from.path);
  if (kind === "none") throw new NexoraError("not_found", `${from.path} does not exist`);
  if (kind === "other") throw usageError(`${from.path} is neither a file nor a folder`);
  const there = await remoteKind(context, client, session, to.path);
  const { folder, name } = placementOf({ path: from.path, kind }, { path: to.path, kind: there });
  const skipped = (path: string) =>
    void context.output.note(`skipped ${path}: neither a file nor a folder`);
  const archive = () => streamOf(packTree({ path: from.path, name, skipped }));
  await sendArchive(client, { session, path: folder }, archive, context.signal);
  return name === null ? folder : `${folder}/${name}`;
}

async function download(context: Context, from: Location, to: Location): Promise<string> {
  const session = sessionAt(context, from);
  const client = clientOf(context);
  const kind = await remoteKind(context, client, session, from.path);
  const place = session === "@" ? "the session" : session;
  if (kind === "none")
    throw new NexoraError("not_found", `${from.path} does not exist in ${place}`);
  if (kind === "other") throw usageError(`${from.path} in ${place} is neither a file nor a folder`);
  const there = await localKind(to.path);
  const { folder, name } = placementOf({ path: from.path, kind }, { path: to.path, kind: there });
  if ((await localKind(folder)) !== "directory") {
    throw new NexoraError("not_found", `the folder ${folder} does not exist`);
  }
  const source = await archiveOf(client, { session, path: from.path }, context.signal);
  const skipped = (path: string, why: string) =>
    void context.output.note(printable(`skipped ${path}: ${why}`));
  await unpackTree({ source, folder, name, skipped });
  return name === null ? folder : `${folder}/${name}`;
}

function sessionAt({ invocation, env, folder }: Context, { session }: Location): string {
  return session || chosenSession(invocation.globals.session, env, folder);
}

async function remoteKind(context: Context, client: Client, session: string, path: string) {
  return (await client.call("files.stat", { session, path }, context.signal)).type;
}

async function localKind(path: string): Promise<"file" | "directory" | "other" | "none"> {
  try {
    const stats = await stat(path);
    return stats.isFile() ? "file" : stats.isDirectory() ? "directory" : "other";
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return "none";
    throw new NexoraError(code === "EACCES" ? "forbidden" : "not_found", message, { cause: error });
  }
}

function streamOf(source: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
