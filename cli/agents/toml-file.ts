import { TOML } from "bun";
import { type Entry, type Merged, tableIn, unreadable, unusual } from "./entry.ts";

type Json = Record<string, unknown>;

/** A table of TOML (1.0, "Table") with the entry. */
export function tomlTable({ servers, name, value }: Entry): string {
  const lines = Object.entries(value).map(([key, it]) => `${key} = ${tomlValue(it)}`);
  return `[${servers}.${name}]\n${lines.join("\n")}\n`;
}

/**
 * Puts an entry into TOML: its table takes the place of the one of that name, or comes at the end. All else
 * stays as it is, to the letter; that is checked, and where it would not be so, `conflict` is thrown.
 */
export function mergeToml(text: string, entry: Entry, path: string): Merged {
  const root = parsed(text, path);
  const before = tableIn(root, entry.servers, path)?.[entry.name] ?? null;
  if (Bun.deepEquals(before, entry.value)) return { text, before };
  const merged = before === null ? appended(text, entry) : replaced(text, entry);
  const table = { ...tableIn(root, entry.servers, path), [entry.name]: entry.value };
  const wanted = { ...root, [entry.servers]: table };
  if (isSame(merged, wanted)) return { text: merged, before };
  throw unusual(entry, path);
}

function appended(text: string, entry: Entry): string {
  const above = text.trimEnd();
  return `${above === "" ? "" : `${above}\n\n`}${tomlTable(entry)}`;
}

/** In place of the lines from the table's head to the next one's, its own tables included. */
function replaced(text: string, entry: Entry): string {
  const lines = text.split("\n");
  const own = new RegExp(
    `^\\s*\\[\\s*${entry.servers}\\s*\\.\\s*["']?${entry.name}["']?\\s*(\\.[^\\]]*)?\\]`,
  );
  const from = lines.findIndex((line) => own.test(line));
  if (from < 0) return text;
  const behind = lines.slice(from).findIndex((line) => /^\s*\[/.test(line) && !own.test(line));
  let to = behind < 0 ? lines.length : from + behind;
  // What stands above the next head is about that one.
  while (to > from && /^\s*(#|$)/.test(lines[to - 1] ?? "")) to--;
  lines.splice(from, to - from, ...tomlTable(entry).trimEnd().split("\n"));
  return lines.join("\n");
}

function parsed(text: string, path: string): Json {
  try {
    return TOML.parse(text) as Json;
  } catch (error) {
    throw unreadable(path, "TOML", (error as Error).message);
  }
}

function isSame(text: string, wanted: Json): boolean {
  try {
    return Bun.deepEquals(TOML.parse(text), wanted);
  } catch {
    return false;
  }
}

function tomlValue(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(tomlValue).join(", ")}]`;
  const pairs = Object.entries(value).map(([key, it]) => `${key} = ${tomlValue(it)}`);
  return `{ ${pairs.join(", ")} }`;
}
