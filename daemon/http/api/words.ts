import { z } from "zod";
import { operations } from "../../../src/contract/index.ts";
import type { CliField, Operation } from "../../../src/contract/operation.ts";

/**
 * Header with which the command line asks for words as they stand. Hints are written once, as a
 * person at a shell would be told; every other client gets them in the API's own terms.
 */
const clientHeader = "x-nexora-client";

/** Fields of replies and errors whose text is meant for people. */
const forPeople = new Set(["hint", "message", "reason", "notices"]);

/** Fields of replies with what others say, in which nothing is ours to translate. */
const foreign = new Set(["value"]);

/** What the command line has and the API does not, and what one would do here instead. */
const elsewhere: Record<string, string> = {
  "`nexora cp`": "`PUT /v1/sessions/{session}/files`",
  "`nexora daemon logs`": "the daemon's log",
};

/** Whether a request comes from the command line. */
export function isCommandLine(request: Request): boolean {
  return request.headers.get(clientHeader) === "cli";
}

/** A reply or an error with all that it says to people in the API's terms. */
export function inApiWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inApiWords);
  if (typeof value !== "object" || value === null) return value;
  if ("toJSON" in value && typeof value.toJSON === "function") return inApiWords(value.toJSON());
  return Object.fromEntries(
    Object.entries(value).map(([name, it]) => [
      name,
      forPeople.has(name) ? translated(it) : foreign.has(name) ? it : inApiWords(it),
    ]),
  );
}

function translated(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(translated);
  return typeof value === "string" ? apiWords(value) : inApiWords(value);
}

/**
 * A text with the API's terms in place of the command line's: `nexora session rm web` in back
 * quotes becomes `DELETE /v1/sessions/web`, and a flag the field that it sets. What stands in double
 * quotes is somebody's own words.
 */
export function apiWords(text: string): string {
  return text.replaceAll(
    /"(?:[^"\\]|\\.)*"|`nexora [^`]+`|(?<=[\s(])--([a-z][a-z-]*)\b/g,
    (found, flag?: string) => {
      if (found.startsWith("`")) return elsewhere[found] ?? requestFor(found);
      const field = flag && fieldOf.get(flag);
      return field ? `\`${field}\`` : found;
    },
  );
}

/** `POST /v1/tokens` with {"scope":"act"}, for `nexora token new NAME --scope act` in back quotes. */
function requestFor(quoted: string): string {
  const words = quoted.slice("`nexora ".length, -1).split(" ");
  const operation = all
    .filter(({ id }) => id.split(".").every((word, at) => words[at] === word))
    .sort((a, b) => b.id.length - a.id.length)[0];
  if (!operation) return "the command line";
  const given = words.slice(operation.id.split(".").length);
  const fields: Record<string, string> = {};
  const values: string[] = [];
  for (let at = 0; at < given.length; at++) {
    const word = given[at] ?? "";
    const field = word.startsWith("--") ? fieldOf.get(word.slice(2)) : undefined;
    if (field !== undefined) fields[field] = given[++at] ?? "";
    else if (!word.startsWith("-")) values.push(word);
  }
  const path = operation.path.replace(/\{\w+\}/g, (part) => {
    const value = values.shift();
    // In capitals stands what the reader puts in, as the braces do.
    return value === undefined || value === value.toUpperCase() ? part : value;
  });
  const body = Object.keys(fields).length > 0 ? ` with ${JSON.stringify(fields)}` : "";
  return `\`${operation.method} ${path}\`${body}`;
}

const all: readonly Operation[] = operations;

/** The fields that flags set, by the flags' names; none of it depends on a request. */
const fieldOf: ReadonlyMap<string, string> = new Map(
  all.flatMap(({ input }) => {
    const { properties = {} } = z.toJSONSchema(input, { io: "input", unrepresentable: "any" });
    return Object.entries(properties).map(([field, property]): [string, string] => {
      const { cli } = property as { cli?: CliField };
      const flag = field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      return [cli?.flag ?? flag, field];
    });
  }),
);
