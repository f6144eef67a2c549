import { asNexoraError } from "../../src/contract/errors.ts";
import type { Command } from "../context.ts";
import { command as send } from "./default.ts";

/** Removes a token or an image; with -f it is no error when there is none. */
export const command: Command = async (context) => {
  try {
    return await send(context);
  } catch (thrown) {
    const { force } = context.invocation.local;
    if (!force || asNexoraError(thrown).code !== "not_found") throw thrown;
    await context.output.result({ removed: [] }, () => "");
  }
};
