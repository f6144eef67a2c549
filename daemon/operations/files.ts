import type { fileOperations } from "../../src/contract/files.ts";
import type { RunnerClient } from "../runner/client.ts";
import type { HandlersOf } from "./handler.ts";

/** Files go through as tar streams; nothing is unpacked in the daemon. */
export function fileHandlers(
  runner: Pick<RunnerClient, "stat" | "list" | "pack" | "unpack">,
): HandlersOf<typeof fileOperations> {
  return {
    "files.stat": {
      reply: ({ path }, { session, signal }) => runner.stat(session.row.id, path, signal),
    },
    "files.ls": {
      reply: ({ path }, { session, signal }) => runner.list(session.row.id, path, signal),
    },
    "files.get": {
      stream: ({ path }, { session, signal }) => runner.pack(session.row.id, path, signal),
    },
    "files.put": {
      reply: ({ path }, { session, source, signal }) =>
        runner.unpack(session.row.id, path, source, signal),
    },
  };
}
