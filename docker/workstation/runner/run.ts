import { asNexoraError } from "../../../src/contract/errors.ts";
import { prepareAccount, userEnvironment } from "./account.ts";
import { prepareAgents } from "./agents.ts";
import { BootLines, parseBoot } from "./boot.ts";
// Before this process is untouchable, by which its own /proc becomes root's.
import "./exec/oom.ts";
import { adoptXvnc, startXvnc } from "./desktop/xvnc.ts";
import { Log } from "./log.ts";
import { beUntouchable, supervised } from "./supervised.ts";

const bootDeadlineMs = 30_000;
/** How long the engine may take to connect the container, in milliseconds. */
const networkDeadlineMs = 60_000;

/**
 * Runs a workstation until its X server ends or SIGTERM comes; ends the process. Imports little:
 * the X server is to start while the rest of this program is still being loaded.
 */
export async function run(): Promise<void> {
  const supervisor = supervised(process.env);
  beUntouchable(supervisor?.descriptors ?? []);
  const output = Bun.stdout.writer();
  const log = new Log((text) => {
    output.write(text);
    void output.flush();
  });
  let status = 0;
  try {
    const lines = new BootLines(Bun.stdin.stream());
    const boot = parseBoot(await lines.next(bootDeadlineMs));
    const network = boot.networkComes ? lines.next(networkDeadlineMs) : Promise.resolve();
    network.catch(() => {}); // Awaited once the rest is loaded.
    const env = userEnvironment(process.env, boot.env);
    prepareAccount(process.getuid?.() ?? 0, process.getgid?.() ?? 0);
    prepareAgents(env);
    const xvnc = (supervisor?.endings && adoptXvnc()) || startXvnc(boot, env, log);
    const { operate } = await import("./runner.ts");
    const end = await operate({ boot, network, env, xvnc, supervisor, log });
    log.line("runner", end.reason);
    status = end.wanted ? 0 : 1;
  } catch (error) {
    const { code, message } = asNexoraError(error);
    const part =
      code === "display_failed" ? "display" : code === "forbidden" ? "workspace" : "runner";
    log.event({ event: "failed", part, message });
    status = 1;
  }
  await output.end();
  process.exit(status);
}
