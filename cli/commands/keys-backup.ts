import { writeFileAtomically } from "../atomic-file.ts";
import { type Command, clientOf } from "../context.ts";
import { readSecret } from "../secret-input.ts";

/** Writes all keys, encrypted with a passphrase, into a file that only its owner may read. */
export const command: Command = async (context) => {
  const file = String(context.invocation.input.file);
  const passphrase = await readSecret(context, {
    message: "a passphrase for the backup",
    again: "the passphrase again",
  });
  const client = clientOf(context);
  const { backup, keys } = await client.request("vault.backup", { passphrase }, context.signal);
  writeFileAtomically(file, backup, 0o600);
  await context.output.result({ file, keys }, () => file);
  await context.output.note(keys === 1 ? "1 key" : `${keys} keys`);
};
