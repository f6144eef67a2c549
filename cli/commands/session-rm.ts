import { NexoraError } from "../../src/contract/errors.ts";
import { type Command, clientOf } from "../context.ts";
import { failureOf, tryEach } from "../each.ts";
import { noteWhenSlow } from "../progress.ts";
import { usageError } from "../usage.ts";

/** Ends the named sessions, or all: tries each, then reports what failed. With -f a missing one is none. */
export const command: Command = async (context) => {
  const { invocation, output, signal } = context;
  const client = clientOf(context);
  const { force, all: everyOne } = invocation.local;
  const named = invocation.input.session as string[] | undefined;
  if (named && everyOne) throw usageError("session rm takes names or --all, not both");
  const all = async () => (await client.call("session.ls", {}, signal)).sessions;
  const targets = everyOne ? (await all()).map(({ id }) => id) : (named ?? []);
  const { done, failures } = await tryEach(new Set(targets), signal, async (session) => {
    try {
      const remove = () => client.call("session.rm", { session }, signal);
      return await noteWhenSlow(output, `removing ${session} …`, remove);
    } catch (error) {
      const isMissing = error instanceof NexoraError && error.code === "session_not_found";
      if (force && isMissing) return null;
      throw error;
    }
  });
  const removed = done.filter((it) => it !== null);
  const failure = failureOf(failures, { removed });
  if (failure === null) {
    return output.result({ removed }, (it) => it.removed.map(({ name }) => name).join("\n"));
  }
  await output.note(removed.map(({ name }) => `removed ${name}`).join("\n"));
  throw failure;
};
