import { usageError } from "../usage.ts";

/** One side of `cp`. */
export type Location = { session: string | null; path: string };

/**
 * Reads `SESSION:PATH`, `:PATH` (the chosen session) or a local path; `./a:b` is local. The
 * session is null for a local path and `""` for the chosen one.
 */
export function readLocation(word: string): Location {
  const [, session, path] = /^([A-Za-z0-9][A-Za-z0-9_-]*|@|):(.*)$/s.exec(word) ?? [];
  if (session === undefined || path === undefined) return { session: null, path: word };
  if (path === "")
    throw usageError(
      `${word} has no path after the colon`,
      "for example dev:/tmp/data or :out.log",
    );
  return { session, path };
}

/** Where `cp -r SRC DST` puts a thing: an existing folder to unpack into, and the name there. */
export interface Placement {
  folder: string;
  /** Null: the source's content goes straight into the folder (`SRC/.`). */
  name: string | null;
}

type Kind = "file" | "directory" | "other" | "none";

/**
 * cp's own rules for a destination: into a folder that exists, else the path itself. Throws
 * usage errors for what cp refuses too.
 */
export function placementOf(
  source: { path: string; kind: "file" | "directory" },
  destination: { path: string; kind: Kind },
): Placement {
  const isContent = source.kind === "directory" && /(^|\/)\.\/*$/.test(source.path);
  if (destination.kind === "directory") {
    return { folder: destination.path, name: isContent ? null : baseName(source.path) };
  }
  if (destination.kind !== "none" && source.kind === "directory") {
    throw usageError(`${destination.path} is not a folder, so a folder cannot be copied onto it`);
  }
  if (source.kind === "file" && destination.path.endsWith("/")) {
    throw usageError(
      `the folder ${destination.path} does not exist`,
      "create it, or leave out the trailing /",
    );
  }
  const path = destination.path.replace(/\/+$/, "");
  const slash = path.lastIndexOf("/");
  const folder = slash < 0 ? "." : path.slice(0, slash) || "/";
  return { folder, name: path.slice(slash + 1) };
}

function baseName(path: string): string {
  const name = path.replace(/\/+$/, "").split("/").pop() ?? "";
  if (!["", ".", "..", "~"].includes(name)) return name;
  throw usageError(
    `${path} has no name to copy it under`,
    `to copy its contents, write ${path.replace(/\/+$/, "")}/.`,
  );
}
