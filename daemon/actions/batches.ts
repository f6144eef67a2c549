import type { StepResult } from "../../src/contract/batch.ts";
import { asNexoraError, NexoraError } from "../../src/contract/errors.ts";
import type { ExpectOutput } from "../../src/contract/expect.ts";
import type { Operation } from "../../src/contract/operation.ts";
import { unmet } from "../expect/unmet.ts";
import type { Principal } from "../principals/principal.ts";
import type { StepLooks } from "./step-looks.ts";

/** What carries operations out: the registry. */
export interface Executor {
  find(id: string): Operation | undefined;
  /** Throws when the principal may not, or a field is wrong. */
  check(operation: Operation, request: { principal: Principal; fields: Fields }): void;
  reply(
    operation: Operation,
    request: {
      principal: Principal;
      fields: Fields;
      signal: AbortSignal;
      earlier: readonly StepResult[];
    },
  ): Promise<unknown>;
}

type Fields = Record<string, unknown>;

interface Step {
  operation: Operation;
  fields: Fields;
}

export interface BatchResult {
  results: StepResult[];
  /** Index of the one that has failed. */
  failed: number | null;
}

/** Characters of text in all replies of a list. */
const maxReplies = 64 * 1024 * 1024;

/** Lists of operations on one session. */
export class Batches {
  constructor(private readonly executor: () => Executor) {}

  /**
   * What a list asks for, with nothing done yet. Throws `usage`, `forbidden` and `not_found`, which name
   * the one that is wrong.
   */
  plan(session: string, actions: readonly Record<string, Fields>[], principal: Principal): Step[] {
    return actions.map((action, at) => {
      const [[id, given] = ["", {}]] = Object.entries(action);
      const fields = { ...given, session };
      try {
        const operation = this.operation(id);
        if ("session" in given)
          throw new NexoraError("usage", "an action names no session: it is the whole list's");
        this.executor().check(operation, { principal, fields });
        return { operation, fields };
      } catch (thrown) {
        const { code, message, hint, details } = asNexoraError(thrown);
        throw new NexoraError(code, `actions.${at} (${id}): ${message}; nothing was done`, {
          hint,
          details,
        });
      }
    });
  }

  /** Carries them out up to the first that fails, or is a check that is not a yes. */
  async run(
    steps: readonly Step[],
    principal: Principal,
    looks: StepLooks | null,
    signal: AbortSignal,
  ): Promise<BatchResult> {
    const results: StepResult[] = [];
    let failed: number | null = null;
    let length = 0;
    for (const [at, { operation, fields }] of steps.entries()) {
      const its = { operation: operation.id, reply: null, error: null, screen: null };
      if (failed !== null) {
        results.push({ ...its, status: "not executed" });
        continue;
      }
      const request = { principal, fields, signal, earlier: results };
      const result = await this.carryOut(operation, request, (reply) => {
        length += lengthOf(reply);
        if (length > maxReplies) throw tooLong();
      });
      if (result.status === "failed") failed = at;
      const screen = looks && (await looks.after(operation, result, signal));
      results.push({ ...its, ...result, screen });
    }
    return { results, failed };
  }

  /** One step; `checkReply` throws for a reply that is too much. */
  private async carryOut(
    operation: Operation,
    request: Parameters<Executor["reply"]>[1],
    checkReply: (reply: unknown) => void,
  ): Promise<Pick<StepResult, "status" | "reply" | "error">> {
    try {
      const reply = await this.executor().reply(operation, request);
      checkReply(reply);
      const error = operation.id === "expect" ? unmet(reply as ExpectOutput) : null;
      return { status: error ? "failed" : "done", reply, error };
    } catch (thrown) {
      // Nobody is left to be told.
      request.signal.throwIfAborted();
      return { status: "failed", reply: null, error: asNexoraError(thrown).toJSON() };
    }
  }

  private operation(id: string): Operation {
    const operation = this.executor().find(id);
    if (!operation) {
      throw new NexoraError("not_found", `there is no operation ${JSON.stringify(id)}`, {
        hint: "GET /openapi.json lists them by their `operationId`",
      });
    }
    const { session, output, stream } = operation;
    if (session === "running" && output && stream?.in !== "archive" && id !== "batch")
      return operation;
    throw new NexoraError("usage", "it cannot be in a list", {
      hint: "a list takes what is done in a session that runs, and has a reply",
    });
  }
}

/** Characters of all text in a reply. */
function lengthOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce<number>((sum, inner) => sum + lengthOf(inner), 0);
}

function tooLong(): NexoraError {
  return new NexoraError("too_large", "it was done, but the list's replies are over 64 MiB", {
    hint: "write what is long into a file",
  });
}
