import { type FileHandle, realpath, stat } from "node:fs/promises";
import { isAbsolute, sep } from "node:path";
import { NexoraError } from "../../src/contract/errors.ts";
import { codeOf, messageOf } from "../../src/thrown.ts";
import { identityOf, openFolder } from "./folder.ts";

/**
 * Who a workstation runs as when its caller is root and no folder says who else it could be. Not
 * 1000, which on many hosts is a person, who could then reach into the workstation's processes,
 * and it into theirs: systemd's UIDS-GIDS document leaves 60706–61183 to nobody.
 */
export const nobody = { uid: 61_000, gid: 61_000 };

/** Folders that are the host itself: nobody works in them, and much would break or leak. */
const systemFolders = ["/", "/var"];
/** Here the folders inside are the host as well: devices, sockets, programs, what services keep. */
const systemTrees = [
  ...["/boot", "/dev", "/etc", "/proc", "/run", "/sys", "/usr"],
  ...["/bin", "/lib", "/lib32", "/lib64", "/sbin"],
  ...["/var/cache", "/var/lib", "/var/log", "/var/mail", "/var/spool"],
];

export interface WorkspacePlan {
  uid: number;
  gid: number;
  /** Real path of the workspace; null when there is none. */
  source: string | null;
  /** By what the folder is known again; see `identityOf`. */
  identity: string | null;
  /** Whether the folder needs an id-mapped view, because root owns it and the workstation is not root. */
  mapped: boolean;
}

/**
 * Decides whom a workstation runs as: the caller; when that is root, the folder's owner; when that
 * is root too, `nobody` on an id-mapped view. Nothing is chowned.
 * Throws `workspace_not_found` for a missing folder or a file, `usage` for a folder that is
 * part of the host's system, and for one that contains `home` or is in it (there are the daemon's
 * socket and secrets).
 */
export async function planWorkspace(request: {
  workspace: string | null;
  euid: number;
  egid: number;
  home: string;
  /** Folder of the configuration, which says where keys are sent; default: `home`. */
  settings?: string | undefined;
}): Promise<WorkspacePlan> {
  const { workspace, euid, egid, home, settings = home } = request;
  const caller = euid === 0 ? nobody : { uid: euid, gid: egid };
  if (workspace === null) return { ...caller, source: null, identity: null, mapped: false };
  if (!isAbsolute(workspace)) {
    const why = `the workspace ${workspace} is not an absolute path`;
    throw new NexoraError("usage", why, {
      hint: "begin it with /: the daemon has no current folder",
    });
  }
  const source = await realFolder(workspace);
  for (const own of [home, settings]) {
    refuseSystem(source, await realpath(own).catch(() => own));
  }
  const folder = await openFolder(source);
  try {
    return await planFolder(folder, source, { euid, egid });
  } finally {
    await folder.close();
  }
}

/** The same for a folder that has been opened, of which `source` is the path. */
export async function planFolder(
  folder: FileHandle,
  source: string,
  { euid, egid }: { euid: number; egid: number },
): Promise<WorkspacePlan & { source: string; identity: string }> {
  const identity = await identityOf(folder);
  if (euid !== 0) return { uid: euid, gid: egid, source, identity, mapped: false };
  const { uid, gid } = await folder.stat();
  if (uid === 0) return { ...nobody, source, identity, mapped: true };
  return { uid, gid: gid === 0 ? uid : gid, source, identity, mapped: false };
}

async function realFolder(workspace: string): Promise<string> {
  let source: string;
  let isFolder: boolean;
  try {
    source = await realpath(workspace);
    isFolder = (await stat(source)).isDirectory();
  } catch (cause) {
    const code = codeOf(cause);
    const message = messageOf(cause);
    const why = code === "ENOENT" ? "it does not exist" : message;
    throw new NexoraError(
      "workspace_not_found",
      `the workspace ${workspace} cannot be used: ${why}`,
      {
        hint: "give an existing folder with --workspace",
        cause,
      },
    );
  }
  if (isFolder) return source;
  throw new NexoraError("workspace_not_found", `the workspace ${workspace} is not a folder`, {
    hint: "give the folder that contains it",
  });
}

function refuseSystem(source: string, home: string): void {
  const inside = (path: string, folder: string) => path === folder || path.startsWith(folder + sep);
  const why =
    systemFolders.includes(source) || systemTrees.some((tree) => inside(source, tree))
      ? "it is part of the host's system"
      : inside(home, source)
        ? `it contains Nexora's own keys and socket (${home})`
        : inside(source, home)
          ? `it is part of Nexora's own state (${home})`
          : null;
  if (why === null) return;
  throw new NexoraError("usage", `${source} cannot be a workspace: ${why}`, {
    hint: "give a project's folder with --workspace",
  });
}
