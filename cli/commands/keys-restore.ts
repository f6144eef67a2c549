import { readFileSync } from "node:fs";
import { NexoraError } from "../../src/contract/errors.ts";
import { codeOf, messageOf } from "../../src/thrown.ts";
import { type Command, clientOf } from "../context.ts";
import { readSecret } from "../secret-input.ts";

/** Takes the keys of a backup in. */
export const command: Command = async (context) => {
  const { input, local } = context.invocation;
  const backup = read(String(input.file));
  const passphrase = await readSecret(context, { message: "the passphrase of the backup" });
  const fields = { backup, passphrase, replace: local.replace === true };
  const reply = await clientOf(context).request("vault.restore", fields, context.signal);
  const names = (keys: typeof reply.kept) => keys.map((it) => `${it.provider}/${it.name}`);
  await context.output.result(reply, ({ restored }) => names(restored).join("\n"));
  if (reply.kept.length === 0) return;
  const kept = names(reply.kept).join(", ");
  await context.output.note(`there already, and left as they are: ${kept} (see --replace)`);
};

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const code = codeOf(cause);
    const message = messageOf(cause);
    const why = code === "ENOENT" ? "there is no such file" : message;
    throw new NexoraError(
      code === "ENOENT" ? "not_found" : "usage",
      `cannot read ${path}: ${why}`,
      {
        hint: "give the file that `nexora keys backup FILE` has written",
        cause,
      },
    );
  }
}
