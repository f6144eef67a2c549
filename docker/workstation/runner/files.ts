import { lstat, mkdir, mkdtemp, opendir, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { asNexoraError, NexoraError } from "../../../src/contract/errors.ts";
import type { RunnerFileStat, RunnerFolder } from "../../../src/runner/files.ts";
import { codeOf, messageOf } from "../../../src/thrown.ts";
import { homeDirectory, workspaceDirectory } from "./account.ts";
import { mergeFolder } from "./merge.ts";

/** Most entries of a folder that are listed. */
const maxEntries = 1000;

/** Longest message of tar that an error quotes, in bytes. */
const maxMessage = 2000;

/** A tar stream with one top-level entry: the base name of `path`. Throws `not_found`. */
export async function packFiles(path: string, signal: AbortSignal): Promise<Response> {
  const target = locate(path);
  await lstat(target).catch((error: Error) => {
    if (!isMissing(error)) throw failure("read", target, error.message);
    throw new NexoraError("not_found", `${target} does not exist in the workstation`, {
      hint: "paths are those of the workstation, relative to /workspace",
    });
  });
  if (target === "/") throw new NexoraError("usage", "the root folder cannot be copied as a whole");
  const child = Bun.spawn(
    ["tar", "--create", "--file=-", `--directory=${dirname(target)}`, "--", basename(target)],
    { stdin: "ignore", stdout: "pipe", stderr: "pipe", lazy: true },
  );
  const end = () => child.kill();
  signal.addEventListener("abort", end);
  const complaint = tail(child.stderr);
  const reader = child.stdout.getReader();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        // A pack that failed half-way must not look complete; status 1 only says that a file
        // changed while it was read.
        if ((await child.exited) > 1)
          return controller.error(failure("read", target, await complaint));
        controller.close();
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: { "content-type": "application/x-tar" } });
}

/**
 * Unpacks a tar stream into the folder `path`, which is made when missing. Files of the same
 * name are replaced, folders are merged. It is unpacked aside and then moved: of a stream that
 * ends early, or of one that tar refuses, nothing stays. Throws `action_failed` with tar's own
 * words, `interrupted` when the client goes away.
 */
export async function unpackFiles(
  path: string,
  body: ReadableStream<Uint8Array> | null,
  signal: AbortSignal,
): Promise<{ path: string }> {
  const target = locate(path);
  await mkdir(target, { recursive: true }).catch((error: Error) => {
    throw failure("make the folder", target, error.message);
  });
  // Where nothing can be made, as in /, its folders may still be written.
  const aside = await mkdtemp(join(target, ".nexora-")).catch(() => null);
  try {
    const complaint = await extract(aside ?? target, body, signal);
    if (signal.aborted) throw asNexoraError(signal.reason);
    if (complaint !== null) throw failure("write", target, complaint);
    if (aside !== null) {
      await mergeFolder(aside, target).catch((error: Error) => {
        throw failure("write", target, error.message);
      });
    }
    return { path: target };
  } finally {
    if (aside !== null) await rm(aside, { recursive: true, force: true }).catch(() => {});
  }
}

/** Runs tar over a stream; what it complains about when it fails, else null. */
async function extract(
  folder: string,
  body: ReadableStream<Uint8Array> | null,
  signal: AbortSignal,
): Promise<string | null> {
  const child = Bun.spawn(
    [
      ...["tar", "--extract", "--file=-", `--directory=${folder}`],
      ...["--no-same-owner", "--no-overwrite-dir"],
    ],
    { stdin: "pipe", stdout: "ignore", stderr: "pipe" },
  );
  const end = () => child.kill();
  signal.addEventListener("abort", end);
  const complaint = tail(child.stderr);
  try {
    for await (const chunk of body ?? []) {
      child.stdin.write(chunk);
      await child.stdin.flush();
    }
    await child.stdin.end();
  } catch {
    // tar has ended early and says why; or the client is gone.
    if (child.exitCode === null) child.kill();
  }
  return (await child.exited) === 0 ? null : await complaint;
}

/** What a path names, through symbolic links: type `link` for one that leads nowhere, `none` for nothing. */
export async function statFile(path: string): Promise<RunnerFileStat> {
  const target = locate(path);
  try {
    const it = await stat(target).catch((error) => {
      if (isMissing(error) || codeOf(error) === "ELOOP") return lstat(target);
      throw error;
    });
    const kept = it.isFile() ? "file" : it.isSymbolicLink() ? "link" : "other";
    return { type: it.isDirectory() ? "directory" : kept, sizeBytes: it.size };
  } catch (error) {
    if (isMissing(error)) return { type: "none", sizeBytes: 0 };
    throw failure("read", target, messageOf(error));
  }
}

/** What is in a folder, through symbolic links. Throws `not_found` when there is none. */
export async function listFolder(path: string): Promise<RunnerFolder> {
  const target = locate(path);
  const listed: RunnerFolder = { entries: [], truncated: false };
  try {
    // Leaving the loop closes the folder.
    for await (const { name } of await opendir(target)) {
      if (listed.entries.length === maxEntries) {
        listed.truncated = true;
        break;
      }
      const it = await stat(join(target, name)).catch(() => null);
      const type = it?.isDirectory() ? "directory" : it?.isFile() ? "file" : "other";
      listed.entries.push({ name, type });
    }
  } catch (error) {
    if (!isMissing(error)) throw failure("list", target, messageOf(error));
    throw new NexoraError("not_found", `there is no folder ${target} in the workstation`);
  }
  listed.entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  return listed;
}

function isMissing(error: unknown): boolean {
  const code = codeOf(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

function locate(path: string): string {
  if (path === "" || path.includes("\0")) throw new NexoraError("usage", "`path` must be a path");
  const home = /^~(?=\/|$)\/*/;
  return home.test(path)
    ? resolve(homeDirectory, path.replace(home, ""))
    : resolve(workspaceDirectory, path);
}

function failure(what: string, target: string, why: string): NexoraError {
  return new NexoraError(
    "action_failed",
    `cannot ${what} ${target}: ${why.trim() || "tar failed"}`,
  );
}

async function tail(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    text = (text + decoder.decode(chunk, { stream: true })).slice(-maxMessage);
  }
  return text;
}
