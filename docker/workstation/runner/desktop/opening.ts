import { constants } from "node:fs";
import { access, open, stat } from "node:fs/promises";
import { basename, extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { NexoraError } from "../../../../src/contract/errors.ts";
import { homeDirectory, workspaceDirectory } from "../account.ts";
import { browserCommand } from "../browser/chromium.ts";

/** What is started to open something. */
export interface Opening {
  kind: "url" | "path" | "command";
  command: string[];
  cwd: string;
}

/** A scheme with an authority, or one of those that have none. */
const url = /^([a-z][a-z0-9+.-]*:\/\/|(about|data|view-source):)/i;
/** What the browser shows: pages, pictures, documents, films, sounds. */
const shownByBrowser = new Set(
  "avif bmp gif htm html ico jpeg jpg mp3 mp4 oga ogg ogv pdf png svg wav webm webp xhtml"
    .split(" ")
    .map((ending) => `.${ending}`),
);
/** Of a file, so many bytes tell whether it is text. */
const lookedAt = 8192;

/**
 * What opens a target: the browser, the editor, a terminal, or the program that it names. Throws
 * `not_found` for a path where nothing is, `action_failed` for what nothing opens.
 */
export async function openingOf(
  target: readonly string[],
  env: Record<string, string>,
): Promise<Opening> {
  const [first = "", ...others] = target;
  const path = resolve(workspaceDirectory, first.replace(/^~(?=\/|$)/, homeDirectory));
  const isUrl = url.test(first);
  const there = isUrl ? null : await stat(path).catch(() => null);
  const runs = there?.isFile() && (await mayRun(path));
  if (others.length > 0) {
    if (isUrl || (there && !runs && first.includes("/"))) {
      throw new NexoraError("usage", `${first} is opened alone: ${others[0]} is one word too many`);
    }
    return { kind: "command", command: [...target], cwd: workspaceDirectory };
  }
  if (isUrl) return inBrowser("url", first, env);
  if (there?.isDirectory()) {
    return { kind: "path", command: ["xterm", "-T", basename(path) || "/"], cwd: path };
  }
  if (there && !runs) return ofFile(path, env);
  if (there && first.includes("/"))
    return { kind: "command", command: [path], cwd: workspaceDirectory };
  if (/^[~.]{0,2}\/\S*$/.test(first)) {
    throw new NexoraError("not_found", `there is no file ${path} in the workstation`);
  }
  return { kind: "command", command: ["/bin/bash", "-lc", first], cwd: workspaceDirectory };
}

async function ofFile(path: string, env: Record<string, string>): Promise<Opening> {
  if (shownByBrowser.has(extname(path).toLowerCase())) {
    return inBrowser("path", pathToFileURL(path).href, env);
  }
  if (!(await isText(path))) {
    throw new NexoraError(
      "action_failed",
      `nothing is known to open ${path}: name the program before it`,
    );
  }
  // With arguments of its own, maybe.
  const edits = ["sh", "-c", 'exec $0 "$1"', env.VISUAL || env.EDITOR || "vim", path];
  const command = ["xterm", "-T", basename(path), "-e", ...edits];
  return { kind: "path", command, cwd: workspaceDirectory };
}

function inBrowser(kind: "url" | "path", address: string, env: Record<string, string>): Opening {
  const command = browserCommand(env);
  if (command) {
    return { kind, command: [...command, "--new-window", address], cwd: homeDirectory };
  }
  throw new NexoraError("action_failed", `the session's image has no browser to open ${address}`);
}

async function mayRun(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function isText(path: string): Promise<boolean> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(lookedAt), 0, lookedAt, 0);
    const bytes = buffer.subarray(0, bytesRead);
    if (bytes.includes(0)) return false;
    // The last character may have been cut.
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
