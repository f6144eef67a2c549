import { mergeConditions, readCondition } from "./conditions.ts";
import { habitOf } from "./habits.ts";
import { unknownFlag } from "./unknown-flag.ts";
import { usageError } from "./usage.ts";
import { readArgument, readValue } from "./values.ts";
import type { Flag, Verb } from "./verb.ts";
import { globalFlags, type VerbTable } from "./verbs.ts";

/** A command line as the verb's handler gets it. */
export interface Invocation {
  verb: Verb;
  /** Fields of the operation's input; what was not given is absent. */
  input: Record<string, unknown>;
  /** Flags that only the CLI knows. */
  local: Record<string, unknown>;
  globals: GlobalOptions;
}

interface GlobalOptions {
  session?: string;
  json?: boolean;
  quiet?: boolean;
  help?: boolean;
  version?: boolean;
}

/** What the words are before they are a valid invocation: help may be asked for at any point. */
export interface Words {
  verb: Verb | null;
  /** Words in the place of the verb, for errors and `help`. */
  unknown: string[];
  positionals: string[];
  values: Map<Flag, unknown>;
  globals: GlobalOptions;
}

/** Nothing read yet. */
export function noWords(): Words {
  return { verb: null, unknown: [], positionals: [], values: new Map(), globals: {} };
}

/**
 * Reads a command line against the table of verbs. Throws usage errors; `words` then holds what
 * was read up to there.
 */
export function readWords(
  verbs: VerbTable,
  argv: readonly string[],
  words: Words = noWords(),
): Words {
  let flagsEnded = false;
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? "";
    if (!flagsEnded && word === "--") {
      flagsEnded = true;
    } else if (!flagsEnded && word.length > 1 && word.startsWith("-")) {
      at += readFlag(verbs, words, word, argv[at + 1]);
    } else if (words.verb === null) {
      words.unknown.push(word);
      words.verb = verbs.named(words.unknown);
      if (words.verb === null && !verbs.isGroup(words.unknown)) break;
    } else {
      const longer = words.positionals.length === 0 && longerVerb(verbs, words, word);
      if (longer) words.verb = longer;
      else words.positionals.push(word);
      flagsEnded ||= words.verb.passThrough;
    }
  }
  return words;
}

/** Makes a valid invocation of the words. Throws a usage error for a missing or extra argument. */
export function invocationOf(verb: Verb, words: Words): Invocation {
  const input: Record<string, unknown> = {};
  const local: Record<string, unknown> = {};
  for (const [flag, value] of words.values) {
    if (flag.local) local[flag.field] = value;
    else if (flag.into) input[flag.into] = { ...fieldsIn(input[flag.into]), [flag.field]: value };
    else if (flag.kind === "condition") {
      input[flag.field] = mergeConditions(input[flag.field], value as Record<string, unknown>);
    }
    // The group's own flag says no more than its members do.
    else if (fieldsIn(input[flag.field]) === null) input[flag.field] = value;
  }
  const misplaced = words.globals.session === undefined ? undefined : habitOf(verb.id, "--session");
  if (misplaced) throw usageError(`${verb.words.join(" ")} takes no --session`, misplaced);
  const given = [...words.positionals];
  verb.arguments.forEach((argument, at) => {
    const { field, name, rest, required } = argument;
    const behind = verb.arguments.length - at - 1;
    const taken = given.splice(0, rest ? Math.max(given.length - behind, 1) : 1);
    const read = taken.map((word) => readArgument(argument, word));
    const value = rest ? read : read[0];
    if (taken.length === 0) {
      if (required && !(field in input) && !local.all && !local.force) throw missing(verb, name);
    } else if (!rest && field in input && input[field] !== value) {
      throw usageError(
        `${verb.words.join(" ")}: two values for ${name}: ${JSON.stringify(value)} and ${JSON.stringify(input[field])}`,
        `give it once, as ${name} or as --${name.toLowerCase()} ${name}`,
      );
    } else input[field] = value;
  });
  if (given[0] !== undefined) throw unexpected(verb, given[0]);
  return { verb, input, local, globals: words.globals };
}

