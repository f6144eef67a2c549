import { chmodSync, mkdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { writeFileAtomically } from "../atomic-file.ts";
import { fileError } from "../file-error.ts";
import type { AgentClient } from "./clients.ts";
import type { Entry } from "./entry.ts";
import { mergeJson } from "./json-file.ts";
import { mergeToml, tomlTable } from "./toml-file.ts";

type Format = AgentClient["format"];

/** A file with nothing but the entry. */
export function snippetOf(format: Format, entry: Entry): string {
  return format === "toml" ? tomlTable(entry) : mergeJson("", entry, "").text;
}

/**
 * Puts an entry into a file, which is made where there is none; it keeps its mode, and a link stays
 * one. `before` is what stood in its place.
 */
export function writeEntry(
  format: Format,
  path: string,
  entry: Entry,
): { changed: boolean; before: unknown } {
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
