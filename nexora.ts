import { main } from "./cli/main.ts";
import { processStreams } from "./cli/streams.ts";
import { NexoraError } from "./src/contract/errors.ts";
import { pathsOf } from "./src/paths.ts";

/** The binary's entry: the CLI, which becomes the daemon for `daemon run` only. */
const interrupt = new AbortController();
const isCompiled = Bun.main.startsWith("/$bunfs/");
/** The command line that runs this program. */
const program = [process.execPath, ...(isCompiled ? [] : [Bun.main])];

/**
 * Bun's own limit of HTTP requests under way, 256 by default: the daemon holds one open for each
 * session, and one for each command that runs. Bun reads it at the start of a process only.
 */
const requestLimit = "BUN_CONFIG_MAX_HTTP_REQUESTS";

/** Becomes the same program with more environment: execve(2), so the process id stays. */
function becomeWith(more: Record<string, string>): void {
  process.execve?.(process.execPath, [...program, ...process.argv.slice(2)], {
    ...process.env,
    ...more,
  });
}

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
  program,
  daemonCommand: [...program, "--json", "daemon", "run"],
  signal: interrupt.signal,
  catchSignals() {
    process.on("SIGINT", onSignal);
    process.on("SIGTERM", onSignal);
  },
  async runDaemon(options) {
    if (!process.env[requestLimit]) becomeWith({ [requestLimit]: "4096" });
    const { runDaemon } = await import("./daemon/main.ts");
    await runDaemon({ ...options, program });
  },
  async readText(picture, mode) {
    const { recognise } = await import("./daemon/perception/ocr/program.ts");
    return recognise(picture, { tessedit_pageseg_mode: String(mode) });
  },
  async serveMcp(options, signal) {
    const { serveMcp } = await import("./src/mcp/stdio.ts");
    await serveMcp(options, signal);
  },
});
process.exit(code);
