import type { StepResult } from "../../src/contract/batch.ts";
import { asNexoraError, type ErrorCode, type NexoraError } from "../../src/contract/errors.ts";
import { failuresOf } from "../../src/contract/failures.ts";
import type { Operation } from "../../src/contract/operation.ts";
import type { Audit } from "../events/audit.ts";
import type { Logger } from "../log.ts";
import { type Principal, permit } from "../principals/principal.ts";
import type { Live } from "../sessions/directory.ts";
import { storeFailure } from "../store/failure.ts";
import type { SessionRow } from "../store/sessions.ts";
import type { Turns } from "../turns.ts";
import type { AnyHandler, Call, HandlersOf } from "./handler.ts";
import { validate } from "./validate.ts";

/** Longest name of a session that is written down before it is known to be one. */
const maxName = 64;

/** A request as a door has understood it. */
export interface Request {
  principal: Principal;
  /** Unchecked. */
  fields: Record<string, unknown>;
  signal: AbortSignal;
  /** What was done before by the list that it is a step of. */
  earlier?: readonly StepResult[] | undefined;
  /** What the caller sends besides, item by item. */
  source?: ReadableStream<never> | undefined;
}

/** Finds the session that an operation is about; one that the principal may not see does not exist. */
export interface SessionFinder {
  running(reference: string, principal: Principal): Promise<Live>;
  row(reference: string, principal: Principal): Promise<SessionRow>;
  /** In use until it is disposed. */
  hold(id: string): Disposable;
}

export interface RegistryParts {
  sessions: SessionFinder;
  audit: Pick<Audit, "record">;
  turns: Pick<Turns, "begin" | "share">;
  log: Logger;
}

/**
 * Every operation with its handler. All doors come through here, so that who may do what, what is
 * valid input and what is written down is decided once.
 */
export class Registry {
  private readonly failures: ReadonlyMap<Operation, ReadonlySet<ErrorCode>>;

  private constructor(
    readonly operations: readonly Operation[],
    private readonly handlers: Record<string, AnyHandler>,
    private readonly parts: RegistryParts,
  ) {
    this.failures = new Map(operations.map((each) => [each, failuresOf(each)]));
  }

  /** The types see to it that no operation is without a handler. */
  static of<const Operations extends readonly Operation[]>(
    operations: Operations,
    handlers: HandlersOf<Operations>,
    parts: RegistryParts,
  ): Registry {
    return new Registry(operations, handlers, parts);
  }

  /** The operation with that id; undefined: there is none. */
  find(id: string): Operation | undefined {
    return this.operations.find((operation) => operation.id === id);
  }

  /** Throws, without carrying it out, when the principal may not, or a field is wrong. */
  check(operation: Operation, { principal, fields }: Pick<Request, "principal" | "fields">): void {
    permit(principal, operation);
    validate(operation.input, fields);
  }

  /** Carries an operation out, and resolves with its reply. */
  reply(operation: Operation, request: Request): Promise<unknown> {
    return this.entered(operation, request, async (input, call, visit) => {
      const reply = await this.handlers[operation.id]?.reply?.(input, call);
      visit[Symbol.dispose]();
      return reply;
    });
  }

  /** Carries an operation out, and resolves with its stream once that has begun; it ends with its caller's token. */
  stream(operation: Operation, request: Request): Promise<AsyncIterable<unknown>> {
    const ended = request.principal.validity?.ended;
    const signal = ended ? AbortSignal.any([request.signal, ended]) : request.signal;
    return this.entered(operation, { ...request, signal }, async (input, call, visit) => {
      const items = await this.handlers[operation.id]?.stream?.(input, call);
      // Who goes before the first item is read never ends the stream.
      const leave = () => visit[Symbol.dispose]();
      if (call.signal.aborted) leave();
      call.signal.addEventListener("abort", leave, { once: true });
      return this.watched(operation, items as AsyncIterable<unknown>, visit);
    });
  }

