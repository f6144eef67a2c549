import { NexoraError } from "../../../src/contract/errors.ts";
import { exec, execSpec } from "../../../src/contract/exec.ts";
import {
  encodeJsonFrame,
  type Frame,
  frameJson,
  framesContentType,
  frameType,
} from "../../../src/frames.ts";
import type { RunnerExecSpec } from "../../../src/runner/protocol.ts";
import type { Exec } from "../../exec/exec.ts";
import { firstFrame } from "../../exec/first-frame.ts";
import type { Directory } from "../../sessions/directory.ts";
import { validate } from "../input.ts";
import type { Router } from "../route.ts";

const ndjson = "application/x-ndjson";

export function execRoutes(
  router: Router,
  { directory, exec: commands }: { directory: Directory; exec: Exec },
): void {
  router.on(exec, async ({ input, request, signal }) => {
    const { row } = await directory.running(input.session);
    if (request.headers.get("content-type") === framesContentType) {
      return framesReply(commands, row.id, request, signal);
    }
    const spec = runnerSpec(input);
    if (spec.tty) {
      throw new NexoraError("usage", "tty: a terminal needs the stream of frames", {
        hint: "docs/http-api.md describes it; `nexora exec -t` speaks it",
      });
    }
    const stdin = Buffer.from(input.stdin ?? "", input.stdinEncoding);
    if (!request.headers.get("accept")?.includes(ndjson)) {
      return commands.run(row.id, spec, stdin, signal);
    }
    const frames = commands.frames(row.id, spec, stdin, signal);
    return new Response(ndjsonStream(frames), { headers: { "content-type": ndjson } });
  });
}

async function framesReply(
  commands: Exec,
  session: string,
  request: Request,
  signal: AbortSignal,
): Promise<Response> {
  const { frame, behind } = await firstFrame(request.body as ReadableStream<Uint8Array> | null);
  const { tty, ...spec } = specOf(frame);
  const head = encodeJsonFrame(frameType.spec, { ...runnerSpec({ ...spec, tty: false }), tty });
  const reply = await commands.stream(session, "/runner/exec", behind(head), signal);
  return new Response(reply, { headers: { "content-type": framesContentType } });
}

interface Terminal {
  columns: number;
  rows: number;
  term: string;
}

/** The first frame's spec: as in JSON, but `tty` is the size of the caller's terminal, or null. */
function specOf(frame: Frame) {
  let fields: Record<string, unknown>;
  try {
    if (frame.type !== frameType.spec) throw new SyntaxError("not a spec frame");
    fields = frameJson(frame) as Record<string, unknown>;
  } catch (cause) {
    throw new NexoraError("usage", "the stream does not start with a `spec` frame of JSON", {
      cause,
    });
  }
  const { tty, ...others } = fields ?? {};
  return { ...validate(execSpec.omit({ tty: true }), others), tty: terminalOf(tty) };
}

function terminalOf(tty: unknown): Terminal | null {
  if (typeof tty !== "object" || tty === null) return null;
  const { columns, rows, term } = tty as Partial<Terminal>;
  const cells = (count: unknown, fallback: number) =>
    Number.isInteger(count) && Number(count) > 0 && Number(count) <= 1000
      ? Number(count)
      : fallback;
  const known = typeof term === "string" && /^[\w.+-]{1,64}$/.test(term);
  return {
    columns: cells(columns, 80),
    rows: cells(rows, 24),
    term: known ? term : "xterm-256color",
  };
}

function runnerSpec(input: {
  command: string[];
  cwd?: string | undefined;
  env?: Record<string, string> | undefined;
  timeoutMs?: number | undefined;
  tty: boolean;
  detach: boolean;
}): RunnerExecSpec {
  const { command, cwd, env, timeoutMs, tty, detach } = input;
  return {
    command,
    detach,
    tty: tty ? { columns: 80, rows: 24, term: "xterm-256color" } : null,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}

const names = new Map<number, string>(
  Object.entries(frameType).map(([name, type]) => [type, name]),
);

/** Frames as lines: output as text with its encoding, the rest as the JSON that it is. */
function ndjsonStream(frames: AsyncGenerator<Frame>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const line = (value: unknown) => encoder.encode(`${JSON.stringify(value)}\n`);
  // A character may be cut between two frames: a decoder for each output holds its head back.
  const decoders = new Map(
    [frameType.stdout, frameType.stderr].map((type) => [type as number, new TextDecoder()]),
  );
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await frames.next();
        if (done) return controller.close();
        const type = names.get(value.type) ?? "unknown";
        const decoder = decoders.get(value.type);
        controller.enqueue(
          decoder
            ? line({
                type,
                data: decoder.decode(value.payload, { stream: true }),
                base64: Buffer.from(value.payload).toString("base64"),
              })
            : line({ type, ...(frameJson(value) as object) }),
        );
      } catch (error) {
        const known =
          error instanceof NexoraError ? error : new NexoraError("unexpected", String(error));
        controller.enqueue(line({ type: "error", error: known }));
        controller.close();
      }
    },
    cancel: async () => void (await frames.return(undefined)),
  });
}
