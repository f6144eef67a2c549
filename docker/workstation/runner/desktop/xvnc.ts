import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NexoraError } from "../../../../src/contract/errors.ts";
import { type RunnerBoot, rfbPort } from "../../../../src/runner/protocol.ts";
import { display, runDirectory } from "../account.ts";
import type { Log } from "../log.ts";
import { obfuscateVncPassword } from "./vnc-password.ts";

export interface Xvnc {
  /** Resolves with the reason when it ends. */
  ended: Promise<string>;
  stop(): void;
}

/**
 * Starts the X and VNC server and resolves when it accepts X clients. Throws `display_failed`
 * when it ends before that.
 */
export async function startXvnc(
  boot: RunnerBoot,
  env: Record<string, string>,
  log: Log,
): Promise<Xvnc> {
  const passwordFile = join(runDirectory, "vncpasswd");
  await writeFile(passwordFile, obfuscateVncPassword(boot.vncPassword), { mode: 0o600 });
  const child = spawn(
    [
      ...["Xvnc", display],
      ...["-rfbport", String(rfbPort), "-SecurityTypes", "VncAuth", "-rfbauth", passwordFile],
      ...["-geometry", `${boot.size.width}x${boot.size.height}`, "-depth", "24"],
      ...["-desktop", boot.name, "-AlwaysShared", "-nolisten", "tcp"],
      // The default 60 a second would hold a changed pixel back for up to 17 ms.
      ...["-FrameRate", "1000"],
      // All callers come from the engine's one address: a stranger's bad passwords must not
      // lock the daemon out.
      "-UseBlacklist=0",
      ...["-MaxCutText", "16777216", "-br", "-noreset", "-dpi", "96", "-displayfd", "1"],
    ],
    env,
  );
  void log.follow("xvnc", child.stderr);
  const ended = child.exited.then(() =>
    child.signalCode ? `Xvnc was ended by ${child.signalCode}` : `Xvnc ended (${child.exitCode})`,
  );
  // With -displayfd, the server writes its number when it begins to accept clients.
  const reader = child.stdout.getReader();
  const first = await reader.read();
  reader.releaseLock();
  if (first.done) {
    throw new NexoraError("display_failed", `${await ended} before the display answered`, {
      hint: "see the lines of xvnc in the session's log",
    });
  }
  return { ended, stop: () => child.kill() };
}

function spawn(command: string[], env: Record<string, string>) {
  try {
    const stdio = { stdin: "ignore", stdout: "pipe", stderr: "pipe" } as const;
    return Bun.spawn(command, { ...stdio, env, cwd: "/", detached: true });
  } catch (cause) {
    throw new NexoraError("display_failed", `Xvnc cannot start: ${(cause as Error).message}`, {
      hint: "is the image one of `nexora image ls`?",
      cause,
    });
  }
}
