import { mkdir, readdir, realpath, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { within } from "../../src/abort.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import { mountMapped, mountPoints, unmount } from "./mounts.ts";
import { planWorkspace } from "./plan.ts";

/** How long a file system may take to answer, in milliseconds. */
const answerMs = 15_000;

export interface PreparedWorkspace {
  session: string;
  /** Real path of the folder. */
  workspace: string;
  /** Whom the workstation runs as. */
  uid: number;
  gid: number;
}

/** Workspaces of the daemon that lives in `home` and runs as `caller` (default: this process). */
export function createWorkspaces(options: {
  home: string;
  caller?: { euid: number; egid: number };
}): Workspaces {
  const self = { euid: process.geteuid?.() ?? 0, egid: process.getegid?.() ?? 0 };
  return new Workspaces(options.home, options.caller ?? self);
}

/**
 * Workspaces of sessions: who works in them, and the id-mapped views of those that are root's,
 * which live at `<home>/mounts/<session>`. Mounts outlive the daemon and are found again.
 */
export class Workspaces {
  constructor(
    private readonly home: string,
    private readonly caller: { euid: number; egid: number },
  ) {}

  /** Checks a workspace and says whom its workstation runs as; see `planWorkspace`. */
  async plan(
    workspace: string | null,
  ): Promise<{ workspace: string | null; uid: number; gid: number }> {
    const request = { workspace, home: this.home, ...this.caller };
    const { source, uid, gid } = await answering(workspace, planWorkspace(request));
    return { workspace: source, uid, gid };
  }

  /**
   * The folder to bind: the workspace, or a mapped view of it, which is made when it is missing
   * (the first time, after a reboot) or shows a folder that has since been replaced.
   */
  prepare(prepared: PreparedWorkspace): Promise<string> {
    return answering(prepared.workspace, this.bindable(prepared));
  }

  private async bindable({ session, workspace, uid, gid }: PreparedWorkspace): Promise<string> {
    const { mapped } = await planWorkspace({ workspace, home: this.home, ...this.caller });
    if (!mapped || uid === 0) return workspace;
    const target = join(await this.folder(), session);
    await mkdir(target, { recursive: true });
    if (await sameFolder(target, workspace)) return target;
    await this.unmountAll(target);
    await mountMapped(workspace, target, { uid, gid });
    return target;
  }

  /** Takes a session's view away. Without one, nothing happens. */
  async release(session: string): Promise<void> {
    if (this.caller.euid !== 0) return;
    await this.discard(join(await this.folder(), session));
  }

  /** The sessions that have a view. */
  async views(): Promise<string[]> {
    return this.caller.euid === 0 ? readdir(await this.folder()) : [];
  }

  private async discard(target: string): Promise<void> {
    await this.unmountAll(target);
    await rmdir(target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
  }

  private async unmountAll(target: string): Promise<void> {
    for (const point of await mountPoints()) if (point === target) unmount(point);
  }

  /** Where the views are; only root may pass, because a view is open to the mapped user. */
  private async folder(): Promise<string> {
    const folder = join(this.home, "mounts");
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return realpath(folder);
  }
}

/** A file system that hangs (a server that is gone) must not hold up more than its own session. */
async function answering<T>(workspace: string | null, asked: Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(answerMs);
  try {
    return await within(asked, signal);
  } catch (cause) {
    if (!signal.aborted) throw cause;
    throw new NexoraError(
      "workspace_not_found",
      `the workspace ${workspace} cannot be used: its file system has not answered for ${answerMs / 1000} s`,
      { hint: "see whether its server is up, or choose another folder", cause },
    );
  }
}

async function sameFolder(a: string, b: string): Promise<boolean> {
  const [left, right] = await Promise.all([stat(a), stat(b)]);
  return left.dev === right.dev && left.ino === right.ino;
}
