import type { OperationId, OutputItem } from "../contract/index.ts";
import type { Operation } from "../contract/operation.ts";

/** Carries an operation out, and resolves with its reply. */
export type Call = (
  operation: Operation,
  fields: Record<string, unknown>,
  signal: AbortSignal,
) => Promise<unknown>;

/** What goes on beside the calls of a client; it never starts a daemon. */
export interface Beside {
  call: Call;
  /** The items of an operation's stream, until `signal` aborts. */
  follow<Id extends "events" | "watch">(
    id: Id,
    fields: Record<string, unknown>,
    signal: AbortSignal,
  ): AsyncIterable<OutputItem<Id>>;
}

export interface McpOptions {
  operations: readonly Operation[];
  /** Those that do most of the work, or all. */
  tools: "usual" | "all";
  /** The session that all is about; null: each call names its own. */
  session: string | null;
  call: Call;
  beside: Beside;
}

/** An operation by its id. */
export function operationOf(operations: readonly Operation[], id: OperationId): Operation {
  const found = operations.find((operation) => operation.id === id);
  if (!found) throw new Error(`there is no operation ${id}`);
  return found;
}
