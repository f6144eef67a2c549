import { snake } from "./names.ts";
import type { Type } from "./schema.ts";

/** A docstring, of which all lines but the first are indented. */
export function docstring(text: string, indent: string): string {
  const lines = text.replaceAll("\\", "\\\\").replaceAll('"', "'").split("\n");
  const body = lines.map((line, at) => (at === 0 || line === "" ? line : indent + line)).join("\n");
  return lines.length === 1 ? `"""${body}"""` : `"""${body}\n${indent}"""`;
}

/** A type as an annotation; `prefix` is put before names of objects. */
export function typeText(type: Type, prefix: string): string {
  switch (type.kind) {
    case "string":
      return "str";
    case "number":
      return "float";
    case "integer":
      return "int";
    case "boolean":
      return "bool";
    case "null":
      return "None";
    case "unknown":
      return "Any";
    case "literal":
      return `Literal[${type.values.map(literalText).join(", ")}]`;
    case "list":
      return `list[${typeText(type.item, prefix)}]`;
    case "map":
      return `dict[str, ${typeText(type.value, prefix)}]`;
    case "union":
      return type.members.map((each) => typeText(each, prefix)).join(" | ");
    case "object":
      return prefix + type.object.name;
  }
}

function literalText(value: string | number | boolean): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "number" ? String(value) : quoted(value);
}

/** A word that Python keeps for itself gets an underscore (PEP 8). */
export function identifier(name: string): string {
  const word = snake(name);
  return isKeyword(word) ? `${word}_` : word;
}

/** Whether a word is Python's own. */
export function isKeyword(word: string): boolean {
  return keywords.has(word);
}

/** Python Language Reference, section 2.3.1. */
const keywords = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally " +
    "for from global if import in is lambda nonlocal not or pass raise return try while with yield"
  ).split(" "),
);

/** A text as a literal. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}
