import type { Region } from "../../display/types.ts";
import type { Page } from "../page.ts";

/** What pages show, as the elements of a session's pages are found and read. */
export interface PageReader {
  /** The visible text, frames included. */
  text(page: Page, signal: AbortSignal): Promise<string>;
  /** The visible part of the tree as lines, indented by depth, with refs. */
  snapshot(session: string, page: Page, signal: AbortSignal): Promise<string>;
  /** Whether a target is there and visible. Throws `usage` for what is no target. */
  has(session: string, page: Page, target: string, signal: AbortSignal): Promise<boolean>;
  /**
   * Calls `look` with where a target is, in CSS pixels of the page, while it is in view; then all is scrolled back.
   * Throws `not_found`, `conflict`, `usage`.
   */
  whileShown<T>(
    session: string,
    page: Page,
    target: string,
    signal: AbortSignal,
    look: (region: Region) => Promise<T>,
  ): Promise<T>;
}
