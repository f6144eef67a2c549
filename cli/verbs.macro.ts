import { z } from "zod";
import { operations } from "../src/contract/index.ts";
import { localVerbs } from "../src/contract/local.ts";
import type { CliField, LocalFlag, LocalVerb, Operation } from "../src/contract/operation.ts";
import type { Argument, Flag, Verb } from "./verbs.ts";

/** Verbs whose first word starts another command line, so that flags after it are not ours. */
const passThrough = new Set(["exec"]);
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
}

/**
 * The verbs as plain data, read off the contract. A macro: it runs when the CLI is bundled (or
 * transpiled), so that neither zod nor a schema is loaded when the CLI runs.
 */
export function verbTable(): Verb[] {
  const routed = operations.filter((operation) => operation.verb !== null);
  return [...routed, ...localVerbs].map(verbOf);
}

function verbOf(definition: Operation | LocalVerb): Verb {
  const { id, summary, description, examples } = definition;
  const schema = z.toJSONSchema(definition.input, { io: "input", unrepresentable: "any" });
  const required = new Set(schema.required);
  const shown = Object.entries(schema.properties as Record<string, Property>).filter(
    ([, property]) => !property.cli?.hidden,
  );
  const isArgument = ([, property]: [string, Property]) => property.cli?.positional !== undefined;
  const route = "path" in definition ? { method: definition.method, path: definition.path } : null;
  return {
    id,
    words: ((route && (definition as Operation).verb) || id.replaceAll(".", " ")).split(" "),
    summary,
    ...(description ? { description } : {}),
    route,
    needsSession: route?.path.includes("{session}") ?? false,
    passThrough: passThrough.has(id),
    arguments: shown.filter(isArgument).map(([name, it]) => argumentOf(id, name, it, required)),
    flags: [
      ...shown.filter((entry) => !isArgument(entry)).map(([name, it]) => flagOf(name, it)),
      ...(definition.localFlags ?? []).map(localFlagOf),
    ],
    examples: [...(examples ?? [])],
  };
}

function argumentOf(id: string, field: string, it: Property, required: Set<string>): Argument {
  return {
    field,
    name: it.cli?.value ?? field.toUpperCase(),
    required: required.has(field) && (field !== "session" || explicitSession.has(id)),
    rest: it.cli?.positional === "rest" || (field === "session" && manySessions.has(id)),
    ...described(it),
  };
}

function flagOf(field: string, property: Property): Flag {
  const it = property.anyOf?.find((each) => each.type !== "null") ?? property;
  const { flag, short, kind, value } = property.cli ?? {};
  const type = kind ?? typeOf(it);
  return {
    field,
    name: flag ?? field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    ...(short ? { short } : {}),
    kind: type,
    repeatable: it.type === "array" || type === "env",
    local: false,
    ...(type === "boolean" ? {} : { value: value ?? it.enum?.join("|") ?? "VALUE" }),
    ...described(it),
    ...described(property),
  };
}

function typeOf(it: Property): Flag["kind"] {
  if (it.type === "boolean" || it.type === "integer" || it.type === "number") return it.type;
  return "text";
}

function described(it: Property): Partial<Pick<Flag, "description" | "choices" | "range">> {
  return {
    ...(it.description ? { description: it.description } : {}),
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
