import type { Page } from "../page.ts";

/** What of a tab elements are found and acted on with. */
export type PageLink = Pick<
  Page,
  "id" | "targetId" | "url" | "send" | "session" | "sessions" | "on" | "signal"
>;
