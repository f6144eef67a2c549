import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
} from "node:fs";
import { dirname, relative, resolve } from "node:path";
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
  const place = realOf(path) ?? placeOf(path);
  if (within !== null) checkWithin(within, path, place);
  const there = read(place);
  const old = there?.text ?? "";
  const { text, before } = (format === "toml" ? mergeToml : mergeJson)(old, entry, path);
  if (there && text === old) return { changed: false, before };
  if (!there) makeFolder(dirname(place));
  // Never wider than it was, also before it has its own mode again.
  writeFileAtomically(place, text, there?.mode);
  if (there) chmodSync(place, there.mode);
  return { changed: true, before };
}

function checkWithin(folder: string, path: string, place: string): void {
  const leads = [place, dirname(place)].map(realOf).find((it) => it !== null);
  if (!leads || !/^\.\.(\/|$)/.test(relative(realOf(folder) ?? folder, leads))) return;
  throw new NexoraError("conflict", `${path} is a link out of ${folder}: it stays as it is`, {
    hint: byHand,
  });
}

/** Where the links lead of a path at which there is no file yet. Throws `conflict` when there is no folder for it. */
function placeOf(path: string): string {
  const link = linkOf(path);
  if (link === null) return path;
  const leads = resolve(realOf(dirname(path)) ?? dirname(path), link);
  if (realOf(dirname(leads)) !== null) return placeOf(leads);
  const why = `${path} is a link to ${leads}, and there is no folder for that`;
  throw new NexoraError("conflict", `${why}: it stays as it is`, { hint: byHand });
}

/** What a link says; null: there is none. */
function linkOf(path: string): string | null {
  try {
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink();
    return isLink ? readlinkSync(path) : null;
  } catch (error) {
    throw fileError("read", path, error);
  }
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

/** What a file has; null: there is none. */
function read(path: string): { text: string; mode: number } | null {
  try {
    const { mode } = statSync(path);
    return { text: readFileSync(path, "utf8"), mode: mode & 0o777 };
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
