import type { z } from "zod";
import type { StepResult } from "../../src/contract/batch.ts";
import type {
  InputItemOf,
  InputOf,
  Operation,
  OutputItemOf,
} from "../../src/contract/operation.ts";
import type { Principal } from "../principals/principal.ts";
import type { Live } from "../sessions/directory.ts";
import type { SessionRow } from "../store/sessions.ts";

/** What a handler knows of the call besides its input; nothing of it tells the door. */
export interface Call<O extends Operation = Operation> {
  principal: Principal;
  /** Aborts when the caller goes away. */
  signal: AbortSignal;
  /** Says which session the call is about when its input names none yet. */
  about(session: { id: string; name: string }): void;
  /** The session that the input names; the operation says whether it runs. */
  session: O["session"] extends "running" ? Live : O["session"] extends "any" ? SessionRow : null;
  /** What was done before by the list that it is a step of; empty outside of one. */
  earlier: readonly StepResult[];
  /** What the caller sends, item by item; empty unless the operation takes a stream. */
  source: ReadableStream<InputItemOf<O>>;
}

type ReplyOf<O extends Operation> = O["output"] extends z.ZodType ? z.input<O["output"]> : never;

type Reply<O extends Operation> = (
  input: InputOf<O>,
  call: Call<O>,
) => Promise<ReplyOf<O>> | ReplyOf<O>;

/** Resolves once the stream has begun: what fails before is an error like any other. */
type Open<O extends Operation> = (
  input: InputOf<O>,
  call: Call<O>,
) => Promise<AsyncIterable<OutputItemOf<O>>> | AsyncIterable<OutputItemOf<O>>;

/** What serves an operation: a function that replies, one that streams, or both. */
type HandlerOf<O extends Operation> = O["stream"] extends { out: string }
  ? O["output"] extends null
    ? { stream: Open<O> }
    : { reply: Reply<O>; stream: Open<O> }
  : { reply: Reply<O> };

/** A handler for each of a list of operations, by id. */
export type HandlersOf<Operations extends readonly Operation[]> = {
  [O in Operations[number] as O["id"]]: HandlerOf<O>;
};

/** A handler whose types nobody knows any more; the registry has checked its input. */
export interface AnyHandler {
  reply?(input: unknown, call: Call): unknown;
  stream?(input: unknown, call: Call): unknown;
}
