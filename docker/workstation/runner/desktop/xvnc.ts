import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { NexoraError } from "../../../../src/contract/errors.ts";
import type { RunnerBoot } from "../../../../src/runner/boot.ts";
import { rfbPort } from "../../../../src/runner/protocol.ts";
import { messageOf } from "../../../../src/thrown.ts";
import { display, runDirectory } from "../account.ts";
import type { Log } from "../log.ts";
import { processes, readProcess, statFields } from "../proc.ts";

export interface Xvnc {
  /** Resolves when it answers X clients. Throws `display_failed` when it ends before that. */
  ready: Promise<void>;
  /** Resolves with the reason when it ends. */
  ended: Promise<string>;
  /** Lets viewers in who know the password; before that it refuses all. */
  admit(password: string): Promise<void>;
  stop(): void;
}

const passwordFile = join(runDirectory, "vncpasswd");

/** Starts the X and VNC server. Throws `display_failed` when there is none. */
export function startXvnc(boot: RunnerBoot, env: Record<string, string>, log: Log): Xvnc {
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
  const ready = untilReady(child.stdout, ended);
  ready.catch(() => {}); // Awaited once the rest is loaded.
  return { ready, ended, admit, stop: () => child.kill() };
}

/** How often it is looked whether a server that is no child of ours lives, in milliseconds. */
const lookMs = 250;

/** The server that a runner before this one has started; null when it does not live. */
export function adoptXvnc(): Xvnc | null {
  const lives = (pid: number) => {
    const [program, itsDisplay] = readProcess(pid, "cmdline").split("\0");
    return program === "Xvnc" && itsDisplay === display && statFields(pid)[0] !== "Z";
  };
  const pid = processes().find(lives);
  if (pid === undefined) return null;
  const untilEnd = async () => {
    while (lives(pid)) await Bun.sleep(lookMs);
    return "Xvnc ended";
  };
  const ready = Promise.resolve();
  return { ready, ended: untilEnd(), admit: async () => {}, stop: () => void process.kill(pid) };
}

/** With -displayfd, the server writes its number when it begins to answer clients. */
async function untilReady(
  displayNumber: ReadableStream<Uint8Array>,
  ended: Promise<string>,
): Promise<void> {
  const reader = displayNumber.getReader();
  const first = await reader.read();
  reader.releaseLock();
  if (!first.done) return;
  throw new NexoraError("display_failed", `${await ended} before the display answered`, {
    hint: "see the lines of xvnc in the session's log",
  });
}

async function admit(password: string): Promise<void> {
  const { obfuscateVncPassword } = await import("./vnc-password.ts");
  writeFileSync(passwordFile, obfuscateVncPassword(password), { mode: 0o600 });
}

function spawn(command: string[], env: Record<string, string>) {
  try {
    const stdio = { stdin: "ignore", stdout: "pipe", stderr: "pipe" } as const;
    return Bun.spawn(command, { ...stdio, env, cwd: "/", detached: true });
  } catch (cause) {
    throw new NexoraError("display_failed", `Xvnc cannot start: ${messageOf(cause)}`, {
      hint: "is the image one of `nexora image ls`?",
      cause,
    });
  }
}
