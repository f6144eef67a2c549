import { asNexoraError, NexoraError } from "../../src/contract/errors.ts";
import { type Command, clientOf } from "../context.ts";
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
  const removed: { id: string; name: string }[] = [];
  const failures: NexoraError[] = [];
  for (const session of new Set(targets)) {
    const remove = () => client.call("session.rm", { session }, signal);
    try {
      removed.push(await noteWhenSlow(output, `removing ${session} …`, remove));
    } catch (error) {
      signal.throwIfAborted();
      const failure = asNexoraError(error);
      if (!force || failure.code !== "session_not_found") failures.push(failure);
    }
  }
  const [first, ...others] = failures;
  if (first === undefined) {
    return output.result({ removed }, (it) => it.removed.map(({ name }) => name).join("\n"));
  }
  await output.note(removed.map(({ name }) => `removed ${name}`).join("\n"));
  throw new NexoraError(first.code, failures.map(({ message }) => message).join("; "), {
    hint: others.length === 0 ? first.hint : undefined,
    details: { removed, failures },
  });
};
