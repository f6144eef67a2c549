import { NexoraError } from "../contract/errors.ts";
import type { OutputItem } from "../contract/index.ts";
import type { ProcessInput } from "../contract/process.ts";
import {
  encodeJsonFrame,
  framesContentType,
  frameType,
  outputItem,
  readFrames,
  requestFrames,
} from "../frames.ts";
import type { Client } from "./client.ts";

/**
 * A program's output as it comes, while `input` goes to it; null: it gets none. Throws the daemon's
 * error, and `engine_failed` when the stream ends before the program does.
 */
export async function* runProcess(
  client: Client,
  id: "exec" | "session.attach",
  { session, ...fields }: { session: string },
  input: ReadableStream<ProcessInput> | null,
  signal: AbortSignal,
): AsyncGenerator<OutputItem<typeof id>> {
  const reply = await client.open(id, { session }, signal, {
    accept: framesContentType,
    contentType: framesContentType,
    body: () => (input ? requestFrames(fields, input) : encodeJsonFrame(frameType.spec, fields)),
  });
  for await (const frame of readFrames(reply.body ?? [])) {
    const item = outputItem(frame);
    if (item) yield item;
    if (item?.type === "result") return;
  }
  throw new NexoraError("engine_failed", "the connection closed before the command finished", {
    hint: "see `nexora session show` and `nexora daemon logs`",
  });
}