function fieldsIn(value: unknown): object | null {
  return typeof value === "object" && !Array.isArray(value) ? value : null;
}

/** Reads one word of flags; returns how many further words it took. */
function readFlag(verbs: VerbTable, words: Words, word: string, next: string | undefined): 0 | 1 {
  const isLong = word.startsWith("--");
  const equals = isLong ? word.indexOf("=") : -1;
  const name = isLong ? word.slice(2, equals < 0 ? undefined : equals) : word.slice(1, 2);
  const flag = findFlag(words.verb, name, isLong);
  if (!flag) return readNegation(verbs, words, word, name);
  if (flag.kind === "boolean") {
    setValue(words, flag, equals < 0 ? true : readValue(flag, word.slice(equals + 1)));
    if (isLong || word.length === 2) return 0;
    return readFlag(verbs, words, `-${word.slice(2)}`, next);
  }
  const attached = isLong ? (equals < 0 ? "" : word.slice(equals + 1)) : word.slice(2);
  if (attached !== "" || equals >= 0) {
    setValue(words, flag, readValue(flag, attached));
    return 0;
  }
  if (next === undefined) {
    throw usageError(`--${flag.name} needs a value`, `for example --${flag.name} ${flag.value}`);
  }
  setValue(words, flag, readValue(flag, next));
  return 1;
}

function readNegation(verbs: VerbTable, words: Words, word: string, name: string): 0 {
  const flag = name.startsWith("no-") ? findFlag(words.verb, name.slice(3), true) : undefined;
  if (flag?.kind !== "boolean" || word.includes("=")) throw unknownFlag(verbs, words.verb, word);
  setValue(words, flag, false);
  return 0;
}

function setValue(words: Words, flag: Flag, value: unknown): void {
  if (globalFlags.includes(flag)) {
    Object.assign(words.globals, { [flag.field]: value });
  } else if (flag.kind === "env") {
    const [name, text] = value as [string, string];
    const before = (words.values.get(flag) ?? {}) as Record<string, string>;
    words.values.set(flag, { ...before, [name]: text });
  } else if (flag.kind === "condition") {
    const condition = readCondition(String(value));
    words.values.set(flag, mergeConditions(words.values.get(flag), condition));
  } else if (flag.repeatable) {
    words.values.set(flag, [...((words.values.get(flag) ?? []) as unknown[]), value]);
  } else if (words.values.has(flag) && flag.kind !== "boolean") {
    throw usageError(`--${flag.name} may be given only once`);
  } else {
    words.values.set(flag, value);
  }
}

function findFlag(verb: Verb | null, name: string, isLong: boolean): Flag | undefined {
  const matches = (flag: Flag) => (isLong ? flag.name : flag.short) === name;
  return verb?.flags.find(matches) ?? globalFlags.find(matches);
}

function unexpected({ id, words }: Verb, argument: string) {
  const verb = words.join(" ");
  // What was meant to be the key is shown to nobody.
  if (id === "keys.set" || id === "keys.rotate") {
    return usageError(
      `${verb}: one argument too many`,
      "the key comes from standard input or a prompt",
    );
  }
  return usageError(
    `${verb}: unexpected argument ${JSON.stringify(argument)}`,
    `see \`nexora ${verb} --help\`; text with spaces needs quotes`,
  );
}

function missing(verb: Verb, name: string) {
  return usageError(
    `${verb.words.join(" ")} needs ${name}`,
    verb.examples[0]
      ? `for example: ${verb.examples[0]}`
      : `see \`nexora ${verb.words.join(" ")} --help\``,
  );
}

/** The verb that one more word makes of a verb: `chrome tabs new` of `chrome tabs`. */
function longerVerb(verbs: VerbTable, words: Words, word: string): Verb | null {
  const longer = [...words.unknown, word];
  const found = verbs.named(longer);
  if (found) words.unknown = longer;
  return found;
}
