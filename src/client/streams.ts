import { NexoraError } from "../contract/errors.ts";
import type { Fields, OperationId, OperationOf, Output, OutputItem } from "../contract/index.ts";
import { readLines } from "../lines.ts";
import { type Client, maxReply } from "./client.ts";

/** Ids of the operations that give a stream of that shape. */
type Giving<Shape> = {
  [Id in OperationId]: OperationOf<Id> extends { stream: { out: Shape } } ? Id : never;
}[OperationId];

/** The items of an operation's stream, as they come. Throws the error that ends the stream. */
export async function* itemsOf<Id extends Giving<"items">>(
  client: Client,
  id: Id,
  fields: object,
  signal: AbortSignal,
): AsyncGenerator<OutputItem<Id>> {
  const reply = await client.open(id, fields, signal, { accept: "application/x-ndjson" });
  const overlong = () => new NexoraError("unexpected", "a line of the daemon's reply is too long");
  for await (const line of readLines(reply.body ?? [], { maxBytes: maxReply, overlong })) {
    if (line === "") continue;
    const item = parse(line);
    if (item.type === "error" && item.error) throw NexoraError.fromJSON(item.error);
    yield item;
  }
}

function parse(line: string) {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new NexoraError("unexpected", "a line of the daemon's reply is not JSON", { cause });
  }
}

/** The lines of an operation's stream, as they come. */
export async function* linesOf(
  client: Client,
  id: Giving<"lines">,
  fields: object,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const reply = await client.open(id, fields, signal);
  yield* readLines(reply.body ?? []);
}

/** A file or folder of a workstation as a tar archive. */
export async function archiveOf(
  client: Client,
  fields: Fields<"files.get">,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const reply = await client.open("files.get", fields, signal);
  if (reply.body) return reply.body;
  throw new NexoraError("unexpected", "the daemon sent no archive");
}

/** Unpacks a tar archive in a workstation; `source` is made anew when the request is sent again. */
export function sendArchive(
  client: Client,
  fields: Fields<"files.put">,
  source: () => ReadableStream<Uint8Array>,
  signal: AbortSignal,
): Promise<Output<"files.put">> {
  const form = { contentType: "application/x-tar", body: source };
  return client.request("files.put", fields, signal, form);
}
