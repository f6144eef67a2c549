import { findDaemon } from "../../src/client/probe.ts";
import { version } from "../../src/version.ts";
import type { Command } from "../context.ts";
import { startedDaemon } from "../daemon-process.ts";

/** Starts the daemon in the background unless it runs already. */
export const command: Command = async (context) => {
  const { paths, output, signal } = context;
  const before = await findDaemon(paths, signal);
  const daemon = before ?? (await startedDaemon(context));
  if (daemon.version !== version) {
    await output.note(
      `the daemon has version ${daemon.version}, this command has ${version}: \`nexora daemon restart\` starts this one`,
    );
  }
  const state = before === null ? "started" : "already running";
  await output.result({ ...daemon, state }, (it) => `${it.state}, pid ${it.pid}, ${it.url}`);
};
