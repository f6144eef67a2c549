import type { Session } from "../../src/contract/session.ts";
import { type Command, type Context, callOperation, sessionOf } from "../context.ts";
import { sessionTable } from "../output/describe.ts";

/** Lists the sessions, and marks the one that a verb without -s acts on. */
export const command: Command = async (context) => {
  const { sessions } = await callOperation(context, "session.ls");
  const current = currentOf(context, sessions);
  const marked = sessions.map((each) => ({ ...each, current: each.id === current }));
  await context.output.result({ sessions: marked }, (it) => sessionTable(it.sessions));
};

/** Id of the session that is chosen here; null when none is, or nothing that could be one. */
function currentOf(context: Context, sessions: readonly Session[]): string | null {
  let reference: string;
  try {
    reference = sessionOf(context);
  } catch {
    return null;
  }
  if (reference !== "@") {
    return sessions.find(({ id, name }) => id === reference || name === reference)?.id ?? null;
  }
  const running = sessions.filter(({ state }) => state === "running");
  return running.length === 1 ? (running[0]?.id ?? null) : null;
}
