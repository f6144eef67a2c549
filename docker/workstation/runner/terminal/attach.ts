import { NexoraError } from "../../../../src/contract/errors.ts";
import {
  encodeFrames,
  encodeJsonFrame,
  type Frame,
  frameJson,
  framesContentType,
  frameType,
  readFrames,
} from "../../../../src/frames.ts";
import type { RunnerAttachSpec } from "../../../../src/runner/terminal.ts";
import { OutputStream } from "../exec/output.ts";
import type { SharedTerminal } from "./terminal.ts";

/** Output that waits for an attached client before it is dropped for a fresh redraw. */
const maxBacklog = 1024 * 1024;

/**
 * Mirrors a terminal to a client: a redraw of the present screen, then its output, as stdout
 * frames; stdin frames are typed. Its size stays the xterm's business. A client that falls
 * behind never holds the terminal's own user up: it misses output and gets the screen anew.
 */
export async function attach(
  request: Request,
  choose: (id: string | undefined) => SharedTerminal,
): Promise<Response> {
  if (!request.body) throw new NexoraError("usage", "an attach needs frames in its body");
  const frames = readFrames(request.body);
  const first = await frames.next();
  if (first.done || first.value.type !== frameType.spec) {
    throw new NexoraError("usage", "the first frame must be the spec");
  }
  const { terminal: id } = (frameJson(first.value) ?? {}) as Partial<
    Record<keyof RunnerAttachSpec, unknown>
  >;
  const terminal = choose(typeof id === "string" ? id : undefined);
  const output = new OutputStream(request.signal);
  let lagging = false;
  const send = (bytes: Uint8Array) => {
    for (const frame of encodeFrames(frameType.stdout, bytes)) output.push(frame);
  };
  const viewer = {
    backlog: 0,
    write: (bytes: Uint8Array) => {
      if (lagging) return;
      lagging = output.backlog > maxBacklog;
      if (lagging) terminal.leave(viewer);
      else send(bytes);
    },
    end: () => {
      const ending = { exitCode: null, signal: null, timedOut: false, durationMs: 0 };
      output.push(encodeJsonFrame(frameType.result, ending));
      output.end();
    },
  };
  output.onRelief = () => {
    if (!lagging || output.backlog > 0) return;
    lagging = false;
    terminal.view(viewer);
  };
  output.cancelled.addEventListener("abort", () => terminal.leave(viewer));
  output.push(encodeJsonFrame(frameType.started, { pid: terminal.pid }));
  terminal.view(viewer);
  void type(frames, terminal);
  return new Response(output.body, { headers: { "content-type": framesContentType } });
}

async function type(frames: AsyncGenerator<Frame>, terminal: SharedTerminal): Promise<void> {
  try {
    for await (const frame of frames) {
      if (frame.type === frameType.stdin) await terminal.mirrored(frame.payload);
    }
  } catch {
    // The client went away in the middle of a frame; its mirror ends by itself.
  }
}
