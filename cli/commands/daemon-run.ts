import type { Command } from "../context.ts";

/** Becomes the daemon, until it is told to stop. */
export const command: Command = ({ invocation, runDaemon }) => {
  const { port } = invocation.input;
  return runDaemon(typeof port === "number" ? { port } : {});
};