  private async entered<T>(
    operation: Operation,
    { principal, fields, signal, source, earlier = [] }: Request,
    run: (input: unknown, call: Call, visit: Visit) => Promise<T>,
  ): Promise<T> {
    const named = operation.session ? String(fields.session).slice(0, maxName) : null;
    const visit = new Visit(operation, principal, this.parts, named);
    try {
      principal.validity?.ended.throwIfAborted();
      permit(principal, operation);
      const input = validate(operation.input, fields);
      const session = await this.sessionOf(operation, input, principal, visit);
      const about = ({ id, name }: { id: string; name: string }) => visit.about(id, name, null);
      const call = { principal, signal, about, session, earlier, source: source ?? emptyStream() };
      // The session's kind follows from the operation; only its handler's type says so.
      const carryOut = () => run(input, call as Call, visit);
      return await this.inTurn(operation, session, signal, carryOut);
    } catch (thrown) {
      throw visit.failed(this.known(operation, thrown));
    }
  }

  /** Runs a handler when no list of others holds its session, if that matters to it. */
  private async inTurn<T>(
    { turn }: Operation,
    session: Live | SessionRow | null,
    signal: AbortSignal,
    run: () => Promise<T>,
  ): Promise<T> {
    if (turn === undefined || session === null) return run();
    const { id } = "row" in session ? session.row : session;
    if (turn === "whole") return this.parts.turns.share(id, run, signal);
    await this.parts.turns.begin(id, signal);
    return run();
  }

  private async *watched(
    operation: Operation,
    items: AsyncIterable<unknown>,
    visit: Visit,
  ): AsyncGenerator<unknown> {
    using _visit = visit;
    try {
      yield* items;
    } catch (thrown) {
      throw visit.failed(this.known(operation, thrown));
    }
  }

  private async sessionOf(
    operation: Operation,
    input: Record<string, unknown>,
    principal: Principal,
    visit: Visit,
  ): Promise<Live | SessionRow | null> {
    const { sessions } = this.parts;
    if (operation.session === undefined) return null;
    const reference = String(input.session);
    if (operation.session === "any") {
      const row = await sessions.row(reference, principal);
      visit.about(row.id, row.name, null);
      return row;
    }
    const live = await sessions.running(reference, principal);
    visit.about(live.row.id, live.row.name, sessions.hold(live.row.id));
    return live;
  }

  /** What was thrown as an error of ours; one that the operation does not state is a bug, and told. */
  private known(operation: Operation, thrown: unknown): NexoraError {
    const error = asNexoraError(storeFailure(thrown));
    const { code, message } = error;
    if (code === "unexpected" || !this.failures.get(operation)?.has(code)) {
      const fields = { operation: operation.id, code, message, error: thrown };
      this.parts.log.error("undeclared error", fields);
    }
    return error;
  }
}

/** One call of an operation, from its beginning to the end of its stream. */
class Visit implements Disposable {
  private sessionId: string | null = null;
  private use: Disposable | null = null;
  private code: ErrorCode | null = null;
  private ended = false;

  constructor(
    private readonly operation: Operation,
    private readonly principal: Principal,
    private readonly parts: RegistryParts,
    /** The session's name; as the caller gives it until it is found. */
    private named: string | null,
  ) {}

  about(sessionId: string, name: string, use: Disposable | null): void {
    this.sessionId = sessionId;
    this.named = name;
    this.use = use;
  }

  failed(error: NexoraError): NexoraError {
    this.code = error.code;
    this[Symbol.dispose]();
    return error;
  }

  [Symbol.dispose](): void {
    if (this.ended) return;
    this.ended = true;
    this.use?.[Symbol.dispose]();
    // What only reads changes nothing, whoever may do it.
    if (this.operation.access === "read" || this.operation.method === "GET") return;
    this.parts.audit.record({
      principal: this.principal,
      operation: this.operation.id,
      session: this.named,
      sessionId: this.sessionId,
      code: this.code,
    });
  }
}

function emptyStream(): ReadableStream<never> {
  return new ReadableStream({ start: (controller) => controller.close() });
}
