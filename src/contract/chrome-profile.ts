import { z } from "zod";
import { forceFlag, nameSchema, operation, sessionRef } from "./operation.ts";
import { restartedField } from "./tab.ts";

const name = nameSchema
  .describe("Name of the profile")
  .meta({ cli: { positional: true, value: "NAME" } });

const profile = z.object({
  name: z.string(),
  session: z.string().describe("Name of the session that it was saved from"),
  sizeBytes: z.number().int().describe("What it takes in the store"),
  savedAt: z.iso.datetime(),
});
export type Profile = z.output<typeof profile>;

const ofSession = {
  access: "admin",
  session: "running",
  turn: "begin",
  method: "POST",
} as const;
const input = z.strictObject({ session: sessionRef, name });
const output = z.object({ profile, ...restartedField });
const path = "/v1/sessions/{session}/chrome/profile";

export const chromeProfileOperations = [
  operation({
    ...ofSession,
    id: "chrome.profile.save",
    path: `${path}/save`,
    summary: "Keep the browser's cookies, storage and logins, encrypted",
    description:
      "In the place of a profile of that name. The browser is stopped for it, and comes back with its tabs.",
    input,
    output,
    errors: ["not_found", "action_failed", "conflict", "too_large"],
    examples: ["nexora chrome profile save shop"],
  }),
  operation({
    ...ofSession,
    id: "chrome.profile.load",
    path: `${path}/load`,
    summary: "Give the browser the cookies, storage and logins of a profile, in place of its own",
    description: "The browser is stopped for it, and comes back with its tabs.",
    input,
    output,
    errors: ["not_found", "action_failed", "conflict"],
    examples: ["nexora chrome profile load shop"],
  }),
  operation({
    id: "chrome.profile.ls",
    access: "admin",
    method: "GET",
    path: "/v1/chrome-profiles",
    summary: "List the profiles that are kept; what is in them is never shown",
    input: z.strictObject({}),
    output: z.object({ profiles: z.array(profile) }),
    errors: [],
    examples: ["nexora chrome profile ls"],
  }),
  operation({
    id: "chrome.profile.rm",
    access: "admin",
    method: "DELETE",
    path: "/v1/chrome-profiles/{name}",
    summary: "Remove a profile that is kept",
    input: z.strictObject({ name }),
    output: z.object({ name: z.string() }),
    errors: ["not_found"],
    localFlags: [forceFlag],
    examples: ["nexora chrome profile rm shop"],
  }),
] as const;
