import { z } from "zod";
import { operations } from "../src/contract/index.ts";
import { localVerbs } from "../src/contract/local.ts";
import type { CliField, LocalFlag, LocalVerb, Operation } from "../src/contract/operation.ts";
import type { Argument, Flag, Verb, VerbRow } from "./verb.ts";

/** Verbs whose first word starts another command line, so that flags after it are not ours. */
const passThrough = new Set(["exec", "open"]);
/** Verbs that take several sessions, one request each. */
const manySessions = new Set(["session.rm"]);
/** Verbs that never fall back to the chosen session: what they change must be named. */
const explicitSession = new Set(["session.rm", "session.rename", "session.use"]);

interface Property {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  cli?: CliField;
  anyOf?: Property[];
  items?: Property;
  properties?: Record<string, Property>;
}

/**
 * The verbs as plain data, read off the contract. A macro: it runs when the CLI is bundled (or
 * transpiled), so that neither zod nor a schema is loaded when the CLI runs.
 */
export function verbRows(): Record<string, VerbRow> {
  const routed = operations
    .filter((operation: Operation) => operation.verb !== null)
    .map((operation) => verbOf(operation, operation.id, operation));
  const all = [...routed, ...localVerbs.map((verb) => verbOf(verb, null, {}))];
  return Object.fromEntries(all.map((verb) => [verb.id, rowOf(verb)]));
}

function rowOf({ id: _, words: __, hidden, ...rest }: Verb): VerbRow {
  return { hidden, rest: JSON.stringify(rest) };
}

function verbOf(
  definition: LocalVerb,
  operation: Verb["operation"],
  { session }: { session?: Operation["session"]; id?: string },
): Verb {
  const { id, summary, examples } = definition;
  const description = definition.help ?? definition.description;
  const schema = z.toJSONSchema(definition.input, { io: "input", unrepresentable: "any" });
  const required = new Set(schema.required);
  const shown = Object.entries(schema.properties as Record<string, Property>).filter(
    ([, property]) => !property.cli?.hidden,
  );
  const isArgument = ([, property]: [string, Property]) => property.cli?.positional !== undefined;
  return {
    id,
    words: id.split("."),
    summary,
    ...(description ? { description } : {}),
    operation,
    needsSession: session !== undefined,
    passThrough: passThrough.has(id),
    arguments: shown.filter(isArgument).map(([name, it]) => argumentOf(id, name, it, required)),
    flags: withoutTwice([
      ...shown
        .filter((entry) => !isArgument(entry) || entry[1].cli?.flag !== undefined)
        .flatMap(([name, it]) => flagsOf(name, it)),
      ...(definition.localFlags ?? []).map(localFlagOf),
    ]),
    examples: [...(examples ?? [])],
    hidden: definition.hidden ?? false,
  };
}

function argumentOf(id: string, field: string, it: Property, required: Set<string>): Argument {
  return {
    field,
    name: it.cli?.value ?? field.toUpperCase(),
    required: required.has(field) && (field !== "session" || explicitSession.has(id)),
    kind: valueKindOf(it.items ?? it),
    rest: it.cli?.positional === "rest" || (field === "session" && manySessions.has(id)),
    ...described(it),
  };
}

/** A flag of the verb's own goes before one of the same name in a group (`click --window`). */
function withoutTwice(flags: readonly Flag[]): Flag[] {
  const own = new Set(flags.flatMap(({ name, into }) => (into === undefined ? [name] : [])));
  return flags.filter(({ name, into }) => into === undefined || !own.has(name));
}

/** One flag; of a group, one for the group itself and one for each of its fields. */
function flagsOf(field: string, property: Property): Flag[] {
  const { kind, members: chosen } = property.cli ?? {};
  if (kind !== "group" && chosen === undefined) return [flagOf(field, property)];
  const fields = (property.anyOf?.find((each) => each.properties) ?? property).properties ?? {};
  const isMember = ([name, it]: [string, Property]) => chosen?.includes(name) ?? !it.cli?.hidden;
  const members = Object.entries(fields).filter(isMember);
  const description = (it: Property) => `With --${kebab(field)}: ${it.description}`;
  return [
    flagOf(field, kind === "group" ? { ...property, cli: {} } : property),
    ...members.map(([name, it]) => ({
      ...flagOf(name, it),
      into: field,
      description: description(it),
    })),
  ];
}

function flagOf(field: string, property: Property): Flag {
  const it = property.anyOf?.find((each) => each.type !== "null") ?? property;
  const { flag, short, kind, value, bare, pair } = property.cli ?? {};
  const type = kind === undefined || kind === "group" ? typeOf(it) : kind;
  return {
    field,
    name: flag ?? kebab(field),
    ...(short ? { short } : {}),
    ...(bare ? { bare } : {}),
    ...(pair ? { pair } : {}),
    kind: type,
    repeatable: it.type === "array" || type === "env" || type === "condition",
    local: false,
    ...(type === "boolean" ? {} : { value: value ?? it.enum?.join("|") ?? "VALUE" }),
    ...described(it),
    ...described(property),
  };
}

function kebab(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** How an argument's word is read. */
function valueKindOf(it: Property): Flag["kind"] {
  const { kind } = it.cli ?? {};
  return kind === undefined || kind === "group" || kind === "path" ? typeOf(it) : kind;
}

function typeOf(it: Property): Flag["kind"] {
  if (it.type === "boolean" || it.type === "integer" || it.type === "number") return it.type;
  return "text";
}

function described(it: Property): Partial<Pick<Flag, "description" | "choices" | "range">> {
  const description = it.cli?.help ?? it.description;
  return {
    ...(description ? { description } : {}),
    ...(it.enum ? { choices: it.enum } : {}),
    ...(it.minimum !== undefined ? { range: [it.minimum, it.maximum ?? 2 ** 53 - 1] } : {}),
  };
}

function localFlagOf({ name, short, value, description }: LocalFlag): Flag {
  return {
    field: name,
    name,
    ...(short ? { short } : {}),
    kind: value ? "text" : "boolean",
    repeatable: false,
    local: true,
    ...(value ? { value } : {}),
    description,
  };
}
