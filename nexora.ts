import { main } from "./cli/main.ts";
import { processStreams } from "./cli/streams.ts";
import { NexoraError } from "./src/contract/errors.ts";
import { pathsOf } from "./src/paths.ts";

/** The binary's entry: the CLI, which becomes the daemon for `daemon run` only. */
const interrupt = new AbortController();
const isCompiled = Bun.main.startsWith("/$bunfs/");

function onSignal(): void {
  // A second signal means it: the first one is not being obeyed.
  if (interrupt.signal.aborted) process.exit(130);
  interrupt.abort(new NexoraError("interrupted", "interrupted"));
}

const code = await main(process.argv.slice(2), {
  env: process.env,
  folder: process.cwd(),
  streams: processStreams(),
  paths: pathsOf(),
  daemonCommand: [process.execPath, ...(isCompiled ? [] : [Bun.main]), "--json", "daemon", "run"],
  signal: interrupt.signal,
  catchSignals() {
    process.on("SIGINT", onSignal);
    process.on("SIGTERM", onSignal);
  },
  async runDaemon(options) {
    const { runDaemon } = await import("./daemon/main.ts");
    await runDaemon(options);
  },
});
process.exit(code);
