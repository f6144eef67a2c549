import { existsSync } from "node:fs";
import { homeDirectory, workspaceDirectory } from "../account.ts";
import { processes, readProcess, statFields } from "../proc.ts";
import { scrollbackLines } from "../terminal/screen.ts";
import type { Program } from "./supervise.ts";

const fluxboxConfiguration = "/usr/share/nexora/fluxbox/init";
const xResources = "/usr/share/nexora/Xresources";
/** Terminal that the supervised xterm shows, also after it has been started again. */
export const mainTerminal = "t1";

/** Ends the window manager of a runner that has died: there can only be one. */
export function endLeftPrograms(): void {
  for (const pid of processes()) {
    const [, parent] = statFields(pid);
    if (parent !== "1" || readProcess(pid, "comm").trim() !== "fluxbox") continue;
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

export function fluxbox(env: Record<string, string>): Program {
  const configured = existsSync(fluxboxConfiguration) ? ["-rc", fluxboxConfiguration] : [];
  return { name: "fluxbox", command: ["fluxbox", ...configured], env, cwd: homeDirectory };
}

export function visibleTerminal(env: Record<string, string>, title: string): Program {
  const resources = existsSync(xResources) ? { XENVIRONMENT: xResources } : {};
  return {
    name: "xterm",
    command: [
      ...["/usr/bin/xterm", "-title", title, "-sl", String(scrollbackLines)],
      ...["-e", process.execPath, "relay", mainTerminal],
    ],
    // Its only child is a relay; the shell in it is the runner's child, and knows nothing of these.
    env: { ...env, ...resources, ...engineSettings(process.env) },
    cwd: workspaceDirectory,
  };
}

/** Settings of the JavaScript engine that this process was given (see the Dockerfile). */
function engineSettings(env: Record<string, string | undefined>): Record<string, string> {
  const own = Object.entries(env).filter(([name]) => name.startsWith("BUN_JSC_"));
  return Object.fromEntries(own) as Record<string, string>;
}
