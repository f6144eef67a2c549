import type Docker from "dockerode";
import { renderLine } from "./boot.ts";
import { abortable, doing, failure } from "./calls.ts";
import { readLines } from "./output.ts";

/** The last lines that a workstation's programs wrote, and with `follow` those that come. */
export async function* workstationLog(
  container: Docker.Container,
  { tail, follow }: { tail: number; follow: boolean },
  signal?: AbortSignal,
): AsyncGenerator<string> {
  const query = { stdout: true, stderr: true, tail, ...abortable(signal) };
  const what = "read the workstation's log";
  if (!follow) {
    const bytes = await doing(what, container.logs({ ...query, follow: false }), signal);
    for await (const line of readLines(once(bytes))) yield renderLine(line);
    return;
  }
  const stream = await doing(what, container.logs({ ...query, follow: true }), signal);
  try {
    for await (const line of readLines(stream as AsyncIterable<Uint8Array>)) {
      yield renderLine(line);
    }
  } catch (error) {
    throw failure(error, what, signal);
  } finally {
    (stream as unknown as { destroy(): void }).destroy();
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
