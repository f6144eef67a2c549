import type { Client } from "../../src/client/client.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { Output } from "../../src/contract/index.ts";
import { usageError } from "../usage.ts";

/** A path in a workstation, and the way there. */
export interface Remote {
  client: Client;
  session: string;
  path: string;
  signal: AbortSignal;
}

/** What is at a path in a workstation, through symbolic links. */
export async function kindAt({
  client,
  session,
  path,
  signal,
}: Remote): Promise<Exclude<Output<"files.stat">["type"], "link">> {
  const { type } = await client.call("files.stat", { session, path }, signal);
  return type === "link" ? "none" : type;
}

/** A stream that breaks off cannot say why: if its session can, throws that in place of the error. */
export async function explain({ client, session, signal }: Remote, error: unknown): Promise<never> {
  if (error instanceof NexoraError || signal.aborted) throw error;
  const { unhealthy } = await client.call("session.show", { session }, signal);
  if (unhealthy === null) throw error;
  throw new NexoraError("timeout", `the workstation has not answered: ${unhealthy}`, {
    hint: "is it paused, or out of memory?",
    cause: error,
  });
}

/** As `kindAt`, for what is to be copied. Throws `not_found`, and `usage` for a device or the like. */
export async function kindToCopy(remote: Remote): Promise<"file" | "directory"> {
  const kind = await kindAt(remote);
  const { path, session } = remote;
  const place = session === "@" ? "the session" : session;
  if (kind === "none") throw new NexoraError("not_found", `${path} does not exist in ${place}`);
  if (kind === "other") throw usageError(`${path} in ${place} is neither a file nor a folder`);
  return kind;
}
