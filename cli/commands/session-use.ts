import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { NexoraError } from "../../src/contract/errors.ts";
import { writeFileAtomically } from "../atomic-file.ts";
import { type Command, clientOf } from "../context.ts";
import { sessionFile } from "../session.ts";

/** Makes an existing session the one for this folder and those below it. */
export const command: Command = async (context) => {
  const { invocation, output, folder, signal, env } = context;
  const session = await clientOf(context).request("session.show", invocation.input, signal);
  const path = join(folder, sessionFile);
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (cause) {
    throw new NexoraError(
      "forbidden",
      `cannot create ${dirname(path)}: ${(cause as Error).message}`,
      {
        hint: "set NEXORA_SESSION instead",
        cause,
      },
    );
  }
  // The id: it outlives a rename.
  writeFileAtomically(path, `${session.id}\n`);
  await output.result({ session: session.name, path }, (it) => it.session);
  if (env.NEXORA_SESSION)
    await output.note("NEXORA_SESSION is set and takes precedence over this file");
};
