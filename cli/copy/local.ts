import { lstatSync } from "node:fs";
import type { Client } from "../../src/client/client.ts";
import { fileError } from "../file-error.ts";
import { usageError } from "../usage.ts";
import { Folder, identityOf } from "./folder.ts";

/** Links that are followed for one path, as the kernel does (path_resolution(7)). */
const maxLinks = 40;

/** The folders that sessions share, by their identities: what lies in there is a workstation's to choose. */
export type Workspaces = ReadonlySet<string>;

/** The workspaces of all sessions, also of those that do not run: what they have left lies there. */
export async function workspacesOf(client: Client, signal: AbortSignal): Promise<Workspaces> {
  const { sessions } = await client.call("session.ls", {}, signal);
  const found = new Set<string>();
  for (const { workspace } of sessions) {
    const folder = workspace === null ? null : folderAt(workspace);
    if (folder) found.add(identityOf(folder));
  }
  return found;
}

function folderAt(path: string) {
  try {
    const it = lstatSync(path, { bigint: true });
    return it.isDirectory() ? it : null;
  } catch {
    return null; // It is gone, or nothing that this user can come near to.
  }
}

/** A file or folder of this machine, where it really lies. */
interface Local {
  folder: Folder;
  /** Its name in the folder; null: it is the folder. */
  entry: string | null;
}

/** Where a thing is that a path names. A link at the path's very end is the thing. */
export function openLocal(path: string, workspaces: Workspaces): Local {
  const [, parent = "", entry = ""] = /^(.*?)([^/]*)$/s.exec(path) ?? [];
  return ["", ".", ".."].includes(entry)
    ? { folder: openLocalFolder(path, workspaces), entry: null }
    : { folder: openLocalFolder(parent || ".", workspaces), entry };
}

/**
 * Opens a folder by a path that the user has written, component by component. A link of the user's own
 * is followed; one that lies in a workspace, where a workstation may have put it, only as far as it
 * stays in there. Throws `usage` for one that leads out, and errors that name the path.
 */
export function openLocalFolder(path: string, workspaces: Workspaces): Folder {
  const opened: Folder[] = [];
  try {
    walk(path.startsWith("/") ? path : `${process.cwd()}/${path}`, workspaces, opened);
    const [found] = opened.splice(-1);
    if (found) return found;
    throw new Error("a path leads nowhere");
  } catch (error) {
    throw fileError("read", path, error);
  } finally {
    for (const folder of opened) folder[Symbol.dispose]();
  }
}

/** A name that is still to be entered; it may not lead out of the first so many folders. */
interface Step {
  name: string;
  floor: number;
}

/** Leaves the folder that the path leads to at the end of `opened`, below those above it. */
function walk(path: string, workspaces: Workspaces, opened: Folder[]): void {
  const left = stepsOf(path, 1);
  opened.push(Folder.root());
  let links = 0;
  for (let step = left.pop(); step; step = left.pop()) {
    const here = opened.at(-1);
    if (!here) return;
    const { name, floor } = step;
    if (name === "..") {
      if (opened.length > floor) opened.pop()?.[Symbol.dispose]();
      else if (floor > 1) throw leadsOut(here.path, "..");
      continue;
    }
    const target = here.linkAt(name);
    if (target === null) {
      opened.push(here.enter(name));
      continue;
    }
    if (++links > maxLinks) throw Object.assign(new Error("too many links"), { code: "ELOOP" });
    const within = opened.findLastIndex((folder) => workspaces.has(folder.identity));
    if (target.startsWith("/")) {
      if (within >= 0) throw leadsOut(here.named(name), target);
      for (const folder of opened.splice(1)) folder[Symbol.dispose]();
    }
    left.push(...stepsOf(target, within + 1 || 1));
  }
}

/** The names in a path, the last one first. */
function stepsOf(path: string, floor: number): Step[] {
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  return names.map((name) => ({ name, floor })).reverse();
}

function leadsOut(link: string, target: string) {
  return usageError(
    `${link} is in the workspace of a session and leads out of it, to ${JSON.stringify(target)}`,
    "whatever runs in the session may have put it there: name the folder itself that you mean",
  );
}
