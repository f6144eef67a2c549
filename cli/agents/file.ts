import { chmodSync, mkdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, relative } from "node:path";
import { NexoraError } from "../../src/contract/errors.ts";
import { writeFileAtomically } from "../atomic-file.ts";
import { fileError } from "../file-error.ts";
import type { AgentClient } from "./clients.ts";
import { byHand, type Entry } from "./entry.ts";
import { mergeJson } from "./json-file.ts";
import { mergeToml, tomlTable } from "./toml-file.ts";

type Format = AgentClient["format"];

/** A file with nothing but the entry. */
export function snippetOf(format: Format, entry: Entry): string {
  return format === "toml" ? tomlTable(entry) : mergeJson("", entry, "").text;
}

/**
 * Puts an entry into a file, which is made where there is none; it keeps its mode, and a link stays
 * one. `before` is what stood in its place. `within`: a folder that no link may lead out of, since
 * somebody else may have made it; throws `conflict`.
 */
export function writeEntry(
  format: Format,
  path: string,
  entry: Entry,
  within: string | null,
): { changed: boolean; before: unknown } {
  if (within !== null) checkWithin(within, path);
  const there = read(path);
  const old = there?.text ?? "";
  const { text, before } = (format === "toml" ? mergeToml : mergeJson)(old, entry, path);
  if (there && text === old) return { changed: false, before };
  if (!there) makeFolder(dirname(path));
  // Never wider than it was, also before it has its own mode again.
  writeFileAtomically(there?.path ?? path, text, there?.mode);
  if (there) chmodSync(there.path, there.mode);
  return { changed: true, before };
}

function checkWithin(folder: string, path: string): void {
  const leads = [path, dirname(path)].map(realOf).find((it) => it !== null);
  if (!leads || !/^\.\.(\/|$)/.test(relative(realOf(folder) ?? folder, leads))) return;
  throw new NexoraError("conflict", `${path} is a link out of ${folder}: it stays as it is`, {
    hint: byHand,
  });
}

/** Where the links of a path lead; null: there is nothing. */
function realOf(path: string): string | null {
  try {
    return realpathSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw fileError("read", path, error);
  }
}

/** A file where its links lead; null: there is none. */
function read(path: string): { path: string; text: string; mode: number } | null {
  try {
    const real = realpathSync(path);
    const { mode } = statSync(real);
    return { path: real, text: readFileSync(real, "utf8"), mode: mode & 0o777 };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw fileError("read", path, error);
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw fileError("write", folder, error);
  }
}
