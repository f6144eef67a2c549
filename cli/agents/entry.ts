import { NexoraError } from "../../src/contract/errors.ts";

type Json = Record<string, unknown>;

/** What is to be in a file of configuration. */
export interface Entry {
  /** Name of the table of servers. */
  servers: string;
  /** The server's name in it. */
  name: string;
  value: Json;
  /** An item of a list, which is there when one with the same `key` is. */
  besides: { list: string; key: string; item: Json } | null;
}

/** A file's text with the entry in it. */
export interface Merged {
  text: string;
  /** What stood there in its place; null: nothing. */
  before: unknown;
}

/** The table of that name in what a file says; null: there is none. Throws when it is something else. */
export function tableIn(root: unknown, name: string, path: string): Json | null {
  const table = isTable(root) ? root[name] : undefined;
  if (isTable(root) && (table === undefined || isTable(table))) return table ?? null;
  const what = isTable(root) ? `\`${name}\` in ${path} is no table` : `${path} is no table`;
  throw new NexoraError("conflict", `${what}: it stays as it is`, { hint: byHand });
}

/** Throws that a file cannot be read as what it should be. */
export function unreadable(path: string, format: string, why: string): NexoraError {
  return new NexoraError("conflict", `${path} is not ${format}: ${why}; it stays as it is`, {
    hint: byHand,
  });
}

/** Throws that an entry cannot be put where it belongs without changing something else. */
export function unusual({ servers, name }: Entry, path: string): NexoraError {
  const where = `\`${servers}.${name}\` in ${path}`;
  return new NexoraError("conflict", `${where} is written in an unusual way: it stays as it is`, {
    hint: byHand,
  });
}

const secret = /token|secret|password|key|authorization/i;

/** What stood in a file as it may be shown: without what may be a secret. */
export function withoutSecrets(value: unknown): unknown {
  const text = JSON.stringify(value, (name, it) =>
    typeof it === "string" && secret.test(name) ? "***" : it,
  );
  return JSON.parse(text);
}

export const byHand = "mend it, or paste what is printed without --write";

function isTable(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
