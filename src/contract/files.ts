import { z } from "zod";
import { operation, sessionRef } from "./operation.ts";

const path = z
  .string()
  .min(1)
  .max(4096)
  .describe("Path inside; a relative one starts at /workspace")
  .meta({ cli: { hidden: true } });

export const filesGet = operation({
  id: "files.get",
  verb: null,
  method: "GET",
  path: "/v1/sessions/{session}/files",
  summary: "Read a file or folder as a tar stream",
  input: z.object({ session: sessionRef, path }),
  output: z.unknown(),
  errors: ["session_not_found", "session_stopped", "not_found", "action_failed"],
  responseTypes: ["application/x-tar"],
});

export const filesPut = operation({
  id: "files.put",
  verb: null,
  method: "PUT",
  path: "/v1/sessions/{session}/files",
  summary: "Unpack a tar stream into a folder, which is made if need be",
  input: z.object({ session: sessionRef, path }),
  output: z.object({ path: z.string() }),
  errors: ["session_not_found", "session_stopped", "action_failed"],
  requestType: "application/x-tar",
});

/** What a path inside is, so that `cp` can follow cp's own rules for its destination. */
export const filesStat = operation({
  id: "files.stat",
  verb: null,
  method: "GET",
  path: "/v1/sessions/{session}/files/stat",
  summary: "What a path inside is",
  input: z.object({ session: sessionRef, path }),
  output: z.object({
    type: z.enum(["file", "directory", "other", "none"]),
    sizeBytes: z.number().int(),
  }),
  errors: ["session_not_found", "session_stopped"],
});
