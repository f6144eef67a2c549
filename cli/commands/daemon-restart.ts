import { findDaemon } from "../../src/client/probe.ts";
import type { Command } from "../context.ts";
import { startedDaemon, stopDaemon } from "../daemon-process.ts";
import { usageError } from "../usage.ts";

/** Stops this home's daemon, if it runs, and starts it with the environment of this command. */
export const command: Command = async (context) => {
  const { env, paths, output, signal } = context;
  if (env.NEXORA_HOST) {
    throw usageError(
      "the daemon of NEXORA_HOST can be stopped from here, but not started",
      "run `nexora daemon restart` where it runs, without NEXORA_HOST",
    );
  }
  const before = await findDaemon(paths, signal);
  if (before !== null) await stopDaemon(context, before);
  const daemon = await startedDaemon(context);
  const state = before === null ? "started" : "restarted";
  await output.result({ ...daemon, state }, (it) => `${it.state}, pid ${it.pid}, ${it.url}`);
};
