import {
  applyEdits,
  type JSONPath,
  type ModificationOptions,
  modify,
  type ParseError,
  parse,
  printParseErrorCode,
} from "jsonc-parser";
import { type Entry, type Merged, tableIn, unreadable, unusual } from "./entry.ts";

const options = { allowTrailingComma: true, allowEmptyContent: true };

/** Puts an entry into JSON, which may have comments: all else stays as it is. Throws `conflict`. */
export function mergeJson(text: string, entry: Entry, path: string): Merged {
  const { servers, name, value, besides } = entry;
  const errors: ParseError[] = [];
  const parsed = parse(text, errors, options);
  // An empty file, and one of comments, says nothing.
  const root = parsed === undefined ? {} : parsed;
  const [error] = errors;
  if (error) {
    const line = text.slice(0, error.offset).split("\n").length;
    throw unreadable(path, "JSON", `${printParseErrorCode(error.error)} in line ${line}`);
  }
  const before = tableIn(root, servers, path)?.[name] ?? null;
  let merged = text.trim() === "" ? "{}\n" : text;
  const put = (where: JSONPath, what: unknown, how: ModificationOptions = {}) => {
    const eol = merged.includes("\r\n") ? "\r\n" : "\n";
    const formattingOptions = { ...indentOf(merged), eol };
    // At the end it would lay out the neighbour above anew.
    const settings = { getInsertionIndex: () => 0, ...how, formattingOptions };
    merged = applyEdits(merged, modify(merged, where, what, settings));
  };
  if (!Bun.deepEquals(before, value)) put([servers, name], value);
  if (besides) {
    const { list, item } = besides;
    const there: unknown = root[list] ?? [];
    if (!Array.isArray(there)) throw unreadable(path, "as expected", `\`${list}\` is no list`);
    if (!hasItem(there, besides)) put([list, there.length], item, { isArrayInsertion: true });
  }
  // Of a name that stands there twice the last one counts.
  const now = parse(merged, [], options);
  const isThere = Bun.deepEquals(now?.[servers]?.[name], value);
  if (!isThere || (besides && !hasItem(now?.[besides.list], besides))) throw unusual(entry, path);
  return { text: merged, before };
}

function hasItem(list: unknown, { key, item }: NonNullable<Entry["besides"]>): boolean {
  return Array.isArray(list) && list.some((each) => each?.[key] === item[key]);
}

/** As the file has it. */
function indentOf(text: string): { insertSpaces: boolean; tabSize: number } {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? "  ";
  return {
    insertSpaces: !indent.startsWith("\t"),
    tabSize: indent.startsWith("\t") ? 1 : indent.length,
  };
}
