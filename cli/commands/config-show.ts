import { type Command, callOperation } from "../context.ts";

/** Prints the configuration that the daemon works with, in the form of its file. */
export const command: Command = async (context) => {
  const shown = await callOperation(context, "config.show");
  await context.output.result(shown, ({ config }) => JSON.stringify(config, null, 2));
  if (shown.changed) {
    await context.output.note(
      `${shown.path} has changed since the daemon started: \`nexora daemon restart\` applies it`,
    );
  }
};
