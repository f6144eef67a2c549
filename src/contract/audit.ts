import { z } from "zod";
import { operation } from "./operation.ts";
import { recordQuery } from "./records.ts";

const auditEntry = z.object({
  id: z.number().int().describe("Increases with every entry"),
  time: z.iso.datetime(),
  principal: z.object({ kind: z.enum(["local", "token"]), name: z.string() }),
  operation: z.string().describe("Id of the operation"),
  session: z
    .object({
      id: z.string().nullable().describe("Null when no such session was found for the caller"),
      name: z.string().describe("Its name then; as the caller gave it when it was not found"),
    })
    .nullable(),
  code: z.string().nullable().describe("Code of the error; null when it succeeded"),
});
export type AuditEntry = z.output<typeof auditEntry>;

const audit = operation({
  id: "audit",
  access: "admin",
  method: "GET",
  path: "/v1/audit",
  summary: "Show who did what (never what was typed or run)",
  description: "Operations that act, with who asked for them and how they ended.",
  input: z.strictObject(recordQuery),
  output: z.object({ entries: z.array(auditEntry) }),
  stream: { out: "items", item: auditEntry, asked: "follow", resume: "since" },
  errors: [],
  examples: ["nexora audit --follow --json"],
});

export const auditOperations = [audit] as const;
