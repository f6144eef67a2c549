import type { z } from "zod";
import { deadline } from "../../src/abort.ts";
import { asNexoraError, NexoraError } from "../../src/contract/errors.ts";
import { codeOf } from "../../src/thrown.ts";
import type { Address } from "../address.ts";
import { bodyOf, checked, foreign, impostor } from "./reply.ts";

/** Where a session's runner listens, and what it believes. */
export type RunnerAddress = Address & { token: string };

/** What a runner is asked, and has a JSON reply to. */
export interface Question {
  /** Of the path, what comes after `/runner/`. */
  at: string;
  /** Body of a POST; without one it is a GET. */
  post?: unknown;
  /** How long the reply may take, in milliseconds. */
  withinMs?: number;
}

/** How long a JSON reply may take, in milliseconds. */
export const replyMs = 10_000;

/** Speaks a runner's HTTP (src/runner/protocol.ts). */
export class RunnerRequests {
  constructor(private readonly locate: (session: string) => Promise<RunnerAddress>) {}

  /**
   * One request to the runner, with its token. Throws the runner's own error for a status above
   * 399, and `engine_failed` when it does not answer.
   */
  async fetch(
    session: string,
    path: string,
    init: RequestInit,
    signal?: AbortSignal,
  ): Promise<Response> {
    const address = await this.locate(session);
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${address.token}`);
    let reply: Response;
    try {
      const host = "socket" in address ? "runner" : `${address.hostname}:${address.port}`;
      reply = await fetch(`http://${host}${path}`, {
        ...init,
        ...("socket" in address ? { unix: address.socket } : {}),
        headers,
        // What runs inside may be silent for as long as it likes: Bun's limit is 5 minutes.
        timeout: false,
        redirect: "error",
        // A few bytes could become a gigabyte.
        decompress: false,
        // A proxy from the environment must never see loopback traffic.
        proxy: "",
        ...(signal ? { signal } : {}),
      });
    } catch (error) {
      if (signal?.aborted) throw asNexoraError(signal.reason);
      throw new NexoraError(
        "engine_failed",
        `the workstation's runner does not answer (${codeOf(error) || "no reply"})`,
        {
          hint: "see `nexora session logs` and `nexora session show`",
          cause: error,
        },
      );
    }
    if (reply.headers.has("content-encoding")) {
      await reply.body?.cancel();
      const what = "the runner's reply is compressed, which a runner's never is";
      throw new NexoraError("engine_failed", what, impostor);
    }
    if (reply.status > 399) throw foreign(await bodyOf(reply));
    return reply;
  }

  /** A reply as `schema` has it. Throws as `fetch` does, and `timeout`. */
  async ask<T>(
    schema: z.ZodType<T>,
    session: string,
    { at, post, withinMs = replyMs }: Question,
    signal?: AbortSignal,
  ): Promise<T> {
    const init = post === undefined ? {} : { method: "POST", body: JSON.stringify(post) };
    const ends = deadline(withinMs, signal);
    try {
      return await checked(schema, await this.fetch(session, `/runner/${at}`, init, ends));
    } catch (error) {
      if (ends.aborted && !signal?.aborted) throw notAnswering(withinMs, error);
      throw error;
    }
  }
}

function notAnswering(ms: number, cause: unknown): NexoraError {
  return new NexoraError("timeout", `the workstation has not answered for ${ms / 1000} s`, {
    hint: "see `nexora session show`: is it paused, or out of memory?",
    cause,
  });
}
