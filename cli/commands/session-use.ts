import { join } from "node:path";
import { type Command, clientOf } from "../context.ts";
import { sessionFile, writeSessionFile } from "../session-file.ts";

/** Makes an existing session the one for this folder and those below it. */
export const command: Command = async (context) => {
  const { invocation, output, folder, signal, env } = context;
  const session = await clientOf(context).request("session.show", invocation.input, signal);
  // The id: it outlives a rename.
  writeSessionFile(folder, `${session.id}\n`);
  const path = join(folder, sessionFile);
  await output.result({ session: session.name, path }, (it) => it.session);
  if (env.NEXORA_SESSION)
    await output.note("NEXORA_SESSION is set and takes precedence over this file");
};
