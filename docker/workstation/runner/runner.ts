import { access, constants } from "node:fs/promises";
import { version } from "../../../package.json";
import { asNexoraError, NexoraError } from "../../../src/contract/errors.ts";
import { display, prepareAccount, userEnvironment, workspaceDirectory } from "./account.ts";
import { parseBoot, readBootLine } from "./boot.ts";
import { openChromium } from "./browser/launch.ts";
import { fluxbox, mainTerminal, visibleTerminal } from "./desktop/programs.ts";
import { type Program, supervise } from "./desktop/supervise.ts";
import { startXvnc } from "./desktop/xvnc.ts";
import { Events } from "./events.ts";
import { createRoutes } from "./http/routes.ts";
import { serve } from "./http/server.ts";
import { Log } from "./log.ts";
import { Readiness } from "./readiness.ts";
import { relaySocket } from "./terminal/relay.ts";
import { Terminals } from "./terminal/terminals.ts";
import { Workstation } from "./workstation.ts";
import { Windows } from "./x11/windows.ts";

const bootDeadlineMs = 30_000;
/** How long programs may take to end by themselves. */
const endDeadlineMs = 2_000;

/** Runs a workstation until its X server ends or SIGTERM comes; ends the process. */
export async function run(): Promise<void> {
  const log = new Log((text) => process.stdout.write(text));
  let status = 0;
  try {
    const reason = await operate(log);
    log.line("runner", reason);
    status = reason === stopped ? 0 : 1;
  } catch (error) {
    const { code, message } = asNexoraError(error);
    const part =
      code === "display_failed" ? "display" : code === "forbidden" ? "workspace" : "runner";
    log.event({ event: "failed", part, message });
    status = 1;
  }
  await new Promise((resolve) => process.stdout.write("", resolve));
  process.exit(status);
}

const stopped = "stopped by SIGTERM";

async function checkWritable(folder: string): Promise<void> {
  try {
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw new NexoraError("forbidden", `${folder} cannot be written`, { cause });
  }
}

/** The composition root: wires the parts, and resolves with why the workstation has ended. */
async function operate(log: Log): Promise<string> {
  const boot = parseBoot(await readBootLine(Bun.stdin.stream(), bootDeadlineMs));
  const env = userEnvironment(process.env, boot.env);
  await prepareAccount(process.getuid?.() ?? 0, process.getgid?.() ?? 0);
  if (boot.writableWorkspace) await checkWritable(workspaceDirectory);

  const events = new Events();
  const readiness = new Readiness({
    ready: (ms) => {
      log.event({ event: "ready", ms });
      events.emit({ type: "ready" });
      if (boot.browser) openBrowser();
    },
    failed: (part, message) => log.event({ event: "failed", part, message }),
  });
  const workstation = new Workstation(mainTerminal, events, readiness);
  const stop = new AbortController();
  const programs: Promise<unknown>[] = [];
  const keep = (program: Program) => programs.push(supervise(program, log, stop.signal));
  const openBrowser = () => programs.push(openChromium(env, log, stop.signal));

  const terminals = new Terminals({
    shell: [env.SHELL ?? "/bin/bash", "-i"],
    cwd: workspaceDirectory,
    env,
    lastingTerminal: mainTerminal,
    events: workstation.terminalEvents,
    log,
  });
  workstation.terminals = terminals;

  const starting = startXvnc(boot, env, log);
  const listening = terminals.listen(relaySocket);
  serve(boot.token, createRoutes({ version, env, workstation, readiness, events }));
  log.event({ event: "listening" });
  const xvnc = await starting;
  readiness.report("display", true, "the X server answers");
  await listening;
  // The terminal first: it takes longest, and both want the same cores.
  keep(visibleTerminal(env, boot.name));
  keep(fluxbox(env));
  const socket = `/tmp/.X11-unix/X${display.slice(1)}`;
  workstation.windows = await Windows.open(socket, workstation.windowsChanged);

  const terminated = new Promise<string>((resolve) => {
    process.on("SIGTERM", () => resolve(stopped));
    process.on("SIGINT", () => resolve(stopped));
  });
  const reason = await Promise.race([xvnc.ended, terminated]);
  stop.abort();
  terminals.close();
  // A browser that loses its display before it has ended calls that a crash.
  await Promise.race([Promise.all(programs), Bun.sleep(endDeadlineMs)]);
  xvnc.stop();
  await xvnc.ended;
  return reason;
}
