import type { IncomingMessage } from "node:http";
import { NexoraError } from "../../contract/errors.ts";
import { readLines } from "../../lines.ts";
import type { OperationFacts } from "./facts.ts";

/** Longest JSON reply that is read, and longest line of a stream, in bytes. */
const maxReply = 256 * 1024 * 1024;

/** The reply itself when it is none of an error. Throws the daemon's error otherwise. */
export async function accepted(
  facts: OperationFacts,
  reply: IncomingMessage,
): Promise<IncomingMessage> {
  const status = reply.statusCode ?? 0;
  if (status < 400 || (status === 503 && facts.healthy)) return reply;
  throw NexoraError.fromJSON(await readJson(reply));
}

/** The items of a stream as they come. Throws the error that ends it. */
export async function* itemsIn(reply: IncomingMessage): AsyncGenerator<unknown> {
  const overlong = () => new NexoraError("unexpected", "a line of the daemon's reply is too long");
  for await (const line of readLines(reply, { maxBytes: maxReply, overlong })) {
    if (line === "") continue;
    const item = parse(line, reply) as { type?: unknown; error?: unknown };
    if (item.type === "error" && item.error) throw NexoraError.fromJSON(item.error);
    yield item;
  }
}

/** A reply's JSON, of bounded size. */
export async function readJson(reply: IncomingMessage): Promise<unknown> {
  return parse((await readAll(reply)).toString("utf8"), reply);
}

/** A reply's body, of bounded size. */
export async function readAll(reply: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of reply) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxReply) throw new NexoraError("unexpected", "the daemon's reply is too long");
  }
  return Buffer.concat(chunks);
}

function parse(text: string, { statusCode }: IncomingMessage): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const what = `the daemon replied ${statusCode}, but not with JSON`;
    throw new NexoraError("unexpected", what, { hint: "is it really a Nexora daemon?", cause });
  }
}
