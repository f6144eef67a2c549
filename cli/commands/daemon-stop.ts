import { findDaemon } from "../../src/client/probe.ts";
import { readRegistration } from "../../src/client/registration.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { Command, Context } from "../context.ts";
import { askToStop, stopDaemon } from "../daemon-process.ts";
import { processIdentity } from "../process-identity.ts";

/** Stops the daemon and waits until its process has ended. Signals only a verified process. */
export const command: Command = async (context) => {
  const { env, paths, signal, output } = context;
  if (env.NEXORA_HOST) {
    return output.result(await askToStop(context), ({ pid }) => `stopping, pid ${pid}`);
  }
  const daemon = await findDaemon(paths, signal);
  if (daemon === null) throw notVerified(context);
  await stopDaemon(context, daemon);
  await output.result({ pid: daemon.pid }, ({ pid }) => `stopped, pid ${pid}`);
};

function notVerified({ paths }: Context): NexoraError {
  const claim = readRegistration(paths.registration);
  if (claim === null || processIdentity(claim.pid) === null) {
    return new NexoraError("daemon_unreachable", "the daemon is not running", {
      hint: `home: ${paths.home}`,
    });
  }
  return new NexoraError(
    "daemon_unreachable",
    `the daemon does not answer, and process ${claim.pid} could not be verified to be it`,
    { hint: `no signal was sent; check with \`ps ${claim.pid}\`, and stop it yourself` },
  );
}
