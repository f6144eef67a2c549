import { resolve } from "node:path";
import { exactBytes } from "../src/bytes.ts";
import { exactDuration, readDuration } from "../src/duration.ts";
import { usageError } from "./usage.ts";
import type { Argument, Flag, ValueKind } from "./verb.ts";

const binaryPowers = "kmgt";

/**
 * The value that a word gives a flag, in the unit that is sent (milliseconds, bytes, …).
 * Throws a usage error that names the flag and what it accepts.
 */
export function readValue(flag: Flag, word: string): unknown {
  const value = flag.pair ? readPair(word, flag.pair) : readKind(flag.kind, word);
  if (value === undefined) {
    throw invalid(`--${flag.name}`, word, flag.pair ? String(flag.value) : accepted[flag.kind]);
  }
  checkChoice(`--${flag.name}`, flag, word);
  if (typeof value === "number" && flag.range) checkRange(flag, word, value);
  return value;
}

/** The value of an argument's word. Throws a usage error that names the argument. */
export function readArgument(argument: Argument, word: string): unknown {
  const value = readKind(argument.kind, word);
  if (value === undefined) throw invalid(argument.name, word, accepted[argument.kind]);
  checkChoice(argument.name, argument, word);
  return value;
}

/** Throws a usage error unless an argument is one of its choices, if it has any. */
function checkChoice(name: string, it: Pick<Argument, "choices">, word: string): void {
  if (it.choices && !it.choices.includes(word)) {
    throw invalid(name, word, `one of ${it.choices.join(", ")}`);
  }
}

const accepted: Record<ValueKind, string> = {
  boolean: "true or false",
  text: "text",
  integer: "a whole number",
  number: "a number",
  duration: "a duration such as 500ms, 30s, 6m30s, 2h or 1d",
  bytes: "a size such as 512m, 2g or 1.5GiB",
  size: "WIDTHxHEIGHT in pixels, such as 1920x1080",
  point: "X,Y in pixels, such as 640,400, or a reference such as @e12",
  region: "X,Y,WIDTH,HEIGHT in pixels, such as 0,0,640,480",
  env: "NAME=VALUE",
  path: "a path",
  pair: "two words with = between them",
  condition: "a condition",
};

function readKind(kind: ValueKind, word: string): unknown {
  switch (kind) {
    case "boolean":
      return word === "true" ? true : word === "false" ? false : undefined;
    case "integer":
      return /^-?\d{1,15}$/.test(word) ? Number(word) : undefined;
    case "number":
      return /^-?(\d+\.?\d*|\.\d+)$/.test(word) ? Number(word) : undefined;
    case "duration":
      return readDuration(word);
    case "bytes":
      return readBytes(word);
    case "size":
      return fields(/^(\d{1,5})[x×](\d{1,5})$/, word, ["width", "height"]);
    case "region":
      return fields(/^(\d{1,5}),(\d{1,5}),(\d{1,5}),(\d{1,5})$/, word, [
        "x",
        "y",
        "width",
        "height",
      ]);
    case "point":
      if (/^@e\d+$/.test(word)) return word;
      return fields(/^(\d{1,5}),(\d{1,5})$/, word, ["x", "y"]);
    case "env":
      return readAssignment(word);
    case "path":
      return word === "" ? undefined : resolve(word);
    case "text":
    case "pair":
    case "condition":
      return word;
  }
}

/** Bytes of `512m`, `2g`, `1.5GiB` (powers of 1024) or a plain number; undefined when it is none. */
export function readBytes(word: string): number | undefined {
  const [, number, unit] = /^(\d+\.?\d*|\.\d+)([kmgt]?)(?:i?b)?$/i.exec(word) ?? [];
  if (number === undefined) return undefined;
  const power = unit ? binaryPowers.indexOf(unit.toLowerCase()) + 1 : 0;
  return Math.round(Number(number) * 1024 ** power);
}

function fields(pattern: RegExp, word: string, names: string[]): object | undefined {
  const found = pattern.exec(word);
  if (!found) return undefined;
  return Object.fromEntries(names.map((name, index) => [name, Number(found[index + 1])]));
}

/** What stands before and behind the first `=`. */
function readPair(word: string, [first, second]: [string, string]): object | undefined {
  const equals = word.indexOf("=");
  if (equals < 1) return undefined;
  return { [first]: word.slice(0, equals), [second]: word.slice(equals + 1) };
}

function readAssignment(word: string): [string, string] | undefined {
  const equals = word.indexOf("=");
  const name = word.slice(0, equals);
  if (equals < 1 || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return undefined;
  return [name, word.slice(equals + 1)];
}

function checkRange(flag: Flag, word: string, value: number): void {
  const [least, most] = flag.range ?? [value, value];
  if (value >= least && value <= most) return;
  const text = (bound: number) => boundOf(flag.kind, bound);
  const range = most >= 2 ** 53 - 1 ? `at least ${text(least)}` : `${text(least)} to ${text(most)}`;
  throw invalid(`--${flag.name}`, word, range);
}

function boundOf(kind: ValueKind, bound: number): string {
  if (bound === 0) return "0";
  if (kind === "duration") return exactDuration(bound);
  return kind === "bytes" ? exactBytes(bound) : String(bound);
}

function invalid(name: string, word: string, what: string) {
  return usageError(`invalid value ${JSON.stringify(word)} for ${name}`, `expected ${what}`);
}
