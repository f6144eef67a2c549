import type { recordOperations } from "../../src/contract/record.ts";
import type { RunnerClient } from "../runner/client.ts";
import type { HandlersOf } from "./handler.ts";

export function recordHandlers(
  runner: Pick<RunnerClient, "record" | "recordings" | "recording">,
): HandlersOf<typeof recordOperations> {
  return {
    record: {
      reply({ terminal, forMs, maxBytes, fps }, { session, signal }) {
        const kind = terminal ? "terminal" : "desktop";
        return runner.record(session.row.id, { kind, forMs, maxBytes, fps }, signal);
      },
    },
    recordings: { reply: (_, { session, signal }) => runner.recordings(session.row.id, signal) },
    "recording.show": {
      reply: ({ recording, wait }, { session, signal }) =>
        runner.recording(session.row.id, recording, wait ? "wait" : "show", signal),
    },
    "recording.stop": {
      reply: ({ recording }, { session, signal }) =>
        runner.recording(session.row.id, recording, "stop", signal),
    },
    "recording.rm": {
      reply: ({ recording }, { session, signal }) =>
        runner.recording(session.row.id, recording, "rm", signal),
    },
  };
}
