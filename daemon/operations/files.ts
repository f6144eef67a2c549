import type { fileOperations } from "../../src/contract/files.ts";
import type { RunnerFiles } from "../runner/files.ts";
import { Silence } from "../sessions/silence.ts";
import type { HandlersOf } from "./handler.ts";

/** Files go through as tar streams; nothing is unpacked in the daemon. */
export function fileHandlers(files: RunnerFiles): HandlersOf<typeof fileOperations> {
  return {
    "files.stat": {
      reply: ({ path }, { session, signal }) => files.stat(session.row.id, path, signal),
    },
    "files.ls": {
      reply: ({ path }, { session, signal }) => files.list(session.row.id, path, signal),
    },
    "files.get": {
      async stream({ path }, { session, signal }) {
        const silence = new Silence(session);
        const end = () => silence[Symbol.dispose]();
        signal.addEventListener("abort", end, { once: true });
        try {
          const ends = AbortSignal.any([signal, silence.signal]);
          return whole(await files.pack(session.row.id, path, ends), end);
        } catch (error) {
          end();
          throw error;
        }
      },
    },
    "files.put": {
      async reply({ path }, { session, source, signal }) {
        using silence = new Silence(session);
        const ends = AbortSignal.any([signal, silence.signal]);
        return await files.unpack(session.row.id, path, source, ends);
      },
    },
  };
}

/** All of a stream; what follows its end, or that of its reader. */
async function* whole(
  stream: ReadableStream<Uint8Array>,
  end: () => void,
): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } finally {
    end();
  }
}
