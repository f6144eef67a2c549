import { type Command, type Context, clientOf } from "../context.ts";
import { type Location, readLocation } from "../copy/location.ts";
import type { Remote } from "../copy/remote.ts";
import { failureOf, tryEach } from "../each.ts";
import { noteWhenSlow } from "../progress.ts";
import { chosenSession } from "../session.ts";
import { usageError } from "../usage.ts";

const example = "for example: nexora cp ./data dev:/tmp/data";

/** Copies files and folders into a workstation or out of it, by the rules of `cp -r`. */
export const command: Command = async (context) => {
  const { input } = context.invocation;
  const sources = (input.sources as string[]).map(readLocation);
  const destination = readLocation(String(input.destination));
  if (sources.some((source) => isHere(source) === isHere(destination))) {
    throw usageError(
      "cp copies between this machine and a workstation: exactly one side is SESSION:PATH",
      example,
    );
  }
  const [only, ...others] = sources;
  if (only && [...sources, destination].some(isStream)) {
    if (others.length > 0) {
      throw usageError("- stands for one file: cp takes no others beside it", example);
    }
    if (isStream(destination)) return toStandardOutput(context, only);
    return noteWhenSlow(context.output, "copying …", () => fromStandardInput(context, destination));
  }
  await noteWhenSlow(context.output, "copying …", () => copyAll(context, sources, destination));
};

/** Copies each, also when one fails. */
async function copyAll(context: Context, sources: Location[], to: Location): Promise<void> {
  const { upload, download } = await import("../copy/copy.ts");
  const { workspacesOf } = await import("../copy/local.ts");
  const workspaces = await workspacesOf(clientOf(context), context.signal);
  const options = { into: sources.length > 1, workspaces };
  const { done, failures } = await tryEach(sources, context.signal, (from) =>
    isHere(from)
      ? upload(context, from.path, remoteAt(context, to), options)
      : download(context, remoteAt(context, from), to.path, options),
  );
  const failure = failureOf(failures, { paths: done });
  if (failure) throw failure;
  await context.output.result({ paths: done }, () => "");
}

async function fromStandardInput(context: Context, to: Location): Promise<void> {
  const { uploadStream } = await import("../copy/streams.ts");
  const path = await uploadStream(Bun.stdin.stream(), remoteAt(context, to));
  await context.output.result({ paths: [path] }, () => "");
}

async function toStandardOutput(context: Context, from: Location): Promise<void> {
  const { output, streams, invocation } = context;
  if (invocation.globals.json) {
    throw usageError("cp to standard output writes the bytes themselves, so it takes no --json");
  }
  const { downloadStream } = await import("../copy/streams.ts");
  const { isTerminal } = streams.stdout;
  for await (const bytes of downloadStream(remoteAt(context, from), isTerminal)) {
    await output.bytes(bytes);
  }
}

function remoteAt(context: Context, { session, path }: Location): Remote {
  const { invocation, env, folder, signal } = context;
  const name = session || chosenSession(invocation.globals.session, env, folder);
  return { client: clientOf(context), session: name, path, signal };
}

function isHere({ session }: Location): boolean {
  return session === null;
}

/** Whether it is standard input or standard output. */
function isStream({ session, path }: Location): boolean {
  return session === null && path === "-";
}
