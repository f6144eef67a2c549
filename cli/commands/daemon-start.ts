import { findDaemon } from "../../src/client/probe.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import { version } from "../../src/version.ts";
import { type Command, startDaemon } from "../context.ts";
import { noteWhenSlow } from "../progress.ts";

/** Starts the daemon in the background unless it runs already. */
export const command: Command = async (context) => {
  const { paths, output, signal } = context;
  const before = await findDaemon(paths, signal);
  if (before === null) {
    await noteWhenSlow(output, "starting the daemon …", () => startDaemon(context, signal));
  }
  const daemon = before ?? (await findDaemon(paths, signal));
  if (daemon === null) {
    throw new NexoraError("daemon_unreachable", "the daemon exited right after it started", {
      hint: `see ${paths.log}`,
    });
  }
  if (daemon.version !== version) {
    await output.note(
      `the daemon has version ${daemon.version}, this command has ${version}: run \`nexora daemon stop\` first`,
    );
  }
  const state = before === null ? "started" : "already running";
  await output.result({ ...daemon, state }, (it) => `${it.state}, pid ${it.pid}, ${it.url}`);
};
