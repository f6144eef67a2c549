import type { diffOperations } from "../../src/contract/diff.ts";
import type { Diffs } from "../perception/diff/diffs.ts";
import type { HandlersOf } from "./handler.ts";

export function diffHandlers(diffs: Diffs): HandlersOf<typeof diffOperations> {
  return {
    diff: { reply: (input, { session, signal }) => diffs.compare(session.row.id, input, signal) },
  };
}
