import { z } from "zod";
import { durationMs } from "./operation.ts";
import { tabRef } from "./tab.ts";

/** Which tab of the browser; every verb about a page takes it. */
export const tabField = tabRef
  .optional()
  .describe("Which tab, as `chrome tabs` lists them; by default the one that was used last")
  .meta({ cli: { value: "TAB" } });

/** What every verb that acts on a page takes besides. */
export const changing = {
  tab: tabField,
  thenSnapshot: z
    .boolean()
    .default(false)
    .describe("Then show the part of the page's tree that has changed"),
};

/** What a verb of a page may throw, besides what follows from its session. */
export const pageErrors = [
  "not_found",
  "conflict",
  "stale_ref",
  "action_failed",
  "too_large",
  "dialog_open",
  "page_crashed",
] as const;

/** How far to wait for a page, and how long. */
export const arriving = {
  until: z
    .enum(["load", "domcontentloaded", "networkidle"])
    .default("load")
    .describe("How far to wait: `networkidle` is half a second without a request"),
  timeoutMs: durationMs
    .min(1)
    .default(30_000)
    .describe("Give up after this long (default 30 s)")
    .meta({ cli: { flag: "timeout", kind: "duration", value: "DUR" } }),
};

/** The page that a verb was about, as it is then. */
export const pageFacts = {
  tab: z.string().describe("Id of the tab"),
  url: z.string(),
  title: z.string(),
};

const tabFacts = z.object(pageFacts);

export const dialogSchema = z.object({
  type: z.enum(["alert", "confirm", "prompt", "beforeunload"]),
  message: z.string(),
  defaultText: z.string().nullable().describe("What a prompt suggests"),
});
export type PageDialog = z.output<typeof dialogSchema>;

/** What an action on a page has changed, as far as it shows within a moment. */
export const changedOutput = z.object({
  navigated: z
    .object({
      url: z.string(),
      title: z.string(),
      status: z.number().int().nullable().describe("HTTP status; null within a document"),
      failed: z
        .string()
        .nullable()
        .describe("Why the browser shows an error page, as `net::ERR_CONNECTION_REFUSED`"),
    })
    .nullable()
    .describe("Where the page is now, when it has gone elsewhere"),
  loading: z.string().nullable().describe("The URL that the page is still on its way to"),
  opened: z.array(tabFacts).describe("Tabs that have come"),
  closed: z.array(z.string()).describe("Tabs that have gone"),
  dialog: dialogSchema.nullable().describe("A dialog that has opened: it blocks the page"),
  downloads: z.array(
    z.object({
      file: z.string().describe("Its name, or its path inside once that is known"),
      state: z.enum(["running", "done", "failed"]),
    }),
  ),
  focused: z
    .string()
    .nullable()
    .describe('What has the focus now, as `textbox "Email"`; null: nothing, or it cannot be told'),
  snapshot: z
    .string()
    .nullable()
    .describe("What of the page's tree has changed; null unless asked for"),
});
export type Changed = z.output<typeof changedOutput>;
