import { z } from "zod";
import { pageErrors, tabField } from "./chrome-changes.ts";
import { durationMs, operation, plainText, sessionRef } from "./operation.ts";
import { restartedField } from "./tab.ts";

const path = "/v1/sessions/{session}/chrome";
const common = { access: "act", session: "running", errors: pageErrors } as const;

const cookie = z.object({
  name: z.string(),
  value: z.string(),
  domain: z.string(),
  path: z.string(),
  expires: z.string().nullable().describe("Null: when the browser ends"),
  httpOnly: z.boolean(),
  secure: z.boolean(),
  sameSite: z.enum(["Strict", "Lax", "None"]).nullable(),
});

const cookieName = plainText.min(1).max(4096);
const all = z.boolean().default(false).describe("Those of all sites, not only of the page");
const area = z
  .enum(["local", "session"])
  .default("local")
  .describe("`local` stays, `session` goes with the tab");
// As part of an address: what is longer than those may be is refused before we see it.
const storageKey = z.string().max(8192);
const items = {
  key: storageKey
    .optional()
    .describe("Only this item")
    .meta({ cli: { positional: true, value: "KEY" } }),
  area,
  tab: tabField,
};
const storedValue = z.string().max(6 * 1024 * 1024);
const removed = z.object({ removed: z.number().int().describe("How many"), ...restartedField });

export const chromeDataOperations = [
  operation({
    ...common,
    id: "chrome.cookies",
    method: "GET",
    path: `${path}/cookies`,
    summary: "List the cookies of a page, with their values",
    input: z.strictObject({ session: sessionRef, all, tab: tabField }),
    output: z.object({
      cookies: z.array(cookie),
      left: z.number().int().describe("How many more there are than one reply has"),
      ...restartedField,
    }),
    examples: ["nexora chrome cookies"],
  }),
  operation({
    ...common,
    id: "chrome.cookies.set",
    turn: "begin",
    method: "PUT",
    path: `${path}/cookies`,
    summary: "Set a cookie",
    input: z.strictObject({
      session: sessionRef,
      name: cookieName.describe("Its name").meta({ cli: { positional: true, value: "NAME" } }),
      value: plainText
        .max(4096)
        .describe("Its value")
        .meta({ cli: { positional: true, value: "VALUE" } }),
      url: plainText
        .max(4096)
        .optional()
        .describe("The address that it is for; by default the page's"),
      domain: plainText.max(255).optional().describe("For all hosts of this domain"),
      path: plainText.max(4096).optional().describe("For paths below this one"),
      expiresInMs: durationMs
        .optional()
        .describe("It goes after this long; by default when the browser ends")
        .meta({ cli: { flag: "expires", kind: "duration", value: "DUR" } }),
      httpOnly: z.boolean().default(false).describe("Scripts do not see it"),
      secure: z.boolean().default(false).describe("Only over https"),
      sameSite: z
        .enum(["Strict", "Lax", "None"])
        .optional()
        .describe("Whether other sites' pages send it"),
      tab: tabField,
    }),
    output: z.object({ name: z.string(), ...restartedField }),
    examples: ["nexora chrome cookies set theme dark --expires 30d"],
  }),
  operation({
    ...common,
    id: "chrome.cookies.rm",
    turn: "begin",
    method: "DELETE",
    path: `${path}/cookies`,
    summary: "Remove cookies of a page: one, or all",
    input: z.strictObject({
      session: sessionRef,
      name: cookieName
        .optional()
        .describe("Only those of this name")
        .meta({ cli: { positional: true, value: "NAME" } }),
      all,
      tab: tabField,
    }),
    output: removed,
    examples: ["nexora chrome cookies rm theme"],
  }),
  operation({
    ...common,
    id: "chrome.storage",
    method: "GET",
    path: `${path}/storage`,
    summary: "Show what the page's site has stored in the browser",
    input: z.strictObject({
      session: sessionRef,
      ...items,
    }),
    output: z.object({
      items: z.array(z.object({ key: z.string(), value: z.string() })),
      left: z.number().int().describe("How many more there are than one reply has"),
      ...restartedField,
    }),
    examples: ["nexora chrome storage", "nexora chrome storage token --area session"],
  }),
  operation({
    ...common,
    id: "chrome.storage.set",
    turn: "begin",
    method: "PUT",
    path: `${path}/storage`,
    summary: "Store an item for the page's site",
    input: z.strictObject({
      session: sessionRef,
      key: storageKey.describe("Its key").meta({ cli: { positional: true, value: "KEY" } }),
      value: storedValue.describe("Its value").meta({ cli: { positional: true, value: "VALUE" } }),
      area,
      tab: tabField,
    }),
    output: z.object({ key: z.string(), ...restartedField }),
    examples: ["nexora chrome storage set theme dark"],
  }),
  operation({
    ...common,
    id: "chrome.storage.rm",
    turn: "begin",
    method: "DELETE",
    path: `${path}/storage`,
    summary: "Remove what the page's site has stored: one item, or all",
    input: z.strictObject({
      session: sessionRef,
      ...items,
    }),
    output: removed,
    examples: ["nexora chrome storage rm theme"],
  }),
] as const;
