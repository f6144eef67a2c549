import { deadline } from "../src/abort.ts";
import { Client } from "../src/client/client.ts";
import { endpointOf } from "../src/client/endpoint.ts";
import { findDaemon } from "../src/client/probe.ts";
import type { Registration } from "../src/client/registration.ts";
import { NexoraError } from "../src/contract/errors.ts";
import type { Output } from "../src/contract/index.ts";
import { type Context, startDaemon } from "./context.ts";
import { endOf, processIdentity } from "./process-identity.ts";
import { noteWhenSlow } from "./progress.ts";

const replyMs = 5_000;
/** How long the daemon may take to end by itself, and after a SIGTERM, in milliseconds. */
const endMs = 15_000;

/** Asks the chosen daemon, of whatever version, to stop. */
export function askToStop({ env, paths, signal }: Context): Promise<Output<"daemon.stop">> {
  const client = new Client({ endpoint: endpointOf(env, paths), version: null });
  return client.call("daemon.stop", {}, deadline(replyMs, signal));
}

/** Stops a verified daemon of this home and waits until its process has ended. Throws `timeout`. */
export async function stopDaemon(context: Context, { pid }: Registration): Promise<void> {
  const { paths, output, signal } = context;
  const identity = processIdentity(pid);
  await askToStop(context).catch((error: NexoraError) => {
    // It may have ended before its reply arrived; what counts is the process's end.
    if (error.code !== "daemon_unreachable" && error.code !== "timeout") throw error;
  });
  const ended = await noteWhenSlow(output, "waiting for the daemon to exit …", async () => {
    if (await endOf(pid, identity, endMs, signal)) return true;
    process.kill(pid, "SIGTERM");
    return endOf(pid, identity, endMs, signal);
  });
  if (ended) return;
  throw new NexoraError("timeout", `the daemon (pid ${pid}) did not exit`, {
    hint: `see ${paths.log}; as a last resort, \`kill -9 ${pid}\``,
  });
}

/** Starts the daemon of this home, unless another process does so first; where it is. */
export async function startedDaemon(context: Context): Promise<Registration> {
  const { paths, output, signal } = context;
  await noteWhenSlow(output, "starting the daemon …", () => startDaemon(context, signal));
  const daemon = await findDaemon(paths, signal);
  if (daemon !== null) return daemon;
  throw new NexoraError("daemon_unreachable", "the daemon exited right after it started", {
    hint: `see ${paths.log}`,
  });
}
