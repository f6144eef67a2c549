import type { recordOperations } from "../../src/contract/record.ts";
import type { RunnerRecordings } from "../runner/recordings.ts";
import type { HandlersOf } from "./handler.ts";

export function recordHandlers(recordings: RunnerRecordings): HandlersOf<typeof recordOperations> {
  return {
    record: {
      reply({ terminal, forMs, maxBytes, fps }, { session, signal }) {
        const kind = terminal ? "terminal" : "desktop";
        return recordings.start(session.row.id, { kind, forMs, maxBytes, fps }, signal);
      },
    },
    recordings: { reply: (_, { session, signal }) => recordings.all(session.row.id, signal) },
    "recording.show": {
      reply: ({ recording, wait }, { session, signal }) =>
        wait
          ? recordings.wait(session.row.id, recording, signal)
          : recordings.act(session.row.id, recording, "show", signal),
    },
    "recording.stop": {
      reply: ({ recording }, { session, signal }) =>
        recordings.act(session.row.id, recording, "stop", signal),
    },
    "recording.rm": {
      reply: ({ recording }, { session, signal }) =>
        recordings.act(session.row.id, recording, "rm", signal),
    },
  };
}
