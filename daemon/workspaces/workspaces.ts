import { type FileHandle, mkdir, readdir, realpath, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { within } from "../../src/abort.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { WorkspaceUse } from "../drivers/driver.ts";
import { openFolder } from "./folder.ts";
import { mountPoints, mountView, unmount } from "./mounts.ts";
import { planFolder, planWorkspace } from "./plan.ts";
import { SwappingNamespaces } from "./user-namespace.ts";

/** How long a file system may take to answer, in milliseconds. */
const answerMs = 15_000;

export interface PreparedWorkspace {
  session: string;
  /** Real path of the folder. */
  workspace: string;
  /** By what it is known again; null: it is not known (a session of an older version). */
  identity: string | null;
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
 * Workspaces of sessions: who works in them, and for a daemon of root's the views of them, which
 * live at `<home>/mounts/<session>`; ids are mapped where the folder is root's. Mounts outlive the
 * daemon and are found again.
 */
export class Workspaces {
  private readonly namespaces = new SwappingNamespaces();

  constructor(
    private readonly home: string,
    private readonly caller: { euid: number; egid: number },
    /** Folder of the configuration. */
    private readonly settings = home,
  ) {}

  /** Checks a workspace and says whom its workstation runs as; see `planWorkspace`. */
  async plan(workspace: string | null): Promise<WorkspaceUse> {
    const request = { workspace, home: this.home, settings: this.settings, ...this.caller };
    const { source, identity, uid, gid } = await answering(workspace, planWorkspace(request));
    return { workspace: source, workspaceIdentity: identity, uid, gid };
  }

  /**
   * The folder to bind: for root a view of the workspace, made when it is missing (the first time,
   * after a reboot), else the workspace itself. A view shows the very folder that was checked,
   * whatever its path leads to by now. Throws `workspace_not_found` when there is another folder
   * in its place than `identity` says.
   */
  prepare(prepared: PreparedWorkspace): Promise<string> {
    return answering(prepared.workspace, this.bindable(prepared));
  }

  private async bindable(prepared: PreparedWorkspace): Promise<string> {
    const { session, workspace, uid, gid } = prepared;
    const folder = await openFolder(workspace);
    try {
      const { identity, mapped } = await planFolder(folder, workspace, this.caller);
      if (prepared.identity !== null && prepared.identity !== identity) throw replaced(workspace);
      if (this.caller.euid !== 0) return workspace;
      const target = join(await this.folder(), session);
      await mkdir(target, { recursive: true, mode: 0o700 });
      if (await isShown(folder, target)) return target;
      await this.unmountAll(target);
      await mountView(folder.fd, target, {
        workspace,
        mapping: mapped && uid !== 0 ? () => this.namespaces.of({ uid, gid }) : null,
      });
      return target;
    } finally {
      await folder.close();
    }
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

async function isShown(folder: FileHandle, target: string): Promise<boolean> {
  const [left, right] = await Promise.all([folder.stat(), stat(target)]);
  return left.dev === right.dev && left.ino === right.ino;
}

function replaced(workspace: string): NexoraError {
  const why = `${workspace} is another folder now than the one that the session was made for`;
  return new NexoraError("workspace_not_found", why, {
    hint: "put the folder back, or make a new session with `nexora session new --workspace`",
  });
}
