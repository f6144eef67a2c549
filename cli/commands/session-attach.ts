import { requestOf } from "../../src/client/route.ts";
import { routeOf } from "../../src/client/routes.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import { frameJson, framesContentType, frameType, readFrames } from "../../src/frames.ts";
import { type Command, clientOf, sessionOf } from "../context.ts";
import { FrameStream } from "../frame-stream.ts";
import { isTerminal } from "../is-terminal.ts";
import { enterRawMode } from "../terminal.ts";
import { usageError } from "../usage.ts";

/** ctrl+], as in telnet and virsh. */
const detachKey = 0x1d;

/** Shows the visible terminal here and passes keys on, until ctrl+] or its end. */
export const command: Command = async (context) => {
  const { output, streams } = context;
  if (!isTerminal(0) || !streams.stdout.isTerminal) {
    throw usageError(
      "session attach needs a terminal on both sides",
      "use `nexora type`, `nexora key` and `nexora screen` in scripts",
    );
  }
  const stream = new FrameStream({});
  const detach = new AbortController();
  const { target } = requestOf(routeOf("session.attach"), { session: sessionOf(context) }, true);
  const reply = await clientOf(context).fetch(target, {
    method: "POST",
    headers: { "content-type": framesContentType, accept: framesContentType },
    body: () => stream.body,
    signal: AbortSignal.any([context.signal, detach.signal]),
  });
  await output.note("attached; ctrl+] detaches");
  const restore = enterRawMode();
  try {
    void passKeys(stream, () => detach.abort());
    for await (const frame of readFrames(reply.body as AsyncIterable<Uint8Array>)) {
      if (frame.type === frameType.stdout) await output.bytes(frame.payload);
      if (frame.type === frameType.error) throw NexoraError.fromJSON(frameJson(frame));
      if (frame.type === frameType.result) break;
    }
  } catch (error) {
    if (!detach.signal.aborted) throw error;
  } finally {
    restore();
  }
  await output.note("\ndetached; the session goes on");
};

async function passKeys(stream: FrameStream, detach: () => void): Promise<void> {
  for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) {
    const at = chunk.indexOf(detachKey);
    await stream.write(frameType.stdin, at < 0 ? chunk : chunk.subarray(0, at));
    if (at >= 0) return detach();
  }
  detach();
}
