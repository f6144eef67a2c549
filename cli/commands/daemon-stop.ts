import { deadline } from "../../src/abort.ts";
import { Client } from "../../src/client/client.ts";
import { endpointOf } from "../../src/client/endpoint.ts";
import { findDaemon } from "../../src/client/probe.ts";
import { readRegistration } from "../../src/client/registration.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { Command, Context } from "../context.ts";
import { endOf, processIdentity } from "../process-identity.ts";
import { noteWhenSlow } from "../progress.ts";

const replyMs = 5_000;
/** How long the daemon may take to end by itself, and after a SIGTERM, in milliseconds. */
const endMs = 15_000;

/** Stops the daemon and waits until its process has ended. Signals only a verified process. */
export const command: Command = async (context) => {
  const { env, paths, signal, output } = context;
  const client = new Client({ endpoint: endpointOf(env, paths), version: null });
  const stop = () => client.call("daemon.stop", {}, deadline(replyMs, signal));
  if (env.NEXORA_HOST) {
    return output.result(await stop(), ({ pid }) => `stopping, pid ${pid}`);
  }
  const daemon = await findDaemon(paths, signal);
  if (daemon === null) throw notVerified(context);
  const identity = processIdentity(daemon.pid);
  await stop().catch((error: NexoraError) => {
    // It may have ended before its reply arrived; what counts is the process's end.
    if (error.code !== "daemon_unreachable" && error.code !== "timeout") throw error;
  });
  const ended = await noteWhenSlow(output, "waiting for the daemon to exit …", async () => {
    if (await endOf(daemon.pid, identity, endMs, signal)) return true;
    process.kill(daemon.pid, "SIGTERM");
    return endOf(daemon.pid, identity, endMs, signal);
  });
  if (!ended) {
    throw new NexoraError("timeout", `the daemon (pid ${daemon.pid}) did not exit`, {
      hint: `see ${paths.log}; as a last resort, \`kill -9 ${daemon.pid}\``,
    });
  }
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
