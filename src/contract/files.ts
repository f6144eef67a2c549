import { z } from "zod";
import { operation, plainText, sessionRef } from "./operation.ts";

const path = plainText
  .min(1)
  .max(4096)
  .describe("Path inside; a relative one starts at /workspace")
  .meta({ cli: { hidden: true } });

const filesGet = operation({
  id: "files.get",
  access: "read",
  session: "running",
  verb: null,
  method: "GET",
  path: "/v1/sessions/{session}/files",
  summary: "Read a file or folder as a tar stream",
  input: z.strictObject({ session: sessionRef, path }),
  output: null,
  stream: { out: "archive" },
  errors: ["not_found", "action_failed"],
});

const filesPut = operation({
  id: "files.put",
  access: "act",
  session: "running",
  verb: null,
  method: "PUT",
  path: "/v1/sessions/{session}/files",
  summary: "Unpack a tar stream into a folder, which is created if missing",
  input: z.strictObject({ session: sessionRef, path }),
  output: z.object({ path: z.string() }),
  stream: { in: "archive" },
  errors: ["action_failed"],
});

/** What a path inside is, so that `cp` can follow cp's own rules for its destination. */
const filesStat = operation({
  id: "files.stat",
  access: "read",
  session: "running",
  verb: null,
  method: "GET",
  path: "/v1/sessions/{session}/files/stat",
  summary: "What a path inside is",
  input: z.strictObject({ session: sessionRef, path }),
  output: z.object({
    type: z
      .enum(["file", "directory", "link", "other", "none"])
      .describe("`link`: a symbolic link that leads nowhere"),
    sizeBytes: z.number().int(),
  }),
  errors: ["action_failed"],
});

const filesList = operation({
  id: "files.ls",
  access: "read",
  session: "running",
  verb: null,
  method: "GET",
  path: "/v1/sessions/{session}/files/list",
  summary: "List a folder",
  input: z.strictObject({ session: sessionRef, path }),
  output: z.object({
    entries: z.array(z.object({ name: z.string(), type: z.enum(["file", "directory", "other"]) })),
    truncated: z.boolean().describe("Whether there are more: at most 1000 are listed"),
  }),
  errors: ["not_found", "action_failed"],
});

export const fileOperations = [filesGet, filesPut, filesStat, filesList] as const;
