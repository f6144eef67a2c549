import { brokenConnection } from "../../client/broken.ts";
import type { Endpoint } from "../../client/endpoint.ts";
import { requestOf } from "../../client/route.ts";
import { NexoraError } from "../../contract/errors.ts";
import { framesContentType } from "../../frames.ts";
import { readLines } from "../../lines.ts";
import { codeOf, messageOf } from "../../thrown.ts";
import type { OperationFacts } from "./facts.ts";
import { type Exchange, exchange, put, type Question } from "./http.ts";
import { Patience } from "./patience.ts";
import { openProcess } from "./process.ts";
import { accepted, itemsIn, readAll, readJson } from "./replies.ts";
import type { Bytes, CallOptions, Process, ProcessOptions } from "./types.ts";

export interface CallsOptions {
  endpoint: Endpoint;
  /** Version of this package: a daemon that it does not understand refuses the call. */
  version: string;
  /** How often a read is sent again when the connection breaks. */
  retries: number;
}

type Fields = Record<string, unknown>;

/** Carries operations out. Throws a NexoraError and nothing else. */
export class Calls {
  constructor(private readonly options: CallsOptions) {}

  /** An operation's reply. */
  reply(facts: OperationFacts, fields: Fields, options: CallOptions): Promise<unknown> {
    return this.patiently(facts, options, async (patience) => {
      const { reply } = await this.open(facts, fields, patience, "application/json");
      return readJson(reply);
    });
  }

  /** The picture of an operation's reply as bytes. */
  picture(facts: OperationFacts, fields: Fields, options: CallOptions): Promise<unknown> {
    const type = `image/${fields.format ?? "png"}`;
    return this.patiently(facts, options, async (patience) => {
      const { reply } = await this.open(facts, fields, patience, type);
      const bytes = await readAll(reply);
      const is = reply.statusCode === 200;
      const meta = JSON.parse(String(reply.headers["x-nexora-meta"] ?? "{}"));
      return {
        bytes: is ? bytes : null,
        type: is ? (reply.headers["content-type"] ?? null) : null,
        facts: meta,
      };
    });
  }

  /** Sends an archive, and gives the reply. */
  async upload(facts: OperationFacts, fields: Fields, archive: Bytes, options: CallOptions) {
    return this.patiently({ ...facts, reads: false }, options, async (patience) => {
      const started = this.send(facts, fields, patience, "application/x-tar");
      const sent = sendAll(archive, started).then(() => started.reply);
      sent.catch(() => {});
      try {
        // A reply may come before all is sent, and says why no more is wanted.
        const reply = await Promise.race([started.reply, sent]);
        return await readJson(await accepted(facts, reply));
      } finally {
        // A request that goes on would keep the program alive.
        started.request.destroy();
      }
    });
  }

  /** The items, lines or bytes of an operation's stream, as they come. */
  async *stream(
    facts: OperationFacts,
    fields: Fields,
    options: CallOptions,
  ): AsyncGenerator<unknown, void, undefined> {
    const patience = new Patience(options);
    const accept = facts.gives === "items" ? "application/x-ndjson" : "*/*";
    let opened: Awaited<ReturnType<Calls["open"]>> | undefined;
    try {
      opened = await this.retried(facts, patience, () =>
        this.open(facts, fields, patience, accept),
      );
      patience.begun();
      if (facts.gives === "archive") yield* opened.reply;
      else if (facts.gives === "lines") yield* readLines(opened.reply);
      else yield* itemsIn(opened.reply);
    } catch (thrown) {
      throw failure(thrown, facts, patience, this.options.endpoint);
    } finally {
      opened?.request.destroy();
      patience.end();
    }
  }

  /** Starts a program; what fails is thrown to who reads its output. */
  process(facts: OperationFacts, all: Fields, options: ProcessOptions): Process {
    const { session, ...fields } = all;
    const patience = new Patience(options);
    const started = this.send(facts, { session }, patience, framesContentType);
    const body = started.reply.then((reply) => {
      patience.begun();
      return accepted(facts, reply);
    });
    // Also when nobody reads the error.
    body.catch(() => started.request.destroy());
    started.request.once("close", () => patience.end());
    const opened = {
      request: started.request,
      body,
      failure: (thrown: unknown) => failure(thrown, facts, patience, this.options.endpoint),
    };
    return openProcess(opened, fields, options.interactive === true || !facts.replies);
  }

  /** Sends a request whose body is still to be written. */
  private send(facts: OperationFacts, fields: Fields, patience: Patience, type: string): Exchange {
    const { target } = requestOf(facts, fields, true);
    const headers = { "content-type": type, accept: type === framesContentType ? type : "*/*" };
    return this.exchange(facts, { target, headers, body: undefined }, patience);
  }

  private async open(facts: OperationFacts, fields: Fields, patience: Patience, accept: string) {
    const { target, body = null } = requestOf(facts, fields);
    const type = body === null ? {} : { "content-type": "application/json" };
    const headers = { accept, ...type };
    const { request, reply } = this.exchange(facts, { target, headers, body }, patience);
    return { request, reply: await accepted(facts, await reply) };
  }

  private exchange(
    { method }: OperationFacts,
    question: Omit<Question, "method">,
    { signal }: Patience,
  ): Exchange {
    const headers = { ...question.headers, "x-nexora-version": this.options.version };
    return exchange(this.options.endpoint, { ...question, method, headers }, signal);
  }

  /** Makes a call from its beginning to its end. */
  private async patiently<T>(
    facts: OperationFacts,
    options: CallOptions,
    call: (patience: Patience) => Promise<T>,
  ): Promise<T> {
    const patience = new Patience(options);
    try {
      return await this.retried(facts, patience, () => call(patience));
    } catch (thrown) {
      throw failure(thrown, facts, patience, this.options.endpoint);
    } finally {
      patience.end();
    }
  }

  /** What reads is tried again when the connection breaks: the daemon may be starting anew. */
  private async retried<T>({ reads }: OperationFacts, patience: Patience, call: () => Promise<T>) {
    for (let attempt = 0; ; attempt++) {
      try {
        patience.check();
        return await call();
      } catch (thrown) {
        const last = !reads || attempt >= this.options.retries;
        if (last || thrown instanceof NexoraError) throw thrown;
        await patience.pause(firstPauseMs * 4 ** attempt);
      }
    }
  }
}

const firstPauseMs = 100;

/** Sends an archive as a request's body. Throws when it cannot be read. */
async function sendAll(archive: Bytes, { request }: Exchange): Promise<void> {
  try {
    for await (const chunk of archive instanceof Uint8Array ? [archive] : archive) {
      if (!(await put(request, chunk))) return;
    }
    request.end();
  } catch (cause) {
    const what = `the archive cannot be read: ${messageOf(cause)}`;
    throw new NexoraError("unexpected", what, { cause });
  }
}

/** The error for what a call has thrown. */
function failure(
  thrown: unknown,
  { reads }: OperationFacts,
  patience: Patience,
  { base, socket }: Endpoint,
): unknown {
  try {
    patience.check();
  } catch (reason) {
    return reason;
  }
  if (thrown instanceof NexoraError) return thrown;
  if (!["ENOENT", "ECONNREFUSED"].includes(codeOf(thrown))) {
    return brokenConnection(thrown, reads ? "read" : "act");
  }
  return new NexoraError("daemon_unreachable", `no daemon is listening on ${socket ?? base}`, {
    hint: "start it with `nexora daemon start`",
    cause: thrown,
  });
}
